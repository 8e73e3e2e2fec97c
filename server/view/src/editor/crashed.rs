//! A source file as it was when the program crashed: its text, its names, and the frames in it.

use std::ops::Range;
use std::sync::Arc;

use crashsite_model::{Dump, SourceFile};

use super::activation::{self, Activation};
use super::names::Names;
use super::text::Text;
use crate::{extract, repr, source};

/// Bytes of a text that is shown.
const LONGEST: usize = 16 << 20;

/// A source file as it was when the program crashed.
#[derive(Debug)]
pub struct Crashed {
    /// Its name, as the frames have it.
    pub name: Arc<str>,
    /// The text; lines that the dump lacks are empty.
    pub text: Text,
    /// The lines that the dump has.
    pub known: Vec<Range<u64>>,
    /// The names in it.
    pub names: Names,
    /// The frames in it.
    pub activations: Vec<Activation>,
}

impl Crashed {
    /// Reads a source file of a dump.
    ///
    /// # Errors
    /// Where the dump has no text of it; the text says why.
    pub fn new(dump: &Dump, file: &SourceFile) -> Result<Crashed, String> {
        let text = extract::content(file, LONGEST)?;
        let lines = |piece: &crashsite_model::Piece| {
            let first = piece.first.max(1);
            first..first.saturating_add(source::lines(&piece.text).len() as u64)
        };
        let names = crate::eval::on_large_stack(|| Names::of(&text, repr::is_python2(dump)))
            .map_err(|failure| failure.message)?;
        let text = Text::new(text);
        let activations = activation::of_file(dump, &file.name, &names, &text);
        Ok(Crashed {
            name: file.name.clone(),
            known: file.pieces.iter().map(lines).collect(),
            text,
            names,
            activations,
        })
    }

    /// Whether the dump has a line.
    pub fn has(&self, line: u64) -> bool {
        self.known.iter().any(|part| part.contains(&line))
    }
}
