//! Methods of lists, tuples, deques and ranges. Only what the expression made can be changed.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use super::changes;

pub(super) const NAMES: &[&str] = &[
    "append",
    "appendleft",
    "clear",
    "copy",
    "count",
    "extend",
    "extendleft",
    "index",
    "insert",
    "pop",
    "popleft",
    "remove",
    "reverse",
    "rotate",
    "sort",
];

/// Of a list, tuple, deque or range.
pub(super) fn call<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match name {
        "count" => {
            let wanted = arguments.one()?;
            if let Data::Value(Value::Range(range)) = context.data(owner)? {
                return Ok(Value::Int(i64::from(context.place_in_range(&range, &wanted)?.is_some())));
            }
            let mut count = 0;
            let mut iterator = context.iterate(owner)?;
            while let Some(item) = context.next(&mut iterator)? {
                count += i64::from(context.same(&item, &wanted)? || context.equal(&item, &wanted)?);
            }
            Ok(Value::Int(count))
        }
        "index" => index(context, owner, arguments),
        "copy" => {
            arguments.none()?;
            match context.data(owner)? {
                Data::Deque(row) => Ok(Value::Deque(Rc::new(row.all(context)?.into()), context.most_of(owner)?)),
                _ => Ok(Value::list(context.collect(owner)?)),
            }
        }
        _ => match owner {
            Value::List(items) => change(context, items, None, name, arguments),
            Value::Deque(items, most) => change_deque(context, items, *most, name, arguments),
            _ => Err(changes(name)),
        },
    }
}

fn index<'a>(context: &Context<'a>, owner: &Value<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    if let Data::Value(Value::Range(range)) = context.data(owner)? {
        let wanted = arguments.one()?;
        return match context.place_in_range(&range, &wanted)? {
            Some(place) => Ok(Value::int(place)),
            None if context.index(&wanted)?.is_none() => {
                Err(Failure::new("ValueError", "sequence.index(x): x not in sequence"))
            }
            None => Err(Failure::new("ValueError", format!("{} is not in range", context.show(&wanted, 100)?))),
        };
    }
    let [wanted, start, stop] = arguments.positional(1)?;
    let wanted = wanted.unwrap_or(Value::None);
    let length = context.length(owner)? as i64;
    let place = |value: Option<Value<'a>>, default: i64| -> Res<i64> {
        let Some(value) = value else { return Ok(default) };
        let Some(place) = context.index(&value)? else {
            return Err(Failure::wrong_type("slice indices must be integers or have an __index__ method"));
        };
        Ok(if place < 0 { place.saturating_add(length).max(0) } else { place.min(length) })
    };
    let (start, stop) = (place(start, 0)?, place(stop, length)?);
    let mut iterator = context.iterate(owner)?;
    let mut at = 0;
    while let Some(item) = context.next(&mut iterator)? {
        if at >= stop {
            break;
        }
        if at >= start && (context.same(&item, &wanted)? || context.equal(&item, &wanted)?) {
            return Ok(Value::Int(at));
        }
        at += 1;
    }
    Err(Failure::new(
        "ValueError",
        match context.data(owner)? {
            Data::Tuple(_) => "tuple.index(x): x not in tuple".to_owned(),
            Data::Deque(_) => format!("{} is not in deque", context.show(&wanted, 100)?),
            _ => format!("{} is not in list", context.show(&wanted, 100)?),
        },
    ))
}

