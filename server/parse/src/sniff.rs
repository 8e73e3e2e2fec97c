//! What kind of file is this? Decided from its first bytes, so that an error can say what was given instead
//! of only what was not.

use memchr::memmem;

/// A guess from the first bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Magic {
    /// A Crashsite dump, version 3.
    MimeV3,
    /// A MIME message of pyheapdump (version 2, or no version in sight: version 2 has it in its part).
    MimeV2,
    /// Some other MIME message.
    Mime,
    /// gzip (RFC 1952).
    Gzip,
    /// bzip2.
    Bzip2,
    /// A zlib stream (RFC 1950).
    Zlib,
    /// A pickle of protocol 2 or later, or what may be one of protocol 0 or 1.
    Pickle,
    /// Zip archive.
    Zip,
    /// Zstandard.
    Zstd,
    /// xz.
    Xz,
    /// An ELF file: a core dump, perhaps.
    Elf,
    /// Text that starts as JSON does.
    Json,
    /// Nothing at all.
    Empty,
    /// None of these.
    Unknown,
}

impl Magic {
    /// For a sentence: "this is …".
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::MimeV3 => "a Crashsite dump",
            Self::MimeV2 => "a pyheapdump dump",
            Self::Mime => "a MIME message",
            Self::Gzip => "a gzip file",
            Self::Bzip2 => "a bzip2 file",
            Self::Zlib => "a zlib stream",
            Self::Pickle => "a pickle",
            Self::Zip => "a zip archive",
            Self::Zstd => "a Zstandard file",
            Self::Xz => "an xz file",
            Self::Elf => "an ELF file (a core dump or a program)",
            Self::Json => "a JSON file",
            Self::Empty => "an empty file",
            Self::Unknown => "a file of an unknown kind",
        }
    }
}

/// Whether a file that starts so is a Crashsite dump, version 3. 8 KiB of it are enough.
#[must_use]
pub fn is_crashsite(head: &[u8]) -> bool {
    sniff(head) == Magic::MimeV3
}

/// Guesses what a file is from its first bytes; 8 KiB are enough.
#[must_use]
pub fn sniff(head: &[u8]) -> Magic {
    match head {
        [] => Magic::Empty,
        [0x1f, 0x8b, ..] => Magic::Gzip,
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Magic::Bzip2,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Magic::Zip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Magic::Zstd,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Magic::Xz,
        [0x7f, b'E', b'L', b'F', ..] => Magic::Elf,
        [0x80, 0..=5, ..] => Magic::Pickle,
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Magic::Zlib,
        _ => sniff_text(head),
    }
}

fn sniff_text(head: &[u8]) -> Magic {
    if let Some(magic) = sniff_message(head) {
        return magic;
    }
    match head {
        // `{"…` and `["…`; a pickle of protocol 0 starts with `(dp0`, `(lp0`, `V…`, `ccollections…`, `I42`.
        [b'{' | b'[', b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'{' | b'[', ..] => Magic::Json,
        [b'(', b'd' | b'l' | b't' | b'i' | b'c' | b'S' | b'V' | b'I', ..] => Magic::Pickle,
        [b']' | b'}', b'q' | b'.' | b'(', ..] => Magic::Pickle,
        [b'c' | b'S' | b'V' | b'I' | b'F' | b'L', ..] if memchr::memchr(b'\n', head).is_some() => Magic::Pickle,
        _ => Magic::Unknown,
    }
}

fn sniff_message(head: &[u8]) -> Option<Magic> {
    let mut head = head;
    if head.starts_with(b"From ") {
        let end = memchr::memchr(b'\n', head)?;
        head = head.get(end..)?.get(1..)?;
    }
    // The first line must be a header: a name, and a colon.
    let colon = memchr::memchr(b':', head)?;
    let name = head.get(..colon)?;
    if name.is_empty() || name.len() > 128 || !name.iter().all(|c| c.is_ascii_graphic()) {
        return None;
    }
    let block = ["\r\n\r\n", "\n\n"]
        .iter()
        .filter_map(|end| memmem::find(head, end.as_bytes()))
        .min()
        .and_then(|end| head.get(..end))
        .unwrap_or(head)
        .to_ascii_lowercase();
    // At the beginning of a line: another header's value may hold the name.
    let name = b"x-python-heapdump-version:";
    let version = block.split(|&c| c == b'\n').find_map(|line| line.strip_prefix(name));
    let version = version.map(|value| !matches!(value.trim_ascii(), b"1" | b"2"));
    let pyheapdump = memmem::find(&block, b"application/x.python-heapdump").is_some();
    let mime = memmem::find(&block, b"content-type:").is_some() || memmem::find(&block, b"mime-version:").is_some();
    match (version, pyheapdump, mime) {
        (Some(true), ..) => Some(Magic::MimeV3),
        (Some(false), ..) | (None, true, _) => Some(Magic::MimeV2),
        (None, false, true) => Some(Magic::Mime),
        (None, false, false) => None,
    }
}
