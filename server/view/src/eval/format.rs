//! f-strings, `format(value, spec)`, and what `%` and `str.format` share with them.

use std::rc::Rc;

use super::class::{self, Maker};
use super::data::Data;
use super::equal::to_bigint;
use super::value::{Scope, Value};
use super::{Context, Failure, Res};
use crate::expr::tree::Piece;
use crate::python::complex::Complex;
use crate::python::format::{self, Kind};

impl<'a> Context<'a> {
    pub(super) fn format_string(&self, pieces: &[Piece], scope: &Rc<Scope<'a>>) -> Res<Value<'a>> {
        let text = self.pieces(pieces, scope)?;
        self.budget.grow(text.len())?;
        Ok(Value::Text(text.into()))
    }

    fn pieces(&self, pieces: &[Piece], scope: &Rc<Scope<'a>>) -> Res<Vec<u8>> {
        let mut out = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Value { value: node, conversion, spec } => {
                    let held = self.evaluate(node, scope)?;
                    let spec = match spec {
                        Some(spec) => self.pieces(spec, scope)?,
                        None => Vec::new(),
                    };
                    let converted = convert(self, held, *conversion)?;
                    out.extend(value(self, &converted, &spec).map_err(|failure| failure.at(node.column, node.end))?);
                }
            }
            if out.len() > self.budget.room() {
                self.budget.grow(out.len())?;
            }
        }
        Ok(out)
    }
}

/// `!r`, `!s`, `!a`
pub(super) fn convert<'a>(context: &Context<'a>, value: Value<'a>, conversion: Option<char>) -> Res<Value<'a>> {
    Ok(match conversion {
        Some('r') => Value::Text(context.repr(&value)?.into_bytes().into()),
        Some('a') => Value::text(&ascii(&context.repr(&value)?)),
        Some(_) => Value::Text(context.string(&value)?.into()),
        None => value,
    })
}

/// A `repr` with everything escaped that is not ASCII.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() { out.push(c) } else { crate::text::push_escape(&mut out, u32::from(c)) }
    }
    out
}

/// `format(value, spec)`
pub(super) fn value<'a>(context: &Context<'a>, value: &Value<'a>, spec: &[u8]) -> Res<Vec<u8>> {
    let mut plain = value.clone();
    if let Value::Object(object) = value
        && class::exactly(object.class()).is_none()
    {
        if let Some(data) = context.enum_data(object)
            && context.version >= (3, 11)
            && context.is_number_enum(object)
            && context.repr_enum(object)
        {
            plain = data;
        } else if context.enum_data(object).is_some() {
            plain = Value::Text(context.string(value)?.into());
        } else if let Maker::Code(entry) = context.classes.maker(context.dump, object, "__format__")? {
            return Err(Failure::needs_code(class::place(&entry, "__format__")));
        }
    }
    let spec_text = std::str::from_utf8(spec).map_err(|_| Failure::new("ValueError", "Invalid format specifier"))?;
    let room = context.budget.room();
    let data = context.data(&plain)?;
    let class = context.type_name(&plain);
    let made = |text: Result<String, crate::python::Raised>| text.map(String::into_bytes).map_err(Failure::from);
    if spec.is_empty() {
        return context.string(&plain);
    }
    match data {
        Data::Value(Value::Text(text)) => {
            let text = String::from_utf8_lossy(&text);
            made(format::format_text(&text, &format::parse(spec_text, Kind::Text, &class)?, room))
        }
        Data::Value(Value::Float(number)) => {
            made(format::format_float(number, &format::parse(spec_text, Kind::Float, &class)?, room))
        }
        Data::Value(Value::Complex(real, imaginary)) => {
            let spec = format::parse(spec_text, Kind::Float, &class)?;
            made(format::format_complex(Complex { real, imaginary }, &spec, room))
        }
        Data::Value(Value::Exact(exact)) => exact.format(spec_text, room).map(String::into_bytes),
        Data::Value(other) if to_bigint(&other).is_some() => {
            let number = to_bigint(&other).unwrap_or_default();
            made(format::format_int(&number, &format::parse(spec_text, Kind::Int, &class)?, room))
        }
        _ => Err(Failure::wrong_type(format!("unsupported format string passed to {class}.__format__"))),
    }
}
