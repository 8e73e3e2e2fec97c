//! The builtin functions.

use crashsite_model::Kind;

use super::arguments::Arguments;
use super::data::Data;
use super::iterator::{at_work, is_iterator};
use super::value::Value;
use super::{Context, Failure, Res, class, format, names, number, types};
use crate::expr::tree::{Binary, Compare};

const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "callable",
    "chr",
    "dir",
    "divmod",
    "format",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "locals",
    "max",
    "min",
    "next",
    "oct",
    "ord",
    "pow",
    "repr",
    "round",
    "sorted",
    "sum",
    "vars",
    "raw",
    "obj",
    "frame",
    "unichr",
];

/// Builtin functions that act on the process or on files, or that run code: known, never called.
const ACTING: &[&str] = &[
    "__build_class__",
    "__import__",
    "aiter",
    "anext",
    "breakpoint",
    "compile",
    "delattr",
    "eval",
    "exec",
    "input",
    "open",
    "print",
    "setattr",
];

/// A builtin by its name.
pub(super) fn named<'a>(name: &str, python2: bool) -> Option<Value<'a>> {
    if let Some(class) = names::class_named(name, python2) {
        return Some(Value::Class(class));
    }
    match name {
        "Ellipsis" => return Some(Value::Ellipsis),
        "NotImplemented" => return Some(Value::NotImplemented),
        "__debug__" => return Some(Value::Bool(true)),
        "IOError" | "EnvironmentError" => return Some(Value::Class("OSError")),
        "unichr" if !python2 => return None,
        _ => {}
    }
    FUNCTIONS.iter().chain(ACTING).copied().find(|known| *known == name).map(Value::Function)
}

