//! Pickles of plain data, protocol 4: section 2 of the format.

use std::collections::HashMap;
use std::sync::Arc;

use crate::text::readable;

const PROTO: u8 = 0x80;
const STOP: u8 = b'.';
const MARK: u8 = b'(';
const NONE: u8 = b'N';
const NEWTRUE: u8 = 0x88;
const NEWFALSE: u8 = 0x89;
const BININT1: u8 = b'K';
const BININT2: u8 = b'M';
const BININT: u8 = b'J';
const LONG1: u8 = 0x8A;
const BINFLOAT: u8 = b'G';
const SHORT_BINUNICODE: u8 = 0x8C;
const BINUNICODE: u8 = b'X';
const BINUNICODE8: u8 = 0x8D;
const SHORT_BINBYTES: u8 = b'C';
const BINBYTES: u8 = b'B';
const BINBYTES8: u8 = 0x8E;
const EMPTY_LIST: u8 = b']';
const APPENDS: u8 = b'e';
const EMPTY_DICT: u8 = b'}';
const SETITEMS: u8 = b'u';
const TUPLE: u8 = b't';
const MEMOIZE: u8 = 0x94;
const BINGET: u8 = b'h';
const LONG_BINGET: u8 = b'j';

/// Longer texts hardly come twice.
const LONGEST_MEMOIZED: usize = 1000;
/// How many bytes may be referred to again for each that is written: readers take a pickle that stands for far more
/// than it holds for a bomb.
const AGAIN: usize = 4;

/// A pickle in the making.
pub(crate) struct Pickle {
    out: Vec<u8>,
    /// Texts written, and their indexes in the reader's memo.
    memo: HashMap<Box<[u8]>, u32>,
    again: usize,
}

impl Pickle {
    pub(crate) fn new() -> Self {
        Pickle { out: vec![PROTO, 4], memo: HashMap::new(), again: 0 }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.out.push(STOP);
        self.out
    }

    pub(crate) fn none(&mut self) {
        self.out.push(NONE);
    }

    pub(crate) fn int(&mut self, value: i128) {
        if let Ok(value) = u8::try_from(value) {
            self.out.extend([BININT1, value]);
        } else if let Ok(value) = u16::try_from(value) {
            self.out.push(BININT2);
            self.out.extend(value.to_le_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.out.push(BININT);
            self.out.extend(value.to_le_bytes());
        } else {
            let bits = if value < 0 { (!value).leading_zeros() } else { value.leading_zeros() };
            let length = 16 - (bits as usize - 1) / 8;
            self.out.extend([LONG1, length as u8]);
            self.out.extend(&value.to_le_bytes()[..length]);
        }
    }

    /// A text, by reference where it was written before.
    pub(crate) fn text(&mut self, text: &[u8]) {
        let text = readable(text);
        match self.memo.get(&*text).copied() {
            Some(index) if self.again + text.len() <= self.out.len() * AGAIN => {
                self.again += text.len();
                if let Ok(index) = u8::try_from(index) {
                    self.out.extend([BINGET, index]);
                } else {
                    self.out.push(LONG_BINGET);
                    self.out.extend(index.to_le_bytes());
                }
            }
            Some(_) => self.new_text(&text),
            None => {
                self.new_text(&text);
                if text.len() <= LONGEST_MEMOIZED {
                    self.out.push(MEMOIZE);
                    let index = self.memo.len() as u32;
                    self.memo.insert(text.into(), index);
                }
            }
        }
    }

    fn new_text(&mut self, text: &[u8]) {
        self.counted([SHORT_BINUNICODE, BINUNICODE, BINUNICODE8], text.len());
        self.out.extend(text);
    }

    /// Bytes that `fill` appends, `length` of them.
    pub(crate) fn bytes(&mut self, length: usize, fill: impl FnOnce(&mut Vec<u8>)) {
        self.counted([SHORT_BINBYTES, BINBYTES, BINBYTES8], length);
        let start = self.out.len();
        fill(&mut self.out);
        debug_assert_eq!(self.out.len() - start, length);
    }

    /// One of three opcodes, for lengths of 1, 4 and 8 bytes.
    fn counted(&mut self, opcodes: [u8; 3], length: usize) {
        if let Ok(length) = u8::try_from(length) {
            self.out.extend([opcodes[0], length]);
        } else if let Ok(length) = u32::try_from(length) {
            self.out.push(opcodes[1]);
            self.out.extend(length.to_le_bytes());
        } else {
            self.out.push(opcodes[2]);
            self.out.extend((length as u64).to_le_bytes());
        }
    }

    pub(crate) fn tuple(&mut self, fill: impl FnOnce(&mut Self)) {
        self.out.push(MARK);
        fill(self);
        self.out.push(TUPLE);
    }

    /// A list. Texts in it are written anew: a reader counts what a list refers to.
    pub(crate) fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut put: impl FnMut(&mut Self, T)) {
        self.out.extend([EMPTY_LIST, MARK]);
        items.into_iter().for_each(|item| put(self, item));
        self.out.push(APPENDS);
    }

