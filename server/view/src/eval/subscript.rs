//! `value[key]` and `value[lower:upper:step]`, by the meaning of the builtin types.

use crashsite_model::{Dump, Kind, Object, Payload};

use super::{Failure, Found, object};
use crate::expr::Key;
use crate::repr::is_python2;

/// Elements of a slice.
const LONGEST_SLICE: usize = 10_000;

/// The element, or the value of the key.
pub(super) fn of<'a>(dump: &'a Dump, found: &Found<'a>, key: &Key) -> Result<Found<'a>, Failure> {
    match found {
        Found::Object(value) => match value.kind() {
            Kind::List | Kind::Tuple | Kind::Deque => element(dump, value, key),
            Kind::Dict => pair(dump, value, key),
            _ => match value.payload() {
                Payload::Text(text) => character(text, key),
                Payload::Bytes(bytes) => byte(dump, bytes, key),
                _ => {
                    let class = value.class_name();
                    Err(Failure::new(
                        "TypeError",
                        format!("'{class}' object is not subscriptable without running code"),
                    ))
                }
            },
        },
        Found::Text(text) => character(text, key),
        Found::Bytes(bytes) => byte(dump, bytes, key),
        Found::Sequence { numbers, .. } => {
            let index = index(key, numbers.len() as u64, "list")?;
            let number = usize::try_from(index).ok().and_then(|index| numbers.get(index));
            object(dump, *number.ok_or_else(|| out_of_range("list"))?)
        }
        Found::Preview(_) => Err(Failure::new("NotCaptured", "of this value the dump holds its preview only")
            .remedy("A budget of the capture was spent, or the file is cut: see `crashsite info`.")),
        Found::Int(_) | Found::Constant(_) => Err(Failure::new("TypeError", "the value is not subscriptable")),
    }
}

fn element<'a>(dump: &'a Dump, value: &Object<'a>, key: &Key) -> Result<Found<'a>, Failure> {
    let contents = dump.heap.contents(value);
    let length = true_length(dump, value, contents.end());
    let class = value.class_name();
    let index = index(key, length, class)?;
    match contents.element(index) {
        Some(number) => object(dump, number),
        None => Err(Failure::new("NotCaptured", format!("element {index} of {length} was not captured"))),
    }
}

/// The length in the process, where elements are missing from the file.
fn true_length(dump: &Dump, value: &Object<'_>, here: u64) -> u64 {
    dump.heap.state(value).full_length.unwrap_or(here).max(here)
}

fn index(key: &Key, length: u64, class: &str) -> Result<u64, Failure> {
    let wanted = match key {
        Key::Int(number) => *number,
        Key::Bool(yes) => i64::from(*yes),
        _ => return Err(Failure::new("TypeError", format!("{class} indices must be integers"))),
    };
    let from_start = if wanted < 0 { wanted.checked_add_unsigned(length) } else { Some(wanted) };
    from_start.and_then(|index| u64::try_from(index).ok()).filter(|index| *index < length).ok_or_else(|| {
        Failure::new("IndexError", format!("{class} index out of range: {wanted}, the length is {length}"))
    })
}

fn out_of_range(class: &str) -> Failure {
    Failure::new("IndexError", format!("{class} index out of range"))
}

fn pair<'a>(dump: &'a Dump, value: &Object<'a>, key: &Key) -> Result<Found<'a>, Failure> {
    let contents = dump.heap.contents(value);
    for (candidate, held) in contents.pairs(0) {
        if dump.heap.object(candidate).is_some_and(|candidate| equal(dump, &candidate, key)) {
            return object(dump, held);
        }
    }
    let shown = shown(key);
    if true_length(dump, value, contents.end()) > contents.len() {
        return Err(Failure::new("NotCaptured", format!("{shown} is not among the pairs that were captured")));
    }
    Err(Failure::new("KeyError", shown))
}

/// Whether an object equals a key, as Python's builtin types compare: `1 == 1.0 == True`.
fn equal(dump: &Dump, object: &Object<'_>, key: &Key) -> bool {
    match (key, object.payload()) {
        (Key::Text(text), Payload::Text(held)) => text.as_bytes() == held,
        (Key::Bytes(bytes), Payload::Bytes(held)) => bytes == held,
        // In Python 2 `'a' == u'a'`, as far as it is ASCII.
        (Key::Text(text), Payload::Bytes(held)) => is_python2(dump) && text.is_ascii() && text.as_bytes() == held,
        (Key::Int(number), Payload::Int(held)) => *number == held,
        (Key::Bool(yes), Payload::Int(held)) => i64::from(*yes) == held,
        (Key::Float(number), Payload::Int(held)) => *number == held as f64 && number.trunc() as i64 == held,
        (Key::Float(number), Payload::Float(held)) => *number == held,
        (Key::Int(number), Payload::Float(held)) => *number as f64 == held && held.trunc() as i64 == *number,
        (Key::Bool(yes), Payload::Float(held)) => f64::from(u8::from(*yes)) == held,
        (Key::None, Payload::None) => atom(object, "None"),
        (Key::Bool(yes), Payload::None) => atom(object, if *yes { "True" } else { "False" }),
        (Key::Int(number @ (0 | 1)), Payload::None) => atom(object, if *number == 1 { "True" } else { "False" }),
        (Key::Tuple(parts), Payload::None) if object.kind() == Kind::Tuple => {
            object.element_count() == parts.len()
                && object.elements().zip(parts).all(|(number, part)| {
                    !matches!(part, Key::Tuple(_))
                        && dump.heap.object(number).is_some_and(|element| equal(dump, &element, part))
                })
        }
        _ => false,
    }
}

