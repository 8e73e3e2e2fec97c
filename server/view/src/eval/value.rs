//! What an expression works with: captured objects where they lie, and values that it made.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use crashsite_model::{Local, Object};
use num_bigint::BigInt;

use super::dict::{Dict, Set};
use super::iterator::Iter;
use super::range::Range;
use crate::expr::tree::Lambda;
use crate::thread::Place;

/// Text or bytes: of the dump, or made.
#[derive(Debug, Clone)]
pub(super) enum Blob<'a> {
    /// In the heap.
    Held(&'a [u8]),
    /// Made.
    Made(Rc<[u8]>),
}

impl Deref for Blob<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Blob::Held(bytes) => bytes,
            Blob::Made(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for Blob<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Blob::Made(bytes.into())
    }
}

impl From<&str> for Blob<'_> {
    fn from(text: &str) -> Self {
        Blob::Made(text.as_bytes().into())
    }
}

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    /// A captured object, not looked into yet.
    Object(Object<'a>),
    /// The builtin data of a captured object, whatever class it is of: `raw(x)`.
    Raw(Object<'a>),
    /// A local variable of which the file has the preview only.
    Preview(&'a Local),
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// `NotImplemented`
    NotImplemented,
    /// `object()`
    Plain(Rc<()>),
    /// An int of 64 bits.
    Int(i64),
    /// A larger one.
    Big(Rc<BigInt>),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(f64, f64),
    /// `str`; of Python 2 `unicode`.
    Text(Blob<'a>),
    /// `bytes`; of Python 2 `str`.
    Bytes(Blob<'a>),
    /// `bytearray`
    Array(Rc<RefCell<Vec<u8>>>),
    /// `memoryview`
    Memory(Rc<super::memory::Memory<'a>>),
    /// An array of numpy's, or a part of one.
    NdArray(Rc<crashsite_model::numpy::Array<'a>>),
    /// `list`
    List(Rc<RefCell<Vec<Value<'a>>>>),
    /// `tuple`
    Tuple(Rc<[Value<'a>]>),
    /// A tuple of the library's whose elements have names.
    Record(&'static super::record::Kind, Rc<[Value<'a>]>),
    /// `dict`, and its subclasses of the module collections.
    Dict(Rc<RefCell<Dict<'a>>>),
    /// `set`
    Set(Rc<RefCell<Set<'a>>>),
    /// `frozenset`
    FrozenSet(Rc<Set<'a>>),
    /// `collections.deque`, and its `maxlen`.
    Deque(Rc<RefCell<Vec<Value<'a>>>>, Option<usize>),
    /// `range`
    Range(Range),
    /// `slice`
    Slice(Rc<[Value<'a>; 3]>),
    /// `dict.keys()` and its kin.
    DictView(Rc<Value<'a>>, ViewOf),
    /// A class that is known by name, not captured: `int`, `collections.deque`.
    Class(&'static str),
    /// A builtin function.
    Function(&'static str),
    /// A method of a builtin type, and the value it belongs to.
    Method(Rc<Value<'a>>, Rc<str>),
    /// A lambda of the expression.
    Lambda(Rc<Closure<'a>>),
    /// An iterator that the expression made.
    Iterator(Rc<RefCell<Iter<'a>>>),
    /// An instance of a class of the program's that the expression made.
    Instance(Rc<super::made::Made<'a>>),
    /// A builtin exception that the expression made: its class, its arguments.
    Exception(Rc<super::exception::Made<'a>>),
    /// `list[int]`
    Alias(Rc<super::alias::Alias<'a>>),
    /// `int | None`: its members.
    Union(Rc<[Value<'a>]>),
    /// The hash of what has this key, which only the process knew. Two of equal values are equal; nothing else is known.
    Hash(Rc<super::dict::Key>),
    /// A value of `decimal.Decimal`, of `fractions.Fraction`, or of the module datetime.
    Exact(super::exact::Exact),
}

/// What a view of a dict shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ViewOf {
    Keys,
    Values,
    Items,
}

/// A lambda with the scope that it was made in.
#[derive(Debug)]
pub(super) struct Closure<'a> {
    pub(super) lambda: Rc<Lambda>,
    pub(super) defaults: Vec<Option<Value<'a>>>,
    pub(super) scope: Rc<Scope<'a>>,
}

/// Names that an expression binds.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// Where the expression was asked; a lambda of it keeps to the names there.
    pub(super) place: Place<'a>,
    pub(super) names: RefCell<Vec<(String, Value<'a>)>>,
    pub(super) outer: Option<Rc<Scope<'a>>>,
    /// Whether `:=` binds here: not in a comprehension.
    pub(super) binds: bool,
}

impl<'a> Scope<'a> {
    /// That of a whole expression.
    pub(super) fn of_expression(place: Place<'a>) -> Rc<Scope<'a>> {
        Rc::new(Scope { place, names: RefCell::default(), outer: None, binds: true })
    }

    pub(super) fn within(outer: &Rc<Scope<'a>>, binds: bool) -> Rc<Scope<'a>> {
        Rc::new(Scope { place: outer.place, names: RefCell::default(), outer: Some(outer.clone()), binds })
    }

    pub(super) fn get(&self, name: &str) -> Option<Value<'a>> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(found) = here.names.borrow().iter().rfind(|(known, _)| known == name) {
                return Some(found.1.clone());
            }
            scope = here.outer.as_deref();
        }
        None
    }

    pub(super) fn set(&self, name: &str, value: Value<'a>) {
        let mut names = self.names.borrow_mut();
        match names.iter_mut().find(|(known, _)| known == name) {
            Some(place) => place.1 = value,
            None => names.push((name.to_owned(), value)),
        }
    }

    /// Binds a name by `:=`.
    pub(super) fn bind(&self, name: &str, value: Value<'a>) {
        match &self.outer {
            Some(outer) if !self.binds => outer.bind(name, value),
            _ => self.set(name, value),
        }
    }
}

impl<'a> Value<'a> {
    pub(super) fn text(text: &str) -> Self {
        Value::Text(text.into())
    }

    pub(super) fn array(bytes: Vec<u8>) -> Self {
        Value::Array(Rc::new(RefCell::new(bytes)))
    }

    pub(super) fn list(items: Vec<Value<'a>>) -> Self {
        Value::List(Rc::new(RefCell::new(items)))
    }

    pub(super) fn tuple(items: Vec<Value<'a>>) -> Self {
        Value::Tuple(items.into())
    }

    pub(super) fn dict(dict: Dict<'a>) -> Self {
        Value::Dict(Rc::new(RefCell::new(dict)))
    }

    pub(super) fn set(set: Set<'a>) -> Self {
        Value::Set(Rc::new(RefCell::new(set)))
    }

    pub(super) fn int(value: impl Into<BigInt>) -> Self {
        let value = value.into();
        match i64::try_from(&value) {
            Ok(small) => Value::Int(small),
            Err(_) => Value::Big(Rc::new(value)),
        }
    }

    pub(super) fn length(length: usize) -> Self {
        Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
    }
}
