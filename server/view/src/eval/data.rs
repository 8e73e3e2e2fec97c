//! The builtin data of a value: scalars as such, containers as something with a length and elements.

use std::rc::Rc;

use crashsite_model::heap::Contents;
use crashsite_model::{Dump, Kind, Object, Payload};
use num_bigint::BigInt;

use super::class::{self, Maker};
use super::memory::Memory;
use super::range::Range;
use super::value::{Blob, Value, ViewOf};
use super::{Context, Failure, Res};
use crate::python::fraction::Fraction;

/// A row of values.
#[derive(Debug, Clone)]
pub(super) enum Row<'a> {
    /// Of a captured container, and how many there were.
    Held(Rc<Contents<'a>>, u64),
    /// Made.
    Made(Rc<[Value<'a>]>),
}

impl<'a> Row<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Row::Held(_, full) => usize::try_from(*full).unwrap_or(usize::MAX),
            Row::Made(items) => items.len(),
        }
    }

    pub(super) fn get(&self, context: &Context<'a>, index: usize) -> Res<Value<'a>> {
        match self {
            Row::Held(contents, full) => match contents.element(index as u64) {
                Some(number) => context.object(number),
                None => Err(Failure::not_captured(format!("element {index} of {full} was not captured"))),
            },
            Row::Made(items) => {
                items.get(index).cloned().ok_or_else(|| Failure::new("IndexError", "index out of range"))
            }
        }
    }

    pub(super) fn all(&self, context: &Context<'a>) -> Res<Vec<Value<'a>>> {
        context.budget.grow(self.len().saturating_mul(size_of::<Value<'_>>()))?;
        (0..self.len()).map(|index| context.budget.step().and_then(|()| self.get(context, index))).collect()
    }
}

/// Pairs of a captured dict.
#[derive(Debug, Clone)]
pub(super) struct Pairs<'a> {
    pub(super) contents: Rc<Contents<'a>>,
    pub(super) full: u64,
    pub(super) object: Object<'a>,
}

impl<'a> Pairs<'a> {
    pub(super) fn whole(&self) -> Res<()> {
        if self.contents.len() < self.full {
            let (here, full) = (self.contents.len(), self.full);
            return Err(Failure::not_captured(format!("{here} of {full} pairs were captured")));
        }
        Ok(())
    }
}

/// The builtin data of a value.
#[derive(Debug, Clone)]
pub(super) enum Data<'a> {
    List(Row<'a>),
    Tuple(Row<'a>),
    Deque(Row<'a>),
    Set(Row<'a>, bool),
    Pairs(Pairs<'a>),
    /// The bytes of a bytearray.
    Array(Blob<'a>),
    Memory(Memory<'a>),
    /// A scalar, or a container that the expression made.
    Value(Value<'a>),
    /// None: an instance, a function, a module …
    Other(Object<'a>),
}

/// The length in the process, where elements are missing from the file.
pub(super) fn true_length(dump: &Dump, object: &Object<'_>, here: u64) -> u64 {
    dump.heap.state(object).full_length.unwrap_or(here).max(here)
}

impl<'a> Context<'a> {
    /// A captured object by its number.
    pub(super) fn object(&self, number: u32) -> Res<Value<'a>> {
        match self.dump.heap.object(number) {
            Some(object) => Ok(Value::Object(object)),
            None => Err(Failure::not_captured("the dump refers to this object, but does not hold it")),
        }
    }

    /// A captured scalar of exactly a builtin type as such; everything else as it is.
    pub(super) fn load(&self, value: Value<'a>) -> Res<Value<'a>> {
        match value {
            Value::Object(object) => match class::exactly(object.class()) {
                Some(name) => self.scalar(&object, Some(name)).map(|found| found.unwrap_or(value)),
                None => Ok(self.number_of_scalar(&object).unwrap_or(value)),
            },
            Value::Raw(object) => self.scalar(&object, None).map(|found| found.unwrap_or(value)),
            Value::NdArray(array) => Ok(super::ndarray::number_of(&array).unwrap_or(Value::NdArray(array))),
            Value::Preview(local) => {
                Err(Failure::not_captured(format!("of {} the dump holds its preview only", local.name)))
            }
            other => Ok(other),
        }
    }

    /// The scalar that an object is, of the class of that name or of any.
    fn scalar(&self, object: &Object<'a>, class: Option<&str>) -> Res<Option<Value<'a>>> {
        Ok(Some(match (object.kind(), object.payload()) {
            (Kind::Int, Payload::Int(value)) => Value::Int(value),
            (Kind::BigInt, Payload::BigInt(bytes)) => {
                self.uncut(object, "int")?;
                Value::int(BigInt::from_signed_bytes_le(bytes))
            }
            (Kind::Float, Payload::Float(value)) => Value::Float(value),
            (Kind::Complex, Payload::Complex(real, imaginary)) => Value::Complex(real, imaginary),
            (Kind::Str, Payload::Text(text)) => {
                self.uncut(object, "text")?;
                Value::Text(Blob::Held(text))
            }
            (Kind::Bytes, Payload::Bytes(bytes)) => {
                if self.is_array(object) || class == Some("memoryview") {
                    return Ok(None);
                }
                self.uncut(object, "bytes")?;
                Value::Bytes(Blob::Held(bytes))
            }
            (Kind::Atom, _) => match (class, object.note().unwrap_or_default()) {
                (Some("NoneType"), _) => Value::None,
                (Some("bool"), note) => Value::Bool(note == b"True"),
                (Some("ellipsis"), _) => Value::Ellipsis,
                (Some("NotImplementedType"), _) => Value::NotImplemented,
                (Some("range" | "xrange"), note) => {
                    return Ok(Range::parse(&crashsite_model::scalar_text(note)).map(Value::Range));
                }
                (_, note) => return Ok(super::exact::parse(&crashsite_model::scalar_text(note)).map(Value::Exact)),
            },
            (Kind::Instance | Kind::Wrapper, _) if class == Some("fractions.Fraction") => {
                let part = |name: &str| -> Res<Option<BigInt>> {
                    let number = object.attribute(name).map(|number| self.object(number)).transpose()?;
                    let number = number.map(|number| self.load(number)).transpose()?;
                    Ok(number.as_ref().and_then(super::equal::to_bigint))
                };
                match (part("_numerator")?, part("_denominator")?) {
                    (Some(above), Some(below)) => Value::Exact(Fraction::new(above, below)?.into()),
                    _ => return Ok(None),
                }
            }
            (Kind::Opaque, _) => {
                let mapping = object.attribute("mapping").map(|number| self.object(number)).transpose()?;
                match (class.and_then(view_of), mapping) {
                    (Some(which), Some(Value::Object(mapping))) if mapping.kind() == Kind::Dict => {
                        Value::DictView(Rc::new(Value::Object(mapping)), which)
                    }
                    _ => return Ok(None),
                }
            }
            (Kind::Wrapper, _) if class == Some("slice") => {
                let part = |name: &str| object.attribute(name).map_or(Ok(Value::None), |number| self.object(number));
                Value::Slice(Rc::new([part("start")?, part("stop")?, part("step")?]))
            }
            _ => return Ok(None),
        }))
    }

    /// Refuses a scalar of which the dump holds the beginning only.
    fn uncut(&self, object: &Object<'a>, what: &str) -> Res<()> {
        let state = self.dump.heap.state(object);
        if state.redacted {
            return Err(Failure::redacted());
        }
        match state.full_length {
            Some(full) => {
                Err(Failure::not_captured(format!("the {what} was cut: only the beginning of {full} is there")))
            }
            None => Ok(()),
        }
    }

    /// Whether an object holds its bytes as a bytearray does.
    fn is_array(&self, object: &Object<'a>) -> bool {
        class::exactly(object.class()) == Some("bytearray")
            || class::of(self.dump, object).is_some_and(|class| {
                class::mro(self.dump, &class).any(|base| matches!(self.class_value(base), Value::Class("bytearray")))
            })
    }

    /// The bytes of a captured bytearray or memoryview; `None` of anything else.
    fn changeable(&self, object: &Object<'a>) -> Res<Option<Data<'a>>> {
        let Payload::Bytes(bytes) = object.payload() else { return Ok(None) };
        let bytes = Blob::Held(bytes);
        if class::exactly(object.class()) == Some("memoryview") {
            self.uncut(object, "memoryview")?;
            let part = |name: &str| object.attribute(name).map(|number| self.object(number)).transpose();
            let format = match part("format")?.map(|format| self.load(format)).transpose()? {
                Some(Value::Text(format)) => String::from_utf8_lossy(&format).chars().next(),
                _ => None,
            };
            let flat = part("ndim")?.map_or(Ok(true), |count| self.index(&count).map(|count| count == Some(1)))?;
            let format = format.filter(|_| flat);
            let readonly = part("readonly")?.map(|flag| self.truth(&flag)).transpose()?;
            return Ok(Some(Data::Memory(Memory::captured(bytes, part("obj")?, readonly, format))));
        }
        if !self.is_array(object) {
            return Ok(None);
        }
        self.uncut(object, "bytearray")?;
        Ok(Some(Data::Array(bytes)))
    }

    /// The builtin data of a value, of whatever class it is.
    pub(super) fn data(&self, value: &Value<'a>) -> Res<Data<'a>> {
        let object = match self.load(value.clone())? {
            Value::Object(object) | Value::Raw(object) => object,
            Value::List(items) => return Ok(Data::List(Row::Made(items.borrow().as_slice().into()))),
            Value::Tuple(items) | Value::Record(_, items) => return Ok(Data::Tuple(Row::Made(items))),
            Value::Instance(made) => {
                return Ok(match &made.holds {
                    super::made::Holds::Tuple(items) => Data::Tuple(Row::Made(items.clone())),
                    _ => Data::Value(Value::Instance(made)),
                });
            }
            Value::Deque(items, _) => return Ok(Data::Deque(Row::Made(items.borrow().as_slice().into()))),
            Value::Array(bytes) => return Ok(Data::Array(Blob::from(bytes.borrow().clone()))),
            Value::Hash(_) => return Err(Failure::not_captured("hashes of the process are not in the dump")),
            Value::Memory(memory) => return Ok(Data::Memory((*memory).clone())),
            other => return Ok(Data::Value(other)),
        };
        if let Some(array) = self.array(&object) {
            return Ok(Data::Value(Value::NdArray(array)));
        }
        let row = || {
            let contents = self.dump.heap.contents(&object);
            let full = true_length(self.dump, &object, contents.end());
            Row::Held(Rc::new(contents), full)
        };
        Ok(match object.kind() {
            Kind::List => Data::List(row()),
            Kind::Tuple => Data::Tuple(row()),
            Kind::Deque => Data::Deque(row()),
            Kind::Set => Data::Set(row(), false),
            Kind::FrozenSet => Data::Set(row(), true),
            Kind::Dict => {
                let contents = self.dump.heap.contents(&object);
                let full = true_length(self.dump, &object, contents.end());
                Data::Pairs(Pairs { contents: Rc::new(contents), full, object })
            }
            Kind::Bytes if let Some(found) = self.changeable(&object)? => found,
            Kind::Int | Kind::BigInt | Kind::Float | Kind::Complex | Kind::Str | Kind::Bytes => {
                match self.scalar(&object, None)? {
                    Some(value) => Data::Value(value),
                    None => Data::Other(object),
                }
            }
            _ => Data::Other(object),
        })
    }

    /// The builtin data of a value for an operation: its class must leave these special methods to the builtin type.
    pub(super) fn data_for(&self, value: &Value<'a>, specials: &[&str]) -> Res<Data<'a>> {
        if let Value::Object(object) = value {
            for special in specials {
                self.must_be_builtin(object, special)?;
            }
        }
        self.data(value)
    }

    /// Refuses what the class of an object does by code of its own.
    pub(super) fn must_be_builtin(&self, object: &Object<'a>, special: &str) -> Res<()> {
        match self.classes.maker(self.dump, object, special)? {
            Maker::Builtin | Maker::Dataclass => Ok(()),
            Maker::Code(entry) => Err(Failure::needs_code(class::place(&entry, special))),
            Maker::Forbidden => {
                Err(Failure::wrong_type(format!("'{}' object does not support {special}", object.class_name())))
            }
        }
    }
}

/// The view of a dictionary that a builtin type is.
fn view_of(class: &str) -> Option<ViewOf> {
    match class {
        "dict_keys" | "odict_keys" => Some(ViewOf::Keys),
        "dict_values" | "odict_values" => Some(ViewOf::Values),
        "dict_items" | "odict_items" => Some(ViewOf::Items),
        _ => None,
    }
}
