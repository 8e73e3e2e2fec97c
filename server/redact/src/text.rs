//! Places in a text, counted in characters.

/// So many characters before a place, or the beginning.
pub(crate) fn back(text: &str, at: usize, count: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.char_indices().rev().take(count).last().map_or(at.min(text.len()), |(at, _)| at)
}

/// So many characters after a place, or the end.
pub(crate) fn forth(text: &str, at: usize, count: usize) -> usize {
    let after = text.get(at..).unwrap_or_default();
    after.char_indices().nth(count).map_or(text.len(), |(more, _)| at + more)
}

/// Bytes as text, a character each.
pub(crate) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Such a text as bytes again.
pub(crate) fn to_latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}
