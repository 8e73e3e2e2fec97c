//! Numbers: what they are made of, their operators, the builtin functions about them.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::call::Arguments;
use super::data::Data;
use super::equal::to_bigint;
use super::value::Value;
use super::{Context, Failure, Res, class};
use crate::expr::tree::{Binary, Unary};
use crate::python::complex::{self, Complex};
use crate::python::{float, int};

/// A number that has an order.
#[derive(Debug, Clone)]
pub(super) enum Real {
    Int(BigInt),
    Float(f64),
}

pub(super) fn real(value: &Value<'_>) -> Option<Real> {
    match value {
        Value::Float(value) => Some(Real::Float(*value)),
        other => to_bigint(other).map(Real::Int),
    }
}

pub(super) fn order(a: &Real, b: &Real) -> Option<Ordering> {
    match (a, b) {
        (Real::Int(a), Real::Int(b)) => Some(a.cmp(b)),
        (Real::Float(a), Real::Float(b)) => a.partial_cmp(b),
        (Real::Int(a), Real::Float(b)) => int::compare_float(a, *b),
        (Real::Float(a), Real::Int(b)) => int::compare_float(b, *a).map(Ordering::reverse),
    }
}

pub(super) fn int_of_float(value: f64) -> Option<BigInt> {
    int::of_float(value).ok()
}

/// An int in decimal.
pub(super) fn decimal(value: &BigInt) -> Res<String> {
    int::to_text(value).map_err(Failure::from)
}

fn as_float(value: &Value<'_>) -> Res<Option<f64>> {
    Ok(match value {
        Value::Float(value) => Some(*value),
        Value::Int(value) => Some(*value as f64),
        other => match to_bigint(other) {
            Some(value) => Some(int::to_float(&value)?),
            None => None,
        },
    })
}

fn as_complex(value: &Value<'_>) -> Res<Option<Complex>> {
    match value {
        Value::Complex(real, imaginary) => Ok(Some(Complex { real: *real, imaginary: *imaginary })),
        other => Ok(as_float(other)?.map(|real| Complex { real, imaginary: 0.0 })),
    }
}

fn of_complex<'a>(value: Complex) -> Value<'a> {
    Value::Complex(value.real, value.imaginary)
}

/// An operator of two numbers; `None` where they are none, or the operator is not theirs.
pub(super) fn binary<'a>(
    context: &Context<'a>,
    operator: Binary,
    a: &Value<'a>,
    b: &Value<'a>,
) -> Res<Option<Value<'a>>> {
    if let (Value::Int(x), Value::Int(y)) = (a, b) {
        let fast = match operator {
            Binary::Add => x.checked_add(*y),
            Binary::Sub => x.checked_sub(*y),
            Binary::Mul => x.checked_mul(*y),
            Binary::And => Some(x & y),
            Binary::Or => Some(x | y),
            Binary::Xor => Some(x ^ y),
            _ => None,
        };
        if let Some(value) = fast {
            return Ok(Some(Value::Int(value)));
        }
    }
    if let (Some(x), Some(y)) = (to_bigint(a), to_bigint(b)) {
        return of_ints(context, operator, &x, &y);
    }
    if matches!(a, Value::Complex(..)) || matches!(b, Value::Complex(..)) {
        let (Some(x), Some(y)) = (as_complex(a)?, as_complex(b)?) else { return Ok(None) };
        return Ok(Some(of_complex(match operator {
            Binary::Add => complex::add(x, y),
            Binary::Sub => complex::subtract(x, y),
            Binary::Mul => complex::multiply(x, y),
            Binary::Div => complex::divide(x, y)?,
            Binary::Pow => complex::power(x, y)?,
            _ => return Ok(None),
        })));
    }
    if !matches!(a, Value::Float(_)) && !matches!(b, Value::Float(_)) {
        return Ok(None);
    }
    let (Some(x), Some(y)) = (as_float(a)?, as_float(b)?) else { return Ok(None) };
    Ok(Some(match operator {
        Binary::Add => Value::Float(x + y),
        Binary::Sub => Value::Float(x - y),
        Binary::Mul => Value::Float(x * y),
        Binary::Div => Value::Float(float::divide(x, y)?),
        Binary::FloorDiv => Value::Float(float::floor_divide(x, y)?),
        Binary::Mod => Value::Float(float::modulo(x, y)?),
        Binary::Pow => of_power(float::power(x, y)?),
        _ => return Ok(None),
    }))
}

fn of_power<'a>(power: float::Power) -> Value<'a> {
    match power {
        float::Power::Float(value) => Value::Float(value),
        float::Power::Complex(value) => of_complex(value),
    }
}

