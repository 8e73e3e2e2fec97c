//! Values that are known to be secret, found again in any text and in the usual encodings.

use std::collections::HashMap;
use std::fmt::Write as _;

use rustc_hash::FxHashSet;

/// A longer value is looked for as it is.
const LONGEST_ENCODED: usize = 4096;
/// Characters of the shortest form that is looked for; and the bytes by which a form is found.
const KEY: usize = 6;
/// Forms that have the same key: a text of keys alone must not be compared with all there are.
const MOST_PER_KEY: usize = 32;
/// Bits of the filter that most places of a text do not pass.
const BITS: u64 = 1 << 20;

/// The values. A search costs the same however many there are: of each form, six bytes are looked for at every place.
#[derive(Debug)]
pub(crate) struct Needles {
    values: Vec<String>,
    known: FxHashSet<String>,
    /// Each form, and the index of its value.
    forms: Vec<(String, usize)>,
    known_forms: FxHashSet<String>,
    /// The forms that have these bytes, and where. Whose hash it is matters: the bytes are the dump's.
    keys: HashMap<u64, Vec<(usize, usize)>>,
    filter: Vec<u64>,
    most: usize,
    dropped: usize,
}

impl Needles {
    pub(crate) fn new(most: usize) -> Needles {
        Needles {
            values: Vec::new(),
            known: FxHashSet::default(),
            forms: Vec::new(),
            known_forms: FxHashSet::default(),
            keys: HashMap::new(),
            filter: vec![0; (BITS / 64) as usize],
            most,
            dropped: 0,
        }
    }

    /// Looks for a value, too.
    pub(crate) fn add(&mut self, value: &str) {
        if self.known.contains(value) {
            return;
        }
        if self.values.len() >= self.most {
            self.dropped += 1;
            return;
        }
        self.known.insert(value.to_owned());
        self.values.push(value.to_owned());
        let forms = if value.len() <= LONGEST_ENCODED { forms(value) } else { vec![value.to_owned()] };
        for form in forms {
            self.add_form(form);
        }
    }

    /// How many values were too many.
    pub(crate) fn dropped(&self) -> usize {
        self.dropped
    }

    fn add_form(&mut self, form: String) {
        if form.chars().count() < KEY || !self.known_forms.insert(form.clone()) {
            return;
        }
        // The place in the middle of which the fewest others have the bytes, too.
        let places = form.len() - KEY;
        let middle = places / 2;
        let candidates =
            (0..=8.min(places)).flat_map(|step| [middle.saturating_sub(step), (middle + step).min(places)]);
        let used = |place: &usize| self.keys.get(&key_at(form.as_bytes(), *place)).map_or(0, Vec::len);
        let Some(place) = candidates.min_by_key(used) else { return };
        if used(&place) >= MOST_PER_KEY {
            self.dropped += 1;
            return;
        }
        let key = key_at(form.as_bytes(), place);
        self.keys.entry(key).or_default().push((self.forms.len(), place));
        let bit = bit_of(key);
        if let Some(word) = self.filter.get_mut((bit / 64) as usize) {
            *word |= 1 << (bit % 64);
        }
        self.forms.push((form, self.values.len() - 1));
    }

    /// Start, end and value of every occurrence.
    pub(crate) fn spans(&self, text: &str) -> Vec<(usize, usize, &str)> {
        let mut found = Vec::new();
        if self.forms.is_empty() {
            return found;
        }
        let (bytes, mut key) = (text.as_bytes(), 0);
        for (at, byte) in bytes.iter().enumerate() {
            key = ((key << 8) | u64::from(*byte)) & ((1 << (8 * KEY)) - 1);
            let bit = bit_of(key);
            let passes = self.filter.get((bit / 64) as usize).is_some_and(|word| word & (1 << (bit % 64)) != 0);
            if !passes {
                continue;
            }
            for (form, place) in self.keys.get(&key).into_iter().flatten() {
                let Some((form, value)) = self.forms.get(*form) else { continue };
                let Some(start) = (at + 1).checked_sub(KEY + place) else { continue };
                let here = bytes.get(start..).is_some_and(|rest| rest.starts_with(form.as_bytes()));
                if here && !is_within_a_word(text, start, start + form.len(), form) {
                    found.push((start, start + form.len(), self.values.get(*value).map_or("", String::as_str)));
                }
            }
        }
        found
    }
}

