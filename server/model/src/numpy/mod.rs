//! Arrays and scalars of numpy: what their records hold, as items at places.
//!
//! Of a large array a dump has a *grid*: along each axis so many items at both ends. `Array` answers by the places of the whole array,
//! and knows which of them are in the grid. Indexing makes a view of the same bytes.

mod dtype;
mod item;

use crate::heap::{Heap, Kind, Object, Payload};

pub use dtype::{Dtype, Field, Sort};
pub use item::Item;

/// Axes that numpy allows.
const MOST_AXES: usize = 64;
/// Classes of an MRO that are looked through.
const MOST_BASES: usize = 1000;

/// An axis of the whole array, and which part of it a view sees.
#[derive(Debug, Clone, Copy)]
struct Axis {
    length: u64,
    /// Items at each end that are in the grid; all where it is no less than `length`.
    kept: u64,
    seen: Seen,
}

#[derive(Debug, Clone, Copy)]
enum Seen {
    /// One place; the view has no such axis.
    At(u64),
    /// Places from `from` on, each `step` further.
    Range { from: i128, step: i128, length: u64 },
}

impl Axis {
    /// How many places the grid has.
    fn stored(&self) -> u64 {
        if self.kept >= self.length { self.length } else { self.kept.saturating_mul(2) }
    }

    /// The place in the grid.
    fn in_grid(&self, place: u64) -> Option<u64> {
        if place >= self.length {
            None
        } else if self.kept >= self.length || place < self.kept {
            Some(place)
        } else {
            // From the end, counted back.
            let from_end = self.length - place;
            (from_end <= self.kept).then(|| self.kept.saturating_mul(2) - from_end)
        }
    }
}

/// What was counted of an array's numbers.
#[derive(Debug, Clone, Copy)]
pub struct Statistics {
    /// Items that were looked at, from the beginning.
    pub counted: u64,
    /// The object of the least; an int of the unit for dates. None of all where all are NaN.
    pub least: Option<u32>,
    /// The object of the greatest.
    pub greatest: Option<u32>,
    /// How many are NaN, or NaT.
    pub nothing: u64,
}

/// What a dump holds of an array or a scalar, or a view of it.
#[derive(Debug, Clone)]
pub struct Array<'a> {
    /// The captured object.
    pub object: Object<'a>,
    /// What its items are.
    pub dtype: Dtype,
    /// Whether it is a scalar, not an array without axes.
    pub is_scalar: bool,
    /// Of the whole array's numbers.
    pub statistics: Option<Statistics>,
    axes: Vec<Axis>,
}

impl<'a> Array<'a> {
    /// The array that an object is; `None` where it is none, or its record says too little.
    pub fn of(heap: &'a Heap, object: &Object<'a>) -> Option<Self> {
        if !matches!(object.kind(), Kind::Bytes | Kind::List)
            || object.attribute_count() == 0
            || !is_of(heap, object, "numpy", &[b"numpy\0ndarray", b"numpy\0generic"])
        {
            return None;
        }
        let dtype = Dtype::of(heap, &heap.object(object.attribute("dtype")?)?)?;
        let lengths = object.attribute("shape").map(|number| numbers(heap, number));
        let kept = object.attribute("kept").map(|number| numbers(heap, number));
        let is_scalar = lengths.is_none();
        let lengths = lengths.unwrap_or_default();
        let kept = kept.unwrap_or_else(|| lengths.clone());
        if lengths.len() != kept.len() {
            return None;
        }
        let axis = |(length, kept): (u64, u64)| Axis { length, kept, seen: Seen::Range { from: 0, step: 1, length } };
        let axes = lengths.into_iter().zip(kept).map(axis).collect();
        let statistics = object.attribute("statistics").and_then(|number| statistics(heap, number));
        Some(Array { object: *object, dtype, is_scalar, statistics, axes })
    }

    /// The lengths of its axes.
    pub fn shape(&self) -> Vec<u64> {
        let length = |axis: &Axis| match axis.seen {
            Seen::At(_) => None,
            Seen::Range { length, .. } => Some(length),
        };
        self.axes.iter().filter_map(length).collect()
    }

    /// How many items it has.
    pub fn len(&self) -> u64 {
        self.shape().into_iter().fold(1, u64::saturating_mul)
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at a place of each axis; `None` where the dump does not have it.
    pub fn item(&self, places: &[u64]) -> Option<Item<'a>> {
        let mut places = places.iter().copied();
        let mut at: u64 = 0;
        for axis in &self.axes {
            let place = match axis.seen {
                Seen::At(place) => place,
                Seen::Range { from, step, length } => {
                    let place = places.next().filter(|place| *place < length)?;
                    u64::try_from(from.checked_add(step.checked_mul(i128::from(place))?)?).ok()?
                }
            };
            at = at.checked_mul(axis.stored())?.checked_add(axis.in_grid(place)?)?;
        }
        let at = usize::try_from(at).ok()?;
        match self.object.payload() {
            Payload::Bytes(bytes) => {
                let size = self.dtype.itemsize;
                let from = at.checked_mul(size)?;
                item::read(&self.dtype, bytes.get(from..from.checked_add(size)?)?)
            }
            _ => self.object.element(at).map(Item::Object),
        }
    }

