//! Methods of lists, tuples, deques, ranges, dicts and sets. Only what the expression made can be changed.

use std::rc::Rc;

use super::super::call::Arguments;
use super::super::data::Data;
use super::super::dict::{Dict, Set};
use super::super::value::{Value, ViewOf};
use super::super::{Context, Failure, Res};
use super::changes;
use crate::expr::tree::Binary;

pub(super) const OF_ROWS: &[&str] = &[
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
pub(super) const OF_DICTS: &[&str] = &[
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
pub(super) const OF_SETS: &[&str] = &[
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

/// Of a list, tuple, deque or range.
pub(super) fn of_row<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match name {
        "count" => {
            let [wanted] = arguments.bind(["value"], 1)?;
            let wanted = wanted.unwrap_or(Value::None);
            let mut count = 0;
            let mut iterator = context.iterate(owner)?;
            while let Some(item) = context.next(&mut iterator)? {
                count += i64::from(context.same(&item, &wanted)? || context.equal(&item, &wanted)?);
            }
            Ok(Value::Int(count))
        }
        "index" => {
            let [wanted, start, stop] = arguments.bind(["value", "start", "stop"], 1)?;
            let wanted = wanted.unwrap_or(Value::None);
            let length = context.length(owner)? as i64;
            let place = |value: Option<Value<'a>>, default: i64| -> Res<i64> {
                let Some(value) = value else { return Ok(default) };
                let place = context.index(&value)?.unwrap_or(default);
                Ok(if place < 0 { (place + length).max(0) } else { place.min(length) })
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
                match super::super::types::short(&context.type_name(owner)) {
                    "tuple" => "tuple.index(x): x not in tuple".to_owned(),
                    "range" => format!("{} is not in range", context.show(&wanted, 100)?),
                    "deque" => format!("{} is not in deque", context.show(&wanted, 100)?),
                    _ => format!("{} is not in list", context.show(&wanted, 100)?),
                },
            ))
        }
        "copy" => match context.data(owner)? {
            Data::Deque(row) => Ok(Value::Deque(Rc::new(row.all(context)?.into()), context.most_of(owner)?)),
            _ => Ok(Value::list(context.collect(owner)?)),
        },
        _ => match owner {
            Value::List(items) | Value::Deque(items, _) => change_row(context, owner, items, name, arguments),
            _ => Err(changes(name)),
        },
    }
}

fn change_row<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    items: &Rc<std::cell::RefCell<Vec<Value<'a>>>>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    context.budget.grow(size_of::<Value<'_>>())?;
    let most = match owner {
        Value::Deque(_, most) => *most,
        _ => None,
    };
    let shorten = |front: bool| {
        if let Some(most) = most {
            let mut items = items.borrow_mut();
            while items.len() > most {
                if front {
                    items.remove(0);
                } else {
                    items.pop();
                }
            }
        }
    };
    match name {
        "append" => {
            let [value] = arguments.bind(["object"], 1)?;
            items.borrow_mut().push(value.unwrap_or(Value::None));
            shorten(true);
        }
        "appendleft" => {
            let [value] = arguments.bind(["object"], 1)?;
            items.borrow_mut().insert(0, value.unwrap_or(Value::None));
            shorten(false);
        }
        "extend" | "extendleft" => {
            let [values] = arguments.bind(["iterable"], 1)?;
            let values = context.collect(&values.unwrap_or(Value::None))?;
            if name == "extend" {
                items.borrow_mut().extend(values);
            } else {
                let all: Vec<Value<'a>> = values.into_iter().rev().chain(items.borrow().iter().cloned()).collect();
                *items.borrow_mut() = all;
            }
            shorten(name == "extend");
        }
        "insert" => {
            let [place, value] = arguments.bind(["index", "object"], 2)?;
            let place = context.index(&place.unwrap_or(Value::None))?.unwrap_or(0);
            let length = items.borrow().len() as i64;
            let place = if place < 0 { (place + length).max(0) } else { place.min(length) };
            items.borrow_mut().insert(usize::try_from(place).unwrap_or(0), value.unwrap_or(Value::None));
        }
        "pop" | "popleft" => {
            let [place] = arguments.bind(["index"], 0)?;
            let default = if name == "pop" { -1 } else { 0 };
            let place = match place {
                Some(place) => context.index(&place)?.unwrap_or(default),
                None => default,
            };
            let length = items.borrow().len() as i64;
            let place = if place < 0 { place + length } else { place };
            let what = if matches!(owner, Value::List(_)) { "list" } else { "deque" };
            if length == 0 {
                let message = if what == "list" { "pop from empty list" } else { "pop from an empty deque" };
                return Err(Failure::new("IndexError", message));
            }
            return match usize::try_from(place).ok().filter(|place| *place < length as usize) {
                Some(place) => Ok(items.borrow_mut().remove(place)),
                None => Err(Failure::new("IndexError", "pop index out of range")),
            };
        }
        "remove" => {
            let [wanted] = arguments.bind(["value"], 1)?;
            let wanted = wanted.unwrap_or(Value::None);
            let all = items.borrow().clone();
            for (place, item) in all.iter().enumerate() {
                if context.equal(item, &wanted)? {
                    items.borrow_mut().remove(place);
                    return Ok(Value::None);
                }
            }
            return Err(Failure::new("ValueError", "list.remove(x): x not in list"));
        }
        "reverse" => items.borrow_mut().reverse(),
        "clear" => items.borrow_mut().clear(),
        "rotate" => {
            let [count] = arguments.bind(["n"], 0)?;
            let count = match count {
                Some(count) => context.index(&count)?.unwrap_or(1),
                None => 1,
            };
            let mut items = items.borrow_mut();
            if !items.is_empty() {
                let by = count.rem_euclid(items.len() as i64) as usize;
                items.rotate_right(by);
            }
        }
        "sort" => {
            let [_, key, reverse] = arguments.bind(["", "key", "reverse"], 0)?;
            let sorted = context.sorted(items.borrow().clone(), key, reverse)?;
            *items.borrow_mut() = sorted;
        }
        _ => return Err(changes(name)),
    }
    Ok(Value::None)
}

