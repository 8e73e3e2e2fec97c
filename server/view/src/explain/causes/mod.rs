//! The kinds of causes, one module for each.

mod arguments;
mod assertion;
mod attribute;
mod call;
mod changed;
mod exhausted;
mod guard;
mod import;
mod lookup;
mod name;
mod operand;
mod path;
mod process;
mod recursion;
mod text;
mod unpack;
mod validation;
mod versions;
mod zero;

use ruff_python_ast::{ExceptHandler, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::code::{Code, Point, bytes};
use super::finding::{Finding, Subject};
use super::origin::Origin;
use super::scene::{Failed, Scene, told};
use crate::thread::Place;
use crate::value::Value;

/// Parts of an expression that are looked at for variables.
const MOST_PARTS: usize = 500;

/// A kind of cause: what it finds of an exception.
type Cause = for<'a, 's, 'b, 'c> fn(&'c Asked<'a, 's, 'b>) -> Vec<Finding>;

/// The kinds, those that know most first.
const ALL: [Cause; 19] = [
    recursion::of,
    validation::of,
    attribute::of,
    name::of,
    lookup::of,
    operand::of,
    call::of,
    unpack::of,
    zero::of,
    text::of,
    import::of,
    path::of,
    process::of,
    changed::of,
    assertion::of,
    versions::of,
    exhausted::of,
    guard::of,
    arguments::of,
];

/// What a cause is asked about.
pub(super) struct Asked<'a, 's, 'b> {
    scene: &'b Scene<'a, 's>,
    failed: &'b Failed<'a>,
    /// The exception's class and those that it derives from, by their own names.
    classes: Vec<String>,
}

/// What the first kind finds that knows of the exception.
pub(super) fn of<'a>(scene: &Scene<'a, '_>, failed: &Failed<'a>) -> Vec<Finding> {
    let mut classes = vec![failed.class.to_string()];
    if let Some(class) =
        failed.object.and_then(|number| scene.dump.heap.object(number)).and_then(|object| scene.class_of(&object))
    {
        let names = scene.mro(&class).into_iter().map(|class| crate::repr::halves(&class).1);
        classes.extend(names.filter_map(|name| name.rsplit('.').next().map(str::to_owned)));
    }
    let asked = Asked { scene, failed, classes };
    let mut findings = ALL.iter().map(|cause| cause(&asked)).find(|found| !found.is_empty()).unwrap_or_default();
    for finding in &mut findings {
        asked.add_own_frame(finding);
    }
    findings
}

