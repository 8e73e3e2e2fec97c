//! JSON as Python's `json` writes it, a token at a time.
//!
//! That is not quite RFC 8259: `NaN` and `Infinity` are numbers, numbers have any length, and a text may hold lone
//! surrogates, which come out as they do from a pickle (UTF-8 in which they stand). Input is taken in pieces, and of a
//! text no more is kept than [`JsonReader::new`] was told, so that a file of any size is read in little memory.

mod input;
mod number;

use std::sync::Arc;

pub use input::JsonInput;
pub use number::JsonNumber;

use crate::error::{Error, Problem, Stage};
use crate::limits::{LimitKind, Limits};
use crate::source::Source;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonToken {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// A key: see [`JsonReader::text`].
    Key,
    /// A text: see [`JsonReader::text`].
    Text,
    /// A number: see [`JsonReader::number`].
    Number,
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
    /// There is nothing more.
    End,
}

/// What may stand at the present place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    KeyOrEnd,
    Key,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Reads JSON a token at a time.
pub struct JsonReader<'a> {
    input: JsonInput<'a>,
    /// What is open: `true` for an object.
    open: Vec<bool>,
    max_depth: usize,
    expect: Expect,
    text: Vec<u8>,
    text_length: u64,
    most_text: usize,
}

impl<'a> JsonReader<'a> {
    /// Reads from there. Of a text, `most_text` bytes are kept.
    #[must_use]
    pub fn new(input: JsonInput<'a>, limits: &Limits, most_text: usize) -> Self {
        Self {
            input,
            open: Vec::new(),
            max_depth: usize::try_from(limits.max_depth).unwrap_or(usize::MAX),
            expect: Expect::Value,
            text: Vec::new(),
            text_length: 0,
            most_text,
        }
    }

    /// Reads a file that is not compressed.
    #[must_use]
    pub fn of_source(source: &Arc<dyn Source>, limits: &'a Limits, most_text: usize) -> Self {
        Self::new(JsonInput::plain(source.clone(), limits), limits, most_text)
    }

