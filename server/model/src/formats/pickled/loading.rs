//! What loading a pickle with `pickle` would have imported and called.
//!
//! Every opcode that does so is a node, or changes one, also where the result is thrown away at once: nothing of the pickle is
//! left out, whether it is reachable or not.

use crashsite_parse::{Limits, NodeId, Opcode, Pickle, View, salvage_pickle};
use rustc_hash::FxHashMap;

use super::names;
use crate::{Callable, Loading, Use, Verdict};

/// Callables that are told apart, and offsets of each.
const MOST: usize = 10_000;
const OFFSETS: usize = 16;
/// Calls of results of calls, as far as they are named.
const DEEPEST: usize = 8;
/// Pickles within pickles that are looked into: how many one inside the other, and bytes of all.
const INNER: usize = 4;
const INNER_BYTES: usize = 4 << 20;

/// Looks through the whole pickle.
pub(super) fn of(pickle: &Pickle) -> Loading {
    let mut known = FxHashMap::default();
    let mut loading = Loading::default();
    Report { pickle, base: 0, loading: &mut loading, known: &mut known, depth: 0, left: &mut { INNER_BYTES } }.all();
    loading.opcodes.sort_unstable();
    loading
}

struct Report<'p, 'r> {
    pickle: &'p Pickle,
    /// Where the pickle begins, in the file's.
    base: u64,
    loading: &'r mut Loading,
    known: &'r mut FxHashMap<String, usize>,
    /// In how many others it is, and the bytes of pickles within pickles that may still be looked at.
    depth: usize,
    left: &'r mut usize,
}

impl Report<'_, '_> {
    fn all(&mut self) {
        let pickle = self.pickle;
        // From the end on, nothing is loaded.
        for node in pickle.ids().filter(|node| pickle.offset(*node) < pickle.end()) {
            self.node(node);
        }
        for (node, offset) in pickle.changes().filter(|change| change.1 < pickle.end()) {
            // Of a plain container, `BUILD` looks for a `__setstate__` that it does not have.
            let opcode = usize::try_from(offset).ok().and_then(|at| pickle.input().get(at)).map(|code| Opcode(*code));
            self.add(made_of(pickle, node), opcode.and_then(Opcode::name).unwrap_or("?"), offset);
        }
    }

    /// What a call is given to load is loaded at once: its offsets are that of its bytes, and on.
    fn within(&mut self, callable: NodeId, args: NodeId) {
        let View::Global { name: b"loads" | b"_loads", .. } = self.pickle.node(callable) else { return };
        let Some(&given) = self.pickle.as_slice(args).and_then(<[_]>::first) else { return };
        let (View::Bytes(bytes) | View::ByteArray(bytes) | View::Py2Str(bytes)) = self.pickle.node(given) else {
            return;
        };
        let Some(left) = self.left.checked_sub(bytes.len()).filter(|_| self.depth < INNER) else { return };
        *self.left = left;
        let Ok(pickle) = salvage_pickle(bytes.to_vec(), &Limits::default()) else { return };
        let (base, depth) = (self.base + self.pickle.offset(given), self.depth + 1);
        Report { pickle: &pickle, base, loading: self.loading, known: self.known, depth, left: self.left }.all();
    }

    fn node(&mut self, node: NodeId) {
        if let View::Reduce { callable, args } = self.pickle.node(node) {
            self.within(callable, args);
        }
        let called = match self.pickle.node(node) {
            View::Global { .. } => node,
            View::Reduce { callable, .. } => callable,
            View::NewObj { class, .. } | View::NewObjEx { class, .. } | View::Obj { class, .. } => class,
            View::Ext(_) | View::PersId(_) | View::BinPersId(_) => node,
            _ => return,
        };
        // `INST` imports and calls at once: its class is a node of the same opcode.
        let opcode = self.pickle.opcode(node).and_then(Opcode::name).unwrap_or("?");
        let offset = self.pickle.offset(node);
        if opcode == "INST" && called == node {
            return;
        }
        self.add(called, opcode, offset);
    }