    pub(crate) fn texts<'t>(&mut self, items: impl IntoIterator<Item = &'t [u8]>) {
        self.list(items, |pickle, item| pickle.new_text(&readable(item)));
    }

    pub(crate) fn dict(&mut self, fill: impl FnOnce(&mut Self)) {
        self.out.extend([EMPTY_DICT, MARK]);
        fill(self);
        self.out.push(SETITEMS);
    }

    /// A key of a dictionary; its value has to follow.
    pub(crate) fn key(&mut self, key: &str) {
        self.text(key.as_bytes());
    }

    /// A key and its value; nothing where the value is absent.
    pub(crate) fn entry(&mut self, key: &str, value: &(impl Value + ?Sized)) {
        if value.is_there() {
            self.key(key);
            value.put(self);
        }
    }
}

/// What can be a value in a pickle.
pub(crate) trait Value {
    fn put(&self, pickle: &mut Pickle);

    /// Whether there is one.
    fn is_there(&self) -> bool {
        true
    }
}

impl<T: Value> Value for Option<T> {
    fn put(&self, pickle: &mut Pickle) {
        match self {
            Some(value) => value.put(pickle),
            None => pickle.none(),
        }
    }

    fn is_there(&self) -> bool {
        self.is_some()
    }
}

impl Value for bool {
    fn put(&self, pickle: &mut Pickle) {
        pickle.out.push(if *self { NEWTRUE } else { NEWFALSE });
    }
}

impl Value for f64 {
    fn put(&self, pickle: &mut Pickle) {
        pickle.out.push(BINFLOAT);
        pickle.out.extend(self.to_be_bytes());
    }
}

macro_rules! int_value {
    ($($int:ty),*) => { $(impl Value for $int {
        fn put(&self, pickle: &mut Pickle) {
            pickle.int(*self as i128);
        }
    })* };
}
int_value!(u8, u32, u64, usize, i64, i128);

impl Value for str {
    fn put(&self, pickle: &mut Pickle) {
        pickle.text(self.as_bytes());
    }
}

impl Value for Arc<str> {
    fn put(&self, pickle: &mut Pickle) {
        pickle.text(self.as_bytes());
    }
}

impl Value for String {
    fn put(&self, pickle: &mut Pickle) {
        pickle.text(self.as_bytes());
    }
}

impl Value for Vec<usize> {
    fn put(&self, pickle: &mut Pickle) {
        pickle.list(self, |pickle, item| item.put(pickle));
    }
}

impl Value for Vec<Arc<str>> {
    fn put(&self, pickle: &mut Pickle) {
        pickle.texts(self.iter().map(|text| text.as_bytes()));
    }
}

impl Value for [String] {
    fn put(&self, pickle: &mut Pickle) {
        pickle.texts(self.iter().map(String::as_bytes));
    }
}
