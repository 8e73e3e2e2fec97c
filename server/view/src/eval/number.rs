//! Numbers: what they are made of, their operators, the builtin functions about them.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::arguments::Arguments;
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

pub(super) fn as_float(value: &Value<'_>) -> Res<Option<f64>> {
    Ok(match value {
        Value::Float(value) => Some(*value),
        Value::Int(value) => Some(*value as f64),
        other => match to_bigint(other) {
            Some(value) => Some(int::to_float(&value)?),
            None => None,
        },
    })
}

pub(super) fn as_complex(value: &Value<'_>) -> Res<Option<Complex>> {
    match value {
        Value::Complex(real, imaginary) => Ok(Some(Complex { real: *real, imaginary: *imaginary })),
        other => Ok(as_float(other)?.map(|real| Complex { real, imaginary: 0.0 })),
    }
}

pub(super) fn of_complex<'a>(value: Complex) -> Value<'a> {
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
    of_plain(operator, a, b)
}

/// An operator of two floats or complex numbers, or of one and an int.
pub(super) fn of_plain<'a>(operator: Binary, a: &Value<'a>, b: &Value<'a>) -> Res<Option<Value<'a>>> {
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
            let value = arguments.one()?;
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
            let [a, b] = arguments.positional(2)?;
            let (a, b) = (a.unwrap_or(Value::None), b.unwrap_or(Value::None));
            divmod(context, &a, &b)
        }
        "pow" => {
            let [base, exponent, modulus] = arguments.named(["base", "exp", "mod"], 2)?;
            let (base, exponent) = (base.unwrap_or(Value::None), exponent.unwrap_or(Value::None));
            match modulus {
                None | Some(Value::None) => context.binary(Binary::Pow, &base, &exponent),
                Some(modulus) => {
                    if let Some(made) = pow_of_decimals(context, [&base, &exponent, &modulus])? {
                        return Ok(made);
                    }
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
            let value = arguments.one()?;
            let (kind, text) = match context.data(&value)? {
                Data::Value(Value::Text(text)) => (crate::python::text::Kind::Str, text),
                Data::Value(Value::Bytes(text)) | Data::Array(text) => (crate::python::text::Kind::Bytes, text),
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
            let number = context.int(&arguments.one()?)?;
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
            let value = arguments.one()?;
            let number = match scalar(&value, "__index__")? {
                Some(scalar) => to_bigint(&scalar),
                None => None,
            };
            let number = number.ok_or_else(|| context.no_int(&value))?;
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

/// `pow` of three numbers of which one is a Decimal.
fn pow_of_decimals<'a>(context: &Context<'a>, all: [&Value<'a>; 3]) -> Res<Option<Value<'a>>> {
    let mut numbers = Vec::new();
    let mut any = false;
    for value in all {
        let value = context.load(value.clone())?;
        any |= matches!(value, Value::Exact(super::exact::Exact::Decimal(_)));
        numbers.extend(super::exact::decimal_of(&value).filter(|_| !matches!(value, Value::Float(_))));
    }
    match numbers.as_slice() {
        [base, exponent, modulus] if any => Ok(Some(Value::Exact(base.pow_modulo(exponent, modulus)?.into()))),
        _ => Ok(None),
    }
}

/// `divmod(a, b)`
fn divmod<'a>(context: &Context<'a>, a: &Value<'a>, b: &Value<'a>) -> Res<Value<'a>> {
    let part = |operator| {
        context.binary(operator, a, b).map_err(|failure| match failure.kind {
            "TypeError" => {
                let (x, y) = (context.type_name(a), context.type_name(b));
                Failure::wrong_type(format!("unsupported operand type(s) for divmod(): '{x}' and '{y}'"))
            }
            "ZeroDivisionError" if failure.message.starts_with("float") => {
                Failure::new("ZeroDivisionError", "float divmod()")
            }
            _ => failure,
        })
    };
    if let (Data::Value(Value::Exact(x)), Data::Value(y)) = (context.data(a)?, context.data(b)?)
        && let Some((quotient, rest)) = x.divmod(&y)?
    {
        return Ok(Value::tuple(vec![quotient, rest]));
    }
    Ok(Value::tuple(vec![part(Binary::FloorDiv)?, part(Binary::Mod)?]))
}

fn bad_operand<'a>(context: &Context<'a>, what: &str, value: &Value<'a>) -> Failure {
    Failure::wrong_type(format!("bad operand type for {what}: '{}'", context.type_name(value)))
}

fn round<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value, places] = arguments.named(["number", "ndigits"], 1)?;
    let value = value.unwrap_or(Value::None);
    if let Value::Object(object) = &value
        && class::exactly(object.class()).is_none()
    {
        context.must_be_builtin(object, "__round__")?;
    }
    let places = match places {
        None | Some(Value::None) => None,
        Some(places) => Some(context.int(&places)?),
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
