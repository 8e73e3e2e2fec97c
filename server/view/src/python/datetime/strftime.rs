//! `strftime`, in the C locale.

use super::super::Raised;
use super::zone::offset_text;
use super::{Date, Time, TimeSpec, needs_code};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `strftime(format)`. A date has midnight as its time, a time has 1 January 1900 as its date. A code that the
/// machine's C library gives a meaning of its own is refused; so is a result of more than `limit` bytes.
pub fn strftime(date: &Date, time: &Time, format: &str, limit: usize) -> Result<String, Raised> {
    let mut out = String::new();
    let mut rest = format.chars();
    while let Some(next) = rest.next() {
        if out.len() > limit {
            return Err(Raised::new("Limit", format!("a text of more than {limit} bytes")));
        }
        if next != '%' {
            out.push(next);
            continue;
        }
        match rest.next() {
            None => out.push('%'),
            Some(':') if rest.clone().next() == Some('z') => {
                rest.next();
                out.push_str(&time.offset()?.map_or_else(String::new, |offset| offset_text(&offset, ":")));
            }
            Some(code) => out.push_str(&one(date, time, code)?),
        }
    }
    Ok(out)
}

fn one(date: &Date, time: &Time, code: char) -> Result<String, Raised> {
    let day_name = DAYS[(date.weekday() % 7) as usize];
    let month_name = MONTHS[((date.month() - 1) % 12) as usize];
    let clock = || time.clock(TimeSpec::Seconds);
    let twelve = (time.hour() + 11) % 12 + 1;
    // weeks start with the first Sunday, or the first Monday
    let week = |weekday: i64| (date.day_of_year() + 6 - weekday) / 7;
    let sunday = date.isoweekday() % 7;
    Ok(match code {
        '%' => "%".to_owned(),
        'Y' => date.year().to_string(),
        'y' => format!("{:02}", date.year() % 100),
        'm' => format!("{:02}", date.month()),
        'd' => format!("{:02}", date.day()),
        'e' => format!("{:2}", date.day()),
        'H' => format!("{:02}", time.hour()),
        'I' => format!("{twelve:02}"),
        'M' => format!("{:02}", time.minute()),
        'S' => format!("{:02}", time.second()),
        'f' => format!("{:06}", time.microsecond()),
        'p' => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        'z' => time.offset()?.map_or_else(String::new, |offset| offset_text(&offset, "")),
        'Z' => time.zone().map_or_else(|| Ok(String::new()), super::Zone::name)?,
        'j' => format!("{:03}", date.day_of_year()),
        'a' => day_name[..3].to_owned(),
        'A' => day_name.to_owned(),
        'b' | 'h' => month_name[..3].to_owned(),
        'B' => month_name.to_owned(),
        'w' => sunday.to_string(),
        'u' => date.isoweekday().to_string(),
        'U' => format!("{:02}", week(sunday)),
        'W' => format!("{:02}", week(date.weekday())),
        'V' => format!("{:02}", date.isocalendar().1),
        'G' => date.isocalendar().0.to_string(),
        'c' => format!("{} {} {:2} {} {}", &day_name[..3], &month_name[..3], date.day(), clock(), date.year()),
        'x' | 'D' => format!("{:02}/{:02}/{:02}", date.month(), date.day(), date.year() % 100),
        'X' | 'T' => clock(),
        'R' => time.clock(TimeSpec::Minutes),
        'F' => format!("{}-{:02}-{:02}", date.year(), date.month(), date.day()),
        'n' => "\n".to_owned(),
        't' => "\t".to_owned(),
        other => return Err(needs_code(&format!("the code %{other} of strftime"))),
    })
}
