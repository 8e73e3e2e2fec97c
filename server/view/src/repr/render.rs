//! One rendering: a stack of steps instead of recursion, and no more work than the result is long.

use std::borrow::Cow;

use crashsite_model::heap::Contents;
use crashsite_model::numpy::Array;
use crashsite_model::{Dump, Kind, Object, Payload, TypeInfo, scalar_text};
use rustc_hash::FxHashSet;

use crate::numpy::{self, Piece};
use crate::pandas;

use super::{NOT_CAPTURED, class, number, quote};

/// Classes of an MRO that are looked through.
const MOST_BASES: usize = 1000;

enum Step<'a> {
    Text(Cow<'a, str>),
    Number(u32),
    Object(Object<'a>),
    /// The end of an object's own text.
    Leave(u32),
}

use Step::Text;

/// A rendering.
pub(super) struct Render<'a> {
    dump: &'a Dump,
    /// The dump's Python prints as Python 2 does.
    python2: bool,
    most: usize,
    out: String,
    written: usize,
    steps: Vec<Step<'a>>,
    active: FxHashSet<u32>,
}

impl From<Piece> for Step<'_> {
    fn from(piece: Piece) -> Self {
        match piece {
            Piece::Text(text) => words(text),
            Piece::Object(number) => Step::Number(number),
        }
    }
}

