//! What an object is.

/// The kind of an object. An instance of a subclass has the kind of the builtin it derives from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it
pub enum Kind {
    Atom,
    Int,
    BigInt,
    Float,
    Complex,
    Str,
    Bytes,
    List,
    Tuple,
    Set,
    FrozenSet,
    Deque,
    Dict,
    Instance,
    Exception,
    Class,
    Module,
    Function,
    Builtin,
    Method,
    Cell,
    WeakRef,
    Wrapper,
    Opaque,
    Code,
    Frame,
    RestElements,
    RestPairs,
    /// A kind of a later version.
    Unknown(u8),
}

impl Kind {
    /// The kind of that number.
    pub fn from_number(number: u8) -> Kind {
        match number {
            1 => Kind::Atom,
            2 => Kind::Int,
            3 => Kind::BigInt,
            4 => Kind::Float,
            5 => Kind::Complex,
            6 => Kind::Str,
            7 => Kind::Bytes,
            8 => Kind::List,
            9 => Kind::Tuple,
            10 => Kind::Set,
            11 => Kind::FrozenSet,
            12 => Kind::Deque,
            13 => Kind::Dict,
            14 => Kind::Instance,
            15 => Kind::Exception,
            16 => Kind::Class,
            17 => Kind::Module,
            18 => Kind::Function,
            19 => Kind::Builtin,
            20 => Kind::Method,
            21 => Kind::Cell,
            22 => Kind::WeakRef,
            23 => Kind::Wrapper,
            24 => Kind::Opaque,
            25 => Kind::Code,
            26 => Kind::Frame,
            30 => Kind::RestElements,
            31 => Kind::RestPairs,
            other => Kind::Unknown(other),
        }
    }

    /// The number of the kind.
    pub fn number(self) -> u8 {
        match self {
            Kind::Atom => 1,
            Kind::Int => 2,
            Kind::BigInt => 3,
            Kind::Float => 4,
            Kind::Complex => 5,
            Kind::Str => 6,
            Kind::Bytes => 7,
            Kind::List => 8,
            Kind::Tuple => 9,
            Kind::Set => 10,
            Kind::FrozenSet => 11,
            Kind::Deque => 12,
            Kind::Dict => 13,
            Kind::Instance => 14,
            Kind::Exception => 15,
            Kind::Class => 16,
            Kind::Module => 17,
            Kind::Function => 18,
            Kind::Builtin => 19,
            Kind::Method => 20,
            Kind::Cell => 21,
            Kind::WeakRef => 22,
            Kind::Wrapper => 23,
            Kind::Opaque => 24,
            Kind::Code => 25,
            Kind::Frame => 26,
            Kind::RestElements => 30,
            Kind::RestPairs => 31,
            Kind::Unknown(other) => other,
        }
    }

    /// The kind's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Atom => "atom",
            Kind::Int => "int",
            Kind::BigInt => "bigint",
            Kind::Float => "float",
            Kind::Complex => "complex",
            Kind::Str => "str",
            Kind::Bytes => "bytes",
            Kind::List => "list",
            Kind::Tuple => "tuple",
            Kind::Set => "set",
            Kind::FrozenSet => "frozenset",
            Kind::Deque => "deque",
            Kind::Dict => "dict",
            Kind::Instance => "instance",
            Kind::Exception => "exception",
            Kind::Class => "class",
            Kind::Module => "module",
            Kind::Function => "function",
            Kind::Builtin => "builtin",
            Kind::Method => "method",
            Kind::Cell => "cell",
            Kind::WeakRef => "weakref",
            Kind::Wrapper => "wrapper",
            Kind::Opaque => "opaque",
            Kind::Code => "code",
            Kind::Frame => "frame",
            Kind::RestElements => "rest_elements",
            Kind::RestPairs => "rest_pairs",
            Kind::Unknown(_) => "unknown",
        }
    }

    /// Whether objects of the kind have elements in their record.
    pub fn has_elements(self) -> bool {
        matches!(
            self,
            Kind::List
                | Kind::Tuple
                | Kind::Set
                | Kind::FrozenSet
                | Kind::Deque
                | Kind::Class
                | Kind::Module
                | Kind::Opaque
                | Kind::RestElements
        )
    }

    /// Whether objects of the kind have key/value pairs in their record.
    pub fn has_pairs(self) -> bool {
        matches!(self, Kind::Dict | Kind::RestPairs)
    }

    /// Whether objects of the kind have a note.
    pub fn has_note(self) -> bool {
        matches!(
            self,
            Kind::Atom
                | Kind::Class
                | Kind::Module
                | Kind::Function
                | Kind::Builtin
                | Kind::Method
                | Kind::Cell
                | Kind::WeakRef
                | Kind::Wrapper
                | Kind::Opaque
                | Kind::Code
                | Kind::Frame
        )
    }

    /// Whether objects of the kind have a file and a line.
    pub fn has_location(self) -> bool {
        matches!(self, Kind::Class | Kind::Function | Kind::Code | Kind::Frame)
    }

    /// Whether it is the rest of a container.
    pub fn is_rest(self) -> bool {
        matches!(self, Kind::RestElements | Kind::RestPairs)
    }
}
