//! One item of an array, by its bytes.

use super::dtype::{Dtype, Sort};

/// An item.
#[derive(Debug, Clone, PartialEq)]
pub enum Item<'a> {
    /// A truth value.
    Bool(bool),
    /// An integer of any width.
    Int(i128),
    /// A float, and how many bytes it took.
    Float(f64, usize),
    /// A complex number, and how many bytes each part took.
    Complex(f64, f64, usize),
    /// A date, in units since 1970; None: NaT.
    Date(Option<i64>),
    /// A time difference, in units; None: NaT.
    Delta(Option<i64>),
    /// A text, where it lies in the array itself.
    Text(String),
    /// Bytes without a meaning, or of a fixed length.
    Raw(&'a [u8]),
    /// A value for each field; None: not to be shown.
    Fields(Vec<Option<Item<'a>>>),
    /// An object of the heap.
    Object(u32),
}

/// The item of that dtype in bytes.
pub(super) fn read<'a>(dtype: &Dtype, bytes: &'a [u8]) -> Option<Item<'a>> {
    let big = dtype.is_big_endian();
    Some(match dtype.sort {
        Sort::Bool => Item::Bool(bytes.first().is_some_and(|byte| *byte != 0)),
        Sort::Int => Item::Int(signed(bytes, big)?),
        Sort::Unsigned => Item::Int(i128::from(unsigned(bytes, big)?)),
        Sort::Float => Item::Float(float(bytes, big)?, bytes.len()),
        Sort::Complex => {
            let (real, imaginary) = bytes.split_at_checked(bytes.len() / 2)?;
            Item::Complex(float(real, big)?, float(imaginary, big)?, real.len())
        }
        Sort::Date => Item::Date(count(bytes, big)?),
        Sort::Delta => Item::Delta(count(bytes, big)?),
        Sort::Raw => Item::Raw(bytes),
        Sort::Object if dtype.text.contains('U') => Item::Text(text(bytes, big)),
        Sort::Object if dtype.text.contains('S') => Item::Raw(trimmed(bytes)),
        Sort::Object => return None,
        Sort::Fields => Item::Fields(
            dtype
                .fields
                .iter()
                .map(|field| {
                    let end = field.offset.checked_add(field.dtype.itemsize)?;
                    let bytes = bytes.get(field.offset..end)?;
                    if field.dtype.has_shape { None } else { read(&field.dtype, bytes) }
                })
                .collect(),
        ),
    })
}

/// Characters of four bytes each, without the NULs at the end.
fn text(bytes: &[u8], big: bool) -> String {
    let character = |four: &[u8]| char::from_u32(u128::from_le_bytes(word(four, big)) as u32).unwrap_or('\u{FFFD}');
    let text: String = bytes.chunks_exact(4).map(character).collect();
    text.trim_end_matches('\0').to_owned()
}

/// Bytes without the NULs at the end.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}

/// The bytes with the least first, as many as a word has; a float of more has its last.
fn word(bytes: &[u8], big: bool) -> [u8; 16] {
    let mut word = [0; 16];
    for (index, to) in word.iter_mut().enumerate().take(bytes.len()) {
        let from = if big { bytes.len() - 1 - index } else { index };
        *to = bytes.get(from).copied().unwrap_or(0);
    }
    word
}

fn unsigned(bytes: &[u8], big: bool) -> Option<u64> {
    (bytes.len() <= 8).then(|| u128::from_le_bytes(word(bytes, big)) as u64)
}

fn signed(bytes: &[u8], big: bool) -> Option<i128> {
    let value = unsigned(bytes, big)?;
    let unused = 64 - 8 * u32::try_from(bytes.len()).ok().filter(|size| (1..=8).contains(size))?;
    Some(i128::from((value << unused).cast_signed() >> unused))
}

fn count(bytes: &[u8], big: bool) -> Option<Option<i64>> {
    let value = i64::try_from(signed(bytes, big)?).ok()?;
    Some((value != i64::MIN).then_some(value))
}

fn float(bytes: &[u8], big: bool) -> Option<f64> {
    let bits = u128::from_le_bytes(word(bytes, big));
    Some(match bytes.len() {
        2 => half(bits as u16),
        4 => f64::from(f32::from_bits(bits as u32)),
        8 => f64::from_bits(bits as u64),
        // A long double of x86: 80 bits, the rest is padding.
        10 | 12 | 16 => extended(bits as u64, (bits >> 64) as u16),
        _ => return None,
    })
}

/// A float of 16 bits.
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f64::from(bits & 0x3FF));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        0x1F if fraction == 0.0 => f64::INFINITY,
        0x1F => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

/// A float of 80 bits, rounded to 64.
fn extended(mantissa: u64, above: u16) -> f64 {
    let sign = if above & 0x8000 != 0 { -1.0 } else { 1.0 };
    let exponent = i32::from(above & 0x7FFF);
    sign * match (exponent, mantissa << 1) {
        (0x7FFF, 0) => f64::INFINITY,
        (0x7FFF, _) => f64::NAN,
        // In two steps: the second factor alone may be less than any float.
        _ => mantissa as f64 * 2f64.powi(-63) * 2f64.powi((exponent - 16383).clamp(-2000, 2000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, bytes: &[u8]) -> Item<'static> {
        match read(&Dtype::simple(text, bytes.len()), bytes) {
            Some(Item::Raw(_) | Item::Fields(_)) | None => panic!("no number"),
            Some(Item::Float(value, size)) => Item::Float(value, size),
            Some(Item::Int(value)) => Item::Int(value),
            Some(Item::Date(value)) => Item::Date(value),
            Some(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_of_every_width_and_order() {
        assert_eq!(of("|i1", &[0xFD]), Item::Int(-3));
        assert_eq!(of(">i2", &[0xFF, 0xFE]), Item::Int(-2));
        assert_eq!(of("<u8", &[0xFF; 8]), Item::Int(i128::from(u64::MAX)));
        assert_eq!(of("<f2", &[0x66, 0x2E]), Item::Float(0.0999755859375, 2));
        assert_eq!(of("<f2", &[0x01, 0x00]), Item::Float(5.960464477539063e-8, 2));
        assert_eq!(of(">f4", &[0x3F, 0xC0, 0, 0]), Item::Float(1.5, 4));
        assert_eq!(of("<f16", &[0, 0, 0, 0, 0, 0, 0, 0xA0, 0xFF, 0x3F, 9, 9, 9, 9, 9, 9]), Item::Float(1.25, 16));
        assert_eq!(of("<M8[ns]", &[0, 0, 0, 0, 0, 0, 0, 0x80]), Item::Date(None));
    }
}
