//! Templates of `str.format`, read piece by piece: an error in one is met only after what stands before it.

use super::Raised;

type Result<T> = std::result::Result<T, Raised>;

fn value_error<T>(message: impl Into<String>) -> Result<T> {
    Err(Raised::new("ValueError", message))
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it stands.
    Literal(&'a [u8]),
    /// A replacement field.
    Field {
        /// What [`name`] takes apart.
        name: &'a [u8],
        /// The character after `!`.
        conversion: Option<char>,
        /// The format specification, which is a template itself where it has braces.
        spec: &'a [u8],
    },
}

/// The pieces of a template.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    rest: &'a [u8],
}

/// A template at a depth: 0 for the text itself, 1 for a format specification in it.
pub fn pieces(template: &[u8], depth: usize) -> Result<Pieces<'_>> {
    if depth > 1 {
        return value_error("Max string recursion exceeded");
    }
    Ok(Pieces { rest: template })
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest;
        if rest.is_empty() {
            return None;
        }
        let Some(at) = rest.iter().position(|byte| matches!(byte, b'{' | b'}')) else {
            self.rest = &[];
            return Some(Ok(Piece::Literal(rest)));
        };
        let next = rest.get(at + 1);
        if next == Some(&rest[at]) {
            self.rest = &rest[at + 2..];
            return Some(Ok(Piece::Literal(&rest[..=at])));
        }
        if rest[at] == b'}' || next.is_none() {
            self.rest = &[];
            return Some(value_error(format!("Single '{}' encountered in format string", char::from(rest[at]))));
        }
        if at > 0 {
            self.rest = &rest[at..];
            return Some(Ok(Piece::Literal(&rest[..at])));
        }
        let (field, rest) =
            field(&rest[1..]).map_or_else(|error| (Err(error), &[][..]), |(field, rest)| (Ok(field), rest));
        self.rest = rest;
        Some(field)
    }
}

/// The field after its `{`, and what follows its `}`.
fn field(text: &[u8]) -> Result<(Piece<'_>, &[u8])> {
    let mut at = 0;
    let end = loop {
        match text.get(at) {
            Some(b'{') => return value_error("unexpected '{' in field name"),
            Some(b'[') => at += text[at..].iter().position(|byte| *byte == b']').unwrap_or(text.len() - at),
            Some(end @ (b'}' | b':' | b'!')) => break *end,
            Some(_) => at += 1,
            None => return value_error("expected '}' before end of string"),
        }
    };
    let (name, mut rest) = (&text[..at], &text[at + 1..]);
    let mut conversion = None;
    if end == b'}' {
        return Ok((Piece::Field { name, conversion, spec: &[] }, rest));
    }
    if end == b'!' {
        let Some((char, length)) = first_char(rest) else {
            return value_error("end of string while looking for conversion specifier");
        };
        conversion = Some(char);
        rest = &rest[length..];
        match rest.first() {
            Some(b'}') => return Ok((Piece::Field { name, conversion, spec: &[] }, &rest[1..])),
            Some(b':') => rest = &rest[1..],
            Some(_) => return value_error("expected ':' after conversion specifier"),
            None => {}
        }
    }
    let mut open = 1;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Ok((Piece::Field { name, conversion, spec: &rest[..at] }, &rest[at + 1..]));
        }
    }
    value_error("unmatched '{' in format spec")
}

/// The first character and its length; a lone surrogate counts as the replacement character.
fn first_char(text: &[u8]) -> Option<(char, usize)> {
    let length = match text.first()? {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    let bytes = &text[..length.min(text.len())];
    let char = std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next());
    Some((char.unwrap_or(char::REPLACEMENT_CHARACTER), bytes.len()))
}

/// What a conversion other than `!r`, `!s` and `!a` raises.
pub fn unknown_conversion(conversion: char) -> Raised {
    let code = u32::from(conversion);
    let shown = if matches!(conversion, '!'..='~') { conversion.to_string() } else { format!("\\x{code:x}") };
    Raised::new("ValueError", format!("Unknown conversion specifier {shown}"))
}

/// What the name of a field begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First<'a> {
    /// Nothing: the next argument.
    Next,
    /// The argument at that place.
    Index(usize),
    /// The argument of that name.
    Key(&'a [u8]),
}

/// A step from a value to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// `.name`
    Attribute(&'a [u8]),
    /// `[0]`
    Index(usize),
    /// `[text]`
    Key(&'a [u8]),
}

/// The steps of a field's name after its first part.
#[derive(Debug, Clone)]
pub struct Path<'a> {
    rest: &'a [u8],
}

/// Takes a field's name apart.
pub fn name(text: &[u8]) -> Result<(First<'_>, Path<'_>)> {
    let end = text.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    let first = match index(first)? {
        _ if first.is_empty() => First::Next,
        Some(index) => First::Index(index),
        None => First::Key(first),
    };
    Ok((first, Path { rest }))
}

fn index(text: &[u8]) -> Result<Option<usize>> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return Ok(None);
    }
    let index = std::str::from_utf8(text).ok().and_then(|text| text.parse::<isize>().ok());
    match index {
        Some(index) => Ok(Some(index.unsigned_abs())),
        None => value_error("Too many decimal digits in format string"),
    }
}

impl<'a> Iterator for Path<'a> {
    type Item = Result<Step<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.rest.split_first()?;
        self.rest = &[];
        let (step, text) = match kind {
            b'.' => {
                let end = rest.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(rest.len());
                self.rest = &rest[end..];
                (Ok(Step::Attribute(&rest[..end])), &rest[..end])
            }
            b'[' => {
                let Some(end) = rest.iter().position(|byte| *byte == b']') else {
                    return Some(value_error("Missing ']' in format string"));
                };
                self.rest = &rest[end + 1..];
                let text = &rest[..end];
                (index(text).map(|index| index.map_or(Step::Key(text), Step::Index)), text)
            }
            _ => return Some(value_error("Only '.' or '[' may follow ']' in format field specifier")),
        };
        Some(if text.is_empty() { value_error("Empty attribute in format string") } else { step })
    }
}

/// Counts the fields that have no number: a template numbers all its fields or none.
#[derive(Debug, Default)]
pub struct Numbering {
    automatic: Option<bool>,
    next: usize,
}

impl Numbering {
    /// The first part of a field's name, with its number.
    pub fn number<'a>(&mut self, first: First<'a>) -> Result<First<'a>> {
        let automatic = match first {
            First::Next => true,
            First::Index(_) => false,
            First::Key(_) => return Ok(first),
        };
        match (*self.automatic.get_or_insert(automatic), automatic) {
            (true, false) => value_error("cannot switch from automatic field numbering to manual field specification"),
            (false, true) => value_error("cannot switch from manual field specification to automatic field numbering"),
            (_, false) => Ok(first),
            (_, true) => {
                self.next += 1;
                Ok(First::Index(self.next - 1))
            }
        }
    }
}
