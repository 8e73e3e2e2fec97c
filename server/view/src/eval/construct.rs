//! Builtin types, called: `int("5")`, `list(x)`, `type(x)`.

use std::rc::Rc;

use super::arguments::Arguments;
use super::data::Data;
use super::dict::{Dict, Set};
use super::iterator::Iter;
use super::range::Range;
use super::value::{Value, ViewOf};
use super::{Context, Failure, Res, convert, exact, exception, memory, method};

/// The value that a type makes of arguments.
pub(super) fn call<'a>(context: &Context<'a>, class: &'static str, mut arguments: Arguments<'a>) -> Res<Value<'a>> {
    let count = arguments.positions.len();
    match class {
        "type" if count != 1 && count != 3 => Err(Failure::wrong_type("type() takes 1 or 3 arguments")),
        "type" if count == 1 => {
            let value = arguments.one()?;
            context.type_of(&value)
        }
        "bool" => {
            let [value] = arguments.positional(0)?;
            value.map_or(Ok(Value::Bool(false)), |value| context.truth(&value).map(Value::Bool))
        }
        "int" | "long" => convert::int(context, arguments),
        "float" => convert::float(context, arguments),
        "complex" => convert::complex(context, arguments),
        "str" | "unicode" | "basestring" => string(context, arguments),
        "bytes" | "bytearray" => bytes(context, class == "bytearray", arguments),
        "list" | "tuple" => {
            let [iterable] = arguments.positional(0)?;
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
            let [iterable] = arguments.positional(0)?;
            let set = iterable.map_or_else(|| Ok(Set::default()), |iterable| context.set_of(&iterable))?;
            Ok(if class == "set" { Value::set(set) } else { Value::FrozenSet(Rc::new(set)) })
        }
        "dict" | "collections.OrderedDict" => {
            let by_name = std::mem::take(&mut arguments.by_name);
            if class != "dict" && arguments.positions.len() > 1 {
                let given = arguments.positions.len();
                return Err(Failure::wrong_type(format!("expected at most 1 arguments, got {given}")));
            }
            let [source] = arguments.positional(0)?;
            let mut dict = source.map_or(Ok(Dict::default()), |source| pairs_of(context, &source))?;
            dict.class = super::types::short(class);
            dict.factory = None;
            add_names(context, &mut dict, by_name)?;
            Ok(Value::dict(dict))
        }
        "collections.defaultdict" => {
            let by_name = std::mem::take(&mut arguments.by_name);
            let [factory, source] = arguments.positional(0)?;
            if let Some(factory) = &factory
                && !matches!(factory, Value::None)
                && !super::builtin::callable(context, factory)?
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
            let [iterable, most] = arguments.named(["iterable", "maxlen"], 0)?;
            let most = match most {
                None | Some(Value::None) => None,
                Some(most) => match context.index(&most)?.map(usize::try_from) {
                    Some(Ok(most)) => Some(most),
                    Some(Err(_)) => return Err(Failure::new("ValueError", "maxlen must be non-negative")),
                    None => return Err(Failure::wrong_type("an integer is required")),
                },
            };
            let mut items = iterable.map_or(Ok(Vec::new()), |iterable| context.collect(&iterable))?;
            if let Some(most) = most {
                items.drain(..items.len().saturating_sub(most));
            }
            Ok(Value::Deque(Rc::new(items.into()), most))
        }
        "memoryview" => memory::construct(context, arguments),
        "range" | "xrange" => range(context, class, arguments),
        "slice" => {
            let single = count == 1;
            let [start, stop, step] = arguments.positional(1)?;
            let (start, stop) = if single { (None, start) } else { (start, stop) };
            Ok(Value::Slice(Rc::new([start, stop, step].map(|part| part.unwrap_or(Value::None)))))
        }
        "enumerate" if count == 0 && arguments.by_name.is_empty() => {
            Err(Failure::wrong_type("enumerate() missing required argument 'iterable'"))
        }
        "enumerate" => {
            let [iterable, start] = arguments.named(["iterable", "start"], 1)?;
            let inner = context.iterate(&iterable.unwrap_or(Value::None))?;
            let start = match start {
                None => 0,
                Some(start) => context.wide_index(&start)?.ok_or_else(|| context.no_int(&start))?,
            };
            Ok(Iter::Enumerate(Box::new(inner), start).value())
        }
        "zip" => {
            let by_name = std::mem::take(&mut arguments.by_name);
            let how = Arguments { function: "zip".to_owned(), by_name, ..Arguments::default() };
            let [strict] = how.named(["*strict"], 0)?;
            let strict = strict.map_or(Ok(false), |strict| context.truth(&strict))?;
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
            let [function, iterable] = arguments.positional(2)?;
            let inner = context.iterate(&iterable.unwrap_or(Value::None))?;
            eager(context, Iter::Filter(function.unwrap_or(Value::None), Box::new(inner)))
        }
        "reversed" => {
            let [value] = arguments.positional(1)?;
            let value = value.unwrap_or(Value::None);
            if let Value::Object(object) = &value {
                if let Some(members) = context.members_of_enum(object)? {
                    return Ok(Iter::of(members.into_iter().rev().collect(), "generator").value());
                }
                context.must_be_builtin(object, "__reversed__")?;
            }
            reversed(context, &value)
        }
        _ if super::types::base_of_exception(class).is_some() => exception::construct(context, class, arguments),
        "object" if count == 0 && arguments.by_name.is_empty() => Ok(Value::Plain(Rc::new(()))),
        "object" => Err(Failure::wrong_type("object() takes no arguments")),
        _ => match exact::construct(context, class, &arguments)? {
            Some(value) => Ok(value),
            None => {
                let short = super::types::short(class);
                Err(Failure::new("NotSupported", format!("{short}(…) is not understood")))
            }
        },
    }
}

