//! Methods of text and bytes that turn one into the other by a table: encodings, hexadecimal digits, `translate`.

use rustc_hash::FxHashMap;

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::dict::Dict;
use super::super::value::{Blob, Value};
use super::super::{Context, Failure, Res};
use super::text::Of;
use crate::python::Raised;
use crate::python::text::{self, Encoding, Errors, Kind};
use crate::repr::characters;

/// How names of encodings begin that Python knows, and that are not built.
const KNOWN: &[&str] = &[
    "base64",
    "big5",
    "bz2",
    "charmap",
    "cp",
    "cyrillic",
    "euc",
    "gb",
    "greek",
    "hebrew",
    "hex",
    "hp",
    "hz",
    "ibm",
    "idna",
    "iso",
    "johab",
    "koi8",
    "ks",
    "kz",
    "latin",
    "l",
    "mac",
    "mbcs",
    "oem",
    "palmos",
    "ptcp",
    "punycode",
    "quopri",
    "raw-unicode-escape",
    "rot",
    "shift",
    "sjis",
    "tis",
    "u-jis",
    "undefined",
    "unicode-escape",
    "utf-7",
    "utf7",
    "uu",
    "windows",
    "zip",
    "zlib",
];

/// What an encoding and a handler of errors are, by the names that were given.
struct Codec<'a> {
    encoding: Encoding,
    /// `None`: there is no such handler, which matters where one is needed.
    errors: Option<Errors>,
    handler: Blob<'a>,
}

impl<'a> Codec<'a> {
    fn of(
        context: &Context<'a>,
        function: &str,
        encoding: Option<&Value<'a>>,
        errors: Option<&Value<'a>>,
    ) -> Res<Self> {
        let word = |value: Option<&Value<'a>>, name: &str, default: &str| match value {
            None => Ok(Blob::from(default)),
            Some(value) => context.text_argument(value, function, &format!("argument '{name}'")),
        };
        let name = word(encoding, "encoding", "utf-8")?;
        let handler = word(errors, "errors", "strict")?;
        let encoding = Encoding::named(&name).ok_or_else(|| {
            let name = String::from_utf8_lossy(&name);
            let plain = name.to_ascii_lowercase().replace(['_', ' '], "-");
            match KNOWN.iter().any(|known| plain.starts_with(known)) {
                true => Failure::new("NotSupported", format!("the encoding {name} is not understood")),
                false => Failure::new("LookupError", format!("unknown encoding: {name}")),
            }
        })?;
        if &*handler == b"namereplace" {
            return Err(Failure::new("NotSupported", "the error handler namereplace is not understood"));
        }
        Ok(Codec { encoding, errors: Errors::named(&handler), handler })
    }

    fn run(&self, convert: impl FnOnce(Encoding, Errors) -> Result<Vec<u8>, Raised>) -> Res<Vec<u8>> {
        convert(self.encoding, self.errors.unwrap_or(Errors::Strict)).map_err(|raised| {
            match self.errors.is_none() && raised.kind.starts_with("Unicode") {
                true => {
                    let name = String::from_utf8_lossy(&self.handler);
                    Failure::new("LookupError", format!("unknown error handler name '{name}'"))
                }
                false => raised.into(),
            }
        })
    }
}

/// `text.encode(…)`, and `bytes(text, …)`, which names itself in messages.
pub(in crate::eval) fn encode<'a>(context: &Context<'a>, text: &[u8], arguments: Arguments<'a>) -> Res<Value<'a>> {
    let function = arguments.function.clone();
    let [encoding, errors] = arguments.named(["encoding", "errors"], 0)?;
    let codec = Codec::of(context, &function, encoding.as_ref(), errors.as_ref())?;
    let made = codec.run(|encoding, errors| text::encode(text, encoding, errors, context.budget.room()))?;
    context.budget.grow(made.len())?;
    Ok(Value::Bytes(made.into()))
}

/// `bytes.decode(…)`, and `str(bytes, …)`, which names itself in messages.
pub(in crate::eval) fn decode<'a>(context: &Context<'a>, bytes: &[u8], arguments: Arguments<'a>) -> Res<Value<'a>> {
    let function = arguments.function.clone();
    let [encoding, errors] = arguments.named(["encoding", "errors"], 0)?;
    let codec = Codec::of(context, &function, encoding.as_ref(), errors.as_ref())?;
    let made = codec.run(|encoding, errors| text::decode(bytes, encoding, errors, context.budget.room()))?;
    context.budget.grow(made.len())?;
    Ok(Value::Text(made.into()))
}

pub(in crate::eval) fn hex<'a>(context: &Context<'a>, bytes: &[u8], arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [separator, group] = arguments.named(["sep", "bytes_per_sep"], 0)?;
    let separator = match separator {
        None => None,
        Some(separator) => match context.data(&separator)? {
            Data::Value(Value::Text(text) | Value::Bytes(text)) => Some(text),
            _ => {
                context.length(&separator)?;
                return Err(Failure::wrong_type("sep must be str or bytes."));
            }
        },
    };
    let group = context.int_or(group.as_ref(), 1)?;
    Ok(Value::Text(text::hex(bytes, separator.as_deref(), group, context.budget.room())?.into()))
}

