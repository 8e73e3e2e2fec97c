//! Abstract base classes: which types count as theirs without deriving from them.
//!
//! Python asks `__subclasshook__`, then what was registered. The hooks of the library look for methods, and are done here; one
//! of the program is code. What was registered is `_abc_registry` of the class: the capture writes it from CPython 3.7
//! on, before it was an attribute.

use std::rc::Rc;

use crashsite_model::{Kind, Object};

use super::class;
use super::types::derives;
use super::value::Value;
use super::{Context, Failure, Res};

/// Registrations that lead to each other: a dump may claim more than Python allows.
const DEEPEST: usize = 20;

/// Builtin types that the library's abstract classes count as theirs (`issubclass` of CPython 3.13).
const BUILTIN: &[(&str, &[&str])] = &[
    ("Iterator", ITERATORS),
    ("Generator", &["generator"]),
    ("Callable", &["type", "function", "builtin_function_or_method", "method", "instancemethod"]),
    ("Set", &["set", "frozenset", "dict_keys", "dict_items"]),
    ("MutableSet", &["set"]),
    ("Mapping", &["dict", "mappingproxy"]),
    ("MutableMapping", &["dict"]),
    ("MappingView", &["dict_keys", "dict_values", "dict_items"]),
    ("KeysView", &["dict_keys"]),
    ("ItemsView", &["dict_items"]),
    ("ValuesView", &["dict_values"]),
    (
        "Sequence",
        &[
            "str",
            "unicode",
            "bytes",
            "bytearray",
            "memoryview",
            "list",
            "tuple",
            "range",
            "xrange",
            "collections.deque",
        ],
    ),
    ("MutableSequence", &["bytearray", "list", "collections.deque"]),
    ("ByteString", &["bytes", "bytearray"]),
    ("Buffer", &["bytes", "bytearray", "memoryview"]),
    ("Number", &["int", "long", "float", "complex", "decimal.Decimal", "fractions.Fraction"]),
    ("Complex", &["int", "long", "float", "complex", "fractions.Fraction"]),
    ("Real", &["int", "long", "float", "fractions.Fraction"]),
    ("Rational", &["int", "long", "fractions.Fraction"]),
    ("Integral", &["int", "long"]),
];
const ITERATORS: &[&str] = &["enumerate", "zip", "map", "filter", "reversed", "generator"];
/// Those that have a length, elements, and an order to go through them.
const CONTAINERS: &[&str] = &[
    "str",
    "unicode",
    "bytes",
    "bytearray",
    "memoryview",
    "list",
    "tuple",
    "dict",
    "range",
    "xrange",
    "mappingproxy",
    "dict_keys",
    "dict_values",
    "dict_items",
    "collections.deque",
];
const UNHASHABLE: &[&str] = &["bytearray", "list", "dict", "set", "dict_keys", "dict_items", "collections.deque"];

/// What the hooks of `collections.abc` look for: the class has all of these methods.
const METHODS: &[(&str, &[&str])] = &[
    ("Hashable", &["__hash__"]),
    ("Iterable", &["__iter__"]),
    ("Iterator", &["__iter__", "__next__"]),
    ("Reversible", &["__iter__", "__reversed__"]),
    ("Sized", &["__len__"]),
    ("Container", &["__contains__"]),
    ("Collection", &["__contains__", "__iter__", "__len__"]),
    ("Callable", &["__call__"]),
    ("Awaitable", &["__await__"]),
    ("AsyncIterable", &["__aiter__"]),
    ("AsyncIterator", &["__aiter__", "__anext__"]),
    ("Coroutine", &["__await__", "send", "throw", "close"]),
    ("Generator", &["__iter__", "__next__", "send", "throw", "close"]),
    ("AsyncGenerator", &["__aiter__", "__anext__", "asend", "athrow", "aclose"]),
    ("Buffer", &["__buffer__"]),
];

/// Abstract classes with what was registered with each.
pub(super) type Registered<'a> = Rc<[(Object<'a>, Vec<Object<'a>>)]>;

impl<'a> Context<'a> {
    /// Whether a class is made by `abc.ABCMeta`, as it is.
    pub(super) fn is_abstract(&self, class: &Object<'a>) -> bool {
        let Some(meta) = class::of(self.dump, class) else { return false };
        let check = self.classes.entry(self.dump, &meta, "__instancecheck__");
        check.is_some_and(|entry| class::name_of(&entry.owner).0 == "abc")
    }

    /// Whether a type counts as one of an abstract class's that it does not derive from.
    pub(super) fn counts_as(&self, class: &Value<'a>, of: &Object<'a>) -> Res<bool> {
        self.counts_within(class, of, 0)
    }

