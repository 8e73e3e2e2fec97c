//! Where a value came from: from the expression that gave it, backwards through assignments, parameters and the callers'
//! arguments, attributes, and the functions that returned it.

use crashsite_model::{Kind, Object, Scope};
use ruff_python_ast::{Expr, ExprCall, Stmt};

use super::code::{Bound, Code, Function, How, bytes, children};
use super::finding::Evidence;
use super::scene::{Scene, told};
use crate::thread::Place;
use crate::value::Value;

/// Steps of one way back.
const MOST_STEPS: usize = 8;
/// Lines of a function, or of a class, that are named for one step.
const MOST_LINES: usize = 3;

/// A way back through the program.
pub(super) struct Origin<'a, 's, 'b> {
    scene: &'b Scene<'a, 's>,
    /// The value whose way it is.
    value: Option<Value>,
    steps: Vec<Evidence>,
    /// The last frame in which an expression was still known to give the value, and the expression.
    pub(super) furthest: Option<(Place<'a>, String)>,
}

impl<'a, 's, 'b> Origin<'a, 's, 'b> {
    /// The way of an expression's value, `at` being the byte of the source where the expression is evaluated.
    pub(super) fn of(
        scene: &'b Scene<'a, 's>,
        place: Place<'a>,
        code: &Code,
        function: Function<'_>,
        expression: &Expr,
    ) -> Self {
        let value = scene.value(place, &code.text(expression));
        let mut origin = Origin { scene, value, steps: Vec::new(), furthest: None };
        origin.follow(place, code, function, expression, bytes(expression).start, 0);
        origin
    }

    /// What it found, nearest first.
    pub(super) fn into_steps(self) -> Vec<Evidence> {
        self.steps
    }

    fn step(&mut self, evidence: Evidence) {
        if self.steps.len() < MOST_STEPS {
            self.steps.push(evidence);
        }
    }

