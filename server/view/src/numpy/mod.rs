//! What an array or a scalar of numpy shows: one line of it, in pieces.
//!
//! The text is that of the capture's previews (`python/crashsite/_numpy.py`): `<ndarray float64 (500, 2) min 0.0 max 9.5, 2 NaN: [[…], …]>`.

mod date;
mod number;

use crashsite_model::numpy::{Array, Dtype, Item, Sort, Statistics};
use crashsite_model::{Dump, Payload};

use crate::repr;
use crate::value::{LONGEST_REPR, Value};

/// Items that one line shows at each end of the last axis, and of the others.
const SHOWN: u64 = 3;
const SHOWN_OUTSIDE: u64 = 1;
/// Pieces of one line; more do not fit.
const MOST_PIECES: usize = 1000;
/// Bytes of an item without a meaning that are written out.
const MOST_BYTES: usize = 200;

/// What a line is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    /// Words.
    Text(String),
    /// The `repr` of an object.
    Object(u32),
}

/// One line of an array or scalar whose class has that name.
pub(crate) fn pieces(dump: &Dump, array: &Array<'_>, class: &str) -> Vec<Piece> {
    if array.is_scalar && array.shape().is_empty() {
        return scalar(array, class);
    }
    let mut out = vec![Piece::Text(heading(dump, array, class))];
    push_axis(array, &mut Vec::new(), &mut out);
    out.push(Piece::Text(">".to_owned()));
    out
}

/// An element of the first axis of an array, as answers show it.
pub(crate) fn row(dump: &Dump, array: &Array<'_>, place: u64) -> Option<Value> {
    let row = array.at(0, place)?;
    if !row.shape().is_empty() {
        let text = repr::of_array(dump, &row, LONGEST_REPR);
        return Some(Value::made("ndarray", "numpy", text, row.row_count()));
    }
    match row.item(&[])? {
        Item::Object(number) => Some(Value::of_number(dump, number)),
        item => Some(Value::made(&row.dtype.name(), "numpy", text(&item, &row.dtype), 0)),
    }
}

fn heading(dump: &Dump, array: &Array<'_>, class: &str) -> String {
    let shape = array.shape();
    let mut text = format!("<{class} {} {}", array.dtype.name(), tuple(&shape));
    let last = shape.len().saturating_sub(1);
    let is_summarised = shape.iter().enumerate().any(|(axis, length)| *length > 2 * shown(axis == last));
    if let Some(statistics) = array.statistics
        && is_summarised
    {
        push_statistics(dump, array, statistics, &mut text);
    }
    text + ": "
}

pub(crate) fn push_statistics(dump: &Dump, array: &Array<'_>, statistics: Statistics, text: &mut String) {
    if let (Some(least), Some(greatest)) = (statistics.least, statistics.greatest) {
        let of = |number| counted(dump, &array.dtype, number);
        text.push_str(&format!(" min {} max {}", of(least), of(greatest)));
    }
    if statistics.nothing > 0 {
        let name = if matches!(array.dtype.sort, Sort::Date | Sort::Delta) { "NaT" } else { "NaN" };
        text.push_str(&format!(", {} {name}", statistics.nothing));
    }
    if statistics.counted < array.len() {
        text.push_str(&format!(" of the first {}", statistics.counted));
    }
}

/// A number that was counted, as an item of its array.
fn counted(dump: &Dump, dtype: &Dtype, number: u32) -> String {
    let item = match (dump.heap.object(number).map(|object| object.payload()), dtype.sort) {
        (Some(Payload::Int(value)), Sort::Date) => Item::Date(Some(value)),
        (Some(Payload::Int(value)), Sort::Delta) => Item::Delta(Some(value)),
        (Some(Payload::Float(value)), _) => Item::Float(value, dtype.itemsize),
        _ => return repr::of_number(dump, number, MOST_BYTES),
    };
    text(&item, dtype)
}

fn shown(last: bool) -> u64 {
    if last { SHOWN } else { SHOWN_OUTSIDE }
}

