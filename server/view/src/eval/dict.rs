//! Dicts and sets that an expression makes: in the order of insertion, found by the key's value.

use std::rc::Rc;

use num_bigint::BigInt;
use rustc_hash::FxHashMap;

use super::value::Value;

/// What a hashable value equals: two values are equal where their keys are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    None,
    Ellipsis,
    NotImplemented,
    /// Every number that is an integer: `1 == 1.0 == True`.
    Int(i64),
    Big(Rc<BigInt>),
    /// The bits of any other float.
    Float(u64),
    Complex(u64, u64),
    Text(Rc<[u8]>),
    Bytes(Rc<[u8]>),
    Tuple(Rc<[Key]>),
    /// In the order of the keys' own.
    FrozenSet(Rc<[Key]>),
    Range(i128, i128, i128),
    /// A number that is neither an int nor a float: its numerator and denominator.
    Ratio(Rc<BigInt>, Rc<BigInt>),
    /// Of a slice: its parts.
    Slice(Rc<[Key]>),
    /// An object that is equal to itself only.
    Object(u32),
    /// One that an expression made.
    Made(usize),
    /// A class or function known by name.
    Named(Rc<str>),
    /// An object whose class compares by these fields: of a dataclass.
    Fields(Rc<str>, Rc<[Key]>),
    /// A value of an exact type, as text.
    Exact(Rc<str>),
}

/// A dict: which class it is of, its pairs.
#[derive(Debug, Clone)]
pub(super) struct Dict<'a> {
    /// `dict`, `OrderedDict`, `defaultdict`, `Counter`
    pub(super) class: &'static str,
    /// Of a `defaultdict`.
    pub(super) factory: Option<Value<'a>>,
    index: FxHashMap<Key, usize>,
    /// A pair that was removed leaves its place empty.
    pairs: Vec<Option<(Value<'a>, Value<'a>)>>,
}

impl Default for Dict<'_> {
    fn default() -> Self {
        Dict::of("dict")
    }
}

impl<'a> Dict<'a> {
    pub(super) fn of(class: &'static str) -> Self {
        Dict { class, factory: None, index: FxHashMap::default(), pairs: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Value<'a>> {
        self.pairs.get(*self.index.get(key)?)?.as_ref().map(|pair| &pair.1)
    }

    pub(super) fn insert(&mut self, key: Key, name: Value<'a>, value: Value<'a>) {
        match self.index.get(&key) {
            Some(&place) => {
                if let Some(Some(pair)) = self.pairs.get_mut(place) {
                    pair.1 = value;
                }
            }
            None => {
                self.index.insert(key, self.pairs.len());
                self.pairs.push(Some((name, value)));
            }
        }
    }

    pub(super) fn remove(&mut self, key: &Key) -> Option<(Value<'a>, Value<'a>)> {
        let place = self.index.remove(key)?;
        self.pairs.get_mut(place)?.take()
    }

    pub(super) fn clear(&mut self) {
        self.index.clear();
        self.pairs.clear();
    }

    pub(super) fn pairs(&self) -> impl DoubleEndedIterator<Item = &(Value<'a>, Value<'a>)> {
        self.pairs.iter().flatten()
    }
}

/// A set.
#[derive(Debug, Clone, Default)]
pub(super) struct Set<'a> {
    index: FxHashMap<Key, usize>,
    items: Vec<Option<(Key, Value<'a>)>>,
}

impl<'a> Set<'a> {
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn has(&self, key: &Key) -> bool {
        self.index.contains_key(key)
    }

    pub(super) fn insert(&mut self, key: Key, value: Value<'a>) -> bool {
        if self.index.contains_key(&key) {
            return false;
        }
        self.index.insert(key.clone(), self.items.len());
        self.items.push(Some((key, value)));
        true
    }

    pub(super) fn remove(&mut self, key: &Key) -> Option<Value<'a>> {
        let place = self.index.remove(key)?;
        self.items.get_mut(place)?.take().map(|item| item.1)
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &(Key, Value<'a>)> {
        self.items.iter().flatten()
    }
}
