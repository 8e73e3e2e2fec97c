//! Encrypting.

use std::io::{self, BufWriter, ErrorKind, Read, Write};

use age::{EncryptError, Encryptor};

use crate::Recipient;

/// What ended it.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// There is nobody to seal for.
    #[error("no recipient was given")]
    NoRecipients,
    /// The plaintext could not be read.
    #[error("it could not be read: {0}")]
    Input(io::Error),
    /// The sealed text could not be written.
    #[error("it could not be written: {0}")]
    Output(io::Error),
}

/// Encrypts all of `input`. Each chunk of 64 KiB is in `output` before the next is read: whoever is killed leaves those
/// behind, and each is authentic for itself. Gives the number of bytes read.
///
/// # Errors
/// Where reading or writing fails, or there are no recipients.
pub fn seal(recipients: &[Recipient], input: &mut dyn Read, output: &mut dyn Write) -> Result<u64, Failed> {
    let keys = recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(keys).map_err(|error| match error {
        EncryptError::Io(error) => Failed::Output(error),
        _ => Failed::NoRecipients,
    })?;
    // The header comes in pieces.
    let mut sealed = encryptor.wrap_output(BufWriter::new(output)).map_err(Failed::Output)?;
    let mut buffer = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        sealed.flush().map_err(Failed::Output)?;
        let read = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failed::Input(error)),
        };
        bytes += read as u64;
        sealed.write_all(buffer.get(..read).unwrap_or_default()).map_err(Failed::Output)?;
    }
    sealed.finish().and_then(|mut output| output.flush()).map_err(Failed::Output)?;
    Ok(bytes)
}
