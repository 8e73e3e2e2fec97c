//! Methods of sets, frozensets and views of dicts. Only what the expression made can be changed.

use std::rc::Rc;

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::dict::Set;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use super::changes;

pub(super) const NAMES: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "symmetric_difference_update",
    "union",
    "update",
];

impl<'a> Context<'a> {
    /// The items of an iterable as a set.
    pub(in crate::eval) fn set_of(&self, iterable: &Value<'a>) -> Res<Set<'a>> {
        let mut set = Set::default();
        for item in self.collect(iterable)? {
            self.budget.grow(2 * size_of::<Value<'_>>())?;
            set.insert(self.key(&item)?, item);
        }
        Ok(set)
    }
}

pub(super) fn call<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    let data = context.data(owner)?;
    let own = context.as_set(&data)?.unwrap_or_default();
    let frozen = matches!(data, Data::Set(_, true) | Data::Value(Value::FrozenSet(_)));
    let make = |set: Set<'a>| if frozen { Value::FrozenSet(Rc::new(set)) } else { Value::set(set) };
    if let Some(base) = name.strip_suffix("_update") {
        let Value::Set(set) = owner else { return Err(changes(name)) };
        let Value::Set(made) = call(context, owner, base, arguments)? else { return Err(changes(name)) };
        *set.borrow_mut() = made.borrow().clone();
        return Ok(Value::None);
    }
    match name {
        "copy" => arguments.none().map(|()| make(own)),
        "union" | "update" => {
            let mut made = own;
            for other in &arguments.positions {
                for (key, value) in context.set_of(other)?.items() {
                    made.insert(key.clone(), value.clone());
                }
            }
            match (name, owner) {
                ("union", _) => Ok(make(made)),
                (_, Value::Set(set)) => {
                    *set.borrow_mut() = made;
                    Ok(Value::None)
                }
                _ => Err(changes(name)),
            }
        }
        "intersection" | "difference" => {
            let mut made = own;
            for other in &arguments.positions {
                let other = context.set_of(other)?;
                let mut kept = Set::default();
                for (key, value) in made.items() {
                    if other.has(key) == (name == "intersection") {
                        kept.insert(key.clone(), value.clone());
                    }
                }
                made = kept;
            }
            Ok(make(made))
        }
        "symmetric_difference" => {
            let other = context.set_of(&arguments.one()?)?;
            let mut made = Set::default();
            for (key, value) in own.items().filter(|item| !other.has(&item.0)) {
                made.insert(key.clone(), value.clone());
            }
            for (key, value) in other.items().filter(|item| !own.has(&item.0)) {
                made.insert(key.clone(), value.clone());
            }
            Ok(make(made))
        }
        "issubset" | "issuperset" | "isdisjoint" => {
            let other = context.set_of(&arguments.one()?)?;
            Ok(Value::Bool(match name {
                "issubset" => own.items().all(|item| other.has(&item.0)),
                "issuperset" => other.items().all(|item| own.has(&item.0)),
                _ => !own.items().any(|item| other.has(&item.0)),
            }))
        }
        _ => match owner {
            Value::Set(set) => change(context, set, name, arguments),
            _ => Err(changes(name)),
        },
    }
}

fn change<'a>(
    context: &Context<'a>,
    set: &std::cell::RefCell<Set<'a>>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match name {
        "clear" => {
            arguments.none()?;
            *set.borrow_mut() = Set::default();
            return Ok(Value::None);
        }
        "pop" => {
            arguments.none()?;
            let first = set.borrow().ordered().into_iter().next();
            let Some((key, value)) = first else {
                return Err(Failure::new("KeyError", "'pop from an empty set'"));
            };
            set.borrow_mut().remove(&key);
            return Ok(value);
        }
        _ => {}
    }
    let value = arguments.one()?;
    let key = if name == "add" { context.key(&value)? } else { context.key_in_set(&value)? };
    match name {
        "add" => {
            context.budget.grow(2 * size_of::<Value<'_>>())?;
            set.borrow_mut().insert(key, value);
        }
        "remove" | "discard" => {
            let removed = set.borrow_mut().remove(&key);
            if removed.is_none() && name == "remove" {
                return Err(Failure::new("KeyError", context.show(&value, 200)?));
            }
        }
        _ => return Err(changes(name)),
    }
    Ok(Value::None)
}
