//! `datetime.time`.

use std::cmp::Ordering;

use super::super::Raised;
use super::zone::offset_text;
use super::{Fields, TimeDelta, Zone};

/// A time of day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    micros: i64,
    fold: bool,
    zone: Option<Zone>,
}

/// How much of a time `isoformat` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TimeSpec {
    Auto,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
}

impl TimeSpec {
    /// By its name.
    pub fn from_name(name: &str) -> Result<TimeSpec, Raised> {
        Ok(match name {
            "auto" => TimeSpec::Auto,
            "hours" => TimeSpec::Hours,
            "minutes" => TimeSpec::Minutes,
            "seconds" => TimeSpec::Seconds,
            "milliseconds" => TimeSpec::Milliseconds,
            "microseconds" => TimeSpec::Microseconds,
            _ => return Err(Raised::new("ValueError", "Unknown timespec value")),
        })
    }
}

impl Time {
    /// `time(hour, minute, second, microsecond, tzinfo, fold=fold)`.
    pub fn new([hour, minute, second, microsecond]: [i64; 4], zone: Option<Zone>, fold: i64) -> Result<Time, Raised> {
        for (name, number, most) in
            [("hour", hour, 23), ("minute", minute, 59), ("second", second, 59), ("microsecond", microsecond, 999_999)]
        {
            if number < 0 || number > most {
                return Err(Raised::new("ValueError", format!("{name} must be in 0..{most}")));
            }
        }
        if fold != 0 && fold != 1 {
            return Err(Raised::new("ValueError", "fold must be either 0 or 1"));
        }
        Ok(Time { micros: ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond, fold: fold == 1, zone })
    }

    /// So many microseconds after midnight.
    pub(super) fn of_micros(micros: i64, zone: Option<Zone>) -> Time {
        Time { micros, fold: false, zone }
    }

    /// Microseconds since midnight.
    pub(super) fn micros(&self) -> i64 {
        self.micros
    }

    /// `hour`.
    pub fn hour(&self) -> i64 {
        self.micros / 3_600_000_000
    }

    /// `minute`.
    pub fn minute(&self) -> i64 {
        self.micros / 60_000_000 % 60
    }

    /// `second`.
    pub fn second(&self) -> i64 {
        self.micros / 1_000_000 % 60
    }

    /// `microsecond`.
    pub fn microsecond(&self) -> i64 {
        self.micros % 1_000_000
    }

    /// `fold`.
    pub fn fold(&self) -> i64 {
        i64::from(self.fold)
    }

    /// `tzinfo`.
    pub fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// `utcoffset()`.
    pub fn offset(&self) -> Result<Option<TimeDelta>, Raised> {
        self.zone.as_ref().map(Zone::offset).transpose()
    }

    /// Without its zone, and with another.
    pub fn in_zone(&self, zone: Option<Zone>) -> Time {
        Time { zone, ..self.clone() }
    }

    /// `replace(…)`.
    pub fn replace(&self, fields: &Fields) -> Result<Time, Raised> {
        Time::new(
            [
                fields.hour.unwrap_or(self.hour()),
                fields.minute.unwrap_or(self.minute()),
                fields.second.unwrap_or(self.second()),
                fields.microsecond.unwrap_or(self.microsecond()),
            ],
            fields.tzinfo.clone().unwrap_or_else(|| self.zone.clone()),
            fields.fold.unwrap_or(self.fold()),
        )
    }

    /// The microseconds to compare by, of both.
    fn pair(&self, other: &Time) -> Result<Option<(i128, i128)>, Raised> {
        let (mine, its) = (i128::from(self.micros), i128::from(other.micros));
        if self.zone == other.zone {
            return Ok(Some((mine, its)));
        }
        Ok(match (self.offset()?, other.offset()?) {
            (Some(left), Some(right)) => Some((mine - left.micros(), its - right.micros())),
            (None, None) => Some((mine, its)),
            _ => None,
        })
    }

    /// `self == other`.
    pub fn equals(&self, other: &Time) -> Result<bool, Raised> {
        Ok(self.pair(other)?.is_some_and(|(left, right)| left == right))
    }

    /// For `<`, `<=`, `>`, `>=`.
    pub fn ordered(&self, other: &Time) -> Result<Ordering, Raised> {
        match self.pair(other)? {
            Some((left, right)) => Ok(left.cmp(&right)),
            None => Err(Raised::new("TypeError", "can't compare offset-naive and offset-aware times")),
        }
    }

    /// `isoformat(timespec)`.
    pub fn isoformat(&self, spec: TimeSpec) -> Result<String, Raised> {
        let zone = self.offset()?.map_or_else(String::new, |offset| offset_text(&offset, ":"));
        Ok(format!("{}{zone}", self.clock(spec)))
    }

    /// The digits alone.
    pub(super) fn clock(&self, spec: TimeSpec) -> String {
        let (hour, minute, second, micros) = (self.hour(), self.minute(), self.second(), self.microsecond());
        match spec {
            TimeSpec::Hours => format!("{hour:02}"),
            TimeSpec::Minutes => format!("{hour:02}:{minute:02}"),
            TimeSpec::Milliseconds => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micros / 1000),
            TimeSpec::Seconds => format!("{hour:02}:{minute:02}:{second:02}"),
            TimeSpec::Auto if micros == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
            TimeSpec::Auto | TimeSpec::Microseconds => format!("{hour:02}:{minute:02}:{second:02}.{micros:06}"),
        }
    }

    /// `repr(time)`; the old form of durations before 3.7.
    pub fn repr(&self, old: bool) -> String {
        let fold = if self.fold { ", fold=1" } else { "" };
        format!("datetime.time({}{}{fold})", self.arguments(), self.zone_argument(old))
    }

    /// The numbers in the parentheses of a repr: seconds and microseconds only where there are any.
    pub(super) fn arguments(&self) -> String {
        let (hour, minute, second, micros) = (self.hour(), self.minute(), self.second(), self.microsecond());
        match (second, micros) {
            (0, 0) => format!("{hour}, {minute}"),
            (_, 0) => format!("{hour}, {minute}, {second}"),
            _ => format!("{hour}, {minute}, {second}, {micros}"),
        }
    }

    /// The zone in the parentheses of a repr.
    pub(super) fn zone_argument(&self, old: bool) -> String {
        self.zone.as_ref().map_or_else(String::new, |zone| format!(", tzinfo={}", zone.repr(old)))
    }
}