/// `reversed(value)`
fn reversed<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<Value<'a>> {
    let data = context.data(value)?;
    if let Data::Value(Value::Range(range)) = &data {
        return Ok(Iter::Range(range.reversed()).value());
    }
    let name = match &data {
        Data::List(_) => "list_reverseiterator",
        Data::Deque(_) => "collections._deque_reverse_iterator",
        Data::Pairs(_) | Data::Value(Value::Dict(_) | Value::DictView(_, ViewOf::Keys)) => "dict_reversekeyiterator",
        Data::Value(Value::DictView(_, ViewOf::Values)) => "dict_reversevalueiterator",
        Data::Value(Value::DictView(_, ViewOf::Items)) => "dict_reverseitemiterator",
        Data::Tuple(_) | Data::Array(_) | Data::Memory(_) | Data::Value(Value::Text(_) | Value::Bytes(_)) => "reversed",
        _ => {
            let class = context.type_name(value);
            return Err(Failure::wrong_type(format!("'{class}' object is not reversible")));
        }
    };
    Ok(Iter::of(context.collect(value)?.into_iter().rev().collect(), name).value())
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
    if arguments.positions.len() > 1 {
        let given = arguments.positions.len() + 1;
        let message = format!("Counter.__init__() takes from 1 to 2 positional arguments but {given} were given");
        return Err(Failure::wrong_type(message));
    }
    let [source] = arguments.positional(0)?;
    let source = source.filter(|source| !matches!(source, Value::None));
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
    let [start, stop, step] = arguments.positional(1)?;
    let part = |value: Option<Value<'a>>, default: i128| match value {
        None => Ok(default),
        Some(value) => context.wide_index(&value)?.ok_or_else(|| context.no_int(&value)),
    };
    let (start, stop) = if stop.is_none() { (None, start) } else { (start, stop) };
    let (start, stop, step) = (part(start, 0)?, part(stop, 0)?, part(step, 1)?);
    if step == 0 {
        return Err(Failure::new("ValueError", "range() arg 3 must not be zero"));
    }
    let made = Value::Range(Range::new(start, stop, step).ok_or_else(super::range::too_far)?);
    if context.python2 && class == "range" { context.collect(&made).map(Value::list) } else { Ok(made) }
}

