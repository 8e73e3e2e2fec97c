//! Methods and data attributes of the builtin types.

mod container;
mod exact;
mod number;
mod special;
mod text;

use super::call::Arguments;
use super::data::Data;
use super::value::Value;
use super::{Context, Failure, Res, class};

/// The methods of a builtin type that are understood.
fn names(class: &str) -> &'static [&'static str] {
    match class {
        "str" | "unicode" | "bytes" | "bytearray" => text::NAMES,
        "list" | "tuple" | "collections.deque" | "deque" => container::OF_ROWS,
        "dict"
        | "collections.OrderedDict"
        | "collections.defaultdict"
        | "collections.Counter"
        | "OrderedDict"
        | "defaultdict"
        | "Counter" => container::OF_DICTS,
        "set" | "frozenset" => container::OF_SETS,
        "range" | "xrange" => &["index", "count"],
        "slice" => &["indices"],
        "int" | "bool" | "long" => number::OF_INTS,
        "float" => number::OF_FLOATS,
        "complex" => &["conjugate"],
        _ => exact::names(class),
    }
}

pub(super) use exact::constant;
pub(super) use special::has as has_special;

/// Whether a builtin type has a method of that name, as far as is understood.
pub(super) fn has(class: &str, name: &str) -> bool {
    match class {
        "bytes" | "bytearray" if matches!(name, "encode" | "format" | "casefold" | "isdecimal" | "isnumeric") => false,
        "str" if matches!(name, "hex" | "fromhex" | "decode" | "append" | "pop" | "extend") => false,
        "bytes" if matches!(name, "append" | "pop" | "extend") => false,
        "tuple" => matches!(name, "count" | "index"),
        "list" => !matches!(name, "appendleft" | "popleft" | "extendleft" | "rotate") && names(class).contains(&name),
        "collections.deque" | "deque" => !matches!(name, "sort") && names(class).contains(&name),
        "dict" | "collections.OrderedDict" | "collections.defaultdict" => {
            let counter = matches!(name, "most_common" | "elements" | "subtract" | "total");
            let ordered = name == "move_to_end";
            !counter && (!ordered || class.contains("Ordered")) && names(class).contains(&name)
        }
        "frozenset" => {
            !matches!(name, "add" | "remove" | "discard" | "pop" | "clear" | "update") && names(class).contains(&name)
        }
        _ => names(class).contains(&name),
    }
}

/// Whether a type is of iterators.
fn is_iterator(class: &str) -> bool {
    class.ends_with("iterator") || matches!(class, "generator" | "enumerate" | "zip" | "map" | "filter" | "reversed")
}

/// How messages call a method: with its type where that is written in C for no arguments or one.
pub(super) fn called<'a>(context: &Context<'a>, owner: &Value<'a>, name: &str) -> String {
    const PLAIN: &[&str] = &[
        "bit_length",
        "bit_count",
        "conjugate",
        "is_integer",
        "as_integer_ratio",
        "hex",
        "upper",
        "lower",
        "title",
        "capitalize",
        "casefold",
        "swapcase",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "join",
        "zfill",
        "append",
        "clear",
        "copy",
        "count",
        "extend",
        "remove",
        "reverse",
        "items",
        "keys",
        "values",
        "popitem",
        "add",
        "discard",
        "appendleft",
        "extendleft",
        "popleft",
        "isdisjoint",
        "issubset",
        "issuperset",
        "symmetric_difference",
        "partition",
        "rpartition",
        "removeprefix",
        "removesuffix",
    ];
    match owner {
        Value::Class(_) => name.to_owned(),
        _ if PLAIN.contains(&name) => format!("{}.{name}", context.type_name(owner)),
        _ => name.to_owned(),
    }
}

/// The names of all of them: `dir(value)`.
pub(super) fn all(class: &str) -> Vec<&'static str> {
    names(class).iter().copied().filter(|name| has(class, name)).collect()
}

/// `value.real`, `range.start` and the like.
pub(super) fn data_attribute<'a>(context: &Context<'a>, value: &Value<'a>, name: &str) -> Res<Option<Value<'a>>> {
    Ok(Some(match (value, name) {
        (Value::Bool(_) | Value::Int(_) | Value::Big(_), "real" | "numerator") => match value {
            Value::Bool(value) => Value::Int(i64::from(*value)),
            other => other.clone(),
        },
        (Value::Bool(_) | Value::Int(_) | Value::Big(_), "imag") => Value::Int(0),
        (Value::Bool(_) | Value::Int(_) | Value::Big(_), "denominator") => Value::Int(1),
        (Value::Float(_), "real") => value.clone(),
        (Value::Float(_), "imag") => Value::Float(0.0),
        (Value::Complex(real, _), "real") => Value::Float(*real),
        (Value::Complex(_, imaginary), "imag") => Value::Float(*imaginary),
        (Value::Range(start, ..), "start") => Value::Int(*start),
        (Value::Range(_, stop, _), "stop") => Value::Int(*stop),
        (Value::Range(_, _, step), "step") => Value::Int(*step),
        (Value::Slice(parts), "start") => parts[0].clone(),
        (Value::Slice(parts), "stop") => parts[1].clone(),
        (Value::Slice(parts), "step") => parts[2].clone(),
        (Value::Deque(_, most), "maxlen") => most.map_or(Value::None, Value::length),
        (Value::Dict(dict), "default_factory") if dict.borrow().class == "defaultdict" => {
            dict.borrow().factory.clone().unwrap_or(Value::None)
        }
        (Value::Method(owner, method), "__func__") => match &**owner {
            Value::Object(object) => match context.function_of_method(object, method) {
                Some(function) => Value::Object(function),
                None => return Ok(None),
            },
            _ => return Ok(None),
        },
        (Value::Method(owner, _), "__self__") => (**owner).clone(),
        (Value::Method(_, method), "__name__") => Value::text(method),
        (Value::Function(_), "__module__") => Value::text("builtins"),
        (Value::Function(function), "__name__" | "__qualname__") => Value::text(function),
        (Value::Lambda(_), "__name__" | "__qualname__") => Value::text("<lambda>"),
        (Value::Object(object), "maxlen") if class::exactly(object.class()) == Some("collections.deque") => {
            context.most_of(value)?.map_or(Value::None, Value::length)
        }
        (Value::Exception(_, args), "args") => Value::Tuple(args.clone()),
        (Value::Exception(..), "__cause__" | "__context__" | "__traceback__") => Value::None,
        (Value::Exact(exact), _) => return exact.attribute(name).map_err(Failure::from),
        _ => return Ok(None),
    }))
}

