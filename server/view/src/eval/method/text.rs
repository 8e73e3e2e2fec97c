//! Methods of `str`, `bytes` and `bytearray`.

use rustc_hash::FxHashMap;

use super::super::call::Arguments;
use super::super::data::Data;
use super::super::value::{Blob, Value};
use super::super::{Context, Failure, Res, braces};
use crate::python::text::{self, Encoding, Errors, Kind, Side};

pub(super) const NAMES: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "decode",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "fromhex",
    "hex",
    "index",
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
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eval) enum Of {
    Str,
    Bytes,
    Array,
}

impl Of {
    fn kind(self) -> Kind {
        if self == Of::Str { Kind::Str } else { Kind::Bytes }
    }

    fn value<'a>(self, bytes: impl Into<Blob<'a>>) -> Value<'a> {
        match self {
            Of::Str => Value::Text(bytes.into()),
            Of::Bytes => Value::Bytes(bytes.into()),
            Of::Array => Value::ByteArray(bytes.into()),
        }
    }
}

impl<'a> Context<'a> {
    /// An argument that must be text, or bytes.
    fn piece(&self, of: Of, value: &Value<'a>) -> Res<Blob<'a>> {
        match (of, self.data(value)?) {
            (Of::Str, Data::Value(Value::Text(text))) => Ok(text),
            (Of::Bytes | Of::Array, Data::Value(Value::Bytes(bytes) | Value::ByteArray(bytes))) => Ok(bytes),
            (_, Data::Value(Value::Text(text) | Value::Bytes(text))) if self.python2 => Ok(text),
            (Of::Str, _) => Err(Failure::wrong_type(format!("must be str, not {}", self.type_name(value)))),
            _ => Err(Failure::wrong_type(format!("a bytes-like object is required, not '{}'", self.type_name(value)))),
        }
    }

    fn optional_index(&self, value: Option<&Value<'a>>) -> Res<Option<i64>> {
        match value {
            None | Some(Value::None) => Ok(None),
            Some(value) => match self.index(value)? {
                Some(index) => Ok(Some(index)),
                None if matches!(self.load(value.clone())?, Value::None) => Ok(None),
                None => Err(Failure::wrong_type("slice indices must be integers or None or have an __index__ method")),
            },
        }
    }

    fn whole(&self, value: Option<&Value<'a>>, default: i64) -> Res<i64> {
        match value {
            None => Ok(default),
            Some(value) => self.index(value)?.ok_or_else(|| {
                Failure::wrong_type(format!("'{}' object cannot be interpreted as an integer", self.type_name(value)))
            }),
        }
    }
}

pub(super) fn call<'a>(
    context: &Context<'a>,
    bytes: &Blob<'a>,
    of: Of,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    let kind = of.kind();
    let room = context.budget.room();
    let made = |bytes: Vec<u8>| -> Res<Value<'a>> {
        context.budget.grow(bytes.len())?;
        Ok(of.value(bytes))
    };
    let flag = |value: bool| Ok(Value::Bool(value));
    let list = |pieces: Vec<&[u8]>| -> Res<Value<'a>> {
        context.budget.grow(bytes.len() + pieces.len() * 64)?;
        Ok(Value::list(pieces.into_iter().map(|piece| of.value(piece.to_vec())).collect()))
    };
    let none = |arguments: Arguments<'a>| arguments.bind::<0>([], 0).map(|_| ());
    match name {
        "capitalize" => none(arguments).and_then(|()| made(text::capitalize(kind, bytes, room)?)),
        "casefold" => none(arguments).and_then(|()| made(text::casefold(bytes, room)?)),
        "lower" => none(arguments).and_then(|()| made(text::lower(kind, bytes, room)?)),
        "upper" => none(arguments).and_then(|()| made(text::upper(kind, bytes, room)?)),
        "swapcase" => none(arguments).and_then(|()| made(text::swapcase(kind, bytes, room)?)),
        "title" => none(arguments).and_then(|()| made(text::title(kind, bytes, room)?)),
        "isalnum" => none(arguments).and_then(|()| flag(text::isalnum(kind, bytes))),
        "isalpha" => none(arguments).and_then(|()| flag(text::isalpha(kind, bytes))),
        "isascii" => none(arguments).and_then(|()| flag(text::isascii(bytes))),
        "isdecimal" => none(arguments).and_then(|()| flag(text::isdecimal(bytes))),
        "isdigit" => none(arguments).and_then(|()| flag(text::isdigit(kind, bytes))),
        "isidentifier" => none(arguments).and_then(|()| flag(text::isidentifier(bytes))),
        "islower" => none(arguments).and_then(|()| flag(text::islower(kind, bytes))),
        "isnumeric" => none(arguments).and_then(|()| flag(text::isnumeric(bytes))),
        "isprintable" => none(arguments).and_then(|()| flag(text::isprintable(bytes))),
        "isspace" => none(arguments).and_then(|()| flag(text::isspace(kind, bytes))),
        "istitle" => none(arguments).and_then(|()| flag(text::istitle(kind, bytes))),
        "isupper" => none(arguments).and_then(|()| flag(text::isupper(kind, bytes))),
        "center" | "ljust" | "rjust" => {
            let [width, fill] = arguments.bind(["width", "fillchar"], 1)?;
            let width = context.whole(width.as_ref(), 0)?;
            let fill = match &fill {
                Some(fill) => context.piece(of, fill)?,
                None => Blob::from(" "),
            };
            if text::len(kind, &fill) != 1 {
                return Err(Failure::wrong_type("The fill character must be exactly one character long"));
            }
            made(match name {
                "center" => text::center(kind, bytes, width, &fill, room)?,
                "ljust" => text::just(kind, Side::Left, bytes, width, &fill, room)?,
                _ => text::just(kind, Side::Right, bytes, width, &fill, room)?,
            })
        }
        "zfill" => {
            let [width] = arguments.bind(["width"], 1)?;
            made(text::zfill(kind, bytes, context.whole(width.as_ref(), 0)?, room)?)
        }
        "expandtabs" => {
            let [size] = arguments.bind(["tabsize"], 0)?;
            made(text::expandtabs(kind, bytes, context.whole(size.as_ref(), 8)?, room)?)
        }
        "count" | "find" | "rfind" | "index" | "rindex" => {
            let [wanted, start, end] = arguments.bind(["sub", "start", "end"], 1)?;
            let wanted = wanted.unwrap_or(Value::None);
            let wanted = match (of, context.load(wanted.clone())?) {
                (Of::Bytes | Of::Array, Value::Int(byte)) => match u8::try_from(byte) {
                    Ok(byte) => Blob::from(vec![byte]),
                    Err(_) => return Err(Failure::new("ValueError", "byte must be in range(0, 256)")),
                },
                _ => context.piece(of, &wanted).map_err(|failure| match of {
                    Of::Str if failure.kind == "TypeError" => {
                        let class = context.type_name(&wanted);
                        Failure::wrong_type(format!("{name}() argument 1 must be str, not {class}"))
                    }
                    Of::Str => failure,
                    _ => Failure::wrong_type("argument should be integer or bytes-like object, not 'str'"),
                })?,
            };
            let (start, end) = (context.optional_index(start.as_ref())?, context.optional_index(end.as_ref())?);
            Ok(match name {
                "count" => Value::length(text::count(kind, bytes, &wanted, start, end)),
                "find" => text::find(kind, bytes, &wanted, start, end).map_or(Value::Int(-1), Value::length),
                "rfind" => text::rfind(kind, bytes, &wanted, start, end).map_or(Value::Int(-1), Value::length),
                "index" => Value::length(text::index(kind, bytes, &wanted, start, end)?),
                _ => Value::length(text::rindex(kind, bytes, &wanted, start, end)?),
            })
        }
        "startswith" | "endswith" => {
            let [wanted, start, end] = arguments.bind(["prefix", "start", "end"], 1)?;
            let wanted = wanted.unwrap_or(Value::None);
            let (start, end) = (context.optional_index(start.as_ref())?, context.optional_index(end.as_ref())?);
            let is = |piece: &[u8]| match name {
                "startswith" => text::startswith(kind, bytes, piece, start, end),
                _ => text::endswith(kind, bytes, piece, start, end),
            };
            if let Data::Tuple(row) = context.data(&wanted)? {
                for item in row.all(context)? {
                    if is(&context.piece(of, &item)?) {
                        return Ok(Value::Bool(true));
                    }
                }
                return Ok(Value::Bool(false));
            }
            let piece = context.piece(of, &wanted).map_err(|failure| {
                let (class, what) = (
                    context.type_name(&wanted),
                    if of == Of::Str { "str or a tuple of str" } else { "bytes or a tuple of bytes" },
                );
                match failure.kind {
                    "TypeError" => Failure::wrong_type(format!("{name} first arg must be {what}, not {class}")),
                    _ => failure,
                }
            })?;
            flag(is(&piece))
        }
        "strip" | "lstrip" | "rstrip" => {
            let [chars] = arguments.bind(["chars"], 0)?;
            let chars = match chars {
                None | Some(Value::None) => None,
                Some(chars) => Some(context.piece(of, &chars).map_err(|failure| match (of, failure.kind) {
                    (Of::Str, "TypeError") => Failure::wrong_type(format!("{name} arg must be None or str")),
                    _ => failure,
                })?),
            };
            let chars = chars.as_deref();
            made(match name {
                "strip" => text::strip(kind, bytes, chars).to_vec(),
                "lstrip" => text::lstrip(kind, bytes, chars).to_vec(),
                _ => text::rstrip(kind, bytes, chars).to_vec(),
            })
        }
        "removeprefix" | "removesuffix" => {
            let [part] = arguments.bind(["prefix"], 1)?;
            let part = context.piece(of, &part.unwrap_or(Value::None))?;
            made(match name {
                "removeprefix" => text::removeprefix(bytes, &part).to_vec(),
                _ => text::removesuffix(bytes, &part).to_vec(),
            })
        }
        "partition" | "rpartition" => {
            let [separator] = arguments.bind(["sep"], 1)?;
            let separator = context.piece(of, &separator.unwrap_or(Value::None))?;
            let parts = match name {
                "partition" => text::partition(bytes, &separator)?,
                _ => text::rpartition(bytes, &separator)?,
            };
            Ok(Value::tuple(parts.into_iter().map(|part| of.value(part.to_vec())).collect()))
        }
        "replace" => {
            if arguments.positions.len() < 2 && arguments.by_name.is_empty() {
                let given = arguments.positions.len();
                let message = match context.version >= (3, 13) {
                    true => format!("replace() takes at least 2 positional arguments ({given} given)"),
                    false => format!("replace expected at least 2 arguments, got {given}"),
                };
                return Err(Failure::wrong_type(message));
            }
            let [old, new, count] = arguments.bind(["old", "new", "count"], 2)?;
            let (old, new) = (old.unwrap_or(Value::None), new.unwrap_or(Value::None));
            let argument = |value: &Value<'a>, place: usize| {
                context.piece(of, value).map_err(|failure| match (of, failure.kind) {
                    (Of::Str, "TypeError") => {
                        let class = context.type_name(value);
                        Failure::wrong_type(format!("replace() argument {place} must be str, not {class}"))
                    }
                    _ => failure,
                })
            };
            let (old, new) = (argument(&old, 1)?, argument(&new, 2)?);
            made(text::replace(kind, bytes, &old, &new, context.whole(count.as_ref(), -1)?, room)?)
        }
        "split" | "rsplit" => {
            let [separator, most] = arguments.bind(["sep", "maxsplit"], 0)?;
            let separator = match separator {
                None | Some(Value::None) => None,
                Some(separator) => Some(context.piece(of, &separator).map_err(|failure| match of {
                    Of::Str if failure.kind == "TypeError" => {
                        let class = context.type_name(&separator);
                        Failure::wrong_type(format!("must be str or None, not {class}"))
                    }
                    _ => failure,
                })?),
            };
            let most = context.whole(most.as_ref(), -1)?;
            list(match name {
                "split" => text::split(kind, bytes, separator.as_deref(), most, room)?,
                _ => text::rsplit(kind, bytes, separator.as_deref(), most, room)?,
            })
        }
        "splitlines" => {
            let [keep] = arguments.bind(["keepends"], 0)?;
            let keep = match keep {
                Some(keep) => context.truth(&keep)?,
                None => false,
            };
            list(text::splitlines(kind, bytes, keep, room)?)
        }
        "join" => {
            let [pieces] = arguments.bind(["iterable"], 1)?;
            let mut all = Vec::new();
            let pieces = pieces.unwrap_or(Value::None);
            let items = context.collect(&pieces).map_err(|failure| match failure.kind {
                "TypeError" if failure.message.ends_with("is not iterable") => {
                    Failure::wrong_type("can only join an iterable")
                }
                _ => failure,
            })?;
            for (place, piece) in items.iter().enumerate() {
                let piece = context.piece(of, piece).map_err(|failure| match (of, failure.kind) {
                    (_, kind) if kind != "TypeError" => failure,
                    (Of::Str, _) => {
                        let class = context.type_name(piece);
                        Failure::wrong_type(format!("sequence item {place}: expected str instance, {class} found"))
                    }
                    _ => {
                        let class = context.type_name(piece);
                        let message = format!("sequence item {place}: expected a bytes-like object, {class} found");
                        Failure::wrong_type(message)
                    }
                })?;
                all.push(piece);
            }
            made(text::join(bytes, all.iter().map(|piece| &**piece), room)?)
        }
        "encode" | "decode" => {
            let [encoding, errors] = arguments.bind(["encoding", "errors"], 0)?;
            let word = |value: Option<Value<'a>>, default: &str| -> Res<Vec<u8>> {
                match value {
                    None => Ok(default.as_bytes().to_vec()),
                    Some(value) => Ok(context.piece(Of::Str, &value)?.to_vec()),
                }
            };
            let (encoding, errors) = (word(encoding, "utf-8")?, word(errors, "strict")?);
            let unknown = |what: &str, name: &[u8]| {
                Failure::new("LookupError", format!("unknown {what}: {}", String::from_utf8_lossy(name)))
            };
            let encoding = Encoding::named(&encoding).ok_or_else(|| unknown("encoding", &encoding))?;
            let errors = Errors::named(&errors).ok_or_else(|| {
                Failure::new(
                    "LookupError",
                    format!("unknown error handler name '{}'", String::from_utf8_lossy(&errors)),
                )
            })?;
            if name == "encode" {
                let made = text::encode(bytes, encoding, errors, room)?;
                context.budget.grow(made.len())?;
                return Ok(Value::Bytes(made.into()));
            }
            let made = text::decode(bytes, encoding, errors, room)?;
            context.budget.grow(made.len())?;
            Ok(Value::Text(made.into()))
        }
        "hex" => {
            let [separator, group] = arguments.bind(["sep", "bytes_per_sep"], 0)?;
            let separator = separator.map(|separator| context.piece(Of::Str, &separator)).transpose()?;
            let group = context.whole(group.as_ref(), 1)?;
            Ok(Value::Text(text::hex(bytes, separator.as_deref(), group, room)?.into()))
        }
        "translate" => translate(context, bytes, of, arguments),
        "format" => braces::format(context, bytes, &arguments.positions, &arguments.by_name)
            .map(|text| Value::Text(text.into())),
        "format_map" => {
            let [mapping] = arguments.bind(["mapping"], 1)?;
            let mapping = mapping.unwrap_or(Value::None);
            let data = context.data_for(&mapping, &["__getitem__", "__missing__"])?;
            let mut names = Vec::new();
            if let Some(dict) = context.mapping(&data)? {
                for (name, value) in dict.pairs() {
                    names.push((String::from_utf8_lossy(&context.string(name)?).into_owned(), value.clone()));
                }
            }
            braces::format(context, bytes, &[], &names).map(|text| Value::Text(text.into()))
        }
        "append" | "extend" | "pop" => Err(super::changes(name)),
        _ => Err(Failure::new("NotSupported", format!("the method {name} is not understood"))),
    }
}

