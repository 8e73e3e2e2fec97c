//! Methods and data attributes of the builtin types.

mod array;
mod codec;
mod decimal;
mod exact;
mod fraction;
mod mapping;
mod number;
mod row;
mod set;
mod sort;
mod special;
mod temporal;
mod text;

use super::arguments::Arguments;
use super::data::Data;
use super::value::Value;
use super::{Context, Failure, Res, class, memory};

/// The methods of a builtin type that are understood.
fn names(class: &str) -> &'static [&'static str] {
    match class {
        "str" | "unicode" | "bytes" | "bytearray" => text::NAMES,
        "list"
        | "tuple"
        | "collections.deque"
        | "decimal.DecimalTuple"
        | "datetime.IsoCalendarDate"
        | "time.struct_time" => row::NAMES,
        "dict"
        | "collections.OrderedDict"
        | "collections.defaultdict"
        | "collections.Counter"
        | "OrderedDict"
        | "defaultdict"
        | "Counter" => mapping::NAMES,
        "mappingproxy" => &["copy", "get", "items", "keys", "values"],
        "set" | "frozenset" => set::NAMES,
        "range" | "xrange" => &["index", "count"],
        "slice" => &["indices"],
        "dict_keys" | "dict_items" | "odict_keys" | "odict_items" => &["isdisjoint"],
        "memoryview" => memory::NAMES,
        "int" | "bool" | "long" => number::OF_INTS,
        "float" => number::OF_FLOATS,
        "complex" => &["conjugate"],
        _ => exact::names(class),
    }
}

pub(super) use codec::{decode, encode, hex};
pub(super) use exact::constant;
pub(super) use special::has as has_special;
pub(super) use text::Of;

/// Methods that text has and bytes have not.
const TEXT_ONLY: &[&str] =
    &["casefold", "encode", "format", "format_map", "isdecimal", "isidentifier", "isnumeric", "isprintable"];

/// Whether a builtin type has a method of that name, as far as is understood.
pub(super) fn has(class: &str, name: &str) -> bool {
    match class {
        "str" if matches!(name, "hex" | "fromhex" | "decode") => false,
        "bytes" | "bytearray" if TEXT_ONLY.contains(&name) => false,
        "bytearray" => names(class).contains(&name) || array::NAMES.contains(&name),
        "tuple" | "decimal.DecimalTuple" | "datetime.IsoCalendarDate" | "time.struct_time" => {
            matches!(name, "count" | "index")
        }
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

/// What type a method has: by whether it is asked of a value or of its type, and by how C defines it.
pub(super) fn type_of(owner: &Value<'_>, name: &str) -> &'static str {
    let slot = name.starts_with("__");
    match owner {
        Value::Class(_) if OF_CLASSES.contains(&name) => "builtin_function_or_method",
        Value::Class(_) => {
            if slot {
                "wrapper_descriptor"
            } else {
                "method_descriptor"
            }
        }
        _ => {
            if slot {
                "method-wrapper"
            } else {
                "builtin_function_or_method"
            }
        }
    }
}

/// Class methods and static methods of the builtin types and of those of decimal, fractions and datetime.
const OF_CLASSES: &[&str] = &[
    "combine",
    "from_bytes",
    "from_decimal",
    "from_float",
    "fromhex",
    "fromisocalendar",
    "fromisoformat",
    "fromkeys",
    "fromordinal",
    "fromtimestamp",
    "maketrans",
    "now",
    "strptime",
    "today",
    "utcfromtimestamp",
    "utcnow",
];

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
        (Value::Range(range), "start") => Value::int(range.start),
        (Value::Range(range), "stop") => Value::int(range.stop),
        (Value::Range(range), "step") => Value::int(range.step),
        (Value::Record(kind, items), _) => return Ok(kind.element(items, name)),
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
        (Value::Exception(_), "add_note" | "with_traceback") => return Err(Failure::unknown_method(name)),
        (Value::Exception(made), _) => return Ok(made.attribute(name)),
        (Value::Alias(_) | Value::Union(_), _) => return context.attribute_of_annotation(value, name),
        (Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Deque(..) | Value::Array(_), "__hash__") => {
            Value::None
        }
        (Value::DictView(of, _), "mapping") => {
            let mut dict = context.mapping(&context.data(of)?)?.unwrap_or_default();
            if dict.class != "dict" {
                return Err(Failure::unknown_method(name));
            }
            dict.class = "mappingproxy";
            Value::dict(dict)
        }
        (Value::Exact(exact), _) => return exact.attribute(name).map_err(Failure::from),
        _ => return Ok(None),
    }))
}