    /// How deep the place is: what is open around it.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Bytes of (decompressed) input before the place.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.input.offset()
    }

    /// The key or the text that was just read: UTF-8 in which lone surrogates may stand.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Its length in characters, of which there may be fewer in [`JsonReader::text`].
    #[must_use]
    pub fn text_length(&self) -> u64 {
        self.text_length
    }

    /// Whether all of it is kept.
    #[must_use]
    pub fn text_is_whole(&self) -> bool {
        self.text.len() <= self.most_text
    }

    /// The number that was just read.
    #[must_use]
    pub fn number(&self) -> JsonNumber<'_> {
        JsonNumber::of(&self.text)
    }

    /// What was wrong with the compression.
    pub fn problems(&mut self) -> Vec<Problem> {
        self.input.problems()
    }

    /// The next token.
    ///
    /// # Errors
    /// What stands there is not JSON, or ends too early, or a limit was met. Nothing more can be read then.
    pub fn token(&mut self) -> Result<JsonToken, Error> {
        loop {
            let Some(byte) = self.input.peek_past_space()? else {
                return match self.expect {
                    Expect::Nothing => Ok(JsonToken::End),
                    _ => Err(self.wrong("it ends in the middle")),
                };
            };
            match (self.expect, byte) {
                (Expect::Nothing, _) => return Ok(JsonToken::End),
                (Expect::Colon, b':') => {
                    self.input.skip();
                    self.expect = Expect::Value;
                }
                (Expect::CommaOrEnd, b',') => {
                    self.input.skip();
                    self.expect = if self.open.last() == Some(&true) { Expect::Key } else { Expect::Value };
                }
                (Expect::CommaOrEnd | Expect::KeyOrEnd, b'}') if self.open.last() == Some(&true) => {
                    return Ok(self.close(JsonToken::ObjectEnd));
                }
                (Expect::CommaOrEnd | Expect::ValueOrEnd, b']') if self.open.last() == Some(&false) => {
                    return Ok(self.close(JsonToken::ArrayEnd));
                }
                (Expect::Key | Expect::KeyOrEnd, b'"') => {
                    self.read_text()?;
                    self.expect = Expect::Colon;
                    return Ok(JsonToken::Key);
                }
                (Expect::Value | Expect::ValueOrEnd, _) => return self.value(byte),
                _ => return Err(self.wrong("a character that may not stand there")),
            }
        }
    }

    /// Reads on to the end of what a token of opening began.
    ///
    /// # Errors
    /// Those of [`JsonReader::next`].
    pub fn skip(&mut self, token: JsonToken) -> Result<(), Error> {
        if !matches!(token, JsonToken::ObjectStart | JsonToken::ArrayStart) {
            return Ok(());
        }
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside {
            self.token()?;
        }
        Ok(())
    }

    fn close(&mut self, token: JsonToken) -> JsonToken {
        self.input.skip();
        self.open.pop();
        self.after_value();
        token
    }

    fn after_value(&mut self) {
        self.expect = if self.open.is_empty() { Expect::Nothing } else { Expect::CommaOrEnd };
    }

    fn value(&mut self, byte: u8) -> Result<JsonToken, Error> {
        let token = match byte {
            b'{' | b'[' => {
                if self.open.len() >= self.max_depth {
                    let limits =
                        Limits { max_depth: u32::try_from(self.max_depth).unwrap_or(u32::MAX), ..Limits::default() };
                    let limit = limits.limit(LimitKind::Depth);
                    return Err(Error::limit(Stage::Json, self.offset(), "nested too deep", limit));
                }
                self.input.skip();
                self.open.push(byte == b'{');
                self.expect = if byte == b'{' { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
                return Ok(if byte == b'{' { JsonToken::ObjectStart } else { JsonToken::ArrayStart });
            }
            b'"' => {
                self.read_text()?;
                JsonToken::Text
            }
            b'-' | b'0'..=b'9' | b'N' | b'I' | b't' | b'f' | b'n' => self.word()?,
            _ => return Err(self.wrong("a character that may not stand there")),
        };
        self.after_value();
        Ok(token)
    }

    /// A number, or one of the few words that there are.
    fn word(&mut self) -> Result<JsonToken, Error> {
        self.text.clear();
        while let Some(byte) = self.input.peek()?
            && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'))
        {
            self.keep(byte);
            self.input.skip();
        }
        match self.text.as_slice() {
            b"true" => Ok(JsonToken::Bool(true)),
            b"false" => Ok(JsonToken::Bool(false)),
            b"null" => Ok(JsonToken::Null),
            word if number::is_number(word) => Ok(JsonToken::Number),
            _ => Err(self.wrong("a word that is none of JSON")),
        }
    }

    fn read_text(&mut self) -> Result<(), Error> {
        self.input.skip();
        self.text.clear();
        self.text_length = 0;
        let mut high: Option<u32> = None;
        loop {
            let Some(byte) = self.input.peek()? else {
                return Err(self.wrong("a text without an end"));
            };
            let unit = match byte {
                b'"' => {
                    self.input.skip();
                    return Ok(());
                }
                b'\\' => {
                    self.input.skip();
                    self.escape()?
                }
                0..0x20 => return Err(self.wrong("a control character in a text")),
                _ => {
                    high = None;
                    let run = self.input.run();
                    // Bytes that continue a character are none of their own.
                    let continued =
                        if run.is_ascii() { 0 } else { run.iter().filter(|byte| **byte & 0xC0 == 0x80).count() };
                    let count = run.len().saturating_sub(continued) as u64;
                    self.text_length = self.text_length.saturating_add(count);
                    // One byte more than is kept says that there are more.
                    let room = self.most_text.saturating_add(1).saturating_sub(self.text.len());
                    self.text.extend_from_slice(run.get(..room).unwrap_or(run));
                    continue;
                }
            };
            match (high.take(), unit) {
                (Some(first), 0xDC00..=0xDFFF) => {
                    // The surrogate before it was no lone one: the two are one character.
                    let first = (first & 0x3FF) << 10;
                    let code = first.saturating_add(unit & 0x3FF).saturating_add(0x1_0000);
                    if self.text_is_whole() {
                        self.text.truncate(self.text.len().saturating_sub(3));
                    }
                    self.encode(code);
                }
                _ => {
                    high = matches!(unit, 0xD800..=0xDBFF).then_some(unit);
                    self.text_length = self.text_length.saturating_add(1);
                    self.encode(unit);
                }
            }
        }
    }

    /// What follows a backslash, as a unit of UTF-16.
    fn escape(&mut self) -> Result<u32, Error> {
        let Some(byte) = self.input.peek()? else {
            return Err(self.wrong("a text without an end"));
        };
        self.input.skip();
        Ok(match byte {
            b'"' | b'\\' | b'/' => u32::from(byte),
            b'b' => 8,
            b'f' => 12,
            b'n' => 10,
            b'r' => 13,
            b't' => 9,
            b'u' => {
                let mut unit = 0u32;
                for _ in 0..4 {
                    let digit = self.input.peek()?.and_then(|byte| char::from(byte).to_digit(16));
                    let Some(digit) = digit else {
                        return Err(self.wrong("an escape that is none of JSON"));
                    };
                    self.input.skip();
                    unit = (unit << 4) | digit;
                }
                unit
            }
            _ => return Err(self.wrong("an escape that is none of JSON")),
        })
    }

    /// Appends a code point as UTF-8, a surrogate like any other.
    fn encode(&mut self, code: u32) {
        let low = |shift: u32| 0x80 | (code >> shift & 0x3F) as u8;
        let bytes: &[u8] = match code {
            0..0x80 => &[code as u8],
            0x80..0x800 => &[0xC0 | (code >> 6) as u8, low(0)],
            0x800..0x1_0000 => &[0xE0 | (code >> 12) as u8, low(6), low(0)],
            _ => &[0xF0 | (code >> 18 & 7) as u8, low(12), low(6), low(0)],
        };
        if self.text.len() < self.most_text {
            self.text.extend_from_slice(bytes);
        } else {
            self.mark_as_cut();
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.text.len() < self.most_text {
            self.text.push(byte);
        } else {
            self.mark_as_cut();
        }
    }

    /// A text longer than what is kept has some bytes more.
    fn mark_as_cut(&mut self) {
        if self.text.len() <= self.most_text {
            let more = self.most_text.saturating_sub(self.text.len()).saturating_add(1);
            self.text.extend(std::iter::repeat_n(b'?', more));
        }
    }

    fn wrong(&self, what: &str) -> Error {
        let remedy = "The file may be cut or damaged: look for another copy.";
        Error::new(Stage::Json, self.offset(), format!("no JSON: {what}"), remedy)
    }
}