    fn follow(
        &mut self,
        place: Place<'a>,
        code: &Code,
        function: Function<'_>,
        expression: &Expr,
        at: usize,
        depth: usize,
    ) {
        if depth >= MOST_STEPS || !self.scene.goes_on() {
            return;
        }
        let text = code.text(expression);
        match expression {
            Expr::Name(name) => self.name(place, code, function, name.id.as_str(), at, depth),
            Expr::Attribute(attribute) => {
                let is = |target: &Expr| matches!(target, Expr::Attribute(_)) && code.text(target) == text;
                let bound = code.targets(function.body, &is, "");
                match bound.iter().rfind(|bound| bytes(bound.statement).end <= at && self.may_give(code, bound.how)) {
                    Some(bound) => self.bound(place, code, function, &text, *bound, depth),
                    None => self.attribute(place, &code.text(&*attribute.value), attribute.attr.as_str(), depth),
                }
            }
            Expr::Call(call) => self.call(place, code, function, call, at, depth),
            // Where the container is from tells what is in it.
            Expr::Subscript(subscript) => {
                self.value = None;
                self.follow(place, code, function, &subscript.value, at, depth + 1);
            }
            Expr::Await(awaited) => self.follow(place, code, function, &awaited.value, at, depth + 1),
            Expr::Named(named) => self.follow(place, code, function, &named.value, at, depth + 1),
            Expr::If(choice) => {
                let taken = match self.scene.truth(place, &format!("({})", code.text(&*choice.test))) {
                    Some(true) => &choice.body,
                    Some(false) => &choice.orelse,
                    None => return,
                };
                self.follow(place, code, function, taken, at, depth + 1);
            }
            Expr::BoolOp(logic) => {
                let own = self.value.clone();
                let same = |part: &&Expr| self.scene.value(place, &code.text(*part)).is_some_and(|it| alike(&own, &it));
                if let Some(part) = logic.values.iter().rfind(same) {
                    self.follow(place, code, function, part, at, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// Whether the value may be that of the right side.
    fn may_give(&self, code: &Code, how: How<'_>) -> bool {
        let (Some(value), How::Value(given)) = (&self.value, how) else { return true };
        match literal(given) {
            Some("NoneType") => &*value.type_name == "NoneType",
            Some("number") => {
                let same = code.text(given).replace('_', "");
                matches!(&*value.type_name, "int" | "float" | "complex" | "long") && *value.repr == *same
                    || matches!(&*value.type_name, "int" | "float") && same.starts_with("0x")
            }
            Some(kind) => &*value.type_name == kind,
            None => true,
        }
    }

    fn name(&mut self, place: Place<'a>, code: &Code, function: Function<'_>, name: &str, at: usize, depth: usize) {
        self.furthest = Some((place, name.to_owned()));
        if let Some(iterable) = code.comprehended(function.body, name, at) {
            self.comprehended(place, code, function, name, iterable, depth);
            return;
        }
        if let Some(bound) = code.bound_before(function, name, at, &|how| self.may_give(code, how)) {
            self.bound(place, code, function, name, bound, depth);
            return;
        }
        match parameter(place, function, name) {
            Some(parameter) => self.parameter(place, code, function, name, parameter, depth),
            None if function.definition.is_some() => self.global(&place.frame.file, code, name),
            None => {}
        }
    }

    fn bound(
        &mut self,
        place: Place<'a>,
        code: &Code,
        function: Function<'_>,
        name: &str,
        bound: Bound<'_>,
        depth: usize,
    ) {
        let spot = self.scene.spot_in(place, Some(code.line(bound.statement)));
        let start = bytes(bound.statement).start;
        match bound.how {
            How::Value(value) => {
                self.step(told(format!("{name} was set here"), spot));
                self.follow(place, code, function, value, start, depth + 1);
            }
            How::Part(value, index) => {
                let says = format!("{name} is part {} of what {} gave", index + 1, code.text(value));
                self.step(told(says, spot));
                self.follow(place, code, function, value, start, depth + 1);
            }
            How::Changed => self.step(told(format!("{name} was changed here"), spot)),
            How::Each(iterable) => {
                let inner = gone_through(iterable);
                let text = code.text(inner);
                let object = self.scene.subject(place, &text);
                let says = format!("{name} is from {text}, which is gone through here{}", self.which(place, &text));
                self.step(Evidence { says, at: Some(spot), object });
                self.value = None;
                self.follow(place, code, function, inner, start, depth + 1);
            }
            How::Entered(value) => {
                self.step(told(format!("{name} is what entering {} gave", code.text(value)), spot));
            }
            How::Other(what) => self.step(told(format!("{name} was bound here by {what}"), spot)),
        }
    }

    /// A name of a comprehension: what that goes through, which it may have been given by the function around it.
    fn comprehended(
        &mut self,
        place: Place<'a>,
        code: &Code,
        function: Function<'_>,
        name: &str,
        iterable: &Expr,
        depth: usize,
    ) {
        let inner = gone_through(iterable);
        let text = code.text(inner);
        let mut around = self.scene.outwards(place).take_while(|around| around.frame.file == place.frame.file);
        let around = around.find(|around| self.scene.value(*around, &text).is_some()).unwrap_or(place);
        let object = self.scene.subject(around, &text);
        let says = format!("{name} is from {text}, which is gone through here{}", self.which(around, &text));
        let at = Some(self.scene.spot_in(around, Some(code.line(iterable))));
        self.step(Evidence { says, at, object });
        self.value = None;
        self.follow(around, code, function, inner, bytes(iterable).start, depth + 1);
    }

    /// Which element it is, where that is None.
    fn which(&self, place: Place<'a>, iterable: &str) -> String {
        let is_none = self.value.as_ref().is_some_and(|value| &*value.type_name == "NoneType");
        let index = || {
            self.scene
                .number(place, &format!("[i for i, x in enumerate({iterable}) if x is None][0]"))
                .filter(|_| is_none)
        };
        index().map(|index| format!(": element {index}")).unwrap_or_default()
    }

    /// A parameter: what the caller passed.
    fn parameter(
        &mut self,
        place: Place<'a>,
        code: &Code,
        function: Function<'_>,
        name: &str,
        parameter: Parameter<'_>,
        depth: usize,
    ) {
        let called = || {
            let caller = self.scene.caller(place)?;
            Some((caller, self.scene.code_of(caller)?))
        };
        let Some((caller, above)) = called() else { return };
        let Some(point) = above.point(caller.frame) else { return };
        let callee = &*place.frame.function;
        let names = [callee, function.class.map_or(callee, |class| class.name.as_str())];
        let all: Vec<&ExprCall> = point.expressions.iter().filter_map(|expression| expression.as_call_expr()).collect();
        let named: Vec<&ExprCall> = all.iter().copied().filter(|call| names.contains(&last_name(&call.func))).collect();
        let call = match (point.exact.and_then(Expr::as_call_expr), named.as_slice(), all.as_slice()) {
            (Some(exact), _, _) => Some(exact),
            (None, [one], _) => Some(*one),
            // Another name of it: a variable, a class whose `__init__` it is.
            (None, [], [one]) => Some(*one),
            _ => None,
        };
        let spot = self.scene.spot(caller);
        let bound = call.is_some_and(|call| is_bound(place, function, call, &above));
        // What a function of C calls in turn is given other arguments.
        let direct = call.is_some_and(|call| {
            names.contains(&last_name(&call.func)) || callee.starts_with("__") || callee.starts_with('<')
        });
        if bound && parameter.position == Some(0) {
            // `self` is what the method was called on.
            if let Some(method) = call.filter(|_| direct).and_then(|call| call.func.as_attribute_expr()) {
                self.follow(caller, &above, point.function, &method.value, bytes(method).start, depth + 1);
            }
            return;
        }
        let same = |expression: &Expr| {
            self.scene.value(caller, &above.text(expression)).is_some_and(|value| alike(&self.value, &value))
        };
        let passed = call.map(|call| (call, argument(call, name, parameter, bound)));
        let passed =
            passed.filter(|(_, passed)| direct || matches!(passed, Passed::As(expression) if same(expression)));
        let Some((call, passed)) = passed else {
            self.step(told(format!("{name} was passed by the caller"), spot));
            return;
        };
        match passed {
            Passed::As(expression) => {
                let text = above.text(expression);
                self.step(told(format!("{name} was passed here as {text}"), spot));
                if self.scene.value(caller, &text).is_some_and(|value| alike(&self.value, &value)) {
                    self.furthest = Some((caller, text));
                }
                self.follow(caller, &above, point.function, expression, bytes(call).start, depth + 1);
            }
            Passed::Not => {
                let default = parameter.default.map(|default| code.text(default));
                let says = match default {
                    Some(default) => format!("{name} was not passed here: its default is {default}"),
                    None => format!("{name} was not passed by name here"),
                };
                self.step(told(says, spot));
            }
            Passed::Unpacked => self.step(told(format!("{name} was passed here, unpacked"), spot)),
        }
    }

    fn global(&mut self, file: &str, code: &Code, name: &str) {
        let is = |target: &Expr| target.as_name_expr().is_some_and(|found| found.id.as_str() == name);
        let mut places = code.bindings(code.body(), name);
        for function in code.functions() {
            if declares_global(function.body, name) {
                places.extend(code.targets(function.body, &is, name));
            }
        }
        // Where a module is imported tells nothing.
        places.retain(|bound| !matches!(bound.how, How::Other("import")));
        self.last_set(code, file, &places, &format!("{name} (a global)"), "<module>");
    }

    /// The places where something is set, those that may have given the value; the last ones, where there are many.
    fn last_set(&mut self, code: &Code, file: &str, places: &[Bound<'_>], what: &str, function: &str) {
        let possible: Vec<&Bound<'_>> = places.iter().filter(|bound| self.may_give(code, bound.how)).collect();
        let none = |bound: &&&Bound<'_>| matches!(bound.how, How::Value(value) if literal(value) == Some("NoneType"));
        let named: Vec<&&Bound<'_>> = match possible.iter().filter(none).count() {
            0 => possible.iter().rev().take(MOST_LINES).collect(),
            _ => possible.iter().filter(none).take(MOST_LINES).collect(),
        };
        for bound in named {
            let line = code.line(bound.statement);
            self.step(told(format!("{what} is set here"), self.scene.spot_of(file, line, function)));
        }
    }

    /// An attribute: where the methods of the class set it.
    fn attribute(&mut self, place: Place<'a>, base: &str, name: &str, depth: usize) {
        let Some(object) = self.scene.object(place, base) else { return };
        if object.kind() == Kind::Module {
            let file = crate::repr::halves(&object).1;
            let file = file.split('\0').next().unwrap_or_default();
            if let Some(code) = self.scene.code(file) {
                let places = code.bindings(code.body(), name);
                self.last_set(&code, file, &places, &format!("{base}.{name}"), "<module>");
            }
            return;
        }
        let class = if object.kind() == Kind::Class { Some(object) } else { self.scene.class_of(&object) };
        for class in class.iter().flat_map(|class| self.scene.mro(class)) {
            if self.of_class(place, &class, name, depth) {
                return;
            }
        }
    }

    fn of_class(&mut self, place: Place<'a>, class: &Object<'a>, name: &str, depth: usize) -> bool {
        let Some((file, _)) = class.location() else { return false };
        let Some(code) = self.scene.code(&file.text) else { return false };
        let qualname = crate::repr::halves(class).1;
        let own = qualname.rsplit('.').next().unwrap_or_default();
        let Some(definition) = code.class(own) else { return false };
        let mut any = false;
        let methods = definition.body.iter().filter_map(|statement| statement.as_function_def_stmt());
        let mut set: Vec<(Function<'_>, Bound<'_>)> = Vec::new();
        for method in methods {
            let Some(first) = method.parameters.args.first().or_else(|| method.parameters.posonlyargs.first()) else {
                continue;
            };
            let first = first.parameter.name.as_str();
            let is = |target: &Expr| {
                target.as_attribute_expr().is_some_and(|attribute| {
                    attribute.attr.as_str() == name
                        && attribute.value.as_name_expr().is_some_and(|base| base.id.as_str() == first)
                })
            };
            let function = Function { definition: Some(method), class: Some(definition), body: &method.body };
            set.extend(code.targets(&method.body, &is, "").into_iter().map(|bound| (function, bound)));
        }
        set.retain(|(_, bound)| self.may_give(&code, bound.how));
        let is_none = |bound: &Bound<'_>| matches!(bound.how, How::Value(value) if literal(value) == Some("NoneType"));
        let wanted = self.value.as_ref().is_some_and(|value| &*value.type_name == "NoneType");
        if wanted && set.iter().any(|(_, bound)| is_none(bound)) {
            set.retain(|(_, bound)| is_none(bound));
        }
        for (function, bound) in set.iter().take(MOST_LINES) {
            any = true;
            let method = function.definition.map_or("", |method| method.name.as_str());
            let line = code.line(bound.statement);
            // The method may still be running.
            let running = self
                .scene
                .outwards(place)
                .find(|place| *place.frame.file == *file.text && &*place.frame.function == method);
            match running {
                Some(running) => self.bound(running, &code, *function, &format!("{own}.{name}"), *bound, depth + 1),
                None => {
                    let spot = self.scene.spot_of(&file.text, line, &format!("{own}.{method}"));
                    self.step(told(format!("{own}.{name} is set here"), spot));
                }
            }
        }
        if !any {
            let places = code.bindings(&definition.body, name);
            any = !places.is_empty();
            self.last_set(&code, &file.text, &places, &format!("{own}.{name}"), own);
        }
        any
    }

    /// What a call gave: the function that was called, and what it returns.
    fn call(&mut self, place: Place<'a>, code: &Code, within: Function<'_>, call: &ExprCall, at: usize, depth: usize) {
        let none = self.value.as_ref().is_none_or(|value| &*value.type_name == "NoneType");
        if none && self.known_call(place, code, call) {
            return;
        }
        let text = code.text(&*call.func);
        let resolved = || {
            let function = self.scene.object(place, &format!("({text}).__func__"));
            let function = function.or_else(|| self.scene.object(place, &text))?;
            let function = if function.kind() == Kind::Function { function } else { return None };
            let (file, line) = function.location()?;
            Some((file.text.clone(), u64::from(line), crate::repr::halves(&function).1))
        };
        let (file, line, qualname) = match resolved() {
            Some(found) => found,
            None => {
                // The only function of that name in the file.
                let name = last_name(&call.func);
                let named = |function: &Function<'_>| {
                    function.definition.is_some_and(|definition| definition.name.as_str() == name)
                };
                let all = code.functions();
                let found: Vec<Function<'_>> = all.into_iter().filter(named).collect();
                let [Function { definition: Some(definition), .. }] = found.as_slice() else {
                    // A method of a builtin type: what it was called on tells.
                    if let Some(method) = call.func.as_attribute_expr() {
                        self.value = None;
                        self.follow(place, code, within, &method.value, at, depth + 1);
                    }
                    return;
                };
                (place.frame.file.clone(), code.line(&definition.name), name.to_owned())
            }
        };
        let Some(code) = self.scene.code(&file) else { return };
        let name = qualname.rsplit('.').next().unwrap_or_default();
        let Some(function) = code.defined_at(line, name) else { return };
        self.returns(&code, &file, function, &qualname, none);
    }

    /// What a function returns: the places where it gives None, if that is what is wanted.
    fn returns(&mut self, code: &Code, file: &str, function: Function<'_>, name: &str, none: bool) {
        let Some(definition) = function.definition else { return };
        let returns = returns_of(function.body);
        let gives_none = |statement: &&&Stmt| match statement {
            Stmt::Return(found) => found.value.as_deref().is_none_or(|value| literal(value) == Some("NoneType")),
            _ => false,
        };
        if !none {
            if let [one] = returns.as_slice() {
                self.step(told(format!("{name} returned it here"), self.scene.spot_of(file, code.line(*one), name)));
            }
            return;
        }
        let mut told_any = false;
        for found in returns.iter().filter(gives_none).take(MOST_LINES) {
            told_any = true;
            self.step(told(format!("{name} returns None here"), self.scene.spot_of(file, code.line(*found), name)));
        }
        if !ends(function.body) {
            told_any = true;
            let says = match returns.len() {
                0 => format!("{name} has no return: it gives None"),
                _ => format!("{name} gives None where it comes to its end without a return"),
            };
            self.step(told(says, self.scene.spot_of(file, code.line(&definition.name), name)));
        }
        if !told_any {
            for found in returns.iter().take(MOST_LINES) {
                self.step(told(format!("{name} returns here"), self.scene.spot_of(file, code.line(*found), name)));
            }
            // `return _client`
            if let [Stmt::Return(one)] = returns.as_slice()
                && let Some(global) = one.value.as_deref().and_then(Expr::as_name_expr)
                && code.bindings(function.body, global.id.as_str()).is_empty()
                && !definition.parameters.includes(global.id.as_str())
            {
                self.global(file, code, global.id.as_str());
            }
        }
    }

    /// Functions of the builtin types and of the library that give None by what they are.
    fn known_call(&mut self, place: Place<'a>, code: &Code, call: &ExprCall) -> bool {
        const IN_PLACE: [&str; 12] = [
            "sort",
            "append",
            "extend",
            "reverse",
            "insert",
            "clear",
            "update",
            "add",
            "discard",
            "remove",
            "shuffle",
            "appendleft",
        ];
        let Some(method) = call.func.as_attribute_expr() else { return false };
        let (base, name) = (code.text(&*method.value), method.attr.as_str());
        let Some(of) = self.scene.value(place, &base) else { return false };
        let spot = self.scene.spot_in(place, Some(code.line(call)));
        // `names = names.sort()`: what it was called on is gone.
        let gone = &*of.type_name == "NoneType";
        let argument = |index: usize| call.arguments.args.get(index).map(|argument| code.text(argument));
        let builtin = matches!(&*of.type_name, "list" | "dict" | "set" | "deque" | "OrderedDict" | "defaultdict");
        if (builtin || gone) && IN_PLACE.contains(&name) || &*of.type_name == "module" && name == "shuffle" {
            self.step(told(format!("{base}.{name}() changes in place: it always gives None"), spot));
            return true;
        }
        if name == "get"
            && let Some(key) = argument(0)
        {
            let Some(held) = self.scene.value(place, &key) else { return false };
            let keys = self.scene.keys(place, &base);
            if keys.is_empty() && &*of.type_name != "dict" || keys.iter().any(|known| known.repr == held.repr) {
                return false;
            }
            let near = super::near::near_keys(&held, &keys);
            let says = format!("{base}.get({}) gave None: there is no such key{}", held.repr, super::near::also(&near));
            let object = self.scene.subject(place, &base);
            self.step(Evidence { says, at: Some(spot), object });
            return true;
        }
        let pattern = &*of.type_name == "Pattern";
        let module = &*of.type_name == "module" && of.repr.contains("'re'");
        if (pattern || module) && matches!(name, "match" | "search" | "fullmatch") {
            let (wanted, text) = if pattern { (Some(base.clone()), argument(0)) } else { (argument(0), argument(1)) };
            let (Some(wanted), Some(text)) = (wanted, text) else { return false };
            self.step(told(format!("{wanted} does not match {text}: {name} gave None"), spot));
            for asked in [wanted, text] {
                if let Some(shown) = self.scene.shown(place, &asked) {
                    self.step(shown);
                }
            }
            return true;
        }
        false
    }
}

/// Whether a value may be the same as another.
fn alike(a: &Option<Value>, b: &Value) -> bool {
    a.as_ref().is_some_and(|a| a.type_name == b.type_name && a.repr == b.repr)
}

/// What `enumerate(x)` and its like go through.
pub(super) fn gone_through(iterable: &Expr) -> &Expr {
    let inner = iterable.as_call_expr().filter(|call| {
        matches!(last_name(&call.func), "enumerate" | "reversed" | "iter" | "sorted" | "list" | "tuple")
    });
    inner.and_then(|call| call.arguments.args.first()).unwrap_or(iterable)
}

/// The type of a literal.
pub(super) fn literal(expression: &Expr) -> Option<&'static str> {
    Some(match expression {
        Expr::NoneLiteral(_) => "NoneType",
        Expr::BooleanLiteral(_) => "bool",
        Expr::NumberLiteral(_) => "number",
        Expr::StringLiteral(_) | Expr::FString(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Tuple(_) => "tuple",
        _ => return None,
    })
}

/// The name that a callee ends with.
pub(super) fn last_name(callee: &Expr) -> &str {
    match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}

/// A parameter of a function.
#[derive(Debug, Clone, Copy)]
struct Parameter<'c> {
    /// Its position among those that take positions.
    position: Option<usize>,
    default: Option<&'c Expr>,
}

fn parameter<'c>(place: Place<'_>, function: Function<'c>, name: &str) -> Option<Parameter<'c>> {
    let Some(definition) = function.definition else {
        // The dump lacks the head of the function: the frame knows its arguments, in their order.
        let mut arguments = place.frame.locals.iter().filter(|local| local.scope == Scope::Arg);
        let position = arguments.position(|local| &*local.name == name)?;
        return Some(Parameter { position: Some(position), default: None });
    };
    let parameters = &definition.parameters;
    let positional = parameters.posonlyargs.iter().chain(&parameters.args).enumerate();
    let positional = positional.map(|(position, parameter)| (Some(position), parameter));
    let named = parameters.kwonlyargs.iter().map(|parameter| (None, parameter));
    let found = positional.chain(named).find(|(_, parameter)| parameter.parameter.name.as_str() == name);
    found.map(|(position, parameter)| Parameter { position, default: parameter.default.as_deref() })
}

enum Passed<'c> {
    As(&'c Expr),
    Not,
    Unpacked,
}

/// Whether the first parameter is not among the arguments of a call.
fn is_bound(place: Place<'_>, function: Function<'_>, call: &ExprCall, above: &Code) -> bool {
    let Some(definition) = function.definition else {
        let first = place.frame.locals.iter().find(|local| local.scope == Scope::Arg);
        return first.is_some_and(|local| matches!(&*local.name, "self" | "cls"));
    };
    let first = definition.parameters.iter().next().map(|parameter| parameter.name().as_str());
    let Some(class) = function.class else { return matches!(first, Some("self" | "cls")) };
    let is_static =
        definition.decorator_list.iter().any(|decorator| last_name(&decorator.expression) == "staticmethod");
    // `Class.method(instance)` passes it.
    let by_class = call.func.as_attribute_expr().is_some_and(|attribute| {
        above.text(&*attribute.value) == class.name.as_str() && definition.decorator_list.is_empty()
    });
    !is_static && !by_class
}

fn argument<'c>(call: &'c ExprCall, name: &str, parameter: Parameter<'_>, bound: bool) -> Passed<'c> {
    let keywords = &call.arguments.keywords;
    let by_name = keywords.iter().find(|keyword| keyword.arg.as_ref().is_some_and(|given| given.as_str() == name));
    if let Some(keyword) = by_name {
        return Passed::As(&keyword.value);
    }
    let unpacked = keywords.iter().any(|keyword| keyword.arg.is_none());
    if let Some(position) = parameter.position.and_then(|position| position.checked_sub(usize::from(bound))) {
        let before = call.arguments.args.iter().take(position + 1);
        if before.clone().any(|argument| matches!(argument, Expr::Starred(_))) {
            return Passed::Unpacked;
        }
        if let Some(argument) = call.arguments.args.get(position) {
            return Passed::As(argument);
        }
    }
    if unpacked { Passed::Unpacked } else { Passed::Not }
}

fn declares_global(body: &[Stmt], name: &str) -> bool {
    all(body).iter().any(|statement| match statement {
        Stmt::Global(global) => global.names.iter().any(|global| global.as_str() == name),
        _ => false,
    })
}

/// The statements of a body, those of inner functions and classes left out.
pub(super) fn all(body: &[Stmt]) -> Vec<&Stmt> {
    let (mut found, mut next) = (Vec::new(), body.iter().rev().collect::<Vec<_>>());
    while let Some(statement) = next.pop() {
        found.push(statement);
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            next.extend(children(statement).into_iter().rev());
        }
    }
    found
}

fn returns_of(body: &[Stmt]) -> Vec<&Stmt> {
    all(body).into_iter().filter(|statement| matches!(statement, Stmt::Return(_))).collect()
}

/// Whether a body never comes to its end, as far as its last statement tells.
fn ends(body: &[Stmt]) -> bool {
    match body.last() {
        Some(Stmt::Return(_) | Stmt::Raise(_)) => true,
        Some(Stmt::If(choice)) => {
            let others = &choice.elif_else_clauses;
            others.last().is_some_and(|last| last.test.is_none())
                && ends(&choice.body)
                && others.iter().all(|clause| ends(&clause.body))
        }
        Some(Stmt::While(loops)) => matches!(&*loops.test, Expr::BooleanLiteral(literal) if literal.value),
        Some(Stmt::With(with)) => ends(&with.body),
        Some(Stmt::Try(tried)) => {
            let handled = tried.handlers.iter().all(|handler| {
                let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                ends(&handler.body)
            });
            ends(&tried.finalbody) || handled && (ends(&tried.body) || ends(&tried.orelse))
        }
        _ => false,
    }
}
