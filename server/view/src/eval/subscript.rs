//! `value[key]` and `value[lower:upper:step]`, by the meaning of the builtin types.

use std::rc::Rc;

use crashsite_model::{Kind, Object};

use super::class::{self, Maker};
use super::data::{Data, Pairs, Row};
use super::dict::Key;
use super::value::Value;
use super::{Context, Failure, Res};
use crate::repr::characters;

impl<'a> Context<'a> {
    /// The element, or the value of the key.
    pub(super) fn subscript(&self, value: &Value<'a>, key: &Value<'a>) -> Res<Value<'a>> {
        if let Some(array) = self.array_for(value, "__getitem__")? {
            return self.part_of_array(&array, key);
        }
        if let Some(table) = self.table(value) {
            return self.part_of_table(&table, key);
        }
        if let Value::Object(object) = value {
            if object.kind() == Kind::Class {
                return self.of_class_by_key(object, key);
            }
            if super::attribute::is_match(object) {
                return self.group_of_match(object, key);
            }
            self.must_be_builtin(object, "__getitem__")?;
        }
        let slice = match key {
            Value::Slice(parts) => Some(parts.clone()),
            _ => match self.load(key.clone())? {
                Value::Slice(parts) => Some(parts),
                _ => None,
            },
        };
        match (self.data(value)?, slice) {
            (Data::List(row), None) => row.get(self, self.place(key, row.len(), "list")?),
            (Data::Tuple(row), None) => row.get(self, self.place(key, row.len(), "tuple")?),
            (Data::Deque(_), Some(_)) => Err(Failure::wrong_type("sequence index must be integer, not 'slice'")),
            (Data::Deque(row), None) => row.get(self, self.place(key, row.len(), "deque")?),
            (Data::List(row), Some(slice)) => Ok(Value::list(self.part(&row, &slice)?)),
            (Data::Tuple(row), Some(slice)) => Ok(Value::tuple(self.part(&row, &slice)?)),
            (Data::Pairs(pairs), _) => self.of_pairs(value, &pairs, key),
            (Data::Array(bytes), None) => {
                let place = self.place(key, bytes.len(), "bytearray")?;
                Ok(Value::Int(i64::from(bytes.get(place).copied().unwrap_or(0))))
            }
            (Data::Array(bytes), Some(slice)) => self.part_of_bytes(&bytes, &slice).map(Value::array),
            (Data::Memory(memory), None) => memory.item(self.place(key, memory.len()?, "memoryview")?),
            (Data::Memory(memory), Some(slice)) => Ok(memory.part(self.bounds(&slice, memory.len()? as i128)?).value()),
            (Data::Value(made), slice) => self.of_made(value, &made, key, slice.as_deref()),
            _ => {
                let class = self.type_name(value);
                Err(Failure::wrong_type(format!("'{class}' object is not subscriptable")))
            }
        }
    }

    fn of_made(
        &self,
        value: &Value<'a>,
        made: &Value<'a>,
        key: &Value<'a>,
        slice: Option<&[Value<'a>; 3]>,
    ) -> Res<Value<'a>> {
        match (made, slice) {
            (Value::Text(text), None) => {
                let all = characters(text);
                let place = self.place(key, all.len(), "string")?;
                Ok(Value::Text(all.get(place).copied().unwrap_or_default().to_vec().into()))
            }
            (Value::Text(text), Some(slice)) => {
                let all = characters(text);
                let chosen = self.places(slice, all.len())?;
                self.budget.grow(chosen.len())?;
                let parts = chosen.iter().filter_map(|place| all.get(*place).copied());
                Ok(Value::Text(parts.collect::<Vec<_>>().concat().into()))
            }
            (Value::Bytes(bytes), None) => {
                let place = self.place(key, bytes.len(), "index")?;
                let byte = bytes.get(place).copied().unwrap_or(0);
                match self.python2 {
                    true => Ok(Value::Bytes(vec![byte].into())),
                    false => Ok(Value::Int(i64::from(byte))),
                }
            }
            (Value::Bytes(bytes), Some(slice)) => Ok(Value::Bytes(self.part_of_bytes(bytes, slice)?.into())),
            (Value::Range(range), None) => self.item_of_range(range, key),
            (Value::Range(range), Some(slice)) => self.part_of_range(range, slice),
            (Value::Dict(dict), _) => {
                let wanted = self.key(key)?;
                if let Some(found) = dict.borrow().get(&wanted) {
                    return Ok(found.clone());
                }
                self.missing_item(value, key)
            }
            (Value::Class(name), _) if self.version >= (3, 9) && super::alias::is_generic(name) => {
                self.alias(value, key)
            }
            (Value::Class(name), _) => Err(Failure::wrong_type(format!("type '{name}' is not subscriptable"))),
            (Value::Alias(_), _) => {
                let alias = self.text_of_annotation(made)?;
                Err(Failure::wrong_type(format!("{alias} is not a generic class")))
            }
            _ => {
                let class = self.type_name(value);
                Err(Failure::wrong_type(format!("'{class}' object is not subscriptable")))
            }
        }
    }

    fn of_class_by_key(&self, object: &Object<'a>, key: &Value<'a>) -> Res<Value<'a>> {
        if self.members_of_enum(object)?.is_some() {
            if let Value::Text(name) = self.load(key.clone())? {
                let name = String::from_utf8_lossy(&name).into_owned();
                if let Some(member) = self.member_of_enum(object, &name)? {
                    return Ok(member);
                }
            }
            return Err(Failure::new("KeyError", self.show(key, 200)?));
        }
        if let Some(entry) = self.classes.certain_entry(self.dump, object, "__class_getitem__")? {
            return Err(Failure::needs_code(class::place(&entry, "__class_getitem__")));
        }
        Err(Failure::wrong_type(format!("type '{}' is not subscriptable", class::name_of(object).1)))
    }

    fn of_pairs(&self, value: &Value<'a>, pairs: &Pairs<'a>, key: &Value<'a>) -> Res<Value<'a>> {
        let loaded = self.load(key.clone())?;
        if let Value::Text(text) = &loaded
            && let Ok(text) = std::str::from_utf8(text)
            && let Some(number) = self.text_key(&pairs.object, text)
        {
            return self.object(number);
        }
        let wanted = self.key(key)?;
        if let Some(number) = self.find_pair(pairs, &wanted)? {
            return self.object(number);
        }
        pairs.whole().map_err(|_| {
            let shown = self.show(key, 100).unwrap_or_default();
            Failure::not_captured(format!("{shown} is not among the pairs that were captured"))
        })?;
        if let Value::Object(object) = value
            && class::exactly(object.class()).is_none()
            && let Maker::Code(entry) = self.classes.maker(self.dump, object, "__missing__")?
        {
            if class::name_of(&entry.owner).0 == "collections" {
                return Ok(Value::Int(0));
            }
            return Err(Failure::needs_code(class::place(&entry, "__missing__")));
        }
        self.missing_item(value, key)
    }

    /// The value of a key of a captured dict.
    pub(super) fn find_pair(&self, pairs: &Pairs<'a>, wanted: &Key) -> Res<Option<u32>> {
        for (key, value) in pairs.contents.pairs(0) {
            self.budget.step()?;
            if self.key(&self.object(key)?)? == *wanted {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// An int by which something is counted: `__index__`. One beyond 64 bits is as large as can be.
    pub(super) fn index(&self, value: &Value<'a>) -> Res<Option<i64>> {
        let clamped = |wide: i128| i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX });
        Ok(self.wide_index(value)?.map(clamped))
    }

    /// The same; one beyond 128 bits is as large as can be.
    pub(super) fn wide_index(&self, value: &Value<'a>) -> Res<Option<i128>> {
        if let Value::Object(object) = value
            && class::exactly(object.class()).is_none()
        {
            self.must_be_builtin(object, "__index__")?;
        }
        Ok(match self.data(value)? {
            Data::Value(Value::Bool(value)) => Some(i128::from(value)),
            Data::Value(Value::Int(value)) => Some(i128::from(value)),
            Data::Value(Value::Big(value)) => {
                let farthest = if value.sign() == num_bigint::Sign::Minus { i128::MIN } else { i128::MAX };
                Some(i128::try_from(&*value).unwrap_or(farthest))
            }
            _ => None,
        })
    }

    /// The place that an index means; `class` is what messages call the sequence.
    pub(super) fn place(&self, key: &Value<'a>, length: usize, class: &str) -> Res<usize> {
        let Some(wanted) = self.index(key)? else {
            let found = self.type_name(key);
            return Err(Failure::wrong_type(match class {
                "index" => format!("byte indices must be integers or slices, not {found}"),
                "string" if !self.python2 => format!("string indices must be integers, not '{found}'"),
                "deque" => format!("sequence index must be integer, not '{found}'"),
                "memoryview" => "memoryview: invalid slice key".to_owned(),
                class => format!("{class} indices must be integers or slices, not {found}"),
            }));
        };
        if matches!(self.data(key)?, Data::Value(Value::Big(_))) {
            return Err(Failure::new("IndexError", "cannot fit 'int' into an index-sized integer"));
        }
        let from_start = if wanted < 0 { wanted.checked_add(length as i64) } else { Some(wanted) };
        from_start.and_then(|index| usize::try_from(index).ok()).filter(|index| *index < length).ok_or_else(|| {
            Failure::new(
                "IndexError",
                match class {
                    "memoryview" => "index out of bounds on dimension 1".to_owned(),
                    "index" => "index out of range".to_owned(),
                    "deque" => "deque index out of range".to_owned(),
                    class => format!("{class} index out of range"),
                },
            )
        })
    }

    fn part_of_bytes(&self, bytes: &[u8], slice: &[Value<'a>; 3]) -> Res<Vec<u8>> {
        let places = self.places(slice, bytes.len())?;
        self.budget.grow(places.len())?;
        Ok(places.iter().filter_map(|place| bytes.get(*place).copied()).collect())
    }

    fn part(&self, row: &Row<'a>, slice: &Rc<[Value<'a>; 3]>) -> Res<Vec<Value<'a>>> {
        let places = self.places(slice, row.len())?;
        self.budget.grow(places.len().saturating_mul(size_of::<Value<'_>>()))?;
        places.into_iter().map(|place| row.get(self, place)).collect()
    }

    /// The positions that a slice means.
    pub(super) fn places(&self, slice: &[Value<'a>; 3], length: usize) -> Res<Vec<usize>> {
        let (from, to, step) = self.bounds(slice, length as i128)?;
        let mut places = Vec::new();
        let mut at = from;
        while (step > 0 && at < to) || (step < 0 && at > to) {
            self.budget.step()?;
            places.extend(usize::try_from(at).ok());
            at = at.saturating_add(step);
        }
        Ok(places)
    }

    /// Start, stop and step of a slice for a length, as `slice.indices` has them.
    pub(super) fn bounds(&self, slice: &[Value<'a>; 3], length: i128) -> Res<(i128, i128, i128)> {
        let part = |value: &Value<'a>| match self.load(value.clone())? {
            Value::None => Ok(None),
            other => match self.wide_index(&other)? {
                Some(value) => Ok(Some(value)),
                None => Err(Failure::wrong_type("slice indices must be integers or None or have an __index__ method")),
            },
        };
        let [lower, upper, step] = slice;
        let step = part(step)?.unwrap_or(1);
        if step == 0 {
            return Err(Failure::new("ValueError", "slice step cannot be zero"));
        }
        let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let bound = |bound: Option<i128>, default: i128| match bound {
            None => default,
            Some(bound) if bound < 0 => bound.saturating_add(length).max(least),
            Some(bound) => bound.min(most),
        };
        Ok(match step > 0 {
            true => (bound(part(lower)?, 0), bound(part(upper)?, length), step),
            false => (bound(part(lower)?, length - 1), bound(part(upper)?, -1), step),
        })
    }
}
