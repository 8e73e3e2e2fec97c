//! The keys of a reader.

use std::fmt;

use age::secrecy::ExposeSecret as _;
use age::x25519;

use crate::is_sealed;

/// Secret keys.
#[derive(Default, Clone)]
pub struct Identities(Vec<x25519::Identity>);

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} identities", self.0.len())
    }
}

/// A file that holds no keys, or other ones. What is in it is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoIdentity {
    /// It is encrypted itself.
    #[error("the identity is itself encrypted with a passphrase")]
    Passphrase,
    /// It belongs to ssh.
    #[error("it holds a key of ssh, not one of age")]
    Ssh,
    /// Another program knows the key.
    #[error("line {0} holds an identity of a plugin, which crashsite does not run")]
    Plugin(usize),
    /// A public key.
    #[error("line {0} holds a public key; want the secret one, AGE-SECRET-KEY-1…")]
    Public(usize),
    /// Something else.
    #[error("line {0} holds no identity of age, AGE-SECRET-KEY-1…")]
    Other(usize),
    /// Nothing.
    #[error("it holds no identity")]
    Empty,
}

impl NoIdentity {
    /// What to do.
    pub fn remedy(&self) -> &'static str {
        match self {
            NoIdentity::Passphrase => "Decrypt it to a file that only you can read: age -d -o key.txt FILE",
            NoIdentity::Plugin(_) => "Decrypt the dump with age and the plugin: age -d -i FILE -o DUMP SEALED",
            _ => "Give the file that `crashsite keygen` or `age-keygen` made.",
        }
    }
}

impl Identities {
    /// Takes in the keys of an identity file.
    ///
    /// # Errors
    /// Where it is none.
    pub fn read(&mut self, file: &[u8]) -> Result<(), NoIdentity> {
        if is_sealed(file) {
            return Err(NoIdentity::Passphrase);
        }
        if file.trim_ascii_start().starts_with(b"-----BEGIN") {
            return Err(NoIdentity::Ssh);
        }
        let before = self.0.len();
        for (number, line) in (1..).zip(file.split(|byte| *byte == b'\n')) {
            let line = str::from_utf8(line).map_err(|_| NoIdentity::Other(number))?.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let identity = line.parse().map_err(|_: &str| match line {
                _ if line.starts_with("AGE-PLUGIN-") => NoIdentity::Plugin(number),
                _ if line.starts_with("age1") => NoIdentity::Public(number),
                _ => NoIdentity::Other(number),
            })?;
            self.0.push(identity);
        }
        if self.0.len() == before { Err(NoIdentity::Empty) } else { Ok(()) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.0.iter().map(|identity| identity as &dyn age::Identity)
    }
}

/// A new pair of keys.
pub struct Generated(x25519::Identity);

impl Generated {
    /// Makes one of the system's randomness.
    pub fn new() -> Self {
        Generated(x25519::Identity::generate())
    }

    /// The public key, `age1…`.
    pub fn public(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The text of the identity file.
    pub fn file(&self) -> String {
        format!("# public key: {}\n{}\n", self.public(), self.0.to_string().expose_secret())
    }
}

impl Default for Generated {
    fn default() -> Self {
        Generated::new()
    }
}

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.public())
    }
}