fn string<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value, encoding, errors] = match arguments.by_name.is_empty() {
        true => arguments.positional(0)?,
        false => arguments.named(["object", "encoding", "errors"], 0)?,
    };
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
        let bytes = match context.data(&value)? {
            Data::Value(Value::Bytes(bytes)) | Data::Array(bytes) => bytes,
            Data::Memory(memory) => memory.bytes()?.into(),
            Data::Value(Value::Text(_)) => return Err(Failure::wrong_type("decoding str is not supported")),
            _ => {
                let class = context.type_name(&value);
                let message = format!("decoding to str: need a bytes-like object, {class} found");
                return Err(Failure::wrong_type(message));
            }
        };
        return method::decode(context, &bytes, named("str", encoding, errors));
    }
    let made = context.string(&value)?;
    context.budget.grow(made.len())?;
    Ok(if context.python2 { Value::Bytes(made.into()) } else { Value::Text(made.into()) })
}

/// The arguments of a conversion.
fn named<'a>(function: &str, encoding: Option<Value<'a>>, errors: Option<Value<'a>>) -> Arguments<'a> {
    let given = [("encoding", encoding), ("errors", errors)];
    let by_name = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    Arguments { function: function.to_owned(), by_name, ..Arguments::default() }
}

fn bytes<'a>(context: &Context<'a>, array: bool, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let name = arguments.function.clone();
    let [source, encoding, errors] = arguments.named(["source", "encoding", "errors"], 0)?;
    let make = |bytes: Vec<u8>| if array { Value::array(bytes) } else { Value::Bytes(bytes.into()) };
    let data = source.as_ref().map(|source| context.data(source)).transpose()?;
    if let Some(Data::Value(Value::Text(text))) = &data {
        if encoding.is_none() {
            return Err(Failure::wrong_type("string argument without an encoding"));
        }
        return match method::encode(context, text, named(&name, encoding, errors))? {
            Value::Bytes(bytes) => Ok(make(bytes.to_vec())),
            other => Ok(other),
        };
    }
    let what = if encoding.is_some() { "encoding" } else { "errors" };
    if encoding.is_some() || errors.is_some() {
        return Err(Failure::wrong_type(format!("{what} without a string argument")));
    }
    let (Some(data), Some(source)) = (data, source) else { return Ok(make(Vec::new())) };
    let bytes = match data {
        Data::Value(Value::Bytes(bytes)) | Data::Array(bytes) => bytes.to_vec(),
        Data::Memory(memory) => memory.bytes()?,
        Data::Value(Value::Big(_)) => {
            return Err(Failure::new("OverflowError", "cannot fit 'int' into an index-sized integer"));
        }
        Data::Value(Value::Int(_) | Value::Bool(_)) => match usize::try_from(context.int(&source)?) {
            Ok(count) => {
                context.budget.grow(count)?;
                vec![0; count]
            }
            Err(_) => return Err(Failure::new("ValueError", "negative count")),
        },
        _ => {
            let items = context.collect(&source).map_err(|failure| match failure.kind {
                "TypeError" => {
                    Failure::wrong_type(format!("cannot convert '{}' object to {name}", context.type_name(&source)))
                }
                _ => failure,
            })?;
            let what = if array { "byte" } else { "bytes" };
            let byte = |item: &Value<'a>| {
                u8::try_from(context.int(item)?)
                    .map_err(|_| Failure::new("ValueError", format!("{what} must be in range(0, 256)")))
            };
            items.iter().map(byte).collect::<Res<Vec<u8>>>()?
        }
    };
    context.budget.grow(bytes.len())?;
    Ok(make(bytes))
}
