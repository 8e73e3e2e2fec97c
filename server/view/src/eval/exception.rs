//! Builtin exceptions: those that an expression makes, and what `str` says of any.

use std::rc::Rc;

use crashsite_model::Object;

use super::arguments::Arguments;
use super::data::Data;
use super::value::Value;
use super::{Context, Failure, Res, class, types};

/// An exception that an expression made.
#[derive(Debug)]
pub(super) struct Made<'a> {
    pub(super) class: &'static str,
    pub(super) args: Rc<[Value<'a>]>,
    /// What it holds besides its arguments: `errno`, `value`, …
    parts: Vec<(&'static str, Value<'a>)>,
}

impl<'a> Made<'a> {
    /// Its attributes, but for the special ones.
    pub(super) fn attribute(&self, name: &str) -> Option<Value<'a>> {
        match name {
            "args" => Some(Value::Tuple(self.args.clone())),
            "__cause__" | "__context__" | "__traceback__" => Some(Value::None),
            "__suppress_context__" => Some(Value::Bool(false)),
            _ => self.parts.iter().find(|(part, _)| *part == name).map(|part| part.1.clone()),
        }
    }
}

/// The subclass of OSError for a number, of those numbers that every system has alike.
fn of_errno(number: i64) -> &'static str {
    match number {
        1 | 13 => "PermissionError",
        2 => "FileNotFoundError",
        3 => "ProcessLookupError",
        4 => "InterruptedError",
        10 => "ChildProcessError",
        17 => "FileExistsError",
        20 => "NotADirectoryError",
        21 => "IsADirectoryError",
        32 => "BrokenPipeError",
        _ => "OSError",
    }
}

/// The same, of those numbers that Linux has for itself.
fn of_errno_of_linux(number: i64) -> &'static str {
    match number {
        11 | 114 | 115 => "BlockingIOError",
        103 => "ConnectionAbortedError",
        104 => "ConnectionResetError",
        108 => "BrokenPipeError",
        110 => "TimeoutError",
        111 => "ConnectionRefusedError",
        other => of_errno(other),
    }
}

/// Calls the class of a builtin exception.
pub(super) fn construct<'a>(
    context: &Context<'a>,
    class: &'static str,
    mut arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    context.budget.grow(arguments.positions.len().saturating_mul(size_of::<Value<'_>>()))?;
    let is = |base: &str| types::derives(class, base);
    let names: &[&'static str] = match () {
        () if is("ImportError") => &["name", "path", "name_from"],
        () if is("AttributeError") => &["name", "obj"],
        () if is("NameError") => &["name"],
        () => &[],
    };
    let mut parts: Vec<(&'static str, Value<'a>)> = names.iter().map(|name| (*name, Value::None)).collect();
    for (name, value) in std::mem::take(&mut arguments.by_name) {
        match parts.iter_mut().find(|(part, _)| *part == name) {
            Some(part) => part.1 = value,
            None if names.is_empty() => {
                return Err(Failure::wrong_type(format!("{class}() takes no keyword arguments")));
            }
            None => {
                let base = ["ImportError", "AttributeError", "NameError"].into_iter().find(|base| is(base));
                let base = base.unwrap_or(class);
                return Err(Failure::wrong_type(format!("{base}() got an unexpected keyword argument '{name}'")));
            }
        }
    }
    let mut args = arguments.positions;
    let mut class = class;
    let first = args.first().cloned();
    match () {
        () if is("OSError") => class = os_error(context, class, &mut args, &mut parts)?,
        () if is("StopIteration") => parts.push(("value", first.unwrap_or(Value::None))),
        () if is("SystemExit") => parts.push((
            "code",
            match args.len() {
                0 | 1 => first.unwrap_or(Value::None),
                _ => Value::tuple(args.clone()),
            },
        )),
        () if is("ImportError") => {
            let only = first.filter(|_| args.len() == 1);
            parts.push(("msg", only.unwrap_or(Value::None)));
        }
        () if is("SyntaxError") => syntax_error(context, &args, &mut parts)?,
        () if is("UnicodeError") && class != "UnicodeError" => unicode_error(context, class, &args, &mut parts)?,
        () if is("BaseExceptionGroup") => class = group(context, class, &args, &mut parts)?,
        () => {}
    }
    Ok(Value::Exception(Rc::new(Made { class, args: args.into(), parts })))
}

fn os_error<'a>(
    context: &Context<'a>,
    class: &'static str,
    args: &mut Vec<Value<'a>>,
    parts: &mut Vec<(&'static str, Value<'a>)>,
) -> Res<&'static str> {
    let given = (2..=5).contains(&args.len());
    let part = |place: usize| args.get(place).filter(|_| given).cloned().unwrap_or(Value::None);
    let (number, file) = (part(0), part(2));
    parts.extend([
        ("errno", number.clone()),
        ("strerror", part(1)),
        ("filename", file.clone()),
        ("filename2", part(4)),
    ]);
    if !matches!(context.load(file)?, Value::None) {
        args.truncate(2);
    }
    let number = match context.load(number)? {
        Value::Int(number) if class == "OSError" => number,
        _ => return Ok(class),
    };
    let linux = context
        .dump
        .process
        .python
        .platform
        .as_deref()
        .is_some_and(|platform| platform.to_lowercase().contains("linux"));
    Ok(if linux { of_errno_of_linux(number) } else { of_errno(number) })
}

