//! The methods of `str` and of `bytes` (and `bytearray`), which share their algorithms: a [`Kind`] says what an element
//! is (a code point or a byte), which elements are whitespace, and how errors are worded.
//!
//! Indices are Python's: counted in elements, negative ones from the end. A result that would take more than `limit`
//! bytes (or pieces, where a list is made) is refused with a `Limit` before it is allocated. Comparison and `in` need
//! no functions: the order of the bytes of UTF-8 is the order of the code points.

mod build;
mod case;
mod class;
mod convert;
mod decode;
mod encode;
mod kind;
mod out;
mod parts;
mod search;
mod tables;

pub use build::{Side, center, expandtabs, join, just, repeat, replace, zfill};
pub use case::{capitalize, casefold, lower, swapcase, title, upper};
pub use class::{
    isalnum, isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric, isprintable, isspace, istitle,
    isupper,
};
pub use convert::{bytes_maketrans, bytes_translate, element, fromhex, hex, maketrans, translate};
pub use decode::decode;
pub use encode::{Encoding, Errors, Order, encode};
pub use kind::{Kind, at, len, ord, push, slice};
pub use parts::{lstrip, partition, removeprefix, removesuffix, rpartition, rsplit, rstrip, split, splitlines, strip};
pub use search::{count, endswith, find, index, rfind, rindex, startswith};
