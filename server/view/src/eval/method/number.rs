//! Methods of int, float and complex.

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::equal::to_bigint;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::python::{float, int};

pub(super) const OF_INTS: &[&str] =
    &["as_integer_ratio", "bit_count", "bit_length", "conjugate", "from_bytes", "is_integer", "to_bytes"];
pub(super) const OF_FLOATS: &[&str] = &["as_integer_ratio", "conjugate", "fromhex", "hex", "is_integer"];

pub(super) fn call<'a>(
    context: &Context<'a>,
    value: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    if name == "to_bytes" {
        let [length, order, signed] = arguments.named(["length", "byteorder", "*signed"], 0)?;
        let order = is_big(context, name, order)?;
        let Ok(length) = usize::try_from(context.int_or(length.as_ref(), 1)?) else {
            return Err(Failure::new("ValueError", "length argument must be non-negative"));
        };
        context.budget.grow(length)?;
        let number = to_bigint(value).unwrap_or_default();
        let bytes = int::to_bytes(&number, length, order, flag(context, signed)?)?;
        return Ok(Value::Bytes(bytes.into()));
    }
    arguments.none()?;
    match (value, name) {
        (Value::Complex(real, imaginary), "conjugate") => Ok(Value::Complex(*real, -imaginary)),
        (_, "conjugate") => Ok(match value {
            Value::Bool(value) => Value::Int(i64::from(*value)),
            other => other.clone(),
        }),
        (Value::Float(value), "is_integer") => Ok(Value::Bool(float::is_integer(*value))),
        (Value::Float(value), "hex") => Ok(Value::text(&float::hex(*value))),
        (Value::Float(value), "as_integer_ratio") => {
            let (a, b) = float::as_integer_ratio(*value)?;
            Ok(Value::tuple(vec![Value::int(a), Value::int(b)]))
        }
        (_, "is_integer") => Ok(Value::Bool(true)),
        (_, "as_integer_ratio") => {
            Ok(Value::tuple(vec![Value::int(to_bigint(value).unwrap_or_default()), Value::Int(1)]))
        }
        (_, "bit_length") => Ok(Value::Int(to_bigint(value).map_or(0, |number| number.bits()) as i64)),
        (_, "bit_count") => Ok(Value::Int(to_bigint(value).map_or(0, |number| int::bit_count(&number)) as i64)),
        _ => Err(Failure::new("NotSupported", format!("the method {name} is not understood"))),
    }
}

fn is_big<'a>(context: &Context<'a>, function: &str, order: Option<Value<'a>>) -> Res<bool> {
    match order {
        None => Ok(true),
        Some(order) => match &*context.text_argument(&order, function, "argument 'byteorder'")? {
            b"big" => Ok(true),
            b"little" => Ok(false),
            _ => Err(Failure::new("ValueError", "byteorder must be either 'little' or 'big'")),
        },
    }
}

fn flag<'a>(context: &Context<'a>, value: Option<Value<'a>>) -> Res<bool> {
    value.map_or(Ok(false), |value| context.truth(&value))
}

/// `int.from_bytes`
pub(super) fn from_bytes<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [bytes, order, signed] = arguments.named(["bytes", "byteorder", "*signed"], 1)?;
    let bytes = bytes.unwrap_or(Value::None);
    if matches!(context.data(&bytes)?, Data::Value(Value::Text(_) | Value::Int(_) | Value::Bool(_))) {
        let class = context.type_name(&bytes);
        return Err(Failure::wrong_type(format!("cannot convert '{class}' object to bytes")));
    }
    let order = is_big(context, "from_bytes", order)?;
    let made = context.call(&Value::Class("bytes"), vec![bytes], Vec::new())?;
    let Value::Bytes(bytes) = made else { return Err(Failure::wrong_type("cannot convert object to bytes")) };
    Ok(Value::int(int::from_bytes(&bytes, order, flag(context, signed)?)))
}

/// `float.fromhex`
pub(super) fn fromhex<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    match context.data(&arguments.one()?)? {
        Data::Value(Value::Text(text)) => Ok(Value::Float(crate::python::float::from_hex(&text)?)),
        _ => Err(Failure::wrong_type("bad argument type for built-in operation")),
    }
}
