//! Text of protocol 0.

pub(super) fn lossy_wtf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
