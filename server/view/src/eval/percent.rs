//! `template % values`

use super::data::Data;
use super::equal::to_bigint;
use super::value::{Blob, Value};
use super::{Context, Failure, Res, format};
use crate::python::int;
use crate::python::percent::{self, Argument, Conversion, Piece, Size};

pub(super) fn text<'a>(context: &Context<'a>, template: &Blob<'a>, values: &Value<'a>) -> Res<Value<'a>> {
    run(context, template, values, false).map(|made| Value::Text(made.into()))
}

/// Of bytes; of Python 2 of `str`, which is text there.
pub(super) fn bytes<'a>(context: &Context<'a>, template: &Blob<'a>, values: &Value<'a>) -> Res<Value<'a>> {
    run(context, template, values, !context.python2).map(|made| Value::Bytes(made.into()))
}

/// The values, taken one after the other or by their names.
struct Values<'a> {
    all: Vec<Value<'a>>,
    taken: usize,
    /// A tuple's elements must all be taken.
    tuple: bool,
    mapping: Option<Value<'a>>,
}

impl<'a> Values<'a> {
    fn next(&mut self) -> Res<Value<'a>> {
        self.taken += 1;
        self.all.get(self.taken - 1).cloned().ok_or_else(|| percent::too_few().into())
    }
}

fn run<'a>(context: &Context<'a>, template: &[u8], values: &Value<'a>, bytes: bool) -> Res<Vec<u8>> {
    let data = context.data(values)?;
    // Whatever has keys or places, but text and tuples: all of it need not be taken.
    let mapping = matches!(data, Data::Pairs(_) | Data::List(_) | Data::Value(Value::Dict(_)));
    let (all, tuple) = match &data {
        Data::Tuple(row) => (row.all(context)?, true),
        _ => (vec![values.clone()], false),
    };
    let mut values = Values { all, taken: 0, tuple, mapping: mapping.then(|| values.clone()) };
    let mut out = Vec::new();
    let mut by_name = false;
    for piece in percent::pieces(template, bytes) {
        match piece? {
            Piece::Literal(literal) => out.extend_from_slice(literal),
            Piece::Conversion(conversion) if bytes && conversion.code == '%' => out.push(b'%'),
            Piece::Conversion(conversion) => {
                by_name |= conversion.key.is_some();
                let room = context.budget.room();
                out.extend(one(context, &conversion, &mut values, bytes, room)?);
            }
        }
        if out.len() > context.budget.room() {
            context.budget.grow(out.len())?;
        }
    }
    let left = values.taken < values.all.len();
    if left && !by_name && (values.tuple || values.mapping.is_none()) {
        return Err(percent::too_many(bytes).into());
    }
    context.budget.grow(out.len())?;
    Ok(out)
}

fn one<'a>(
    context: &Context<'a>,
    conversion: &Conversion<'_>,
    values: &mut Values<'a>,
    bytes: bool,
    room: usize,
) -> Res<Vec<u8>> {
    let named = match conversion.key {
        Some(key) => {
            let Some(mapping) = values.mapping.clone() else {
                return Err(Failure::wrong_type("format requires a mapping"));
            };
            let key = key.to_vec().into();
            let key = if bytes { Value::Bytes(key) } else { Value::Text(key) };
            Some(context.subscript(&mapping, &key)?)
        }
        None => None,
    };
    let mut size = |size: Size| -> Res<Option<i64>> {
        match size {
            Size::None => Ok(None),
            Size::Given(size) => Ok(Some(size)),
            Size::Argument => match context.index(&values.next()?)? {
                Some(size) => Ok(Some(size)),
                None => Err(Failure::wrong_type("* wants int")),
            },
        }
    };
    let (width, precision) = (size(conversion.width)?, size(conversion.precision)?);
    let value = match named {
        Some(value) => value,
        None => values.next()?,
    };
    let write = |argument: Argument<'_>| {
        percent::write(conversion, width, precision, argument, bytes, room).map_err(Failure::from)
    };
    match conversion.code {
        's' if !bytes => write(Argument::Text(&context.string(&value)?)),
        's' | 'b' if bytes => match context.data(&value)? {
            Data::Value(Value::Bytes(text)) | Data::Array(text) => write(Argument::Text(&text)),
            _ => {
                let class = context.type_name(&value);
                let message =
                    format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{class}'");
                Err(Failure::wrong_type(message))
            }
        },
        'r' if bytes => write(Argument::Text(format::ascii(&context.repr(&value)?).as_bytes())),
        'r' => write(Argument::Text(context.repr(&value)?.as_bytes())),
        'a' => write(Argument::Text(format::ascii(&context.repr(&value)?).as_bytes())),
        'c' => match context.data(&value)? {
            Data::Value(Value::Text(text)) if !bytes && crate::repr::count_characters(&text) == 1 => {
                write(Argument::Text(&text))
            }
            Data::Value(Value::Bytes(text)) | Data::Array(text) if bytes && text.len() == 1 => {
                write(Argument::Text(&text))
            }
            Data::Value(other) if to_bigint(&other).is_some() => {
                write(Argument::Int(&to_bigint(&other).unwrap_or_default()))
            }
            _ => {
                let class = context.type_name(&value);
                Err(Failure::wrong_type(match context.version >= (3, 14) {
                    true => format!("%c requires an int or a unicode character, not {class}"),
                    false if bytes => "%c requires an integer in range(256) or a single byte".to_owned(),
                    false => "%c requires int or char".to_owned(),
                }))
            }
        },
        code => {
            let wants_int = matches!(code, 'd' | 'i' | 'u' | 'x' | 'X' | 'o');
            match context.data(&value)? {
                Data::Value(Value::Float(number)) if matches!(code, 'd' | 'i' | 'u') => {
                    write(Argument::Int(&int::of_float(number)?))
                }
                Data::Value(Value::Float(number)) => write(Argument::Float(number)),
                Data::Value(Value::Exact(exact)) => match (wants_int, exact.int()?) {
                    (true, Some(number)) => write(Argument::Int(&number)),
                    (false, Some(_)) => write(Argument::Float(exact.float()?.unwrap_or(f64::NAN))),
                    _ => write(Argument::Other(&context.type_name(&value))),
                },
                Data::Value(other) => match to_bigint(&other) {
                    Some(number) => write(Argument::Int(&number)),
                    None => write(Argument::Other(&context.type_name(&value))),
                },
                _ => write(Argument::Other(&context.type_name(&value))),
            }
        }
    }
}
