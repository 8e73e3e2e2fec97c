//! Methods of dicts and of their subclasses of the module collections. Only what the expression made can be changed.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::dict::Dict;
use super::super::iterator::Iter;
use super::super::signature::{Parameter, Signature};
use super::super::value::{Value, ViewOf};
use super::super::{Context, Failure, Res, construct};
use super::changes;
use crate::expr::tree::{Binary, Takes};

pub(super) const NAMES: &[&str] = &[
    "clear",
    "copy",
    "elements",
    "fromkeys",
    "get",
    "items",
    "keys",
    "most_common",
    "move_to_end",
    "pop",
    "popitem",
    "setdefault",
    "subtract",
    "total",
    "update",
    "values",
];

pub(super) fn call<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match name {
        "keys" | "values" | "items" => {
            arguments.none()?;
            let which = match name {
                "keys" => ViewOf::Keys,
                "values" => ViewOf::Values,
                _ => ViewOf::Items,
            };
            let view = Value::DictView(Rc::new(owner.clone()), which);
            if context.python2 { context.collect(&view).map(Value::list) } else { Ok(view) }
        }
        "get" => {
            let [key, default] = arguments.positional(1)?;
            let found = get(context, owner, &key.unwrap_or(Value::None))?;
            Ok(found.or(default).unwrap_or(Value::None))
        }
        "copy" => {
            arguments.none()?;
            Ok(Value::dict(copy(context, owner)?))
        }
        "fromkeys" => from_keys(context, super::super::types::short(&context.type_name(owner)), arguments),
        "most_common" | "elements" | "total" => of_counter(context, owner, name, arguments),
        _ => match owner {
            Value::Dict(dict) => change(context, dict, name, arguments),
            _ => Err(changes(name)),
        },
    }
}

/// `dict.fromkeys(keys, value)`
pub(super) fn from_keys<'a>(context: &Context<'a>, class: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [keys, value] = arguments.positional(1)?;
    let class = match class {
        "Counter" => {
            let message = "Counter.fromkeys() is undefined.  Use Counter(iterable) instead.";
            return Err(Failure::new("NotImplementedError", message));
        }
        "OrderedDict" => "OrderedDict",
        "defaultdict" => "defaultdict",
        _ => "dict",
    };
    let mut dict = Dict::of(class);
    for key in context.collect(&keys.unwrap_or(Value::None))? {
        context.budget.grow(4 * size_of::<Value<'_>>())?;
        dict.insert(context.key(&key)?, key, value.clone().unwrap_or(Value::None));
    }
    Ok(Value::dict(dict))
}

fn get<'a>(context: &Context<'a>, owner: &Value<'a>, key: &Value<'a>) -> Res<Option<Value<'a>>> {
    match context.data(owner)? {
        Data::Pairs(pairs) => {
            if let Value::Text(text) = context.load(key.clone())?
                && let Ok(text) = std::str::from_utf8(&text)
                && let Some(number) = context.text_key(&pairs.object, text)
            {
                return context.object(number).map(Some);
            }
            match context.find_pair(&pairs, &context.key(key)?)? {
                Some(number) => context.object(number).map(Some),
                None => pairs.whole().map(|()| None),
            }
        }
        Data::Value(Value::Dict(dict)) => Ok(dict.borrow().get(&context.key(key)?).cloned()),
        _ => Ok(None),
    }
}

fn copy<'a>(context: &Context<'a>, owner: &Value<'a>) -> Res<Dict<'a>> {
    let mut dict = context.mapping(&context.data(owner)?)?.unwrap_or_default();
    if dict.class == "mappingproxy" {
        dict.class = "dict";
    }
    Ok(dict)
}

