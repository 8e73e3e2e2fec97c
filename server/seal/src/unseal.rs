//! Decrypting a file that nobody vouches for.

use std::io::{BufReader, Cursor, ErrorKind, Read};

use age::armor::ArmoredReader;
use age::{DecryptError, Decryptor};

use crate::Identities;

/// Bytes of a header; some 160 recipients have room in it.
const LONGEST_HEADER: usize = 16 << 10;
/// Lines of a header, which is parsed anew for each of them: two for a recipient.
const MOST_LINES: usize = 512;
/// Bytes in a chunk, of the plaintext.
const CHUNK: usize = 64 << 10;

/// What was in a sealed file.
pub struct Unsealed {
    /// The plaintext, all of it authentic.
    pub bytes: Vec<u8>,
    /// Whether more was to follow, which is missing or was changed.
    pub cut: bool,
}

/// Why nothing of a file can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No secret key was given.
    #[error("it is sealed for its readers, and no identity was given")]
    NoIdentity,
    /// None of those given fits.
    #[error("it is sealed for others: none of the identities given opens it")]
    OtherIdentity,
    /// It wants a passphrase.
    #[error("it is sealed with a passphrase, not for a key")]
    Passphrase,
    /// Its header is cut.
    #[error("it is sealed, and cut within its header")]
    CutHeader,
    /// Its header is too long.
    #[error("it is sealed, and its header is longer than {LONGEST_HEADER} bytes, or {MOST_LINES} lines")]
    LongHeader,
    /// Its header is none.
    #[error("it is sealed, and its header is damaged")]
    BadHeader,
    /// Not even the first chunk is authentic.
    #[error("it is sealed, and cut or changed within its first chunk")]
    NoChunk,
    /// The plaintext is longer than was allowed.
    #[error("it is sealed, and too long")]
    TooLong,
    /// The file could not be read.
    #[error("{0}")]
    Unreadable(String),
}

/// Decrypts a file, binary or as text, into memory: at most `most` bytes of it.
///
/// # Errors
/// Where nothing can be had of it, or more than is allowed.
pub fn unseal(file: impl Read, identities: &Identities, most: u64) -> Result<Unsealed, Refused> {
    // As text it is longer by a little more than a third; a line of that is read whole.
    let longest = most.saturating_add(most / 2).saturating_add(2 * LONGEST_HEADER as u64);
    let mut file = ArmoredReader::new(BufReader::new(file.take(longest)));
    let head = header(&mut file)?;
    let decryptor = Decryptor::new_buffered(Cursor::new(head).chain(BufReader::new(file))).map_err(of_header)?;
    if decryptor.is_scrypt() {
        return Err(Refused::Passphrase);
    }
    if identities.is_empty() {
        return Err(Refused::NoIdentity);
    }
    let mut plain = decryptor.decrypt(identities.all()).map_err(of_header)?;
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match plain.read(&mut chunk) {
            Ok(0) => return Ok(Unsealed { bytes, cut: false }),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) if bytes.is_empty() => return Err(Refused::NoChunk),
            Err(_) => return Ok(Unsealed { bytes, cut: true }),
        };
        if (bytes.len() + read) as u64 > most {
            return Err(Refused::TooLong);
        }
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
}

/// What is at the beginning of a file, up to what is surely behind its header.
fn header(file: &mut impl Read) -> Result<Vec<u8>, Refused> {
    const LAST_LINE: &[u8] = b"\n---";
    let mut head = Vec::new();
    // What cannot be read as text any more is cut there.
    let read = file.by_ref().take(LONGEST_HEADER as u64).read_to_end(&mut head);
    let end = head.windows(LAST_LINE.len()).position(|window| window == LAST_LINE);
    let lines = head.iter().take(end.unwrap_or(head.len())).filter(|byte| **byte == b'\n').count();
    match read {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Refused::CutHeader),
        Err(error) if head.is_empty() => Err(Refused::Unreadable(error.to_string())),
        _ if lines > MOST_LINES || (end.is_none() && head.len() >= LONGEST_HEADER) => Err(Refused::LongHeader),
        _ => Ok(head),
    }
}

fn of_header(error: DecryptError) -> Refused {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed => Refused::OtherIdentity,
        DecryptError::Io(error) if error.kind() == ErrorKind::UnexpectedEof => Refused::CutHeader,
        DecryptError::Io(error) => Refused::Unreadable(error.to_string()),
        _ => Refused::BadHeader,
    }
}