    fn counts_within(&self, class: &Value<'a>, of: &Object<'a>, depth: usize) -> Res<bool> {
        self.budget.step()?;
        if let Some(entry) = self.classes.entry(self.dump, of, "__subclasshook__") {
            let module = class::name_of(&entry.owner).0;
            if !is_library(&module) {
                return Err(Failure::needs_code(class::place(&entry, "__subclasshook__")));
            }
        }
        let (module, name) = class::name_of(of);
        if is_library(&module)
            && let Some(known) = self.by_nature(class, &name)?
        {
            return Ok(known);
        }
        if depth >= DEEPEST {
            return Ok(false);
        }
        // Those registered with a class that derives from this one count, too.
        for (owner, members) in self.registered().iter() {
            if owner.number != of.number && !class::mro(self.dump, owner).any(|base| base.number == of.number) {
                continue;
            }
            for member in members {
                let member = self.class_value(*member);
                let plain = match (class, &member) {
                    (Value::Class(class), Value::Class(member)) => derives(class, member),
                    (Value::Object(class), Value::Class(member)) => {
                        self.builtin_base(class).is_some_and(|base| derives(base, member))
                    }
                    (Value::Object(class), Value::Object(member)) => {
                        class::mro(self.dump, class).any(|base| base.number == member.number)
                    }
                    _ => false,
                };
                let through = match &member {
                    Value::Object(member) if !plain && self.is_abstract(member) => {
                        self.counts_within(class, member, depth + 1)?
                    }
                    _ => false,
                };
                if plain || through {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What the library's own abstract class of that name says of builtin types and of methods; `None` where neither decides.
    fn by_nature(&self, class: &Value<'a>, of: &str) -> Res<Option<bool>> {
        let builtin = match class {
            Value::Class(name) => Some(*name),
            Value::Object(class) => self.builtin_base(class),
            _ => None,
        };
        let natural = builtin.is_some_and(|name| of_builtin(name, of, self.version));
        let Value::Object(class) = class else { return Ok(Some(natural)) };
        let methods = METHODS.iter().find(|known| known.0 == of).map(|known| known.1);
        let Some(methods) = methods else { return Ok(natural.then_some(true)) };
        for name in methods {
            let has = match self.classes.certain_entry(self.dump, class, name)? {
                Some(entry) => !(entry.value.kind() == Kind::Atom && entry.value.note() == Some(b"None")),
                None => natural || *name == "__hash__" && builtin.is_none(),
            };
            if !has {
                // It may have been registered nevertheless.
                return Ok(None);
            }
        }
        Ok(Some(true))
    }

    /// The builtin type that a class of the program derives from, `object` left out.
    fn builtin_base(&self, class: &Object<'a>) -> Option<&'static str> {
        class::mro(self.dump, class).find_map(|base| match self.class_value(base) {
            Value::Class(name) if name != "object" => Some(name),
            _ => None,
        })
    }

    /// All abstract classes with which something was registered; looked for once, in the whole heap.
    fn registered(&self) -> Registered<'a> {
        self.classes.registered(|| {
            let classes = self.dump.heap.objects().filter(|object| object.kind() == Kind::Class);
            classes
                .filter_map(|class| {
                    let registry = self.dump.heap.object(class.attribute("_abc_registry")?)?;
                    // Before CPython 3.7 it is a WeakSet, whose attribute `data` holds weak references.
                    let held = registry.attribute("data").and_then(|number| self.dump.heap.object(number));
                    let members = self.dump.heap.contents(&held.unwrap_or(registry));
                    let members = members.elements(0).filter_map(|(_, number)| {
                        let member = self.dump.heap.object(number)?;
                        let referent = member.attribute("referent").and_then(|number| self.dump.heap.object(number));
                        Some(referent.unwrap_or(member)).filter(|member| member.kind() == Kind::Class)
                    });
                    Some((class, members.collect()))
                })
                .collect()
        })
    }
}

fn is_library(module: &str) -> bool {
    matches!(module, "collections.abc" | "_collections_abc" | "_abcoll" | "collections" | "numbers" | "abc")
}

/// Whether a builtin type is one of an abstract class of the library's.
fn of_builtin(name: &str, of: &str, version: (u32, u32)) -> bool {
    match of {
        "Hashable" => !UNHASHABLE.iter().any(|known| derives(name, known)) && (name != "slice" || version >= (3, 12)),
        "Sized" | "Container" | "Collection" => is_container(name) || matches!(name, "set" | "frozenset"),
        "Iterable" => is_container(name) || matches!(name, "set" | "frozenset") || ITERATORS.contains(&name),
        "Reversible" => is_container(name),
        _ => BUILTIN.iter().any(|known| known.0 == of && known.1.iter().any(|known| derives(name, known))),
    }
}

fn is_container(name: &str) -> bool {
    CONTAINERS.iter().any(|known| derives(name, known))
}
