//! Names that this reader knows: aliases, builtin classes, exceptions, fields.

/// The name under which a class or function is known: without the aliases of the module `types`, and of those that Python 3
/// writes for Python 2 to read (protocols 0 to 2).
pub(super) fn canonical<'a>(module: &'a str, name: &'a str, python2: bool) -> (&'a str, &'a str) {
    match (module, name) {
        // dill's way to write the namespace of the program.
        ("__builtin__" | "builtins", "__main__") => ("__main__", ""),
        ("__builtin__", "xrange") if !python2 => ("builtins", "range"),
        ("__builtin__", "unicode") if !python2 => ("builtins", "str"),
        ("__builtin__", "long") if !python2 => ("builtins", "int"),
        ("__builtin__", _) => ("builtins", name),
        ("exceptions", _) if !python2 => ("builtins", name),
        ("itertools", "izip") if !python2 => ("builtins", "zip"),
        ("itertools", "imap") if !python2 => ("builtins", "map"),
        ("itertools", "ifilter") if !python2 => ("builtins", "filter"),
        ("UserDict", _) if !python2 => ("collections", "UserDict"),
        ("UserList" | "UserString", _) if !python2 => ("collections", name),
        ("Queue", _) if !python2 => ("queue", name),
        ("copy_reg", _) if !python2 => ("copyreg", name),
        ("thread", _) if !python2 => ("_thread", name),
        ("weakref", "ReferenceType") => ("builtins", "weakref"),
        ("types", _) => match alias(name) {
            Some("instancemethod") if !python2 => ("builtins", "method"),
            Some(builtin) => ("builtins", builtin),
            None => (module, name),
        },
        ("dill.dill", _) => ("dill._dill", name),
        ("pathlib._local", _) => ("pathlib", name),
        _ if is_cloudpickle(module) => ("cloudpickle", name),
        _ => (module, name),
    }
}

/// cloudpickle, which others carry with them.
fn is_cloudpickle(module: &str) -> bool {
    let last = module.rsplit('.').next().unwrap_or(module);
    matches!(last, "cloudpickle" | "cloudpickle_fast")
}

/// The type that dill's `_load_type` and cloudpickle's `_builtin_type` mean by a name.
pub(super) fn type_of_library(name: &str, python2: bool) -> (&str, &str) {
    match name {
        "PartialType" => ("functools", "partial"),
        "LockType" => ("_thread", "lock"),
        "RLockType" => ("_thread", "RLock"),
        "ReferenceType" => ("builtins", "weakref"),
        "ItemGetterType" => ("operator", "itemgetter"),
        "AttrGetterType" => ("operator", "attrgetter"),
        "SimpleNamespace" => ("types", "SimpleNamespace"),
        "TextWrapperType" | "PyTextWrapperType" => ("_io", "TextIOWrapper"),
        "BufferedReaderType" | "PyBufferedReaderType" => ("_io", "BufferedReader"),
        "BufferedWriterType" | "PyBufferedWriterType" => ("_io", "BufferedWriter"),
        "BufferedRandomType" | "PyBufferedRandomType" => ("_io", "BufferedRandom"),
        _ => match canonical("types", name, python2) {
            ("types", _) => ("builtins", name),
            known => known,
        },
    }
}

/// Whether a class of Python's library is an enumeration whose members programs hold.
pub(super) fn is_enumeration(module: &str, name: &str) -> bool {
    matches!(
        (module, name),
        ("signal", "Signals" | "Handlers" | "Sigmasks")
            | ("http", "HTTPStatus" | "HTTPMethod")
            | ("socket", "AddressFamily" | "SocketKind" | "MsgFlag" | "AddressInfo")
            | ("re", "RegexFlag")
            | ("ssl", "TLSVersion" | "VerifyMode" | "VerifyFlags" | "Options" | "Purpose")
            | ("uuid", "SafeUUID")
            | ("inspect", "_ParameterKind")
            | ("asyncio.runners", "_State")
    )
}

/// Whether what derives from a class of that name is an enumeration.
pub(super) fn makes_enumerations(base: &str) -> bool {
    let last = base.rsplit('.').next().unwrap_or(base);
    matches!(last, "Enum" | "IntEnum" | "StrEnum" | "Flag" | "IntFlag" | "ReprEnum")
}

/// The enumeration that a constant of a module is a member of.
pub(super) fn constant_of(module: &str, name: &str) -> Option<(&'static str, &'static str)> {
    let prefixes: [(&str, &str, (&str, &str)); 8] = [
        ("signal", "SIG_BLOCK", ("signal", "Sigmasks")),
        ("signal", "SIG_UNBLOCK", ("signal", "Sigmasks")),
        ("signal", "SIG_SETMASK", ("signal", "Sigmasks")),
        ("signal", "SIG_", ("signal", "Handlers")),
        ("signal", "SIG", ("signal", "Signals")),
        ("socket", "AF_", ("socket", "AddressFamily")),
        ("socket", "SOCK_", ("socket", "SocketKind")),
        ("socket", "MSG_", ("socket", "MsgFlag")),
    ];
    prefixes.iter().find(|(of, prefix, _)| *of == module && name.starts_with(prefix)).map(|found| found.2)
}

