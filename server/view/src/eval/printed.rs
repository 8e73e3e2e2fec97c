//! A value as an answer.

use std::sync::Arc;

use serde::Serialize;

use super::data::Data;
use super::made::Holds;
use super::value::Value;
use super::{Context, Res};
use crate::children::{self, Child, PAGE};
use crate::pandas;
use crate::value::{LONGEST_REPR, Status, Value as Answer};

/// The answer to `print`.
#[derive(Debug, Clone, Serialize)]
pub struct Printed {
    /// Version of the answer.
    pub schema: u32,
    /// The value.
    #[serde(flatten)]
    pub value: Answer,
    /// The first and the last rows, of a frame of pandas: lines of a table, names of the columns first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Vec<String>>,
    /// What it holds: the first hundred.
    pub children: Vec<Child>,
}

/// What something in a made value is found by.
pub(super) enum Label<'a> {
    Name(Arc<str>),
    Index(u64),
    Key(Value<'a>),
}

/// A part of what a made value holds.
pub(super) struct Part<'a> {
    /// How much it holds.
    pub(super) count: usize,
    /// The part; `None` stands for what the dump lacks.
    pub(super) items: Vec<(Label<'a>, Option<Value<'a>>)>,
}

/// A value as an answer, with what it holds.
pub(super) fn of<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<Printed> {
    let schema = crate::SCHEMA;
    if let Value::Object(object) = value {
        let children = children::page(context.dump, object, 0, PAGE);
        let table = pandas::table(context.dump, object);
        return Ok(Printed { schema, value: Answer::of_object(context.dump, object), table, children });
    }
    let part = held_by(context, value, 0, PAGE)?;
    let children = part.items.iter().map(|(label, item)| child(context, label, item.as_ref())).collect::<Res<_>>()?;
    let mut shown = answer(context, value)?;
    shown.children_count = part.count as u64;
    Ok(Printed { schema, value: shown, table: None, children })
}

/// What a made value holds, from the `skip`-th on, at most so many.
pub(super) fn held_by<'a>(context: &Context<'a>, value: &Value<'a>, skip: usize, most: usize) -> Res<Part<'a>> {
    let (mut count, mut items) = (0, Vec::new());
    let index = |(index, value): (usize, Value<'a>)| (Label::Index(index as u64), Some(value));
    match context.data(value) {
        Ok(Data::List(row) | Data::Tuple(row) | Data::Deque(row) | Data::Set(row, _)) => {
            count = row.len();
            let range = skip.min(count)..skip.saturating_add(most).min(count);
            items.extend(range.map(|index| (Label::Index(index as u64), row.get(context, index).ok())));
        }
        Ok(data @ (Data::Pairs(_) | Data::Value(Value::Dict(_)))) => {
            if let Some(dict) = context.mapping(&data)? {
                count = dict.len();
                let pairs = dict.pairs().skip(skip).take(most);
                items.extend(pairs.map(|(key, value)| (Label::Key(key.clone()), Some(value.clone()))));
            }
        }
        Ok(Data::Value(view @ Value::DictView(..))) => {
            let all = context.collect(&view)?;
            count = all.len();
            items.extend(all.into_iter().enumerate().skip(skip).take(most).map(index));
        }
        Ok(Data::Value(Value::Instance(made))) if matches!(made.holds, Holds::Fields(_)) => {
            if let Holds::Fields(fields) = &made.holds {
                count = fields.len();
                let fields = fields.iter().skip(skip).take(most);
                items.extend(fields.map(|(name, value)| (Label::Name(name.as_str().into()), Some(value.clone()))));
            }
        }
        Ok(Data::Value(Value::NdArray(array))) => {
            count = usize::try_from(array.row_count()).unwrap_or(usize::MAX);
            for place in array.rows().skip(skip).take(most) {
                items.push((Label::Index(place), context.row_of_array(&array, place).ok()));
            }
        }
        Ok(data) => {
            if let Some(set) = context.as_set(&data)? {
                count = set.len();
                let all = set.ordered().into_iter().map(|(_, value)| value.clone());
                items.extend(all.enumerate().skip(skip).take(most).map(index));
            }
        }
        Err(_) => {}
    }
    Ok(Part { count, items })
}

/// Something in a made value, as an answer.
pub(super) fn child<'a>(context: &Context<'a>, label: &Label<'a>, value: Option<&Value<'a>>) -> Res<Child> {
    let value = match value {
        Some(value) => answer(context, value)?,
        None => Answer::of_number(context.dump, u32::MAX),
    };
    Ok(match label {
        Label::Name(name) => Child { name: Some(name.clone()), index: None, key: None, value },
        Label::Index(index) => Child { name: None, index: Some(*index), key: None, value },
        Label::Key(key) => {
            let key = Some(Box::new(answer(context, key)?));
            Child { name: None, index: None, key, value }
        }
    })
}

pub(super) fn answer<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<Answer> {
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
