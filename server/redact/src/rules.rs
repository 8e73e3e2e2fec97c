//! The rules, which are those of the capture: the file is the same.

use std::collections::{HashMap, HashSet};

use crate::literals::{self, Literal, Module};

const FILE: &str = include_str!("../../../python/crashsite/_rules.py");

/// One form of secrets: a text that has one holds one of the words.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) rule: String,
    pub(crate) words: Vec<String>,
    pub(crate) pattern: String,
}

/// What the file says.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) strong: HashSet<String>,
    pub(crate) weak: HashSet<String>,
    pub(crate) endings: Vec<String>,
    pub(crate) compounds: HashMap<String, HashSet<String>>,
    pub(crate) qualifiers: HashSet<String>,
    pub(crate) counted: HashSet<String>,
    pub(crate) asked: HashSet<String>,
    pub(crate) beside: HashSet<String>,
    pub(crate) stems: Vec<String>,
    pub(crate) never: HashSet<String>,
    pub(crate) common: HashSet<String>,
    pub(crate) placeholder: String,
    pub(crate) address_placeholder: String,
    pub(crate) only_words: String,
    pub(crate) only_path: String,
    pub(crate) only_digits: String,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) card: String,
    pub(crate) card_kind: String,
    pub(crate) plain_form: String,
    pub(crate) pairs: HashSet<String>,
    pub(crate) headers: HashSet<String>,
    pub(crate) holders: HashSet<String>,
}

impl Rules {
    /// Reads the file that is compiled in; `None` where it is not made of what it should be.
    pub(crate) fn read() -> Option<Rules> {
        let module = literals::module(FILE)?;
        Some(Rules {
            strong: words(text(&module, "STRONG")?),
            weak: words(text(&module, "WEAK")?),
            endings: texts(module.get("ENDINGS")?)?,
            compounds: compounds(module.get("COMPOUNDS")?)?,
            qualifiers: words(text(&module, "QUALIFIERS")?),
            counted: words(text(&module, "COUNTED")?),
            asked: words(text(&module, "ASKED")?),
            beside: words(text(&module, "BESIDE")?),
            stems: texts(module.get("STEMS")?)?,
            never: words(text(&module, "NEVER")?),
            common: words(text(&module, "COMMON")?),
            placeholder: text(&module, "PLACEHOLDER")?.to_owned(),
            address_placeholder: text(&module, "ADDRESS_PLACEHOLDER")?.to_owned(),
            only_words: text(&module, "ONLY_WORDS")?.to_owned(),
            only_path: text(&module, "ONLY_PATH")?.to_owned(),
            only_digits: text(&module, "ONLY_DIGITS")?.to_owned(),
            shapes: shapes(module.get("SHAPES")?)?,
            card: text(&module, "CARD")?.to_owned(),
            card_kind: text(&module, "CARD_KIND")?.to_owned(),
            plain_form: text(&module, "PLAIN_FORM")?.to_owned(),
            pairs: words(text(&module, "PAIRS")?),
            headers: texts(module.get("HEADERS")?)?.into_iter().collect(),
            holders: texts(module.get("HOLDERS")?)?.into_iter().collect(),
        })
    }
}

fn text<'a>(module: &'a Module, name: &str) -> Option<&'a str> {
    match module.get(name)? {
        Literal::Text(text) => Some(text),
        _ => None,
    }
}

fn texts(literal: &Literal) -> Option<Vec<String>> {
    let Literal::Tuple(items) = literal else { return None };
    let text = |item: &Literal| match item {
        Literal::Text(text) => Some(text.clone()),
        _ => None,
    };
    items.iter().map(text).collect()
}

fn words(text: &str) -> HashSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn compounds(literal: &Literal) -> Option<HashMap<String, HashSet<String>>> {
    let Literal::Dict(pairs) = literal else { return None };
    let pair = |(last, before): &(String, Literal)| match before {
        Literal::Text(before) => Some((last.clone(), words(before))),
        _ => None,
    };
    pairs.iter().map(pair).collect()
}

fn shapes(literal: &Literal) -> Option<Vec<Shape>> {
    let Literal::Tuple(items) = literal else { return None };
    let shape = |item: &Literal| match item {
        Literal::Tuple(parts) => match &parts[..] {
            [Literal::Text(rule), words, Literal::Text(pattern)] => {
                Some(Shape { rule: rule.clone(), words: texts(words)?, pattern: pattern.clone() })
            }
            _ => None,
        },
        _ => None,
    };
    items.iter().map(shape).collect()
}
