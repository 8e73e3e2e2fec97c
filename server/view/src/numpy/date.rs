//! Dates and time differences, by their unit.

use crate::time::civil;

const SECONDS_OF_DAY: i128 = 86_400;

/// A unit as numpy writes it: `ns`, or `25s` for as many at once.
fn split(unit: &str) -> (i128, &str) {
    let at = unit.find(|c: char| !c.is_ascii_digit()).unwrap_or(unit.len());
    let (many, name) = unit.split_at(at);
    (many.parse().unwrap_or(1), name)
}

/// `2026-08-01T12:00:00.000`: as much as the unit tells.
pub(super) fn date(value: i64, unit: &str) -> String {
    let (many, name) = split(unit);
    let value = i128::from(value) * many.clamp(1, 1 << 40);
    let digits: usize = match name {
        "Y" => return format!("{:04}", 1970 + value),
        "M" => return format!("{:04}-{:02}", 1970 + value.div_euclid(12), value.rem_euclid(12) + 1),
        "W" => return day(value * 7),
        "D" => return day(value),
        "h" => return format!("{}T{:02}", day(value.div_euclid(24)), value.rem_euclid(24)),
        "m" => {
            let minutes = value.rem_euclid(1440);
            return format!("{}T{:02}:{:02}", day(value.div_euclid(1440)), minutes / 60, minutes % 60);
        }
        "s" => 0,
        "ms" => 3,
        "us" => 6,
        "ns" => 9,
        "ps" => 12,
        "fs" => 15,
        "as" => 18,
        _ => return value.to_string(),
    };
    let ticks = 10i128.pow(digits as u32);
    let seconds = value.div_euclid(ticks);
    let (days, second) = (seconds.div_euclid(SECONDS_OF_DAY), seconds.rem_euclid(SECONDS_OF_DAY));
    let time = format!("{}T{:02}:{:02}:{:02}", day(days), second / 3600, second / 60 % 60, second % 60);
    match digits {
        0 => time,
        _ => format!("{time}.{:0digits$}", value.rem_euclid(ticks)),
    }
}

/// The day that is so many days after 1970-01-01, in the Gregorian calendar.
fn day(days: i128) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `3 days`
pub(super) fn delta(value: i64, unit: &str) -> String {
    let (many, name) = split(unit);
    let value = i128::from(value) * many.clamp(1, 1 << 40);
    let name = match name {
        "Y" => "years",
        "M" => "months",
        "W" => "weeks",
        "D" => "days",
        "h" => "hours",
        "m" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "ps" => "picoseconds",
        "fs" => "femtoseconds",
        "as" => "attoseconds",
        _ => "generic time units",
    };
    format!("{value} {name}")
}
