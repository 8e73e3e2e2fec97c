//! Classes, functions, modules and code: what their notes say.

use crashsite_model::{Object, scalar_text};

use super::quote;

/// The two halves of a note that has a NUL.
pub(crate) fn halves(object: &Object<'_>) -> (String, String) {
    let note = object.note().unwrap_or_default();
    let at = memchr::memchr(0, note).unwrap_or(note.len());
    let (first, second) = note.split_at(at);
    (scalar_text(first).into_owned(), scalar_text(second.get(1..).unwrap_or_default()).into_owned())
}

/// `module.Qualname`, without the module of the builtins.
pub(crate) fn full_name(module: &str, qualname: &str) -> String {
    match module {
        "" | "builtins" | "__builtin__" => qualname.to_owned(),
        _ => format!("{module}.{qualname}"),
    }
}

/// ` at 0x…`, where the address is known.
pub(super) fn at(object: &Object<'_>) -> String {
    match object.address() {
        0 => String::new(),
        address => format!(" at {address:#x}"),
    }
}

/// `<class 'module.Name'>`; the metaclasses of enums print differently, and are known; `flag` is said of those of flags. Python 2 says `type` of the
/// classes of C, and has classes of an old style.
pub(super) fn class(object: &Object<'_>, python2: bool, flag: bool) -> String {
    let (module, qualname) = halves(object);
    let meta = object.class();
    if python2 && meta.is_some_and(|meta| &*meta.name == "classobj") {
        return format!("<class {}{}>", full_name(&module, &qualname), at(object));
    }
    if python2 && matches!(&*module, "__builtin__" | "exceptions") {
        return format!("<type '{}'>", full_name(&module, &qualname));
    }
    if meta.is_some_and(|meta| &*meta.module == "enum" && matches!(&*meta.name, "EnumMeta" | "EnumType")) {
        let kind = if flag { "flag" } else { "enum" };
        return format!("<{kind} {}>", quote::text(last(&qualname).as_bytes(), usize::MAX));
    }
    format!("<class '{}'>", full_name(&module, &qualname))
}

pub(super) fn module(object: &Object<'_>) -> String {
    let (name, file) = halves(object);
    let (file, repr) = file.split_once('\0').unwrap_or((&file, ""));
    if !repr.is_empty() {
        return repr.to_owned();
    }
    let name = quote::text(name.as_bytes(), usize::MAX);
    if file.is_empty() {
        format!("<module {name} (built-in)>")
    } else {
        format!("<module {name} from {}>", quote::text(file.as_bytes(), usize::MAX))
    }
}

pub(super) fn function(object: &Object<'_>) -> String {
    format!("<function {}{}>", halves(object).1, at(object))
}

pub(super) fn code(object: &Object<'_>) -> String {
    let qualname = scalar_text(object.note().unwrap_or_default()).into_owned();
    let (file, line) = object.location().map_or(("", 0), |(file, line)| (&file.text, line));
    format!("<code object {}{}, file \"{file}\", line {line}>", last(&qualname), at(object))
}

pub(super) fn frame(object: &Object<'_>) -> String {
    let qualname = scalar_text(object.note().unwrap_or_default()).into_owned();
    let (file, line) = object.location().map_or(("", 0), |(file, line)| (&file.text, line));
    let file = quote::text(file.as_bytes(), usize::MAX);
    format!("<frame{}, file {file}, line {line}, code {}>", at(object), last(&qualname))
}

fn last(qualname: &str) -> &str {
    qualname.rsplit('.').next().unwrap_or(qualname)
}