/// Calls a builtin function.
pub(super) fn call<'a>(context: &Context<'a>, name: &'static str, mut arguments: Arguments<'a>) -> Res<Value<'a>> {
    let required = |value: Option<Value<'a>>| value.unwrap_or(Value::None);
    let text = |text: String| -> Res<Value<'a>> {
        context.budget.grow(text.len())?;
        Ok(if context.python2 { Value::Bytes(text.into_bytes().into()) } else { Value::text(&text) })
    };
    match name {
        "len" => {
            let value = arguments.one()?;
            context.length(&value).map(Value::length)
        }
        "repr" => {
            let value = arguments.one()?;
            text(context.repr(&value)?)
        }
        "ascii" => {
            let value = arguments.one()?;
            text(format::ascii(&context.repr(&value)?))
        }
        "isinstance" => {
            let [value, class] = arguments.positional(2)?;
            context.is_instance(&required(value), &required(class)).map(Value::Bool)
        }
        "issubclass" => {
            let [value, class] = arguments.positional(2)?;
            subclass(context, &required(value), &required(class)).map(Value::Bool)
        }
        "getattr" | "hasattr" => attribute(context, name, arguments),
        "callable" => {
            let value = arguments.one()?;
            callable(context, &value).map(Value::Bool)
        }
        "id" => {
            let value = arguments.one()?;
            match value {
                Value::Object(object) | Value::Raw(object) if object.address() != 0 => Ok(Value::int(object.address())),
                _ => Err(Failure::not_captured("the value has no address in the dump")),
            }
        }
        "hash" => {
            let value = arguments.one()?;
            context.hash(&value)
        }
        "iter" => {
            let [value, sentinel] = arguments.positional(1)?;
            let value = required(value);
            if let Some(sentinel) = sentinel {
                if !callable(context, &value)? {
                    return Err(Failure::wrong_type("iter(v, w): v must be callable"));
                }
                return Ok(super::iterator::Iter::Called(value, sentinel).value());
            }
            match context.load(value.clone())? {
                iterator @ Value::Iterator(_) => Ok(iterator),
                _ => context.iterate(&value).map(super::iterator::Iter::value),
            }
        }
        "next" => {
            let [iterator, default] = arguments.positional(1)?;
            let iterator = required(iterator);
            let Value::Iterator(inner) = &iterator else {
                if let Value::Object(object) = &iterator
                    && is_iterator(object)
                {
                    return Err(at_work(object));
                }
                let class = context.type_name(&iterator);
                return Err(Failure::wrong_type(format!("'{class}' object is not an iterator")));
            };
            let Ok(mut running) = inner.try_borrow_mut() else {
                return Err(Failure::new("ValueError", "generator already executing"));
            };
            let found = context.next(&mut running)?;
            found.or(default).ok_or_else(|| Failure::new("StopIteration", ""))
        }
        "sum" => {
            let [iterable, start] = arguments.named(["", "start"], 1)?;
            let mut sum = start.unwrap_or(Value::Int(0));
            let joined = match context.data(&sum)? {
                Data::Value(Value::Text(_)) => Some(("strings", "''")),
                Data::Value(Value::Bytes(_)) => Some(("bytes", "b''")),
                Data::Array(_) => Some(("bytearray", "b''")),
                _ => None,
            };
            if let Some((what, empty)) = joined {
                let message = format!("sum() can't sum {what} [use {empty}.join(seq) instead]");
                return Err(Failure::wrong_type(message));
            }
            let mut iterator = context.iterate(&required(iterable))?;
            // Since Python 3.12 floats are added with what was lost so far (Neumaier).
            let compensates = context.version >= (3, 12);
            let mut lost = 0.0;
            while let Some(item) = context.next(&mut iterator)? {
                let item = context.load(item)?;
                if let (Value::Float(a), Value::Float(b), true) = (&sum, &item, compensates) {
                    let total = a + b;
                    lost += if a.abs() >= b.abs() { (a - total) + b } else { (b - total) + a };
                    sum = Value::Float(total);
                    continue;
                }
                sum = context.binary(Binary::Add, &sum, &item)?;
            }
            Ok(match sum {
                Value::Float(total) if lost != 0.0 && f64::is_finite(lost) => Value::Float(total + lost),
                sum => sum,
            })
        }
        "any" | "all" => {
            let mut iterator = context.iterate(&arguments.one()?)?;
            while let Some(item) = context.next(&mut iterator)? {
                if context.truth(&item)? == (name == "any") {
                    return Ok(Value::Bool(name == "any"));
                }
            }
            Ok(Value::Bool(name == "all"))
        }
        "min" | "max" => extreme(context, name, arguments),
        "sorted" => {
            let by_name = std::mem::take(&mut arguments.by_name);
            let [iterable] = arguments.positional(1)?;
            let items = context.collect(&required(iterable))?;
            let how = Arguments { function: "sort".to_owned(), by_name, ..Arguments::default() };
            context.sorted(items, how).map(Value::list)
        }
        "dir" => {
            let [value] = arguments.positional(0)?;
            dir(context, value)
        }
        "vars" => {
            let [value] = arguments.positional(0)?;
            let Some(value) = value else { return context.locals() };
            if matches!(value, Value::Object(object) if matches!(object.kind(), Kind::Class | Kind::Module)) {
                return context.attribute(&value, "__dict__");
            }
            match value {
                Value::Object(object) if class::exactly(object.class()).is_none() && !context.slots_only(&object) => {
                    context.namespace(&object)
                }
                _ => Err(Failure::wrong_type("vars() argument must have __dict__ attribute")),
            }
        }
        "locals" => context.locals(),
        "globals" => context.globals(),
        "raw" => {
            let value = arguments.one()?;
            Ok(match value {
                Value::Object(object) => match context.enum_data(&object) {
                    Some(data) => data,
                    None => context.load(Value::Raw(object))?,
                },
                other => other,
            })
        }
        "obj" => {
            let address = arguments.one()?;
            let wanted = match context.load(address)? {
                Value::Int(address) => u64::try_from(address).unwrap_or(0),
                Value::Big(address) => u64::try_from(&*address).unwrap_or(0),
                _ => return Err(Failure::wrong_type("obj() wants the address of an object, an int")),
            };
            let found = context.dump.heap.objects().find(|object| object.address() == wanted && wanted != 0);
            match found {
                Some(object) => Ok(Value::Object(object)),
                None => Err(Failure::new("LookupError", format!("the dump has no object at {wanted:#x}"))),
            }
        }
        "frame" => {
            let number = arguments.one()?;
            let number = context.index(&number)?.and_then(|number| usize::try_from(number).ok());
            let place = context.place.get().stack.frame(context.dump, number.unwrap_or(usize::MAX))?;
            context.within(place, || context.locals())
        }
        "format" => {
            let [value, spec] = arguments.positional(1)?;
            let spec = match spec {
                Some(spec) => match context.load(spec.clone())? {
                    Value::Text(spec) | Value::Bytes(spec) => spec.to_vec(),
                    _ => {
                        let class = context.given(&spec);
                        return Err(Failure::wrong_type(format!("format() argument 2 must be str, not {class}")));
                    }
                },
                None => Vec::new(),
            };
            let made = format::value(context, &required(value), &spec)?;
            context.budget.grow(made.len())?;
            Ok(Value::Text(made.into()))
        }
        _ if ACTING.contains(&name) => {
            Err(Failure::new("NotSupported", format!("{name}() acts on the process: a dump is read only")))
        }
        _ => number::function(context, name, arguments),
    }
}

/// `callable(value)`
pub(super) fn callable<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<bool> {
    Ok(match value {
        Value::Class(_) | Value::Function(_) | Value::Method(..) | Value::Lambda(_) | Value::Alias(_) => true,
        Value::Object(object) => match object.kind() {
            Kind::Class | Kind::Function | Kind::Builtin | Kind::Method => true,
            _ if object.class_name() == "partial" => true,
            _ => match class::of(context.dump, object) {
                Some(class) => context.classes.certain_entry(context.dump, &class, "__call__")?.is_some(),
                None => false,
            },
        },
        _ => false,
    })
}

