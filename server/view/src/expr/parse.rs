//! From text to a [`Path`], by ruff's parser of Python. Its interface is declared unstable: only this file knows it.

use ruff_python_ast::{Expr, Number, UnaryOp};
use ruff_python_parser::parse_expression;
use ruff_text_size::Ranged;

use super::{Key, Path, Refusal, Step};

/// Bytes of an expression. The parser recurses, and so does the drop of what it makes: a longer one is not given to it.
pub const LONGEST: usize = 1024;
/// Brackets open at once.
const DEEPEST: usize = 50;

/// Parses an expression.
///
/// # Errors
/// Where it is no Python expression, or more than a path.
pub fn parse(text: &str) -> Result<Path, Refusal> {
    if text.len() > LONGEST {
        return Err(refuse("SyntaxError", format!("the expression is longer than {LONGEST} bytes"), 1));
    }
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > DEEPEST {
            return Err(refuse("SyntaxError", "too many brackets within each other", column(text, at)));
        }
    }
    let parsed = parse_expression(text).map_err(|error| {
        refuse("SyntaxError", error.error.to_string(), column(text, error.location.start().to_usize()))
    })?;
    let mut steps = Vec::new();
    let body = parsed.into_syntax().body;
    let mut rest: &Expr = &body;
    loop {
        let place = column(text, rest.range().start().to_usize());
        match rest {
            Expr::Name(name) => {
                steps.reverse();
                return Ok(Path { name: name.id.to_string(), column: place, steps });
            }
            Expr::Attribute(attribute) => {
                let at = column(text, attribute.attr.range().start().to_usize());
                steps.push((Step::Attribute(attribute.attr.to_string()), at));
                rest = &attribute.value;
            }
            Expr::Subscript(subscript) => {
                let at = column(text, subscript.slice.range().start().to_usize());
                steps.push((step(&subscript.slice, text)?, at));
                rest = &subscript.value;
            }
            _ => return Err(unsupported(rest, text)),
        }
    }
}

fn step(slice: &Expr, text: &str) -> Result<Step, Refusal> {
    let Expr::Slice(slice) = slice else { return Ok(Step::Subscript(key(slice, text, true)?)) };
    let bound = |bound: &Option<Box<Expr>>| match bound.as_deref() {
        None => Ok(None),
        Some(expression) => match key(expression, text, false)? {
            Key::Int(number) => Ok(Some(number)),
            Key::None => Ok(None),
            _ => Err(unsupported(expression, text)),
        },
    };
    Ok(Step::Slice(bound(&slice.lower)?, bound(&slice.upper)?, bound(&slice.step)?))
}

fn key(expression: &Expr, text: &str, tuples: bool) -> Result<Key, Refusal> {
    match expression {
        Expr::NoneLiteral(_) => Ok(Key::None),
        Expr::BooleanLiteral(literal) => Ok(Key::Bool(literal.value)),
        Expr::StringLiteral(literal) => Ok(Key::Text(literal.value.to_str().to_owned())),
        Expr::BytesLiteral(literal) => Ok(Key::Bytes(literal.value.bytes().collect())),
        Expr::NumberLiteral(literal) => number(&literal.value, false).ok_or_else(|| unsupported(expression, text)),
        Expr::UnaryOp(operation) if operation.op == UnaryOp::USub => match &*operation.operand {
            Expr::NumberLiteral(literal) => number(&literal.value, true).ok_or_else(|| unsupported(expression, text)),
            _ => Err(unsupported(expression, text)),
        },
        Expr::Tuple(tuple) if tuples => {
            Ok(Key::Tuple(tuple.elts.iter().map(|part| key(part, text, false)).collect::<Result<_, _>>()?))
        }
        _ => Err(unsupported(expression, text)),
    }
}

fn number(number: &Number, negative: bool) -> Option<Key> {
    match number {
        Number::Int(number) => {
            let number = number.as_i64()?;
            Some(Key::Int(if negative { number.checked_neg()? } else { number }))
        }
        Number::Float(number) => Some(Key::Float(if negative { -number } else { *number })),
        Number::Complex { .. } => None,
    }
}

fn unsupported(expression: &Expr, text: &str) -> Refusal {
    let place = expression.range();
    let written = text.get(place.start().to_usize()..place.end().to_usize()).unwrap_or_default();
    let message = format!("only names, attributes, subscripts and slices are understood, not `{written}`");
    refuse("NotSupported", message, column(text, place.start().to_usize()))
}

fn refuse(kind: &'static str, message: impl Into<String>, column: u64) -> Refusal {
    Refusal { kind, message: message.into(), column }
}

/// A byte offset as a character from 1.
fn column(text: &str, offset: usize) -> u64 {
    text.char_indices().take_while(|(at, _)| *at < offset).count() as u64 + 1
}
