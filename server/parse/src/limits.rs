//! The budgets under which a file is read. Each has a flag, and each refusal names both.

use std::fmt;

/// Which budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// [`Limits::max_part`]
    Part,
    /// [`Limits::max_inflated`]
    Inflated,
    /// [`Limits::max_total`]
    Total,
    /// [`Limits::max_depth`]
    Depth,
    /// [`Limits::max_opcodes`]
    Opcodes,
    /// [`Limits::max_values`]
    Values,
    /// [`Limits::max_references`]
    References,
    /// [`Limits::max_memo`]
    Memo,
    /// [`Limits::max_stack`]
    Stack,
    /// [`Limits::max_parts`]
    Parts,
    /// [`Limits::max_headers`]
    Headers,
    /// [`Limits::max_text`]
    Text,
    /// [`Limits::max_unsealed`]
    Unsealed,
}

impl LimitKind {
    /// What is limited, for a sentence: "the limit on … is …".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Part => "the stored size of one part",
            Self::Inflated => "the inflated size of one part",
            Self::Total => "the inflated size of all open parts",
            Self::Depth => "open marks in a pickle",
            Self::Opcodes => "opcodes in a pickle",
            Self::Values => "values in a pickle",
            Self::References => "references in a pickle",
            Self::Memo => "memo entries in a pickle",
            Self::Stack => "stack entries in a pickle",
            Self::Parts => "parts in a file",
            Self::Headers => "the size of one block of headers",
            Self::Text => "unescaped text in a pickle",
            Self::Unsealed => "what is sealed in a file",
        }
    }

    /// The command-line flag that raises it.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Part => "--max-part",
            Self::Inflated => "--max-inflated",
            Self::Total => "--max-total",
            Self::Depth => "--max-depth",
            Self::Opcodes => "--max-opcodes",
            Self::Values => "--max-values",
            Self::References => "--max-references",
            Self::Memo => "--max-memo",
            Self::Stack => "--max-stack",
            Self::Parts => "--max-parts",
            Self::Headers => "--max-headers",
            Self::Text => "--max-text",
            Self::Unsealed => "--max-unsealed",
        }
    }

    /// Its unit: `"bytes"`, or empty for a plain count.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Part | Self::Inflated | Self::Total | Self::Headers | Self::Text | Self::Unsealed => "bytes",
            _ => "",
        }
    }
}

/// One budget and its value; displayed as `the limit on NAME is VALUE UNIT (--max-…)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// Which one.
    pub kind: LimitKind,
    /// The value in force, in [`LimitKind::unit`].
    pub value: u64,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, value } = self;
        write!(f, "the limit on {} is {value}", kind.name())?;
        if !kind.unit().is_empty() {
            write!(f, " {}", kind.unit())?;
        }
        write!(f, " ({})", kind.flag())
    }
}

/// All budgets. `Limits::default()` opens any dump that Crashsite writes with its own defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `--max-part`: bytes of one part as it is stored in the file. Default 1 GiB.
    pub max_part: u64,
    /// `--max-inflated`: bytes of one part (or one compressed file) after decompression. Default 224 MiB: so much
    /// is in memory before it is refused, and all of the process is to stay below 256 MiB.
    pub max_inflated: u64,
    /// `--max-total`: bytes of all inflated parts that are open at once. Default 2 GiB. Not enforced in this
    /// crate: whoever opens parts keeps the sum, and refuses with [`crate::Error::limit`].
    pub max_total: u64,
    /// `--max-depth`: pickle marks open at the same time. Default 10,000,000 (4 bytes each). Nesting as such
    /// is not limited: nothing here recurses.
    pub max_depth: u32,
    /// `--max-opcodes`: opcodes executed in one pickle. Default 500,000,000 (a few seconds).
    pub max_opcodes: u64,
    /// `--max-values`: nodes of one pickle, and pieces in which containers were filled. Default 30,000,000
    /// (28 bytes each).
    pub max_values: u64,
    /// `--max-references`: elements of all containers of one pickle. Default 200,000,000 (4 bytes each).
    pub max_references: u64,
    /// `--max-memo`: entries in the memo of one pickle. Default 30,000,000 (4 to 32 bytes each).
    pub max_memo: u64,
    /// `--max-stack`: entries on the stack of one pickle at once. Default 30,000,000 (4 bytes each).
    pub max_stack: u64,
    /// `--max-parts`: parts in one file. Default 100,000. What follows is not read, and said so.
    pub max_parts: u32,
    /// `--max-headers`: bytes of the header block of the message, or of one part. Default 64 KiB. The headers
    /// of all parts together may take 1024 times as much.
    pub max_headers: usize,
    /// `--max-text`: bytes of text and byte strings in one pickle that had to be unescaped (protocol 0).
    /// Default 256 MiB.
    pub max_text: u64,
    /// `--max-unsealed`: bytes of a dump that was sealed for its readers, once it is decrypted: it is held in memory. Default
    /// 1 GiB. Not enforced in this crate, which sees the plaintext only.
    pub max_unsealed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_part: 1 << 30,
            max_inflated: 224 << 20,
            max_total: 2 << 30,
            max_depth: 10_000_000,
            max_opcodes: 500_000_000,
            max_values: 30_000_000,
            max_references: 200_000_000,
            max_memo: 30_000_000,
            max_stack: 30_000_000,
            max_parts: 100_000,
            max_headers: 64 << 10,
            max_text: 256 << 20,
            max_unsealed: 1 << 30,
        }
    }
}

impl Limits {
    /// The budget of a kind, with its value here.
    #[must_use]
    pub fn limit(&self, kind: LimitKind) -> Limit {
        let value = match kind {
            LimitKind::Part => self.max_part,
            LimitKind::Inflated => self.max_inflated,
            LimitKind::Total => self.max_total,
            LimitKind::Depth => u64::from(self.max_depth),
            LimitKind::Opcodes => self.max_opcodes,
            LimitKind::Values => self.max_values,
            LimitKind::References => self.max_references,
            LimitKind::Memo => self.max_memo,
            LimitKind::Stack => self.max_stack,
            LimitKind::Parts => u64::from(self.max_parts),
            LimitKind::Headers => self.max_headers as u64,
            LimitKind::Text => self.max_text,
            LimitKind::Unsealed => self.max_unsealed,
        };
        Limit { kind, value }
    }
}