    fn add(&mut self, called: NodeId, opcode: &'static str, offset: u64) {
        let offset = self.base + offset;
        match self.loading.opcodes.iter_mut().find(|(name, _)| *name == opcode) {
            Some((_, count)) => *count += 1,
            None => self.loading.opcodes.push((opcode, 1)),
        }
        let (name, verdict) = name_of(self.pickle, called, 0);
        let index = match self.known.get(&name) {
            Some(&index) => index,
            None if self.loading.callables.len() >= MOST => {
                self.loading.more_callables += 1;
                return;
            }
            None => {
                self.loading.callables.push(Callable { name: name.clone(), verdict, uses: Vec::new() });
                self.known.insert(name, self.loading.callables.len() - 1);
                self.loading.callables.len() - 1
            }
        };
        let Some(callable) = self.loading.callables.get_mut(index) else { return };
        match callable.uses.iter_mut().find(|of| of.opcode == opcode) {
            Some(of) => {
                of.count += 1;
                if of.offsets.len() < OFFSETS {
                    of.offsets.push(offset);
                }
            }
            None => callable.uses.push(Use { opcode, count: 1, offsets: vec![offset] }),
        }
    }
}

/// Whose `__setstate__` a `BUILD` calls: the class of an instance, or what made the object.
fn made_of(pickle: &Pickle, node: NodeId) -> NodeId {
    match pickle.node(node) {
        View::NewObj { class, .. } | View::NewObjEx { class, .. } | View::Obj { class, .. } => class,
        View::Reduce { callable, args } => {
            let reconstructor = matches!(
                pickle.node(callable),
                View::Global { module: b"copy_reg" | b"copyreg", name: b"_reconstructor" | b"__newobj__" }
            );
            let class = pickle.as_slice(args).and_then(|args| args.first().copied());
            class.filter(|_| reconstructor).unwrap_or(callable)
        }
        _ => node,
    }
}

/// The name of what is called, and what is known of it.
fn name_of(pickle: &Pickle, node: NodeId, depth: usize) -> (String, Verdict) {
    let text = |node: NodeId| pickle.as_text(node).map(|text| text.chars().take(200).collect::<String>());
    match pickle.node(node) {
        View::Global { module, name } => {
            let (module, name) = (String::from_utf8_lossy(module), String::from_utf8_lossy(name));
            (format!("{module}.{name}"), verdict(&module, &name))
        }
        View::Ext(code) => (format!("extension {code} of copyreg"), Verdict::Unknown),
        View::PersId(id) => {
            (format!("persistent id {}", String::from_utf8_lossy(id.get(..100).unwrap_or(id))), Verdict::Unknown)
        }
        View::BinPersId(id) => {
            let id = text(id).map_or_else(|| "that is no text".to_owned(), |id| format!("{id:?}"));
            (format!("persistent id {id}"), Verdict::Unknown)
        }
        View::Reduce { callable, args } if depth < DEEPEST => {
            let (name, inner) = name_of(pickle, callable, depth + 1);
            let args = pickle.as_slice(args).unwrap_or_default();
            match (name.as_str(), args) {
                // What is reached by its name is known by that name.
                ("builtins.getattr" | "__builtin__.getattr" | "dill._dill._get_attr", &[owner, attribute, ..]) => {
                    let (owner, _) = name_of(pickle, owner, depth + 1);
                    let attribute = text(attribute).unwrap_or_else(|| "?".to_owned());
                    let reached = verdict(&owner, &attribute);
                    (format!("{owner}.{attribute}"), worse(reached, Verdict::Unknown))
                }
                ("functools.partial", &[function, ..]) => name_of(pickle, function, depth + 1),
                ("operator.getitem", &[_, key]) => (text(key).unwrap_or_else(|| "?".to_owned()), Verdict::Unknown),
                (
                    "dill._dill._import_module"
                    | "importlib.import_module"
                    | "builtins.__import__"
                    | "__builtin__.__import__",
                    &[module, ..],
                ) => (text(module).unwrap_or_else(|| "?".to_owned()), Verdict::Unknown),
                ("dill._dill._load_type", &[kind]) => {
                    let kind = text(kind).unwrap_or_else(|| "?".to_owned());
                    let (module, name) = names::type_of_library(&kind, false);
                    (format!("{module}.{name}"), verdict(module, name))
                }
                _ => {
                    let verdict = if matches!(inner, Verdict::Dangerous(_)) { inner } else { Verdict::Unknown };
                    (format!("the result of {name}"), verdict)
                }
            }
        }
        View::NewObj { class, .. } | View::NewObjEx { class, .. } | View::Obj { class, .. } if depth < DEEPEST => {
            (format!("an instance of {}", name_of(pickle, class, depth + 1).0), Verdict::Unknown)
        }
        View::List => ("a list".to_owned(), Verdict::MakesValue),
        View::Dict => ("a dict".to_owned(), Verdict::MakesValue),
        View::Set => ("a set".to_owned(), Verdict::MakesValue),
        View::Str(_) | View::Py2Str(_) => ("a text".to_owned(), Verdict::Unknown),
        _ => ("something that has no name".to_owned(), Verdict::Unknown),
    }
}

