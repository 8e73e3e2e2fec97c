//! Blocks of headers (RFC 5322, section 2.2), with RFC 2047 words decoded.

use mailparse::MailHeader;

use super::words;

/// The value of the first header of that name.
pub(super) fn get<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// All headers of a block, and how many of its lines were none.
pub(super) fn parse(block: &[u8]) -> (Vec<(String, String)>, usize) {
    let mut headers = Vec::new();
    let mut bad = 0usize;
    let mut rest = block;
    let mut budget = DECODE_BUDGET;
    while !rest.is_empty() {
        match mailparse::parse_header(rest) {
            Ok((header, length)) if length > 0 => {
                let name = header.get_key();
                if name.trim().is_empty() || rest.first() == Some(&b'\t') {
                    bad = bad.saturating_add(1);
                } else {
                    headers.push((name.trim_end().to_owned(), value(&header, &mut budget)));
                }
                rest = rest.get(length..).unwrap_or_default();
            }
            _ => {
                bad = bad.saturating_add(1);
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                rest = rest.get(end.saturating_add(1)..).unwrap_or_default();
            }
        }
    }
    (headers, bad)
}

/// Steps that decoding the words of one block may take.
const DECODE_BUDGET: u64 = 20_000_000;

/// mailparse looks for the end of a word again and again, from the start of the line: `=? ` and `?=x` repeated
/// take cubic time. Where that would hurt, the value stays as it is.
fn value(header: &MailHeader<'_>, budget: &mut u64) -> String {
    let raw = header.get_value_raw();
    let cost = raw
        .split(|&c| c == b'\n')
        .map(|line| {
            let starts = memchr::memmem::find_iter(line, b"=?").count() as u64;
            let ends = memchr::memmem::find_iter(line, b"?=").count() as u64;
            let length = line.len() as u64;
            length.saturating_add(starts.saturating_mul(ends.saturating_add(1)).saturating_mul(length))
        })
        .fold(0u64, u64::saturating_add);
    match budget.checked_sub(cost) {
        Some(left) => {
            *budget = left;
            if memchr::memmem::find_iter(raw, b"=?").nth(1).is_none() {
                return header.get_value();
            }
            let joined = [b"X: ", words::joined(raw).as_slice(), b"\r\n"].concat();
            match mailparse::parse_header(&joined) {
                Ok((header, _)) => header.get_value(),
                Err(_) => header.get_value(),
            }
        }
        None => String::from_utf8_lossy(raw).into_owned(),
    }
}

/// A structured value: `first; name=value; name="value"` (RFC 2045, section 5.1). Written here because
/// mailparse's own splits at a `;` within quotes, and asserts.
pub(super) struct Parameters<'a> {
    /// What stands before the first `;`.
    pub(super) first: &'a str,
    rest: &'a str,
}

impl<'a> Parameters<'a> {
    pub(super) fn new(value: &'a str) -> Self {
        let (first, rest) = value.split_once(';').unwrap_or((value, ""));
        Self { first: first.trim(), rest }
    }

    /// The value of a parameter (its name in any case).
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut rest = self.rest;
        loop {
            let (key, after) = rest.split_once('=')?;
            // A parameter without a value before the one with it: `; a; b=c`.
            let key = key.rsplit(';').next().unwrap_or(key);
            let (value, after) = match after.trim_start().strip_prefix('"') {
                Some(quoted) => unquote(quoted),
                None => match after.split_once(';') {
                    Some((value, after)) => (value.trim().to_owned(), after),
                    None => (after.trim().to_owned(), ""),
                },
            };
            if key.trim().eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// The text up to the closing quote, and what follows it.
fn unquote(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => value.extend(chars.next()),
            _ => value.push(c),
        }
    }
    (value, chars.as_str())
}
