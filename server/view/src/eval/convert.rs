//! `int(…)`, `float(…)`, `complex(…)`.

use super::arguments::Arguments;
use super::data::Data;
use super::equal::to_bigint;
use super::number::{as_complex, as_float, of_complex};
use super::value::{Blob, Value};
use super::{Context, Failure, Res, class};
use crate::python::complex::{self, Complex};
use crate::python::{float, int};

/// `int(value, base)`
pub(super) fn int<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value, base] = match arguments.by_name.is_empty() {
        true => arguments.positional(0)?,
        false => arguments.named(["", "base"], 0)?,
    };
    let value = match (value, &base) {
        (Some(value), _) => value,
        (None, None) => return Ok(Value::Int(0)),
        (None, Some(_)) => return Err(Failure::wrong_type("int() missing string argument")),
    };
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
        Some(base) => match u32::try_from(context.int(&base)?) {
            Ok(base) => base,
            Err(_) => return Err(Failure::new("ValueError", "int() base must be >= 2 and <= 36, or 0")),
        },
        None => 10,
    };
    let data = context.data(&value)?;
    match data {
        Data::Value(Value::Text(text) | Value::Bytes(text)) | Data::Array(text) => {
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
    let [value] = arguments.positional(0)?;
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
        Data::Value(Value::Text(text) | Value::Bytes(text)) | Data::Array(text) => {
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
    let [real, imaginary] = arguments.named(["real", "imag"], 0)?;
    let zero = Complex { real: 0.0, imaginary: 0.0 };
    let of_text = |value: &Option<Value<'a>>| -> Res<Option<Blob<'a>>> {
        match value.as_ref().map(|value| context.data(value)).transpose()? {
            Some(Data::Value(Value::Text(text))) => Ok(Some(text)),
            _ => Ok(None),
        }
    };
    let part = |value: &Option<Value<'a>>, refused: &str| -> Res<Complex> {
        let Some(value) = value else { return Ok(zero) };
        let number = match context.data(value)? {
            Data::Value(Value::Exact(exact)) => exact.float()?.map(|real| Complex { real, imaginary: 0.0 }),
            Data::Value(other) => as_complex(&other)?,
            _ => None,
        };
        number.ok_or_else(|| {
            Failure::wrong_type(format!("complex() {refused} a number, not '{}'", context.type_name(value)))
        })
    };
    match (of_text(&real)?, &imaginary, of_text(&imaginary)?) {
        (Some(text), None, _) => {
            let shown = context.show(&Value::Text(text.clone()), 200)?;
            return Ok(of_complex(complex::parse(&text, &shown)?));
        }
        (Some(_), Some(_), _) => {
            return Err(Failure::wrong_type("complex() can't take second arg if first is a string"));
        }
        (_, _, Some(_)) => return Err(Failure::wrong_type("complex() second arg can't be a string")),
        _ => {}
    }
    let first = part(&real, "first argument must be a string or")?;
    let second = part(&imaginary, "second argument must be")?;
    Ok(Value::Complex(first.real - second.imaginary, first.imaginary + second.real))
}
