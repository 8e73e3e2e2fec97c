//! A crash in an editor: which value belongs to which place of a text.
//!
//! Two texts are known: the one that crashed, as the dump has it ([`crashed`]), and the one in the editor. [`follow`] is the
//! only way between them. What there is to know about names is read from the text that crashed ([`names`]); frames belong to
//! its functions ([`activation`]). Lines and characters are counted from 1 everywhere; [`text`] counts as editors do.

pub mod activation;
pub mod annotate;
pub mod calls;
pub mod crashed;
pub mod definition;
pub mod finding;
pub mod follow;
pub mod hover;
pub mod links;
pub mod names;
pub mod paths;
pub mod text;

use crashsite_model::Dump;

use activation::Selected;
use crashed::Crashed;
use follow::Follow;
use text::Text;

/// A text of an editor beside a dump: the file that it is, as it was when the program crashed.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The dump.
    pub dump: &'a Dump,
    /// The file as it crashed.
    pub crashed: &'a Crashed,
    /// The text in the editor.
    pub text: &'a Text,
    /// The way between the two.
    pub follow: &'a Follow,
    /// The frame that is looked at.
    pub selected: Selected,
}
