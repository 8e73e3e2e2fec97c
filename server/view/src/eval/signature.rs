//! Arguments bound to the parameters of a function of Python's, with the messages that Python has where they do not fit.

use super::dict::Dict;
use super::value::Value;
use super::{Context, Failure, Res};
use crate::expr::tree::Takes;

/// A parameter.
#[derive(Debug, Clone)]
pub(super) struct Parameter<'a> {
    pub(super) name: String,
    pub(super) takes: Takes,
    pub(super) default: Option<Value<'a>>,
}

/// A function's name in messages, its parameters, and how many come before them that the caller does not write (`self`).
#[derive(Debug)]
pub(super) struct Signature<'a> {
    pub(super) function: String,
    pub(super) implicit: usize,
    pub(super) parameters: Vec<Parameter<'a>>,
}

impl<'a> Signature<'a> {
    /// The values of the parameters, in their order.
    pub(super) fn bind(
        &self,
        context: &Context<'a>,
        positions: Vec<Value<'a>>,
        by_name: Vec<(String, Value<'a>)>,
    ) -> Res<Vec<Value<'a>>> {
        let function = &self.function;
        let given = positions.len();
        let mut positions = positions.into_iter();
        let mut bound: Vec<Option<Value<'a>>> = Vec::new();
        for parameter in &self.parameters {
            bound.push(match parameter.takes {
                Takes::Position | Takes::PositionOrName => positions.next(),
                Takes::Rest => Some(Value::tuple(positions.by_ref().collect())),
                Takes::RestByName => Some(Value::dict(Dict::default())),
                Takes::Name => None,
            });
        }
        for (name, value) in by_name {
            let place = self.parameters.iter().position(|parameter| {
                parameter.name == name && matches!(parameter.takes, Takes::PositionOrName | Takes::Name)
            });
            let rest = self.parameters.iter().position(|parameter| matches!(parameter.takes, Takes::RestByName));
            match (place.and_then(|place| bound.get_mut(place)), rest) {
                (Some(slot @ None), _) => *slot = Some(value),
                (Some(Some(_)), _) => {
                    return Err(Failure::wrong_type(format!("{function}() got multiple values for argument '{name}'")));
                }
                (None, Some(rest)) => {
                    if let Some(Some(Value::Dict(dict))) = bound.get(rest) {
                        let name = Value::text(&name);
                        dict.borrow_mut().insert(context.key(&name)?, name, value);
                    }
                }
                (None, None) => {
                    return Err(Failure::wrong_type(format!(
                        "{function}() got an unexpected keyword argument '{name}'"
                    )));
                }
            }
        }
        if positions.next().is_some() {
            return Err(Failure::wrong_type(self.too_many(given)));
        }
        for by_position in [true, false] {
            let missing: Vec<String> = (self.parameters.iter().zip(&bound))
                .filter(|(parameter, value)| {
                    let positional = matches!(parameter.takes, Takes::Position | Takes::PositionOrName);
                    value.is_none() && parameter.default.is_none() && positional == by_position
                })
                .map(|(parameter, _)| format!("'{}'", parameter.name))
                .collect();
            if let [first @ .., last] = missing.as_slice() {
                let names = match first {
                    [] => last.clone(),
                    [one] => format!("{one} and {last}"),
                    more => format!("{}, and {last}", more.join(", ")),
                };
                let (count, s) = (missing.len(), if missing.len() == 1 { "" } else { "s" });
                let what = if by_position { "positional" } else { "keyword-only" };
                let message = format!("{function}() missing {count} required {what} argument{s}: {names}");
                return Err(Failure::wrong_type(message));
            }
        }
        let all = self.parameters.iter().zip(bound);
        Ok(all.map(|(parameter, value)| value.or_else(|| parameter.default.clone()).unwrap_or(Value::None)).collect())
    }

    fn too_many(&self, given: usize) -> String {
        let positional =
            || self.parameters.iter().filter(|one| matches!(one.takes, Takes::Position | Takes::PositionOrName));
        let most = positional().count() + self.implicit;
        let least = positional().filter(|one| one.default.is_none()).count() + self.implicit;
        let given = given + self.implicit;
        let (count, s) = match least == most {
            true => (most.to_string(), if most == 1 { "" } else { "s" }),
            false => (format!("from {least} to {most}"), "s"),
        };
        let were = if given == 1 { "was" } else { "were" };
        format!("{}() takes {count} positional argument{s} but {given} {were} given", self.function)
    }
}
