//! Which values are worth hiding under a secret name, and which are so much their own that they are hidden in any text.

use std::collections::HashSet;

use regex::Regex;

use crate::dialect::whole;
use crate::names::Trust;
use crate::rules::Rules;

#[derive(Debug)]
pub(crate) struct Values {
    placeholder: Regex,
    words: Regex,
    path: Regex,
    digits: Regex,
}

impl Values {
    pub(crate) fn new(rules: &Rules) -> Result<Values, regex::Error> {
        Ok(Values {
            placeholder: whole(&rules.placeholder)?,
            words: whole(&rules.only_words)?,
            path: whole(&rules.only_path)?,
            digits: whole(&rules.only_digits)?,
        })
    }

    /// Whether a text under a secret name is hidden where it stands.
    pub(crate) fn is_hidden(&self, rules: &Rules, text: &str, trust: Trust) -> bool {
        let plain = text.trim();
        let (size, lower) = (plain.chars().count(), plain.to_lowercase());
        if size < 3 || rules.never.contains(&lower) || self.placeholder.is_match(plain) {
            return false;
        }
        trust == Trust::Strong
            || !(plain.chars().all(char::is_alphabetic) && (size <= 5 || rules.common.contains(&lower)))
    }

    /// Whether a text found under a secret name is a secret wherever it occurs.
    pub(crate) fn is_distinctive(&self, rules: &Rules, text: &str, trust: Trust) -> bool {
        let (size, lower) = (text.chars().count(), text.to_lowercase());
        if size < 6 || rules.common.contains(&lower) || rules.never.contains(&lower) || !has_three(text) {
            return false;
        }
        if self.digits.is_match(text) {
            return text.chars().filter(|c| c.is_numeric()).count() >= 8;
        }
        if self.words.is_match(text) {
            return size >= if trust == Trust::Strong { 8 } else { 20 };
        }
        !self.path.is_match(text)
    }
}

/// Whether a text has three different characters.
fn has_three(text: &str) -> bool {
    let mut seen = HashSet::new();
    text.chars().any(|c| seen.insert(c) && seen.len() >= 3)
}
