//! What the headers of a part say about it.

use super::headers::{self, Parameters};
use super::{ContentEncoding, Part, PartKind, TransferEncoding};
use crate::error::Problems;

/// A part whose body starts at `offset`. How long that is, is for the caller to find out.
pub(super) fn describe(headers: Vec<(String, String)>, offset: u64, problems: &mut Problems) -> Part {
    let number = |name: &str, problems: &mut Problems| {
        let text = headers::get(&headers, name)?;
        let value = decimal(text);
        if value.is_none() {
            problems.add(offset, format!("{name} is not a number: {}", shown(text)));
        }
        value
    };
    let raw_len = number("X-Crashsite-Raw-Length", problems);
    let digest = headers::get(&headers, "X-Crashsite-Digest").and_then(|text| {
        let digest = digest(text);
        if digest.is_none() {
            problems.add(offset, format!("X-Crashsite-Digest is not a SHA-256: {}", shown(text)));
        }
        digest
    });
    let transfer = headers::get(&headers, "Content-Transfer-Encoding").map_or(TransferEncoding::Binary, |text| {
        match Parameters::new(text).first.to_ascii_lowercase().as_str() {
            "" | "binary" | "8bit" | "7bit" => TransferEncoding::Binary,
            "base64" => TransferEncoding::Base64,
            _ => TransferEncoding::Unknown,
        }
    });
    let encoding = headers::get(&headers, "Content-Encoding").map_or(ContentEncoding::Identity, |text| {
        match text.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => ContentEncoding::Identity,
            "gzip" | "x-gzip" => ContentEncoding::Gzip,
            other => ContentEncoding::Other(other.to_owned()),
        }
    });
    let kind = kind(&headers, offset, problems);
    Part { kind, headers, offset, stored_len: 0, raw_len, digest, transfer, encoding, truncated: false }
}

fn kind(headers: &[(String, String)], offset: u64, problems: &mut Problems) -> PartKind {
    let content_type = headers::get(headers, "Content-Type").unwrap_or("text/plain");
    let content_type = Parameters::new(content_type);
    let name = match content_type.get("part") {
        Some(name) => name,
        None => return PartKind::Other(content_type.first.to_ascii_lowercase()),
    };
    match name.as_str() {
        "summary" => PartKind::Summary,
        "end" => PartKind::End,
        "heap" => {
            let objects = headers::get(headers, "X-Crashsite-Objects");
            let range = objects.and_then(|text| {
                let mut numbers = text.split_ascii_whitespace().map(object_number);
                match (numbers.next(), numbers.next(), numbers.next()) {
                    (Some(Some(first)), Some(Some(end)), None) if first <= end => Some((first, end)),
                    _ => None,
                }
            });
            if range.is_none() {
                problems.add(
                    offset,
                    format!(
                        "X-Crashsite-Objects of a heap part is {}",
                        objects.map_or("absent".to_owned(), |text| format!("wrong: {}", shown(text)))
                    ),
                );
            }
            let (first, end) = range.unwrap_or((0, 0));
            PartKind::Heap { first, end }
        }
        _ => PartKind::Other(name),
    }
}

/// Digits alone: no sign, no spaces within.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let text = text.trim();
    if !text.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn object_number(text: &str) -> Option<u32> {
    decimal(text).and_then(|number| u32::try_from(number).ok())
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let (algorithm, text) = text.trim().split_once('=')?;
    let text = text.trim();
    if !algorithm.trim().eq_ignore_ascii_case("sha256") || text.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        let &[high, low] = pair;
        let high = char::from(high).to_digit(16)?;
        let low = char::from(low).to_digit(16)?;
        *byte = ((high << 4) | low) as u8;
    }
    Some(digest)
}

/// A header's value for a message: one line, not long.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}