fn translate<'a>(context: &Context<'a>, bytes: &Blob<'a>, of: Of, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [table, deleted] = arguments.bind(["table", "delete"], 1)?;
    let table = table.unwrap_or(Value::None);
    if of != Of::Str {
        let deleted = match deleted {
            Some(deleted) => context.piece(of, &deleted)?.to_vec(),
            None => Vec::new(),
        };
        let table = match table {
            Value::None => None,
            table => Some(context.piece(of, &table)?),
        };
        return Ok(of.value(text::bytes_translate(bytes, table.as_deref(), &deleted)?));
    }
    let Some(dict) = context.mapping(&context.data(&table)?)? else {
        return Err(Failure::new("NotSupported", "translate understands dicts only"));
    };
    let mut map: FxHashMap<u32, Option<Vec<u8>>> = FxHashMap::default();
    for (key, value) in dict.pairs() {
        let Some(code) = context.index(key)?.and_then(|code| u32::try_from(code).ok()) else { continue };
        let made = match context.load(value.clone())? {
            Value::None => None,
            Value::Int(other) => {
                let mut made = Vec::new();
                text::push(&mut made, u32::try_from(other).unwrap_or(0));
                Some(made)
            }
            Value::Text(text) => Some(text.to_vec()),
            _ => return Err(Failure::wrong_type("character mapping must return integer, None or str")),
        };
        map.insert(code, made);
    }
    Ok(of.value(text::translate(bytes, &map, context.budget.room())?))
}

