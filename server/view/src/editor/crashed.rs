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
        Crashed::read(dump, &file.name, Text::new(text), file.pieces.iter().map(lines).collect())
    }

    /// Takes a text for a source file of a dump, of which the dump itself may have less.
    ///
    /// # Errors
    /// Where there is no memory to read it.
    pub fn of_text(dump: &Dump, file: &SourceFile, text: &Text) -> Result<Crashed, String> {
        let all = 1..text.line_count() + 1;
        Crashed::read(dump, &file.name, text.clone(), vec![all])
    }

    fn read(dump: &Dump, name: &Arc<str>, text: Text, known: Vec<Range<u64>>) -> Result<Crashed, String> {
        let names = crate::eval::on_large_stack(|| Names::of(text.as_str(), repr::is_python2(dump)))
            .map_err(|failure| failure.message)?;
        let activations = activation::of_file(dump, name, &names, &text);
        Ok(Crashed { name: name.clone(), known, text, names, activations })
    }

    /// Whether the dump has a line.
    pub fn has(&self, line: u64) -> bool {
        self.known.iter().any(|part| part.contains(&line))
    }
}
