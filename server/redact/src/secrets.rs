//! The secrets in a text, and what stands there instead.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crashsite_model::scalar_text;
use regex::Regex;
use sha2::{Digest as _, Sha256};

use crate::forms::{Forms, Span};
use crate::names::{Names, Trust};
use crate::needles::Needles;
use crate::pairs::Pairs;
use crate::rules::Rules;
use crate::text::{latin1, to_latin1};
use crate::values::Values;
use crate::{Error, Mode, Settings};

/// What stands for every value where only shapes are kept.
pub(crate) const SHAPELESS: &str = "<redacted>";
/// Characters of the shortest text in which there may be a secret, where the user has no patterns.
const SHORTEST: usize = 6;
/// Rules of which there are no patterns.
const OWN_RULES: [&str; 5] = ["name", "value of a name", "known value", "random token", "card number"];

/// In how many places each rule has hidden something.
pub(crate) type Counts = BTreeMap<String, u64>;

/// All that is known before the dump is looked at.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) rules: Rules,
    pub(crate) names: Names,
    pub(crate) values: Values,
    pub(crate) forms: Forms,
    pairs: Pairs,
    /// The names of the rules, in a fixed order; the user's last.
    pub(crate) rule_names: Vec<String>,
}

impl Words {
    pub(crate) fn new(settings: &Settings) -> Result<Words, Error> {
        let rules = Rules::read().ok_or(Error::Rules)?;
        let names = Names::new(&rules, &settings.names, &settings.allow)?;
        let user: Vec<(String, Regex)> = settings
            .patterns
            .iter()
            .enumerate()
            .map(|(index, pattern)| Ok((format!("pattern {}", index + 1), own(pattern)?)))
            .collect::<Result<_, Error>>()?;
        let mut rule_names: Vec<String> = OWN_RULES.map(str::to_owned).into();
        let all = rules.shapes.iter().map(|shape| &shape.rule).chain(user.iter().map(|(name, _)| name));
        for name in all.cloned().chain(["shape only".to_owned()]) {
            if !rule_names.contains(&name) {
                rule_names.push(name);
            }
        }
        Ok(Words {
            pairs: Pairs::new(&names.stems)?,
            values: Values::new(&rules)?,
            forms: Forms::new(&rules, user, &settings.allow)?,
            names,
            rules,
            rule_names,
        })
    }

    /// How far a name promises a secret.
    pub(crate) fn trust(&self, name: &str) -> Trust {
        self.names.trust(&self.rules, name)
    }

    /// What the rules find in a text by itself, in order, none over another.
    pub(crate) fn spans(&self, text: &str, code: bool) -> Vec<Span> {
        let mut found = self.forms.spans(&self.rules, text);
        found.extend(self.pairs.spans(self, text, code));
        found.sort();
        let mut out: Vec<Span> = Vec::with_capacity(found.len());
        for span in found {
            match out.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => out.push(span),
            }
        }
        out
    }
}

/// A pattern of the user.
fn own(pattern: &str) -> Result<Regex, Error> {
    let compiled = crate::dialect::compile(pattern)
        .map_err(|error| Error::Pattern { pattern: pattern.to_owned(), why: last_line(&error.to_string()) })?;
    if compiled.is_match("") {
        let why = "it matches nothing at all, which is everywhere".to_owned();
        return Err(Error::Pattern { pattern: pattern.to_owned(), why });
    }
    Ok(compiled)
}

