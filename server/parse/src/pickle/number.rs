//! Numbers.

/// Two's complement, little-endian, of at most 16 bytes.
pub(super) fn little_endian(bytes: &[u8]) -> Option<i128> {
    if bytes.len() > 16 {
        return None;
    }
    let fill = match bytes.last() {
        Some(&last) if last >= 0x80 => 0xff,
        _ => 0,
    };
    let mut wide = [fill; 16];
    wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i128::from_le_bytes(wide))
}
