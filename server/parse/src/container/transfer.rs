//! Content-Transfer-Encoding.

/// base64 (RFC 2045, section 6.8), of a body that may be cut anywhere: what is not in the alphabet is skipped,
/// and of the last characters so much is taken as makes whole bytes. True where something other than line
/// ends was skipped or was missing.
pub(super) fn base64(text: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(text.len().saturating_mul(3) / 4);
    let mut bits = 0u32;
    let mut count = 0u32;
    let mut odd = false;
    for &c in text {
        let value = match c {
            b'A'..=b'Z' => c.wrapping_sub(b'A'),
            b'a'..=b'z' => c.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => c.wrapping_sub(b'0').wrapping_add(52),
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                // Padding ends a group; another stream may follow.
                count = 0;
                bits = 0;
                continue;
            }
            b'\r' | b'\n' | b' ' | b'\t' => continue,
            _ => {
                odd = true;
                continue;
            }
        };
        bits = (bits << 6) | u32::from(value);
        count = count.wrapping_add(6);
        if count >= 8 {
            count = count.wrapping_sub(8);
            out.push(bits.wrapping_shr(count) as u8);
        }
    }
    // Six bits alone are no byte: a character is missing.
    (out, odd || count == 6)
}