fn of_ints<'a>(context: &Context<'a>, operator: Binary, x: &BigInt, y: &BigInt) -> Res<Option<Value<'a>>> {
    let bits = context.budget.bits();
    let made = |value: BigInt| -> Res<Option<Value<'a>>> {
        context.budget.grow(usize::try_from(value.bits() / 8).unwrap_or(usize::MAX))?;
        Ok(Some(Value::int(value)))
    };
    match operator {
        Binary::Add => made(int::add(x, y, bits)?),
        Binary::Sub => made(int::subtract(x, y, bits)?),
        Binary::Mul => made(int::multiply(x, y, bits)?),
        // `7 / 2` is 3 in Python 2.
        Binary::Div if context.python2 => made(int::floor_divide(x, y)?),
        Binary::Div => Ok(Some(Value::Float(int::true_divide(x, y)?))),
        Binary::FloorDiv => made(int::floor_divide(x, y)?),
        Binary::Mod => made(int::modulo(x, y)?),
        Binary::Pow => match int::power(x, y, bits)? {
            int::Power::Int(value) => made(value),
            int::Power::Float(value) => Ok(Some(Value::Float(value))),
        },
        Binary::Shl => made(int::shift_left(x, y, bits)?),
        Binary::Shr => made(int::shift_right(x, y)?),
        Binary::And => made(x & y),
        Binary::Or => made(x | y),
        Binary::Xor => made(x ^ y),
        Binary::MatMul => Ok(None),
    }
}

/// `-value` and its kin.
pub(super) fn unary<'a>(operator: Unary, value: &Value<'a>) -> Res<Option<Value<'a>>> {
    Ok(Some(match (operator, value) {
        (Unary::Plus, Value::Bool(value)) => Value::Int(i64::from(*value)),
        (Unary::Plus, Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Complex(..)) => value.clone(),
        (Unary::Minus, Value::Float(value)) => Value::Float(-value),
        (Unary::Minus, Value::Complex(real, imaginary)) => Value::Complex(-real, -imaginary),
        (_, Value::Exact(exact)) => match exact.unary(operator)? {
            Some(exact) => Value::Exact(exact),
            None => return Ok(None),
        },
        (operator, other) => match (operator, to_bigint(other)) {
            (Unary::Minus, Some(value)) => Value::int(-value),
            (Unary::Invert, Some(value)) => Value::int(!value),
            _ => return Ok(None),
        },
    }))
}

