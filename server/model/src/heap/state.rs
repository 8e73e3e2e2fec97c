//! What is known about how well an object was captured.

use super::{Flag, Heap, Object};

/// How well an object was captured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// Its true length, where only its beginning was kept.
    pub full_length: Option<u64>,
    /// It changed while it was read.
    pub changed: bool,
    /// It was left out by a rule.
    pub redacted: bool,
    /// It could not be read.
    pub unreadable: bool,
    /// It is of the library: attributes of it were left out.
    pub brief: bool,
}

impl Heap {
    /// What its section's flags and the closing part say about an object.
    pub fn state(&self, object: &Object<'_>) -> State {
        let mut state = self.state_at_end(object.number);
        for flag in object.flags() {
            match flag {
                Flag::Cut(length) => state.full_length = Some(length),
                Flag::Changed => state.changed = true,
                Flag::Redacted(_) => state.redacted = true,
                Flag::Unreadable => state.unreadable = true,
                Flag::Brief(_) => state.brief = true,
                Flag::Unknown(..) => {}
            }
        }
        state
    }

    /// What the closing part says about an object. Decodes nothing.
    pub fn state_at_end(&self, number: u32) -> State {
        State {
            full_length: self.known.cut.get(&number).copied(),
            changed: self.known.changed.contains(&number),
            ..State::default()
        }
    }
}