fn word(text: &'static str) -> Step<'static> {
    Text(Cow::Borrowed(text))
}

fn words<'a>(text: String) -> Step<'a> {
    Text(Cow::Owned(text))
}

impl<'a> Render<'a> {
    pub(super) fn new(dump: &'a Dump, most: usize) -> Self {
        let python2 = super::is_python2(dump);
        Render { dump, python2, most, out: String::new(), written: 0, steps: Vec::new(), active: FxHashSet::default() }
    }

    pub(super) fn object(&mut self, object: Object<'a>) {
        self.steps.push(Step::Object(object));
        self.run();
    }

    pub(super) fn sequence(&mut self, numbers: &[u32], tuple: bool) {
        let (opening, closing) = match (tuple, numbers.len()) {
            (true, 1) => ("(", ",)"),
            (true, _) => ("(", ")"),
            _ => ("[", "]"),
        };
        let shown: Vec<u32> = numbers.iter().copied().take(self.room()).collect();
        let steps = listed(opening, &shown, closing);
        self.steps.extend(steps.into_iter().rev());
        self.run();
    }

    pub(super) fn array(&mut self, array: &Array<'_>) {
        let steps = numpy::pieces(self.dump, array, array.object.class_name()).into_iter().map(Step::from);
        self.steps.extend(steps.rev());
        self.run();
    }

    pub(super) fn attributes(&mut self, object: &Object<'a>) {
        let mut steps = self.named(object, " ");
        steps.reverse();
        self.steps.extend(steps);
        self.run();
    }

    pub(super) fn finish(self) -> String {
        match crate::text::shorten(&self.out, self.most) {
            Cow::Borrowed(_) => self.out,
            Cow::Owned(text) => text,
        }
    }

    fn run(&mut self) {
        while self.written <= self.most
            && let Some(step) = self.steps.pop()
        {
            match step {
                Text(text) => {
                    self.written += text.chars().count();
                    self.out.push_str(&text);
                }
                Step::Leave(number) => {
                    self.active.remove(&number);
                }
                Step::Number(number) => match self.dump.heap.object(number) {
                    Some(object) => self.steps.push(Step::Object(object)),
                    None => self.steps.push(word(NOT_CAPTURED)),
                },
                Step::Object(object) => self.render(object),
            }
        }
    }

    /// How many elements can still show: each takes three characters at least.
    fn room(&self) -> usize {
        self.most.saturating_sub(self.written) / 2 + 2
    }

    fn render(&mut self, object: Object<'a>) {
        if self.active.contains(&object.number) {
            self.steps.push(words(cycle_mark(&object)));
            return;
        }
        let steps = self.pieces(&object);
        self.active.insert(object.number);
        self.steps.push(Step::Leave(object.number));
        self.steps.extend(steps.into_iter().rev());
    }

    fn pieces(&self, object: &Object<'a>) -> Vec<Step<'a>> {
        let state = self.dump.heap.state(object);
        if state.redacted {
            return vec![words(self.redacted(object))];
        }
        if state.unreadable {
            return vec![word("<unreadable>")];
        }
        if let Some(array) = Array::of(&self.dump.heap, object) {
            return numpy::pieces(self.dump, &array, object.class_name()).into_iter().map(Step::from).collect();
        }
        if let Some(pieces) = pandas::pieces(self.dump, object) {
            return pieces.into_iter().map(Step::from).collect();
        }
        let class = object.class();
        let style = class.map_or("", |class| &*class.style);
        if let Some(class) = class {
            match style {
                "enum" => return self.enumeration(object, class),
                "own" if object.kind() != Kind::Class => return self.synthetic(object, class),
                "namedtuple" | "structseq" => return self.named_tuple(object, class),
                "dataclass" => return self.dataclass(object, class),
                "attrs" | "pydantic" => return self.packaged(object, class),
                "library" if object.kind() == Kind::Instance => {
                    if let Some(pieces) = self.weak(object, class) {
                        return pieces;
                    }
                }
                "SimpleNamespace" => {
                    let exact = &*class.name == "SimpleNamespace";
                    let name = if exact { "namespace" } else { &class.name };
                    return wrap(format!("{name}("), self.named(object, ", "), ")");
                }
                _ => {}
            }
        }
        match object.kind() {
            Kind::List | Kind::Tuple | Kind::Set | Kind::FrozenSet | Kind::Deque => self.elements(object),
            Kind::Dict => self.mapping(object, style),
            Kind::Exception => self.exception(object),
            Kind::RestElements | Kind::RestPairs => vec![word("<the rest of a container>")],
            _ => vec![words(self.atom(object))],
        }
    }

    /// What a rule has left: a text with a mark in the place of each secret, or but the mark.
    fn redacted(&self, object: &Object<'_>) -> String {
        match object.payload() {
            Payload::Text(_) | Payload::Bytes(_) => self.atom(object),
            _ => match object.note() {
                Some(note) if !note.is_empty() => scalar_text(note).into_owned(),
                _ => "<redacted>".to_owned(),
            },
        }
    }

    /// What is one word.
    fn atom(&self, object: &Object<'_>) -> String {
        match object.kind() {
            Kind::Class => class::class(object, self.python2, self.is_flag(object)),
            Kind::Module => class::module(object),
            Kind::Function => class::function(object),
            Kind::Code => class::code(object),
            Kind::Frame => class::frame(object),
            Kind::Str => match object.payload() {
                Payload::Text(bytes) if self.python2 => self.cut(object, quote::unicode(bytes, self.most)),
                Payload::Text(bytes) => self.cut(object, quote::text(bytes, self.most)),
                _ => String::new(),
            },
            Kind::Bytes => self.cut(object, self.bytes(object)),
            _ => match object.payload() {
                Payload::Int(value) if self.is_long(object) => format!("{value}L"),
                Payload::Int(value) => value.to_string(),
                Payload::BigInt([]) => match self.dump.heap.state(object).full_length {
                    Some(bits) => format!("<int of {bits} bits>"),
                    None => "0".to_owned(),
                },
                Payload::BigInt(bytes) if self.is_long(object) => number::int_of_bytes(bytes) + "L",
                Payload::BigInt(bytes) => number::int_of_bytes(bytes),
                Payload::Float(value) => number::float(value),
                Payload::Complex(real, imaginary) => number::complex(real, imaginary),
                _ => match object.note() {
                    Some(note) if !note.is_empty() => scalar_text(note).into_owned(),
                    _ => plain_instance(object),
                },
            },
        }
    }

    /// Whether a class is one of flags, which Python tells from other enums since 3.11.
    fn is_flag(&self, class: &Object<'_>) -> bool {
        let known = self.dump.process.python.major_minor.is_some_and(|version| version >= (3, 11));
        known
            && class
                .elements()
                .take(MOST_BASES)
                .any(|number| self.dump.heap.object(number).is_some_and(|base| base.note() == Some(b"enum\0Flag")))
    }

    fn is_long(&self, object: &Object<'_>) -> bool {
        self.python2 && object.class_name() == "long"
    }

    fn bytes(&self, object: &Object<'_>) -> String {
        let Payload::Bytes(bytes) = object.payload() else { return String::new() };
        match object.class() {
            Some(class) if &*class.style == "memoryview" => format!("<memory{}>", class::at(object)),
            Some(class) if &*class.style == "bytearray" => {
                format!("{}({})", class.name, quote::bytearray(bytes, self.most))
            }
            Some(class) if self.python2 && &*class.name != "bytes" => quote::python2_str(bytes, self.most),
            _ => quote::bytes(bytes, self.most),
        }
    }

    /// Says so where only the beginning was kept and all of it was written.
    fn cut(&self, object: &Object<'_>, text: String) -> String {
        match self.dump.heap.state(object).full_length {
            Some(_) => text + "…",
            None => text,
        }
    }

    fn contents(&self, object: &Object<'a>) -> (Contents<'a>, bool) {
        let contents = self.dump.heap.contents(object);
        let whole = self.dump.heap.state(object).full_length.is_none_or(|full| full <= contents.len());
        (contents, whole)
    }

    fn first_elements(&self, object: &Object<'a>) -> (Vec<u32>, bool) {
        let (contents, whole) = self.contents(object);
        (contents.elements(0).map(|(_, number)| number).take(self.room()).collect(), whole)
    }

    fn elements(&self, object: &Object<'a>) -> Vec<Step<'a>> {
        let (items, whole) = self.first_elements(object);
        let class = object.class();
        let name = class.map_or("", |class| &*class.name);
        let exact_set = name == "set" && class.is_some_and(|class| &*class.module == "builtins");
        let (opening, closing) = match object.kind() {
            Kind::List => ("[".to_owned(), "]".to_owned()),
            Kind::Tuple if items.len() == 1 && whole => ("(".to_owned(), ",)".to_owned()),
            Kind::Tuple => ("(".to_owned(), ")".to_owned()),
            Kind::Deque => (format!("{name}(["), self.deque_end(object)),
            _ if items.is_empty() && whole => return vec![words(format!("{name}()"))],
            _ if self.python2 => (format!("{name}(["), "])".to_owned()),
            _ if exact_set => ("{".to_owned(), "}".to_owned()),
            _ => (format!("{name}({{"), "})".to_owned()),
        };
        wrap_owned(opening, listed("", &items, rest_mark(whole, items.is_empty())), closing)
    }

    fn deque_end(&self, object: &Object<'_>) -> String {
        match object.attribute("maxlen").and_then(|number| self.dump.heap.object(number)).map(|most| most.payload()) {
            Some(Payload::Int(most)) => format!("], maxlen={most})"),
            _ => "])".to_owned(),
        }
    }

    fn mapping(&self, object: &Object<'a>, style: &str) -> Vec<Step<'a>> {
        let (contents, whole) = self.contents(object);
        let mut pairs: Vec<(u32, u32)> = contents.pairs(0).take(self.room()).collect();
        let name = object.class_name();
        let rest = rest_mark(whole, pairs.is_empty());
        match style {
            "OrderedDict" | "Counter" if pairs.is_empty() && whole => vec![words(format!("{name}()"))],
            "OrderedDict" if self.dump.process.python.major_minor < Some((3, 12)) => {
                let mut steps = vec![words(format!("{name}(["))];
                for (index, &(key, value)) in pairs.iter().enumerate() {
                    steps.push(word(if index > 0 { ", (" } else { "(" }));
                    steps.extend([Step::Number(key), word(", "), Step::Number(value), word(")")]);
                }
                steps.extend([word(rest), word("])")]);
                steps
            }
            "OrderedDict" => wrap(format!("{name}({{"), paired(&pairs, rest), "})"),
            "Counter" => {
                if whole && contents.len() <= 10_000 {
                    pairs = self.most_common(&contents).unwrap_or(pairs);
                }
                wrap(format!("{name}({{"), paired(&pairs, rest), "})")
            }
            "defaultdict" => {
                let factory = object.attribute("default_factory").map_or(word("None"), Step::Number);
                let mut steps = vec![words(format!("{name}(")), factory, word(", {")];
                steps.extend(paired(&pairs, rest));
                steps.push(word("})"));
                steps
            }
            _ => wrap("{".to_owned(), paired(&pairs, rest), "}"),
        }
    }

    fn most_common(&self, contents: &Contents<'a>) -> Option<Vec<(u32, u32)>> {
        let mut counted = Vec::new();
        for (key, value) in contents.pairs(0) {
            let Payload::Int(count) = self.dump.heap.object(value)?.payload() else { return None };
            counted.push((count, (key, value)));
        }
        counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        Some(counted.into_iter().map(|(_, pair)| pair).take(self.room()).collect())
    }

    fn exception(&self, object: &Object<'a>) -> Vec<Step<'a>> {
        let args = object.attribute("args").and_then(|number| self.dump.heap.object(number));
        let items = args.map(|args| self.first_elements(&args).0).unwrap_or_default();
        // Before Python 3.7 the arguments print as the tuple that they are.
        let old = self.dump.process.python.major_minor.is_some_and(|version| version < (3, 7));
        let closing = if old && items.len() == 1 { ",)" } else { ")" };
        wrap(format!("{}(", object.class_name()), listed("", &items, ""), closing)
    }

    fn enumeration(&self, object: &Object<'a>, class: &'a TypeInfo) -> Vec<Step<'a>> {
        let name = object.attribute("_name_").and_then(|number| self.dump.heap.object(number));
        let opening = match name.map(|name| (name.kind(), name.payload())) {
            Some((_, Payload::Text(name))) => format!("<{}.{}: ", class.name, scalar_text(name)),
            // A combination of flags that has no name, or a name that is not in the file.
            Some((Kind::Atom, _)) | None => format!("<{}: ", class.name),
            _ => return self.synthetic(object, class),
        };
        let Some(value) = object.attribute("_value_") else { return self.synthetic(object, class) };
        vec![words(opening), Step::Number(value), word(">")]
    }

    fn named_tuple(&self, object: &Object<'a>, class: &'a TypeInfo) -> Vec<Step<'a>> {
        let name = match &*class.style {
            "namedtuple" => class.name.to_string(),
            _ => class::full_name(&class.module, &class.qualname),
        };
        let (contents, _) = self.contents(object);
        let mut steps = vec![words(format!("{name}("))];
        for (index, field) in class.fields.iter().enumerate().take(self.room()) {
            steps.push(words(format!("{}{field}=", if index > 0 { ", " } else { "" })));
            steps.push(contents.element(index as u64).map_or(word(NOT_CAPTURED), Step::Number));
        }
        steps.push(word(")"));
        steps
    }

    fn dataclass(&self, object: &Object<'a>, class: &'a TypeInfo) -> Vec<Step<'a>> {
        let mut steps = vec![words(format!("{}(", class.qualname))];
        for (index, field) in class.fields.iter().enumerate().take(self.room()) {
            let Some(value) = object.attribute(field) else { return self.synthetic(object, class) };
            steps.push(words(format!("{}{field}=", if index > 0 { ", " } else { "" })));
            steps.push(Step::Number(value));
        }
        steps.push(word(")"));
        steps
    }

    /// A record of attrs, as its generated `__repr__` has it, or a model of pydantic, with what it was given beside its fields.
    fn packaged(&self, object: &Object<'a>, class: &'a TypeInfo) -> Vec<Step<'a>> {
        let is_model = &*class.style == "pydantic";
        let name = if is_model { &*class.name } else { class.qualname.rsplit(">.").next().unwrap_or_default() };
        let mut steps = vec![words(format!("{name}("))];
        let mut shown = 0;
        let mut push = |name: &str, value: Step<'a>| {
            steps.extend([words(format!("{}{name}=", if shown > 0 { ", " } else { "" })), value]);
            shown += 1;
        };
        for field in class.fields.iter().take(self.room()) {
            match object.attribute(field) {
                Some(value) => push(field, Step::Number(value)),
                None if is_model => {}
                None => return self.synthetic(object, class),
            }
        }
        let extra = object.attribute("__pydantic_extra__").and_then(|number| self.dump.heap.object(number));
        if let Some(extra) = extra.filter(|_| is_model) {
            for (key, value) in self.contents(&extra).0.pairs(0).take(self.room()) {
                if let Some(Payload::Text(key)) = self.dump.heap.object(key).map(|key| key.payload()) {
                    push(&scalar_text(key), Step::Number(value));
                }
            }
        }
        steps.push(word(")"));
        steps
    }

    /// `<Name attribute=value …>` where the class has a `__repr__` of its own, which is not run.
    /// A weak container by what it holds, as the capture writes it where it is a local variable.
    fn weak(&self, object: &Object<'a>, class: &TypeInfo) -> Option<Vec<Step<'a>>> {
        const FEW: usize = 5;
        let data = object.attribute("data").and_then(|number| self.dump.heap.object(number))?;
        let held = |number: u32| {
            let found = self.dump.heap.object(number).filter(|found| found.kind() == Kind::WeakRef);
            found.and_then(|found| found.attribute("referent")).unwrap_or(number)
        };
        let (contents, whole) = self.contents(&data);
        let pairs: Vec<(u32, u32)> =
            contents.pairs(0).take(FEW + 1).map(|(key, value)| (held(key), held(value))).collect();
        let (elements, whole) =
            if data.kind() == Kind::Dict { (Vec::new(), whole) } else { self.first_elements(&data) };
        let elements: Vec<u32> = elements.into_iter().take(FEW + 1).map(held).collect();
        let more = if pairs.len().max(elements.len()) > FEW || !whole { ", …" } else { "" };
        let steps = if data.kind() == Kind::Dict {
            paired(pairs.get(..FEW).unwrap_or(&pairs), more)
        } else {
            listed("", elements.get(..FEW).unwrap_or(&elements), more)
        };
        Some(wrap(format!("<{}{}: {{", class.name, class::at(object)), steps, "}>"))
    }

    fn synthetic(&self, object: &Object<'a>, class: &'a TypeInfo) -> Vec<Step<'a>> {
        let mut steps = vec![words(format!("<{}", class.name))];
        match object.kind() {
            Kind::Exception => {
                let args = object.attribute("args").and_then(|number| self.dump.heap.object(number));
                let items = args.map(|args| self.first_elements(&args).0).unwrap_or_default();
                steps.extend(wrap("(".to_owned(), listed("", &items, ""), ")"));
            }
            Kind::Dict => {
                let (contents, whole) = self.contents(object);
                let pairs: Vec<(u32, u32)> = contents.pairs(0).take(self.room()).collect();
                steps.extend(wrap(" {".to_owned(), paired(&pairs, rest_mark(whole, pairs.is_empty())), "}"));
            }
            Kind::List | Kind::Tuple | Kind::Set | Kind::FrozenSet | Kind::Deque => {
                let (items, whole) = self.first_elements(object);
                let (opening, closing) = if object.kind() == Kind::Tuple { (" (", ")") } else { (" [", "]") };
                steps.extend(wrap(opening.to_owned(), listed("", &items, rest_mark(whole, items.is_empty())), closing));
            }
            Kind::Instance | Kind::Wrapper | Kind::Opaque => {}
            _ => steps.push(words(format!(" {}", self.atom(object)))),
        }
        let named = self.named(object, " ");
        if !named.is_empty() {
            steps.push(word(" "));
            steps.extend(named);
        }
        steps.push(word(">"));
        steps
    }

    /// `name=value` of an object's own attributes.
    fn named(&self, object: &Object<'a>, comma: &'static str) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let own = object.attributes().filter(|(name, _)| !is_of_the_builtin(object.kind(), name));
        for (index, (name, value)) in own.take(self.room()).enumerate() {
            steps.push(words(format!("{}{name}=", if index > 0 { comma } else { "" })));
            steps.push(Step::Number(value));
        }
        steps
    }
}

