//! `template.format(…)`

use super::value::Value;
use super::{Context, Failure, Res, format};
use crate::python::braces::{self, First, Numbering, Piece, Step};

/// Where fields take their values from.
pub(super) enum Source<'a, 'b> {
    /// The arguments of `format(…)`.
    Call(&'b [Value<'a>], &'b [(String, Value<'a>)]),
    /// The mapping of `format_map(mapping)`.
    Mapping(&'b Value<'a>),
}

pub(super) fn format<'a>(context: &Context<'a>, template: &[u8], source: &Source<'a, '_>) -> Res<Vec<u8>> {
    let mut numbering = Numbering::default();
    let made = expand(context, template, source, &mut numbering, 0)?;
    context.budget.grow(made.len())?;
    Ok(made)
}

fn expand<'a>(
    context: &Context<'a>,
    template: &[u8],
    source: &Source<'a, '_>,
    numbering: &mut Numbering,
    depth: usize,
) -> Res<Vec<u8>> {
    let mut out = Vec::new();
    for piece in braces::pieces(template, depth)? {
        match piece? {
            Piece::Literal(literal) => out.extend_from_slice(literal),
            Piece::Field { name, conversion, spec } => {
                let value = field(context, name, source, numbering)?;
                let value = match conversion {
                    Some(known @ ('r' | 's' | 'a')) => format::convert(context, value, Some(known))?,
                    Some(other) => return Err(braces::unknown_conversion(other).into()),
                    None => value,
                };
                let spec = match spec.contains(&b'{') || spec.contains(&b'}') {
                    true => expand(context, spec, source, numbering, depth + 1)?,
                    false => spec.to_vec(),
                };
                out.extend(format::value(context, &value, &spec)?);
            }
        }
        if out.len() > context.budget.room() {
            context.budget.grow(out.len())?;
        }
    }
    Ok(out)
}

fn field<'a>(context: &Context<'a>, name: &[u8], source: &Source<'a, '_>, numbering: &mut Numbering) -> Res<Value<'a>> {
    let (first, path) = braces::name(name)?;
    let mut value = match (numbering.number(first)?, source) {
        (First::Key(key), Source::Mapping(mapping)) => context.subscript(mapping, &Value::Text(key.to_vec().into()))?,
        (First::Key(key), Source::Call(_, names)) => {
            let wanted = String::from_utf8_lossy(key);
            let found = names.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
            found.ok_or_else(|| Failure::new("KeyError", crate::repr::text_repr(key, 200)))?
        }
        (First::Index(index), Source::Call(positions, _)) => positions.get(index).cloned().ok_or_else(|| {
            Failure::new("IndexError", format!("Replacement index {index} out of range for positional args tuple"))
        })?,
        (First::Index(_) | First::Next, Source::Mapping(_)) => {
            return Err(Failure::new("ValueError", "Format string contains positional fields"));
        }
        (First::Next, _) => return Err(Failure::new("ValueError", "a field without a number")),
    };
    for step in path {
        value = match step? {
            Step::Attribute(name) => context.attribute(&value, &String::from_utf8_lossy(name))?,
            Step::Index(index) => context.subscript(&value, &Value::length(index))?,
            Step::Key(key) => context.subscript(&value, &Value::Text(key.to_vec().into()))?,
        };
    }
    Ok(value)
}