    /// A view of places of an axis, counted without those of which it sees one place: from `from` on, `length` of them, each `step` further. They are within.
    pub fn range(&self, axis: usize, from: i128, step: i128, length: u64) -> Option<Self> {
        self.narrowed(axis, |start, stride, _| {
            let from = start.checked_add(stride.checked_mul(from)?)?;
            Some(Seen::Range { from, step: stride.checked_mul(step)?, length })
        })
    }

    /// A view of one place of an axis. The place is within.
    pub fn at(&self, axis: usize, place: u64) -> Option<Self> {
        self.narrowed(axis, |from, step, length| {
            let there = from.checked_add(step.checked_mul(i128::from(place))?)?;
            (place < length).then_some(Seen::At(u64::try_from(there).ok()?))
        })
    }

    fn narrowed(&self, axis: usize, seen: impl FnOnce(i128, i128, u64) -> Option<Seen>) -> Option<Self> {
        let mut view = self.clone();
        let mut ranges = view.axes.iter_mut().filter(|axis| matches!(axis.seen, Seen::Range { .. }));
        let axis = ranges.nth(axis)?;
        let Seen::Range { from, step, length } = axis.seen else { return None };
        axis.seen = seen(from, step, length)?;
        view.statistics = None;
        Some(view)
    }

    /// How many places at each end of an axis the dump may have; its length where that is all.
    pub fn kept(&self, axis: usize) -> u64 {
        let mut ranges = self.axes.iter().filter_map(|axis| match axis.seen {
            Seen::At(_) => None,
            Seen::Range { length, .. } => Some((axis, length)),
        });
        match ranges.nth(axis) {
            Some((axis, length)) if axis.length == length => axis.kept.min(length),
            Some((_, length)) => length,
            None => 0,
        }
    }

    /// The places of the first axis of which the dump may have something: at its beginning, and then at its end.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = u64> + use<> {
        let length = self.shape().first().copied().unwrap_or(0);
        let kept = self.kept(0);
        let tail = if kept >= length { length } else { (length - kept).max(kept) };
        (0..kept).chain(tail..length)
    }

    /// How many these are.
    pub fn row_count(&self) -> u64 {
        let length = self.shape().first().copied().unwrap_or(0);
        let kept = self.kept(0);
        if kept >= length { length } else { kept.saturating_mul(2).min(length) }
    }
}

/// Whether the class of an object is of a library's package, or derives from one of its classes: all, or those of these notes.
pub(crate) fn is_of(heap: &Heap, object: &Object<'_>, package: &str, classes: &[&[u8]]) -> bool {
    let Some(class) = object.class() else { return false };
    if class.module.split('.').next() == Some(package) {
        return true;
    }
    let Some(class) = class.class.and_then(|number| heap.object(number)) else { return false };
    let is_base = |number| match heap.object(number).and_then(|base| base.note()) {
        Some(note) if classes.is_empty() => {
            note.split(|byte| matches!(byte, b'.' | 0)).next() == Some(package.as_bytes())
        }
        Some(note) => classes.contains(&note),
        None => false,
    };
    class.elements().take(MOST_BASES).any(is_base)
}

/// The numbers that a captured tuple holds, as many as an array may have axes.
fn numbers(heap: &Heap, tuple: u32) -> Vec<u64> {
    let Some(tuple) = heap.object(tuple) else { return Vec::new() };
    let number = |number| match heap.object(number).map(|item| item.payload()) {
        Some(Payload::Int(value)) => u64::try_from(value).unwrap_or(0),
        _ => 0,
    };
    tuple.elements().take(MOST_AXES).map(number).collect()
}

fn statistics(heap: &Heap, tuple: u32) -> Option<Statistics> {
    let tuple = heap.object(tuple)?;
    let parts: Vec<u32> = tuple.elements().take(4).collect();
    let &[counted, least, greatest, nothing] = parts.as_slice() else { return None };
    let count = |number| match heap.object(number)?.payload() {
        Payload::Int(value) => u64::try_from(value).ok(),
        _ => None,
    };
    let known = |number| heap.object(number).filter(|object| object.kind() != Kind::Atom).map(|_| number);
    Some(Statistics {
        counted: count(counted)?,
        least: known(least),
        greatest: known(greatest),
        nothing: count(nothing)?,
    })
}
