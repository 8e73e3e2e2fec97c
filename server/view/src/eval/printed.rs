//! A value as an answer.

use serde::Serialize;

use super::data::Data;
use super::value::Value;
use super::{Context, Res};
use crate::children::{self, Child, PAGE};
use crate::value::{LONGEST_REPR, Status, Value as Answer};

/// The answer to `print`.
#[derive(Debug, Clone, Serialize)]
pub struct Printed {
    /// Version of the answer.
    pub schema: u32,
    /// The value.
    #[serde(flatten)]
    pub value: Answer,
    /// What it holds: the first hundred.
    pub children: Vec<Child>,
}

/// A value as an answer, with what it holds.
pub(super) fn of<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<Printed> {
    let schema = crate::SCHEMA;
    if let Value::Object(object) = value {
        let children = children::page(context.dump, object, 0, PAGE);
        return Ok(Printed { schema, value: Answer::of_object(context.dump, object), children });
    }
    let mut children = Vec::new();
    let mut count = 0;
    match context.data(value) {
        Ok(Data::List(row) | Data::Tuple(row) | Data::Deque(row) | Data::Set(row, _)) => {
            count = row.len();
            for index in 0..count.min(PAGE) {
                let value = row.get(context, index).map(|value| answer(context, &value));
                let value = value.unwrap_or_else(|_| Ok(Answer::of_number(context.dump, u32::MAX)))?;
                children.push(Child { name: None, index: Some(index as u64), key: None, value });
            }
        }
        Ok(data @ (Data::Pairs(_) | Data::Value(Value::Dict(_)))) => {
            if let Some(dict) = context.mapping(&data)? {
                count = dict.len();
                for (key, value) in dict.pairs().take(PAGE) {
                    let key = Some(Box::new(answer(context, key)?));
                    children.push(Child { name: None, index: None, key, value: answer(context, value)? });
                }
            }
        }
        Ok(Data::Value(view @ Value::DictView(..))) => {
            let items = context.collect(&view)?;
            count = items.len();
            for (index, item) in items.iter().take(PAGE).enumerate() {
                let value = answer(context, item)?;
                children.push(Child { name: None, index: Some(index as u64), key: None, value });
            }
        }
        Ok(data) => {
            if let Some(set) = context.as_set(&data)? {
                count = set.len();
                for (index, (_, value)) in set.ordered().iter().take(PAGE).enumerate() {
                    let value = answer(context, value)?;
                    children.push(Child { name: None, index: Some(index as u64), key: None, value });
                }
            }
        }
        Err(_) => {}
    }
    let mut shown = answer(context, value)?;
    shown.children_count = count as u64;
    Ok(Printed { schema, value: shown, children })
}

fn answer<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<Answer> {
    Ok(match value {
        Value::Object(object) => Answer::of_object(context.dump, object),
        Value::Preview(local) => Answer { status: Status::Missing, ..Answer::of_local(context.dump, local) },
        other => {
            let name = context.name_of_made(other);
            let (module, short) = match other {
                Value::Instance(made) => (super::class::name_of(&made.class).0, made.class_name()),
                Value::Raw(_) => ("builtins".to_owned(), super::types::short(&context.type_name(other)).to_owned()),
                _ => match name.rsplit_once('.') {
                    Some((module, short)) => (module.to_owned(), short.to_owned()),
                    None if context.python2 => ("__builtin__".to_owned(), name.to_owned()),
                    None => ("builtins".to_owned(), name.to_owned()),
                },
            };
            Answer::made(&short, &module, context.show(other, LONGEST_REPR + 1)?, 0)
        }
    })
}