/// Whether a name is that of a method which a builtin class has for its instances: `str.upper`.
pub(super) fn is_method_of_builtin(name: &str) -> bool {
    const OF_THE_CLASS: [&str; 6] = ["fromkeys", "from_bytes", "fromhex", "maketrans", "from_number", "__new__"];
    name.split_once('.').is_some_and(|(class, method)| is_builtin_class(class) && !OF_THE_CLASS.contains(&method))
}

/// Whether calling it with code, globals, a name, defaults and a closure makes a function.
pub(super) fn makes_a_function(name: (&str, &str)) -> bool {
    matches!(name, ("builtins", "function") | ("dill._dill", "_create_function") | ("cloudpickle", "_make_function"))
}

fn alias(name: &str) -> Option<&'static str> {
    Some(match name {
        "NoneType" => "NoneType",
        "TypeType" => "type",
        "BooleanType" => "bool",
        "IntType" => "int",
        "LongType" => "long",
        "FloatType" => "float",
        "ComplexType" => "complex",
        "StringType" => "str",
        "UnicodeType" => "unicode",
        "TupleType" => "tuple",
        "ListType" => "list",
        "DictType" | "DictionaryType" => "dict",
        "FunctionType" | "LambdaType" => "function",
        "GeneratorType" => "generator",
        "CodeType" => "code",
        "ClassType" => "classobj",
        "InstanceType" => "instance",
        "MethodType" | "UnboundMethodType" => "instancemethod",
        "BuiltinFunctionType" | "BuiltinMethodType" => "builtin_function_or_method",
        "ModuleType" => "module",
        "FileType" => "file",
        "XRangeType" => "xrange",
        "TracebackType" => "traceback",
        "FrameType" => "frame",
        "BufferType" => "buffer",
        "ObjectType" => "object",
        "SliceType" => "slice",
        "EllipsisType" => "ellipsis",
        "NotImplementedType" => "NotImplementedType",
        "DictProxyType" => "dictproxy",
        "GetSetDescriptorType" => "getset_descriptor",
        "MemberDescriptorType" => "member_descriptor",
        "MappingProxyType" => "mappingproxy",
        "CellType" => "cell",
        "WrapperDescriptorType" => "wrapper_descriptor",
        "MethodWrapperType" => "method-wrapper",
        "MethodDescriptorType" => "method_descriptor",
        "ClassMethodDescriptorType" => "classmethod_descriptor",
        _ => return None,
    })
}

const BUILTIN_CLASSES: &[&str] = &[
    "BaseException",
    "NoneType",
    "NotImplementedType",
    "basestring",
    "bool",
    "buffer",
    "builtin_function_or_method",
    "bytearray",
    "bytes",
    "cell",
    "classmethod",
    "classobj",
    "code",
    "complex",
    "dict",
    "dictproxy",
    "ellipsis",
    "enumerate",
    "file",
    "filter",
    "float",
    "frame",
    "frozenset",
    "function",
    "generator",
    "getset_descriptor",
    "instance",
    "instancemethod",
    "int",
    "list",
    "long",
    "map",
    "mappingproxy",
    "member_descriptor",
    "memoryview",
    "method",
    "module",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "traceback",
    "tuple",
    "type",
    "unicode",
    "weakref",
    "xrange",
    "zip",
];

/// Whether the name is that of a class among the builtins. All others there are functions, or exceptions.
pub(super) fn is_builtin_class(name: &str) -> bool {
    BUILTIN_CLASSES.binary_search(&name).is_ok() || looks_like_an_exception(name)
}

/// Modules of CPython that are written in C: what they hold in lower case is a builtin function.
pub(super) fn is_written_in_c(module: &str) -> bool {
    matches!(
        module,
        "builtins"
            | "array"
            | "binascii"
            | "cStringIO"
            | "errno"
            | "gc"
            | "imp"
            | "itertools"
            | "marshal"
            | "math"
            | "nt"
            | "operator"
            | "posix"
            | "select"
            | "signal"
            | "sys"
            | "thread"
            | "time"
            | "zlib"
    ) || module.starts_with('_') && module != "__main__"
}

/// By the way exceptions are named. The pickle of an exception looks like that of any other object.
pub(super) fn looks_like_an_exception(name: &str) -> bool {
    let ends = ["Error", "Exception", "ExceptionGroup", "Warning", "Interrupt", "Exit", "StopIteration"];
    let first = name.chars().next().is_some_and(char::is_uppercase);
    first && ends.iter().any(|end| name.ends_with(end))
}

/// By the way classes are named (PEP 8), where nothing else tells.
pub(super) fn looks_like_a_class(name: &str) -> bool {
    let mut letters = name.trim_start_matches('_').chars();
    letters.next().is_some_and(char::is_uppercase) && name.chars().any(char::is_lowercase)
}

/// Fields of the C structures that print like named tuples.
pub(super) fn structseq_fields(name: &str) -> &'static [&'static str] {
    match name {
        "struct_time" => {
            &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"]
        }
        "stat_result" => &[
            "st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime",
            "st_ctime",
        ],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::BUILTIN_CLASSES.is_sorted());
    }
}
