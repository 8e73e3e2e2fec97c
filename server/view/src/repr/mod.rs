//! What `repr()` of an object would give, from the graph, without running anything.

mod characters;
mod class;
mod number;
mod quote;
mod render;

use crashsite_model::numpy::Array;
use crashsite_model::{Dump, Object};

pub(crate) use characters::{characters, count as count_characters};
pub(crate) use class::{full_name, halves};
pub use number::{complex as complex_repr, float as float_repr, int_of_bytes};
pub use quote::{
    bytearray as bytearray_repr, bytes as bytes_repr, python2_str as python2_str_repr, text as text_repr,
    unicode as unicode_repr,
};
pub(crate) use quote::{inside as inside_quotes, next as next_character};

/// Stands for an object that is not in the file.
pub const NOT_CAPTURED: &str = "<not captured>";

/// Whether the dump's Python is Python 2, which prints and compares otherwise.
pub fn is_python2(dump: &Dump) -> bool {
    dump.process.python.major_minor.is_some_and(|version| version.0 == 2)
}

/// The `repr` of an object, at most `most` characters and then `…`.
pub fn of_object(dump: &Dump, object: &Object<'_>, most: usize) -> String {
    let mut render = render::Render::new(dump, most);
    render.object(*object);
    render.finish()
}

/// The `repr` of the object of that number.
pub fn of_number(dump: &Dump, number: u32, most: usize) -> String {
    match dump.heap.object(number) {
        Some(object) => of_object(dump, &object, most),
        None => NOT_CAPTURED.to_owned(),
    }
}

/// The `repr` of a list or tuple of objects that an expression made.
pub fn of_sequence(dump: &Dump, numbers: &[u32], tuple: bool, most: usize) -> String {
    let mut render = render::Render::new(dump, most);
    render.sequence(numbers, tuple);
    render.finish()
}

/// One line of an array of numpy's, or of a part of one.
pub(crate) fn of_array(dump: &Dump, array: &Array<'_>, most: usize) -> String {
    let mut render = render::Render::new(dump, most);
    render.array(array);
    render.finish()
}

/// A few attributes of an object as `name=repr`, for where its `repr` says nothing about it.
pub fn attributes(dump: &Dump, object: &Object<'_>, most: usize) -> String {
    let mut render = render::Render::new(dump, most);
    render.attributes(object);
    render.finish()
}
