//! An expression as a tree. It is ours, so that only the parser's module knows the parser.

use std::rc::Rc;

use num_bigint::BigInt;

/// A part of an expression, and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it begins: characters from 1.
    pub column: u64,
    /// One past its last character.
    pub end: u64,
    /// What it is.
    pub kind: Kind,
}

/// What a part of an expression is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A literal.
    Constant(Constant),
    /// A name.
    Name(String),
    /// `value.name`; the column is that of the name.
    Attribute(Box<Node>, String, u64),
    /// `value[key]`
    Subscript(Box<Node>, Box<Node>),
    /// `lower:upper:step`
    Slice([Option<Box<Node>>; 3]),
    /// `-value`
    Unary(Unary, Box<Node>),
    /// `left + right`
    Binary(Binary, Box<Node>, Box<Node>),
    /// `a and b and c`: whether it is `and`.
    Logic(bool, Vec<Node>),
    /// `a < b <= c`
    Compare(Box<Node>, Vec<(Compare, Node)>),
    /// `body if test else other`: test, body, other.
    If(Box<Node>, Box<Node>, Box<Node>),
    /// `[a, *b]`
    List(Vec<Node>),
    /// `(a, *b)`
    Tuple(Vec<Node>),
    /// `{a, *b}`
    Set(Vec<Node>),
    /// `{key: value, **other}`
    Dict(Vec<(Option<Node>, Node)>),
    /// `*value`
    Starred(Box<Node>),
    /// `[element for target in iterable if condition]` and its kin.
    Comprehension(Rc<Comprehension>),
    /// `lambda a, b=1: body`
    Lambda(Rc<Lambda>),
    /// `function(a, *b, c=d, **e)`
    Call(Box<Node>, Vec<Argument>),
    /// `f"…{value!r:>{width}}…"`
    Format(Vec<Piece>),
    /// `name := value`
    Walrus(String, Box<Node>),
}

/// A literal.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the names say it
pub enum Constant {
    None,
    Bool(bool),
    Ellipsis,
    Int(BigInt),
    Float(f64),
    Imaginary(f64),
    Text(Rc<[u8]>),
    Bytes(Rc<[u8]>),
}

/// An operator of one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Unary {
    Not,
    Invert,
    Plus,
    Minus,
}

/// An operator of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Binary {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    Shl,
    Shr,
    Or,
    Xor,
    And,
}

impl Binary {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::MatMul => "@",
            Binary::Div => "/",
            Binary::FloorDiv => "//",
            Binary::Mod => "%",
            Binary::Pow => "**",
            Binary::Shl => "<<",
            Binary::Shr => ">>",
            Binary::Or => "|",
            Binary::Xor => "^",
            Binary::And => "&",
        }
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    In,
    NotIn,
}

/// What a comprehension makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Makes {
    List,
    Set,
    Dict,
    Generator,
}

/// A comprehension.
#[derive(Debug, Clone)]
pub struct Comprehension {
    /// What it makes.
    pub makes: Makes,
    /// The element, or the key.
    pub element: Node,
    /// The value of a dict's.
    pub value: Option<Node>,
    /// `for target in iterable if …`
    pub clauses: Vec<Clause>,
}

/// `for target in iterable if …`
#[derive(Debug, Clone)]
pub struct Clause {
    /// What is bound: a name, or a tuple of such.
    pub target: Node,
    /// What is gone through.
    pub iterable: Node,
    /// Conditions.
    pub conditions: Vec<Node>,
}

/// An anonymous function.
#[derive(Debug, Clone)]
pub struct Lambda {
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What it gives.
    pub body: Node,
}

/// A parameter of a lambda.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its default.
    pub default: Option<Node>,
    /// How it takes arguments.
    pub takes: Takes,
}

/// How a parameter takes arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Takes {
    Position,
    PositionOrName,
    Name,
    /// `*args`
    Rest,
    /// `**names`
    RestByName,
}

/// An argument of a call.
#[derive(Debug, Clone)]
pub enum Argument {
    /// `value`, or `*value` where the node is starred.
    Position(Node),
    /// `name=value`
    Name(String, Node),
    /// `**value`
    Names(Node),
}

/// A piece of an f-string.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text.
    Text(Rc<[u8]>),
    /// `{value!conversion:spec}`; the text before it is that of `{value=}`.
    Value {
        /// What is shown.
        value: Node,
        /// `s`, `r`, `a`
        conversion: Option<char>,
        /// Its format specification, which may have values in it.
        spec: Option<Vec<Piece>>,
    },
}
