//! Text of a dump as names that debugging information can hold: no NUL, nothing a terminal obeys, never empty.

use crashsite_view::text;

/// Characters of a name.
const LONGEST: usize = 250;

/// The name for a text.
pub(crate) fn clean(name: &str) -> String {
    let name = text::escape(&text::shorten(name, LONGEST)).into_owned();
    if name.is_empty() { "?".to_owned() } else { name }
}

/// Whether Python takes the text for a name.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    let start = |c: char| c == '_' || c.is_alphabetic();
    characters.next().is_some_and(start) && characters.all(|c| start(c) || c.is_numeric())
}
