//! What a member or an element holds in place, and what several of them have in common.
//!
//! Debugging information is static: the member `name` of all objects of a class has one type. It is what the values have in
//! common; where that is nothing, each shows as one line.

use crate::types::Target;

/// What a member or an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    None,
    Bool,
    /// An integer of so many bytes.
    Int(u8),
    Float,
    /// Text in place: bytes with the NUL, where they are the same in all, and room for the longest.
    Text {
        count: Option<u64>,
        room: u64,
    },
    Bytes {
        count: Option<u64>,
        room: u64,
    },
    /// The address of an object that is laid out.
    Pointer(Target),
    /// The address of one that is not: it is empty, or a limit left it out.
    Elsewhere,
    /// One line.
    Line,
}

impl Slot {
    /// What both can be held in. The order of a series of joins makes no difference.
    pub(crate) fn join(self, other: Slot) -> Slot {
        use Slot::{Bytes, Elsewhere, Int, Line, None, Pointer, Text};
        match (self, other) {
            (Int(a), Int(b)) => Int(a.max(b)),
            (Text { count: a, room: x }, Text { count: b, room: y }) => Text { count: same(a, b), room: x.max(y) },
            (Bytes { count: a, room: x }, Bytes { count: b, room: y }) => Bytes { count: same(a, b), room: x.max(y) },
            (Pointer(to), Elsewhere | None) | (Elsewhere | None, Pointer(to)) => Pointer(to),
            (None, Elsewhere) | (Elsewhere, None) => Elsewhere,
            (a, b) if a == b => a,
            _ => Line,
        }
    }

    /// As it is, once everything is joined: an address that no object was found for says nothing.
    pub(crate) fn settled(self) -> Slot {
        if self == Slot::Elsewhere { Slot::Line } else { self }
    }

    /// An element has no room for text.
    pub(crate) fn of_element(self) -> Slot {
        if matches!(self, Slot::Text { .. } | Slot::Bytes { .. }) { Slot::Line } else { self }
    }

    /// As it is, or as a line where that takes less room.
    pub(crate) fn in_a_word(self) -> Slot {
        if self.size() > 8 { Slot::Line } else { self }
    }

    /// Bytes it takes. Text has its count before it.
    pub(crate) fn size(self) -> u64 {
        match self {
            Slot::Int(bytes) => u64::from(bytes),
            Slot::Text { room, .. } | Slot::Bytes { room, .. } => COUNT + room.next_multiple_of(8),
            _ => 8,
        }
    }
}

/// Bytes of a count.
pub(crate) const COUNT: u64 = 8;

fn same(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    a.filter(|_| a == b)
}
