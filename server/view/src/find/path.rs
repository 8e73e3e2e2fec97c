//! A way to an object, as text: `MainThread#2.orders[17]`. What follows the frame is an expression that gives the object
//! there, so that it can be asked about further.

use crashsite_model::{Dump, Kind, Object};

use super::reach::{Reach, Root};
use crate::repr;
use crate::text::shorten;

/// Steps of a way that is told; one that is longer says less than the object's address.
const MOST_STEPS: usize = 100;
/// Characters of an expression, and of a key in it.
const LONGEST: usize = 1000;
const LONGEST_KEY: usize = 100;

/// A way to an object.
pub(super) struct Path {
    /// For people.
    pub(super) path: String,
    /// What gives the object in that frame.
    pub(super) expression: String,
    /// Position of the thread from 1, and the frame in it.
    pub(super) place: Option<(u64, u64)>,
}

/// How the object was reached.
pub(super) fn of(reach: &Reach<'_>, object: Object<'_>) -> Path {
    told(reach, object).unwrap_or_else(|| {
        let expression = match object.address() {
            0 => String::new(),
            address => format!("obj({address:#x})"),
        };
        let path = if expression.is_empty() { format!("object {}", object.number) } else { expression.clone() };
        Path { path, expression, place: None }
    })
}

fn told(reach: &Reach<'_>, object: Object<'_>) -> Option<Path> {
    let dump = reach.dump;
    let (root, edges) = reach.way(object.number, MOST_STEPS)?;
    let (place, mut text, mut globals) = match root {
        Root::Local(thread, frame, local) => {
            (Some((thread, frame)), frame_at(dump, thread, frame)?.locals.get(local)?.name.to_string(), false)
        }
        Root::Outside(local) => (None, dump.outside_frame()?.locals.get(local)?.name.to_string(), false),
        Root::Exception => (None, "$exc".to_owned(), false),
        Root::Globals(thread, frame) => (Some((thread, frame)), "globals()".to_owned(), true),
    };
    for (from, edge) in edges {
        text = onward(dump, &dump.heap.object(from)?, edge, &text, globals)?;
        globals = false;
    }
    let path = match place {
        Some((thread, frame)) => format!("{}#{frame}.{text}", thread_name(dump, thread)),
        None => text.clone(),
    };
    Some(Path { path, expression: text, place: place.map(|(thread, frame)| (thread as u64 + 1, frame as u64)) })
}

fn frame_at(dump: &Dump, thread: usize, frame: usize) -> Option<&crashsite_model::Frame> {
    dump.frames.get(*dump.threads.get(thread)?.frames.get(frame)?)
}

/// By its name, where no other thread has it; else by its position.
fn thread_name(dump: &Dump, thread: usize) -> String {
    let name = dump.threads.get(thread).and_then(|thread| thread.name.as_deref());
    let named = |name: &&str| dump.threads.iter().filter(|thread| thread.name.as_deref() == Some(name)).count() == 1;
    match name.filter(named) {
        Some(name) => shorten(name, LONGEST_KEY).into_owned(),
        None => (thread + 1).to_string(),
    }
}

/// The expression for what an edge leads to, from the expression for the object that it comes from. Edges are numbered as
/// [`Reach`] does: attributes, elements, of pairs the key and then the value. `globals`: the object is the frame's module's.
pub(crate) fn onward(dump: &Dump, from: &Object<'_>, edge: u32, text: &str, globals: bool) -> Option<String> {
    let text = match step(dump, from, edge)? {
        // A name of the module is one of the frame.
        Step::Key(key) if globals && name_in(&key).is_some() => name_in(&key).unwrap_or_default().to_owned(),
        Step::Key(key) => format!("{text}[{key}]"),
        Step::After(rest) => format!("{text}{rest}"),
        Step::Around(before, after) => format!("{before}{text}{after}"),
    };
    (text.len() <= LONGEST).then_some(text)
}

/// One step, as an expression has it.
enum Step {
    /// By a key, written as a literal.
    Key(String),
    After(String),
    Around(&'static str, String),
}

fn step(dump: &Dump, from: &Object<'_>, edge: u32) -> Option<Step> {
    if let Some((name, value)) = from.attributes().nth(edge as usize) {
        // Asked for by its name, it would be bound: the function of a staticmethod, the value of a property.
        let bound = || dump.heap.object(value).is_some_and(|value| value.kind() == Kind::Wrapper);
        if from.kind() == Kind::Class && is_name(name) && bound() {
            return Some(Step::After(format!(".__dict__['{name}']")));
        }
        return Some(match is_name(name) {
            true => Step::After(format!(".{name}")),
            false => Step::Around("getattr(", format!(", '{}')", name.replace('\\', "\\\\").replace('\'', "\\'"))),
        });
    }
    let index = u64::from(edge).checked_sub(from.attribute_count() as u64)?;
    let contents = dump.heap.contents(from);
    if contents.are_pairs() {
        let pair = index / 2;
        let (key, _) = contents.pairs(pair).next()?;
        return Some(match literal(dump, key) {
            _ if index.is_multiple_of(2) => Step::Around("list(", format!(")[{pair}]")),
            Some(key) => Step::Key(key),
            None => Step::Around("list(", format!(".values())[{pair}]")),
        });
    }
    let (position, _) = contents.elements(index).next()?;
    match from.kind() {
        Kind::List | Kind::Tuple | Kind::Deque => Some(Step::After(format!("[{position}]"))),
        Kind::Set | Kind::FrozenSet => Some(Step::Around("list(", format!(")[{position}]"))),
        Kind::Module => Some(Step::After(".__dict__".to_owned())),
        Kind::Class => Some(Step::After(format!(".__mro__[{position}]"))),
        _ => None,
    }
}

/// A key that can be written down: a number, a text, a constant, of exactly a builtin type.
fn literal(dump: &Dump, key: u32) -> Option<String> {
    let object = dump.heap.object(key)?;
    let plain = object.class().is_some_and(|class| matches!(&*class.module, "builtins" | "__builtin__"));
    let kind = matches!(object.kind(), Kind::Int | Kind::BigInt | Kind::Str | Kind::Bytes | Kind::Atom);
    if !plain || !kind || object.class_name() == "bytearray" {
        return None;
    }
    let text = repr::of_object(dump, &object, LONGEST_KEY);
    let constant = object.kind() != Kind::Atom || matches!(&*text, "None" | "True" | "False");
    (constant && !text.ends_with('…') && dump.heap.state(&object).full_length.is_none()).then_some(text)
}

/// The name that a text literal holds.
fn name_in(key: &str) -> Option<&str> {
    let inner = key.strip_prefix('u').unwrap_or(key).strip_prefix('\'')?.strip_suffix('\'')?;
    is_name(inner).then_some(inner)
}

/// Whether a text can be written as a name.
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_')
}