/// `bytes.fromhex(…)`, `bytearray.fromhex(…)`
pub(super) fn fromhex<'a>(context: &Context<'a>, of: Of, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let digits = context.text_argument(&arguments.one()?, "fromhex", "argument")?;
    Ok(of.value(text::fromhex(&digits)?))
}

pub(super) fn translate<'a>(
    context: &Context<'a>,
    bytes: &Blob<'a>,
    of: Of,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    if of != Of::Str {
        let [table, deleted] = arguments.named(["", "delete"], 1)?;
        let deleted =
            deleted.map_or(Ok(Vec::new()), |deleted| context.piece(of, &deleted).map(|bytes| bytes.to_vec()))?;
        let table = match table {
            None | Some(Value::None) => None,
            Some(table) => Some(context.piece(of, &table)?),
        };
        return Ok(of.value(text::bytes_translate(bytes, table.as_deref(), &deleted)?));
    }
    let table = arguments.one()?;
    let mut map: FxHashMap<u32, Option<Vec<u8>>> = FxHashMap::default();
    for character in characters(bytes) {
        let Some(code) = text::ord(Kind::Str, character).filter(|code| !map.contains_key(code)) else { continue };
        let found = match context.subscript(&table, &Value::Int(i64::from(code))) {
            Ok(found) => found,
            Err(failure) if super::super::types::derives(failure.kind, "LookupError") => {
                map.insert(code, Some(character.to_vec()));
                continue;
            }
            Err(failure) => return Err(failure),
        };
        map.insert(code, replacement(context, &found)?);
    }
    Ok(of.value(text::translate(bytes, &map, context.budget.room())?))
}

/// What a table says that a character becomes.
fn replacement<'a>(context: &Context<'a>, found: &Value<'a>) -> Res<Option<Vec<u8>>> {
    Ok(match context.data(found)? {
        Data::Value(Value::None) => None,
        Data::Value(Value::Text(text)) => Some(text.to_vec()),
        _ => {
            let Some(code) = context.index(found)? else {
                return Err(Failure::wrong_type("character mapping must return integer, None or str"));
            };
            let Some(code) = u32::try_from(code).ok().filter(|code| *code < 0x11_0000) else {
                return Err(Failure::new("ValueError", "character mapping must be in range(0x110000)"));
            };
            let mut made = Vec::new();
            text::push(&mut made, code);
            Some(made)
        }
    })
}

/// `str.maketrans`, `bytes.maketrans`
pub(super) fn maketrans<'a>(context: &Context<'a>, of_text: bool, arguments: Arguments<'a>) -> Res<Value<'a>> {
    if !of_text {
        let [from, to] = arguments.positional(2)?.map(|value| value.unwrap_or(Value::None));
        let table = text::bytes_maketrans(&context.piece(Of::Bytes, &from)?, &context.piece(Of::Bytes, &to)?)?;
        return Ok(Value::Bytes(table.into()));
    }
    let [from, to, deleted] = arguments.positional(1)?;
    let from = from.unwrap_or(Value::None);
    let Some(to) = to else { return by_dict(context, &from) };
    let to = context.text_argument(&to, "maketrans", "argument 2")?;
    let deleted = match deleted {
        Some(deleted) => context.text_argument(&deleted, "maketrans", "argument 3")?,
        None => Blob::from(""),
    };
    let Data::Value(Value::Text(from)) = context.data(&from)? else {
        return Err(Failure::wrong_type("first maketrans argument must be a string if there is a second argument"));
    };
    let mut dict = Dict::default();
    for (code, to) in text::maketrans(&from, &to, &deleted)? {
        let key = Value::Int(i64::from(code));
        let to = to.map_or(Value::None, |to| Value::Int(i64::from(to)));
        dict.insert(context.key(&key)?, key, to);
    }
    Ok(Value::dict(dict))
}

fn by_dict<'a>(context: &Context<'a>, from: &Value<'a>) -> Res<Value<'a>> {
    let Some(given) = context.mapping(&context.data(from)?)? else {
        return Err(Failure::wrong_type("if you give only one argument to maketrans it must be a dict"));
    };
    let mut dict = Dict::default();
    for (key, value) in given.pairs() {
        let key = match context.data(key)? {
            Data::Value(Value::Text(text)) => match text::ord(Kind::Str, &text) {
                Some(code) => Value::Int(i64::from(code)),
                None => {
                    return Err(Failure::new("ValueError", "string keys in translate table must be of length 1"));
                }
            },
            _ if context.index(key)?.is_some() => key.clone(),
            _ => return Err(Failure::wrong_type("keys in translate table must be strings or integers")),
        };
        dict.insert(context.key(&key)?, key, value.clone());
    }
    Ok(Value::dict(dict))
}
