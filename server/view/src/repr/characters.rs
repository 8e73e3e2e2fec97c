//! Characters of text in which lone surrogates may stand.

/// The characters of a text, each as its bytes. A lone surrogate is one character of three bytes.
pub(crate) fn characters(text: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<usize> = Vec::with_capacity(text.len());
    starts.extend(text.iter().enumerate().filter(|(_, byte)| **byte & 0xC0 != 0x80).map(|(at, _)| at));
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| text.get(*start..end)).collect()
}

/// How many characters a text has.
pub(crate) fn count(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}
