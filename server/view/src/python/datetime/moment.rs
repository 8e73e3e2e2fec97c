//! `datetime.datetime`.

use std::cmp::Ordering;

use super::super::Raised;
use super::{Date, Fields, Time, TimeDelta, TimeSpec, Zone, needs_code};

/// A date with a time of day, and perhaps a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateTime {
    date: Date,
    time: Time,
}

const DAY: i128 = 86_400_000_000;
/// The ordinal of 1 January 1970.
const EPOCH: i128 = 719_163;

impl DateTime {
    /// `datetime.combine(date, time)`.
    pub fn new(date: Date, time: Time) -> DateTime {
        DateTime { date, time }
    }

    /// `date()`.
    pub fn date(&self) -> Date {
        self.date
    }

    /// `timetz()`: the time and its zone.
    pub fn timetz(&self) -> &Time {
        &self.time
    }

    /// `time()`: the time without a zone.
    pub fn time(&self) -> Time {
        self.time.in_zone(None)
    }

    /// `tzinfo`.
    pub fn zone(&self) -> Option<&Zone> {
        self.time.zone()
    }

    /// Microseconds since the day before year 1, by its own clock.
    fn micros(&self) -> i128 {
        i128::from(self.date.to_ordinal()) * DAY + i128::from(self.time.micros())
    }

    fn of_micros(micros: i128, zone: Option<Zone>) -> Result<DateTime, Raised> {
        let days = i64::try_from(micros.div_euclid(DAY)).unwrap_or(i64::MAX / 2);
        let date = Date::new(1, 1, 1)?.moved(days - 1)?;
        Ok(DateTime { date, time: Time::of_micros(micros.rem_euclid(DAY) as i64, zone) })
    }

    /// `self + delta`.
    pub fn plus(&self, delta: &TimeDelta) -> Result<DateTime, Raised> {
        DateTime::of_micros(self.micros() + delta.micros(), self.zone().cloned())
    }

    /// `self - delta`.
    pub fn minus(&self, delta: &TimeDelta) -> Result<DateTime, Raised> {
        DateTime::of_micros(self.micros() - delta.micros(), self.zone().cloned())
    }

    /// The microseconds of both, by one clock; None where one has a zone and the other none.
    fn pair(&self, other: &DateTime) -> Result<Option<(i128, i128)>, Raised> {
        if self.zone() == other.zone() {
            return Ok(Some((self.micros(), other.micros())));
        }
        Ok(match (self.time.offset()?, other.time.offset()?) {
            (Some(left), Some(right)) => Some((self.micros() - left.micros(), other.micros() - right.micros())),
            (None, None) => Some((self.micros(), other.micros())),
            _ => None,
        })
    }

    /// `self - other`.
    pub fn since(&self, other: &DateTime) -> Result<TimeDelta, Raised> {
        match self.pair(other)? {
            Some((left, right)) => TimeDelta::of_micros(left - right),
            None => Err(Raised::new("TypeError", "can't subtract offset-naive and offset-aware datetimes")),
        }
    }

    /// `self == other`.
    pub fn equals(&self, other: &DateTime) -> Result<bool, Raised> {
        Ok(self.pair(other)?.is_some_and(|(left, right)| left == right))
    }

    /// For `<`, `<=`, `>`, `>=`.
    pub fn ordered(&self, other: &DateTime) -> Result<Ordering, Raised> {
        match self.pair(other)? {
            Some((left, right)) => Ok(left.cmp(&right)),
            None => Err(Raised::new("TypeError", "can't compare offset-naive and offset-aware datetimes")),
        }
    }

    /// `timestamp()`. That of one without a zone depends on the machine: refused.
    pub fn timestamp(&self) -> Result<f64, Raised> {
        let Some(offset) = self.time.offset()? else {
            return Err(needs_code("the time zone of the machine"));
        };
        Ok(TimeDelta::of_micros(self.micros() - offset.micros() - EPOCH * DAY)?.total_seconds())
    }

    /// `datetime.fromtimestamp(seconds, zone)`: rounded to microseconds, half to even.
    pub fn from_timestamp(seconds: f64, zone: &Zone) -> Result<DateTime, Raised> {
        if seconds.is_nan() {
            return Err(Raised::new("ValueError", "Invalid value NaN (not a number)"));
        }
        if seconds.abs() >= 9.2e18 {
            return Err(Raised::new("OverflowError", "timestamp out of range for platform time_t"));
        }
        // As `_PyTime_ObjectToTimeval` rounds: the fraction alone.
        let whole = seconds.floor();
        let micros = ((seconds - whole) * 1e6).round_ties_even();
        let year_one = i128::from(whole as i64) * 1_000_000 + micros as i128 + EPOCH * DAY;
        let utc = DateTime::of_micros(year_one, Some(Zone::Utc)).map_err(|raised| match raised.kind {
            "OverflowError" => {
                let year = super::date::year_of(719_162 + (whole as i64).div_euclid(86_400));
                Raised::new("ValueError", format!("year {year} is out of range"))
            }
            _ => raised,
        })?;
        utc.astimezone(zone)
    }

    /// The same moment by the clock of UTC, without a zone.
    pub fn in_utc(&self) -> Result<DateTime, Raised> {
        match self.time.offset()? {
            Some(offset) => DateTime::of_micros(self.micros() - offset.micros(), None),
            None => Ok(DateTime { date: self.date, time: self.time.in_zone(None) }),
        }
    }

    /// `astimezone(zone)`. Of one without a zone it depends on the machine: refused.
    pub fn astimezone(&self, zone: &Zone) -> Result<DateTime, Raised> {
        if self.zone() == Some(zone) {
            return Ok(self.clone());
        }
        let Some(offset) = self.time.offset()? else {
            return Err(needs_code("the time zone of the machine"));
        };
        let utc = DateTime::of_micros(self.micros() - offset.micros(), None)?;
        DateTime::of_micros(utc.micros() + zone.offset()?.micros(), Some(zone.clone()))
    }

    /// `replace(…)`.
    pub fn replace(&self, fields: &Fields) -> Result<DateTime, Raised> {
        Ok(DateTime { date: self.date.replace(fields)?, time: self.time.replace(fields)? })
    }

    /// `isoformat(separator, timespec)`; `str(self)` has a space as separator.
    pub fn isoformat(&self, separator: char, spec: TimeSpec) -> Result<String, Raised> {
        Ok(format!("{}{separator}{}", self.date, self.time.isoformat(spec)?))
    }

    /// `ctime()`.
    pub fn ctime(&self) -> Result<String, Raised> {
        super::strftime(&self.date, &self.time, "%a %b %e %H:%M:%S ", 64)
            .map(|text| format!("{text}{:04}", self.date.year()))
    }

    /// `repr(datetime)`; the old form of durations before 3.7.
    pub fn repr(&self, old: bool) -> String {
        let (date, time) = (self.date, &self.time);
        // unlike a time's, its fold stands before the zone
        let fold = if time.fold() == 1 { ", fold=1" } else { "" };
        let day = format!("{}, {}, {}", date.year(), date.month(), date.day());
        format!("datetime.datetime({day}, {}{fold}{})", time.arguments(), time.zone_argument(old))
    }
}
