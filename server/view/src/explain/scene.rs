//! What the causes ask with: the evaluator, bounded all together, and the sources, each read once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crashsite_model::{Dump, Frame, Kind, Local, Object};
use rustc_hash::FxHashMap;

use super::code::Code;
use super::finding::{Evidence, Finding, Raised, Spot, Subject};
use crate::children;
use crate::eval::{Held, Session};
use crate::source::Lines;
use crate::thread::{Place, StackRef};
use crate::value::Value;

/// Keys of a mapping, or names of a scope, that are looked through.
pub(super) const MOST_KEYS: usize = 20_000;

/// What could be read around a line of a file.
type Parts = FxHashMap<(Arc<str>, u64), Option<Rc<Code>>>;

/// A dump that is being explained.
pub(super) struct Scene<'a, 's> {
    pub(super) dump: &'a Dump,
    session: &'s Session<'a>,
    lines: RefCell<Lines<'a>>,
    codes: RefCell<FxHashMap<Arc<str>, Option<Rc<Code>>>>,
    parts: RefCell<Parts>,
    ends: Instant,
    cut: Cell<bool>,
}

/// An exception that is being explained: itself, and its stack where the dump has one.
#[derive(Debug, Clone)]
pub(super) struct Failed<'a> {
    /// The class's own name.
    pub(super) class: Arc<str>,
    /// Its number in the heap.
    pub(super) object: Option<u32>,
    /// Its index in the dump; `None` where it has ended a task, which the crash did not come from.
    pub(super) index: Option<usize>,
    /// `crash`, `cause`, `context`, `member`, `task`.
    pub(super) relation: &'static str,
    /// The expression that gives it.
    pub(super) expression: Option<String>,
    /// Its innermost frame.
    pub(super) place: Option<Place<'a>>,
    pub(super) message: Arc<str>,
    /// Whether it is a context that `raise … from` has put aside.
    pub(super) hidden: bool,
}

impl<'a> Failed<'a> {
    /// A finding about it, of which nothing but the sentence is known yet.
    pub(super) fn finding(&self, cause: &'static str, says: impl Into<String>) -> Finding {
        Finding {
            cause,
            exception: Some(Raised {
                index: self.index,
                type_name: self.class.clone(),
                message: self.message.clone(),
                relation: self.relation,
            }),
            says: says.into(),
            at: None,
            object: None,
            evidence: Vec::new(),
            look: Vec::new(),
        }
    }
}

impl<'a, 's> Scene<'a, 's> {
    pub(super) fn new(dump: &'a Dump, session: &'s Session<'a>, milliseconds: u64) -> Self {
        Scene {
            dump,
            session,
            lines: RefCell::new(Lines::new(dump)),
            codes: RefCell::default(),
            parts: RefCell::default(),
            ends: Instant::now() + Duration::from_millis(milliseconds),
            cut: Cell::new(false),
        }
    }

    /// Whether there is time for more.
    pub(super) fn goes_on(&self) -> bool {
        if Instant::now() >= self.ends {
            self.cut.set(true);
        }
        !self.cut.get()
    }

    /// Whether a limit has ended it.
    pub(super) fn is_cut(&self) -> bool {
        self.cut.get()
    }