fn atom(object: &Object<'_>, text: &str) -> bool {
    object.kind() == Kind::Atom && object.note() == Some(text.as_bytes())
}

fn shown(key: &Key) -> String {
    match key {
        Key::None => "None".to_owned(),
        Key::Bool(yes) => (if *yes { "True" } else { "False" }).to_owned(),
        Key::Int(number) => number.to_string(),
        Key::Float(number) => crate::repr::float_repr(*number),
        Key::Text(text) => crate::repr::text_repr(text.as_bytes(), 100),
        Key::Bytes(bytes) => crate::repr::bytes_repr(bytes, 100),
        Key::Tuple(parts) => format!("({})", parts.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}

/// The characters of a text, each as its bytes. A lone surrogate is one character of three bytes.
fn characters(text: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<usize> = Vec::with_capacity(text.len());
    starts.extend(text.iter().enumerate().filter(|(_, byte)| **byte & 0xC0 != 0x80).map(|(at, _)| at));
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| text.get(*start..end)).collect()
}

fn character<'a>(text: &[u8], key: &Key) -> Result<Found<'a>, Failure> {
    let characters = characters(text);
    let index = index(key, characters.len() as u64, "string")?;
    let found = usize::try_from(index).ok().and_then(|index| characters.get(index));
    found.map(|found| Found::Text(found.to_vec())).ok_or_else(|| out_of_range("string"))
}

/// An int; of a `str` of Python 2 a `str`.
fn byte<'a>(dump: &Dump, bytes: &[u8], key: &Key) -> Result<Found<'a>, Failure> {
    let index = index(key, bytes.len() as u64, "bytes")?;
    let found = usize::try_from(index).ok().and_then(|index| bytes.get(index));
    let whole = |found: &u8| if is_python2(dump) { Found::Bytes(vec![*found]) } else { Found::Int(i64::from(*found)) };
    found.map(whole).ok_or_else(|| out_of_range("bytes"))
}

/// A slice.
pub(super) fn slice<'a>(
    dump: &'a Dump,
    found: &Found<'a>,
    lower: Option<i64>,
    upper: Option<i64>,
    step: Option<i64>,
) -> Result<Found<'a>, Failure> {
    let cut = |length: u64| positions(length, lower, upper, step);
    match found {
        Found::Object(value) => match (value.kind(), value.payload()) {
            (Kind::List | Kind::Tuple, _) => {
                let contents = dump.heap.contents(value);
                let length = true_length(dump, value, contents.end());
                let numbers =
                    cut(length)?.into_iter().map(|index| contents.element(index).unwrap_or(u32::MAX)).collect();
                Ok(Found::Sequence { tuple: value.kind() == Kind::Tuple, numbers })
            }
            (_, Payload::Text(text)) => text_slice(text, cut),
            (_, Payload::Bytes(bytes)) => bytes_slice(bytes, cut),
            _ => Err(Failure::new(
                "TypeError",
                format!("'{}' object cannot be sliced without running code", value.class_name()),
            )),
        },
        Found::Text(text) => text_slice(text, cut),
        Found::Bytes(bytes) => bytes_slice(bytes, cut),
        Found::Sequence { tuple, numbers } => {
            let chosen = cut(numbers.len() as u64)?;
            let numbers =
                chosen.into_iter().filter_map(|index| numbers.get(usize::try_from(index).ok()?).copied()).collect();
            Ok(Found::Sequence { tuple: *tuple, numbers })
        }
        _ => Err(Failure::new("TypeError", "the value cannot be sliced")),
    }
}

fn text_slice<'a>(text: &[u8], cut: impl Fn(u64) -> Result<Vec<u64>, Failure>) -> Result<Found<'a>, Failure> {
    let characters = characters(text);
    let chosen = cut(characters.len() as u64)?;
    let parts = chosen.into_iter().filter_map(|index| characters.get(usize::try_from(index).ok()?).copied());
    Ok(Found::Text(parts.collect::<Vec<_>>().concat()))
}

fn bytes_slice<'a>(bytes: &[u8], cut: impl Fn(u64) -> Result<Vec<u64>, Failure>) -> Result<Found<'a>, Failure> {
    let chosen = cut(bytes.len() as u64)?;
    Ok(Found::Bytes(chosen.into_iter().filter_map(|index| bytes.get(usize::try_from(index).ok()?).copied()).collect()))
}

/// The positions that a slice means, as `slice.indices` has them.
fn positions(length: u64, lower: Option<i64>, upper: Option<i64>, step: Option<i64>) -> Result<Vec<u64>, Failure> {
    let step = i128::from(step.unwrap_or(1));
    if step == 0 {
        return Err(Failure::new("ValueError", "slice step cannot be zero"));
    }
    let length = i128::from(length);
    let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |bound: Option<i64>, default: i128| match bound.map(i128::from) {
        None => default,
        Some(bound) if bound < 0 => (bound + length).max(least),
        Some(bound) => bound.min(most),
    };
    let (start, stop) =
        if step > 0 { (bound(lower, 0), bound(upper, length)) } else { (bound(lower, length - 1), bound(upper, -1)) };
    let mut found = Vec::new();
    let mut at = start;
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        if found.len() == LONGEST_SLICE {
            return Err(Failure::new("NotSupported", format!("a slice of more than {LONGEST_SLICE} elements"))
                .remedy("Ask for a part of it."));
        }
        found.extend(u64::try_from(at).ok());
        at += step;
    }
    Ok(found)
}