fn of_counter<'a>(context: &Context<'a>, owner: &Value<'a>, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let counts = copy(context, owner)?;
    let parameter =
        |name: &str| Parameter { name: name.to_owned(), takes: Takes::PositionOrName, default: Some(Value::None) };
    let parameters = if name == "most_common" { vec![parameter("n")] } else { Vec::new() };
    let signature = Signature { function: format!("Counter.{name}"), implicit: 1, parameters };
    let most = signature.bind(context, arguments.positions, arguments.by_name)?.into_iter().next();
    match name {
        "total" => {
            let mut sum = Value::Int(0);
            for (_, count) in counts.pairs() {
                sum = context.binary(Binary::Add, &sum, count)?;
            }
            Ok(sum)
        }
        "elements" => {
            let mut all = Vec::new();
            for (item, count) in counts.pairs() {
                let count = usize::try_from(context.int(count)?).unwrap_or(0);
                context.budget.grow(count.saturating_mul(size_of::<Value<'_>>()))?;
                all.extend(std::iter::repeat_n(item.clone(), count));
            }
            Ok(Iter::of(all, "itertools.chain").value())
        }
        _ => {
            let pairs: Vec<Value<'a>> =
                counts.pairs().map(|pair| Value::tuple(vec![pair.0.clone(), pair.1.clone()])).collect();
            let keys = counts.pairs().map(|pair| pair.1.clone()).collect();
            let mut sorted = context.sorted_by(pairs, keys, true)?;
            match most {
                None | Some(Value::None) => {}
                Some(most) => match context.index(&most)? {
                    Some(most) => sorted.truncate(usize::try_from(most).unwrap_or(0)),
                    None => {
                        let class = context.type_name(&most);
                        let message = format!("'>=' not supported between instances of '{class}' and 'int'");
                        return Err(Failure::wrong_type(message));
                    }
                },
            }
            Ok(Value::list(sorted))
        }
    }
}

fn change<'a>(
    context: &Context<'a>,
    dict: &Rc<RefCell<Dict<'a>>>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    context.budget.grow(4 * size_of::<Value<'_>>())?;
    let class = dict.borrow().class;
    match name {
        "pop" => {
            let [key, default] = match class {
                "OrderedDict" => arguments.named(["key", "default"], 1)?,
                _ => arguments.positional(1)?,
            };
            let key = key.unwrap_or(Value::None);
            // An empty dict does not look at the key.
            let removed = match dict.borrow().len() {
                0 => None,
                _ => Some(context.key(&key)?),
            };
            let removed = removed.and_then(|key| dict.borrow_mut().remove(&key));
            match removed.map(|pair| pair.1).or(default) {
                Some(value) => Ok(value),
                None => Err(Failure::new("KeyError", context.show(&key, 200)?)),
            }
        }
        "popitem" => {
            let from_end = match class {
                "OrderedDict" => match arguments.named(["last"], 0)? {
                    [Some(last)] => context.truth(&last)?,
                    [None] => true,
                },
                _ => arguments.none().map(|()| true)?,
            };
            let last = match from_end {
                true => dict.borrow().pairs().next_back().cloned(),
                false => dict.borrow().pairs().next().cloned(),
            };
            let Some((key, value)) = last else {
                let what = if class == "OrderedDict" { "" } else { "popitem(): " };
                return Err(Failure::new("KeyError", format!("'{what}dictionary is empty'")));
            };
            dict.borrow_mut().remove(&context.key(&key)?);
            Ok(Value::tuple(vec![key, value]))
        }
        "setdefault" => {
            let [key, default] = match class {
                "OrderedDict" => arguments.named(["key", "default"], 1)?,
                _ => arguments.positional(1)?,
            };
            let name = key.unwrap_or(Value::None);
            let key = context.key(&name)?;
            if let Some(found) = dict.borrow().get(&key) {
                return Ok(found.clone());
            }
            let value = default.unwrap_or(Value::None);
            dict.borrow_mut().insert(key, name, value.clone());
            Ok(value)
        }
        "clear" => {
            arguments.none()?;
            dict.borrow_mut().clear();
            Ok(Value::None)
        }
        "move_to_end" => move_to_end(context, dict, arguments),
        "update" | "subtract" => update(context, dict, name, arguments),
        _ => Err(changes(name)),
    }
}

fn move_to_end<'a>(context: &Context<'a>, dict: &Rc<RefCell<Dict<'a>>>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [name, last] = arguments.named(["key", "last"], 1)?;
    let name = name.unwrap_or(Value::None);
    let key = context.key(&name)?;
    let to_end = last.map_or(Ok(true), |last| context.truth(&last))?;
    let Some((name, value)) = dict.borrow_mut().remove(&key) else {
        return Err(Failure::new("KeyError", context.show(&name, 200)?));
    };
    if to_end {
        dict.borrow_mut().insert(key, name, value);
        return Ok(Value::None);
    }
    let rest = dict.borrow().clone();
    dict.borrow_mut().clear();
    dict.borrow_mut().insert(key, name, value);
    for (name, value) in rest.pairs() {
        dict.borrow_mut().insert(context.key(name)?, name.clone(), value.clone());
    }
    Ok(Value::None)
}

fn update<'a>(
    context: &Context<'a>,
    dict: &Rc<RefCell<Dict<'a>>>,
    name: &str,
    mut arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    let by_name = std::mem::take(&mut arguments.by_name);
    let [other] = arguments.positional(0)?;
    let counter = dict.borrow().class == "Counter";
    let mut new = match other {
        Some(Value::None) if counter => Dict::default(),
        Some(other) if counter => construct::counts_of(context, &other)?,
        Some(other) => construct::pairs_of(context, &other)?,
        None => Dict::default(),
    };
    for (name, value) in by_name {
        let name = Value::text(&name);
        new.insert(context.key(&name)?, name, value);
    }
    let operator = if name == "subtract" { Binary::Sub } else { Binary::Add };
    for (name, value) in new.pairs() {
        let key = context.key(name)?;
        let value = if counter {
            let old = dict.borrow().get(&key).cloned().unwrap_or(Value::Int(0));
            context.binary(operator, &old, value)?
        } else {
            value.clone()
        };
        dict.borrow_mut().insert(key, name.clone(), value);
    }
    Ok(Value::None)
}
