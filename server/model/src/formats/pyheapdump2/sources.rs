//! `files`: the names of sources, and their bytes; a text in place of these says why there are none.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Top;
use crate::{Piece, SourceFile};

/// Files that are read. A program has some hundreds.
const MOST: usize = 20_000;

pub(super) fn read(top: &Top<'_>) -> Vec<SourceFile> {
    let pickle = top.pickle;
    let Some(files) = top.get("files") else { return Vec::new() };
    let mut found: Vec<SourceFile> = pickle
        .pairs(files)
        .take(MOST)
        .filter_map(|(name, text)| {
            let name: Arc<str> = pickle.as_text(name)?.as_ref().into();
            Some(match pickle.as_bytes(text) {
                Some(bytes) => file(name, bytes),
                None => SourceFile {
                    name,
                    error: pickle.as_text(text).map(|why| why.as_ref().into()),
                    ..SourceFile::default()
                },
            })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn file(name: Arc<str>, bytes: &[u8]) -> SourceFile {
    let (text, encoding) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), "utf-8"),
        // Each byte is a character: the columns stay right, and most letters.
        Err(_) => (bytes.iter().map(|byte| char::from(*byte)).collect(), "iso-8859-1"),
    };
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let lines = text.split('\n').count() - usize::from(text.ends_with('\n') || text.is_empty());
    SourceFile {
        name,
        sha256: Some(digest.into()),
        lines: Some(lines as u64),
        encoding: Some(encoding.into()),
        pieces: vec![Piece { first: 1, text: text.into() }],
        error: None,
    }
}
