//! What looks like a secret by itself: keys of known make, cards, passwords in addresses, random tokens.

use std::collections::HashSet;
use std::sync::OnceLock;

use regex::Regex;

use crate::dialect::{Letters, compile, translated, whole};
use crate::rules::{Rules, Shape};
use crate::text::{back, forth};
use crate::tokens::{self, Tokens};

/// A secret in a text, and the rule that found it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) rule: String,
}

/// Nothing of a token before it, and nothing after it, as the rules write it.
const ALONE: &str = "(?<![A-Za-z0-9])";
const ALONE_AFTER: &str = "(?![A-Za-z0-9])";

/// Characters around a long run in which the words of long keys stand.
const NEAR: usize = 80;
/// Bytes of the shortest runs of which a long key, a random token and a card number have one.
const RUN: usize = 16;
const TOKEN_RUN: usize = 20;
const LONG_NUMBER: usize = 12;

/// A shape, compiled when a text first has one of its words.
#[derive(Debug)]
struct Form {
    regex: OnceLock<Option<Regex>>,
    /// It may have no long run.
    short: bool,
}

#[derive(Debug)]
pub(crate) struct Forms {
    forms: Vec<Form>,
    user: Vec<(String, Regex)>,
    allowed: HashSet<String>,
    tokens: Tokens,
    card: Regex,
    card_kind: Regex,
    address_placeholder: Regex,
    long_run: Regex,
    digest: Regex,
}

impl Forms {
    pub(crate) fn new(rules: &Rules, user: Vec<(String, Regex)>, allowed: &[String]) -> Result<Forms, regex::Error> {
        let short = ["private key", "password in an address", "token in an address", "authorization"];
        let form = |shape: &Shape| Form { regex: OnceLock::new(), short: short.contains(&&*shape.rule) };
        // A number is none where a letter, a digit or the rest of a decimal number is beside it.
        let card = format!(
            r"(?:\A[.,]?|[^0-9A-Za-z.,]|[^0-9][.,])({})(?:\z|[.,](?:\z|[^0-9])|[^0-9A-Za-z.,])",
            translated(&rules.card, Letters::Ascii)
        );
        Ok(Forms {
            forms: rules.shapes.iter().map(form).collect(),
            user,
            allowed: allowed.iter().cloned().collect(),
            tokens: Tokens::new(rules)?,
            card: compile(&card)?,
            card_kind: whole(&rules.card_kind)?,
            address_placeholder: whole(&rules.address_placeholder)?,
            long_run: compile("[A-Za-z0-9_-]{16,}")?,
            digest: compile(r"(?:sha[0-9]+|md5|blake\w*)[-:]\z")?,
        })
    }

    /// Whether the user said that a text is no secret.
    pub(crate) fn is_allowed(&self, text: &str) -> bool {
        self.allowed.contains(text)
    }

    /// Whether there are patterns of the user.
    pub(crate) fn has_own(&self) -> bool {
        !self.user.is_empty()
    }

    /// The secrets in a text, in no order.
    pub(crate) fn spans(&self, rules: &Rules, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        for (rule, regex) in &self.user {
            self.each(regex, text, rule, &mut found, |_| true);
        }
        let longest = longest_runs(text);
        if longest.run >= RUN {
            let near = self.near(text);
            if !near.is_empty() {
                self.try_shapes(rules, false, &near, text, &mut found);
            }
        }
        self.try_shapes(rules, true, text, text, &mut found);
        if longest.number >= LONG_NUMBER {
            self.each_alone(&self.card, text, "card number", &mut found, |secret| self.is_card(secret));
        }
        if longest.token >= TOKEN_RUN {
            for token in self.tokens.token.find_iter(text) {
                if self.tokens.is_random(rules, token.as_str()) && !self.is_digest(text, token.start()) {
                    self.add(text, token.start(), token.end(), "random token", &mut found);
                }
            }
        }
        found
    }

    /// What is around the long runs that are no names.
    fn near(&self, text: &str) -> String {
        let mut near = String::new();
        for run in self.long_run.find_iter(text) {
            let plain = run.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
            if !plain && !tokens::is_camel(run.as_str()) {
                near.push('\0');
                near.push_str(
                    text.get(back(text, run.start(), NEAR)..forth(text, run.end(), NEAR)).unwrap_or_default(),
                );
            }
        }
        near
    }

    fn try_shapes(&self, rules: &Rules, short: bool, near: &str, text: &str, found: &mut Vec<Span>) {
        for (form, shape) in self.forms.iter().zip(&rules.shapes) {
            if form.short != short || !shape.words.iter().any(|word| near.contains(&**word)) {
                continue;
            }
            // What does not compile is found by the tests: the patterns are compiled in.
            let Some(regex) = form.regex.get_or_init(|| regex_of(shape).ok()) else { continue };
            match &*shape.rule {
                "authorization" => self.each(regex, text, &shape.rule, found, is_authorization),
                "password in an address" => self.each_password(regex, text, &shape.rule, found),
                "token in an address" => self.each(regex, text, &shape.rule, found, has_digit),
                "OpenAI or Anthropic key" => self.each_alone(regex, text, &shape.rule, found, has_digit),
                _ if is_alone(shape) => self.each_alone(regex, text, &shape.rule, found, |_| true),
                _ => self.each(regex, text, &shape.rule, found, |_| true),
            }
        }
    }

