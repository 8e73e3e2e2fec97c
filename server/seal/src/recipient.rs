//! Who may read.

use std::fmt;
use std::str::FromStr;

use age::x25519;

/// A public key: `age1…`.
#[derive(Clone)]
pub struct Recipient(pub(crate) x25519::Recipient);

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A text that is no public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRecipient {
    /// A secret key, which is not repeated.
    #[error("this is a secret key, and belongs on the machine where dumps are read; want its public key, age1…")]
    Secret,
    /// Of ssh.
    #[error("this is a key of ssh; want a public key of age: age1…")]
    Ssh,
    /// Something else.
    #[error("{0} is no public key of age: want age1 and 58 letters and digits, with their check sum")]
    Other(String),
}

impl FromStr for Recipient {
    type Err = NoRecipient;

    fn from_str(text: &str) -> Result<Self, NoRecipient> {
        /// Characters of a wrong key that are shown.
        const SHOWN: usize = 80;
        if text.to_ascii_uppercase().contains("AGE-SECRET-KEY-") {
            return Err(NoRecipient::Secret);
        }
        if text.starts_with("ssh-") {
            return Err(NoRecipient::Ssh);
        }
        let other = || NoRecipient::Other(text.chars().take(SHOWN).collect());
        text.parse().map(Recipient).map_err(|_: &str| other())
    }
}

/// The keys in a file of them: one a line; a `#` begins a comment.
///
/// # Errors
/// The line, from 1, that holds no key.
pub fn recipients(text: &str) -> Result<Vec<Recipient>, (usize, NoRecipient)> {
    let lines = (1..).zip(text.lines().map(str::trim));
    let keys = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    keys.map(|(number, line)| line.parse().map_err(|error| (number, error))).collect()
}
