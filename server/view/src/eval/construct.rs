//! Builtin types, called: `int("5")`, `list(x)`, `type(x)`.

use std::rc::Rc;

use super::call::Arguments;
use super::data::Data;
use super::dict::{Dict, Set};
use super::iterator::Iter;
use super::value::{Blob, Value};
use super::{Context, Failure, Res, exact, number};
use crate::python::text::{self, Encoding, Errors};

/// The value that a type makes of arguments.
pub(super) fn call<'a>(context: &Context<'a>, class: &'static str, mut arguments: Arguments<'a>) -> Res<Value<'a>> {
    let count = arguments.positions.len();
    match class {
        "type" if count != 1 && count != 3 => Err(Failure::wrong_type("type() takes 1 or 3 arguments")),
        "type" if count == 1 => {
            let [value] = arguments.bind(["object"], 1)?;
            context.type_of(&value.unwrap_or(Value::None))
        }
        "bool" => {
            let [value] = arguments.bind(["object"], 0)?;
            value.map_or(Ok(Value::Bool(false)), |value| context.truth(&value).map(Value::Bool))
        }
        "int" | "long" => number::int(context, arguments),
        "float" => number::float(context, arguments),
        "complex" => number::complex(context, arguments),
        "str" | "unicode" | "basestring" => string(context, arguments),
        "bytes" | "bytearray" => bytes(context, class == "bytearray", arguments),
        "list" | "tuple" => {
            let [iterable] = arguments.bind(["iterable"], 0)?;
            if let Some(tuple) = &iterable
                && class == "tuple"
                && context.type_name(tuple) == "tuple"
            {
                return Ok(tuple.clone());
            }
            let items = iterable.map_or(Ok(Vec::new()), |iterable| context.collect(&iterable))?;
            Ok(if class == "list" { Value::list(items) } else { Value::tuple(items) })
        }
        "set" | "frozenset" => {
            let [iterable] = arguments.bind(["iterable"], 0)?;
            let mut set = Set::default();
            for item in iterable.map_or(Ok(Vec::new()), |iterable| context.collect(&iterable))? {
                context.budget.grow(2 * size_of::<Value<'_>>())?;
                set.insert(context.key(&item)?, item);
            }
            Ok(if class == "set" { Value::set(set) } else { Value::FrozenSet(Rc::new(set)) })
        }
        "dict" | "collections.OrderedDict" => {
            let by_name = std::mem::take(&mut arguments.by_name);
            let [source] = arguments.bind(["mapping"], 0)?;
            let mut dict = source.map_or(Ok(Dict::default()), |source| pairs_of(context, &source))?;
            dict.class = super::types::short(class);
            dict.factory = None;
            add_names(context, &mut dict, by_name)?;
            Ok(Value::dict(dict))
        }
        "collections.defaultdict" => {
            let by_name = std::mem::take(&mut arguments.by_name);
            let [factory, source] = arguments.bind(["default_factory", "mapping"], 0)?;
            if let Some(factory) = &factory
                && !matches!(factory, Value::None)
                && !super::builtin::callable(context, factory)
            {
                return Err(Failure::wrong_type("first argument must be callable or None"));
            }
            let mut dict = source.map_or(Ok(Dict::default()), |source| pairs_of(context, &source))?;
            dict.class = "defaultdict";
            dict.factory = factory;
            add_names(context, &mut dict, by_name)?;
            Ok(Value::dict(dict))
        }
        "collections.Counter" => counter(context, arguments),
        "collections.deque" => {
            let [iterable, most] = arguments.bind(["iterable", "maxlen"], 0)?;
            let mut items = iterable.map_or(Ok(Vec::new()), |iterable| context.collect(&iterable))?;
            let most = match most {
                Some(most) => context.index(&most)?.and_then(|most| usize::try_from(most).ok()),
                None => None,
            };
            if let Some(most) = most {
                items.drain(..items.len().saturating_sub(most));
            }
            Ok(Value::Deque(Rc::new(items.into()), most))
        }
        "range" | "xrange" => range(context, class, arguments),
        "slice" => {
            let single = count == 1;
            let [start, stop, step] = arguments.bind(["start", "stop", "step"], 1)?;
            let (start, stop) = if single { (None, start) } else { (start, stop) };
            Ok(Value::Slice(Rc::new([start, stop, step].map(|part| part.unwrap_or(Value::None)))))
        }
        "enumerate" if count == 0 && arguments.by_name.is_empty() => {
            Err(Failure::wrong_type("enumerate() missing required argument 'iterable'"))
        }
        "enumerate" => {
            let [iterable, start] = arguments.bind(["iterable", "start"], 1)?;
            let inner = context.iterate(&iterable.unwrap_or(Value::None))?;
            let start = start.map_or(Ok(Some(0)), |start| context.index(&start))?.unwrap_or(0);
            Ok(Iter::Enumerate(Box::new(inner), start).value())
        }
        "zip" => {
            let strict = match arguments.by_name.iter().find(|(name, _)| name == "strict") {
                Some((_, strict)) => context.truth(strict)?,
                None => false,
            };
            let all = arguments.positions.iter().map(|one| context.iterate(one)).collect::<Res<Vec<_>>>()?;
            eager(context, Iter::Zip(all, strict))
        }
        "map" => {
            let mut all = arguments.positions.into_iter();
            let (Some(function), rest) = (all.next(), all) else {
                return Err(Failure::wrong_type("map() must have at least two arguments."));
            };
            let rest = rest.map(|one| context.iterate(&one)).collect::<Res<Vec<_>>>()?;
            if rest.is_empty() {
                return Err(Failure::wrong_type("map() must have at least two arguments."));
            }
            eager(context, Iter::Map(function, rest))
        }
        "filter" => {
            let [function, iterable] = arguments.bind(["function", "iterable"], 2)?;
            let inner = context.iterate(&iterable.unwrap_or(Value::None))?;
            eager(context, Iter::Filter(function.unwrap_or(Value::None), Box::new(inner)))
        }
        "reversed" => {
            let [value] = arguments.bind(["sequence"], 1)?;
            let value = value.unwrap_or(Value::None);
            if let Value::Object(object) = &value {
                context.must_be_builtin(object, "__reversed__")?;
            }
            let items = match context.data(&value)? {
                Data::Set(..)
                | Data::Value(Value::Set(_) | Value::FrozenSet(_) | Value::Iterator(_))
                | Data::Other(_) => {
                    let class = context.type_name(&value);
                    return Err(Failure::wrong_type(format!("'{class}' object is not reversible")));
                }
                Data::Value(Value::Int(_) | Value::Float(_) | Value::None | Value::Bool(_)) => {
                    let class = context.type_name(&value);
                    return Err(Failure::wrong_type(format!("'{class}' object is not reversible")));
                }
                _ => context.collect(&value)?,
            };
            let name = match context.type_name(&value).as_str() {
                "list" => "list_reverseiterator",
                "dict" => "dict_reversekeyiterator",
                "range" => "range_iterator",
                _ => "reversed",
            };
            Ok(Iter::of(items.into_iter().rev().collect(), name).value())
        }
        _ if super::types::base_of_exception(class).is_some() => exception(context, class, arguments),
        "object" if count == 0 => Err(Failure::new("NotSupported", "object() is not understood")),
        _ => match exact::construct(context, class, &arguments)? {
            Some(value) => Ok(value),
            None => {
                let short = super::types::short(class);
                Err(Failure::new("NotSupported", format!("{short}(…) is not understood")))
            }
        },
    }
}

