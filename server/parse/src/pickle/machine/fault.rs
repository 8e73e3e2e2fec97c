//! What an opcode can meet, and how that is told.

use super::super::Opcode;
use super::Machine;
use crate::error::{Error, Stage};
use crate::limits::LimitKind;

/// What an opcode can meet.
#[derive(Debug)]
pub(in crate::pickle) enum Fault {
    End,
    Short { need: u64, have: u64 },
    NoNewline,
    Negative(i64),
    Underflow,
    NoMark,
    OddItems,
    NoMemo(u64),
    Cannot(&'static str),
    Text(&'static str),
    Protocol(u8),
    Unknown,
    Limit(LimitKind),
}

impl Fault {
    /// Whether the input ends where more should be.
    pub(super) fn is_cut(&self) -> bool {
        matches!(self, Fault::End | Fault::Short { .. } | Fault::NoNewline)
    }
}

const CUT: &str = "The file was cut: look for a complete copy.";

impl Machine<'_> {
    #[cold]
    pub(super) fn explain(&self, opcode: Opcode, fault: &Fault) -> Error {
        let message = match fault {
            Fault::Limit(kind) => {
                return Error::limit(Stage::Pickle, self.at as u64, opcode, self.limits.limit(*kind));
            }
            Fault::End => "the pickle ends without STOP".to_owned(),
            Fault::Short { need, have } => format!("{opcode} needs {need} bytes, {have} remain"),
            Fault::NoNewline => format!("the line of {opcode} does not end"),
            Fault::Negative(value) => format!("{opcode} with {value}, which must not be negative"),
            Fault::Underflow => format!("{opcode} finds too little on the stack"),
            Fault::NoMark => format!("{opcode} finds no mark"),
            Fault::OddItems => format!("{opcode} with a key that has no value"),
            Fault::NoMemo(index) => format!("{opcode} of memo entry {index}, which was never put"),
            Fault::Cannot(what) => format!("{opcode} cannot {what}"),
            Fault::Text(reason) => format!("{opcode} cannot be read: {reason}"),
            Fault::Protocol(protocol) => {
                format!("{opcode} of protocol {protocol}: 5 is the highest that is known")
            }
            Fault::Unknown => format!("{opcode} is not known"),
        };
        let remedy = match fault {
            _ if fault.is_cut() => CUT,
            Fault::Protocol(_) => "Look for a newer version of Crashsite.",
            _ => "The file is damaged, or no pickle: write it again, or see what `crashsite info` says.",
        };
        Error::new(Stage::Pickle, self.at as u64, message, remedy)
    }
}
