//! Names of types: `int`, `Order` (of `__main__`), `shop.models.Order`. Where the module ends is not said.

use std::collections::HashSet;

/// Builtin classes, and those that C gives no module, beside the exceptions.
const BUILTINS: &[&str] = &[
    "ContextVar",
    "FrameLocalsProxy",
    "NoneType",
    "NotImplementedType",
    "PyCapsule",
    "async_generator",
    "bool",
    "builtin_function_or_method",
    "bytearray",
    "bytearray_iterator",
    "bytes",
    "bytes_iterator",
    "cell",
    "classmethod",
    "classmethod_descriptor",
    "code",
    "complex",
    "coroutine",
    "dict",
    "dict_items",
    "dict_keys",
    "dict_values",
    "ellipsis",
    "enumerate",
    "filter",
    "float",
    "frame",
    "frozenset",
    "function",
    "generator",
    "getset_descriptor",
    "int",
    "list",
    "list_iterator",
    "map",
    "mappingproxy",
    "member_descriptor",
    "memoryview",
    "method",
    "method-wrapper",
    "method_descriptor",
    "module",
    "object",
    "property",
    "range",
    "range_iterator",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "str_iterator",
    "super",
    "traceback",
    "tuple",
    "tuple_iterator",
    "type",
    "weakproxy",
    "weakref",
    "wrapper_descriptor",
    "zip",
];

/// Builtin exceptions.
const EXCEPTIONS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BaseExceptionGroup",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "BytesWarning",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "DeprecationWarning",
    "EOFError",
    "EncodingWarning",
    "Exception",
    "ExceptionGroup",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "FutureWarning",
    "GeneratorExit",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "PermissionError",
    "ProcessLookupError",
    "PythonFinalizationError",
    "RecursionError",
    "ReferenceError",
    "ResourceWarning",
    "RuntimeError",
    "RuntimeWarning",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
];

/// Whether a name is that of a builtin class.
pub(in crate::formats) fn is_builtin(name: &str) -> bool {
    BUILTINS.binary_search(&name).is_ok() || is_builtin_exception(name)
}

/// Whether a name is that of a builtin exception.
pub(in crate::formats) fn is_builtin_exception(name: &str) -> bool {
    EXCEPTIONS.binary_search(&name).is_ok()
}

/// By the way exceptions are named: that its class derives from `BaseException` is not in the file.
pub(in crate::formats) fn looks_like_an_exception(qualname: &str) -> bool {
    let name = qualname.rsplit('.').next().unwrap_or(qualname);
    let ends = ["Error", "Exception", "Warning", "Interrupt", "Exit", "StopIteration", "ExceptionGroup"];
    is_builtin_exception(name) || ends.iter().any(|end| name.ends_with(end))
}

/// Module and qualified name of a type's name. `modules` are those that the file is known to have been made of.
pub(in crate::formats) fn split<'n>(name: &'n str, modules: &HashSet<&str>) -> (&'n str, &'n str) {
    if !name.contains('.') {
        return (if is_builtin(name) { "builtins" } else { "__main__" }, name);
    }
    let dots: Vec<usize> = name.match_indices('.').take(100).map(|(at, _)| at).collect();
    let halves = |dot: usize| (name.get(..dot).unwrap_or_default(), name.get(dot + 1..).unwrap_or_default());
    if let Some(&dot) = dots.iter().rev().find(|dot| modules.contains(halves(**dot).0)) {
        return halves(dot);
    }
    // Classes have a capital; what is local to a function follows the function's name.
    let local = name.find(".<locals>").unwrap_or(name.len());
    let starts = |part: &str| part.trim_start_matches('_').starts_with(char::is_uppercase);
    if starts(name) || dots.first() == Some(&local) {
        return ("__main__", name);
    }
    let mut before: Option<usize> = None;
    for &dot in &dots {
        let part = halves(dot).1;
        if starts(part) || dots.iter().find(|next| **next > dot).is_some_and(|next| *next == local) {
            return halves(dot);
        }
        before = Some(dot);
    }
    before.map_or(("__main__", name), halves)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn the_tables_are_sorted() {
        assert!(super::BUILTINS.is_sorted() && super::EXCEPTIONS.is_sorted());
    }

    #[test]
    fn where_the_module_ends() {
        let known = HashSet::from(["PIL.Image"]);
        for (name, module, qualname) in [
            ("int", "builtins", "int"),
            ("KeyError", "builtins", "KeyError"),
            ("Order", "__main__", "Order"),
            ("Order.Line", "__main__", "Order.Line"),
            ("shop.models.Order", "shop.models", "Order"),
            ("shop.models.Order.Line", "shop.models", "Order.Line"),
            ("collections.deque", "collections", "deque"),
            ("_thread.RLock", "_thread", "RLock"),
            ("PIL.Image.Image", "PIL.Image", "Image"),
            ("app.make.<locals>.local", "app", "make.<locals>.local"),
            ("make.<locals>.Local", "__main__", "make.<locals>.Local"),
        ] {
            assert_eq!(super::split(name, &known), (module, qualname), "{name}");
        }
    }
}