/// A builtin exception, of those whose arguments are all that it holds.
fn exception<'a>(context: &Context<'a>, class: &'static str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let special = ["OSError", "ImportError", "SyntaxError", "UnicodeError", "BaseExceptionGroup"];
    let plain = !special.iter().any(|base| super::types::derives(class, base)) || arguments.positions.len() < 2;
    if !plain || !arguments.by_name.is_empty() || class.starts_with("Unicode") || class.ends_with("Group") {
        return Err(Failure::new("NotSupported", format!("{class}(…) is not understood")));
    }
    context.budget.grow(arguments.positions.len().saturating_mul(size_of::<Value<'_>>()))?;
    Ok(Value::Exception(class, arguments.positions.into()))
}

/// Python 2 makes lists where Python 3 makes iterators.
fn eager<'a>(context: &Context<'a>, iterator: Iter<'a>) -> Res<Value<'a>> {
    let value = iterator.value();
    if context.python2 { context.collect(&value).map(Value::list) } else { Ok(value) }
}

fn add_names<'a>(context: &Context<'a>, dict: &mut Dict<'a>, names: Vec<(String, Value<'a>)>) -> Res<()> {
    for (name, value) in names {
        let name = Value::text(&name);
        dict.insert(context.key(&name)?, name, value);
    }
    Ok(())
}