    /// The value of an expression, kept to be looked into; `None` where it has none without running code.
    pub(super) fn held(&self, place: Place<'a>, expression: &str) -> Option<Held<'a>> {
        if !self.goes_on() {
            return None;
        }
        self.session.go(place);
        self.session.hold(expression).ok()
    }

    /// The value of an expression in a frame.
    pub(super) fn value(&self, place: Place<'a>, expression: &str) -> Option<Value> {
        let held = self.held(place, expression)?;
        self.session.shown(&held).ok()
    }

    /// The same with the expression.
    pub(super) fn subject(&self, place: Place<'a>, expression: &str) -> Option<Subject> {
        let value = self.value(place, expression)?;
        Some(Subject { expression: expression.to_owned(), value })
    }

    /// A number that an expression gives.
    pub(super) fn number(&self, place: Place<'a>, expression: &str) -> Option<i128> {
        self.value(place, expression)?.repr.parse().ok()
    }

    /// Whether an expression is true; `None` where that cannot be told.
    pub(super) fn truth(&self, place: Place<'a>, expression: &str) -> Option<bool> {
        match &*self.value(place, &format!("bool({expression})"))?.repr {
            "True" => Some(true),
            "False" => Some(false),
            _ => None,
        }
    }

    /// The captured object that an expression gives.
    pub(super) fn object(&self, place: Place<'a>, expression: &str) -> Option<Object<'a>> {
        self.dump.heap.object(self.held(place, expression)?.number()?)
    }

    /// The keys of a mapping, or the elements of anything else, as far as they are looked through.
    pub(super) fn keys(&self, place: Place<'a>, expression: &str) -> Vec<Value> {
        let Some(held) = self.held(place, expression) else { return Vec::new() };
        let inside = self.session.inside(&held, None, 0, MOST_KEYS).unwrap_or_default();
        let key = |child: children::Child| match (child.key, child.index) {
            (Some(key), _) => Some(*key),
            (None, Some(_)) => Some(child.value),
            _ => None,
        };
        inside.into_iter().filter_map(|inside| key(inside.child)).collect()
    }

    /// The names of an object's attributes and of what its classes define.
    pub(super) fn attributes(&self, object: &Object<'a>) -> Vec<String> {
        let mut names: Vec<String> = object.attributes().take(MOST_KEYS).map(|(name, _)| name.to_owned()).collect();
        if object.kind() == Kind::Module
            && let Some(globals) = object.elements().next().and_then(|number| self.dump.heap.object(number))
        {
            let contents = self.dump.heap.contents(&globals);
            let keys = contents.pairs(0).take(MOST_KEYS);
            names.extend(keys.filter_map(|(key, _)| self.text_of(key)));
        }
        let class = if object.kind() == Kind::Class { Some(*object) } else { self.class_of(object) };
        for base in class.iter().flat_map(|class| self.mro(class)) {
            names.extend(base.attributes().take(MOST_KEYS).map(|(name, _)| name.to_owned()));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The class of an object, as an object.
    pub(super) fn class_of(&self, object: &Object<'a>) -> Option<Object<'a>> {
        self.dump.heap.object(object.class()?.class?).filter(|class| class.kind() == Kind::Class)
    }

    /// What a class derives from, itself first.
    pub(super) fn mro(&self, class: &Object<'a>) -> Vec<Object<'a>> {
        class.elements().take(100).filter_map(|number| self.dump.heap.object(number)).collect()
    }

    /// The text that an object is.
    pub(super) fn text_of(&self, number: u32) -> Option<String> {
        match self.dump.heap.object(number)?.payload() {
            crashsite_model::Payload::Text(text) | crashsite_model::Payload::Bytes(text) => {
                Some(crashsite_model::scalar_text(text).into_owned())
            }
            _ => None,
        }
    }

    /// An attribute of an exception, as a value.
    pub(super) fn attribute_of(&self, failed: &Failed<'a>, name: &str) -> Option<Value> {
        let object = self.dump.heap.object(failed.object?)?;
        Some(Value::of_number(self.dump, object.attribute(name)?))
    }

    /// What `args` of an exception holds: numbers of objects.
    pub(super) fn arguments_of(&self, failed: &Failed<'a>) -> Vec<u32> {
        let args = || {
            let object = self.dump.heap.object(failed.object?)?;
            self.dump.heap.object(object.attribute("args")?)
        };
        args().map(|args| args.elements().take(10).collect()).unwrap_or_default()
    }

    /// A source file, read once.
    pub(super) fn code(&self, file: &str) -> Option<Rc<Code>> {
        if let Some(known) = self.codes.borrow().get(file) {
            return known.clone();
        }
        if !self.goes_on() {
            return None;
        }
        let code = Code::of(self.dump, file).map(Rc::new);
        self.codes.borrow_mut().insert(file.into(), code.clone());
        code
    }

    /// The source of a frame, or as much of it as can be read around its line.
    pub(super) fn code_of(&self, place: Place<'a>) -> Option<Rc<Code>> {
        let (file, line) = (&place.frame.file, place.frame.line?);
        let whole = self.code(file).filter(|code| code.is_sound_at(line));
        if whole.is_some() || !self.goes_on() {
            return whole;
        }
        let mut parts = self.parts.borrow_mut();
        parts.entry((file.clone(), line)).or_insert_with(|| Code::around(self.dump, file, line).map(Rc::new)).clone()
    }

    /// Whether a frame is of the standard library, not of an installed package.
    pub(super) fn is_standard(&self, frame: &Frame) -> bool {
        let installed = ["site-packages", "dist-packages"].iter().any(|folder| frame.file.contains(folder));
        frame.library && !installed || frame.file.starts_with("<frozen ")
    }

    /// Where a frame is.
    pub(super) fn spot(&self, place: Place<'a>) -> Spot {
        self.spot_in(place, place.frame.line)
    }

    /// Another line of a frame's function.
    pub(super) fn spot_in(&self, place: Place<'a>, line: Option<u64>) -> Spot {
        let frame = place.frame;
        Spot {
            thread: Some(place.stack.position + 1),
            frame: Some(place.number),
            function: frame.qualname.clone().unwrap_or_else(|| frame.function.clone()),
            file: frame.file.clone(),
            line,
            code: line.and_then(|line| self.line(&frame.file, line)),
        }
    }

    /// A line that no frame is at.
    pub(super) fn spot_of(&self, file: &str, line: u64, function: &str) -> Spot {
        Spot {
            thread: None,
            frame: None,
            function: function.into(),
            file: file.into(),
            line: Some(line),
            code: self.line(file, line),
        }
    }

    fn line(&self, file: &str, line: u64) -> Option<String> {
        let text = self.lines.borrow_mut().line(file, line).map(str::trim)?;
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The frame that called this one. The stack of an exception ends where that was caught; who called there is in the crashed
    /// thread, if it has not returned.
    pub(super) fn caller(&self, place: Place<'a>) -> Option<Place<'a>> {
        let above = |place: Place<'a>| place.stack.frame(self.dump, place.number.checked_add(1)?).ok();
        above(place).or_else(|| above(self.same_call(place)?))
    }

    /// The frame of the crashed thread that is the same call as this one of an exception.
    fn same_call(&self, place: Place<'a>) -> Option<Place<'a>> {
        let position = self.dump.threads.iter().position(|thread| thread.crashed && place.stack.thread.is_none())?;
        let stack = StackRef::of_thread(self.dump, position)?;
        let own = place.frame;
        let call = |frame: &'a Frame| (&frame.file, &frame.function, frame.firstlineno, frame.globals);
        let local = |local: &'a Local| (&local.name, local.object);
        let same = |frame: &'a Frame| {
            call(frame) == call(own) && frame.locals.iter().map(local).eq(own.locals.iter().map(local))
        };
        let number = stack.frames.iter().position(|index| self.dump.frames.get(*index).is_some_and(same))?;
        stack.frame(self.dump, number).ok()
    }

    /// The frames from a place outwards, itself first.
    pub(super) fn outwards(&self, place: Place<'a>) -> impl Iterator<Item = Place<'a>> {
        std::iter::successors(Some(place), |place| self.caller(*place))
    }

    /// A question that shows the value of an expression.
    pub(super) fn print(&self, place: Place<'a>, expression: &str) -> Vec<String> {
        self.question("print", place, Some(expression))
    }

    /// A question that is asked in a frame.
    pub(super) fn question(&self, command: &str, place: Place<'a>, expression: Option<&str>) -> Vec<String> {
        let mut words = vec![command.to_owned()];
        words.extend(expression.map(str::to_owned));
        if place.number > 0 {
            words.extend(["--frame".to_owned(), place.number.to_string()]);
        }
        if place.stack.position > 0 {
            words.extend(["--thread".to_owned(), (place.stack.position + 1).to_string()]);
        }
        words
    }

    /// The value of an expression as evidence.
    pub(super) fn shown(&self, place: Place<'a>, expression: &str) -> Option<Evidence> {
        let object = self.subject(place, expression)?;
        Some(Evidence { says: String::new(), at: Some(self.spot(place)), object: Some(object) })
    }
}

/// Evidence that is but a sentence and a place.
pub(super) fn told(says: impl Into<String>, at: Spot) -> Evidence {
    Evidence { says: says.into(), at: Some(at), object: None }
}
