//! Facts about the process: of the headers, which version 2 writes for people, and of the top-level dictionary.

use std::sync::Arc;

use crate::formats::pickled::Opened;
use crate::{Lineage, Process, Python};

const PREFIX: &str = "X-python-heapdump-";

pub(super) fn process(opened: &Opened) -> Process {
    let (pickle, headers) = (&opened.pickle, &opened.headers);
    let get = |key: &str| opened.top(key);
    let header = |name: &str| {
        let found = headers.iter().rfind(|header| {
            header.name.get(..PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX))
                && header.name.get(PREFIX.len()..).is_some_and(|rest| rest.eq_ignore_ascii_case(name))
        });
        found.map(|header| header.value.as_str())
    };
    let number = |name: &str| header(name).and_then(|text| text.trim().parse().ok());
    let wide = |key: &str| get(key).and_then(|node| pickle.as_i128(node));
    let has_exception = get("exception").is_some() || get("traceback").is_some();
    let current = wide("current_thread_id");
    Process {
        lineage: Lineage::default(),
        writer: Some("pyheapdump".into()),
        pid: get("pid").and_then(|node| pickle.as_int(node)).or_else(|| number("pid")),
        sequence_number: get("sequence_number")
            .and_then(|node| pickle.as_int(node))
            .or_else(|| number("sequence_number")),
        time: header("utcnow").and_then(seconds),
        python: python(header("sys_version_info"), header("sys_executable")),
        argv: header("sys_argv").map(texts).unwrap_or_default(),
        path: header("sys_path").map(texts).unwrap_or_default(),
        cwd: None,
        pathmodule: get("pathmodule").and_then(|node| pickle.as_text(node)).map(|text| text.as_ref().into()),
        // The header `description` of `save_dump` becomes the subject of the message.
        message: headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("Subject"))
            .map(|header| header.value.as_str().into()),
        main_thread_id: wide("main_thread_id"),
        current_thread_id: current,
        crashed_thread_id: current.filter(|_| has_exception),
    }
}

/// `sys.version_info(major=2, minor=7, micro=18, releaselevel='final', serial=0)`. Nothing but 2.7 writes the format,
/// so that much is known without the header.
fn python(version_info: Option<&str>, executable: Option<&str>) -> Python {
    let part = |name: &str| {
        let digits = version_info?.split_once(name)?.1;
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits.get(..end)?.parse::<u32>().ok()
    };
    let version = match (part("major="), part("minor="), part("micro=")) {
        (Some(major), Some(minor), Some(micro)) => format!("{major}.{minor}.{micro}"),
        _ => "2.7".to_owned(),
    };
    Python {
        version: Some(version.into()),
        major_minor: Some(part("major=").zip(part("minor=")).unwrap_or((2, 7))),
        executable: executable.map(Arc::from),
        ..Python::default()
    }
}

/// A list of texts as Python prints it: `['gen.py', 'simple']`. What is no text is passed over.
fn texts(repr: &str) -> Vec<Arc<str>> {
    const MOST: usize = 10_000;
    let mut found = Vec::new();
    let mut rest = repr.chars();
    while let Some(quote) = rest.find(|c| matches!(c, '\'' | '"')) {
        let mut text = String::new();
        while let Some(c) = rest.next() {
            match c {
                '\\' => match rest.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('x') => {
                        let code: String = rest.by_ref().take(2).collect();
                        text.push(u8::from_str_radix(&code, 16).map_or('\u{FFFD}', char::from));
                    }
                    Some(other) => text.push(other),
                    None => break,
                },
                _ if c == quote => break,
                _ => text.push(c),
            }
        }
        found.push(text.into());
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// `2026-11-22T21:34:10.303410`, UTC, as seconds since 1970.
pub(in crate::formats) fn seconds(text: &str) -> Option<f64> {
    let (date, time) = text.trim().split_once('T')?;
    let mut date = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let mut time = time.splitn(3, ':');
    let (hour, minute): (i64, i64) = (time.next()?.parse().ok()?, time.next()?.parse().ok()?);
    let second: f64 = time.next()?.parse().ok()?;
    if !((1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)) {
        return None;
    }
    // Days since 1970, by counting years from March, so that the leap day is the last (H. Hinnant, chrono-Compatible
    // Low-Level Date Algorithms, `days_from_civil`).
    let shifted = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (shifted / 400, shifted % 400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((days * 86_400 + hour * 3600 + minute * 60) as f64 + second)
}

#[cfg(test)]
mod tests {
    #[test]
    fn lists_as_python_prints_them() {
        let texts = super::texts(r#"['gen.py', "it's", 'a\\b\xfc\'', 5, u'x']"#);
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        assert_eq!(texts, ["gen.py", "it's", "a\\bü'", "x"]);
    }

    #[test]
    fn times() {
        assert_eq!(super::seconds("1970-01-01T00:00:00.5"), Some(0.5));
        assert_eq!(super::seconds("2026-11-22T21:34:10"), Some(1_795_383_250.0));
        assert_eq!(super::seconds("2000-02-29T12:00:01"), Some(951_825_601.0));
        assert_eq!(super::seconds("yesterday"), None);
    }
}