/// The pairs of a mapping, or of an iterable of pairs.
pub(super) fn pairs_of<'a>(context: &Context<'a>, source: &Value<'a>) -> Res<Dict<'a>> {
    let data = context.data_for(source, &["keys", "__getitem__", "__iter__"])?;
    if let Some(dict) = context.mapping(&data)? {
        return Ok(dict);
    }
    let mut dict = Dict::default();
    for (place, pair) in context.collect(source)?.iter().enumerate() {
        let parts = context.collect(pair).map_err(|failure| match failure.kind {
            "TypeError" => {
                Failure::wrong_type(format!("cannot convert dictionary update sequence element #{place} to a sequence"))
            }
            _ => failure,
        })?;
        let Ok([key, value]) = <[Value<'a>; 2]>::try_from(parts) else {
            let length = context.length(pair).unwrap_or(0);
            let message = format!("dictionary update sequence element #{place} has length {length}; 2 is required");
            return Err(Failure::new("ValueError", message));
        };
        context.budget.grow(4 * size_of::<Value<'_>>())?;
        dict.insert(context.key(&key)?, key, value);
    }
    Ok(dict)
}

fn counter<'a>(context: &Context<'a>, mut arguments: Arguments<'a>) -> Res<Value<'a>> {
    let by_name = std::mem::take(&mut arguments.by_name);
    let [source] = arguments.bind(["iterable"], 0)?;
    let mut dict = source.map_or(Ok(Dict::of("Counter")), |source| counts_of(context, &source))?;
    add_names(context, &mut dict, by_name)?;
    Ok(Value::dict(dict))
}

/// The counts of a mapping, or how often each item of an iterable comes.
pub(super) fn counts_of<'a>(context: &Context<'a>, source: &Value<'a>) -> Res<Dict<'a>> {
    let mut dict = Dict::of("Counter");
    if let Some(given) = context.mapping(&context.data(source)?)? {
        for (key, value) in given.pairs() {
            dict.insert(context.key(key)?, key.clone(), value.clone());
        }
        return Ok(dict);
    }
    for item in context.collect(source)? {
        context.budget.grow(4 * size_of::<Value<'_>>())?;
        let key = context.key(&item)?;
        let count = match dict.get(&key) {
            Some(Value::Int(count)) => *count,
            _ => 0,
        };
        dict.insert(key, item, Value::Int(count + 1));
    }
    Ok(dict)
}

fn range<'a>(context: &Context<'a>, class: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let single = arguments.positions.len() == 1;
    let given = arguments.positions.len();
    if given == 0 || given > 3 {
        let message = match given {
            0 => "range expected at least 1 argument, got 0".to_owned(),
            given => format!("range expected at most 3 arguments, got {given}"),
        };
        return Err(Failure::wrong_type(message));
    }
    let [start, stop, step] = arguments.bind(["start", "stop", "step"], 1)?;
    let part = |value: Option<Value<'a>>, default: i64| match value {
        None => Ok(default),
        Some(value) if matches!(context.load(value.clone())?, Value::Big(_)) => {
            Err(Failure::new("NotSupported", "a range beyond 64 bits"))
        }
        Some(value) => context.index(&value)?.ok_or_else(|| {
            Failure::wrong_type(format!("'{}' object cannot be interpreted as an integer", context.type_name(&value)))
        }),
    };
    let (start, stop) = if single { (None, start) } else { (start, stop) };
    let (start, stop, step) = (part(start, 0)?, part(stop, 0)?, part(step, 1)?);
    if step == 0 {
        return Err(Failure::new("ValueError", "range() arg 3 must not be zero"));
    }
    let made = Value::Range(start, stop, step);
    if context.python2 && class == "range" { context.collect(&made).map(Value::list) } else { Ok(made) }
}

