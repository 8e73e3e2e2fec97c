//! Iterators that an expression makes. Nothing is gone through before it is asked for.

use std::cell::RefCell;
use std::rc::Rc;

use crashsite_model::{Kind, Object};

use super::class::Maker;
use super::data::{Data, Pairs, Row};
use super::generator::Generator;
use super::range::Range;
use super::value::{Blob, Value, ViewOf};
use super::{Context, Failure, Res, class};
use crate::repr::next_character;

/// An iterator.
#[derive(Debug)]
pub(super) enum Iter<'a> {
    Row(Row<'a>, usize, &'static str),
    /// A list of the expression's own, which may grow meanwhile.
    List(Rc<RefCell<Vec<Value<'a>>>>, usize),
    Pairs(Pairs<'a>, u64, ViewOf),
    /// What is left of a range.
    Range(Range),
    /// The values that a function gives, until one equals the last.
    Called(Value<'a>, Value<'a>),
    Text(Blob<'a>, usize),
    Bytes(Blob<'a>, usize),
    Enumerate(Box<Iter<'a>>, i128),
    Zip(Vec<Iter<'a>>, bool),
    Map(Value<'a>, Vec<Iter<'a>>),
    Filter(Value<'a>, Box<Iter<'a>>),
    Generator(Box<Generator<'a>>),
    /// The same iterator elsewhere.
    Shared(Rc<RefCell<Iter<'a>>>),
}

impl<'a> Iter<'a> {
    pub(super) fn of(items: Vec<Value<'a>>, name: &'static str) -> Self {
        Iter::Row(Row::Made(items.into()), 0, name)
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Iter::Row(_, _, name) => name,
            Iter::List(..) => "list_iterator",
            Iter::Pairs(_, _, ViewOf::Keys) => "dict_keyiterator",
            Iter::Pairs(_, _, ViewOf::Values) => "dict_valueiterator",
            Iter::Pairs(_, _, ViewOf::Items) => "dict_itemiterator",
            Iter::Range(range) if range.is_long() => "longrange_iterator",
            Iter::Range(_) => "range_iterator",
            Iter::Called(..) => "callable_iterator",
            Iter::Text(text, _) if text.is_ascii() => "str_ascii_iterator",
            Iter::Text(..) => "str_iterator",
            Iter::Bytes(..) => "bytes_iterator",
            Iter::Enumerate(..) => "enumerate",
            Iter::Zip(..) => "zip",
            Iter::Map(..) => "map",
            Iter::Filter(..) => "filter",
            Iter::Generator(_) => "generator",
            Iter::Shared(_) => "iterator",
        }
    }

    pub(super) fn value(self) -> Value<'a> {
        Value::Iterator(Rc::new(RefCell::new(self)))
    }
}

impl<'a> Context<'a> {
    /// `iter(value)`
    pub(super) fn iterate(&self, value: &Value<'a>) -> Res<Iter<'a>> {
        if let Some(table) = self.table(value) {
            return Ok(Iter::of(self.items_of_table(&table)?, "iterator"));
        }
        if let Some(array) = self.array_for(value, "__iter__")? {
            return Ok(Iter::of(self.rows_of_array(&array)?, "iterator"));
        }
        if let Value::Object(object) = value {
            if let Some(members) = self.members_of_enum(object)? {
                return Ok(Iter::of(members, "generator"));
            }
            if self.flag_value(value).is_none() {
                self.check_iterable(object)?;
            }
        }
        if self.version >= (3, 11)
            && let Some(bits) = self.bits_of_flag(value)?
        {
            return Ok(Iter::of(bits, "generator"));
        }
        match self.data(value)? {
            Data::List(row) => Ok(match value {
                Value::List(items) => Iter::List(items.clone(), 0),
                _ => Iter::Row(row, 0, "list_iterator"),
            }),
            Data::Tuple(row) => Ok(Iter::Row(row, 0, "tuple_iterator")),
            Data::Deque(row) => Ok(Iter::Row(row, 0, "collections._deque_iterator")),
            Data::Set(row, _) => Ok(Iter::Row(row, 0, "set_iterator")),
            Data::Pairs(pairs) => Ok(Iter::Pairs(pairs, 0, ViewOf::Keys)),
            Data::Value(Value::Text(text)) => Ok(Iter::Text(text, 0)),
            Data::Value(Value::Bytes(bytes)) => Ok(Iter::Bytes(bytes, 0)),
            Data::Array(bytes) => {
                let bytes = bytes.iter().map(|byte| Value::Int(i64::from(*byte))).collect();
                Ok(Iter::of(bytes, "bytearray_iterator"))
            }
            Data::Memory(memory) => {
                let items = (0..memory.len()?).map(|index| memory.item(index)).collect::<Res<_>>()?;
                Ok(Iter::of(items, "memory_iterator"))
            }
            Data::Value(Value::Range(range)) => Ok(Iter::Range(range)),
            Data::Value(Value::Dict(dict)) => {
                let keys = dict.borrow().pairs().map(|pair| pair.0.clone()).collect();
                Ok(Iter::of(keys, "dict_keyiterator"))
            }
            Data::Value(Value::Set(set)) => {
                Ok(Iter::of(set.borrow().ordered().into_iter().map(|item| item.1).collect(), "set_iterator"))
            }
            Data::Value(Value::FrozenSet(set)) => {
                Ok(Iter::of(set.ordered().into_iter().map(|item| item.1).collect(), "set_iterator"))
            }
            Data::Value(Value::DictView(of, which)) => self.iterate_view(&of, which),
            Data::Value(Value::Iterator(iterator)) => Ok(Iter::Shared(iterator)),
            Data::Other(object) if is_iterator(&object) => Err(at_work(&object)),
            _ => Err(Failure::wrong_type(format!("'{}' object is not iterable", self.type_name(value)))),
        }
    }

    fn check_iterable(&self, object: &Object<'a>) -> Res<()> {
        match self.classes.maker(self.dump, object, "__iter__")? {
            Maker::Builtin => {}
            Maker::Dataclass | Maker::Forbidden => {
                return Err(Failure::wrong_type(format!("'{}' object is not iterable", object.class_name())));
            }
            Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, "__iter__"))),
        }
        if matches!(self.data(&Value::Object(*object))?, Data::Other(_)) {
            // The old way to be iterable.
            if let Maker::Code(entry) = self.classes.maker(self.dump, object, "__getitem__")? {
                return Err(Failure::needs_code(class::place(&entry, "__getitem__")));
            }
        }
        Ok(())
    }

    fn iterate_view(&self, of: &Value<'a>, which: ViewOf) -> Res<Iter<'a>> {
        match self.data(of)? {
            Data::Pairs(pairs) => Ok(Iter::Pairs(pairs, 0, which)),
            Data::Value(Value::Dict(dict)) => {
                let dict = dict.borrow();
                let (items, name): (Vec<Value<'a>>, _) = match which {
                    ViewOf::Keys => (dict.pairs().map(|pair| pair.0.clone()).collect(), "dict_keyiterator"),
                    ViewOf::Values => (dict.pairs().map(|pair| pair.1.clone()).collect(), "dict_valueiterator"),
                    ViewOf::Items => {
                        let pair = |pair: &(Value<'a>, Value<'a>)| Value::tuple(vec![pair.0.clone(), pair.1.clone()]);
                        (dict.pairs().map(pair).collect(), "dict_itemiterator")
                    }
                };
                Ok(Iter::of(items, name))
            }
            _ => Err(Failure::wrong_type("the dict of a view is none")),
        }
    }

    /// `next(iterator)`; `None` at the end.
    pub(super) fn next(&self, iterator: &mut Iter<'a>) -> Res<Option<Value<'a>>> {
        self.budget.step()?;
        Ok(match iterator {
            Iter::Row(row, place, _) => {
                if *place >= row.len() {
                    return Ok(None);
                }
                *place += 1;
                Some(row.get(self, *place - 1)?)
            }
            Iter::List(items, place) => {
                *place += 1;
                items.borrow().get(*place - 1).cloned()
            }
            Iter::Pairs(pairs, place, which) => {
                // The pairs that the file has come one after the other; where some are missing that is said at the end.
                let Some((key, value)) = pairs.contents.pair(*place) else {
                    pairs.whole()?;
                    return Ok(None);
                };
                *place += 1;
                Some(match which {
                    ViewOf::Keys => self.object(key)?,
                    ViewOf::Values => self.object(value)?,
                    ViewOf::Items => Value::tuple(vec![self.object(key)?, self.object(value)?]),
                })
            }
            Iter::Range(range) => (range.len() > 0).then(|| {
                let value = Value::int(range.start);
                range.start += range.step;
                value
            }),
            Iter::Called(function, last) => {
                let value = self.call(function, Vec::new(), Vec::new())?;
                (!self.equal(&value, last)?).then_some(value)
            }
            Iter::Text(text, place) => {
                let rest = text.get(*place..).unwrap_or_default();
                if rest.is_empty() {
                    return Ok(None);
                }
                let length = next_character(rest).1;
                *place += length;
                Some(Value::Text(rest.get(..length).unwrap_or(rest).to_vec().into()))
            }
            Iter::Bytes(bytes, place) => {
                *place += 1;
                bytes.get(*place - 1).map(|byte| match self.python2 {
                    true => Value::Bytes(vec![*byte].into()),
                    false => Value::Int(i64::from(*byte)),
                })
            }
            Iter::Enumerate(inner, number) => match self.next(inner)? {
                Some(value) => {
                    let numbered = Value::tuple(vec![Value::int(*number), value]);
                    *number = number.saturating_add(1);
                    Some(numbered)
                }
                None => None,
            },
            Iter::Zip(all, strict) => self.next_of_zip(all, *strict)?,
            Iter::Map(function, all) => {
                let mut arguments = Vec::with_capacity(all.len());
                for one in all.iter_mut() {
                    match self.next(one)? {
                        Some(value) => arguments.push(value),
                        None => return Ok(None),
                    }
                }
                Some(self.call(function, arguments, Vec::new())?)
            }
            Iter::Filter(function, inner) => loop {
                let Some(value) = self.next(inner)? else { return Ok(None) };
                let keep = match &*function {
                    Value::None => self.truth(&value)?,
                    function => self.truth(&self.call(function, vec![value.clone()], Vec::new())?)?,
                };
                if keep {
                    break Some(value);
                }
            },
            Iter::Generator(generator) => self.next_of_generator(generator)?,
            Iter::Shared(inner) => match inner.try_borrow_mut() {
                Ok(mut inner) => self.next(&mut inner)?,
                Err(_) => return Err(Failure::new("ValueError", "generator already executing")),
            },
        })
    }

    fn next_of_zip(&self, all: &mut [Iter<'a>], strict: bool) -> Res<Option<Value<'a>>> {
        let mut values = Vec::with_capacity(all.len());
        for (place, one) in all.iter_mut().enumerate() {
            match self.next(one)? {
                Some(value) => values.push(value),
                None if strict && place > 0 => {
                    let first = if place == 1 { "argument 1".to_owned() } else { format!("arguments 1-{place}") };
                    let message = format!("zip() argument {} is shorter than {first}", place + 1);
                    return Err(Failure::new("ValueError", message));
                }
                None => {
                    for (later, one) in all.iter_mut().enumerate().skip(1) {
                        if strict && self.next(one)?.is_some() {
                            let first =
                                if later == 1 { "argument 1".to_owned() } else { format!("arguments 1-{later}") };
                            let message = format!("zip() argument {} is longer than {first}", later + 1);
                            return Err(Failure::new("ValueError", message));
                        }
                    }
                    return Ok(None);
                }
            }
        }
        Ok((!all.is_empty()).then(|| Value::tuple(values)))
    }

    /// All that is left of an iterable.
    pub(super) fn collect(&self, value: &Value<'a>) -> Res<Vec<Value<'a>>> {
        let mut iterator = self.iterate(value)?;
        let mut items = Vec::new();
        while let Some(item) = self.next(&mut iterator)? {
            self.budget.grow(size_of::<Value<'_>>())?;
            items.push(item);
        }
        Ok(items)
    }
}

/// Whether an object is one of the interpreter's own iterators.
pub(super) fn is_iterator(object: &Object<'_>) -> bool {
    const NAMES: &[&str] = &["reversed", "enumerate", "zip", "map", "filter", "generator", "iterator"];
    let name = object.class_name();
    matches!(object.kind(), Kind::Opaque | Kind::Wrapper) && (NAMES.contains(&name) || name.ends_with("iterator"))
}

/// A captured iterator is not gone on with.
pub(super) fn at_work(object: &Object<'_>) -> Failure {
    Failure::new("NotSupported", format!("going on with a captured {}", object.class_name()))
        .remedy("`print` shows what it goes over, and where it is.")
}
