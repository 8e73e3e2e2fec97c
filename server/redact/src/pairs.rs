//! A name and its value within a text: `password = "…"`, `--token …`, `{"apiKey": "…"}`, `Cookie: …`.

use regex::{Match, Regex};

use crate::dialect::compile;
use crate::forms::Span;
use crate::names::{Trust, is_name, lowered};
use crate::secrets::Words;
use crate::text::{back, forth};

const RULE: &str = "value of a name";
/// Characters of a value that are looked at; one that goes on is hidden to the end of its word.
const LONG: usize = 2000;
/// Bytes in which a quote has to come.
const LONGEST_QUOTED: usize = 10_000;

#[derive(Debug)]
pub(crate) struct Pairs {
    pair: Regex,
    quoted: Regex,
    listed: Regex,
    item: Regex,
    code: Regex,
    next_name: Regex,
}

/// A name and what separates it from its value.
struct Found<'t> {
    name: &'t str,
    /// Where the name begins.
    begin: usize,
    /// Quotes and brackets after the name.
    closing: &'t str,
    separator: &'t str,
    /// Where the value begins.
    at: usize,
}

impl Pairs {
    pub(crate) fn new(stems: &str) -> Result<Pairs, regex::Error> {
        // Spaces and characters of words, as Python's `re` has them; of the latter those beyond ASCII are not told apart where
        // they are counted, which would take much.
        let (s, w, counted) = (r"[\s\x1c-\x1f]", r"\p{L}\p{N}_", r"0-9A-Za-z_\x{80}-\x{10ffff}");
        // A sign, space before a quote or after an option, a tag's end; what is only looked at stands outside of the groups.
        let pair = format!(
            r#"(?:{stems})[{counted}.\-]{{0,40}}(\\{{0,3}}["'`]?\]?)(?:({s}{{0,4}}:{s}{{0,4}}[{counted}.\[\], |]{{1,60}}={s}{{0,8}})\(?{s}*[rbuf]{{0,2}}["']|({s}{{0,8}}(?:=>|:=|={{1,3}}|:){s}{{0,8}})|(%3[da])|({s}{{1,8}})b?\\{{0,2}}["']|( {{1,3}})[^\s\x1c-\x1f\x00]|(,{s}{{0,8}})[rbuf]{{0,2}}\\{{0,2}}["']|(>))"#
        );
        let item = format!(r#"{s}*[rbu]?(?:"[^"\x00]{{0,500}}"|'[^'\x00]{{0,500}}'){s}*"#);
        Ok(Pairs {
            pair: compile(&pair)?,
            quoted: compile(&format!(r#"\A\(?{s}{{0,20}}[rbufRBUF]{{0,2}}("""|'''|\\{{0,3}}["'`])"#))?,
            listed: compile(&format!(r"\A[\[({{](?:(?:{item}[,:])*{item}|(?:{item}[,:])+)[\])}}]"))?,
            item: compile(r#""([^"\x00]*)"|'([^'\x00]*)'"#)?,
            code: compile(&format!(r#"\A(?:[A-Za-z_][{w}.]*[(\[.{{]|[({{\[<%$*]|\.\.\.|f["'])"#))?,
            next_name: compile(&format!(r#"\A[,;]{s}*[{w}."'\-]{{1,40}}{s}*[=:]"#))?,
        })
    }

    /// Values beside a name that promises a secret, in order. In `code` only what is quoted is a value.
    pub(crate) fn spans(&self, words: &Words, text: &str, code: bool) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        if !may_have_pairs(text) {
            return found;
        }
        let lower = lowered(text);
        if !words.names.has_stem(&lower) {
            return found;
        }
        let mut from = 0;
        while let Some(captures) = self.pair.captures_at(&lower, from) {
            let separator = (2..captures.len()).find_map(|group| captures.get(group));
            let (Some(all), Some(closing), Some(separator)) = (captures.get(0), captures.get(1), separator) else {
                break;
            };
            if !text.get(all.start()..closing.start()).is_some_and(|name| name.chars().all(is_of_name)) {
                from = forth(text, all.start(), 1);
                continue;
            }
            from = separator.end().max(all.start() + 1);
            if found.last().is_some_and(|last| all.start() < last.end) {
                // Within a value.
                continue;
            }
            let begin = name_start(text, all.start());
            let slice = |range: Match<'_>| text.get(range.range()).unwrap_or_default();
            let one = Found {
                name: text.get(begin..closing.start()).unwrap_or_default(),
                begin,
                closing: slice(closing),
                separator: slice(separator),
                at: separator.end(),
            };
            let mut trust = words.trust(one.name);
            if trust == Trust::No
                && one.name.chars().count() <= 8
                && let Some(before) = word_before(text, begin)
            {
                trust = words.trust(&format!("{before} {}", one.name));
            }
            if trust != Trust::No {
                self.value(words, text, &one, trust, code, &mut found);
            }
        }
        found
    }

    fn value(&self, words: &Words, text: &str, one: &Found<'_>, trust: Trust, code: bool, found: &mut Vec<Span>) {
        let after = text.get(one.at..).unwrap_or_default();
        let sign = trimmed(one.separator);
        let option = one.name.starts_with('-');
        if sign == ">" && !text.get(..one.begin).is_some_and(|before| before.ends_with('<')) {
            return;
        }
        let quoted = self.quoted.captures(after);
        let quote = quoted.as_ref().and_then(|quoted| quoted.get(1));
        if sign.is_empty() && !((option && !code) || (quote.is_some() && trust == Trust::Strong)) {
            return;
        }
        // ("name", "value") alone: a pair, or the arguments of a call
        if sign == "," && (one.closing.trim_matches(']').is_empty() || quote.is_none()) {
            return;
        }
        if let Some(quote) = quote {
            let start = one.at + quote.end();
            let end = closing(text, quote.as_str(), start);
            if sign == "," {
                let rest = text.get(end..forth(text, end, 8)).unwrap_or_default();
                let called = rest.trim_start_matches(&['\\', '"', '\'', ' ', '\n'][..]).starts_with(')');
                let value = text.get(start..end).unwrap_or_default();
                if !called || !words.values.is_hidden(&words.rules, value, Trust::Weak) {
                    return;
                }
            }
            keep(words, text, start, end, trust, found);
            return;
        }
        if trust == Trust::Strong
            && let Some(listed) = self.listed.find(after)
        {
            for item in self.item.captures_iter(listed.as_str()) {
                if let Some(value) = item.get(1).or(item.get(2)) {
                    keep(words, text, one.at + value.start(), one.at + value.end(), trust, found);
                }
            }
            return;
        }
        if code && !in_literal(text, one.begin) {
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_numeric()).len();
            if trust == Trust::Strong && after.get(..digits).is_some_and(|number| number.chars().count() >= 4) {
                found.push(Span { start: one.at, end: one.at + digits, rule: RULE.to_owned() });
            }
            return;
        }
        if sign == ":" && words.rules.headers.contains(&one.name.trim_matches(&['"', '\''][..]).to_lowercase()) {
            keep(words, text, one.at, line_end(text, one.at), trust, found);
            return;
        }
        self.unquoted(words, text, one, sign, trust, found);
    }

    fn unquoted(&self, words: &Words, text: &str, one: &Found<'_>, sign: &str, trust: Trust, found: &mut Vec<Span>) {
        let after = text.get(one.at..).unwrap_or_default();
        let (size, count) = self.unquoted_size(after);
        let Some(value) = after.get(..size).filter(|_| size > 0 && !self.code.is_match(after)) else { return };
        let mut end = one.at + value.trim_end_matches(&[',', '.', ')', ']', '}', ':'][..]).len();
        let plain = text.get(one.at..end).unwrap_or_default();
        let rest = after.get(size..).unwrap_or_default();
        let letters = !plain.is_empty() && plain.chars().all(char::is_alphabetic);
        if sign == ":" && one.separator != ":" && letters && (trust == Trust::Weak || more_words(rest)) {
            // A sentence.
            return;
        }
        if sign == ">" && !rest.starts_with("</") {
            let near = after.get(..forth(after, 0, 500)).unwrap_or_default();
            end = near.find('<').map_or(end, |tag| end.max(one.at + tag));
        }
        let before = found.len();
        keep(words, text, one.at, end, trust, found);
        if count == LONG
            && let Some(last) = found.get_mut(before)
        {
            let more = text.get(end..).unwrap_or_default();
            last.end = end + more.find(|c: char| is_space(c) || c == '\0').unwrap_or(more.len());
        }
    }

    /// Bytes and characters of a value without quotes.
    fn unquoted_size(&self, text: &str) -> (usize, usize) {
        let mut count = 0;
        for (at, c) in text.char_indices() {
            let ends = is_space(c) || matches!(c, '\0' | '&' | ';' | '"' | '\'' | '<' | '>' | '`' | '\\');
            if ends || count == LONG || (c == ',' && text.get(at..).is_some_and(|rest| self.next_name.is_match(rest))) {
                return (at, count);
            }
            count += 1;
        }
        (text.len(), count)
    }
}

fn keep(words: &Words, text: &str, start: usize, end: usize, trust: Trust, found: &mut Vec<Span>) {
    let Some(value) = text.get(start..end).filter(|value| !value.is_empty()) else { return };
    let hidden = words.values.is_hidden(&words.rules, value, trust);
    if hidden && !words.forms.is_allowed(value) && !is_name(&words.rules, value) {
        found.push(Span { start, end, rule: RULE.to_owned() });
    }
}

/// Whether anything in a text separates a name from a value.
fn may_have_pairs(text: &str) -> bool {
    let sign = |byte: u8| matches!(byte, b'=' | b':' | b'"' | b'\'' | b'`' | b'<' | b'%');
    text.bytes().any(sign) || text.starts_with('-') || text.contains(" -")
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_of_name(c: char) -> bool {
    is_word(c) || matches!(c, '.' | '-')
}

/// Where a name begins of which a part is at this place.
fn name_start(text: &str, at: usize) -> usize {
    let window = text.get(back(text, at, 60)..at).unwrap_or_default();
    let rest = window.trim_end_matches(is_of_name);
    at - (window.len() - rest.len())
}

/// The word before a name, where it is a part of it: `card number`.
fn word_before(text: &str, begin: usize) -> Option<&str> {
    let before = text.get(..begin)?.strip_suffix(&[' ', '_', '-'][..])?;
    let window = before.get(back(before, before.len(), 21)..)?;
    let rest = window.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let word = window.get(rest.len()..)?;
    let starts = rest.len() < window.len() && !rest.ends_with(is_of_name);
    let whole = !rest.is_empty() || word.len() == before.len();
    ((2..=20).contains(&word.len()) && starts && whole).then_some(word)
}

fn more_words(text: &str) -> bool {
    let word = text.trim_start_matches(&[' ', '\t'][..]);
    word.len() < text.len() && word.bytes().take_while(u8::is_ascii_alphabetic).count() >= 2
}

fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(['\r', '\n', '\0']).unwrap_or(rest.len())
}

/// Where a value in quotes ends that begins at `start`: at its quote, else at the end of the line.
fn closing(text: &str, quote: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let near = rest.get(..forth(rest, 0, LONGEST_QUOTED + quote.len())).unwrap_or_default();
    let near = near.find('\0').and_then(|stop| near.get(..stop)).unwrap_or(near);
    let mut at = 0;
    while let Some(end) = near.get(at..).and_then(|rest| rest.find(quote)).map(|found| at + found) {
        let before = near.get(..end).unwrap_or_default();
        let escapes = before.len() - before.trim_end_matches('\\').len();
        if quote.starts_with('\\') || escapes % 2 == 0 {
            return start + end;
        }
        at = end + 1;
    }
    line_end(text, start)
}

/// Whether a place in a program is within a text that began on its line.
fn in_literal(text: &str, at: usize) -> bool {
    let line = text.get(..at).unwrap_or_default().rfind('\n').map_or(0, |end| end + 1);
    let window = text.get(line.max(back(text, at, 1000))..at).unwrap_or_default();
    let mut quote = None;
    let mut before = text.get(..at - window.len()).and_then(|before| before.chars().next_back()).unwrap_or('\n');
    for c in window.chars() {
        if matches!(c, '"' | '\'') && before != '\\' {
            quote = match quote {
                None => Some(c),
                Some(open) if open == c => None,
                open => open,
            };
        }
        before = c;
    }
    quote.is_some()
}