fn string<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value, encoding, errors] = arguments.bind(["object", "encoding", "errors"], 0)?;
    let Some(value) = value else { return Ok(Value::text("")) };
    if let (Value::Text(_), None, false) = (&value, &encoding, context.python2) {
        return Ok(value);
    }
    if let (Value::Object(object), None, false) = (&value, &encoding, context.python2)
        && super::class::exactly(object.class()) == Some("str")
    {
        return Ok(value);
    }
    if encoding.is_some() || errors.is_some() {
        let method = context.attribute(&value, "decode").map_err(|_| {
            let class = context.type_name(&value);
            Failure::wrong_type(match class.as_str() {
                "str" => "decoding str is not supported".to_owned(),
                class => format!("decoding to str: need a bytes-like object, {class} found"),
            })
        })?;
        return context.call(&method, encoding.into_iter().chain(errors).collect(), Vec::new());
    }
    let made = context.string(&value)?;
    context.budget.grow(made.len())?;
    Ok(if context.python2 { Value::Bytes(made.into()) } else { Value::Text(made.into()) })
}

fn bytes<'a>(context: &Context<'a>, array: bool, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let name = arguments.function.clone();
    let [source, encoding, errors] = arguments.bind(["source", "encoding", "errors"], 0)?;
    let make = |bytes: Vec<u8>| {
        let blob = Blob::from(bytes);
        if array { Value::ByteArray(blob) } else { Value::Bytes(blob) }
    };
    let Some(source) = source else { return Ok(make(Vec::new())) };
    match context.data(&source)? {
        Data::Value(Value::Text(text)) => {
            let Some(encoding) = encoding else {
                return Err(Failure::wrong_type("string argument without an encoding"));
            };
            let word = context.string(&encoding)?;
            let Some(encoding) = Encoding::named(&word) else {
                let message = format!("unknown encoding: {}", String::from_utf8_lossy(&word));
                return Err(Failure::new("LookupError", message));
            };
            let errors = match errors {
                Some(errors) => Errors::named(&context.string(&errors)?).unwrap_or(Errors::Strict),
                None => Errors::Strict,
            };
            Ok(make(text::encode(&text, encoding, errors, context.budget.room())?))
        }
        Data::Value(Value::Bytes(bytes) | Value::ByteArray(bytes)) => Ok(make(bytes.to_vec())),
        Data::Value(Value::Int(count)) => match usize::try_from(count) {
            Ok(count) => {
                context.budget.grow(count)?;
                Ok(make(vec![0; count]))
            }
            Err(_) => Err(Failure::new("ValueError", "negative count")),
        },
        _ => {
            let items = context.collect(&source).map_err(|failure| match failure.kind {
                "TypeError" => {
                    Failure::wrong_type(format!("cannot convert '{}' object to {name}", context.type_name(&source)))
                }
                _ => failure,
            })?;
            let mut made = Vec::new();
            for item in items {
                let Some(byte) = context.index(&item)? else {
                    let class = context.type_name(&item);
                    return Err(Failure::wrong_type(format!("'{class}' object cannot be interpreted as an integer")));
                };
                let byte = u8::try_from(byte).map_err(|_| {
                    let message =
                        if array { "byte must be in range(0, 256)" } else { "bytes must be in range(0, 256)" };
                    Failure::new("ValueError", message)
                })?;
                made.push(byte);
            }
            Ok(make(made))
        }
    }
}
