//! From text to a tree, by ruff's parser of Python. Its interface is declared unstable: only this file knows it.

use std::rc::Rc;

use num_bigint::BigInt;
use ruff_python_ast as ast;
use ruff_python_ast::Expr;
use ruff_python_parser::parse_expression;
use ruff_text_size::{Ranged, TextRange};

use super::tree::{
    Argument, Binary, Clause, Compare, Comprehension, Constant, Kind, Lambda, Makes, Node, Parameter, Piece, Takes,
    Unary,
};
use super::{Refusal, surrogate};

/// Bytes of an expression. The parser recurses, and so do the drop of what it makes and the evaluation: a longer one is not
/// given to them.
pub const LONGEST: usize = 4096;
/// Brackets open at once, and operators in a row that stand before their operand.
const DEEPEST: usize = 100;

/// Parses an expression.
///
/// # Errors
/// Where it is no Python expression, or longer or deeper than is allowed.
pub fn parse(text: &str) -> Result<Node, Refusal> {
    check_size(text)?;
    let parsed = parse_expression(text).map_err(|error| {
        refuse("SyntaxError", error.error.to_string(), column(text, error.location.start().to_usize()))
    })?;
    let body = parsed.into_syntax().body;
    Reader { text }.node(&body)
}

fn check_size(text: &str) -> Result<(), Refusal> {
    if text.len() > LONGEST {
        return Err(refuse("SyntaxError", format!("the expression is longer than {LONGEST} bytes"), 1));
    }
    let (mut open, mut row) = (0_usize, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            '-' | '+' | '~' | '*' => row += 1,
            c if c.is_whitespace() => {}
            _ => row = 0,
        }
        if open > DEEPEST || row > DEEPEST {
            let what =
                if open > DEEPEST { "too many brackets within each other" } else { "too many operators in a row" };
            return Err(refuse("SyntaxError", what, column(text, at)));
        }
    }
    Ok(())
}

struct Reader<'a> {
    text: &'a str,
}

type Read<T = Node> = Result<T, Refusal>;

