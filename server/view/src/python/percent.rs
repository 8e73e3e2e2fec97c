//! `%` of str and bytes: its templates, read piece by piece, and what each conversion writes.

use num_bigint::{BigInt, Sign};

use super::{Raised, format, int};

type Result<T> = std::result::Result<T, Raised>;

/// A width or a precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Not given.
    None,
    /// `*`: the next argument, an int.
    Argument,
    /// In the template.
    Given(i64),
}

/// A conversion of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion<'a> {
    /// The key in parentheses: the argument is then a mapping.
    pub key: Option<&'a [u8]>,
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub blank: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    /// The least width.
    pub width: Size,
    /// The precision.
    pub precision: Size,
    /// The letter; whether it is one that is known, [`write`] says.
    pub code: char,
    /// Where the letter stands, in characters (in bytes for bytes).
    pub index: usize,
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it stands.
    Literal(&'a [u8]),
    /// What an argument replaces.
    Conversion(Conversion<'a>),
}

/// The pieces of a template.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    template: &'a [u8],
    at: usize,
    bytes: bool,
}

/// The pieces of a template of bytes or of str.
pub fn pieces(template: &[u8], bytes: bool) -> Pieces<'_> {
    Pieces { template, at: 0, bytes }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.template[self.at..];
        let literal = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
        if literal > 0 {
            self.at += literal;
            return Some(Ok(Piece::Literal(&rest[..literal])));
        }
        if rest.starts_with(b"%%") {
            self.at += 2;
            return Some(Ok(Piece::Literal(b"%")));
        }
        rest.first()?;
        self.at += 1;
        let conversion = self.conversion();
        if conversion.is_err() {
            self.at = self.template.len();
        }
        Some(conversion.map(Piece::Conversion))
    }
}

impl<'a> Pieces<'a> {
    fn peek(&self) -> Option<u8> {
        self.template.get(self.at).copied()
    }

    fn conversion(&mut self) -> Result<Conversion<'a>> {
        let incomplete = || Raised::new("ValueError", "incomplete format");
        let key = if self.peek() == Some(b'(') { Some(self.key()?) } else { None };
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b' ' | b'#' | b'0')) {
            self.at += 1;
        }
        let flags = &self.template[start..self.at];
        let width = self.size(i64::MAX, "width too big")?;
        let mut precision = Size::None;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let too_big = if self.bytes { "prec too big" } else { "precision too big" };
            precision = match self.size(i64::from(i32::MAX), too_big)? {
                Size::None => Size::Given(0),
                size => size,
            };
        }
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        let is_start = |byte: &u8| self.bytes || byte & 0xc0 != 0x80;
        let index = self.template[..self.at].iter().filter(|byte| is_start(byte)).count();
        let rest = &self.template[self.at..];
        let length = 1 + rest.iter().skip(1).take_while(|byte| !is_start(byte)).count();
        let char = rest.get(..length).ok_or_else(incomplete)?;
        let code = match std::str::from_utf8(char).ok().and_then(|text| text.chars().next()) {
            Some(code) => code,
            None if self.bytes => char::from(char[0]),
            None => char::REPLACEMENT_CHARACTER,
        };
        self.at += length;
        let has = |flag| flags.contains(&flag);
        let (left, plus, blank, alternate, zero) = (has(b'-'), has(b'+'), has(b' '), has(b'#'), has(b'0'));
        Ok(Conversion { key, left, plus, blank, alternate, zero, width, precision, code, index })
    }

    /// The key, in which parentheses may stand in pairs.
    fn key(&mut self) -> Result<&'a [u8]> {
        let start = self.at + 1;
        let mut open = 0;
        for (at, byte) in self.template.iter().enumerate().skip(self.at) {
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                self.at = at + 1;
                return Ok(&self.template[start..at]);
            }
        }
        Err(Raised::new("ValueError", "incomplete format key"))
    }

    fn size(&mut self, most: i64, too_big: &str) -> Result<Size> {
        if self.peek() == Some(b'*') {
            self.at += 1;
            return Ok(Size::Argument);
        }
        let mut size = Size::None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let before = if let Size::Given(before) = size { before } else { 0 };
            let next = before.checked_mul(10).and_then(|tens| tens.checked_add(i64::from(digit - b'0')));
            let next = next.filter(|next| *next <= most).ok_or_else(|| Raised::new("ValueError", too_big))?;
            size = Size::Given(next);
            self.at += 1;
        }
        Ok(size)
    }
}

