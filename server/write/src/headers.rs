//! The headers that are kept from the source.

use std::fmt::Write as _;

use crashsite_model::Header;

/// A reader takes 64 KiB of headers; the message's own need some of it.
const MOST: usize = 60 << 10;
/// A header is one line up to here, encoded and folded beyond.
const LONGEST_LINE: usize = 900;
/// What fits between `=?utf-8?q?` and `?=` in the 75 characters of an encoded word (RFC 2047, section 2).
const LONGEST_WORD: usize = 63;

/// The header lines, and how many headers had to be left out.
///
/// The message writes headers of its own for what describes its form; those of the source are not kept. A value cannot
/// end its line, nor a name be anything but a name.
pub(crate) fn kept(headers: &[Header]) -> (String, usize) {
    let (mut lines, mut left_out) = (String::new(), 0);
    for header in headers.iter().filter(|header| !is_structural(&header.name)) {
        let line = format!("{}: {}\r\n", header.name, value(&header.name, &header.value));
        if is_name(&header.name) && lines.len() + line.len() <= MOST {
            lines.push_str(&line);
        } else {
            left_out += 1;
        }
    }
    (lines, left_out)
}

fn is_structural(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("content-")
        || matches!(&*name, "mime-version" | "x-python-heapdump-version" | "x-crashsite-converted-from")
}

/// Printable ASCII without a colon (RFC 5322, section 2.2), of a length that leaves room in the line.
fn is_name(name: &str) -> bool {
    (1..=200).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

/// The value as it may stand in a message.
fn value(name: &str, value: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let text: String = value.chars().map(|c| if breaks(c) { ' ' } else { c }).collect();
    let plain = text.is_ascii() && !text.contains("=?") && text.trim() == text;
    if plain && name.len() + text.len() < LONGEST_LINE { text } else { encoded(&text) }
}

/// Encoded words (RFC 2047), a line each.
fn encoded(text: &str) -> String {
    let mut words = vec![String::new()];
    for c in text.chars() {
        let mut piece = String::new();
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            match byte {
                b' ' => piece.push('_'),
                _ if byte.is_ascii_alphanumeric() => piece.push(char::from(byte)),
                _ => {
                    let _ = write!(piece, "={byte:02X}");
                }
            }
        }
        match words.last_mut() {
            Some(word) if word.len() + piece.len() <= LONGEST_WORD => word.push_str(&piece),
            _ => words.push(piece),
        }
    }
    words.iter().map(|word| format!("=?utf-8?q?{word}?=")).collect::<Vec<_>>().join("\r\n ")
}