impl Reader<'_> {
    fn node(&self, expression: &Expr) -> Read {
        let kind = self.kind(expression)?;
        let (column, end) = self.place(expression.range());
        Ok(Node { column, end, kind })
    }

    fn boxed(&self, expression: &Expr) -> Read<Box<Node>> {
        self.node(expression).map(Box::new)
    }

    fn nodes(&self, expressions: &[Expr]) -> Read<Vec<Node>> {
        expressions.iter().map(|expression| self.node(expression)).collect()
    }

    fn place(&self, range: TextRange) -> (u64, u64) {
        (column(self.text, range.start().to_usize()), column(self.text, range.end().to_usize()))
    }

    fn kind(&self, expression: &Expr) -> Read<Kind> {
        Ok(match expression {
            Expr::NoneLiteral(_) => Kind::Constant(Constant::None),
            Expr::EllipsisLiteral(_) => Kind::Constant(Constant::Ellipsis),
            Expr::BooleanLiteral(literal) => Kind::Constant(Constant::Bool(literal.value)),
            Expr::NumberLiteral(literal) => Kind::Constant(self.number(literal)?),
            Expr::StringLiteral(literal) => {
                let parts = literal.value.iter().map(|part| self.literal(part));
                Kind::Constant(Constant::Text(parts.collect::<Vec<_>>().concat().into()))
            }
            Expr::BytesLiteral(literal) => Kind::Constant(Constant::Bytes(literal.value.bytes().collect())),
            Expr::FString(format) => Kind::Format(self.format(format)?),
            Expr::Name(name) => Kind::Name(name.id.to_string()),
            Expr::Attribute(attribute) => {
                let at = self.place(attribute.attr.range()).0;
                Kind::Attribute(self.boxed(&attribute.value)?, attribute.attr.to_string(), at)
            }
            Expr::Subscript(subscript) => Kind::Subscript(self.boxed(&subscript.value)?, self.boxed(&subscript.slice)?),
            Expr::Slice(slice) => {
                let part = |part: &Option<Box<Expr>>| part.as_deref().map(|part| self.boxed(part)).transpose();
                Kind::Slice([part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?])
            }
            Expr::UnaryOp(operation) => Kind::Unary(unary(operation.op), self.boxed(&operation.operand)?),
            Expr::BinOp(operation) => {
                Kind::Binary(binary(operation.op), self.boxed(&operation.left)?, self.boxed(&operation.right)?)
            }
            Expr::BoolOp(operation) => Kind::Logic(operation.op == ast::BoolOp::And, self.nodes(&operation.values)?),
            Expr::Compare(comparison) => {
                let pairs = comparison.ops.iter().zip(&comparison.comparators);
                let rest = pairs.map(|(op, right)| Ok((compare(*op), self.node(right)?))).collect::<Read<Vec<_>>>()?;
                Kind::Compare(self.boxed(&comparison.left)?, rest)
            }
            Expr::If(choice) => {
                Kind::If(self.boxed(&choice.test)?, self.boxed(&choice.body)?, self.boxed(&choice.orelse)?)
            }
            Expr::List(list) => Kind::List(self.nodes(&list.elts)?),
            Expr::Tuple(tuple) => Kind::Tuple(self.nodes(&tuple.elts)?),
            Expr::Set(set) => Kind::Set(self.nodes(&set.elts)?),
            Expr::Dict(dict) => {
                let item = |item: &ast::DictItem| {
                    Ok((item.key.as_ref().map(|key| self.node(key)).transpose()?, self.node(&item.value)?))
                };
                Kind::Dict(dict.items.iter().map(item).collect::<Read<Vec<_>>>()?)
            }
            Expr::Starred(starred) => Kind::Starred(self.boxed(&starred.value)?),
            Expr::ListComp(of) => self.comprehension(Makes::List, &of.elt, None, &of.generators)?,
            Expr::SetComp(of) => self.comprehension(Makes::Set, &of.elt, None, &of.generators)?,
            Expr::Generator(of) => self.comprehension(Makes::Generator, &of.elt, None, &of.generators)?,
            Expr::DictComp(of) => match &of.key {
                Some(key) => self.comprehension(Makes::Dict, key, Some(&of.value), &of.generators)?,
                None => return Err(self.unsupported(expression, "unpacking in a dict comprehension")),
            },
            Expr::Lambda(lambda) => self.lambda(lambda)?,
            Expr::Call(call) => Kind::Call(self.boxed(&call.func)?, self.arguments(&call.arguments)?),
            Expr::Named(named) => match &*named.target {
                Expr::Name(name) => Kind::Walrus(name.id.to_string(), self.boxed(&named.value)?),
                _ => return Err(self.unsupported(expression, "an assignment")),
            },
            Expr::Await(_) => {
                return Err(refuse("SyntaxError", "'await' outside function", self.place(expression.range()).0));
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                return Err(refuse("SyntaxError", "'yield' outside function", self.place(expression.range()).0));
            }
            Expr::TString(_) => return Err(self.unsupported(expression, "template strings")),
            Expr::IpyEscapeCommand(_) => return Err(self.unsupported(expression, "commands of IPython")),
        })
    }

    fn number(&self, literal: &ast::ExprNumberLiteral) -> Read<Constant> {
        Ok(match &literal.value {
            ast::Number::Float(value) => Constant::Float(*value),
            ast::Number::Complex { imag, .. } => Constant::Imaginary(*imag),
            ast::Number::Int(value) => match value.as_i64() {
                Some(value) => Constant::Int(value.into()),
                None => {
                    // The parser keeps a large one as it is written.
                    let text = value.to_string().replace('_', "").to_ascii_lowercase();
                    let (digits, base) = match text.get(..2) {
                        Some("0x") => (text.get(2..), 16),
                        Some("0o") => (text.get(2..), 8),
                        Some("0b") => (text.get(2..), 2),
                        _ => (Some(text.as_str()), 10),
                    };
                    let parsed = digits.and_then(|digits| BigInt::parse_bytes(digits.as_bytes(), base));
                    Constant::Int(parsed.ok_or_else(|| {
                        refuse("SyntaxError", "a number that cannot be read", self.place(literal.range()).0)
                    })?)
                }
            },
        })
    }

    fn format(&self, format: &ast::ExprFString) -> Read<Vec<Piece>> {
        let mut pieces = Vec::new();
        for part in format.value.iter() {
            match part {
                ast::FStringPart::Literal(literal) => pieces.push(Piece::Text(self.literal(literal).into())),
                ast::FStringPart::FString(inner) => {
                    self.pieces(&inner.elements, inner.flags.prefix().is_raw(), &mut pieces)?;
                }
            }
        }
        Ok(pieces)
    }

    /// The text of one of the literals that stand next to each other.
    fn literal(&self, literal: &ast::StringLiteral) -> Vec<u8> {
        surrogate::text(&literal.value, self.source(literal.range()), literal.flags.prefix().is_raw())
    }

    /// How something is written.
    fn source(&self, range: TextRange) -> &str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    fn pieces(&self, elements: &ast::InterpolatedStringElements, raw: bool, pieces: &mut Vec<Piece>) -> Read<()> {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    let text = surrogate::text(&literal.value, self.source(literal.range()), raw);
                    pieces.push(Piece::Text(text.into()));
                }
                ast::InterpolatedStringElement::Interpolation(value) => {
                    let spec = value.format_spec.as_ref().map(|spec| {
                        let mut inner = Vec::new();
                        self.pieces(&spec.elements, raw, &mut inner).map(|()| inner)
                    });
                    let mut conversion = match value.conversion {
                        ast::ConversionFlag::None => None,
                        ast::ConversionFlag::Str => Some('s'),
                        ast::ConversionFlag::Ascii => Some('a'),
                        ast::ConversionFlag::Repr => Some('r'),
                    };
                    if let Some(text) = &value.debug_text {
                        let written = self.source(value.expression.range());
                        let shown = format!("{}{written}{}", text.leading(), text.trailing());
                        pieces.push(Piece::Text(shown.as_bytes().into()));
                        conversion = conversion.or(spec.is_none().then_some('r'));
                    }
                    pieces.push(Piece::Value {
                        value: self.node(&value.expression)?,
                        conversion,
                        spec: spec.transpose()?,
                    });
                }
            }
        }
        Ok(())
    }

    fn comprehension(
        &self,
        makes: Makes,
        element: &Expr,
        value: Option<&Expr>,
        clauses: &[ast::Comprehension],
    ) -> Read<Kind> {
        let clause = |clause: &ast::Comprehension| {
            if clause.is_async {
                return Err(self.unsupported(&clause.iter, "async would run code"));
            }
            Ok(Clause {
                target: self.node(&clause.target)?,
                iterable: self.node(&clause.iter)?,
                conditions: self.nodes(&clause.ifs)?,
            })
        };
        Ok(Kind::Comprehension(Rc::new(Comprehension {
            makes,
            element: self.node(element)?,
            value: value.map(|value| self.node(value)).transpose()?,
            clauses: clauses.iter().map(clause).collect::<Read<Vec<_>>>()?,
        })))
    }

    fn lambda(&self, lambda: &ast::ExprLambda) -> Read<Kind> {
        let mut parameters = Vec::new();
        if let Some(all) = lambda.parameters.as_deref() {
            let mut add = |some: &[ast::ParameterWithDefault], takes| {
                for one in some {
                    let default = one.default.as_deref().map(|default| self.node(default)).transpose()?;
                    parameters.push(Parameter { name: one.parameter.name.to_string(), default, takes });
                }
                Ok(())
            };
            add(&all.posonlyargs, Takes::Position)?;
            add(&all.args, Takes::PositionOrName)?;
            add(&all.kwonlyargs, Takes::Name)?;
            let rest = [(&all.vararg, Takes::Rest), (&all.kwarg, Takes::RestByName)];
            for (parameter, takes) in rest {
                if let Some(parameter) = parameter {
                    parameters.push(Parameter { name: parameter.name.to_string(), default: None, takes });
                }
            }
        }
        Ok(Kind::Lambda(Rc::new(Lambda { parameters, body: self.node(&lambda.body)? })))
    }

    fn arguments(&self, arguments: &ast::Arguments) -> Read<Vec<Argument>> {
        let mut all = Vec::new();
        for argument in &arguments.args {
            all.push(Argument::Position(self.node(argument)?));
        }
        for keyword in &arguments.keywords {
            let value = self.node(&keyword.value)?;
            if let Some(name) = &keyword.arg {
                let repeated = all.iter().any(|one| matches!(one, Argument::Name(known, _) if **known == **name));
                if repeated {
                    let message = format!("keyword argument repeated: {name}");
                    return Err(refuse("SyntaxError", &message, self.place(keyword.range()).0));
                }
            }
            all.push(match &keyword.arg {
                Some(name) => Argument::Name(name.to_string(), value),
                None => Argument::Names(value),
            });
        }
        Ok(all)
    }

    fn unsupported(&self, expression: &Expr, what: &str) -> Refusal {
        refuse("NotSupported", what, self.place(expression.range()).0)
    }
}