/// Attributes that the capture adds for parts of builtin objects, which are not in the instance's dictionary.
fn is_of_the_builtin(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Exception => matches!(
            name,
            "args" | "__cause__" | "__context__" | "__traceback__" | "__suppress_context__" | "exceptions" | "message"
        ),
        Kind::Deque => name == "maxlen",
        Kind::Dict => name == "default_factory",
        _ => false,
    }
}

fn plain_instance(object: &Object<'_>) -> String {
    let name =
        object.class().map_or_else(|| "unknown".to_owned(), |class| class::full_name(&class.module, &class.qualname));
    format!("<{name} object{}>", class::at(object))
}

/// What Python prints where an object contains itself.
fn cycle_mark(object: &Object<'_>) -> String {
    let class = object.class();
    let name = class.map_or("", |class| &*class.name);
    match class.map_or("", |class| &*class.style) {
        "own" | "enum" => return format!("<{name} …>"),
        "dataclass" | "attrs" | "pydantic" | "namedtuple" | "OrderedDict" | "Counter" => return "...".to_owned(),
        "SimpleNamespace" if name == "SimpleNamespace" => return "namespace(...)".to_owned(),
        "ndarray" => return format!("{name}(...)"),
        _ => {}
    }
    match object.kind() {
        Kind::List | Kind::Deque => "[...]".to_owned(),
        Kind::Tuple => "(...)".to_owned(),
        Kind::Dict => "{...}".to_owned(),
        _ => format!("{name}(...)"),
    }
}