/// What is shown of the axes from that of `places` on: `None` for what is left out.
fn push_axis(array: &Array<'_>, places: &mut Vec<u64>, out: &mut Vec<Piece>) {
    let shape = array.shape();
    let Some(&length) = shape.get(places.len()) else {
        out.push(match array.item(places) {
            Some(Item::Object(number)) => Piece::Object(number),
            Some(item) => Piece::Text(text(&item, &array.dtype)),
            None => Piece::Text("…".to_owned()),
        });
        return;
    };
    let most = shown(places.len() + 1 == shape.len());
    let kept = array.kept(places.len());
    let ends = if kept >= length && length <= 2 * most { length } else { most.min(kept) };
    out.push(Piece::Text("[".to_owned()));
    let mut first = true;
    let tail = if ends == length { length } else { length.saturating_sub(ends) };
    for place in (0..ends).map(Some).chain((ends < length).then_some(None)).chain((tail..length).map(Some)) {
        if out.len() > MOST_PIECES {
            break;
        }
        if !first {
            out.push(Piece::Text(", ".to_owned()));
        }
        first = false;
        match place {
            Some(place) => {
                places.push(place);
                push_axis(array, places, out);
                places.pop();
            }
            None => out.push(Piece::Text("…".to_owned())),
        }
    }
    out.push(Piece::Text("]".to_owned()));
}

/// A shape as Python writes the tuple.
pub(crate) fn tuple(shape: &[u64]) -> String {
    match shape {
        [one] => format!("({one},)"),
        _ => format!("({})", shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The class of an array, or of an item of one.
pub(crate) fn class_of(array: &Array<'_>) -> &'static str {
    match (array.dtype.sort, array.dtype.itemsize) {
        _ if !array.is_scalar => "numpy.ndarray",
        (Sort::Date, _) => "numpy.datetime64",
        (Sort::Delta, _) => "numpy.timedelta64",
        (Sort::Float, 2) => "numpy.float16",
        (Sort::Float, 4) => "numpy.float32",
        (Sort::Float, 8) => "numpy.float64",
        (Sort::Float, _) => "numpy.longdouble",
        (Sort::Complex, 8) => "numpy.complex64",
        (Sort::Complex, 16) => "numpy.complex128",
        (Sort::Complex, _) => "numpy.clongdouble",
        _ => "numpy.void",
    }
}

/// As numpy 2 writes its scalars: `np.float64(1.5)`.
fn scalar(array: &Array<'_>, class: &str) -> Vec<Piece> {
    let is_item = array.object.attribute("shape").is_some();
    let name = if is_item { class_of(array).trim_start_matches("numpy.") } else { class };
    let (text, dtype) = match array.item(&[]) {
        Some(Item::Object(_)) | None => ("…".to_owned(), &array.dtype),
        Some(item) => (text(&item, &array.dtype), &array.dtype),
    };
    vec![Piece::Text(match dtype.sort {
        _ if text == "…" => format!("np.{name}(…)"),
        Sort::Bool => format!("np.{text}_"),
        Sort::Delta => {
            let number = text.split(' ').next().filter(|text| *text != "NaT").unwrap_or("'NaT'");
            match &*dtype.unit {
                "" => format!("np.{name}({number})"),
                unit => format!("np.{name}({number},'{unit}')"),
            }
        }
        Sort::Date => format!("np.{name}('{text}')"),
        Sort::Float if dtype.itemsize > 8 => format!("np.{name}('{text}')"),
        Sort::Complex => format!("np.{name}({})", text.trim_start_matches('(').trim_end_matches(')')),
        _ => format!("np.{name}({text})"),
    })]
}

/// An item that is no object, as `str` of numpy's scalar has it.
pub(crate) fn text(item: &Item<'_>, dtype: &Dtype) -> String {
    match item {
        Item::Bool(value) => (if *value { "True" } else { "False" }).to_owned(),
        Item::Int(value) => value.to_string(),
        Item::Float(value, size) => number::float(*value, *size),
        Item::Complex(real, imaginary, size) => number::complex(*real, *imaginary, *size),
        Item::Date(value) => value.map_or_else(|| "NaT".to_owned(), |value| date::date(value, &dtype.unit)),
        Item::Delta(value) => value.map_or_else(|| "NaT".to_owned(), |value| date::delta(value, &dtype.unit)),
        Item::Text(text) => repr::text_repr(text.as_bytes(), MOST_BYTES),
        Item::Raw(bytes) => repr::bytes_repr(bytes, MOST_BYTES),
        Item::Object(_) => "…".to_owned(),
        Item::Fields(items) => {
            let fields = dtype.fields.iter().zip(items);
            let shown = fields.map(|(field, item)| match item {
                Some(item) => text(item, &field.dtype),
                None => "…".to_owned(),
            });
            let shown: Vec<String> = shown.collect();
            format!("({}{})", shown.join(", "), if shown.len() == 1 { "," } else { "" })
        }
    }
}
