//! `datetime.date`.

use std::fmt;

use super::super::Raised;
use super::{Fields, TimeDelta, out_of_range};

/// A day of the Gregorian calendar, years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

/// The ordinal of the last day.
const LAST: i64 = 3_652_059;

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days before a year.
fn days_before(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

/// The year that many days after the first day of year 1, beyond what a date may be.
pub(super) fn year_of(days: i64) -> i64 {
    const CYCLE: i64 = 146_097;
    let within = days.rem_euclid(CYCLE);
    let after = (1..400).take_while(|year| days_before(year + 1) <= within).count() as i64;
    days.div_euclid(CYCLE) * 400 + after + 1
}

/// Refuses what is no C int.
pub(super) fn fits(number: i64) -> Result<(), Raised> {
    match i32::try_from(number) {
        Ok(_) => Ok(()),
        Err(_) if number > 0 => Err(Raised::new("OverflowError", "signed integer is greater than maximum")),
        Err(_) => Err(Raised::new("OverflowError", "signed integer is less than minimum")),
    }
}

impl Date {
    /// `date(year, month, day)`.
    pub fn new(year: i64, month: i64, day: i64) -> Result<Date, Raised> {
        for number in [year, month, day] {
            fits(number)?;
        }
        if !(1..=9999).contains(&year) {
            return Err(Raised::new("ValueError", format!("year {year} is out of range")));
        }
        if !(1..=12).contains(&month) {
            return Err(Raised::new("ValueError", "month must be in 1..12"));
        }
        if day < 1 || day > days_in(year, month) {
            return Err(Raised::new("ValueError", "day is out of range for month"));
        }
        Ok(Date { year: year as i32, month: month as u8, day: day as u8 })
    }

    /// `date.fromordinal(n)`.
    pub fn from_ordinal(ordinal: i64) -> Result<Date, Raised> {
        fits(ordinal)?;
        if ordinal < 1 {
            return Err(Raised::new("ValueError", "ordinal must be >= 1"));
        }
        // by the mean length of a year, which is never too late
        let mut year = (ordinal * 400 / 146_097).max(1);
        while days_before(year + 1) < ordinal {
            year += 1;
        }
        let mut day = ordinal - days_before(year);
        let mut month = 1;
        while day > days_in(year, month) {
            day -= days_in(year, month);
            month += 1;
        }
        Date::new(year, month, day)
    }

    /// `year`.
    pub fn year(&self) -> i64 {
        i64::from(self.year)
    }

    /// `month`, 1 to 12.
    pub fn month(&self) -> i64 {
        i64::from(self.month)
    }

    /// `day` of the month.
    pub fn day(&self) -> i64 {
        i64::from(self.day)
    }

    /// `toordinal()`: 1 is the first day of year 1.
    pub fn to_ordinal(&self) -> i64 {
        days_before(self.year()) + self.day_of_year()
    }

    /// The day of the year, from 1.
    pub fn day_of_year(&self) -> i64 {
        (1..self.month()).map(|month| days_in(self.year(), month)).sum::<i64>() + self.day()
    }

    /// `weekday()`: Monday is 0.
    pub fn weekday(&self) -> i64 {
        (self.to_ordinal() + 6) % 7
    }

    /// `isoweekday()`: Monday is 1.
    pub fn isoweekday(&self) -> i64 {
        self.weekday() + 1
    }

    /// `isocalendar()`: year, week, day.
    pub fn isocalendar(&self) -> (i64, i64, i64) {
        // the year and week are those of the week's Thursday
        let thursday = self.to_ordinal() - self.weekday() + 3;
        let mut year = self.year();
        if thursday <= days_before(year) {
            year -= 1;
        } else if thursday > days_before(year + 1) {
            year += 1;
        }
        // year 0 has 366 days
        let before = if year < 1 { -366 } else { days_before(year) };
        (year, (thursday - before - 1) / 7 + 1, self.isoweekday())
    }

    /// `date + timedelta`: whole days count.
    pub fn plus(&self, delta: &TimeDelta) -> Result<Date, Raised> {
        self.moved(delta.days())
    }

    /// `date - timedelta`.
    pub fn minus(&self, delta: &TimeDelta) -> Result<Date, Raised> {
        self.moved(-delta.days())
    }

    /// So many days later.
    pub(super) fn moved(&self, days: i64) -> Result<Date, Raised> {
        match self.to_ordinal() + days {
            ordinal @ 1..=LAST => Date::from_ordinal(ordinal),
            _ => Err(out_of_range()),
        }
    }

    /// `date - date`.
    pub fn since(&self, other: &Date) -> TimeDelta {
        TimeDelta::of_days(self.to_ordinal() - other.to_ordinal())
    }

    /// `replace(…)`.
    pub fn replace(&self, fields: &Fields) -> Result<Date, Raised> {
        Date::new(
            fields.year.unwrap_or(self.year()),
            fields.month.unwrap_or(self.month()),
            fields.day.unwrap_or(self.day()),
        )
    }

    /// `repr(date)`.
    pub fn repr(&self) -> String {
        format!("datetime.date({}, {}, {})", self.year, self.month, self.day)
    }
}

/// `str(date)`, `isoformat()`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
