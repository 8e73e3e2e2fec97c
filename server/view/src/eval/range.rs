//! `range`.

use super::dict::Key;
use super::value::Value;
use super::{Context, Failure, Res};

/// A range, of numbers that [`FARTHEST`] bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) start: i128,
    pub(super) stop: i128,
    /// Never zero.
    pub(super) step: i128,
}

/// No part of a range is further from zero, so that sums of two fit.
const FARTHEST: i128 = 1 << 120;

impl Range {
    /// `None` where the step is zero, or a part too far from zero.
    pub(super) fn new(start: i128, stop: i128, step: i128) -> Option<Self> {
        let near = [start, stop, step].iter().all(|part| part.unsigned_abs() <= FARTHEST.unsigned_abs());
        (near && step != 0).then_some(Range { start, stop, step })
    }

    /// The range that a repr is of: `range(0, 50, 5)`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix("xrange(").or_else(|| text.strip_prefix("range("))?.strip_suffix(')')?;
        let parts: Vec<i128> = inner.split(", ").map(|part| part.parse().ok()).collect::<Option<_>>()?;
        match *parts.as_slice() {
            [stop] => Range::new(0, stop, 1),
            [start, stop] => Range::new(start, stop, 1),
            [start, stop, step] => Range::new(start, stop, step),
            _ => None,
        }
    }

    /// Whether a number of it is beyond 64 bits.
    pub(super) fn is_long(&self) -> bool {
        [self.start, self.stop, self.step].into_iter().any(|part| i64::try_from(part).is_err())
    }

    /// How many numbers it has.
    pub(super) fn len(&self) -> i128 {
        let span = if self.step > 0 { self.stop - self.start } else { self.start - self.stop };
        if span <= 0 { 0 } else { (span - 1) / self.step.abs() + 1 }
    }

    /// The number at a place, which may be one past the end.
    fn at(&self, place: i128) -> Option<i128> {
        self.start.checked_add(place.checked_mul(self.step)?)
    }

    /// The place of a number.
    pub(super) fn place_of(&self, wanted: i128) -> Option<i128> {
        let within = match self.step > 0 {
            true => self.start <= wanted && wanted < self.stop,
            false => self.stop < wanted && wanted <= self.start,
        };
        let away = wanted.checked_sub(self.start)?;
        (within && away % self.step == 0).then(|| away / self.step)
    }

    /// Equal ranges have the same numbers.
    pub(super) fn key(&self) -> Key {
        match self.len() {
            0 => Key::Range(0, 0, 0),
            1 => Key::Range(self.start, 1, 1),
            length => Key::Range(self.start, length, self.step),
        }
    }

    /// The same numbers from the last on.
    pub(super) fn reversed(&self) -> Self {
        let last = self.at(self.len() - 1).unwrap_or(self.start);
        Range { start: last, stop: self.start - self.step, step: -self.step }
    }

    pub(super) fn repr(&self, name: &str) -> String {
        match self.step {
            1 => format!("{name}({}, {})", self.start, self.stop),
            step => format!("{name}({}, {}, {step})", self.start, self.stop),
        }
    }
}

impl<'a> Context<'a> {
    pub(super) fn length_of_range(&self, range: &Range) -> Res<usize> {
        i64::try_from(range.len())
            .ok()
            .and_then(|length| usize::try_from(length).ok())
            .ok_or_else(|| Failure::new("OverflowError", "Python int too large to convert to C ssize_t"))
    }

    /// The place of a value that equals a number of a range.
    pub(super) fn place_in_range(&self, range: &Range, wanted: &Value<'a>) -> Res<Option<i128>> {
        Ok(match self.key(wanted) {
            Ok(Key::Int(number)) => range.place_of(i128::from(number)),
            Ok(Key::Big(number)) => i128::try_from(&*number).ok().and_then(|number| range.place_of(number)),
            Err(failure) if failure.kind != "TypeError" => return Err(failure),
            _ => None,
        })
    }

    /// `range[place]`
    pub(super) fn item_of_range(&self, range: &Range, place: &Value<'a>) -> Res<Value<'a>> {
        let Some(place) = self.wide_index(place)? else {
            let found = self.type_name(place);
            return Err(Failure::wrong_type(format!("range indices must be integers or slices, not {found}")));
        };
        let length = range.len();
        let place = if place < 0 { place.saturating_add(length) } else { place };
        match range.at(place).filter(|_| (0..length).contains(&place)) {
            Some(number) => Ok(Value::int(number)),
            None => Err(Failure::new("IndexError", "range object index out of range")),
        }
    }

    /// `range[start:stop:step]`
    pub(super) fn part_of_range(&self, range: &Range, slice: &[Value<'a>; 3]) -> Res<Value<'a>> {
        let (from, to, by) = self.bounds(slice, range.len())?;
        let parts = (range.at(from), range.at(to), by.checked_mul(range.step));
        let made = match parts {
            (Some(start), Some(stop), Some(step)) => Range::new(start, stop, step),
            _ => None,
        };
        made.map(Value::Range).ok_or_else(too_far)
    }
}

/// What is said of a range whose numbers are too large.
pub(super) fn too_far() -> Failure {
    Failure::new("NotSupported", "a range of numbers beyond 120 bits")
}