fn key_at(bytes: &[u8], place: usize) -> u64 {
    bytes.iter().skip(place).take(KEY).fold(0, |key, byte| (key << 8) | u64::from(*byte))
}

fn bit_of(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS.trailing_zeros())
}

/// Of a word, or a number, only the whole one is meant.
fn is_within_a_word(text: &str, start: usize, end: usize, form: &str) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    let beside = |is: fn(char) -> bool| before.is_some_and(is) || after.is_some_and(is);
    if form.chars().all(char::is_alphabetic) {
        return beside(char::is_alphabetic);
    }
    form.chars().all(char::is_numeric) && beside(char::is_numeric)
}

/// The value, and how it looks encoded. Bytes are searched as Latin-1, so UTF-16 stands here as such.
fn forms(value: &str) -> Vec<String> {
    let data = value.as_bytes();
    let hexadecimal = data.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    });
    let mut out = vec![value.to_owned(), hexadecimal.to_uppercase(), hexadecimal];
    for lead in 0..3 {
        let core = base64(data, lead);
        out.push(core.replace('+', "-").replace('/', "_"));
        out.push(core);
    }
    for safe in ["", "/", "/:@"] {
        let upper = quoted(value, safe, true);
        out.push(upper.replace("%20", "+"));
        out.push(upper);
        out.push(quoted(value, safe, false));
    }
    out.push(repr(value));
    out.push(value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    out.push(unicode_escape(value));
    out.push(value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    if !value.is_ascii() {
        out.push(crate::text::latin1(data));
    }
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        out.push(value.encode_utf16().flat_map(order).map(char::from).collect());
    }
    out
}

/// What base64 makes of the bytes after `lead` others, without the characters in which neighbours have a share.
fn base64(data: &[u8], lead: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |at: usize| data.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8)) & 1);
    let first = (lead * 8).div_ceil(6);
    let last = (lead + data.len()) * 8 / 6;
    let letter = |place: usize| {
        let index = (0..6).fold(0, |index, step| (index << 1) | bit(place * 6 + step - lead * 8));
        ALPHABET.get(index).map_or('A', |byte| char::from(*byte))
    };
    (first..last).map(letter).collect()
}

fn quoted(value: &str, safe: &str, upper: bool) -> String {
    let mut out = String::new();
    for c in value.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') || safe.contains(c) {
            out.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            let _ = if upper { write!(out, "%{byte:02X}") } else { write!(out, "%{byte:02x}") };
        }
    }
    out
}

/// As Python's `repr` has it between its quotes.
fn repr(value: &str) -> String {
    let double = value.contains('\'') && !value.contains('"');
    let mut out = String::new();
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' if !double => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn unicode_escape(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars() {
        let _ = match (c, u32::from(c)) {
            ('\\', _) => write!(out, "\\\\"),
            ('\n', _) => write!(out, "\\n"),
            ('\r', _) => write!(out, "\\r"),
            ('\t', _) => write!(out, "\\t"),
            (c, 0x20..0x7F) => write!(out, "{c}"),
            (_, code @ ..=0xFF) => write!(out, "\\x{code:02x}"),
            (_, code @ ..=0xFFFF) => write!(out, "\\u{code:04x}"),
            (_, code) => write!(out, "\\U{code:08x}"),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_what_it_is_encoded_to() {
        let mut needles = Needles::new(10);
        needles.add("k3y-0f-thé-sh0p");
        // b64encode of b"a" + value + b"z", and of b"ab" + value; quote(value); value.encode().hex()
        for text in [
            "azN5LTBmLXRow6ktc2gwcA==",
            "YWszeS0wZi10aMOpLXNoMHB6",
            "YWJrM3ktMGYtdGjDqS1zaDBw",
            "k3y-0f-th%C3%A9-sh0p",
            "k3y-0f-th%c3%a9-sh0p",
            "6b33792d30662d7468c3a92d73683070",
            r"k3y-0f-th\xe9-sh0p",
        ] {
            let found = needles.spans(text);
            assert!(found.iter().any(|(start, end, _)| end - start > text.len() - 8), "{text}: {found:?}");
        }
    }

    #[test]
    fn keys_that_all_have_do_not_make_it_slow() {
        let mut needles = Needles::new(1_000_000);
        for number in 0..2_000 {
            needles.add(&format!("{}{number:08}{}", "a".repeat(40), "a".repeat(40)));
        }
        let text = "a".repeat(1 << 16);
        let started = std::time::Instant::now();
        assert!(needles.spans(&text).is_empty());
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}
