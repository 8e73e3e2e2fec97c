//! What a file's own tool would have run to load it.

/// The calls that loading a pickle makes, as far as the pickle itself says. It never says that a pickle is harmless: what a
/// callable does when it is called is known of some only, and the modules that a name imports run when they are imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loading {
    /// Names that are imported, and what is called, in the order in which they are first met.
    pub callables: Vec<Callable>,
    /// How many there are beside those.
    pub more_callables: usize,
    /// How often each opcode that imports, calls, or asks somebody for an object stands in the pickle, by the opcode's name.
    pub opcodes: Vec<(&'static str, u64)>,
}

/// Something that loading imports or calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callable {
    /// Its name, `os.system`; in words where it has none, as the result of a call.
    pub name: String,
    /// What is known of it.
    pub verdict: Verdict,
    /// What is done with it, by the opcode's name: how often, and where first.
    pub uses: Vec<Use>,
}

/// What an opcode does with a [`Callable`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// `GLOBAL`, `REDUCE`, …
    pub opcode: &'static str,
    /// How often.
    pub count: u64,
    /// Byte offsets in the pickle, of the first ones.
    pub offsets: Vec<u64>,
}

/// What is known of a [`Callable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It runs code, starts a program, or reaches files or the network: why.
    Dangerous(&'static str),
    /// Of Python's own library, where it makes a value of what it is given.
    MakesValue,
    /// Nothing is known of it.
    Unknown,
}

impl Verdict {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Dangerous(_) => "dangerous",
            Verdict::MakesValue => "makes a value",
            Verdict::Unknown => "unknown",
        }
    }
}
