//! Classes of captured objects: what they derive from, and who has the last word about an operation.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::LazyLock;

use crashsite_model::{Dump, Kind, Object, TypeInfo};
use rustc_hash::FxHashMap;

use super::abstract_class::Registered;
use super::{Failure, Res};

/// Classes of an MRO that are looked through.
const MOST_CLASSES: usize = 1000;
/// Entries that are remembered; expressions can ask for any number of names.
const MOST_ENTRIES: usize = 100_000;

/// An entry of a class's namespace, and the class that has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) value: Object<'a>,
    pub(super) owner: Object<'a>,
}

/// Who implements a special method of a captured object.
#[derive(Debug, Clone)]
pub(super) enum Maker<'a> {
    /// A builtin type, or nobody: as builtin types do it.
    Builtin,
    /// `dataclasses`: by the fields.
    Dataclass,
    /// Code of the program, or Python code of the library.
    Code(Entry<'a>),
    /// The class sets it to None: it is not to be had.
    Forbidden,
}

/// What the classes of an MRO have under a name.
#[derive(Debug, Clone, Copy)]
struct Found<'a> {
    entry: Option<Entry<'a>>,
    /// A class before it of which the dump does not tell what it has.
    brief: Option<Object<'a>>,
}

/// What was found, by the number of the class and the name.
type Entries<'a> = FxHashMap<(u32, Rc<str>), Found<'a>>;

/// What was found out about classes so far.
#[derive(Debug, Default)]
pub(super) struct Classes<'a> {
    entries: RefCell<Entries<'a>>,
    /// Whether instances of a class are instances of another: by its line of a type table, whose address is its name
    /// here, and the other's number.
    instances: RefCell<FxHashMap<(usize, u32), bool>>,
    registered: OnceCell<Registered<'a>>,
}

/// The builtin types by module and name.
static BUILTIN: LazyLock<FxHashMap<(&str, &str), &str>> = LazyLock::new(|| {
    let places = |known: &'static str| match known.rsplit_once('.') {
        Some((module, name)) => vec![((module, name), known)],
        None => vec![(("builtins", known), known), (("__builtin__", known), known)],
    };
    super::types::NAMES.iter().copied().flat_map(places).collect()
});

/// A builtin type's name, by module and name as the dump has them.
pub(super) fn builtin_name(module: &str, name: &str) -> Option<&'static str> {
    let known: &FxHashMap<(&str, &str), &'static str> = &BUILTIN;
    known.get(&(module, name)).copied()
}

/// The builtin type that a class of the type table is, exactly.
pub(super) fn exactly(class: Option<&TypeInfo>) -> Option<&'static str> {
    let class = class?;
    builtin_name(&class.module, &class.name)
}

/// Module and name of a class of the type table.
pub(super) fn name_of_type(class: Option<&TypeInfo>) -> (&str, &str) {
    class.map_or(("", ""), |class| (&class.module, &class.name))
}

/// Module and qualified name of a captured class.
pub(super) fn name_of(class: &Object<'_>) -> (String, String) {
    let note = class.note().unwrap_or_default();
    let text = crashsite_model::scalar_text(note);
    let (module, name) = text.split_once('\0').unwrap_or(("", &text));
    (module.to_owned(), name.to_owned())
}

/// The class of an object, as an object.
pub(super) fn of<'a>(dump: &'a Dump, object: &Object<'a>) -> Option<Object<'a>> {
    dump.heap.object(object.class()?.class?).filter(|class| class.kind() == Kind::Class)
}

/// The MRO of a class; it begins with the class itself.
pub(super) fn mro<'a>(dump: &'a Dump, class: &Object<'a>) -> impl Iterator<Item = Object<'a>> + use<'a> {
    class.elements().take(MOST_CLASSES).filter_map(|number| dump.heap.object(number))
}

