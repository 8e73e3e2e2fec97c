//! Methods of `decimal.Decimal`.

use super::super::arguments::Arguments;
use super::super::exact::{decimal_of, no_decimal, rounding};
use super::super::record::DECIMAL_TUPLE;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::python::decimal::Decimal;

pub(super) const NAMES: &[&str] = &[
    "adjusted",
    "as_integer_ratio",
    "as_tuple",
    "canonical",
    "compare",
    "compare_signal",
    "compare_total",
    "compare_total_mag",
    "conjugate",
    "copy_abs",
    "copy_negate",
    "copy_sign",
    "exp",
    "fma",
    "from_float",
    "is_canonical",
    "is_finite",
    "is_infinite",
    "is_nan",
    "is_normal",
    "is_qnan",
    "is_signed",
    "is_snan",
    "is_subnormal",
    "is_zero",
    "ln",
    "log10",
    "logb",
    "logical_and",
    "logical_invert",
    "logical_or",
    "logical_xor",
    "max",
    "max_mag",
    "min",
    "min_mag",
    "next_minus",
    "next_plus",
    "next_toward",
    "normalize",
    "number_class",
    "quantize",
    "radix",
    "remainder_near",
    "rotate",
    "same_quantum",
    "scaleb",
    "shift",
    "sqrt",
    "to_eng_string",
    "to_integral",
    "to_integral_exact",
    "to_integral_value",
];

fn made<'a>(value: Decimal) -> Res<Value<'a>> {
    Ok(Value::Exact(value.into()))
}

/// Another number: an int or a Decimal.
fn other<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<Decimal> {
    let loaded = context.load(value.clone())?;
    let found = decimal_of(&loaded).filter(|_| !matches!(loaded, Value::Float(_)));
    found.ok_or_else(|| no_decimal(context, value))
}

/// The arguments of a method, of which the last may be a context; only that of the thread is known.
fn named<'a, const N: usize>(arguments: Arguments<'a>, names: [&str; N], least: usize) -> Res<[Option<Value<'a>>; N]> {
    // These methods have no name in messages.
    let bound = Arguments { function: String::new(), ..arguments }.named(names, least)?;
    match bound.last() {
        Some(Some(settings)) if !matches!(settings, Value::None) => {
            Err(Failure::wrong_type("optional argument must be a context"))
        }
        _ => Ok(bound),
    }
}

pub(super) fn call<'a>(context: &Context<'a>, value: &Decimal, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    if let Some(is) = quality(value, name) {
        match name {
            "is_normal" | "is_subnormal" => named(arguments, ["context"], 0).map(|_| ())?,
            _ => arguments.none()?,
        }
        return Ok(Value::Bool(is));
    }
    match name {
        "adjusted" => {
            arguments.none()?;
            Ok(Value::Int(value.adjusted()))
        }
        "as_tuple" => {
            arguments.none()?;
            let digits = value.digits().into_iter().map(|digit| Value::Int(i64::from(digit))).collect();
            let exponent = match value.exponent() {
                Ok(exponent) => Value::Int(exponent),
                Err(letter) => Value::text(&letter.to_string()),
            };
            let sign = Value::Int(i64::from(value.is_signed()));
            Ok(DECIMAL_TUPLE.value(vec![sign, Value::tuple(digits), exponent]))
        }
        "as_integer_ratio" => {
            arguments.none()?;
            let (a, b) = value.as_integer_ratio()?;
            Ok(Value::tuple(vec![Value::int(a), Value::int(b)]))
        }
        "number_class" => {
            named(arguments, ["context"], 0)?;
            Ok(Value::text(&value.number_class()))
        }
        "to_eng_string" => {
            named(arguments, ["context"], 0)?;
            Ok(Value::text(&value.to_eng_string()))
        }
        "copy_abs" | "copy_negate" | "conjugate" | "canonical" | "radix" => {
            arguments.none()?;
            made(match name {
                "copy_abs" => value.copy_abs(),
                "copy_negate" => value.copy_negate(),
                "radix" => Decimal::from(10),
                _ => value.clone(),
            })
        }
        "normalize" | "sqrt" | "next_plus" | "next_minus" | "logb" => {
            named(arguments, ["context"], 0)?;
            made(match name {
                "normalize" => value.normalize()?,
                "sqrt" => value.sqrt()?,
                "next_plus" => value.next_plus()?,
                "next_minus" => value.next_minus()?,
                _ => value.logb()?,
            })
        }
        "fma" => {
            let [by, plus, _] =
                named(arguments, ["other", "third", "context"], 2)?.map(|value| value.unwrap_or(Value::None));
            made(value.fma(&other(context, &by)?, &other(context, &plus)?)?)
        }
        "quantize" => {
            let [like, how, _] = named(arguments, ["exp", "rounding", "context"], 1)?;
            let like = other(context, &like.unwrap_or(Value::None))?;
            made(value.quantize(&like, rounding(context, how)?)?)
        }
        "to_integral_value" | "to_integral" | "to_integral_exact" => {
            let [how, _] = named(arguments, ["rounding", "context"], 0)?;
            made(value.to_integral_value(rounding(context, how)?)?)
        }
        "exp" | "ln" | "log10" | "logical_invert" => Err(Failure::unknown_method(name)),
        _ => {
            let [argument, _] = named(arguments, ["other", "context"], 1)?;
            of_two(value, name, &other(context, &argument.unwrap_or(Value::None))?)
        }
    }
}

/// `is_nan()` and its kin; `None` where the name is of another method.
fn quality(value: &Decimal, name: &str) -> Option<bool> {
    Some(match name {
        "is_canonical" => true,
        "is_finite" => value.is_finite(),
        "is_infinite" => value.is_infinite(),
        "is_nan" => value.is_nan(),
        "is_normal" => value.is_normal(),
        "is_qnan" => value.is_qnan(),
        "is_signed" => value.is_signed(),
        "is_snan" => value.is_snan(),
        "is_subnormal" => value.is_subnormal(),
        "is_zero" => value.is_zero(),
        _ => return None,
    })
}

/// A method that takes another number.
fn of_two<'a>(value: &Decimal, name: &str, other: &Decimal) -> Res<Value<'a>> {
    made(match name {
        "same_quantum" => return Ok(Value::Bool(value.same_quantum(other))),
        "compare" => value.compare(other)?,
        "compare_total" => value.compare_total(other),
        "compare_total_mag" => value.copy_abs().compare_total(&other.copy_abs()),
        "copy_sign" => value.copy_sign(other),
        "max" => value.max(other)?,
        "max_mag" => value.max_mag(other)?,
        "min" => value.min(other)?,
        "min_mag" => value.min_mag(other)?,
        "remainder_near" => value.remainder_near(other)?,
        "scaleb" => value.scaleb(other)?,
        "shift" => value.shift(other)?,
        _ => return Err(Failure::unknown_method(name)),
    })
}

pub(super) fn of_class<'a>(context: &Context<'a>, name: &str, arguments: Arguments<'a>) -> Res<Option<Value<'a>>> {
    if name != "from_float" {
        return Ok(None);
    }
    let value = arguments.one()?;
    match context.load(value.clone())? {
        Value::Float(number) => made(Decimal::from_float(number)).map(Some),
        other => match super::super::equal::to_bigint(&other) {
            Some(number) => made(Decimal::from_int(&number)?).map(Some),
            None => Err(Failure::wrong_type("argument must be int or float")),
        },
    }
}
