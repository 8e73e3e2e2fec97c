//! Methods of a bytearray that change it. Only one that the expression made can be changed.

use std::cell::RefCell;

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use super::changes;

pub(super) const NAMES: &[&str] = &["append", "clear", "copy", "extend", "insert", "pop", "remove", "reverse"];

impl<'a> Context<'a> {
    /// A value that is to become a byte of a bytearray.
    pub(in crate::eval) fn byte(&self, value: &Value<'a>) -> Res<u8> {
        u8::try_from(self.int(value)?).map_err(|_| Failure::new("ValueError", "byte must be in range(0, 256)"))
    }

    /// The bytes of what a bytearray is extended by.
    pub(in crate::eval) fn more_bytes(&self, value: &Value<'a>) -> Res<Vec<u8>> {
        let bytes = match self.data(value)? {
            Data::Value(Value::Bytes(bytes)) | Data::Array(bytes) => bytes.to_vec(),
            Data::Memory(memory) => memory.bytes()?,
            Data::Value(Value::Text(_)) => {
                return Err(Failure::wrong_type("expected iterable of integers; got: 'str'"));
            }
            _ => {
                let items = self.collect(value).map_err(|failure| match failure.kind {
                    "TypeError" => {
                        Failure::wrong_type(format!("can't extend bytearray with {}", self.type_name(value)))
                    }
                    _ => failure,
                })?;
                items.iter().map(|item| self.byte(item)).collect::<Res<Vec<u8>>>()?
            }
        };
        self.budget.grow(bytes.len())?;
        Ok(bytes)
    }
}

pub(super) fn call<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    bytes: &[u8],
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match (name, owner) {
        ("copy", _) => {
            arguments.none()?;
            context.budget.grow(bytes.len())?;
            Ok(Value::array(bytes.to_vec()))
        }
        (_, Value::Array(array)) => change(context, array, name, arguments),
        _ => Err(changes(name)),
    }
}

fn change<'a>(context: &Context<'a>, array: &RefCell<Vec<u8>>, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    context.budget.grow(1)?;
    match name {
        "append" => {
            let byte = context.byte(&arguments.one()?)?;
            array.borrow_mut().push(byte);
        }
        "extend" => {
            let more = context.more_bytes(&arguments.one()?)?;
            array.borrow_mut().extend(more);
        }
        "insert" => {
            let [place, byte] = arguments.positional(2)?.map(|value| value.unwrap_or(Value::None));
            let (place, byte) = (context.int(&place)?, context.byte(&byte)?);
            let length = array.borrow().len() as i64;
            let place = if place < 0 { place.saturating_add(length).max(0) } else { place.min(length) };
            array.borrow_mut().insert(usize::try_from(place).unwrap_or(0), byte);
        }
        "pop" => {
            let [place] = arguments.positional(0)?;
            let place = context.int_or(place.as_ref(), -1)?;
            let length = array.borrow().len();
            if length == 0 {
                return Err(Failure::new("IndexError", "pop from empty bytearray"));
            }
            let place = if place < 0 { place.saturating_add(length as i64) } else { place };
            return match usize::try_from(place).ok().filter(|place| *place < length) {
                Some(place) => Ok(Value::Int(i64::from(array.borrow_mut().remove(place)))),
                None => Err(Failure::new("IndexError", "pop index out of range")),
            };
        }
        "remove" => {
            let byte = context.byte(&arguments.one()?)?;
            let place = array.borrow().iter().position(|held| *held == byte);
            match place {
                Some(place) => array.borrow_mut().remove(place),
                None => return Err(Failure::new("ValueError", "value not found in bytearray")),
            };
        }
        "reverse" => {
            arguments.none()?;
            array.borrow_mut().reverse();
        }
        "clear" => {
            arguments.none()?;
            array.borrow_mut().clear();
        }
        _ => return Err(changes(name)),
    }
    Ok(Value::None)
}