/// What is converted.
#[derive(Debug, Clone, Copy)]
pub enum Argument<'a> {
    /// An int or a bool.
    Int(&'a BigInt),
    /// A float.
    Float(f64),
    /// Its `str`, `repr` or `ascii`, as the letter asks, or the single character of `%c`.
    Text(&'a [u8]),
    /// An object of another class, of that name, where a number is asked for.
    Other(&'a str),
}

fn type_error<T>(message: impl Into<String>) -> Result<T> {
    Err(Raised::new("TypeError", message))
}

/// Writes an argument; `width` and `precision` are those given or the arguments that `*` took.
pub fn write(
    conversion: &Conversion<'_>,
    width: Option<i64>,
    precision: Option<i64>,
    argument: Argument<'_>,
    bytes: bool,
    limit: usize,
) -> Result<Vec<u8>> {
    let left = conversion.left || width.is_some_and(|width| width < 0);
    let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
    let width = size(width.unwrap_or(0).unsigned_abs());
    let precision = precision.map(|precision| size(precision.max(0).unsigned_abs()));
    let is_number = !matches!(conversion.code, 's' | 'r' | 'a' | 'b' | 'c');
    if width > limit || is_number && precision.unwrap_or(0) > limit {
        return Err(Raised::new("Limit", format!("a text of more than {limit} bytes")));
    }
    let (sign, prefix, body) = match conversion.code {
        's' | 'r' | 'a' => ("", "", text(argument, precision, bytes)),
        'b' if bytes => ("", "", text(argument, precision, bytes)),
        'c' => ("", "", character(argument, bytes)?),
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => whole(conversion, precision, argument, bytes)?,
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => real(conversion, precision, argument, bytes)?,
        code => {
            let shown = if bytes || matches!(code, ' '..='\x7e') { code } else { '?' };
            let (code, index) = (u32::from(code), conversion.index);
            let message = format!("unsupported format character '{shown}' (0x{code:x}) at index {index}");
            return Err(Raised::new("ValueError", message));
        }
    };
    let sign = match sign {
        "" if is_number && conversion.plus => "+",
        "" if is_number && conversion.blank => " ",
        sign => sign,
    };
    let length = if bytes { body.len() } else { body.iter().filter(|byte| *byte & 0xc0 != 0x80).count() };
    let missing = width.saturating_sub(length + sign.len() + prefix.len());
    let padding = |wanted: bool, fill: u8| vec![fill; if wanted { missing } else { 0 }];
    let zero = is_number && conversion.zero && !left;
    Ok([
        &padding(!left && !zero, b' ')[..],
        sign.as_bytes(),
        prefix.as_bytes(),
        &padding(zero, b'0'),
        &body,
        &padding(left, b' '),
    ]
    .concat())
}

fn text(argument: Argument<'_>, precision: Option<usize>, bytes: bool) -> Vec<u8> {
    let Argument::Text(text) = argument else { return Vec::new() };
    let mut starts = (0..text.len()).filter(|at| bytes || text[*at] & 0xc0 != 0x80);
    let end = precision.and_then(|most| starts.nth(most)).unwrap_or(text.len());
    text[..end].to_vec()
}

fn character(argument: Argument<'_>, bytes: bool) -> Result<Vec<u8>> {
    match argument {
        Argument::Text(text) => Ok(text.to_vec()),
        Argument::Int(value) if bytes => match u8::try_from(value) {
            Ok(byte) => Ok(vec![byte]),
            Err(_) => Err(Raised::new("OverflowError", "%c arg not in range(256)")),
        },
        Argument::Int(value) => {
            let code = u32::try_from(value).ok().filter(|code| *code < 0x11_0000);
            let code = code.ok_or_else(|| Raised::new("OverflowError", "%c arg not in range(0x110000)"))?;
            let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            Ok(char.to_string().into_bytes())
        }
        _ if bytes => type_error("%c requires an integer in range(256) or a single byte"),
        _ => type_error("%c requires int or char"),
    }
}

type Parts = (&'static str, &'static str, Vec<u8>);

fn whole(conversion: &Conversion<'_>, precision: Option<usize>, argument: Argument<'_>, bytes: bool) -> Result<Parts> {
    let code = conversion.code;
    let decimal = matches!(code, 'd' | 'i' | 'u');
    let other = |class: &str| {
        let asked = if decimal { "a real number" } else { "an integer" };
        let code = if bytes && code == 'i' { 'd' } else { code };
        type_error(format!("%{code} format: {asked} is required, not {class}"))
    };
    let value = match argument {
        Argument::Int(value) => value.clone(),
        Argument::Float(value) if decimal => int::of_float(value)?,
        Argument::Float(_) => return other("float"),
        Argument::Text(_) => return other(if bytes { "bytes" } else { "str" }),
        Argument::Other(class) => return other(class),
    };
    let magnitude = value.magnitude();
    let (digits, prefix) = match code {
        'o' => (magnitude.to_str_radix(8), "0o"),
        'x' => (magnitude.to_str_radix(16), "0x"),
        'X' => (magnitude.to_str_radix(16).to_ascii_uppercase(), "0X"),
        _ => (int::to_text(&BigInt::from(magnitude.clone()))?, ""),
    };
    let zeros = "0".repeat(precision.unwrap_or(0).saturating_sub(digits.len()));
    let sign = if value.sign() == Sign::Minus { "-" } else { "" };
    Ok((sign, if conversion.alternate { prefix } else { "" }, (zeros + &digits).into_bytes()))
}

fn real(conversion: &Conversion<'_>, precision: Option<usize>, argument: Argument<'_>, bytes: bool) -> Result<Parts> {
    let other = |class: &str| match bytes {
        true => type_error(format!("float argument required, not {class}")),
        false => type_error(format!("must be real number, not {class}")),
    };
    let value = match argument {
        Argument::Float(value) => value,
        Argument::Int(value) => match int::to_float(value) {
            Err(_) if bytes => return other("int"),
            value => value?,
        },
        Argument::Text(_) => return other(if bytes { "bytes" } else { "str" }),
        Argument::Other(class) => return other(class),
    };
    let digits = format::digits(value, Some(conversion.code), precision, conversion.alternate, false);
    let sign = if value.is_sign_negative() && !value.is_nan() { "-" } else { "" };
    Ok((sign, "", digits.into_bytes()))
}

/// What a conversion raises for which no argument is left.
pub fn too_few() -> Raised {
    Raised::new("TypeError", "not enough arguments for format string")
}

/// What is raised for arguments that no conversion took.
pub fn too_many(bytes: bool) -> Raised {
    let kind = if bytes { "bytes" } else { "string" };
    Raised::new("TypeError", format!("not all arguments converted during {kind} formatting"))
}