/// Calls a method of a builtin type.
pub(super) fn call<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    mut arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    // `str.upper("a")`, `dict.fromkeys(…)`: asked of the type itself.
    if let Value::Class(class) = owner {
        if let Some(made) = of_class(context, class, name, &arguments)? {
            return Ok(made);
        }
        if arguments.positions.is_empty() {
            let short = super::types::short(class);
            return Err(Failure::wrong_type(format!("unbound method {short}.{name}() needs an argument")));
        }
        let first = arguments.positions.remove(0);
        let of = context.type_of(&first)?;
        if !context.is_subclass(&of, owner)? {
            let (short, found) = (super::types::short(class), context.type_name(&first));
            let message = format!("descriptor '{name}' for '{short}' objects doesn't apply to a '{found}' object");
            return Err(Failure::wrong_type(message));
        }
        let method = context.attribute(&first, name)?;
        return context.call(&method, arguments.positions, arguments.by_name);
    }
    if name.starts_with("__")
        && let Some(made) = special::call(context, owner, name, arguments.clone())?
    {
        return Ok(made);
    }
    match context.data(owner)? {
        Data::Value(value) => match &value {
            Value::Text(text) => text::call(context, text, super::method::text::Of::Str, name, arguments),
            Value::Bytes(bytes) => text::call(context, bytes, super::method::text::Of::Bytes, name, arguments),
            Value::ByteArray(bytes) => text::call(context, bytes, super::method::text::Of::Array, name, arguments),
            Value::Dict(_) => container::of_dict(context, &value, name, arguments),
            Value::Set(_) | Value::FrozenSet(_) => container::of_set(context, &value, name, arguments),
            Value::Range(..) => container::of_row(context, &value, name, arguments),
            Value::Slice(parts) => {
                let [length] = arguments.bind(["length"], 1)?;
                let length = context.index(&length.unwrap_or(Value::None))?.unwrap_or(0);
                let (from, to, step) = context.bounds(parts, usize::try_from(length).unwrap_or(0))?;
                Ok(Value::tuple([from, to, step].map(|part| Value::Int(part as i64)).to_vec()))
            }
            Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Complex(..) => {
                number::call(context, &value, name, arguments)
            }
            Value::Exact(exact) => exact::call(context, exact, name, arguments),
            Value::DictView(..) => {
                let set = Value::set(context.as_set(&Data::Value(value.clone()))?.unwrap_or_default());
                container::of_set(context, &set, name, arguments)
            }
            _ => Err(Failure::unknown_method(name)),
        },
        Data::List(_) | Data::Tuple(_) | Data::Deque(_) => container::of_row(context, owner, name, arguments),
        Data::Set(..) => container::of_set(context, owner, name, arguments),
        Data::Pairs(_) => container::of_dict(context, owner, name, arguments),
        Data::Other(_) => Err(Failure::unknown_method(name)),
    }
}

/// Class methods and static methods of the builtin types.
fn of_class<'a>(
    context: &Context<'a>,
    class: &'static str,
    name: &str,
    arguments: &Arguments<'a>,
) -> Res<Option<Value<'a>>> {
    let arguments = arguments.clone();
    Ok(Some(match (class, name) {
        ("dict" | "collections.OrderedDict", "fromkeys") => {
            let [keys, value] = arguments.bind(["iterable", "value"], 1)?;
            let mut dict = super::dict::Dict::of(super::types::short(class));
            for key in context.collect(&keys.unwrap_or(Value::None))? {
                dict.insert(context.key(&key)?, key, value.clone().unwrap_or(Value::None));
            }
            Value::dict(dict)
        }
        ("str" | "bytes", "maketrans") => return text::maketrans(context, class == "str", arguments).map(Some),
        ("bytes" | "bytearray", "fromhex") => {
            let [text] = arguments.bind(["string"], 1)?;
            let Value::Text(text) = context.load(text.unwrap_or(Value::None))? else {
                return Err(Failure::wrong_type("fromhex() argument must be str"));
            };
            let bytes = crate::python::text::fromhex(&text)?.into();
            if class == "bytes" { Value::Bytes(bytes) } else { Value::ByteArray(bytes) }
        }
        ("int", "from_bytes") => return number::from_bytes(context, arguments).map(Some),
        ("float", "fromhex") => return number::fromhex(context, arguments).map(Some),
        _ => return exact::of_class(context, class, name, arguments),
    }))
}

/// What would change an object of the program.
pub(super) fn changes(name: &str) -> Failure {
    Failure::new("NotSupported", format!("{name} would change the program's object: a dump is read only"))
        .remedy("Make a copy in the expression: list(…), dict(…), set(…).")
}