impl<'a> Classes<'a> {
    /// The first entry of that name along the MRO of a class, builtin classes left out, as far as the dump knows.
    pub(super) fn entry(&self, dump: &'a Dump, class: &Object<'a>, name: &str) -> Option<Entry<'a>> {
        self.found(dump, class, name).entry
    }

    /// As [`Self::entry`]; a failure where a class of the library may have one that the dump does not tell.
    pub(super) fn certain_entry(&self, dump: &'a Dump, class: &Object<'a>, name: &str) -> Res<Option<Entry<'a>>> {
        let found = self.found(dump, class, name);
        match found.brief {
            Some(brief) => Err(is_brief(&brief, name)),
            None => Ok(found.entry),
        }
    }

    fn found(&self, dump: &'a Dump, class: &Object<'a>, name: &str) -> Found<'a> {
        let key = (class.number, Rc::from(name));
        if let Some(known) = self.entries.borrow().get(&key) {
            return *known;
        }
        let own = mro(dump, class).filter(|owner| {
            let (module, name) = name_of(owner);
            builtin_name(&module, &name).is_none() && module != "builtins" && module != "exceptions"
        });
        let mut found = Found { entry: None, brief: None };
        for owner in own {
            if let Some(value) = owner.attribute(name).and_then(|number| dump.heap.object(number)) {
                found.entry = Some(Entry { value, owner });
                break;
            }
            if found.brief.is_none() && dump.heap.state(&owner).brief {
                found.brief = Some(owner);
            }
        }
        let mut entries = self.entries.borrow_mut();
        if entries.len() >= MOST_ENTRIES {
            entries.clear();
        }
        entries.insert(key, found);
        found
    }

    /// Whether an object is an instance of the class of that number, decided once for all objects of its class.
    pub(super) fn is_instance(&self, object: &Object<'a>, class: u32, decide: impl FnOnce() -> Res<bool>) -> Res<bool> {
        let Some(own) = object.class() else { return decide() };
        let key = (std::ptr::from_ref(own).addr(), class);
        if let Some(known) = self.instances.borrow().get(&key) {
            return Ok(*known);
        }
        let found = decide()?;
        self.instances.borrow_mut().insert(key, found);
        Ok(found)
    }

    /// What was registered with abstract classes, found once.
    pub(super) fn registered(&self, find: impl FnOnce() -> Registered<'a>) -> Registered<'a> {
        self.registered.get_or_init(find).clone()
    }

    /// Who implements a special method of an object.
    pub(super) fn maker(&self, dump: &'a Dump, object: &Object<'a>, name: &str) -> Res<Maker<'a>> {
        if exactly(object.class()).is_some() {
            return Ok(Maker::Builtin);
        }
        let Some(class) = of(dump, object) else {
            let class = object.class_name();
            return match object.class().map(|class| &*class.module) {
                // Classes of C are not always captured, and have no code of the program's.
                Some("builtins" | "__builtin__" | "exceptions" | "_thread" | "_io") => Ok(Maker::Builtin),
                Some("numpy") if object.kind() == Kind::Bytes && object.attribute("shape").is_none() => {
                    Ok(Maker::Builtin)
                }
                _ => Err(Failure::not_captured(format!("the class {class} is not in the dump"))),
            };
        };
        let Some(entry) = self.certain_entry(dump, &class, name)? else { return Ok(Maker::Builtin) };
        if entry.value.kind() == Kind::Atom && entry.value.note() == Some(b"None") {
            return Ok(Maker::Forbidden);
        }
        Ok(match entry.value.kind() {
            Kind::Builtin | Kind::Opaque => Maker::Builtin,
            Kind::Function if is_generated(dump, &entry) => Maker::Dataclass,
            _ => Maker::Code(entry),
        })
    }
}

/// That the dump does not tell whether a class has an attribute.
pub(super) fn is_brief(class: &Object<'_>, name: &str) -> Failure {
    let (module, qualname) = name_of(class);
    Failure::brief(format!("of the class {module}.{qualname} the dump has name and place only, not {name}"))
}

/// A function that `dataclasses` made: its code has no file.
pub(super) fn is_generated(dump: &Dump, entry: &Entry<'_>) -> bool {
    // `__repr__` is wrapped, against objects that hold themselves.
    let wrapped = entry.value.attribute("__wrapped__").and_then(|number| dump.heap.object(number));
    let function = wrapped.unwrap_or(entry.value);
    let nowhere = function.location().is_some_and(|(file, _)| &*file.text == "<string>");
    nowhere && entry.owner.attribute("__dataclass_fields__").is_some()
}

/// `Order.total (models.py:41)`
pub(super) fn place(entry: &Entry<'_>, name: &str) -> String {
    let (_, class) = name_of(&entry.owner);
    let function = match entry.value.kind() {
        Kind::Function => Some(entry.value),
        _ => None,
    };
    let file = function.and_then(|function| function.location()).map(|(file, line)| {
        let short = file.text.rsplit(['/', '\\']).next().unwrap_or_default();
        format!(" ({short}:{line})")
    });
    format!("{class}.{name}{}", file.unwrap_or_default())
}