    fn each_password(&self, regex: &Regex, text: &str, rule: &str, found: &mut Vec<Span>) {
        for captures in regex.captures_iter(text) {
            let (Some(whole), Some(secret)) = (captures.get(0), captures.get(1)) else { continue };
            let of_file = text.get(..whole.start()).is_some_and(|before| before.ends_with("file"));
            if !of_file && !self.address_placeholder.is_match(secret.as_str()) {
                self.add(text, secret.start(), secret.end(), rule, found);
            }
        }
    }

    /// Every place of a pattern that `is_one`: its last group that took part, or all of it.
    fn each(&self, regex: &Regex, text: &str, rule: &str, found: &mut Vec<Span>, is_one: impl Fn(&str) -> bool) {
        for captures in regex.captures_iter(text) {
            let last = (0..captures.len()).rev().find_map(|group| captures.get(group));
            if let Some(secret) = last.filter(|secret| is_one(secret.as_str())) {
                self.add(text, secret.start(), secret.end(), rule, found);
            }
        }
    }

    /// As [`Forms::each`], of a pattern that is about the first group, and what is before and after it: that may be a part of the
    /// next secret, or the end of the one before.
    fn each_alone(&self, regex: &Regex, text: &str, rule: &str, found: &mut Vec<Span>, is_one: impl Fn(&str) -> bool) {
        let mut at = 0;
        while let Some(captures) = regex.captures_at(text, at) {
            let Some(core) = captures.get(1) else { return };
            let last = (1..captures.len()).rev().find_map(|group| captures.get(group));
            if let Some(secret) = last.filter(|secret| is_one(secret.as_str())) {
                self.add(text, secret.start(), secret.end(), rule, found);
            }
            let ends_open = !core.as_str().ends_with(|c: char| c.is_ascii_alphanumeric());
            let next = if ends_open { back(text, core.end(), 1) } else { core.end() };
            if next <= at || next >= text.len() {
                return;
            }
            at = next;
        }
    }

    fn add(&self, text: &str, start: usize, end: usize, rule: &str, found: &mut Vec<Span>) {
        if end > start && !text.get(start..end).is_none_or(|secret| self.is_allowed(secret)) {
            found.push(Span { start, end, rule: rule.to_owned() });
        }
    }

    fn is_card(&self, found: &str) -> bool {
        let digits: String = found.chars().filter(char::is_ascii_digit).collect();
        let different = digits.bytes().collect::<HashSet<_>>().len();
        self.card_kind.is_match(&digits) && different > 1 && has_check_digit(&digits)
    }

    fn is_digest(&self, text: &str, start: usize) -> bool {
        text.get(back(text, start, 12)..start).is_some_and(|before| self.digest.is_match(before))
    }
}

/// Luhn's sum.
fn has_check_digit(digits: &str) -> bool {
    let doubled = |(index, byte): (usize, u8)| {
        let value = u32::from(byte.wrapping_sub(b'0')) * if index % 2 == 1 { 2 } else { 1 };
        if value > 9 { value - 9 } else { value }
    };
    digits.bytes().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// Whether the pattern is about what is beside a secret, too.
fn is_alone(shape: &Shape) -> bool {
    shape.pattern.starts_with(ALONE) || shape.pattern.ends_with(ALONE_AFTER)
}

fn has_digit(secret: &str) -> bool {
    secret.bytes().any(|byte| byte.is_ascii_digit())
}

fn regex_of(shape: &Shape) -> Result<Regex, regex::Error> {
    let alone = shape.pattern.strip_prefix(ALONE);
    let core = alone.unwrap_or(&shape.pattern);
    let ended = core.strip_suffix(ALONE_AFTER);
    let core = translated(ended.unwrap_or(core), Letters::Ascii);
    let (before, after) = (r"(?:\A|[^A-Za-z0-9])", r"(?:\z|[^A-Za-z0-9])");
    match (alone, ended) {
        (None, None) => compile(&core),
        (Some(_), None) => compile(&format!("{before}({core})")),
        (None, Some(_)) => compile(&format!("({core}){after}")),
        (Some(_), Some(_)) => compile(&format!("{before}({core}){after}")),
    }
}

fn is_authorization(value: &str) -> bool {
    if value.starts_with("realm=") {
        return false;
    }
    let letters = value.chars().all(char::is_alphabetic);
    let mut chars = value.chars();
    let first = chars.next();
    let small = |c: char| !c.is_uppercase();
    let capital = first.is_some_and(char::is_uppercase) && chars.all(small);
    !letters || !(value.chars().all(small) || capital)
}

/// The longest runs of the characters of keys, of tokens, and of numbers.
#[derive(Default)]
struct Longest {
    run: usize,
    token: usize,
    number: usize,
}

fn longest_runs(text: &str) -> Longest {
    let (mut now, mut most) = (Longest::default(), Longest::default());
    let count = |fits: bool, now: &mut usize, most: &mut usize| {
        *now = if fits { *now + 1 } else { 0 };
        *most = (*most).max(*now);
    };
    for byte in text.bytes() {
        let of_run = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        count(of_run, &mut now.run, &mut most.run);
        count(of_run || matches!(byte, b'+' | b'/' | b'~'), &mut now.token, &mut most.token);
        count(byte.is_ascii_digit() || matches!(byte, b' ' | b'-'), &mut now.number, &mut most.number);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_one_of_this_engine() {
        let rules = Rules::read().expect("the file of rules is made of literals");
        assert!(rules.shapes.len() > 30);
        for shape in &rules.shapes {
            regex_of(shape).expect(&shape.pattern);
        }
    }
}