/// `abs`, `round`, `divmod`, `pow`, `ord`, `chr`, `hex`, `oct`, `bin`.
pub(super) fn function<'a>(context: &Context<'a>, name: &'static str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let scalar = |value: &Value<'a>, special: &str| -> Res<Option<Value<'a>>> {
        if let Value::Object(object) = value
            && class::exactly(object.class()).is_none()
        {
            context.must_be_builtin(object, special)?;
        }
        Ok(match context.data(value)? {
            Data::Value(value) => Some(value),
            _ => None,
        })
    };
    match name {
        "abs" => {
            let [value] = arguments.bind(["x"], 1)?;
            let value = value.unwrap_or(Value::None);
            match scalar(&value, "__abs__")? {
                Some(Value::Float(value)) => Ok(Value::Float(value.abs())),
                Some(Value::Complex(real, imaginary)) => {
                    Ok(Value::Float(complex::absolute(Complex { real, imaginary })?))
                }
                Some(Value::Exact(exact)) => match exact.abs()? {
                    Some(exact) => Ok(Value::Exact(exact)),
                    None => Err(bad_operand(context, "abs()", &value)),
                },
                Some(other) if to_bigint(&other).is_some() => {
                    let number = to_bigint(&other).unwrap_or_default();
                    Ok(Value::int(BigInt::from(number.magnitude().clone())))
                }
                _ => Err(bad_operand(context, "abs()", &value)),
            }
        }
        "round" => round(context, arguments),
        "divmod" => {
            let [a, b] = arguments.bind(["x", "y"], 2)?;
            let (a, b) = (a.unwrap_or(Value::None), b.unwrap_or(Value::None));
            let part = |operator| {
                context.binary(operator, &a, &b).map_err(|failure| match failure.kind {
                    "TypeError" => {
                        let (x, y) = (context.type_name(&a), context.type_name(&b));
                        Failure::wrong_type(format!("unsupported operand type(s) for divmod(): '{x}' and '{y}'"))
                    }
                    _ => failure,
                })
            };
            Ok(Value::tuple(vec![part(Binary::FloorDiv)?, part(Binary::Mod)?]))
        }
        "pow" => {
            let [base, exponent, modulus] = arguments.bind(["base", "exp", "mod"], 2)?;
            let (base, exponent) = (base.unwrap_or(Value::None), exponent.unwrap_or(Value::None));
            match modulus {
                None | Some(Value::None) => context.binary(Binary::Pow, &base, &exponent),
                Some(modulus) => {
                    let number = |value: &Value<'a>| context.load(value.clone()).map(|value| to_bigint(&value));
                    match (number(&base)?, number(&exponent)?, number(&modulus)?) {
                        (Some(a), Some(b), Some(m)) => Ok(Value::int(int::power_modulo(&a, &b, &m)?)),
                        _ => {
                            Err(Failure::wrong_type("pow() 3rd argument not allowed unless all arguments are integers"))
                        }
                    }
                }
            }
        }
        "ord" => {
            let [value] = arguments.bind(["c"], 1)?;
            let value = value.unwrap_or(Value::None);
            let (kind, text) = match context.data(&value)? {
                Data::Value(Value::Text(text)) => (crate::python::text::Kind::Str, text),
                Data::Value(Value::Bytes(text) | Value::ByteArray(text)) => (crate::python::text::Kind::Bytes, text),
                _ => {
                    let class = context.type_name(&value);
                    return Err(Failure::wrong_type(format!("ord() expected string of length 1, but {class} found")));
                }
            };
            match crate::python::text::ord(kind, &text) {
                Some(code) => Ok(Value::Int(i64::from(code))),
                None => {
                    let length = crate::python::text::len(kind, &text);
                    let message = format!("ord() expected a character, but string of length {length} found");
                    Err(Failure::wrong_type(message))
                }
            }
        }
        "chr" | "unichr" => {
            let [code] = arguments.bind(["i"], 1)?;
            let code = code.unwrap_or(Value::None);
            let Some(number) = context.index(&code)? else {
                let class = context.type_name(&code);
                return Err(Failure::wrong_type(format!("'{class}' object cannot be interpreted as an integer")));
            };
            match u32::try_from(number).ok().filter(|code| *code < 0x11_0000) {
                Some(code) => {
                    let mut text = Vec::new();
                    crate::python::text::push(&mut text, code);
                    Ok(Value::Text(text.into()))
                }
                None => Err(Failure::new("ValueError", "chr() arg not in range(0x110000)")),
            }
        }
        "hex" | "oct" | "bin" => {
            let [value] = arguments.bind(["number"], 1)?;
            let value = value.unwrap_or(Value::None);
            let number = match scalar(&value, "__index__")? {
                Some(scalar) => to_bigint(&scalar),
                None => None,
            };
            let Some(number) = number else {
                let class = context.type_name(&value);
                return Err(Failure::wrong_type(format!("'{class}' object cannot be interpreted as an integer")));
            };
            let base = match name {
                "hex" => 16,
                "oct" => 8,
                _ => 2,
            };
            context.budget.grow(usize::try_from(number.bits()).unwrap_or(usize::MAX))?;
            Ok(Value::text(&int::with_prefix(&number, base)))
        }
        _ => Err(Failure::new("NotSupported", format!("{name}() is not understood"))),
    }
}

fn bad_operand<'a>(context: &Context<'a>, what: &str, value: &Value<'a>) -> Failure {
    Failure::wrong_type(format!("bad operand type for {what}: '{}'", context.type_name(value)))
}

fn round<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value, places] = arguments.bind(["number", "ndigits"], 1)?;
    let value = value.unwrap_or(Value::None);
    if let Value::Object(object) = &value
        && class::exactly(object.class()).is_none()
    {
        context.must_be_builtin(object, "__round__")?;
    }
    let places = match places {
        None | Some(Value::None) => None,
        Some(places) => match context.index(&places)? {
            Some(places) => Some(places),
            None => {
                let class = context.type_name(&places);
                return Err(Failure::wrong_type(format!("'{class}' object cannot be interpreted as an integer")));
            }
        },
    };
    match context.data(&value)? {
        Data::Value(Value::Float(value)) => match places {
            None if context.python2 => Ok(Value::Float(value.round())),
            None => Ok(Value::int(float::round(value)?)),
            Some(places) => Ok(Value::Float(float::round_to(value, places)?)),
        },
        Data::Value(Value::Exact(exact)) => exact.round(places)?.ok_or_else(|| no_round(context, &value)),
        Data::Value(other) => match (to_bigint(&other), places) {
            (Some(number), None) => Ok(Value::int(number)),
            (Some(number), Some(places)) => Ok(Value::int(int::round(&number, &BigInt::from(places)))),
            _ => Err(no_round(context, &value)),
        },
        _ => Err(no_round(context, &value)),
    }
}

