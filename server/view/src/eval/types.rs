//! The types that are known by name, and what they derive from.

/// Types that are known by name; those of another module than the builtins with its name.
pub(super) const NAMES: &[&str] = &[
    "object",
    "type",
    "NoneType",
    "bool",
    "int",
    "long",
    "float",
    "complex",
    "str",
    "unicode",
    "basestring",
    "bytes",
    "bytearray",
    "memoryview",
    "list",
    "tuple",
    "dict",
    "set",
    "frozenset",
    "range",
    "xrange",
    "slice",
    "ellipsis",
    "NotImplementedType",
    "function",
    "builtin_function_or_method",
    "method",
    "instancemethod",
    "module",
    "enumerate",
    "zip",
    "map",
    "filter",
    "reversed",
    "generator",
    "property",
    "staticmethod",
    "classmethod",
    "super",
    "code",
    "frame",
    "cell",
    "traceback",
    "method-wrapper",
    "mappingproxy",
    "dict_keys",
    "dict_values",
    "dict_items",
    "odict_keys",
    "odict_values",
    "odict_items",
    "weakref",
    "classobj",
    "instance",
    "method_descriptor",
    "wrapper_descriptor",
    "classmethod_descriptor",
    "getset_descriptor",
    "types.GenericAlias",
    "types.UnionType",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.Counter",
    "collections.deque",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "datetime.timezone",
    "datetime.tzinfo",
    "decimal.Decimal",
    "decimal.DecimalTuple",
    "datetime.IsoCalendarDate",
    "time.struct_time",
    "fractions.Fraction",
];

/// What a builtin type derives from, nearest first, `object` left out.
fn bases(name: &str) -> &'static [&'static str] {
    match name {
        "bool" => &["int"],
        "collections.OrderedDict" | "collections.defaultdict" | "collections.Counter" => &["dict"],
        "datetime.datetime" => &["datetime.date"],
        "decimal.DecimalTuple" | "datetime.IsoCalendarDate" | "time.struct_time" => &["tuple"],
        "datetime.timezone" => &["datetime.tzinfo"],
        "str" | "unicode" => &["basestring"],
        _ => &[],
    }
}

/// The builtin exceptions and what each derives from (Python 3.13, `Lib/test/exception_hierarchy.txt`).
pub(super) fn base_of_exception(name: &str) -> Option<&'static str> {
    Some(match name {
        "BaseException" => "object",
        "BaseExceptionGroup" | "GeneratorExit" | "KeyboardInterrupt" | "SystemExit" | "Exception" => "BaseException",
        "ArithmeticError" | "AssertionError" | "AttributeError" | "BufferError" | "EOFError" | "ExceptionGroup"
        | "ImportError" | "LookupError" | "MemoryError" | "NameError" | "OSError" | "ReferenceError"
        | "RuntimeError" | "StopAsyncIteration" | "StopIteration" | "SyntaxError" | "SystemError" | "TypeError"
        | "ValueError" | "Warning" => "Exception",
        "FloatingPointError" | "OverflowError" | "ZeroDivisionError" => "ArithmeticError",
        "ModuleNotFoundError" => "ImportError",
        "IndexError" | "KeyError" => "LookupError",
        "UnboundLocalError" => "NameError",
        "BlockingIOError" | "ChildProcessError" | "ConnectionError" | "FileExistsError" | "FileNotFoundError"
        | "InterruptedError" | "IsADirectoryError" | "NotADirectoryError" | "PermissionError"
        | "ProcessLookupError" | "TimeoutError" => "OSError",
        "BrokenPipeError" | "ConnectionAbortedError" | "ConnectionRefusedError" | "ConnectionResetError" => {
            "ConnectionError"
        }
        "NotImplementedError" | "RecursionError" | "PythonFinalizationError" => "RuntimeError",
        "IndentationError" => "SyntaxError",
        "TabError" => "IndentationError",
        "UnicodeError" => "ValueError",
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => "UnicodeError",
        "BytesWarning"
        | "DeprecationWarning"
        | "EncodingWarning"
        | "FutureWarning"
        | "ImportWarning"
        | "PendingDeprecationWarning"
        | "ResourceWarning"
        | "RuntimeWarning"
        | "SyntaxWarning"
        | "UnicodeWarning"
        | "UserWarning" => "Warning",
        _ => return None,
    })
}

/// A name of [`NAMES`] or of an exception as a class that lives as long as the program.
pub(super) fn known(name: &str) -> Option<&'static str> {
    NAMES.iter().copied().find(|known| *known == name).or_else(|| exception_name(name))
}

/// The exceptions of the builtins.
pub(super) const EXCEPTIONS: &[&str] = &[
    "BaseException",
    "BaseExceptionGroup",
    "GeneratorExit",
    "KeyboardInterrupt",
    "SystemExit",
    "Exception",
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BufferError",
    "EOFError",
    "ExceptionGroup",
    "ImportError",
    "LookupError",
    "MemoryError",
    "NameError",
    "OSError",
    "ReferenceError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SystemError",
    "TypeError",
    "ValueError",
    "Warning",
    "FloatingPointError",
    "OverflowError",
    "ZeroDivisionError",
    "ModuleNotFoundError",
    "IndexError",
    "KeyError",
    "UnboundLocalError",
    "BlockingIOError",
    "ChildProcessError",
    "ConnectionError",
    "FileExistsError",
    "FileNotFoundError",
    "InterruptedError",
    "IsADirectoryError",
    "NotADirectoryError",
    "PermissionError",
    "ProcessLookupError",
    "TimeoutError",
    "BrokenPipeError",
    "ConnectionAbortedError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "NotImplementedError",
    "RecursionError",
    "IndentationError",
    "TabError",
    "UnicodeError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
    "BytesWarning",
    "DeprecationWarning",
    "EncodingWarning",
    "FutureWarning",
    "ImportWarning",
    "PendingDeprecationWarning",
    "ResourceWarning",
    "RuntimeWarning",
    "SyntaxWarning",
    "UnicodeWarning",
    "UserWarning",
];

pub(super) fn exception_name(name: &str) -> Option<&'static str> {
    EXCEPTIONS.iter().copied().find(|known| *known == name)
}

/// Whether a builtin type is another, or derives from it.
pub(super) fn derives(name: &str, from: &str) -> bool {
    if name == from || from == "object" {
        return true;
    }
    if name == "ExceptionGroup" && from == "BaseExceptionGroup" {
        return true;
    }
    if let Some(base) = base_of_exception(name) {
        return base != "object" && derives(base, from);
    }
    bases(name).iter().any(|base| derives(base, from))
}

/// What a builtin type derives from, nearest first; each has one base.
pub(super) fn ancestors(name: &'static str) -> Vec<&'static str> {
    let mut all = Vec::new();
    let mut at = name;
    while at != "object" {
        at = base_of_exception(at).or_else(|| bases(at).first().copied()).unwrap_or("object");
        all.push(at);
    }
    all
}

/// The last part of a type's name, which messages use.
pub(super) fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A type's name in messages: that of types of C is written with the module (`tp_name`).
pub(super) fn in_messages(name: &'static str) -> &'static str {
    match name {
        "collections.Counter" | "fractions.Fraction" | "decimal.DecimalTuple" => short(name),
        _ => name,
    }
}
