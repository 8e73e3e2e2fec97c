//! Names: of the frame, of its module, of the builtins, and those that only a debugger has.

use crashsite_model::{Local, Object};
use rustc_hash::FxHashMap;

use super::value::Value;
use super::{Context, Failure, Res, builtin, types};

/// The value of a name that the expression itself does not bind.
pub(super) fn of<'a>(context: &Context<'a>, name: &str) -> Res<Value<'a>> {
    if let Some(answer) = special(context, name) {
        return answer;
    }
    let here = std::ptr::from_ref(context.frame()).addr();
    if let Some(known) = context.names.borrow().get(here, name) {
        return Ok(known.clone());
    }
    let found = looked_up(context, name)?;
    context.names.borrow_mut().add(here, name, found.clone());
    Ok(found)
}

/// Names that were looked up before, in one frame: its address is its name here.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    frame: usize,
    values: FxHashMap<String, Value<'a>>,
}

impl<'a> Known<'a> {
    fn get(&self, frame: usize, name: &str) -> Option<&Value<'a>> {
        if self.frame == frame { self.values.get(name) } else { None }
    }

    fn add(&mut self, frame: usize, name: &str, value: Value<'a>) {
        if self.frame != frame {
            self.values.clear();
            self.frame = frame;
        }
        self.values.insert(name.to_owned(), value);
    }
}

fn looked_up<'a>(context: &Context<'a>, name: &str) -> Res<Value<'a>> {
    if let Some(local) = context.frame().locals.iter().find(|local| &*local.name == name) {
        return Ok(of_local(context, local));
    }
    if let Some(found) = global(context, name)? {
        return Ok(found);
    }
    if let Some(found) = builtin::named(name, context.python2) {
        return Ok(found);
    }
    if let Some(module) = excerpt(context) {
        return Err(Failure::brief(format!(
            "of the module {module} the dump has the names that its frames use, not {name}"
        )));
    }
    let failure = Failure::new("NameError", format!("name '{name}' is not defined"));
    if let Some(remedy) = elsewhere(context, name) {
        return Err(failure.remedy(&remedy));
    }
    Err(match super::nearest(name, context.frame().locals.iter().map(|local| &*local.name)) {
        Some(near) => failure.remedy(&format!("Did you mean {near}? `crashsite locals` shows the names of the frame.")),
        None => failure,
    })
}

/// Which other frame knows a name.
fn elsewhere(context: &Context<'_>, name: &str) -> Option<String> {
    /// Frames that are looked through.
    const MOST: usize = 200;
    let here = context.place.get().stack.frames;
    let threads = context.dump.threads.iter().enumerate();
    let mut of_thread: Vec<_> = threads.filter(|(_, thread)| std::ptr::eq(thread.frames.as_slice(), here)).collect();
    of_thread.extend(
        context.dump.threads.iter().enumerate().filter(|(_, thread)| !std::ptr::eq(thread.frames.as_slice(), here)),
    );
    let mut without = Vec::new();
    let frames = of_thread.iter().flat_map(|(position, thread)| {
        thread.frames.iter().enumerate().map(move |(number, index)| (*position, *thread, number, index))
    });
    for (position, thread, number, index) in frames.take(MOST) {
        let Some(frame) = context.dump.frames.get(*index) else { continue };
        let local = frame.locals.iter().any(|local| &*local.name == name);
        let mut global = || {
            let globals = frame.globals.filter(|number| !without.contains(number))?;
            let found = context.dump.heap.object(globals).and_then(|dict| context.text_key(&dict, name));
            without.push(globals);
            found
        };
        if local || global().is_some() {
            let chosen = if std::ptr::eq(thread.frames.as_slice(), here) {
                String::new()
            } else {
                format!("--thread {} ", position + 1)
            };
            return Some(format!("Another frame knows {name}, {}: {chosen}--frame {number}", frame.function));
        }
    }
    None
}