fn subclass<'a>(context: &Context<'a>, class: &Value<'a>, of: &Value<'a>) -> Res<bool> {
    let is_class = match class {
        Value::Class(_) => true,
        Value::Object(object) => object.kind() == Kind::Class,
        _ => false,
    };
    if !is_class {
        return Err(Failure::wrong_type("issubclass() arg 1 must be a class"));
    }
    let parts = match (of, context.data(of)?) {
        (_, Data::Tuple(row)) => Some(row.all(context)?),
        (Value::Union(parts), _) => Some(parts.to_vec()),
        (Value::Alias(_), _) => return Err(super::alias::no_instances("issubclass")),
        _ => None,
    };
    if let Some(parts) = parts {
        for of in parts {
            if subclass(context, class, &of)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    context.is_subclass(class, of).map_err(|failure| match failure.kind {
        "TypeError" => Failure::wrong_type("issubclass() arg 2 must be a class, a tuple of classes, or a union"),
        _ => failure,
    })
}

fn attribute<'a>(context: &Context<'a>, function: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value, name, default] = match function {
        "hasattr" => {
            let [value, name] = arguments.positional(2)?;
            [value, name, None]
        }
        _ => arguments.positional(2)?,
    };
    let (value, name) = (value.unwrap_or(Value::None), name.unwrap_or(Value::None));
    let shown = name.clone();
    let (Value::Text(name) | Value::Bytes(name)) = context.load(name)? else {
        let class = context.type_name(&shown);
        return Err(Failure::wrong_type(format!("attribute name must be string, not '{class}'")));
    };
    let found = context.attribute(&value, &String::from_utf8_lossy(&name));
    match (function, found, default) {
        ("hasattr", Ok(_), _) => Ok(Value::Bool(true)),
        ("hasattr", Err(failure), _) if failure.kind == "AttributeError" => Ok(Value::Bool(false)),
        (_, Err(failure), Some(default)) if failure.kind == "AttributeError" => Ok(default),
        (_, found, _) => found,
    }
}

fn extreme<'a>(context: &Context<'a>, name: &str, mut arguments: Arguments<'a>) -> Res<Value<'a>> {
    let by_name = std::mem::take(&mut arguments.by_name);
    let (mut key, mut default) = (None, None);
    for (parameter, value) in by_name {
        match parameter.as_str() {
            "key" => key = Some(value).filter(|value| !matches!(value, Value::None)),
            "default" => default = Some(value),
            _ => {
                return Err(Failure::wrong_type(format!("{name}() got an unexpected keyword argument '{parameter}'")));
            }
        }
    }
    let items = match arguments.positions.as_slice() {
        [] => return Err(Failure::wrong_type(format!("{name} expected at least 1 argument, got 0"))),
        [iterable] => context.collect(iterable)?,
        _ if default.is_some() => {
            let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(Failure::wrong_type(message));
        }
        _ => arguments.positions,
    };
    let mut best: Option<(Value<'a>, Value<'a>)> = None;
    for item in items {
        let weight = match &key {
            Some(key) => context.call(key, vec![item.clone()], Vec::new())?,
            None => item.clone(),
        };
        let better = match &best {
            None => true,
            Some((held, _)) if name == "min" => context.order(Compare::Lt, &weight, held)?,
            Some((held, _)) => context.order(Compare::Gt, &weight, held)?,
        };
        if better {
            best = Some((weight, item));
        }
    }
    match best.map(|best| best.1).or(default) {
        Some(value) => Ok(value),
        None => Err(Failure::new("ValueError", format!("{name}() iterable argument is empty"))),
    }
}

fn dir<'a>(context: &Context<'a>, value: Option<Value<'a>>) -> Res<Value<'a>> {
    let mut all: Vec<String> = match value {
        None => context.frame().locals.iter().map(|local| local.name.to_string()).collect(),
        Some(value) => {
            if let Value::Object(object) = value
                && let Some(class) = class::of(context.dump, &object)
                && let Some(entry) = context.classes.certain_entry(context.dump, &class, "__dir__")?
            {
                return Err(Failure::needs_code(class::place(&entry, "__dir__")));
            }
            context.attribute_names(&value)?
        }
    };
    all.sort();
    all.dedup();
    context.budget.grow(all.len() * 64)?;
    Ok(Value::list(all.iter().map(|name| Value::text(name)).collect()))
}

/// The names that [`named`] knows.
pub(super) fn names(python2: bool) -> impl Iterator<Item = &'static str> {
    let classes = types::NAMES.iter().chain(types::EXCEPTIONS).copied();
    let classes = classes.filter(move |name| names::class_named(name, python2).is_some());
    let functions = FUNCTIONS.iter().chain(ACTING).copied();
    classes.chain(functions.filter(move |name| python2 || *name != "unichr"))
}