/// The engine draws the pattern before it says what is wrong.
fn last_line(message: &str) -> String {
    let line = message.trim_end().lines().last().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// What stands instead of a text, and the first rule that was at work.
pub(crate) struct Cleaned<T> {
    pub(crate) text: T,
    pub(crate) rule: String,
    pub(crate) counts: Counts,
}

/// What is known once the dump was looked through.
#[derive(Debug)]
pub(crate) struct Secrets {
    pub(crate) words: Words,
    pub(crate) needles: Needles,
    pub(crate) mode: Mode,
    key: [u8; 32],
}

impl Secrets {
    pub(crate) fn new(words: Words, settings: &Settings) -> Result<Secrets, Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| Error::Random(error.to_string()))?;
        Ok(Secrets { words, needles: Needles::new(settings.max_known), mode: settings.mode, key })
    }

    /// What stands for a secret: the same for the same one in this dump. Its key is nowhere in the dump, nor kept.
    pub(crate) fn marker(&self, secret: &str) -> String {
        // The inner digest is of a fixed length, and the outer one is cut: nothing can be appended.
        let inner = Sha256::new().chain_update(self.key).chain_update(secret).finalize();
        let digest = Sha256::new().chain_update(self.key).chain_update(inner).finalize();
        let digits: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("<redacted {digits}>")
    }

    /// Start, end, secret and rule, in order, none over another.
    fn spans<'a>(&'a self, text: &'a str, code: bool) -> Vec<(usize, usize, Cow<'a, str>, Cow<'a, str>)> {
        let known = self.needles.spans(text).into_iter();
        let mut found: Vec<(usize, usize, Cow<'a, str>, Cow<'a, str>)> =
            known.map(|(start, end, value)| (start, end, value.into(), "known value".into())).collect();
        found.extend(self.words.spans(text, code).into_iter().map(|span| {
            let secret = text.get(span.start..span.end).unwrap_or_default();
            (span.start, span.end, Cow::Borrowed(secret), Cow::Owned(span.rule))
        }));
        found.sort_by_key(|(start, end, ..)| (*start, std::cmp::Reverse(*end)));
        let mut out: Vec<(usize, usize, Cow<'a, str>, Cow<'a, str>)> = Vec::with_capacity(found.len());
        for one in found {
            match out.last_mut() {
                Some((start, end, secret, _)) if one.0 < *end => {
                    if one.1 > *end {
                        *end = one.1;
                        *secret = text.get(*start..*end).unwrap_or_default().into();
                    }
                }
                _ => out.push(one),
            }
        }
        out
    }

    /// A text without its secrets; `None` where it has none.
    pub(crate) fn clean(&self, text: &str) -> Option<Cleaned<String>> {
        let Cleaned { text, rule, counts } = self.replaced(text, text.as_bytes())?;
        Some(Cleaned { text: String::from_utf8_lossy(&text).into_owned(), rule, counts })
    }

    /// As [`Secrets::clean`], of a text as the file has it: lone surrogates stay.
    pub(crate) fn clean_raw(&self, raw: &[u8]) -> Option<Cleaned<Vec<u8>>> {
        let text = scalar_text(raw);
        // In place of a surrogate stands a character of the same length; what is no text at all has none.
        let same = text.len() == raw.len();
        self.replaced(&text, if same { raw } else { text.as_bytes() })
    }

    fn replaced(&self, text: &str, raw: &[u8]) -> Option<Cleaned<Vec<u8>>> {
        if text.len() < SHORTEST && !self.words.forms.has_own() {
            return None;
        }
        let found = self.spans(text, false);
        let rule = found.first()?.3.clone().into_owned();
        let (mut out, mut done, mut counts) = (Vec::with_capacity(raw.len()), 0, Counts::new());
        for (start, end, secret, rule) in found {
            *counts.entry(rule.into_owned()).or_default() += 1;
            out.extend(raw.get(done..start).unwrap_or_default());
            out.extend(self.marker(&secret).bytes());
            done = end;
        }
        out.extend(raw.get(done..).unwrap_or_default());
        Some(Cleaned { text: out, rule, counts })
    }

    /// As [`Secrets::clean`], of bytes, a character each. UTF-16 and UTF-32 are looked at without their zeros, too.
    pub(crate) fn clean_bytes(&self, bytes: &[u8]) -> Option<Cleaned<Vec<u8>>> {
        let text = latin1(bytes);
        if let Some(cleaned) = self.clean(&text) {
            return Some(Cleaned { text: to_latin1(&cleaned.text), rule: cleaned.rule, counts: cleaned.counts });
        }
        if !bytes.contains(&0) {
            return None;
        }
        let bare = text.replace('\0', "");
        let wide = bare.chars().count() * 2 <= bytes.len() + 2;
        let rule = self.spans(&bare, false).into_iter().next().filter(|_| wide)?.3.into_owned();
        Some(Cleaned { text: self.marker(&text).into_bytes(), counts: Counts::from([(rule.clone(), 1)]), rule })
    }

    /// A program's text without its secrets: as many lines, and every line as long as it was, in characters and bytes.
    pub(crate) fn source(&self, text: &str, counts: &mut Counts) -> Option<String> {
        let found = self.spans(text, true);
        if found.is_empty() {
            return None;
        }
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for (start, end, _, rule) in found {
            *counts.entry(rule.into_owned()).or_default() += 1;
            out.push_str(text.get(done..start).unwrap_or_default());
            out.extend(text.get(start..end).unwrap_or_default().chars().map(same_width));
            done = end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Some(out)
    }
}

/// A mark that is as long in UTF-8; ends of lines stay.
fn same_width(c: char) -> char {
    match (c, c.len_utf8()) {
        ('\n' | '\r' | '\t' | '\x0c', _) => c,
        (_, 1) => '*',
        (_, 2) => '\u{b7}',
        (_, 3) => '\u{2022}',
        _ => '\u{1f784}',
    }
}