/// `str.maketrans`, `bytes.maketrans`
pub(super) fn maketrans<'a>(context: &Context<'a>, of_text: bool, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [from, to, deleted] = arguments.bind(["x", "y", "z"], 1)?;
    let from = from.unwrap_or(Value::None);
    if !of_text {
        let to = to.unwrap_or(Value::None);
        let table = text::bytes_maketrans(&context.piece(Of::Bytes, &from)?, &context.piece(Of::Bytes, &to)?)?;
        return Ok(Value::Bytes(table.into()));
    }
    let mut dict = super::super::dict::Dict::default();
    let Some(to) = to else {
        let Some(given) = context.mapping(&context.data(&from)?)? else {
            return Err(Failure::wrong_type("if you give only one argument to maketrans it must be a dict"));
        };
        for (key, value) in given.pairs() {
            let key = match context.load(key.clone())? {
                Value::Text(text) => match text::ord(Kind::Str, &text) {
                    Some(code) => Value::Int(i64::from(code)),
                    None => {
                        return Err(Failure::new("ValueError", "string keys in translate table must be of length 1"));
                    }
                },
                other => other,
            };
            dict.insert(context.key(&key)?, key, value.clone());
        }
        return Ok(Value::dict(dict));
    };
    let deleted = match deleted {
        Some(deleted) => context.piece(Of::Str, &deleted)?.to_vec(),
        None => Vec::new(),
    };
    for (code, to) in text::maketrans(&context.piece(Of::Str, &from)?, &context.piece(Of::Str, &to)?, &deleted)? {
        let key = Value::Int(i64::from(code));
        let to = to.map_or(Value::None, |to| Value::Int(i64::from(to)));
        dict.insert(context.key(&key)?, key, to);
    }
    Ok(Value::dict(dict))
}
