//! The keys by which values are found in dicts and sets: equal values have equal keys.

use std::rc::Rc;

use crashsite_model::{Kind, Object};

use super::class::Maker;
use super::data::Data;
use super::dict::Key;
use super::value::Value;
use super::{Context, Failure, Res, class};

/// How deep values may lie within each other.
const DEEPEST: usize = 200;

impl<'a> Context<'a> {
    /// The key by which a value is found in a dict.
    pub(super) fn key(&self, value: &Value<'a>) -> Res<Key> {
        self.key_at(value, 0)
    }

    /// The key of what is looked for in a set, where a set stands for the frozenset of its items.
    pub(super) fn key_in_set(&self, value: &Value<'a>) -> Res<Key> {
        match self.data(value)? {
            data @ (Data::Set(_, false) | Data::Value(Value::Set(_))) => {
                let items = self.as_set(&data)?.unwrap_or_default();
                Ok(frozen(items.items().map(|item| item.0.clone()).collect()))
            }
            _ => self.key(value),
        }
    }

    fn key_at(&self, value: &Value<'a>, depth: usize) -> Res<Key> {
        self.budget.step()?;
        if depth > DEEPEST {
            return Err(Failure::new("RecursionError", "maximum recursion depth exceeded"));
        }
        if let Value::Object(object) = value
            && class::exactly(object.class()).is_none()
            && let Some(key) = self.key_of_instance(object, depth)?
        {
            return Ok(key);
        }
        if let Some(key) = self.key_of_annotation(value)? {
            return Ok(key);
        }
        if let Value::Instance(made) = value
            && let Some(key) = self.key_of_made(made, value)?
        {
            return Ok(key);
        }
        Ok(match self.data(value)? {
            Data::Tuple(row) => {
                let items = row.all(self)?;
                Key::Tuple(items.iter().map(|item| self.key_at(item, depth + 1)).collect::<Res<_>>()?)
            }
            Data::Set(row, true) => {
                let items = row.all(self)?;
                frozen(items.iter().map(|item| self.key_at(item, depth + 1)).collect::<Res<_>>()?)
            }
            Data::Value(value) => match value {
                Value::FrozenSet(set) => frozen(set.items().map(|item| item.0.clone()).collect()),
                Value::Slice(parts) if self.version >= (3, 12) => {
                    let parts = parts.iter().map(|part| self.key_at(part, depth + 1));
                    Key::Slice(parts.collect::<Res<Vec<Key>>>()?.into())
                }
                other => match self.key_of_scalar(&other) {
                    Some(key) => key,
                    None => return Err(self.unhashable(&other)),
                },
            },
            Data::Other(object) => Key::Object(object.number),
            Data::Memory(memory) => {
                if memory.readonly != Some(true) {
                    return Err(Failure::new("ValueError", "cannot hash writable memoryview object"));
                }
                Key::Bytes(memory.bytes()?.into())
            }
            Data::List(_) | Data::Deque(_) | Data::Set(..) | Data::Pairs(_) | Data::Array(_) => {
                return Err(self.unhashable(value));
            }
        })
    }

    fn unhashable(&self, value: &Value<'a>) -> Failure {
        Failure::wrong_type(format!("unhashable type: '{}'", self.type_name(value)))
    }

    pub(super) fn key_of_scalar(&self, value: &Value<'a>) -> Option<Key> {
        Some(match value {
            Value::None => Key::None,
            Value::Ellipsis => Key::Ellipsis,
            Value::NotImplemented => Key::NotImplemented,
            Value::Bool(value) => Key::Int(i64::from(*value)),
            Value::Int(value) => Key::Int(*value),
            Value::Big(value) => Key::Big(value.clone()),
            Value::Float(value) => key_of_float(*value),
            Value::Complex(real, 0.0) => key_of_float(*real),
            Value::Complex(real, imaginary) => Key::Complex(real.to_bits(), imaginary.to_bits()),
            Value::Text(text) => Key::Text((&**text).into()),
            // In Python 2 `'a' == u'a'`, as far as it is ASCII.
            Value::Bytes(bytes) if self.python2 && bytes.is_ascii() => Key::Text((&**bytes).into()),
            Value::Bytes(bytes) => Key::Bytes((&**bytes).into()),
            Value::Range(range) => range.key(),
            Value::Plain(identity) => Key::Made(Rc::as_ptr(identity) as usize),
            Value::Exception(made) => Key::Made(Rc::as_ptr(made) as *const u8 as usize),
            Value::Class(name) => Key::Named((*name).into()),
            Value::Function(name) => Key::Named(format!("function {name}").into()),
            Value::Lambda(closure) => Key::Made(Rc::as_ptr(closure) as usize),
            Value::Iterator(iterator) => Key::Made(Rc::as_ptr(iterator) as *const u8 as usize),
            Value::Exact(exact) => exact.key(),
            _ => return None,
        })
    }

    /// The key of an instance of a class of the program's; `None` where its builtin data tell.
    fn key_of_instance(&self, object: &Object<'a>, depth: usize) -> Res<Option<Key>> {
        if object.kind() == Kind::Class || object.kind() == Kind::Function || object.kind() == Kind::Module {
            return Ok(Some(Key::Object(object.number)));
        }
        if self.enum_data(object).is_some() {
            return match self.is_number_enum(object) {
                true => Ok(None),
                false => Ok(Some(Key::Object(object.number))),
            };
        }
        // The hash is what is asked first.
        match self.classes.maker(self.dump, object, "__hash__")? {
            Maker::Builtin | Maker::Dataclass => {}
            Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, "__hash__"))),
            Maker::Forbidden => return Err(self.unhashable(&Value::Object(*object))),
        }
        match self.classes.maker(self.dump, object, "__eq__")? {
            Maker::Builtin | Maker::Forbidden => {}
            Maker::Dataclass => return self.fields_key(object, depth).map(Some),
            Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, "__eq__"))),
        }
        let plain = matches!(self.data(&Value::Object(*object))?, Data::Other(_));
        Ok(plain.then_some(Key::Object(object.number)))
    }

    fn fields_key(&self, object: &Object<'a>, depth: usize) -> Res<Key> {
        match self.classes.maker(self.dump, object, "__hash__")? {
            Maker::Dataclass => {}
            Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, "__hash__"))),
            _ => return Err(self.unhashable(&Value::Object(*object))),
        }
        let fields = self.compared_fields(object)?;
        let keys = fields.iter().map(|field| self.key_at(field, depth + 1)).collect::<Res<Vec<Key>>>()?;
        Ok(Key::Fields(object.class_name().into(), keys.into()))
    }
}

fn key_of_float(value: f64) -> Key {
    if value.is_finite() && value.fract() == 0.0 {
        // An integral float is a whole number of units: exact.
        if value.abs() < 9.0e18 {
            return Key::Int(value as i64);
        }
        if let Some(value) = super::number::int_of_float(value) {
            return Key::Big(Rc::new(value));
        }
    }
    Key::Float(value.to_bits())
}

pub(super) fn frozen(mut keys: Vec<Key>) -> Key {
    keys.sort_by_cached_key(|key| format!("{key:?}"));
    Key::FrozenSet(keys.into())
}
