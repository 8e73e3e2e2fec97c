//! Dumps for the right reader only, in the age format (<https://age-encryption.org/v1>). Nothing else knows the crate `age`.
//!
//! [`seal`] encrypts a stream to [`Recipient`]s. [`unseal`] takes a hostile file apart, with the [`Identities`] of the reader:
//! of one that was cut or changed it gives all that is authentic.
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod identity;
mod recipient;
mod seal;
mod unseal;

pub use identity::{Generated, Identities, NoIdentity};
pub use recipient::{NoRecipient, Recipient, recipients};
pub use seal::{Failed, seal};
pub use unseal::{Refused, Unsealed, unseal};

/// How a binary file begins.
const MAGIC: &[u8] = b"age-encryption.org/";
/// How one begins that was made text of.
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
/// Bytes of a file's beginning that [`is_sealed`] wants.
pub const HEAD: usize = 64;

/// Whether a file that begins so is one of age; [`HEAD`] bytes of it are enough.
pub fn is_sealed(head: &[u8]) -> bool {
    head.starts_with(MAGIC) || head.starts_with(ARMOR)
}