fn syntax_error<'a>(context: &Context<'a>, args: &[Value<'a>], parts: &mut Vec<(&'static str, Value<'a>)>) -> Res<()> {
    const NAMES: [&str; 6] = ["filename", "lineno", "offset", "text", "end_lineno", "end_offset"];
    parts.push(("msg", args.first().cloned().unwrap_or(Value::None)));
    parts.push(("print_file_and_line", Value::None));
    let details = match args {
        [_, details] => context.collect(details)?,
        _ => Vec::new(),
    };
    if args.len() == 2 && !matches!(details.len(), 4 | 6) {
        return Err(match details.len() {
            0..4 => Failure::wrong_type(format!("function missing required argument (pos {})", details.len() + 1)),
            _ => Failure::wrong_type("end_offset must be provided when end_lineno is provided"),
        });
    }
    for (place, name) in NAMES.into_iter().enumerate() {
        parts.push((name, details.get(place).cloned().unwrap_or(Value::None)));
    }
    Ok(())
}

fn unicode_error<'a>(
    context: &Context<'a>,
    class: &str,
    args: &[Value<'a>],
    parts: &mut Vec<(&'static str, Value<'a>)>,
) -> Res<()> {
    let names: &[&'static str] = match class {
        "UnicodeTranslateError" => &["object", "start", "end", "reason"],
        _ => &["encoding", "object", "start", "end", "reason"],
    };
    if args.len() != names.len() {
        let (wanted, given) = (names.len(), args.len());
        return Err(Failure::wrong_type(format!("function takes exactly {wanted} arguments ({given} given)")));
    }
    for (place, (name, value)) in names.iter().zip(args).enumerate() {
        let wanted = match *name {
            "start" | "end" => {
                context.int(value)?;
                continue;
            }
            "object" if class == "UnicodeDecodeError" => {
                context.piece(super::method::Of::Bytes, value)?;
                continue;
            }
            _ => "str",
        };
        if !matches!(context.data(value)?, Data::Value(Value::Text(_))) {
            let (place, class) = (place + 1, context.given(value));
            return Err(Failure::wrong_type(format!("argument {place} must be {wanted}, not {class}")));
        }
    }
    parts.extend(names.iter().copied().zip(args.iter().cloned()));
    Ok(())
}

fn group<'a>(
    context: &Context<'a>,
    class: &'static str,
    args: &[Value<'a>],
    parts: &mut Vec<(&'static str, Value<'a>)>,
) -> Res<&'static str> {
    let [message, inner] = args else {
        let given = args.len();
        let message = format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({given} given)");
        return Err(Failure::wrong_type(message));
    };
    if !matches!(context.data(message)?, Data::Value(Value::Text(_))) {
        let class = context.type_name(message);
        return Err(Failure::wrong_type(format!("argument 1 must be str, not {class}")));
    }
    let items = context.collect(inner).map_err(|failure| match failure.kind {
        "TypeError" => Failure::wrong_type("second argument (exceptions) must be a sequence"),
        _ => failure,
    })?;
    if items.is_empty() {
        return Err(Failure::new("ValueError", "second argument (exceptions) must be a non-empty sequence"));
    }
    let mut plain = true;
    for (place, item) in items.iter().enumerate() {
        if !context.is_instance(item, &Value::Class("BaseException"))? {
            let message = format!("Item {place} of second argument (exceptions) is not an exception");
            return Err(Failure::new("ValueError", message));
        }
        plain &= context.is_instance(item, &Value::Class("Exception"))?;
    }
    parts.extend([("message", message.clone()), ("exceptions", Value::tuple(items))]);
    match (class, plain) {
        ("ExceptionGroup", false) => Err(Failure::wrong_type("Cannot nest BaseExceptions in an ExceptionGroup")),
        (_, true) => Ok("ExceptionGroup"),
        _ => Ok("BaseExceptionGroup"),
    }
}

impl<'a> Context<'a> {
    /// `str` of an exception that the program held.
    pub(super) fn string_of_exception(&self, object: &Object<'a>) -> Res<Vec<u8>> {
        let value = Value::Object(*object);
        let args = self.attribute(&value, "args")?;
        let args = self.collect(&args)?;
        let is = |name: &str| {
            class::of(self.dump, object).is_some_and(|class| {
                class::mro(self.dump, &class)
                    .any(|base| matches!(self.class_value(base), Value::Class(known) if types::derives(known, name)))
            }) || types::exception_name(object.class_name()).is_some_and(|known| types::derives(known, name))
        };
        self.text_of_exception(&args, is, &|name| self.attribute(&value, name).ok())
    }

