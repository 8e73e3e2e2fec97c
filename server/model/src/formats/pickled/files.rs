//! `files`: the names of sources, and their bytes or their text; a sentence in place of these says why there are none.

use std::sync::Arc;

use crashsite_parse::{NodeId, Pickle, View};
use sha2::{Digest, Sha256};

use crate::formats::bare::file_name;
use crate::{Piece, SourceFile, scalar_text};

/// Files that are read. A program has some hundreds.
const MOST: usize = 20_000;

/// The sources in a dictionary that many tools write.
pub(in crate::formats) fn read(pickle: &Pickle, files: NodeId) -> Vec<SourceFile> {
    let mut found: Vec<SourceFile> = pickle
        .pairs(files)
        .take(MOST)
        .filter_map(|(name, text)| {
            let name: Arc<str> = file_name(&pickle.as_text(name)?).into();
            Some(match pickle.node(text) {
                View::Str(text) if !is_excuse(text) => file(name, None, scalar_text(text).into_owned()),
                _ => match pickle.as_bytes(text) {
                    Some(bytes) if !is_excuse(bytes) => of_bytes(name, bytes),
                    _ => SourceFile {
                        name,
                        error: pickle.as_text(text).map(|why| why.as_ref().into()),
                        ..SourceFile::default()
                    },
                },
            })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// What tools write who did not find a file.
fn is_excuse(text: &[u8]) -> bool {
    text.starts_with(b"couldn't locate ") && !text.contains(&b'\n')
}

fn of_bytes(name: Arc<str>, bytes: &[u8]) -> SourceFile {
    let (text, encoding) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), "utf-8"),
        // Each byte is a character: the columns stay right, and most letters.
        Err(_) => (bytes.iter().map(|byte| char::from(*byte)).collect(), "iso-8859-1"),
    };
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    SourceFile { sha256: Some(digest.into()), ..file(name, Some(encoding), text) }
}

/// A file of which there is the text; of a text that was decoded, the file's bytes are not known.
fn file(name: Arc<str>, encoding: Option<&str>, text: String) -> SourceFile {
    let lines = text.split('\n').count() - usize::from(text.ends_with('\n') || text.is_empty());
    SourceFile {
        name,
        sha256: None,
        lines: Some(lines as u64),
        encoding: encoding.map(Arc::from),
        pieces: vec![Piece { first: 1, text: text.into() }],
        error: None,
    }
}
