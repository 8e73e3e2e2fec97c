//! Columns: ranges of a section's bytes, read where they lie.

/// How a column's items are laid out: the codes of Python's `struct`, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// `B`
    U8,
    /// `H`
    U16,
    /// `I`
    U32,
    /// `Q`
    U64,
    /// `b`
    I8,
    /// `h`
    I16,
    /// `i`
    I32,
    /// `q`
    I64,
    /// `d`
    F64,
}

impl Code {
    /// The code that this text names.
    pub fn from_text(text: &[u8]) -> Option<Code> {
        Some(match text {
            b"B" => Code::U8,
            b"H" => Code::U16,
            b"I" => Code::U32,
            b"Q" => Code::U64,
            b"b" => Code::I8,
            b"h" => Code::I16,
            b"i" => Code::I32,
            b"q" => Code::I64,
            b"d" => Code::F64,
            _ => return None,
        })
    }

    /// Bytes of an item.
    pub fn width(self) -> usize {
        match self {
            Code::U8 | Code::I8 => 1,
            Code::U16 | Code::I16 => 2,
            Code::U32 | Code::I32 => 4,
            Code::U64 | Code::I64 | Code::F64 => 8,
        }
    }
}

/// A column: where its items lie in the section's bytes. Nothing is copied out.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    code: Code,
    start: usize,
    items: usize,
}

impl Column {
    /// A column without items.
    pub const EMPTY: Column = Column { code: Code::U8, start: 0, items: 0 };

    /// A column of the `bytes` bytes at `start`; what is left over beyond whole items does not count.
    pub fn new(code: Code, start: usize, bytes: usize) -> Column {
        Column { code, start, items: bytes / code.width() }
    }

    /// How many items it has.
    pub fn len(&self) -> usize {
        self.items
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.items == 0
    }

    /// How its items are laid out.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The bytes of all its items.
    pub fn bytes<'a>(&self, raw: &'a [u8]) -> &'a [u8] {
        raw.get(self.start..).and_then(|rest| rest.get(..self.items * self.code.width())).unwrap_or_default()
    }

    /// An item, sign-extended where it is signed; the bits of a float.
    pub fn get(&self, raw: &[u8], index: usize) -> Option<u64> {
        if index >= self.items {
            return None;
        }
        let at = self.start + index * self.code.width();
        Some(match self.code {
            Code::U8 => u64::from(*raw.get(at)?),
            Code::I8 => i64::from(*raw.get(at)? as i8) as u64,
            Code::U16 => u64::from(u16::from_le_bytes(item(raw, at)?)),
            Code::I16 => i64::from(i16::from_le_bytes(item(raw, at)?)) as u64,
            Code::U32 => u64::from(u32::from_le_bytes(item(raw, at)?)),
            Code::I32 => i64::from(i32::from_le_bytes(item(raw, at)?)) as u64,
            Code::U64 | Code::I64 | Code::F64 => u64::from_le_bytes(item(raw, at)?),
        })
    }

    /// An item of a column of floats.
    pub fn get_f64(&self, raw: &[u8], index: usize) -> Option<f64> {
        let bits = self.get(raw, index)?;
        Some(match self.code {
            Code::F64 => f64::from_bits(bits),
            _ => bits as i64 as f64,
        })
    }

    /// An item that is an object number; one that does not fit is the number of no object.
    pub fn get_number(&self, raw: &[u8], index: usize) -> Option<u32> {
        self.get(raw, index).map(|value| u32::try_from(value).unwrap_or(u32::MAX))
    }
}

fn item<const N: usize>(raw: &[u8], at: usize) -> Option<[u8; N]> {
    raw.get(at..)?.first_chunk().copied()
}

/// Where the runs of a column begin: run *i* is from `starts[i]` to `starts[i + 1]`.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    starts: Vec<u32>,
}

impl Runs {
    /// Sums up `lengths`; `false` beside it where they say more than the `most` items there are, and are shortened.
    pub(crate) fn new(raw: &[u8], lengths: &Column, most: usize) -> (Runs, bool) {
        let most = u64::try_from(most).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        let mut starts = Vec::with_capacity(lengths.len() + 1);
        let mut at = 0u64;
        let mut good = true;
        starts.push(0);
        for index in 0..lengths.len() {
            at = at.saturating_add(lengths.get(raw, index).unwrap_or(0));
            if at > most {
                at = most;
                good = false;
            }
            starts.push(at as u32);
        }
        (Runs { starts }, good && at == most)
    }

    pub(crate) fn from_starts(starts: Vec<u32>) -> Runs {
        Runs { starts }
    }

    /// The run of that index; empty where there is none.
    pub(crate) fn get(&self, index: usize) -> std::ops::Range<usize> {
        match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        }
    }
}

/// A blob: byte strings one after the other.
#[derive(Debug, Default)]
pub(crate) struct Blob {
    pub(crate) runs: Runs,
    pub(crate) start: usize,
    pub(crate) bytes: usize,
}

impl Blob {
    pub(crate) fn get<'a>(&self, raw: &'a [u8], index: usize) -> &'a [u8] {
        let run = self.runs.get(index);
        let blob = raw.get(self.start..).and_then(|rest| rest.get(..self.bytes)).unwrap_or_default();
        blob.get(run).unwrap_or_default()
    }
}
