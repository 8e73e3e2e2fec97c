//! The opcodes, with the names of CPython's `Lib/pickletools.py`.

use std::fmt;

/// One opcode: its byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opcode(pub u8);

macro_rules! opcodes {
    ($($name:ident = $code:literal,)*) => {
        impl Opcode {
            $(#[allow(missing_docs, reason = "they are explained in pickletools")]
            pub const $name: Self = Self($code);)*

            /// All opcodes of the protocols 0 to 5, by their bytes.
            pub const ALL: &'static [Self] = &[$(Self($code)),*];

            /// Its name in CPython's `pickletools`, or None where there is no such opcode.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }
    };
}

opcodes! {
    MARK = b'(',
    EMPTY_TUPLE = b')',
    STOP = b'.',
    POP = b'0',
    POP_MARK = b'1',
    DUP = b'2',
    BINBYTES = b'B',
    SHORT_BINBYTES = b'C',
    FLOAT = b'F',
    BINFLOAT = b'G',
    INT = b'I',
    BININT = b'J',
    BININT1 = b'K',
    LONG = b'L',
    BININT2 = b'M',
    NONE = b'N',
    PERSID = b'P',
    BINPERSID = b'Q',
    REDUCE = b'R',
    STRING = b'S',
    BINSTRING = b'T',
    SHORT_BINSTRING = b'U',
    UNICODE = b'V',
    BINUNICODE = b'X',
    EMPTY_LIST = b']',
    APPEND = b'a',
    BUILD = b'b',
    GLOBAL = b'c',
    DICT = b'd',
    APPENDS = b'e',
    GET = b'g',
    BINGET = b'h',
    INST = b'i',
    LONG_BINGET = b'j',
    LIST = b'l',
    OBJ = b'o',
    PUT = b'p',
    BINPUT = b'q',
    LONG_BINPUT = b'r',
    SETITEM = b's',
    TUPLE = b't',
    SETITEMS = b'u',
    EMPTY_DICT = b'}',
    PROTO = 0x80,
    NEWOBJ = 0x81,
    EXT1 = 0x82,
    EXT2 = 0x83,
    EXT4 = 0x84,
    TUPLE1 = 0x85,
    TUPLE2 = 0x86,
    TUPLE3 = 0x87,
    NEWTRUE = 0x88,
    NEWFALSE = 0x89,
    LONG1 = 0x8a,
    LONG4 = 0x8b,
    SHORT_BINUNICODE = 0x8c,
    BINUNICODE8 = 0x8d,
    BINBYTES8 = 0x8e,
    EMPTY_SET = 0x8f,
    ADDITEMS = 0x90,
    FROZENSET = 0x91,
    NEWOBJ_EX = 0x92,
    STACK_GLOBAL = 0x93,
    MEMOIZE = 0x94,
    FRAME = 0x95,
    BYTEARRAY8 = 0x96,
    NEXT_BUFFER = 0x97,
    READONLY_BUFFER = 0x98,
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "opcode 0x{:02x}", self.0),
        }
    }
}

impl fmt::Debug for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A set of opcodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpcodeSet {
    low: u128,
    high: u128,
}

impl OpcodeSet {
    /// What a version 3 dump may use (docs/dump-format.md, section 2): plain data, no names, no calls.
    pub const DATA: Self = Self::of(&[
        Opcode::PROTO,
        Opcode::FRAME,
        Opcode::MARK,
        Opcode::STOP,
        Opcode::NONE,
        Opcode::NEWTRUE,
        Opcode::NEWFALSE,
        Opcode::BININT,
        Opcode::BININT1,
        Opcode::BININT2,
        Opcode::LONG1,
        Opcode::LONG4,
        Opcode::BINFLOAT,
        Opcode::SHORT_BINUNICODE,
        Opcode::BINUNICODE,
        Opcode::BINUNICODE8,
        Opcode::SHORT_BINBYTES,
        Opcode::BINBYTES,
        Opcode::BINBYTES8,
        Opcode::EMPTY_TUPLE,
        Opcode::TUPLE,
        Opcode::TUPLE1,
        Opcode::TUPLE2,
        Opcode::TUPLE3,
        Opcode::EMPTY_LIST,
        Opcode::APPEND,
        Opcode::APPENDS,
        Opcode::EMPTY_DICT,
        Opcode::SETITEM,
        Opcode::SETITEMS,
        Opcode::MEMOIZE,
        Opcode::BINPUT,
        Opcode::LONG_BINPUT,
        Opcode::BINGET,
        Opcode::LONG_BINGET,
    ]);

    /// The set of these.
    #[must_use]
    pub const fn of(opcodes: &[Opcode]) -> Self {
        let mut set = Self { low: 0, high: 0 };
        let mut rest = opcodes;
        while let [first, more @ ..] = rest {
            set.insert(*first);
            rest = more;
        }
        set
    }

    const fn bit(opcode: Opcode) -> u128 {
        1u128.wrapping_shl((opcode.0 & 0x7f) as u32)
    }

    /// Adds one.
    pub const fn insert(&mut self, opcode: Opcode) {
        if opcode.0 < 0x80 {
            self.low |= Self::bit(opcode);
        } else {
            self.high |= Self::bit(opcode);
        }
    }

    /// Whether it is there.
    #[must_use]
    pub const fn contains(&self, opcode: Opcode) -> bool {
        let half = if opcode.0 < 0x80 { self.low } else { self.high };
        half & Self::bit(opcode) != 0
    }

    /// All of them, by their bytes.
    pub fn iter(&self) -> impl Iterator<Item = Opcode> + use<> {
        let set = *self;
        (0..=u8::MAX).map(Opcode).filter(move |&opcode| set.contains(opcode))
    }

    /// Those that are not in `other`.
    #[must_use]
    pub const fn without(&self, other: &Self) -> Self {
        Self { low: self.low & !other.low, high: self.high & !other.high }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.low == 0 && self.high == 0
    }
}
