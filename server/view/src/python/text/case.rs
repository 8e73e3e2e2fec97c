//! Text in another case.

use super::class::{Case, case, case_ignorable};
use super::kind::Kind;
use super::out::Out;
use crate::python::Raised;

const SIGMA: u32 = 0x3A3;

/// A code point in another case, which may be several.
enum Into {
    Lower,
    Upper,
    Title,
}

fn write(kind: Kind, code: u32, into: &Into, out: &mut Out) -> Result<(), Raised> {
    let Some(c) = char::from_u32(code) else { return out.code(code) };
    if kind == Kind::Bytes {
        let Ok(byte) = u8::try_from(code) else { return Ok(()) };
        let byte = if matches!(into, Into::Lower) { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        return out.bytes(&[byte]);
    }
    match into {
        Into::Lower => c.to_lowercase().try_for_each(|c| out.code(u32::from(c))),
        Into::Upper => c.to_uppercase().try_for_each(|c| out.code(u32::from(c))),
        Into::Title => write_title(c, out),
    }
}

/// Title case is upper case but for digraphs, ligatures, Georgian, and Greek with a subscript iota.
fn write_title(c: char, out: &mut Out) -> Result<(), Raised> {
    let code = u32::from(c);
    let single = match code {
        0x1C4..=0x1C6 => Some(0x1C5),
        0x1C7..=0x1C9 => Some(0x1C8),
        0x1CA..=0x1CC => Some(0x1CB),
        0x1F1..=0x1F3 => Some(0x1F2),
        0x10D0..=0x10FA | 0x10FD..=0x10FF => Some(code),
        0x1F80..=0x1FAF => Some(code | 8),
        0x1FB3 | 0x1FBC => Some(0x1FBC),
        0x1FC3 | 0x1FCC => Some(0x1FCC),
        0x1FF3 | 0x1FFC => Some(0x1FFC),
        _ => None,
    };
    if let Some(single) = single {
        return out.code(single);
    }
    let ligature = matches!(code, 0xDF | 0x587 | 0xFB00..=0xFB06 | 0xFB13..=0xFB17);
    let iota = matches!(code, 0x1FB2 | 0x1FB4 | 0x1FB7 | 0x1FC2 | 0x1FC4 | 0x1FC7 | 0x1FF2 | 0x1FF4 | 0x1FF7);
    for (number, c) in c.to_uppercase().enumerate() {
        match c {
            _ if ligature && number > 0 => c.to_lowercase().try_for_each(|c| out.code(u32::from(c)))?,
            '\u{399}' if iota => out.code(0x345)?,
            _ => out.code(u32::from(c))?,
        }
    }
    Ok(())
}

/// The code point at byte `at` in lower case: a sigma at the end of a word is another.
fn write_lower(kind: Kind, text: &[u8], at: usize, code: u32, out: &mut Out) -> Result<(), Raised> {
    if kind == Kind::Str && code == SIGMA && ends_word(text, at) {
        return out.code(0x3C2);
    }
    write(kind, code, &Into::Lower, out)
}

/// Whether something cased precedes the sigma at byte `at`, and nothing cased follows it.
fn ends_word(text: &[u8], at: usize) -> bool {
    let cased = |code: Option<u32>| code.is_some_and(|code| case(Kind::Str, code) != Case::None);
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    // Backwards over the first bytes of code points.
    let starts = before.iter().enumerate().rev().filter(|(_, byte)| !(0x80..0xC0).contains(*byte));
    let mut preceding = starts.filter_map(|(at, _)| Kind::Str.elements(before.get(at..)?).next()).map(|(code, _)| code);
    let mut following = Kind::Str.elements(rest).skip(1).map(|(code, _)| code);
    cased(preceding.find(|&code| !case_ignorable(code))) && !cased(following.find(|&code| !case_ignorable(code)))
}

/// Every code point with the byte it begins at.
fn each(
    kind: Kind,
    text: &[u8],
    limit: usize,
    mut write: impl FnMut(usize, u32, &[u8], &mut Out) -> Result<(), Raised>,
) -> Result<Vec<u8>, Raised> {
    let mut out = Out::new(limit);
    let mut at = 0;
    for (code, piece) in kind.elements(text) {
        write(at, code, piece, &mut out)?;
        at += piece.len();
    }
    Ok(out.finish())
}

/// `lower`.
pub fn lower(kind: Kind, text: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    each(kind, text, limit, |at, code, _, out| write_lower(kind, text, at, code, out))
}

/// `upper`.
pub fn upper(kind: Kind, text: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    each(kind, text, limit, |_, code, _, out| write(kind, code, &Into::Upper, out))
}

/// `capitalize`: the first in title case, the others in lower case.
pub fn capitalize(kind: Kind, text: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    each(kind, text, limit, |at, code, _, out| match at {
        0 => write(kind, code, &Into::Title, out),
        _ => write_lower(kind, text, at, code, out),
    })
}

/// `title`: the first of every word in title case, the others in lower case.
pub fn title(kind: Kind, text: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    let mut inside = false;
    each(kind, text, limit, |at, code, _, out| {
        let first = !std::mem::replace(&mut inside, case(kind, code) != Case::None);
        if first { write(kind, code, &Into::Title, out) } else { write_lower(kind, text, at, code, out) }
    })
}

/// `swapcase`.
pub fn swapcase(kind: Kind, text: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    each(kind, text, limit, |at, code, piece, out| match case(kind, code) {
        Case::Upper => write_lower(kind, text, at, code, out),
        Case::Lower => write(kind, code, &Into::Upper, out),
        Case::Title | Case::None => out.bytes(piece),
    })
}

/// `casefold`, which only `str` has: the lower case of the upper case, but for Cherokee, ı and ẞ.
pub fn casefold(text: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    each(Kind::Str, text, limit, |_, code, piece, out| match (code, char::from_u32(code)) {
        (0x131, _) | (_, None) => out.bytes(piece),
        (0x1E9E, _) => out.bytes(b"ss"),
        (0x13A0..=0x13FD | 0xAB70..=0xABBF, _) => write(Kind::Str, code, &Into::Upper, out),
        (_, Some(c)) => c.to_uppercase().flat_map(char::to_lowercase).try_for_each(|c| out.code(u32::from(c))),
    })
}
