//! Scopes of a frame, and what is in them: a page at a time.

use std::sync::Arc;

use crashsite_model::{Kind, Local, Payload, Scope as Binding, scalar_text};
use crashsite_view::backtrace;
use crashsite_view::children::Child;
use crashsite_view::eval::{self, Count, Held, Inside};
use crashsite_view::exception::{class_name, message, origins};
use crashsite_view::text::{escape, shorten};
use crashsite_view::value::Value;

use crate::handles::{Evaluation, Thing, What};
use crate::memory;
use crate::session::{LONGEST_NAME, Session, clean};
use crate::types::{
    Scope, ScopesArguments, ScopesBody, Variable, VariablePresentationHint, VariablesArguments,
    VariablesArgumentsFilter, VariablesBody,
};
use crate::wire::{Answer, Refusal, body};

/// What is in one answer, at most; something that stands for the rest follows.
const PAGE: u64 = 1000;
/// Characters of a message of an exception, or of why there are no variables.
const LONGEST: usize = 2000;

/// A value of which all is known that a client is told.
pub(crate) struct Shown<'a> {
    pub(crate) value: Value,
    pub(crate) held: Option<Held<'a>>,
    pub(crate) expression: Option<Arc<str>>,
    pub(crate) made: Evaluation,
    pub(crate) frame: i64,
}

/// A failure, as a client tells it.
pub(crate) fn failed(failure: eval::Failure) -> Refusal {
    let told = format!("{}: {}", failure.kind, escape(&failure.message));
    Refusal::quiet(match failure.remedy {
        Some(remedy) => format!("{told}\n{}", escape(&remedy)),
        None => told,
    })
}

fn is_cell(local: &Local) -> bool {
    matches!(local.scope, Binding::Cell | Binding::Free)
}