fn no_round<'a>(context: &Context<'a>, value: &Value<'a>) -> Failure {
    Failure::wrong_type(format!("type {} doesn't define __round__ method", context.type_name(value)))
}

/// `int(value, base)`
pub(super) fn int<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value, base] = arguments.bind(["x", "base"], 0)?;
    let Some(value) = value else { return Ok(Value::Int(0)) };
    if let Value::Object(object) = &value
        && class::exactly(object.class()).is_none()
    {
        for special in ["__int__", "__index__", "__trunc__"] {
            context.must_be_builtin(object, special)?;
        }
    }
    let bits = context.budget.bits();
    let explicit = base.is_some();
    let base = match base {
        Some(base) => match context.index(&base)?.map(u32::try_from) {
            Some(Ok(base)) => base,
            None => {
                let class = context.type_name(&base);
                return Err(Failure::wrong_type(format!("'{class}' object cannot be interpreted as an integer")));
            }
            _ => return Err(Failure::new("ValueError", "int() base must be >= 2 and <= 36, or 0")),
        },
        None => 10,
    };
    let data = context.data(&value)?;
    match data {
        Data::Value(Value::Text(text) | Value::Bytes(text) | Value::ByteArray(text)) => {
            let shown = context.show(&value, 200)?;
            Ok(Value::int(int::parse(&text, base, &shown, bits)?))
        }
        _ if explicit => Err(Failure::wrong_type("int() can't convert non-string with explicit base")),
        Data::Value(Value::Float(value)) => Ok(Value::int(int::of_float(value)?)),
        Data::Value(Value::Exact(exact)) => exact.int()?.map(Value::int).ok_or_else(|| no_int(context, &value)),
        Data::Value(other) => match to_bigint(&other) {
            Some(number) => Ok(Value::int(number)),
            None => Err(no_int(context, &value)),
        },
        _ => Err(no_int(context, &value)),
    }
}

fn no_int<'a>(context: &Context<'a>, value: &Value<'a>) -> Failure {
    let class = context.type_name(value);
    Failure::wrong_type(format!("int() argument must be a string, a bytes-like object or a real number, not '{class}'"))
}

/// `float(value)`
pub(super) fn float<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value] = arguments.bind(["x"], 0)?;
    let Some(value) = value else { return Ok(Value::Float(0.0)) };
    if let Value::Object(object) = &value
        && class::exactly(object.class()).is_none()
    {
        context.must_be_builtin(object, "__float__")?;
        context.must_be_builtin(object, "__index__")?;
    }
    let refuse = || {
        let class = context.type_name(&value);
        Failure::wrong_type(format!("float() argument must be a string or a real number, not '{class}'"))
    };
    match context.data(&value)? {
        Data::Value(Value::Text(text) | Value::Bytes(text) | Value::ByteArray(text)) => {
            Ok(Value::Float(float::parse(&text, &context.show(&value, 200)?)?))
        }
        Data::Value(Value::Exact(exact)) => exact.float()?.map(Value::Float).ok_or_else(refuse),
        Data::Value(other) => match as_float(&other)? {
            Some(number) => Ok(Value::Float(number)),
            None => Err(refuse()),
        },
        _ => Err(refuse()),
    }
}

/// `complex(real, imaginary)`
pub(super) fn complex<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [real, imaginary] = arguments.bind(["real", "imag"], 0)?;
    let part = |value: Option<Value<'a>>| -> Res<Complex> {
        let Some(value) = value else { return Ok(Complex { real: 0.0, imaginary: 0.0 }) };
        match context.data(&value)? {
            Data::Value(Value::Text(text)) => complex::parse(&text, &context.show(&value, 200)?).map_err(Failure::from),
            Data::Value(other) => match as_complex(&other)? {
                Some(number) => Ok(number),
                None => {
                    let class = context.type_name(&value);
                    Err(Failure::wrong_type(format!(
                        "complex() first argument must be a string or a number, not '{class}'"
                    )))
                }
            },
            _ => {
                let class = context.type_name(&value);
                Err(Failure::wrong_type(format!(
                    "complex() first argument must be a string or a number, not '{class}'"
                )))
            }
        }
    };
    let (real, imaginary) = (part(real)?, part(imaginary)?);
    Ok(Value::Complex(real.real - imaginary.imaginary, real.imaginary + imaginary.real))
}
