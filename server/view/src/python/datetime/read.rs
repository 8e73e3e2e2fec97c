//! Reading the reprs of datetime's values.

use num_bigint::BigInt;

use super::{Amount, Date, DateTime, Time, TimeDelta, Zone};

/// A value of the datetime module.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Temporal {
    Date(Date),
    Time(Time),
    DateTime(DateTime),
    TimeDelta(TimeDelta),
    Zone(Zone),
}

/// The value of which this is the repr, of any version of Python. None of what is no such repr, or is cut.
pub fn from_repr(text: &str) -> Option<Temporal> {
    let text = text.strip_prefix("datetime.").unwrap_or(text);
    if text == "timezone.utc" {
        return Some(Temporal::Zone(Zone::Utc));
    }
    let (name, inside) = text.strip_suffix(')')?.split_once('(')?;
    match name {
        "timedelta" => delta(inside).map(Temporal::TimeDelta),
        "timezone" => zone(inside).map(Temporal::Zone),
        "date" => match numbers(inside)?.as_slice() {
            [year, month, day] => Date::new(*year, *month, *day).ok().map(Temporal::Date),
            _ => None,
        },
        "time" => {
            let (clock, zone, fold) = split(inside)?;
            time(&numbers(clock)?, zone, fold).map(Temporal::Time)
        }
        "datetime" => {
            let (fields, zone, fold) = split(inside)?;
            let fields = numbers(fields)?;
            let date = Date::new(*fields.first()?, *fields.get(1)?, *fields.get(2)?).ok()?;
            Some(Temporal::DateTime(DateTime::new(date, time(&fields[3..], zone, fold)?)))
        }
        _ => None,
    }
}

fn numbers(text: &str) -> Option<Vec<i64>> {
    text.split(", ").map(|number| number.parse().ok()).collect()
}

/// The numbers, the zone and the fold of a time's arguments; the fold stands before the zone, or after it.
fn split<'a>(inside: &'a str) -> Option<(&'a str, Option<Zone>, i64)> {
    let unfolded = |text: &'a str| text.strip_suffix(", fold=1").map_or((text, 0), |before| (before, 1));
    let (inside, last) = unfolded(inside);
    let Some((fields, zone)) = inside.split_once(", tzinfo=") else { return Some((inside, None, last)) };
    let (fields, first) = unfolded(fields);
    let known = match zone {
        "datetime.timezone.utc" => Some(Zone::Utc),
        _ => zone.strip_prefix("datetime.timezone(").and_then(|rest| self::zone(rest.strip_suffix(')')?)),
    };
    let zone = known.unwrap_or_else(|| Zone::Opaque(zone.to_owned()));
    Some((fields, Some(zone), first | last))
}

fn time(fields: &[i64], zone: Option<Zone>, fold: i64) -> Option<Time> {
    if !(2..=4).contains(&fields.len()) {
        return None;
    }
    let field = |index: usize| fields.get(index).copied().unwrap_or(0);
    Time::new([field(0), field(1), field(2), field(3)], zone, fold).ok()
}

/// `days=-1, seconds=3`, and as before 3.7: `-1, 3`.
fn delta(inside: &str) -> Option<TimeDelta> {
    const NAMES: [&str; 3] = ["days", "seconds", "microseconds"];
    let mut parts = Vec::new();
    for (index, part) in inside.split(", ").enumerate() {
        let place = *NAMES.get(index)?;
        let (name, number) = part.split_once('=').unwrap_or((place, part));
        let name = NAMES.into_iter().find(|known| *known == name)?;
        parts.push((name, Amount::Int(BigInt::from(number.parse::<i64>().ok()?))));
    }
    TimeDelta::new(&parts).ok()
}

/// `datetime.timedelta(seconds=7200), 'CEST'`; a name with escapes is not read.
fn zone(inside: &str) -> Option<Zone> {
    let (offset, rest) = inside.strip_prefix("datetime.timedelta(")?.split_once(')')?;
    let offset = delta(offset)?;
    let name = match rest.strip_prefix(", ") {
        None if rest.is_empty() => None,
        None => return None,
        Some(quoted) => {
            let quote = quoted.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
            let name = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
            if name.contains('\\') {
                return None;
            }
            Some(name.to_owned())
        }
    };
    Zone::new(offset, name).ok()
}