impl<'a> Session<'_, 'a> {
    pub(crate) fn scopes(&mut self, arguments: &ScopesArguments) -> Answer {
        let frame = arguments.frame_id;
        let (stack, place) = self.place(frame)?;
        let locals = &place.frame.locals;
        let cells = locals.iter().filter(|local| is_cell(local)).count() as u64;
        let note = place.frame.locals_note.is_some();
        let mut scopes = vec![self.scope("Locals", What::Locals, frame, locals.len() as u64 - cells + u64::from(note))];
        if cells > 0 {
            scopes.push(self.scope("Cells", What::Cells, frame, cells));
        }
        if let Some(globals) = place.frame.globals
            && let Some(held) = self.eval(Some(frame))?.object(globals)
        {
            let count = self.eval(Some(frame))?.count(&held).map_err(failed)?;
            scopes.push(self.scope("Globals", What::Globals(held), frame, count.attributes + count.elements));
        }
        if stack.raised.is_some() {
            scopes.push(self.scope("Exception", What::Exceptions, frame, origins(self.dump).len() as u64));
        }
        if let Some(locals) = scopes.first_mut() {
            locals.presentation_hint = Some("locals".to_owned());
        }
        body(ScopesBody { scopes })
    }

    fn scope(&mut self, name: &str, what: What<'a>, frame: i64, count: u64) -> Scope {
        let expensive = matches!(what, What::Globals(_));
        Scope {
            name: name.to_owned(),
            expensive,
            named_variables: Some(i64::try_from(count).unwrap_or(i64::MAX)),
            variables_reference: self.handles.add(Thing { what, frame, from: 0, to: count }),
            ..Scope::default()
        }
    }

    pub(crate) fn variables(&mut self, arguments: &VariablesArguments) -> Answer {
        let thing = self.handles.get(arguments.variables_reference).map_err(Refusal::quiet)?;
        let attributes = match &thing.what {
            What::Value(held, ..) => self.eval(Some(thing.frame))?.count(held).map_err(failed)?.attributes,
            _ => u64::MAX,
        };
        let (from, to) = match arguments.filter {
            Some(VariablesArgumentsFilter::Named) => (thing.from, thing.to.min(attributes)),
            Some(VariablesArgumentsFilter::Indexed) => (thing.from.max(attributes), thing.to),
            None => (thing.from, thing.to),
        };
        let start = u64::try_from(arguments.start.unwrap_or(0)).unwrap_or(0);
        let from = from.saturating_add(start);
        let count = u64::try_from(arguments.count.unwrap_or(0)).ok().filter(|count| *count > 0);
        let to = count.map_or(to, |count| to.min(from.saturating_add(count)));
        let end = to.min(from.saturating_add(PAGE));
        let mut variables = if from < end { self.contents(&thing, from, end)? } else { Vec::new() };
        if end < to {
            let rest = Thing { from: end, to, ..thing };
            let rest_of = self.handles.add(rest);
            variables.push(Variable { variables_reference: rest_of, ..plain("…", &format!("{} more", to - end)) });
        }
        body(VariablesBody { variables })
    }

    /// What is in a thing at these positions.
    fn contents(&mut self, thing: &Thing<'a>, from: u64, to: u64) -> Result<Vec<Variable>, Refusal> {
        let skip = usize::try_from(from).unwrap_or(usize::MAX);
        let limit = usize::try_from(to - from).unwrap_or(usize::MAX);
        let (_, place) = self.place(thing.frame)?;
        let eval = self.eval(Some(thing.frame))?;
        match &thing.what {
            What::Locals => {
                let note = place.frame.locals_note.as_deref();
                let note = note.map(|note| plain("note", &escape(&shorten(note, LONGEST))));
                let locals = place.frame.locals.iter().filter(|local| !is_cell(local)).map(Ok);
                let rows = note.map(Err).into_iter().chain(locals).skip(skip).take(limit);
                Ok(rows.map(|row| row.map_or_else(|note| note, |local| self.local(thing.frame, local))).collect())
            }
            What::Cells => {
                let locals = place.frame.locals.iter().filter(|local| is_cell(local)).skip(skip).take(limit);
                Ok(locals.map(|local| self.local(thing.frame, local)).collect())
            }
            What::Exceptions => Ok(self.exceptions(thing.frame, skip, limit)),
            What::Globals(held) => {
                let inside = eval.inside(held, Some("globals()"), from, limit).map_err(failed)?;
                let variable = |inside: Inside<'a>| {
                    let name = self.global_name(&inside.child);
                    self.inside(name, inside, thing.frame, None)
                };
                Ok(inside.into_iter().map(variable).collect())
            }
            What::Value(held, expression, made) => {
                let inside = eval.inside(held, expression.as_deref(), from, limit).map_err(failed)?;
                let variable = |inside: Inside<'a>| {
                    let name = child_name(&inside.child);
                    self.inside(name, inside, thing.frame, *made)
                };
                Ok(inside.into_iter().map(variable).collect())
            }
        }
    }

    fn local(&mut self, frame: i64, local: &'a Local) -> Variable {
        let value = backtrace::variable(self.dump, local).value;
        let eval = self.eval(Some(frame)).ok();
        let (held, expression) = eval.map(|eval| eval.local(local)).unwrap_or_default();
        let expression = expression.map(Arc::from);
        self.variable(clean(&local.name), Shown { value, held, expression, made: None, frame })
    }

    fn inside(&mut self, name: String, inside: Inside<'a>, frame: i64, made: Evaluation) -> Variable {
        let Inside { child, held, expression } = inside;
        let expression = expression.map(Arc::from);
        self.variable(name, Shown { value: child.value, held, expression, made, frame })
    }

    /// The exception of the stack, then all others of the crash, by what they are to one another.
    fn exceptions(&mut self, frame: i64, skip: usize, limit: usize) -> Vec<Variable> {
        let own = self.place(frame).ok().and_then(|(stack, _)| stack.raised.clone());
        let mut all = origins(self.dump);
        all.sort_by_key(|origin| own.as_ref().is_none_or(|own| own.index != origin.index));
        let mut variables = Vec::new();
        for (position, origin) in all.into_iter().enumerate().skip(skip).take(limit) {
            let Some(raised) = self.dump.exceptions.get(origin.index) else { continue };
            let word = if position == 0 { "exception" } else { origin.relation };
            let said = message(self.dump, raised);
            let told = format!("{}: {}", clean(class_name(raised)), escape(&shorten(&said, LONGEST)));
            let eval = self.eval(Some(frame)).ok();
            let held = eval.and_then(|eval| eval.object(raised.object?));
            let gives = |expression: &String| {
                let found = eval.and_then(|eval| eval.hold(expression).ok()).and_then(|held| held.number());
                found.is_some() && found == raised.object
            };
            let expression = origin.expression.filter(gives).map(Arc::from);
            let value = Value::of_number(self.dump, raised.object.unwrap_or(u32::MAX));
            let shown = Shown { value, held, expression, made: None, frame };
            let mut variable = self.variable(word.to_owned(), shown);
            variable.value = told;
            variable.type_ = Some(clean(class_name(raised)));
            variables.push(variable);
        }
        variables
    }

    /// A global variable by its name, without the quotes of a key.
    fn global_name(&self, child: &Child) -> String {
        let key = child.key.as_ref().and_then(|key| self.dump.heap.object(key.id?));
        match key.map(|key| key.payload()) {
            Some(Payload::Text(text) | Payload::Bytes(text)) => clean(&scalar_text(text)),
            _ => child_name(child),
        }
    }

    /// A variable: its value, and what there is to look into.
    pub(crate) fn variable(&mut self, name: String, shown: Shown<'a>) -> Variable {
        let Shown { value, held, expression, made, frame } = shown;
        let count = held.as_ref().and_then(|held| self.eval(Some(frame)).ok()?.count(held).ok()).unwrap_or_default();
        let number = held.as_ref().and_then(Held::number);
        Variable {
            value: one_line(&value),
            type_: Some(clean(&value.type_name)).filter(|name| !name.is_empty()),
            evaluate_name: expression.as_deref().map(str::to_owned),
            presentation_hint: Some(self.hint(&name, number)),
            memory_reference: memory::reference(self.dump, number),
            named_variables: some(count.attributes),
            indexed_variables: some(count.elements),
            variables_reference: held.map_or(0, |held| self.expandable(held, expression, made, frame, count)),
            name,
        }
    }

    /// The number by which a client looks into a value; 0 where nothing is in it.
    pub(crate) fn expandable(
        &mut self,
        held: Held<'a>,
        expression: Option<Arc<str>>,
        made: Evaluation,
        frame: i64,
        count: Count,
    ) -> i64 {
        match count.attributes.saturating_add(count.elements) {
            0 => 0,
            to => self.handles.add(Thing { what: What::Value(held, expression, made), frame, from: 0, to }),
        }
    }

    /// How a client may show it.
    fn hint(&self, name: &str, number: Option<u32>) -> VariablePresentationHint {
        let kind = number.and_then(|number| self.dump.heap.object(number)).map(|object| match object.kind() {
            Kind::Function | Kind::Builtin | Kind::Method => "method",
            Kind::Class => "class",
            _ => "data",
        });
        let visibility = match name {
            _ if name.starts_with("__") => Some("internal"),
            _ if name.starts_with('_') => Some("private"),
            _ => None,
        };
        VariablePresentationHint {
            attributes: vec!["readOnly".to_owned()],
            kind: kind.map(str::to_owned),
            lazy: None,
            visibility: visibility.map(str::to_owned),
        }
    }
}

/// How much there is, where there is something.
pub(crate) fn some(count: u64) -> Option<i64> {
    i64::try_from(count).ok().filter(|count| *count > 0)
}

/// A value in one line.
fn one_line(value: &Value) -> String {
    let repr = escape(&value.repr).into_owned();
    value.remark().map_or(repr.clone(), |remark| format!("{repr}  {remark}"))
}

/// What a child is found by.
fn child_name(child: &Child) -> String {
    match (&child.name, child.index, &child.key) {
        (Some(name), ..) => clean(name),
        (_, Some(index), _) => format!("[{index}]"),
        (.., Some(key)) => escape(&shorten(&key.repr, LONGEST_NAME)).into_owned(),
        _ => "?".to_owned(),
    }
}

/// Something that is no value.
fn plain(name: &str, value: &str) -> Variable {
    let hint = VariablePresentationHint { kind: Some("virtual".to_owned()), ..VariablePresentationHint::default() };
    Variable { name: name.to_owned(), value: value.to_owned(), presentation_hint: Some(hint), ..Variable::default() }
}