/// Changes of a list, and of a deque where they are the same.
fn change<'a>(
    context: &Context<'a>,
    items: &Rc<RefCell<Vec<Value<'a>>>>,
    most: Option<usize>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    context.budget.grow(size_of::<Value<'_>>())?;
    match name {
        "append" => {
            let value = arguments.one()?;
            items.borrow_mut().push(value);
        }
        "extend" => {
            let values = context.collect(&arguments.one()?)?;
            items.borrow_mut().extend(values);
        }
        "insert" => {
            let [place, value] = arguments.positional(2)?.map(|value| value.unwrap_or(Value::None));
            let place = context.int(&place)?;
            let length = items.borrow().len() as i64;
            let place = if place < 0 { place.saturating_add(length).max(0) } else { place.min(length) };
            items.borrow_mut().insert(usize::try_from(place).unwrap_or(0), value);
        }
        "pop" => {
            let [place] = arguments.positional(0)?;
            let place = context.int_or(place.as_ref(), -1)?;
            let length = items.borrow().len();
            if length == 0 {
                return Err(Failure::new("IndexError", "pop from empty list"));
            }
            let place = if place < 0 { place.saturating_add(length as i64) } else { place };
            return match usize::try_from(place).ok().filter(|place| *place < length) {
                Some(place) => Ok(items.borrow_mut().remove(place)),
                None => Err(Failure::new("IndexError", "pop index out of range")),
            };
        }
        "remove" => {
            let wanted = arguments.one()?;
            let all = items.borrow().clone();
            for (place, item) in all.iter().enumerate() {
                if context.same(item, &wanted)? || context.equal(item, &wanted)? {
                    items.borrow_mut().remove(place);
                    return Ok(Value::None);
                }
            }
            return Err(Failure::new("ValueError", "list.remove(x): x not in list"));
        }
        "reverse" => {
            arguments.none()?;
            items.borrow_mut().reverse();
        }
        "clear" => {
            arguments.none()?;
            items.borrow_mut().clear();
        }
        "sort" => {
            // Not borrowed while it is sorted: the key may look at it.
            let held = items.borrow().clone();
            let sorted = context.sorted(held, arguments)?;
            *items.borrow_mut() = sorted;
        }
        _ => return Err(changes(name)),
    }
    if let Some(most) = most {
        let mut items = items.borrow_mut();
        let over = items.len().saturating_sub(most);
        items.drain(..over);
    }
    Ok(Value::None)
}

fn change_deque<'a>(
    context: &Context<'a>,
    items: &Rc<RefCell<Vec<Value<'a>>>>,
    most: Option<usize>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    context.budget.grow(size_of::<Value<'_>>())?;
    let most_items = most.unwrap_or(usize::MAX);
    match name {
        "appendleft" => {
            let value = arguments.one()?;
            items.borrow_mut().insert(0, value);
            items.borrow_mut().truncate(most_items);
        }
        "extendleft" => {
            let values = context.collect(&arguments.one()?)?;
            let mut all: Vec<Value<'a>> = values.into_iter().rev().collect();
            all.extend(items.borrow().iter().cloned());
            all.truncate(most_items);
            *items.borrow_mut() = all;
        }
        "insert" if items.borrow().len() >= most_items => {
            return Err(Failure::new("IndexError", "deque already at its maximum size"));
        }
        "pop" | "popleft" => {
            arguments.none()?;
            let empty = items.borrow().is_empty();
            let popped = match name {
                _ if empty => None,
                "pop" => items.borrow_mut().pop(),
                _ => Some(items.borrow_mut().remove(0)),
            };
            return popped.ok_or_else(|| Failure::new("IndexError", "pop from an empty deque"));
        }
        "remove" => {
            let shown = arguments.positions.first().map(|wanted| context.show(wanted, 100)).transpose()?;
            return change(context, items, most, name, arguments).map_err(|failure| match failure.kind {
                "ValueError" => Failure::new("ValueError", format!("{} is not in deque", shown.unwrap_or_default())),
                _ => failure,
            });
        }
        "rotate" => {
            let [count] = arguments.positional(0)?;
            let count = context.int_or(count.as_ref(), 1)?;
            let mut items = items.borrow_mut();
            if !items.is_empty() {
                let by = count.rem_euclid(items.len() as i64) as usize;
                items.rotate_right(by);
            }
        }
        _ => return change(context, items, most, name, arguments),
    }
    Ok(Value::None)
}