fn unary(op: ast::UnaryOp) -> Unary {
    match op {
        ast::UnaryOp::Invert => Unary::Invert,
        ast::UnaryOp::Not => Unary::Not,
        ast::UnaryOp::UAdd => Unary::Plus,
        ast::UnaryOp::USub => Unary::Minus,
    }
}

fn binary(op: ast::Operator) -> Binary {
    match op {
        ast::Operator::Add => Binary::Add,
        ast::Operator::Sub => Binary::Sub,
        ast::Operator::Mult => Binary::Mul,
        ast::Operator::MatMult => Binary::MatMul,
        ast::Operator::Div => Binary::Div,
        ast::Operator::Mod => Binary::Mod,
        ast::Operator::Pow => Binary::Pow,
        ast::Operator::LShift => Binary::Shl,
        ast::Operator::RShift => Binary::Shr,
        ast::Operator::BitOr => Binary::Or,
        ast::Operator::BitXor => Binary::Xor,
        ast::Operator::BitAnd => Binary::And,
        ast::Operator::FloorDiv => Binary::FloorDiv,
    }
}

fn compare(op: ast::CmpOp) -> Compare {
    match op {
        ast::CmpOp::Eq => Compare::Eq,
        ast::CmpOp::NotEq => Compare::Ne,
        ast::CmpOp::Lt => Compare::Lt,
        ast::CmpOp::LtE => Compare::Le,
        ast::CmpOp::Gt => Compare::Gt,
        ast::CmpOp::GtE => Compare::Ge,
        ast::CmpOp::Is => Compare::Is,
        ast::CmpOp::IsNot => Compare::IsNot,
        ast::CmpOp::In => Compare::In,
        ast::CmpOp::NotIn => Compare::NotIn,
    }
}

fn refuse(kind: &'static str, message: impl Into<String>, column: u64) -> Refusal {
    Refusal { kind, message: message.into(), column }
}

/// A byte offset as a character from 1.
fn column(text: &str, offset: usize) -> u64 {
    text.char_indices().take_while(|(at, _)| *at < offset).count() as u64 + 1
}