fn rest_mark(whole: bool, empty: bool) -> &'static str {
    match (whole, empty) {
        (true, _) => "",
        (false, true) => "…",
        (false, false) => ", …",
    }
}

fn listed<'a>(opening: &'static str, items: &[u32], closing: &'static str) -> Vec<Step<'a>> {
    let mut steps = vec![word(opening)];
    for (index, &number) in items.iter().enumerate() {
        if index > 0 {
            steps.push(word(", "));
        }
        steps.push(Step::Number(number));
    }
    steps.push(word(closing));
    steps
}

fn paired<'a>(pairs: &[(u32, u32)], closing: &'static str) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for (index, &(key, value)) in pairs.iter().enumerate() {
        if index > 0 {
            steps.push(word(", "));
        }
        steps.extend([Step::Number(key), word(": "), Step::Number(value)]);
    }
    steps.push(word(closing));
    steps
}

fn wrap<'a>(opening: String, steps: Vec<Step<'a>>, closing: &'static str) -> Vec<Step<'a>> {
    wrap_owned(opening, steps, closing.to_owned())
}

fn wrap_owned<'a>(opening: String, steps: Vec<Step<'a>>, closing: String) -> Vec<Step<'a>> {
    let mut all = vec![words(opening)];
    all.extend(steps);
    all.push(words(closing));
    all
}