    /// `str` of one that the expression made.
    pub(super) fn string_of_made(&self, made: &Made<'a>) -> Res<Vec<u8>> {
        self.text_of_exception(&made.args, |base| types::derives(made.class, base), &|name| made.attribute(name))
    }

    /// `str` of an exception by its arguments, what it derives from and its attributes.
    fn text_of_exception(
        &self,
        args: &[Value<'a>],
        is: impl Fn(&str) -> bool,
        attribute: &dyn Fn(&str) -> Option<Value<'a>>,
    ) -> Res<Vec<u8>> {
        let part = |name: &str| -> Res<Option<Value<'a>>> {
            let value = attribute(name).map(|value| self.load(value)).transpose()?;
            Ok(value.filter(|value| !matches!(value, Value::None)))
        };
        let text = |value: &Value<'a>| self.deeper(|| self.string(value));
        let shown = |value: &Value<'a>| text(value).map(|text| String::from_utf8_lossy(&text).into_owned());
        if is("OSError")
            && let (Some(number), Some(what)) = (part("errno")?, part("strerror")?)
        {
            let mut text = format!("[Errno {}] {}", shown(&number)?, shown(&what)?);
            if let Some(file) = part("filename")? {
                text.push_str(&format!(": {}", self.repr(&file)?));
                if let Some(other) = part("filename2")? {
                    text.push_str(&format!(" -> {}", self.repr(&other)?));
                }
            }
            return Ok(text.into_bytes());
        }
        if is("SyntaxError")
            && let Some(message) = attribute("msg")
        {
            let file = part("filename")?.map(|file| shown(&file)).transpose()?;
            let file = file.map(|file| file.rsplit('/').next().unwrap_or_default().to_owned());
            let line = part("lineno")?.map(|line| shown(&line)).transpose()?;
            let place = match (file, line) {
                (Some(file), Some(line)) => format!(" ({file}, line {line})"),
                (Some(file), None) => format!(" ({file})"),
                (None, Some(line)) => format!(" (line {line})"),
                (None, None) => String::new(),
            };
            return Ok(format!("{}{place}", shown(&message)?).into_bytes());
        }
        if is("UnicodeError")
            && let Some(text) = self.text_of_unicode_error(&is, &part)?
        {
            return Ok(text.into_bytes());
        }
        if is("ImportError")
            && let Some(message @ Value::Text(_)) = part("msg")?
        {
            return self.string(&message);
        }
        if is("BaseExceptionGroup")
            && let (Some(text), Some(inner)) = (args.first(), attribute("exceptions"))
        {
            let count = self.length(&inner)?;
            let s = if count == 1 { "" } else { "s" };
            return Ok(format!("{} ({count} sub-exception{s})", shown(text)?).into_bytes());
        }
        Ok(match args {
            [] => Vec::new(),
            [key] if is("KeyError") => self.deeper(|| self.repr(key))?.into_bytes(),
            [only] => text(only)?,
            _ => self.repr(&Value::tuple(args.to_vec()))?.into_bytes(),
        })
    }

    fn text_of_unicode_error(
        &self,
        is: &impl Fn(&str) -> bool,
        part: &dyn Fn(&str) -> Res<Option<Value<'a>>>,
    ) -> Res<Option<String>> {
        let number = |name: &str| -> Res<Option<usize>> {
            let value = part(name)?;
            let value = value.map(|value| self.index(&value)).transpose()?.flatten();
            Ok(value.and_then(|value| usize::try_from(value).ok()))
        };
        let (Some(start), Some(end), Some(object)) = (number("start")?, number("end")?, part("object")?) else {
            return Ok(None);
        };
        let mut shown = Vec::new();
        for name in ["encoding", "reason"] {
            let word = part(name)?.map(|word| self.string(&word)).transpose()?.unwrap_or_default();
            shown.push(String::from_utf8_lossy(&word).into_owned());
        }
        let one = end == start + 1;
        let last = end.saturating_sub(1);
        let (does, what) = match self.data(&object)? {
            Data::Value(Value::Bytes(bytes)) | Data::Array(bytes) => match bytes.get(start) {
                Some(byte) if one => ("decode", format!("byte 0x{byte:02x} in position {start}")),
                _ => ("decode", format!("bytes in position {start}-{last}")),
            },
            Data::Value(Value::Text(text)) => {
                let does = if is("UnicodeTranslateError") { "translate" } else { "encode" };
                let character = crate::repr::characters(&text).get(start).copied();
                let code = character.and_then(|one| crate::python::text::ord(crate::python::text::Kind::Str, one));
                match code {
                    Some(code) if one => {
                        let mut escaped = String::new();
                        crate::text::push_escape(&mut escaped, code);
                        (does, format!("character '{escaped}' in position {start}"))
                    }
                    _ => (does, format!("characters in position {start}-{last}")),
                }
            }
            _ => return Ok(None),
        };
        let [encoding, reason] = <[String; 2]>::try_from(shown).unwrap_or_default();
        let codec = if does == "translate" { String::new() } else { format!("'{encoding}' codec ") };
        Ok(Some(format!("{codec}can't {does} {what}: {reason}")))
    }
}