impl<'a, 's, 'b> Asked<'a, 's, 'b> {
    fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|name| name == class)
    }

    fn message(&self) -> &str {
        &self.failed.message
    }

    fn place(&self) -> Option<Place<'a>> {
        self.failed.place
    }

    /// Looks at the source where a frame is.
    fn at<T>(&self, place: Place<'a>, look: impl FnOnce(&Code, &Point<'_>) -> T) -> Option<T> {
        let code = self.scene.code_of(place)?;
        let point = code.point(place.frame)?;
        Some(look(&code, &point))
    }

    /// A finding about the value of an expression, with the way that it came.
    fn blame(
        &self,
        cause: &'static str,
        place: Place<'a>,
        code: &Code,
        point: &Point<'_>,
        expression: &Expr,
        says: impl Into<String>,
    ) -> Finding {
        let text = self.handled(place, code, point, expression).unwrap_or_else(|| code.text(expression));
        let mut finding = self.failed.finding(cause, says);
        finding.at = Some(self.scene.spot(place));
        finding.object = self.scene.subject(place, &text);
        let origin = Origin::of(self.scene, place, code, point.function, expression);
        let furthest = origin.furthest.clone();
        finding.evidence = origin.into_steps();
        if finding.object.is_some() && !expression.is_literal_expr() {
            finding.look.push(self.scene.print(place, &text));
        }
        if let Some((place, text)) = furthest.filter(|(further, _)| further.number != place.number) {
            finding.look.push(self.scene.print(place, &text));
        }
        finding.look.push(self.scene.question("locals", place, None));
        finding
    }

    /// The variable of an `except … as` around the place is gone by now: what it was is the context of this exception.
    fn handled(&self, place: Place<'a>, code: &Code, point: &Point<'_>, expression: &Expr) -> Option<String> {
        let mut root = expression;
        let name = loop {
            match root {
                Expr::Attribute(attribute) => root = &attribute.value,
                Expr::Subscript(subscript) => root = &subscript.value,
                Expr::Name(name) => break name.id.as_str(),
                _ => return None,
            }
        };
        if place.frame.locals.iter().any(|local| &*local.name == name) {
            return None;
        }
        let at = bytes(point.statement).start;
        let around = super::code::path(point.function.body, &|statement| bytes(statement).contains(&at));
        let handler = around.iter().rev().find_map(|step| match step.statement {
            Stmt::Try(tried) => tried.handlers.get(step.arm.checked_sub(1)?),
            _ => None,
        });
        let ExceptHandler::ExceptHandler(handler) = handler?;
        let same = handler.name.as_ref().is_some_and(|bound| bound.as_str() == name);
        let exception = self.failed.expression.as_ref().filter(|_| same)?;
        Some(format!("{exception}.__context__{}", code.text(expression).strip_prefix(name)?))
    }

    /// Says where the program's own code was, for a finding in a library.
    fn add_own_frame(&self, finding: &mut Finding) {
        let Some(place) = self.place().filter(|place| place.frame.library) else { return };
        let Some(own) = self.scene.outwards(place).find(|place| is_own(place.frame)) else { return };
        let spot = self.scene.spot(own);
        let known = finding.at.iter().chain(finding.evidence.iter().filter_map(|evidence| evidence.at.as_ref()));
        if !known.into_iter().any(|at| at.frame == spot.frame && at.thread == spot.thread) {
            finding.evidence.push(told("the program's own code called the library here", spot));
            finding.look.push(self.scene.question("locals", own, None));
        }
    }

    /// Adds the value of an expression, if it is known and not yet told.
    fn show(&self, finding: &mut Finding, place: Place<'a>, text: &str) {
        let known = |object: &Option<Subject>| object.as_ref().is_some_and(|object| object.expression == text);
        if known(&finding.object) || finding.evidence.iter().any(|evidence| known(&evidence.object)) {
            return;
        }
        // Values stand before what is said of them.
        let values = finding.evidence.iter().take_while(|evidence| evidence.says.is_empty()).count();
        if let Some(shown) = self.scene.shown(place, text) {
            finding.evidence.insert(values, shown);
        }
    }

    /// Of several expressions, the one whose value has that type; one of unknown value, where there is no other.
    fn of_type<'c>(
        &self,
        place: Place<'a>,
        code: &Code,
        candidates: &[&'c Expr],
        wanted: &str,
    ) -> Option<(&'c Expr, Option<Value>)> {
        let wanted = wanted.rsplit('.').next().unwrap_or(wanted);
        let mut unknown = Vec::new();
        for candidate in candidates {
            match self.scene.value(place, &code.text(*candidate)) {
                Some(value) if &*value.type_name == wanted => return Some((candidate, Some(value))),
                Some(_) => {}
                None => unknown.push(*candidate),
            }
        }
        match unknown.as_slice() {
            [one] => Some((one, None)),
            _ => None,
        }
    }
}

/// The words of a message between single or double quotes.
fn quoted(message: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = message;
    while let Some(at) = rest.find(['\'', '"']) {
        let (_, after) = rest.split_at(at);
        let mut characters = after.chars();
        let Some(quote) = characters.next() else { break };
        let inner = characters.as_str();
        let Some(end) = inner.find(quote) else { break };
        found.extend(inner.get(..end));
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    found
}

/// Whether a frame is of the program's own code, and of a file.
pub(super) fn is_own(frame: &crashsite_model::Frame) -> bool {
    !frame.library && !frame.file.starts_with('<')
}

/// A class as what something is: `a str`, `an int`, `None`.
fn a(class: &str) -> String {
    match class.chars().next() {
        _ if class == "NoneType" => "None".to_owned(),
        _ if class == "coroutine" => "a coroutine that is not awaited".to_owned(),
        Some('a' | 'e' | 'i' | 'o' | 'A' | 'E' | 'I' | 'O') => format!("an {class}"),
        _ => format!("a {class}"),
    }
}

/// Whether an expression has only names, attributes and subscripts: something that a person would call a variable.
fn is_variable(expression: &Expr) -> bool {
    match expression {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => is_variable(&attribute.value),
        Expr::Subscript(subscript) => is_variable(&subscript.value),
        _ => false,
    }
}

/// The variables in an expression, the longest only: of `a.b` not `a`; callees left out.
fn variables(expression: &Expr) -> Vec<&Expr> {
    let mut all = super::code::within(expression);
    all.truncate(MOST_PARTS);
    let callees: Vec<_> = all.iter().filter_map(|part| part.as_call_expr()).map(|call| call.func.range()).collect();
    let candidates: Vec<&Expr> =
        all.into_iter().filter(|part| is_variable(part) && !callees.contains(&part.range())).collect();
    let mut found: Vec<&Expr> = Vec::new();
    for part in candidates.iter().rev() {
        if !found.iter().any(|other| other.range().contains_range(part.range())) {
            found.push(part);
        }
    }
    found.reverse();
    found
}
