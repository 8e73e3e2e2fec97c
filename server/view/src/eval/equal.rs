//! Truth, equality, order and hashing, by the meaning of the builtin types.

use std::cmp::Ordering;
use std::rc::Rc;

use crashsite_model::{Kind, Object};
use num_bigint::BigInt;

use super::class::Maker;
use super::data::{Data, Pairs};
use super::dict::Key;
use super::memory::{Bytes, Memory};
use super::value::{Value, ViewOf};
use super::{Context, Failure, Res, class};
use crate::expr::tree::Compare;

/// How deep values may lie within each other.
const DEEPEST: usize = 200;

impl<'a> Context<'a> {
    /// `bool(value)`
    pub(super) fn truth(&self, value: &Value<'a>) -> Res<bool> {
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

    /// The key by which a value is found in a dict.
    pub(super) fn key(&self, value: &Value<'a>) -> Res<Key> {
        self.key_at(value, 0)
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

    fn key_of_scalar(&self, value: &Value<'a>) -> Option<Key> {
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
        match self.classes.maker(self.dump, object, "__eq__")? {
            Maker::Builtin => {}
            Maker::Dataclass => return self.fields_key(object, depth).map(Some),
            Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, "__eq__"))),
            Maker::Forbidden => {}
        }
        match self.classes.maker(self.dump, object, "__hash__")? {
            Maker::Builtin | Maker::Dataclass => {}
            Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, "__hash__"))),
            Maker::Forbidden => return Err(self.unhashable(&Value::Object(*object))),
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

    /// `left is right`
    pub(super) fn same(&self, left: &Value<'a>, right: &Value<'a>) -> Res<bool> {
        if let (Value::Object(a) | Value::Raw(a), Value::Object(b) | Value::Raw(b)) = (left, right) {
            return Ok(a.number == b.number);
        }
        Ok(match (self.load(left.clone())?, self.load(right.clone())?) {
            (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
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
            (Value::Exception(_, a), Value::Exception(_, b)) => Rc::ptr_eq(&a, &b),
            _ => false,
        })
    }

    /// `left == right`
    pub(super) fn equal(&self, left: &Value<'a>, right: &Value<'a>) -> Res<bool> {
        self.equal_at(left, right, 0)
    }

    fn equal_at(&self, left: &Value<'a>, right: &Value<'a>, depth: usize) -> Res<bool> {
        self.budget.step()?;
        if depth > DEEPEST {
            return Err(Failure::new("RecursionError", "maximum recursion depth exceeded in comparison"));
        }
        if depth > 0 && self.same(left, right)? {
            return Ok(true);
        }
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
            (Value::Slice(a), Value::Slice(b)) => self.equal(&Value::tuple(a.to_vec()), &Value::tuple(b.to_vec()))?,
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

    /// `left < right` and its kin; `None` where the two have no order (NaN).
    pub(super) fn order(&self, how: Compare, left: &Value<'a>, right: &Value<'a>) -> Res<bool> {
        let special = match how {
            Compare::Lt => "__lt__",
            Compare::Le => "__le__",
            Compare::Gt => "__gt__",
            _ => "__ge__",
        };
        let reflected = match how {
            Compare::Lt => "__gt__",
            Compare::Le => "__ge__",
            Compare::Gt => "__lt__",
            _ => "__le__",
        };
        for (value, special) in [(left, special), (right, reflected)] {
            if let Value::Object(object) = value
                && class::exactly(object.class()).is_none()
                && object.kind() != Kind::Class
            {
                match self.classes.maker(self.dump, object, special)? {
                    Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, special))),
                    Maker::Dataclass => {
                        if let (Some(a), Some(b)) = (self.compared(left)?, self.compared(right)?)
                            && a.0 == b.0
                        {
                            return self.order(how, &Value::tuple(a.1), &Value::tuple(b.1));
                        }
                    }
                    Maker::Builtin | Maker::Forbidden => {}
                }
            }
        }
        if let (Value::Instance(made), Value::Instance(_)) = (left, right)
            && let Some(entry) = self.classes.entry(self.dump, &made.class, special)
            && class::is_generated(self.dump, &entry)
            && let (Some(a), Some(b)) = (self.compared(left)?, self.compared(right)?)
            && a.0 == b.0
        {
            return self.order(how, &Value::tuple(a.1), &Value::tuple(b.1));
        }
        let wanted = |ordering: Option<Ordering>| match (how, ordering) {
            (_, None) => false,
            (Compare::Lt, Some(ordering)) => ordering.is_lt(),
            (Compare::Le, Some(ordering)) => ordering.is_le(),
            (Compare::Gt, Some(ordering)) => ordering.is_gt(),
            (_, Some(ordering)) => ordering.is_ge(),
        };
        let (a, b) = (self.data(left)?, self.data(right)?);
        match (&a, &b) {
            (Data::List(x), Data::List(y)) | (Data::Tuple(x), Data::Tuple(y)) | (Data::Deque(x), Data::Deque(y)) => {
                for index in 0..x.len().min(y.len()) {
                    let (x, y) = (x.get(self, index)?, y.get(self, index)?);
                    if !(self.same(&x, &y)? || self.equal(&x, &y)?) {
                        return self.order(how, &x, &y);
                    }
                }
                return Ok(wanted(Some(x.len().cmp(&y.len()))));
            }
            (Data::Array(x) | Data::Value(Value::Bytes(x)), Data::Array(y))
            | (Data::Array(x), Data::Value(Value::Bytes(y))) => {
                return Ok(wanted(Some((**x).cmp(&**y))));
            }
            (Data::Value(x), Data::Value(y)) => {
                if let Some(ordering) = self.order_of_scalars(x, y)? {
                    return Ok(wanted(ordering));
                }
            }
            _ => {}
        }
        if let (Some(x), Some(y)) = (self.as_set(&a)?, self.as_set(&b)?) {
            let within = |x: &super::dict::Set<'a>, y: &super::dict::Set<'a>| x.items().all(|item| y.has(&item.0));
            return Ok(match how {
                Compare::Lt => x.len() < y.len() && within(&x, &y),
                Compare::Le => within(&x, &y),
                Compare::Gt => y.len() < x.len() && within(&y, &x),
                _ => within(&y, &x),
            });
        }
        let sign = match how {
            Compare::Lt => "<",
            Compare::Le => "<=",
            Compare::Gt => ">",
            _ => ">=",
        };
        let (x, y) = (self.type_name(left), self.type_name(right));
        Err(Failure::wrong_type(format!("'{sign}' not supported between instances of '{x}' and '{y}'")))
    }

    fn order_of_scalars(&self, a: &Value<'a>, b: &Value<'a>) -> Res<Option<Option<Ordering>>> {
        Ok(Some(match (a, b) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp_text(b)),
            (Value::Bytes(a), Value::Bytes(b)) => Some((**a).cmp(&**b)),
            (Value::Exact(exact), other) => return exact.order(other).map_err(Failure::from),
            (other, Value::Exact(exact)) => {
                return exact
                    .order(other)
                    .map(|found| found.map(|some| some.map(Ordering::reverse)))
                    .map_err(Failure::from);
            }
            _ => match (super::number::real(a), super::number::real(b)) {
                (Some(a), Some(b)) => super::number::order(&a, &b),
                _ => return Ok(None),
            },
        }))
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

fn as_complex(value: &Value<'_>) -> Option<(f64, f64)> {
    match value {
        Value::Float(value) => Some((*value, 0.0)),
        Value::Complex(real, imaginary) => Some((*real, *imaginary)),
        _ => None,
    }
}

fn frozen(mut keys: Vec<Key>) -> Key {
    keys.sort_by_cached_key(|key| format!("{key:?}"));
    Key::FrozenSet(keys.into())
}

impl super::value::Blob<'_> {
    /// By code points: the order of UTF-8's bytes.
    fn cmp_text(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
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