fn worse(a: Verdict, b: Verdict) -> Verdict {
    if matches!(a, Verdict::Dangerous(_)) { a } else { b }
}

/// Parts of a dotted name that are looked at.
const MOST_PARTS: usize = 100;

const RUNS_PROGRAM: &str = "starts a program or acts on the system";
const RUNS_CODE: &str = "runs code that it is given";
const MAKES_CODE: &str = "makes something to be run out of the file";
const REACHES: &str = "reaches anything by its name";
const FILES: &str = "opens, changes or deletes files";
const NETWORK: &str = "talks to the network";
const MEMORY: &str = "reaches the memory of the process";

/// What is known of a name.
fn verdict(module: &str, name: &str) -> Verdict {
    let (module, name) = (module.trim(), name.trim());
    let first = module.split('.').next().unwrap_or(module);
    // Of a dotted name, each part is an attribute of the one before, which may be a module: any may be the one that matters.
    let parts = || name.split('.').take(MOST_PARTS);
    let mut of_modules =
        parts().zip(parts().skip(1)).filter_map(|(module, name)| danger(module.trim_start_matches('_'), name));
    match parts().find_map(|part| danger(first, part)).or_else(|| of_modules.next()) {
        Some(why) => Verdict::Dangerous(why),
        None if makes_a_value(module, name) => Verdict::MakesValue,
        None => Verdict::Unknown,
    }
}

