//! How dumps are opened: within which limits, and with which keys where they are sealed.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crashsite_model::{Dump, Error, LimitKind, Limits, Problem, Source, Stage};
use crashsite_seal::{HEAD, Identities, Refused, is_sealed, unseal};

use crate::arguments::IdentityFlags;
use crate::failure::{self, Failure};
use crate::platform::{self, FileSource};

/// What opening a dump may take, and the files that hold the reader's secret keys. These are read when a sealed dump is.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) limits: Limits,
    identities: Vec<PathBuf>,
}

impl Reading {
    /// What the command line says, and where that names no key, the environment.
    pub(crate) fn new(limits: Limits, flags: &IdentityFlags) -> Reading {
        let mut identities = flags.identities.clone();
        if identities.is_empty() {
            let named = std::env::var_os("CRASHSITE_IDENTITY").unwrap_or_default();
            identities = std::env::split_paths(&named).filter(|path| !path.as_os_str().is_empty()).collect();
        }
        Reading { limits, identities }
    }

    /// The files with keys.
    pub(crate) fn identities(&self) -> &[PathBuf] {
        &self.identities
    }

    /// The same with further keys.
    pub(crate) fn with(&self, identities: &[PathBuf]) -> Reading {
        let identities = self.identities.iter().chain(identities).cloned().collect();
        Reading { limits: self.limits.clone(), identities }
    }

    /// Opens a dump. One that is sealed is decrypted to memory, and nowhere else.
    pub(crate) fn open(&self, path: &Path) -> Result<Dump, Failure> {
        let shown = path.display().to_string();
        let source = FileSource::open(path).map_err(|error| {
            let remedy = match error.kind() {
                io::ErrorKind::NotFound => "Give the path of a file that a program's crashsite has written.",
                io::ErrorKind::PermissionDenied => {
                    "A dump is readable by its owner only: ask for a copy, or for the right."
                }
                _ => "Give the path of a dump: a regular file.",
            };
            Failure::no_dump(format!("{shown}: {error}"), remedy)
        })?;
        if !begins_sealed(&source) {
            return self.dump(Arc::new(source), &shown);
        }
        let unsealed = unseal(Stream { source, offset: 0 }, &self.keys()?, self.limits.max_unsealed)
            .map_err(|refused| self.refusal(&shown, &refused))?;
        let length = unsealed.bytes.len() as u64;
        let mut dump = self.dump(Arc::new(unsealed.bytes), &shown)?;
        if unsealed.cut {
            let what =
                "the sealed file is cut here, or was changed: what comes before is authentic, the rest is missing";
            dump.problems.push(Problem::at(length, what));
        }
        Ok(dump)
    }

    fn dump(&self, source: Arc<dyn Source>, shown: &str) -> Result<Dump, Failure> {
        Dump::open(source, self.limits.clone()).map_err(|error| failure::of_reader(shown, &error))
    }

    fn keys(&self) -> Result<Identities, Failure> {
        let mut keys = Identities::default();
        for path in &self.identities {
            // A key in the place of its file would otherwise stand in logs.
            if path.to_string_lossy().to_ascii_uppercase().contains("AGE-SECRET-KEY-") {
                return Err(Failure::no_answer(
                    "an identity is given as the name of a file, and this is a secret key itself",
                    "Write it to a file that only you can read, and give its name.",
                ));
            }
            let file = platform::read_key(path).map_err(|error| {
                Failure::no_answer(
                    format!("{}: {error}", path.display()),
                    "Give the file with your secret key: --identity FILE, or CRASHSITE_IDENTITY in the environment.",
                )
            })?;
            keys.read(&file)
                .map_err(|none| Failure::no_answer(format!("{}: {none}", path.display()), none.remedy()))?;
        }
        Ok(keys)
    }

    fn refusal(&self, shown: &str, refused: &Refused) -> Failure {
        let remedy = match refused {
            Refused::NoIdentity => {
                "Give the file with your secret key: --identity FILE, or CRASHSITE_IDENTITY in the environment."
            }
            Refused::OtherIdentity => "Give the secret key of one of its recipients, or ask one of them.",
            Refused::Passphrase => "Decrypt it with age, for a passphrase is asked by that: age -d -o DUMP FILE",
            Refused::CutHeader | Refused::NoChunk => {
                "Nothing of it can be had; each 64 KiB can be read when they are whole. Look for another copy."
            }
            Refused::TooLong => {
                let limit = self.limits.limit(LimitKind::Unsealed);
                return failure::of_reader(shown, &Error::limit(Stage::Read, None, refused, limit));
            }
            Refused::LongHeader | Refused::BadHeader | Refused::Unreadable(_) => {
                "It was changed, or is no file of age. Look for another copy."
            }
        };
        Failure::no_dump(format!("{shown}: {refused}"), remedy)
    }
}

/// Whether a file is sealed, so that what is in it must not be laid down in another.
pub(crate) fn is_sealed_file(path: &Path) -> bool {
    FileSource::open(path).is_ok_and(|source| begins_sealed(&source))
}

/// Whether a file says of itself that it is a dump, or is sealed and so may be one.
pub(crate) fn looks_like_a_dump(path: &Path) -> bool {
    let mut head = [0; 8192];
    let read = FileSource::open(path).and_then(|source| source.read_at(0, &mut head)).unwrap_or(0);
    let head = head.get(..read).unwrap_or_default();
    crashsite_model::is_dump(head) || is_sealed(head)
}

fn begins_sealed(source: &FileSource) -> bool {
    let mut head = [0; HEAD];
    let read = source.read_at(0, &mut head).unwrap_or(0);
    is_sealed(head.get(..read).unwrap_or_default())
}

/// A file, from its beginning to its end.
struct Stream {
    source: FileSource,
    offset: u64,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(self.offset, buffer)?;
        self.offset += read as u64;
        Ok(read)
    }
}