/// What a local variable held.
pub(super) fn of_local<'a>(context: &Context<'a>, local: &'a Local) -> Value<'a> {
    let object = local.object.and_then(|number| context.dump.heap.object(number));
    object.map_or(Value::Preview(local), |object| value_of(context, object))
}

/// A captured object as a value; a class that is known by name as such.
fn value_of<'a>(context: &Context<'a>, object: Object<'a>) -> Value<'a> {
    if object.kind() == crashsite_model::Kind::Class { context.class_value(object) } else { Value::Object(object) }
}

fn global<'a>(context: &Context<'a>, name: &str) -> Res<Option<Value<'a>>> {
    let Some(globals) = context.frame().globals.and_then(|number| context.dump.heap.object(number)) else {
        return Ok(None);
    };
    let found = context.text_key(&globals, name);
    match found {
        Some(number) => context.object(number).map(|value| match value {
            Value::Object(object) => Some(value_of(context, object)),
            other => Some(other),
        }),
        None => Ok(None),
    }
}

/// The module of the frame, where it is one of the library whose globals are not all there.
fn excerpt<'a>(context: &Context<'a>) -> Option<&'a str> {
    let frame = context.frame();
    let globals = frame.globals.and_then(|number| context.dump.heap.object(number))?;
    let cut = context.dump.heap.state(&globals).full_length.is_some();
    (frame.library && cut).then(|| frame.module.as_deref().unwrap_or("?"))
}

/// `$exc`, `$0`, …: what only a debugger has.
fn special<'a>(context: &Context<'a>, name: &str) -> Option<Res<Value<'a>>> {
    let word = name.strip_prefix(super::SPECIAL)?;
    if word == "exc" {
        let number = context.dump.exceptions.first().and_then(|exception| exception.object);
        return Some(match number {
            Some(number) => context.object(number),
            None => Err(Failure::new("NameError", "the dump has no exception: $exc is not defined")),
        });
    }
    let number: usize = word.parse().ok()?;
    Some(context.answers.borrow().get(number))
}

impl<'a> Context<'a> {
    /// The value of a text key of a captured dict, found without looking at the others' values.
    pub(super) fn text_key(&self, dict: &Object<'a>, name: &str) -> Option<u32> {
        let contents = self.dump.heap.contents(dict);
        let is_name = |key: u32| {
            self.dump.heap.object(key).is_some_and(|key| match key.payload() {
                crashsite_model::Payload::Text(text) => text == name.as_bytes(),
                crashsite_model::Payload::Bytes(text) => self.python2 && text == name.as_bytes(),
                _ => false,
            })
        };
        contents.pairs(0).find(|(key, _)| is_name(*key)).map(|pair| pair.1)
    }

    /// The frame's names and values: `locals()`.
    pub(super) fn locals(&self) -> Res<Value<'a>> {
        let mut dict = super::dict::Dict::default();
        for local in &self.frame().locals {
            let name = Value::text(&local.name);
            dict.insert(self.key(&name)?, name, of_local(self, local));
        }
        Ok(Value::dict(dict))
    }

    /// The globals of the frame: `globals()`.
    pub(super) fn globals(&self) -> Res<Value<'a>> {
        match self.frame().globals {
            Some(number) => self.object(number),
            None => Err(Failure::not_captured("the globals of the frame were not captured")),
        }
    }
}

/// A class of the builtins by its name in an expression.
pub(super) fn class_named(name: &str, python2: bool) -> Option<&'static str> {
    const HIDDEN: &[&str] = &[
        "NoneType",
        "ellipsis",
        "NotImplementedType",
        "function",
        "builtin_function_or_method",
        "method",
        "instancemethod",
        "module",
        "generator",
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
        "method_descriptor",
        "wrapper_descriptor",
        "classmethod_descriptor",
        "getset_descriptor",
        "weakref",
        "classobj",
        "instance",
    ];
    const OLD: &[&str] = &["long", "unicode", "basestring", "xrange"];
    let found = types::known(name)?;
    (!HIDDEN.contains(&found) && !found.contains('.') && (python2 || !OLD.contains(&found))).then_some(found)
}
