//! Truth, length and equality, by the meaning of the builtin types.

use std::rc::Rc;

use crashsite_model::{Kind, Object};
use num_bigint::BigInt;

use super::class::Maker;
use super::data::{Data, Pairs};
use super::memory::{Bytes, Memory};
use super::value::{Value, ViewOf};
use super::{Context, Failure, Res, class};
use crate::expr::tree::Compare;

/// How deep values may lie within each other.
const DEEPEST: usize = 200;

impl<'a> Context<'a> {
    /// `bool(value)`
    pub(super) fn truth(&self, value: &Value<'a>) -> Res<bool> {
        self.no_tables(&[value])?;
        if let Some(array) = self.array_for(value, "__bool__")?
            && !array.is_scalar
        {
            let message = "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()";
            return match array.len() {
                1 => self.truth(&self.call_of_array(&array, "item")?),
                _ => Err(Failure::new("ValueError", message)),
            };
        }
        if let Value::Object(object) = value
            && class::exactly(object.class()).is_none()
        {
            if let Some(flag) = self.enum_data(object)
                && !matches!(self.load(flag.clone())?, Value::Object(_))
                && self.is_number_enum(object)
            {
                return self.truth(&flag);
            }
            if let Some((_, bits)) = self.flag_value(value)
                && let Some(class) = class::of(self.dump, object)
                && !self.overrides(&class, &["__bool__", "__len__"])
            {
                return Ok(bits != 0);
            }
            self.must_be_builtin(object, "__bool__")?;
            if self.python2 {
                self.must_be_builtin(object, "__nonzero__")?;
            }
            self.must_be_builtin(object, "__len__")?;
        }
        Ok(match self.data(value)? {
            Data::List(row) | Data::Tuple(row) | Data::Deque(row) | Data::Set(row, _) => row.len() > 0,
            Data::Pairs(pairs) => pairs.full > 0,
            Data::Value(value) => match value {
                Value::None => false,
                Value::Bool(value) => value,
                Value::Int(value) => value != 0,
                Value::Float(value) => value != 0.0,
                Value::Complex(real, imaginary) => real != 0.0 || imaginary != 0.0,
                Value::Text(text) | Value::Bytes(text) => !text.is_empty(),
                Value::Dict(dict) => dict.borrow().len() > 0,
                Value::Set(set) => set.borrow().len() > 0,
                Value::FrozenSet(set) => set.len() > 0,
                Value::Range(range) => range.len() > 0,
                Value::DictView(of, _) => self.length(&of)? > 0,
                Value::Exact(exact) => exact.is_true(),
                Value::Instance(_) => self.flag_value(&value).is_none_or(|(_, bits)| bits != 0),
                _ => true,
            },
            Data::Array(bytes) => !bytes.is_empty(),
            Data::Memory(memory) => memory.len()? > 0,
            Data::Other(_) => true,
        })
    }

    /// `len(value)`
    pub(super) fn length(&self, value: &Value<'a>) -> Res<usize> {
        if let Some(table) = self.table(value) {
            return Ok(self.length_of_table(&table));
        }
        if let Some(array) = self.array_for(value, "__len__")? {
            let length = array.shape().first().copied();
            let length = length.ok_or_else(|| Failure::wrong_type("len() of unsized object"))?;
            return Ok(usize::try_from(length).unwrap_or(usize::MAX));
        }
        if let Value::Object(object) = value {
            if let Some(members) = self.members_of_enum(object)? {
                return Ok(members.len());
            }
            if self.flag_value(value).is_none() {
                self.must_be_builtin(object, "__len__")?;
            }
        }
        if let Some(bits) = self.bits_of_flag(value)? {
            return Ok(bits.len());
        }
        Ok(match self.data(value)? {
            Data::List(row) | Data::Tuple(row) | Data::Deque(row) | Data::Set(row, _) => row.len(),
            Data::Pairs(pairs) => usize::try_from(pairs.full).unwrap_or(usize::MAX),
            Data::Value(made) => match made {
                Value::Text(text) => crate::repr::count_characters(&text),
                Value::Bytes(bytes) => bytes.len(),
                Value::Dict(dict) => dict.borrow().len(),
                Value::Set(set) => set.borrow().len(),
                Value::FrozenSet(set) => set.len(),
                Value::DictView(of, _) => self.length(&of)?,
                Value::Range(range) => self.length_of_range(&range)?,
                other => return Err(self.no_length(&other)),
            },
            Data::Array(bytes) => bytes.len(),
            Data::Memory(memory) => memory.len()?,
            Data::Other(_) => return Err(self.no_length(value)),
        })
    }

