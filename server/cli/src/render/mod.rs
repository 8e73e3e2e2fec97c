//! Answers as text for people. Everything that comes from a dump is escaped before it is written.

pub(crate) mod answer;
pub(crate) mod exception;
pub(crate) mod header;
pub(crate) mod stack;
pub(crate) mod value;

use crashsite_view::text;
use unicode_width::UnicodeWidthStr as _;

/// A word for a shell's command line, to be pasted.
pub(crate) fn quoted(word: &str) -> String {
    let word = text::escape(word);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Where a question is asked, in a few words: `MainThread#2 handle`.
pub(crate) fn place(thread: Option<&str>, frame: usize, function: &str) -> String {
    /// Characters of a name.
    const LONGEST: usize = 40;
    let thread = text::escape(&text::shorten(thread.unwrap_or("unnamed"), LONGEST)).into_owned();
    let function = text::escape(&text::shorten(function, LONGEST)).into_owned();
    format!("{thread}#{frame} {function}").trim_end().to_owned()
}

/// Columns of a terminal that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// A text with spaces after it, up to so many columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{:1$}", "", columns.saturating_sub(width(text)))
}