/// What is dangerous in an attribute of a module.
fn danger(first: &str, last: &str) -> Option<&'static str> {
    match (first, last) {
        ("builtins" | "__builtin__", "eval" | "exec" | "execfile" | "compile" | "input" | "breakpoint" | "help") => {
            Some(RUNS_CODE)
        }
        (
            "builtins" | "__builtin__",
            "__import__" | "getattr" | "setattr" | "delattr" | "vars" | "globals" | "locals",
        ) => Some(REACHES),
        ("builtins" | "__builtin__", "apply" | "map" | "filter" | "reduce" | "memoryview" | "type")
            if last == "apply" =>
        {
            Some(RUNS_CODE)
        }
        ("builtins" | "__builtin__", "open" | "file") => Some(FILES),
        (
            "os" | "posix" | "nt",
            "stat_result" | "_make_stat_result" | "statvfs_result" | "_make_statvfs_result" | "terminal_size",
        ) => None,
        ("os" | "posix" | "nt" | "subprocess" | "pty" | "popen2" | "commands" | "posixpath" | "ntpath", _) => {
            Some(RUNS_PROGRAM)
        }
        ("asyncio", "create_subprocess_shell" | "create_subprocess_exec") => Some(RUNS_PROGRAM),
        (
            "_aix_support" | "_osx_support" | "_pyrepl" | "multiprocessing" | "concurrent" | "webbrowser" | "platform"
            | "distutils" | "setuptools" | "pip" | "ensurepip" | "venv",
            _,
        ) => Some(RUNS_PROGRAM),
        ("sys", _)
        | ("gc" | "inspect" | "importlib" | "imp" | "pkgutil" | "zipimport" | "pydoc" | "pkg_resources", _) => {
            Some(REACHES)
        }
        ("operator" | "_operator", "attrgetter" | "methodcaller") => Some(REACHES),
        // What an extension code means can be set by the pickle itself.
        ("copyreg" | "copy_reg", "add_extension" | "pickle" | "constructor" | "dispatch_table") => Some(REACHES),
        ("functools", "reduce") | ("itertools", "starmap") => Some(RUNS_CODE),
        (
            "code" | "codeop" | "runpy" | "bdb" | "pdb" | "cProfile" | "profile" | "timeit" | "trace" | "doctest"
            | "idlelib" | "site" | "lib2to3" | "unittest" | "test" | "IPython" | "numexpr" | "asyncio" | "sched"
            | "atexit" | "signal" | "threading" | "_thread" | "thread",
            _,
        ) if !matches!(last, "lock" | "RLock" | "Lock" | "Event" | "Condition" | "Semaphore" | "BoundedSemaphore") => {
            Some(RUNS_CODE)
        }
        (
            "pickle" | "_pickle" | "cPickle" | "marshal" | "shelve" | "joblib",
            "load" | "loads" | "_load" | "_loads" | "Unpickler" | "_Unpickler" | "open" | "DbfilenameShelf",
        ) => Some(RUNS_CODE),
        ("torch", "load" | "jit_load") | ("numpy" | "pandas", "load" | "loads" | "read_pickle" | "eval" | "query") => {
            Some(RUNS_CODE)
        }
        ("dill" | "cloudpickle", "_eval_repr" | "loads" | "load" | "load_session") => Some(RUNS_CODE),
        ("dill" | "cloudpickle", "_import_module" | "_get_attr" | "_getattribute" | "subimport") => Some(REACHES),
        (
            "dill" | "cloudpickle",
            "_create_function"
            | "_create_code"
            | "_create_type"
            | "_make_function"
            | "_make_skel_func"
            | "_fill_function"
            | "_make_skeleton_class"
            | "_make_skeleton_enum"
            | "_create_ftype"
            | "dynamic_subimport"
            | "_function_setstate"
            | "_class_setstate",
        ) => Some(MAKES_CODE),
        ("dill" | "cloudpickle", "_create_filehandle") => Some(FILES),
        ("types", "CodeType" | "FunctionType" | "LambdaType" | "ModuleType" | "new_class") | ("new", _) => {
            Some(MAKES_CODE)
        }
        (
            "shutil" | "tempfile" | "glob" | "fileinput" | "zipfile" | "tarfile" | "linecache" | "mmap" | "sqlite3"
            | "dbm" | "anydbm" | "dumbdbm" | "gdbm" | "dbhash" | "whichdb" | "logging",
            _,
        ) => Some(FILES),
        (
            "io" | "_io" | "codecs" | "_codecs" | "gzip" | "bz2" | "lzma" | "_pyio",
            "open" | "open_code" | "FileIO" | "GzipFile",
        ) => Some(FILES),
        (
            "pathlib",
            "read_text" | "read_bytes" | "write_text" | "write_bytes" | "unlink" | "open" | "rename" | "rmdir"
            | "touch" | "chmod" | "mkdir",
        ) => Some(FILES),
        (
            "socket" | "_socket" | "ssl" | "http" | "urllib" | "urllib2" | "httplib" | "ftplib" | "smtplib" | "poplib"
            | "imaplib" | "telnetlib" | "nntplib" | "xmlrpc" | "xmlrpclib" | "requests" | "aiohttp" | "socketserver"
            | "SocketServer",
            _,
        ) => Some(NETWORK),
        ("ctypes" | "_ctypes" | "cffi" | "_cffi_backend", _) => Some(MEMORY),
        (
            _,
            "__reduce__" | "__reduce_ex__" | "__globals__" | "__builtins__" | "__subclasses__" | "__import__"
            | "__loader__" | "__getattribute__" | "__getattr__" | "__dict__" | "__spec__",
        ) => Some(REACHES),
        (
            _,
            "eval" | "exec" | "execfile" | "system" | "popen" | "Popen" | "check_output" | "runcode" | "runctx"
            | "runstring" | "find_class",
        ) => Some(RUNS_CODE),
        _ => None,
    }
}

/// Whether a name of Python's library makes a value of its arguments, and nothing else.
fn makes_a_value(module: &str, name: &str) -> bool {
    match module {
        "builtins" | "__builtin__" => {
            matches!(
                name,
                "bool"
                    | "bytearray"
                    | "bytes"
                    | "complex"
                    | "dict"
                    | "float"
                    | "frozenset"
                    | "int"
                    | "list"
                    | "long"
                    | "object"
                    | "range"
                    | "set"
                    | "slice"
                    | "str"
                    | "tuple"
                    | "unicode"
                    | "xrange"
                    | "Ellipsis"
                    | "NotImplemented"
            ) || names::looks_like_an_exception(name)
                || name == "BaseException"
        }
        "exceptions" => true,
        "collections" => matches!(name, "OrderedDict" | "Counter" | "deque" | "defaultdict"),
        "datetime" => matches!(name, "datetime" | "date" | "time" | "timedelta" | "timezone"),
        "decimal" => name == "Decimal",
        "fractions" => name == "Fraction",
        "uuid" => name == "UUID",
        "array" => matches!(name, "array" | "_array_reconstructor"),
        "copy_reg" | "copyreg" => matches!(name, "_reconstructor" | "__newobj__" | "__newobj_ex__"),
        "_codecs" => name == "encode",
        _ => false,
    }
}
