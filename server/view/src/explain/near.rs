//! What is almost what was wanted.

use crate::value::Value;

/// Near misses that are told.
const MOST: usize = 3;

/// Something that is almost what was wanted, and how it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) text: String,
    pub(super) how: &'static str,
    /// Smaller is nearer.
    rank: usize,
}

/// The nearest of some names.
pub(super) fn near_names<'t>(wanted: &str, names: impl Iterator<Item = &'t str>) -> Vec<Near> {
    let mut found: Vec<Near> = names
        .filter(|name| *name != wanted)
        .filter_map(|name| compare(wanted, name).map(|(rank, how)| Near { text: name.to_owned(), how, rank }))
        .collect();
    found.sort_by_key(|near| near.rank);
    found.dedup_by(|a, b| a.text == b.text);
    found.truncate(MOST);
    found
}

/// The nearest of some keys.
pub(super) fn near_keys(wanted: &Value, keys: &[Value]) -> Vec<Near> {
    let bare = bare(&wanted.repr);
    let mut found: Vec<Near> = keys
        .iter()
        .filter(|key| key.repr != wanted.repr)
        .filter_map(|key| {
            let other = self::bare(&key.repr);
            let (rank, how) = match other == bare {
                true => (0, "of another type"),
                false => compare(bare, other)?,
            };
            Some(Near { text: key.repr.to_string(), how, rank })
        })
        .collect();
    found.sort_by_key(|near| near.rank);
    found.truncate(MOST);
    found
}

/// `; it has 'SKU', which differs in case`, or nothing.
pub(super) fn also(near: &[Near]) -> String {
    let Some(first) = near.first() else { return String::new() };
    let rest: Vec<&str> = near.iter().skip(1).map(|near| near.text.as_str()).collect();
    let rest = if rest.is_empty() { String::new() } else { format!(" (also {})", rest.join(", ")) };
    format!("; there is {}, {}{rest}", first.text, first.how)
}

/// A repr without its quotes.
fn bare(repr: &str) -> &str {
    let repr = repr.strip_prefix(['b', 'u']).filter(|rest| rest.starts_with(['\'', '"'])).unwrap_or(repr);
    let inner = |quote: char| repr.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(repr)
}

/// How two texts differ, where that is little.
fn compare(wanted: &str, other: &str) -> Option<(usize, &'static str)> {
    /// Characters beyond which texts are not compared letter by letter.
    const LONGEST: usize = 100;
    if wanted.trim() == other.trim() {
        return Some((1, "which differs in the space around it"));
    }
    if wanted.to_lowercase() == other.to_lowercase() {
        return Some((2, "which differs in case"));
    }
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && *c != '_' && *c != '-' && *c != '.').map(skeleton).collect()
    };
    if wanted.is_ascii() != other.is_ascii() && plain(wanted) == plain(other) {
        return Some((3, "which looks the same and has other characters"));
    }
    if plain(wanted).to_lowercase() == plain(other).to_lowercase() && !plain(wanted).is_empty() {
        return Some((4, "which differs in what separates its words"));
    }
    let (a, b) = (wanted.chars().count(), other.chars().count());
    if a.max(b) > LONGEST || a.min(b) < 3 || a.abs_diff(b) > 1 + a.min(b) / 5 {
        return None;
    }
    let distance = crate::eval::distance(wanted, other);
    let digits_only = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if distance <= 1 + a.min(b) / 5 && !(digits_only(wanted) && digits_only(other)) {
        return Some((5 + distance, "which is spelled almost so"));
    }
    None
}

/// A letter of another script as the Latin one that it looks like.
fn skeleton(c: char) -> char {
    const ALIKE: [(&str, &str); 3] = [
        ("АВЕКМНОРСТУХаеорсухіјѕԁ", "ABEKMHOPCTYXaeopcyxijsd"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονα", "ABEZHIKMNOPTYXova"),
        ("\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}\u{2019}", "------'"),
    ];
    for (from, to) in ALIKE {
        if let Some(at) = from.chars().position(|other| other == c) {
            return to.chars().nth(at).unwrap_or(c);
        }
    }
    match u32::from(c) {
        0xFF01..=0xFF5E => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, near_names};

    #[test]
    fn how_texts_differ() {
        for (wanted, other, how) in [
            ("sku", "SKU", Some("which differs in case")),
            ("sku ", "sku", Some("which differs in the space around it")),
            ("сустем", "cyctem", None),
            ("раypal", "paypal", Some("which looks the same and has other characters")),
            ("user_id", "userId", Some("which differs in what separates its words")),
            ("colour", "color", Some("which is spelled almost so")),
            ("1234", "1235", None),
            ("a", "b", None),
        ] {
            assert_eq!(compare(wanted, other).map(|(_, how)| how), how, "{wanted} {other}");
        }
        let near = near_names("totl", ["total", "tote", "zebra"].into_iter());
        assert_eq!(near.first().map(|near| near.text.as_str()), Some("total"));
    }
}