/// Of a dict and its subclasses of the module collections.
pub(super) fn of_dict<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match name {
        "keys" | "values" | "items" => {
            arguments.bind::<0>([], 0)?;
            let which = match name {
                "keys" => ViewOf::Keys,
                "values" => ViewOf::Values,
                _ => ViewOf::Items,
            };
            let view = Value::DictView(Rc::new(owner.clone()), which);
            if context.python2 { context.collect(&view).map(Value::list) } else { Ok(view) }
        }
        "get" => {
            let [key, default] = arguments.bind(["key", "default"], 1)?;
            let found = get(context, owner, &key.unwrap_or(Value::None))?;
            Ok(found.or(default).unwrap_or(Value::None))
        }
        "copy" => Ok(Value::dict(copy(context, owner)?)),
        "most_common" | "elements" | "total" => of_counter(context, owner, name, arguments),
        _ => match owner {
            Value::Dict(dict) => change_dict(context, dict, name, arguments),
            _ => Err(changes(name)),
        },
    }
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
    Ok(context.mapping(&context.data(owner)?)?.unwrap_or_default())
}

fn of_counter<'a>(context: &Context<'a>, owner: &Value<'a>, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let counts = copy(context, owner)?;
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
                let count = usize::try_from(context.index(count)?.unwrap_or(0)).unwrap_or(0);
                context.budget.grow(count.saturating_mul(size_of::<Value<'_>>()))?;
                all.extend(std::iter::repeat_n(item.clone(), count));
            }
            Ok(super::super::iterator::Iter::of(all, "itertools.chain").value())
        }
        _ => {
            let [most] = arguments.bind(["n"], 0)?;
            let pairs: Vec<Value<'a>> =
                counts.pairs().map(|pair| Value::tuple(vec![pair.0.clone(), pair.1.clone()])).collect();
            let keys = counts.pairs().map(|pair| pair.1.clone()).collect();
            let mut sorted = context.sorted_by(pairs, keys, true)?;
            if let Some(most) = most
                && let Some(most) = context.index(&most)?
            {
                sorted.truncate(usize::try_from(most).unwrap_or(0));
            }
            Ok(Value::list(sorted))
        }
    }
}