    fn no_length(&self, value: &Value<'a>) -> Failure {
        Failure::wrong_type(format!("object of type '{}' has no len()", self.type_name(value)))
    }

    /// `left is right`
    pub(super) fn same(&self, left: &Value<'a>, right: &Value<'a>) -> Res<bool> {
        if let (Value::Object(a) | Value::Raw(a), Value::Object(b) | Value::Raw(b)) = (left, right) {
            return Ok(a.number == b.number);
        }
        Ok(match (self.load(left.clone())?, self.load(right.clone())?) {
            (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
            (Value::Plain(a), Value::Plain(b)) => Rc::ptr_eq(&a, &b),
            (Value::Exact(a), Value::Exact(b)) => a.is_utc() && b.is_utc(),
            (Value::NotImplemented, Value::NotImplemented) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            // Small ints are one object each.
            (Value::Int(a), Value::Int(b)) => a == b && (-5..=256).contains(&a),
            (Value::Text(a), Value::Text(b)) => a.is_empty() && b.is_empty(),
            (Value::Bytes(a), Value::Bytes(b)) => a.is_empty() && b.is_empty(),
            (Value::List(a), Value::List(b)) => Rc::ptr_eq(&a, &b),
            (Value::Tuple(a), Value::Tuple(b)) => Rc::ptr_eq(&a, &b) || a.is_empty() && b.is_empty(),
            (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(&a, &b),
            (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(&a, &b),
            (Value::Class(a), Value::Class(b)) => a == b,
            (Value::Function(a), Value::Function(b)) => a == b,
            (Value::Lambda(a), Value::Lambda(b)) => Rc::ptr_eq(&a, &b),
            (Value::Iterator(a), Value::Iterator(b)) => Rc::ptr_eq(&a, &b),
            (Value::Instance(a), Value::Instance(b)) => Rc::ptr_eq(&a, &b),
            (Value::Exception(a), Value::Exception(b)) => Rc::ptr_eq(&a, &b),
            _ => false,
        })
    }

    /// `left == right`
    pub(super) fn equal(&self, left: &Value<'a>, right: &Value<'a>) -> Res<bool> {
        self.equal_at(left, right, 0)
    }

    fn equal_at(&self, left: &Value<'a>, right: &Value<'a>, depth: usize) -> Res<bool> {
        self.budget.step()?;
        if let (Value::Hash(a), Value::Hash(b)) = (left, right)
            && a == b
        {
            return Ok(true);
        }
        if depth > DEEPEST {
            return Err(Failure::new("RecursionError", "maximum recursion depth exceeded in comparison"));
        }
        if depth > 0 && self.same(left, right)? {
            return Ok(true);
        }
        self.no_arrays(&[left, right])?;
        if let (Some(a), Some(b)) = (self.bound_method(left), self.bound_method(right)) {
            return Ok(a == b);
        }
        if let Some(answer) = self.equal_by_fields(left, right)? {
            return Ok(answer);
        }
        for (this, other) in [(left, right), (right, left)] {
            if let Value::Object(object) = this
                && class::exactly(object.class()).is_none()
                && let Some(answer) = self.equal_by_class(object, other, depth)?
            {
                return Ok(answer);
            }
        }
        Ok(match (self.data(left)?, self.data(right)?) {
            (Data::List(a), Data::List(b)) | (Data::Tuple(a), Data::Tuple(b)) | (Data::Deque(a), Data::Deque(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for index in 0..a.len() {
                    if !self.equal_at(&a.get(self, index)?, &b.get(self, index)?, depth + 1)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Data::Array(a) | Data::Value(Value::Bytes(a)), Data::Array(b))
            | (Data::Array(a), Data::Value(Value::Bytes(b))) => *a == *b,
            (Data::Memory(view), other) | (other, Data::Memory(view)) => self.equal_memory(&view, other)?,
            (Data::Other(a), Data::Other(b)) => a.number == b.number,
            (Data::Other(_), _) | (_, Data::Other(_)) => false,
            (a, b) => match (self.mapping(&a)?, self.mapping(&b)?) {
                (Some(a), Some(b)) => {
                    if a.class == "Counter" && b.class == "Counter" && self.version >= (3, 10) {
                        return self.counts_are(Compare::Eq, &a, &b);
                    }
                    if a.len() != b.len() {
                        return Ok(false);
                    }
                    for (name, value) in a.pairs() {
                        match b.get(&self.key(name)?) {
                            Some(other) if self.equal_at(value, other, depth + 1)? => {}
                            _ => return Ok(false),
                        }
                    }
                    let ordered = a.class == "OrderedDict" && b.class == "OrderedDict";
                    if ordered {
                        for (a, b) in a.pairs().zip(b.pairs()) {
                            if self.key(&a.0)? != self.key(&b.0)? {
                                return Ok(false);
                            }
                        }
                    }
                    true
                }
                (None, None) => match (self.as_set(&a)?, self.as_set(&b)?) {
                    (Some(a), Some(b)) => a.len() == b.len() && a.items().all(|item| b.has(&item.0)),
                    (None, None) => match (a, b) {
                        (Data::Value(a), Data::Value(b)) => self.equal_scalars(&a, &b)?,
                        _ => false,
                    },
                    _ => false,
                },
                _ => false,
            },
        })
    }

    /// Whether a memoryview equals what holds bytes: item by item.
    fn equal_memory(&self, view: &Memory<'a>, other: Data<'a>) -> Res<bool> {
        let other = match other {
            Data::Memory(other) => other,
            Data::Array(bytes) | Data::Value(Value::Bytes(bytes)) => {
                Memory::over(Bytes::Fixed(bytes.clone()), Value::Bytes(bytes))
            }
            _ => return Ok(false),
        };
        if view.len()? != other.len()? {
            return Ok(false);
        }
        for index in 0..view.length {
            self.budget.step()?;
            if !self.equal_scalars(&view.item(index)?, &other.item(index)?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_scalars(&self, a: &Value<'a>, b: &Value<'a>) -> Res<bool> {
        Ok(match (a, b) {
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Complex(..) | Value::Float(_), _) | (_, Value::Complex(..) | Value::Float(_)) => {
                match (as_complex(a), as_complex(b)) {
                    (Some(a), Some(b)) if a.0.is_nan() || b.0.is_nan() || a.1.is_nan() || b.1.is_nan() => false,
                    _ => match (a, b) {
                        (Value::Exact(exact), other) | (other, Value::Exact(exact)) => exact.equals(other)?,
                        _ => self.key_of_scalar(a).is_some() && self.key_of_scalar(a) == self.key_of_scalar(b),
                    },
                }
            }
            (Value::Exact(exact), other) | (other, Value::Exact(exact)) => exact.equals(other)?,
            (Value::Slice(a), Value::Slice(b)) => {
                self.deeper(|| self.equal(&Value::tuple(a.to_vec()), &Value::tuple(b.to_vec())))?
            }
            (Value::Alias(_) | Value::Union(_), Value::Alias(_) | Value::Union(_)) => {
                self.key_of_annotation(a)? == self.key_of_annotation(b)?
            }
            (Value::Method(a, name), Value::Method(b, other)) => name == other && self.same(a, b)?,
            (a, b) => match (self.key_of_scalar(a), self.key_of_scalar(b)) {
                (Some(a), Some(b)) => a == b,
                _ => self.same(a, b)?,
            },
        })
    }

    /// What a class of the program's says of equality; `None` where the builtin data tell.
    fn equal_by_class(&self, object: &Object<'a>, other: &Value<'a>, depth: usize) -> Res<Option<bool>> {
        if matches!(object.kind(), Kind::Class | Kind::Function | Kind::Module | Kind::Builtin) {
            return Ok(Some(matches!(other, Value::Object(other) if other.number == object.number)));
        }
        if self.enum_data(object).is_some() && !self.is_number_enum(object) {
            return Ok(Some(matches!(other, Value::Object(other) if other.number == object.number)));
        }
        match self.classes.maker(self.dump, object, "__eq__")? {
            Maker::Code(entry) => Err(Failure::needs_code(class::place(&entry, "__eq__"))),
            Maker::Builtin | Maker::Forbidden => Ok(None),
            Maker::Dataclass => {
                let Value::Object(other) = other else { return Ok(Some(false)) };
                if object.number == other.number {
                    return Ok(Some(true));
                }
                let same_class = class::of(self.dump, object).map(|class| class.number)
                    == class::of(self.dump, other).map(|class| class.number);
                if !same_class {
                    return match self.classes.maker(self.dump, other, "__eq__")? {
                        Maker::Code(entry) => Err(Failure::needs_code(class::place(&entry, "__eq__"))),
                        _ => Ok(Some(false)),
                    };
                }
                let (a, b) = (self.compared_fields(object)?, self.compared_fields(other)?);
                for (a, b) in a.iter().zip(&b) {
                    if !self.equal_at(a, b, depth + 1)? {
                        return Ok(Some(false));
                    }
                }
                Ok(Some(true))
            }
        }
    }

    /// A mapping, as one that an expression would have made.
    pub(super) fn mapping(&self, data: &Data<'a>) -> Res<Option<super::dict::Dict<'a>>> {
        match data {
            Data::Pairs(pairs) => self.made_of(pairs).map(Some),
            Data::Value(Value::Dict(dict)) => Ok(Some(dict.borrow().clone())),
            _ => Ok(None),
        }
    }

    pub(super) fn made_of(&self, pairs: &Pairs<'a>) -> Res<super::dict::Dict<'a>> {
        pairs.whole()?;
        let class = match class::exactly(pairs.object.class()) {
            Some("collections.OrderedDict") => "OrderedDict",
            Some("collections.defaultdict") => "defaultdict",
            Some("collections.Counter") => "Counter",
            _ => "dict",
        };
        let mut dict = super::dict::Dict::of(class);
        if let Some(factory) = pairs.object.attribute("default_factory") {
            dict.factory = Some(self.object(factory)?);
        }
        for (key, value) in pairs.contents.pairs(0) {
            self.budget.step()?;
            self.budget.grow(3 * size_of::<Value<'_>>())?;
            let name = self.object(key)?;
            dict.insert(self.key(&name)?, name, self.object(value)?);
        }
        Ok(dict)
    }

    /// A set, or a view of keys, as a set that an expression would have made.
    pub(super) fn as_set(&self, data: &Data<'a>) -> Res<Option<super::dict::Set<'a>>> {
        let items = match data {
            Data::Set(row, _) => row.all(self)?,
            Data::Value(Value::Set(set)) => return Ok(Some(set.borrow().clone())),
            Data::Value(Value::FrozenSet(set)) => return Ok(Some((**set).clone())),
            Data::Value(view @ Value::DictView(_, ViewOf::Keys | ViewOf::Items)) => self.collect(view)?,
            _ => return Ok(None),
        };
        let mut set = super::dict::Set::default();
        for item in items {
            self.budget.step()?;
            set.insert(self.key(&item)?, item);
        }
        Ok(Some(set))
    }
}

fn as_complex(value: &Value<'_>) -> Option<(f64, f64)> {
    match value {
        Value::Float(value) => Some((*value, 0.0)),
        Value::Complex(real, imaginary) => Some((*real, *imaginary)),
        _ => None,
    }
}

/// Whether an int fits what follows from it.
pub(super) fn to_bigint(value: &Value<'_>) -> Option<BigInt> {
    match value {
        Value::Bool(value) => Some(BigInt::from(u8::from(*value))),
        Value::Int(value) => Some(BigInt::from(*value)),
        Value::Big(value) => Some((**value).clone()),
        _ => None,
    }
}