/// Whether values of a builtin type have data by that name.
pub(super) fn has_data(class: &str, name: &str) -> bool {
    let names: &[&str] = match class {
        "int" | "bool" | "long" | "fractions.Fraction" => &["real", "imag", "numerator", "denominator"],
        "float" | "complex" | "decimal.Decimal" => &["real", "imag"],
        "range" | "slice" => &["start", "stop", "step"],
        "collections.deque" => &["maxlen"],
        "collections.defaultdict" => &["default_factory"],
        "datetime.date" => &["year", "month", "day"],
        "datetime.time" => &["hour", "minute", "second", "microsecond", "tzinfo", "fold"],
        "datetime.datetime" => &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"],
        "datetime.timedelta" => &["days", "seconds", "microseconds"],
        "memoryview" => &["obj", "nbytes", "readonly", "format", "itemsize", "ndim", "shape", "strides"],
        _ => &[],
    };
    names.contains(&name)
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
            let message = match name.starts_with("__") {
                true => format!("descriptor '{name}' requires a '{short}' object but received a '{found}'"),
                false => format!("descriptor '{name}' for '{short}' objects doesn't apply to a '{found}' object"),
            };
            return Err(Failure::wrong_type(message));
        }
        let method = context.attribute(&first, name)?;
        return context.call(&method, arguments.positions, arguments.by_name);
    }
    if OF_CLASSES.contains(&name)
        && let Value::Class(class) = context.type_of(owner)?
        && let Some(made) = of_class(context, class, name, &arguments)?
    {
        return Ok(made);
    }
    if name.starts_with("__")
        && let Some(made) = special::call(context, owner, name, arguments.clone())?
    {
        return Ok(made);
    }
    match context.data(owner)? {
        Data::Value(Value::NdArray(array)) => {
            arguments.none()?;
            context.call_of_array(&array, name)
        }
        Data::Value(value) => match &value {
            Value::Text(text) => text::call(context, text, Of::Str, name, arguments),
            Value::Bytes(bytes) => text::call(context, bytes, Of::Bytes, name, arguments),
            Value::Dict(_) => mapping::call(context, &value, name, arguments),
            Value::Set(_) | Value::FrozenSet(_) | Value::DictView(..) => set::call(context, &value, name, arguments),
            Value::Range(_) => row::call(context, &value, name, arguments),
            Value::Slice(parts) => {
                let length = arguments.one()?;
                let length = context.wide_index(&length)?.ok_or_else(|| context.no_int(&length))?;
                if length < 0 {
                    return Err(Failure::new("ValueError", "length should not be negative"));
                }
                let (from, to, step) = context.bounds(parts, length)?;
                Ok(Value::tuple([from, to, step].map(Value::int).to_vec()))
            }
            Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Complex(..) => {
                number::call(context, &value, name, arguments)
            }
            Value::Exact(exact) => exact::call(context, exact, name, arguments),
            _ => Err(Failure::unknown_method(name)),
        },
        Data::Array(bytes) if array::NAMES.contains(&name) => array::call(context, owner, &bytes, name, arguments),
        Data::Array(bytes) => text::call(context, &bytes, Of::Array, name, arguments),
        Data::Memory(memory) => memory::call(context, &memory, name, arguments),
        Data::List(_) | Data::Tuple(_) | Data::Deque(_) => row::call(context, owner, name, arguments),
        Data::Set(..) => set::call(context, owner, name, arguments),
        Data::Pairs(_) => mapping::call(context, owner, name, arguments),
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
    match (class, name) {
        ("dict" | "collections.OrderedDict" | "collections.defaultdict" | "collections.Counter", "fromkeys") => {
            mapping::from_keys(context, super::types::short(class), arguments).map(Some)
        }
        ("str" | "bytes" | "bytearray", "maketrans") => codec::maketrans(context, class == "str", arguments).map(Some),
        ("bytes", "fromhex") => codec::fromhex(context, Of::Bytes, arguments).map(Some),
        ("bytearray", "fromhex") => codec::fromhex(context, Of::Array, arguments).map(Some),
        ("int", "from_bytes") => number::from_bytes(context, arguments).map(Some),
        ("float", "fromhex") => number::fromhex(context, arguments).map(Some),
        _ => exact::of_class(context, class, name, arguments),
    }
}

/// What would change an object of the program.
pub(super) fn changes(name: &str) -> Failure {
    Failure::new("NotSupported", format!("{name} would change the program's object: a dump is read only"))
        .remedy("Make a copy in the expression: list(…), dict(…), set(…).")
}
