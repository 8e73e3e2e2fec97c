//! Reading what ISO 8601 has of dates and times: `fromisoformat`, `fromisocalendar`.

use super::super::Raised;
use super::{Amount, Date, DateTime, Time, TimeDelta, Zone};

type Result<T> = std::result::Result<T, Raised>;

/// The digits at the beginning, exactly so many.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    head.bytes().all(|byte| byte.is_ascii_digit()).then(|| head.parse().ok().map(|number| (number, rest)))?
}

fn invalid(text: &str) -> Raised {
    let shown = crate::repr::text_repr(text.as_bytes(), 200);
    Raised::new("ValueError", format!("Invalid isoformat string: {shown}"))
}

impl Date {
    /// `date.fromisocalendar(year, week, day)`.
    pub fn from_iso_calendar(year: i64, week: i64, day: i64) -> Result<Date> {
        if !(1..=9999).contains(&year) {
            return Err(Raised::new("ValueError", format!("Year is out of range: {year}")));
        }
        let first = Date::new(year, 1, 1)?;
        // A year has 53 weeks where it begins on a Thursday, or on a Wednesday and is a leap year.
        let leap = Date::new(year, 2, 29).is_ok();
        let long = first.weekday() == 3 || first.weekday() == 2 && leap;
        if !(1..=if long { 53 } else { 52 }).contains(&week) {
            return Err(Raised::new("ValueError", format!("Invalid week: {week}")));
        }
        if !(1..=7).contains(&day) {
            return Err(Raised::new("ValueError", format!("Invalid day: {day} (range is [1, 7])")));
        }
        // The first week is that of the first Thursday.
        let monday = first.to_ordinal() - first.weekday() + if first.weekday() > 3 { 7 } else { 0 };
        Date::from_ordinal(monday + (week - 1) * 7 + day - 1)
    }

    /// `date.fromisoformat(text)`.
    pub fn from_iso(text: &str) -> Result<Date> {
        match matches!(text.len(), 7 | 8 | 10) {
            true => date(text).unwrap_or_else(|| Err(invalid(text))),
            false => Err(invalid(text)),
        }
    }
}

/// `2024-02-29`, `20240229`, `2024-W09-4`, `2024W094`, `2024-W09`; `None` where it is no such text.
fn date(text: &str) -> Option<Result<Date>> {
    let (year, rest) = digits(text, 4)?;
    let (rest, dashed) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
    if let Some(rest) = rest.strip_prefix('W') {
        let (week, rest) = digits(rest, 2)?;
        let day = match (rest.is_empty(), dashed) {
            (true, _) => 1,
            (false, true) => digits(rest.strip_prefix('-')?, 1).filter(|day| day.1.is_empty())?.0,
            (false, false) => digits(rest, 1).filter(|day| day.1.is_empty())?.0,
        };
        return match Date::from_iso_calendar(year, week, day) {
            // No such week or day: no such text.
            Err(raised) if raised.message.starts_with("Invalid") => None,
            made => Some(made),
        };
    }
    let (month, rest) = digits(rest, 2)?;
    let rest = if dashed { rest.strip_prefix('-')? } else { rest };
    let (day, rest) = digits(rest, 2)?;
    rest.is_empty().then(|| Date::new(year, month, day))
}

/// `12:30:45.123`, `123045`: hours, minutes, seconds and microseconds.
fn clock(text: &str) -> Option<[i64; 4]> {
    let (hour, mut rest) = digits(text, 2)?;
    let mut parts = [hour, 0, 0, 0];
    let colons = rest.starts_with(':');
    for part in parts.iter_mut().take(3).skip(1) {
        if rest.is_empty() {
            return Some(parts);
        }
        // A fraction may follow any of them; it is one of a second all the same.
        if rest.starts_with(['.', ',']) {
            break;
        }
        let inner = if colons { rest.strip_prefix(':')? } else { rest };
        (*part, rest) = digits(inner, 2)?;
    }
    if rest.is_empty() {
        return Some(parts);
    }
    let fraction = rest.strip_prefix(['.', ','])?;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    parts[3] = micros.parse().ok()?;
    Some(parts)
}

/// A time of day, and its zone; `None` where it is no such text.
fn time(text: &str) -> Option<Result<Time>> {
    let at = text.find(['+', '-', 'Z']);
    let (day, zone) = at.map_or((text, None), |at| (&text[..at], Some(&text[at..])));
    let parts = clock(day)?;
    let zone = match zone {
        None => None,
        Some("Z") => Some(Zone::Utc),
        Some(offset) => {
            let negative = offset.starts_with('-');
            let [hours, minutes, seconds, micros] = clock(offset.strip_prefix(['+', '-'])?)?;
            let size = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros;
            let size = Amount::Int(if negative { -size } else { size }.into());
            match TimeDelta::new(&[("microseconds", size)]).and_then(|offset| Zone::new(offset, None)) {
                Ok(zone) => Some(zone),
                Err(raised) => return Some(Err(raised)),
            }
        }
    };
    Some(Time::new(parts, zone, 0))
}

impl Time {
    /// `time.fromisoformat(text)`.
    pub fn from_iso(text: &str) -> Result<Time> {
        time(text.strip_prefix('T').unwrap_or(text)).unwrap_or_else(|| Err(invalid(text)))
    }
}

impl DateTime {
    /// `datetime.fromisoformat(text)`: any one character stands between date and time.
    pub fn from_iso(text: &str) -> Result<DateTime> {
        let midnight = Time::new([0; 4], None, 0)?;
        for &length in lengths(text) {
            let Some((day, rest)) = text.split_at_checked(length) else { continue };
            let Some(day) = date(day) else { continue };
            let mut rest = rest.chars();
            if rest.next().is_none() {
                return Ok(DateTime::new(day?, midnight));
            }
            let Some(time) = time(rest.as_str()) else { break };
            return Ok(DateTime::new(day?, time?));
        }
        Err(invalid(text))
    }
}

/// How long the date may be: by what it begins with.
fn lengths(text: &str) -> &'static [usize] {
    let bytes = text.as_bytes();
    match (bytes.get(4), bytes.get(5)) {
        (Some(b'-'), Some(b'W')) if bytes.get(8) == Some(&b'-') => &[10, 8],
        (Some(b'-'), Some(b'W')) => &[8],
        (Some(b'-'), _) => &[10],
        // Whether a digit is the day of a week, or the separator: a separator is no digit here.
        (Some(b'W'), _) if bytes.get(7).is_some_and(u8::is_ascii_digit) => &[8, 7],
        (Some(b'W'), _) => &[7],
        _ => &[8],
    }
}
