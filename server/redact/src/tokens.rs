//! Tokens that are too random to be anything else.

use std::collections::HashSet;

use regex::Regex;

use crate::dialect::{Letters, compile, translated};
use crate::rules::Rules;

/// The shortest token whose randomness is believed.
const SHORTEST: usize = 20;
/// Bytes of one that are looked at.
const LONGEST: usize = 256;

#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) token: Regex,
    plain: Regex,
}

impl Tokens {
    pub(crate) fn new(rules: &Rules) -> Result<Tokens, regex::Error> {
        Ok(Tokens {
            token: compile(r"[A-Za-z0-9+/_~-]{20,}={0,2}(?:\.[A-Za-z0-9_-]{4,}){0,3}")?,
            plain: compile(&format!(r"\A(?:{})\z", translated(&rules.plain_form, Letters::Ascii)))?,
        })
    }

    /// Whether a token, of ASCII, is made of letters and digits that no person chose.
    pub(crate) fn is_random(&self, rules: &Rules, token: &str) -> bool {
        let token = token.get(..LONGEST).unwrap_or(token).trim_matches(&['=', '-', '_', '~', '+', '/', '.'][..]);
        let size = token.len();
        if size < SHORTEST || self.plain.is_match(token) {
            return false;
        }
        let classes: Vec<u8> = token.bytes().filter_map(class).collect();
        let count = |class: u8| classes.iter().filter(|found| **found == class).count();
        let (lower, upper, digits) = (count(b'a'), count(b'A'), count(b'0'));
        let changes = classes.windows(2).filter(|pair| pair.first() != pair.last()).count();
        let rate = if classes.is_empty() { 0.0 } else { changes as f64 / classes.len() as f64 };
        let kinds = usize::from(lower > 0) + usize::from(upper > 0) + usize::from(digits > 0);
        let least = match (kinds, digits) {
            (3, _) => 0.25,
            (_, 1..) => 0.12,
            _ => 0.33,
        };
        let different = token.bytes().collect::<HashSet<_>>().len();
        if lower + upper < 6 || rate < least || different < 10 {
            return false;
        }
        let (pairs, share) = likeness(rules, token);
        if 6 * (size - classes.len()) > size {
            // Many short parts.
            return kinds == 3 && rate >= 0.5 && share < 0.5;
        }
        if kinds == 3 {
            return rate >= 0.45 || share < 0.66;
        }
        if digits > 0 {
            return digits >= 2 && share < 0.66 && pairs >= 3;
        }
        share < 0.72 && pairs >= 4
    }
}

/// Whether a text is a word, or several in one, as the names of fields are.
pub(crate) fn is_wordlike(rules: &Rules, text: &str) -> bool {
    let parts: Vec<&str> = text.split(['_', '-']).collect();
    let field = parts.len() <= 7
        && parts
            .iter()
            .all(|part| (1..=30).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    field && likeness(rules, text).1 >= 0.75
}

/// Pairs of letters, and the part of them that is usual in words.
fn likeness(rules: &Rules, text: &str) -> (usize, f64) {
    let (mut pairs, mut common) = (0, 0);
    for pair in text.as_bytes().windows(2) {
        let &[first, second] = pair else { continue };
        let letters = first.is_ascii_alphabetic() && second.is_ascii_alphabetic();
        // A camel's hump is where a word ends.
        if !letters || (first.is_ascii_lowercase() && second.is_ascii_uppercase()) {
            continue;
        }
        pairs += 1;
        let lower = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
        common += usize::from(std::str::from_utf8(&lower).is_ok_and(|pair| rules.pairs.contains(pair)));
    }
    (pairs, if pairs > 0 { common as f64 / pairs as f64 } else { 0.0 })
}

fn class(byte: u8) -> Option<u8> {
    match byte {
        b'a'..=b'z' => Some(b'a'),
        b'A'..=b'Z' => Some(b'A'),
        b'0'..=b'9' => Some(b'0'),
        _ => None,
    }
}

/// Whether a run of letters, `_` and `-` is a name, as programs write them: `some-name`, `SomeName`, `HTTPServer`.
pub(crate) fn is_camel(run: &str) -> bool {
    let bytes = run.as_bytes();
    let span = |from: usize, fits: fn(&u8) -> bool| {
        bytes.get(from..).unwrap_or_default().iter().take_while(|byte| fits(byte)).count()
    };
    let mut at = 0;
    let mut words = 0;
    loop {
        at += span(at, |byte| matches!(byte, b'_' | b'-'));
        if at == bytes.len() {
            return words > 0;
        }
        let capitals = span(at, u8::is_ascii_uppercase);
        let small = span(at + capitals, u8::is_ascii_lowercase);
        // Several capitals are a word of their own, the last of them begins the next one.
        let own = if small > 0 && capitals > 1 { capitals - 1 } else { capitals };
        let fits = match (capitals, small) {
            (0 | 1, small) if small > 0 => (2..=15).contains(&small),
            (_, 0) => (2..=15).contains(&capitals),
            _ => (2..=15).contains(&own) && (2..=15).contains(&small),
        };
        if !fits {
            return false;
        }
        at += capitals + small;
        words += 1;
    }
}