fn change_dict<'a>(
    context: &Context<'a>,
    dict: &Rc<std::cell::RefCell<Dict<'a>>>,
    name: &str,
    mut arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    context.budget.grow(4 * size_of::<Value<'_>>())?;
    match name {
        "pop" => {
            let [key, default] = arguments.bind(["key", "default"], 1)?;
            let key = key.unwrap_or(Value::None);
            let removed = dict.borrow_mut().remove(&context.key(&key)?);
            match removed.map(|pair| pair.1).or(default) {
                Some(value) => Ok(value),
                None => Err(Failure::new("KeyError", context.show(&key, 200)?)),
            }
        }
        "popitem" => {
            let ordered = dict.borrow().class == "OrderedDict";
            let from_end = match arguments.bind(if ordered { ["last"] } else { [""] }, 0)? {
                [Some(last)] => context.truth(&last)?,
                [None] => true,
            };
            let last = match from_end {
                true => dict.borrow().pairs().next_back().cloned(),
                false => dict.borrow().pairs().next().cloned(),
            };
            let Some((key, value)) = last else {
                return Err(Failure::new("KeyError", "'popitem(): dictionary is empty'"));
            };
            dict.borrow_mut().remove(&context.key(&key)?);
            Ok(Value::tuple(vec![key, value]))
        }
        "setdefault" => {
            let [key, default] = arguments.bind(["key", "default"], 1)?;
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
            dict.borrow_mut().clear();
            Ok(Value::None)
        }
        "move_to_end" => {
            let [name, last] = arguments.bind(["key", "last"], 1)?;
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
        "update" | "subtract" => {
            let by_name = std::mem::take(&mut arguments.by_name);
            let [other] = arguments.bind(["other"], 0)?;
            let counter = dict.borrow().class == "Counter";
            let mut new = match other {
                Some(other) if counter => super::super::construct::counts_of(context, &other)?,
                Some(other) => super::super::construct::pairs_of(context, &other)?,
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
        _ => Err(changes(name)),
    }
}

/// Of a set or frozenset.
pub(super) fn of_set<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    let data = context.data(owner)?;
    let own = context.as_set(&data)?.unwrap_or_default();
    let frozen = matches!(data, Data::Set(_, true) | Data::Value(Value::FrozenSet(_)));
    let make = |set: Set<'a>| if frozen { Value::FrozenSet(Rc::new(set)) } else { Value::set(set) };
    let as_set = |value: &Value<'a>| -> Res<Set<'a>> {
        let mut set = Set::default();
        for item in context.collect(value)? {
            set.insert(context.key(&item)?, item);
        }
        Ok(set)
    };
    if let Some(base) = name.strip_suffix("_update") {
        let Value::Set(set) = owner else { return Err(changes(name)) };
        let Value::Set(made) = of_set(context, owner, base, arguments)? else { return Err(changes(name)) };
        *set.borrow_mut() = made.borrow().clone();
        return Ok(Value::None);
    }
    match name {
        "copy" => Ok(make(own)),
        "union" | "update" => {
            let mut made = own;
            for other in &arguments.positions {
                for (key, value) in as_set(other)?.items() {
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
                let other = as_set(other)?;
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
            let [other] = arguments.bind(["other"], 1)?;
            let other = as_set(&other.unwrap_or(Value::None))?;
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
            let [other] = arguments.bind(["other"], 1)?;
            let other = as_set(&other.unwrap_or(Value::None))?;
            Ok(Value::Bool(match name {
                "issubset" => own.items().all(|item| other.has(&item.0)),
                "issuperset" => other.items().all(|item| own.has(&item.0)),
                _ => !own.items().any(|item| other.has(&item.0)),
            }))
        }
        "add" | "remove" | "discard" | "pop" | "clear" => match owner {
            Value::Set(set) => {
                if name == "clear" {
                    *set.borrow_mut() = Set::default();
                    return Ok(Value::None);
                }
                if name == "pop" {
                    let first = set.borrow().ordered().into_iter().next();
                    let Some((key, value)) = first else {
                        return Err(Failure::new("KeyError", "'pop from an empty set'"));
                    };
                    set.borrow_mut().remove(&key);
                    return Ok(value);
                }
                let [value] = arguments.bind(["elem"], 1)?;
                let value = value.unwrap_or(Value::None);
                let key = context.key(&value)?;
                match name {
                    "add" => {
                        context.budget.grow(2 * size_of::<Value<'_>>())?;
                        set.borrow_mut().insert(key, value);
                    }
                    _ => {
                        let removed = set.borrow_mut().remove(&key);
                        if removed.is_none() && name == "remove" {
                            return Err(Failure::new("KeyError", context.show(&value, 200)?));
                        }
                    }
                }
                Ok(Value::None)
            }
            _ => Err(changes(name)),
        },
        _ => Err(changes(name)),
    }
}

impl<'a> Context<'a> {
    /// `sorted(items, key=…, reverse=…)`
    pub(in crate::eval) fn sorted(
        &self,
        items: Vec<Value<'a>>,
        key: Option<Value<'a>>,
        reverse: Option<Value<'a>>,
    ) -> Res<Vec<Value<'a>>> {
        let reverse = match reverse {
            Some(reverse) => self.truth(&reverse)?,
            None => false,
        };
        let keys = match key {
            None | Some(Value::None) => items.clone(),
            Some(key) => {
                items.iter().map(|item| self.call(&key, vec![item.clone()], Vec::new())).collect::<Res<Vec<_>>>()?
            }
        };
        self.sorted_by(items, keys, reverse)
    }

    /// Items in the order of their keys; equal ones keep theirs.
    fn sorted_by(&self, items: Vec<Value<'a>>, keys: Vec<Value<'a>>, reverse: bool) -> Res<Vec<Value<'a>>> {
        let mut pairs: Vec<(Value<'a>, Value<'a>)> = keys.into_iter().zip(items).collect();
        if reverse {
            pairs.reverse();
        }
        let mut failed = None;
        pairs.sort_by(|a, b| {
            if failed.is_some() {
                return std::cmp::Ordering::Equal;
            }
            match self.less(&a.0, &b.0) {
                Ok(ordering) => ordering,
                Err(failure) => {
                    failed = Some(failure);
                    std::cmp::Ordering::Equal
                }
            }
        });
        if let Some(failure) = failed {
            return Err(failure);
        }
        if reverse {
            pairs.reverse();
        }
        Ok(pairs.into_iter().map(|pair| pair.1).collect())
    }

    fn less(&self, a: &Value<'a>, b: &Value<'a>) -> Res<std::cmp::Ordering> {
        use crate::expr::tree::Compare;
        self.budget.step()?;
        if self.order(Compare::Lt, a, b)? {
            return Ok(std::cmp::Ordering::Less);
        }
        Ok(if self.order(Compare::Lt, b, a)? { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Equal })
    }
}
