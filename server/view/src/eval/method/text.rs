//! Methods of `str`, `bytes` and `bytearray` that change nothing.

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::value::{Blob, Value};
use super::super::{Context, Failure, Res, braces};
use super::codec;
use crate::python::text::{self, Kind, Side};

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

    pub(super) fn value<'a>(self, bytes: Vec<u8>) -> Value<'a> {
        match self {
            Of::Str => Value::Text(bytes.into()),
            Of::Bytes => Value::Bytes(bytes.into()),
            Of::Array => Value::array(bytes),
        }
    }
}

impl<'a> Context<'a> {
    /// An argument that must be text, or bytes.
    pub(in crate::eval) fn piece(&self, of: Of, value: &Value<'a>) -> Res<Blob<'a>> {
        if let Some(text) = self.piece_of(of, value)? {
            return Ok(text);
        }
        let class = self.type_name(value);
        Err(Failure::wrong_type(match of {
            Of::Str => format!("must be str, not {class}"),
            _ => format!("a bytes-like object is required, not '{class}'"),
        }))
    }

    /// An argument, where it is text, or bytes.
    fn piece_of(&self, of: Of, value: &Value<'a>) -> Res<Option<Blob<'a>>> {
        Ok(match (of, self.data(value)?) {
            (Of::Str, Data::Value(Value::Text(text))) => Some(text),
            (Of::Bytes | Of::Array, Data::Value(Value::Bytes(bytes)) | Data::Array(bytes)) => Some(bytes),
            (Of::Bytes | Of::Array, Data::Memory(memory)) => Some(memory.bytes()?.into()),
            (_, Data::Value(Value::Text(text) | Value::Bytes(text))) if self.python2 => Some(text),
            _ => None,
        })
    }

    /// An argument that must be text; `which` is how the message calls it: `argument 1`, `argument 'encoding'`.
    pub(in crate::eval) fn text_argument(&self, value: &Value<'a>, function: &str, which: &str) -> Res<Blob<'a>> {
        self.piece_of(Of::Str, value)?
            .ok_or_else(|| Failure::wrong_type(format!("{function}() {which} must be str, not {}", self.given(value))))
    }

    fn optional_index(&self, value: Option<&Value<'a>>) -> Res<Option<i64>> {
        let Some(value) = value else { return Ok(None) };
        match (self.index(value)?, self.load(value.clone())?) {
            (Some(index), _) => Ok(Some(index)),
            (None, Value::None) => Ok(None),
            _ => Err(Failure::wrong_type("slice indices must be integers or None or have an __index__ method")),
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
    let list = |pieces: Vec<&[u8]>| -> Res<Value<'a>> {
        context.budget.grow(bytes.len() + pieces.len() * 64)?;
        Ok(Value::list(pieces.into_iter().map(|piece| of.value(piece.to_vec())).collect()))
    };
    if let Some(is) = quality(kind, bytes, name) {
        return arguments.none().map(|()| Value::Bool(is));
    }
    match name {
        "capitalize" => arguments.none().and_then(|()| made(text::capitalize(kind, bytes, room)?)),
        "casefold" => arguments.none().and_then(|()| made(text::casefold(bytes, room)?)),
        "lower" => arguments.none().and_then(|()| made(text::lower(kind, bytes, room)?)),
        "upper" => arguments.none().and_then(|()| made(text::upper(kind, bytes, room)?)),
        "swapcase" => arguments.none().and_then(|()| made(text::swapcase(kind, bytes, room)?)),
        "title" => arguments.none().and_then(|()| made(text::title(kind, bytes, room)?)),
        "center" | "ljust" | "rjust" => {
            let [width, fill] = arguments.positional(1)?;
            let width = context.int_or(width.as_ref(), 0)?;
            let fill = fill_character(context, of, name, fill.as_ref())?;
            made(match name {
                "center" => text::center(kind, bytes, width, &fill, room)?,
                "ljust" => text::just(kind, Side::Left, bytes, width, &fill, room)?,
                _ => text::just(kind, Side::Right, bytes, width, &fill, room)?,
            })
        }
        "zfill" => {
            let width = context.int(&arguments.one()?)?;
            made(text::zfill(kind, bytes, width, room)?)
        }
        "expandtabs" => {
            let [size] = arguments.named(["tabsize"], 0)?;
            made(text::expandtabs(kind, bytes, context.int_or(size.as_ref(), 8)?, room)?)
        }
        "count" | "find" | "rfind" | "index" | "rindex" => {
            let [wanted, start, end] = arguments.positional(1)?;
            let wanted = wanted.unwrap_or(Value::None);
            let wanted_text = if of == Of::Str { Some(wanted_piece(context, of, name, &wanted)?) } else { None };
            let (start, end) = (context.optional_index(start.as_ref())?, context.optional_index(end.as_ref())?);
            // Of bytes it is looked at last.
            let wanted = wanted_text.map_or_else(|| wanted_piece(context, of, name, &wanted), Ok)?;
            Ok(match name {
                "count" => Value::length(text::count(kind, bytes, &wanted, start, end)),
                "find" => text::find(kind, bytes, &wanted, start, end).map_or(Value::Int(-1), Value::length),
                "rfind" => text::rfind(kind, bytes, &wanted, start, end).map_or(Value::Int(-1), Value::length),
                "index" => Value::length(text::index(kind, bytes, &wanted, start, end)?),
                _ => Value::length(text::rindex(kind, bytes, &wanted, start, end)?),
            })
        }
        "startswith" | "endswith" => starts_or_ends(context, bytes, of, name, arguments),
        "strip" | "lstrip" | "rstrip" => {
            let [chars] = arguments.positional(0)?;
            let chars = match chars {
                None | Some(Value::None) => None,
                Some(chars) => match context.piece_of(of, &chars)? {
                    None if of == Of::Str => {
                        return Err(Failure::wrong_type(format!("{name} arg must be None or str")));
                    }
                    _ => Some(context.piece(of, &chars)?),
                },
            };
            let chars = chars.as_deref();
            made(match name {
                "strip" => text::strip(kind, bytes, chars).to_vec(),
                "lstrip" => text::lstrip(kind, bytes, chars).to_vec(),
                _ => text::rstrip(kind, bytes, chars).to_vec(),
            })
        }
        "removeprefix" | "removesuffix" => {
            let part = arguments.one()?;
            let part = match of {
                Of::Str => context.text_argument(&part, name, "argument")?,
                _ => context.piece(of, &part)?,
            };
            made(match name {
                "removeprefix" => text::removeprefix(bytes, &part).to_vec(),
                _ => text::removesuffix(bytes, &part).to_vec(),
            })
        }
        "partition" | "rpartition" => {
            let separator = context.piece(of, &arguments.one()?)?;
            let parts = match name {
                "partition" => text::partition(bytes, &separator)?,
                _ => text::rpartition(bytes, &separator)?,
            };
            Ok(Value::tuple(parts.into_iter().map(|part| of.value(part.to_vec())).collect()))
        }
        "replace" => {
            let by_name = of == Of::Str && context.version >= (3, 13);
            let [old, new, count] =
                if by_name { arguments.named(["", "", "count"], 2)? } else { arguments.positional(2)? };
            let argument = |value: Option<Value<'a>>, which: &str| match (of, value.unwrap_or(Value::None)) {
                (Of::Str, value) => context.text_argument(&value, name, which),
                (_, value) => context.piece(of, &value),
            };
            let (old, new) = (argument(old, "argument 1")?, argument(new, "argument 2")?);
            made(text::replace(kind, bytes, &old, &new, context.int_or(count.as_ref(), -1)?, room)?)
        }
        "split" | "rsplit" => {
            let [separator, most] = arguments.named(["sep", "maxsplit"], 0)?;
            let separator = match separator {
                None | Some(Value::None) => None,
                Some(separator) => match context.piece_of(of, &separator)? {
                    None if of == Of::Str => {
                        let class = context.type_name(&separator);
                        return Err(Failure::wrong_type(format!("must be str or None, not {class}")));
                    }
                    _ => Some(context.piece(of, &separator)?),
                },
            };
            let most = context.int_or(most.as_ref(), -1)?;
            list(match name {
                "split" => text::split(kind, bytes, separator.as_deref(), most, room)?,
                _ => text::rsplit(kind, bytes, separator.as_deref(), most, room)?,
            })
        }
        "splitlines" => {
            let [keep] = arguments.named(["keepends"], 0)?;
            let keep = keep.map_or(Ok(false), |keep| context.truth(&keep))?;
            list(text::splitlines(kind, bytes, keep, room)?)
        }
        "join" => made(join(context, bytes, of, &arguments.one()?)?),
        "encode" => codec::encode(context, bytes, arguments),
        "decode" => codec::decode(context, bytes, arguments),
        "hex" => codec::hex(context, bytes, arguments),
        "translate" => codec::translate(context, bytes, of, arguments),
        "format" => braces::format(context, bytes, &braces::Source::Call(&arguments.positions, &arguments.by_name))
            .map(|text| Value::Text(text.into())),
        "format_map" => {
            let mapping = arguments.one()?;
            braces::format(context, bytes, &braces::Source::Mapping(&mapping)).map(|text| Value::Text(text.into()))
        }
        _ => Err(Failure::unknown_method(name)),
    }
}

/// `isalpha()` and its kin; `None` where the name is of another method.
fn quality(kind: Kind, bytes: &[u8], name: &str) -> Option<bool> {
    Some(match name {
        "isalnum" => text::isalnum(kind, bytes),
        "isalpha" => text::isalpha(kind, bytes),
        "isascii" => text::isascii(bytes),
        "isdecimal" => text::isdecimal(bytes),
        "isdigit" => text::isdigit(kind, bytes),
        "isidentifier" => text::isidentifier(bytes),
        "islower" => text::islower(kind, bytes),
        "isnumeric" => text::isnumeric(bytes),
        "isprintable" => text::isprintable(bytes),
        "isspace" => text::isspace(kind, bytes),
        "istitle" => text::istitle(kind, bytes),
        "isupper" => text::isupper(kind, bytes),
        _ => return None,
    })
}

fn fill_character<'a>(context: &Context<'a>, of: Of, name: &str, fill: Option<&Value<'a>>) -> Res<Blob<'a>> {
    let Some(fill) = fill else { return Ok(Blob::from(" ")) };
    let class = context.type_name(fill);
    match (of, context.piece_of(of, fill)?) {
        (_, Some(one)) if text::len(of.kind(), &one) == 1 => Ok(one),
        (Of::Str, Some(_)) => Err(Failure::wrong_type("The fill character must be exactly one character long")),
        (Of::Str, None) => {
            Err(Failure::wrong_type(format!("The fill character must be a unicode character, not {class}")))
        }
        _ => {
            let message = format!("{name}() argument 2 must be a byte string of length 1, not {class}");
            Err(Failure::wrong_type(message))
        }
    }
}

/// What `find` and its kin look for: text; of bytes also the number of one.
fn wanted_piece<'a>(context: &Context<'a>, of: Of, name: &str, wanted: &Value<'a>) -> Res<Blob<'a>> {
    if of == Of::Str {
        return context.text_argument(wanted, name, "argument 1");
    }
    if let Some(piece) = context.piece_of(of, wanted)? {
        return Ok(piece);
    }
    match context.index(wanted)?.map(u8::try_from) {
        Some(Ok(byte)) => Ok(Blob::from(vec![byte])),
        Some(Err(_)) => Err(Failure::new("ValueError", "byte must be in range(0, 256)")),
        None => {
            let class = context.type_name(wanted);
            Err(Failure::wrong_type(format!("argument should be integer or bytes-like object, not '{class}'")))
        }
    }
}

fn starts_or_ends<'a>(
    context: &Context<'a>,
    bytes: &Blob<'a>,
    of: Of,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    let [wanted, start, end] = arguments.positional(1)?;
    let wanted = wanted.unwrap_or(Value::None);
    let (start, end) = (context.optional_index(start.as_ref())?, context.optional_index(end.as_ref())?);
    let is = |piece: &[u8]| match name {
        "startswith" => text::startswith(of.kind(), bytes, piece, start, end),
        _ => text::endswith(of.kind(), bytes, piece, start, end),
    };
    if let Data::Tuple(row) = context.data(&wanted)? {
        for item in row.all(context)? {
            let piece = match (of, context.piece_of(of, &item)?) {
                (_, Some(piece)) => piece,
                (Of::Str, None) => {
                    let class = context.type_name(&item);
                    let message = format!("tuple for {name} must only contain str, not {class}");
                    return Err(Failure::wrong_type(message));
                }
                _ => context.piece(of, &item)?,
            };
            if is(&piece) {
                return Ok(Value::Bool(true));
            }
        }
        return Ok(Value::Bool(false));
    }
    match context.piece_of(of, &wanted)? {
        Some(piece) => Ok(Value::Bool(is(&piece))),
        None => {
            let class = context.type_name(&wanted);
            let what = if of == Of::Str { "str or a tuple of str" } else { "bytes or a tuple of bytes" };
            Err(Failure::wrong_type(format!("{name} first arg must be {what}, not {class}")))
        }
    }
}

fn join<'a>(context: &Context<'a>, between: &[u8], of: Of, pieces: &Value<'a>) -> Res<Vec<u8>> {
    let items = context.collect(pieces).map_err(|failure| match failure.kind {
        "TypeError" if failure.message.ends_with("is not iterable") => Failure::wrong_type("can only join an iterable"),
        _ => failure,
    })?;
    let what = if of == Of::Str { "str instance" } else { "a bytes-like object" };
    let mut all = Vec::new();
    for (place, piece) in items.iter().enumerate() {
        all.push(context.piece_of(of, piece)?.ok_or_else(|| {
            let class = context.type_name(piece);
            Failure::wrong_type(format!("sequence item {place}: expected {what}, {class} found"))
        })?);
    }
    Ok(text::join(between, all.iter().map(|piece| &**piece), context.budget.room())?)
}
