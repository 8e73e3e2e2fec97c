//! An exception of a function that is not the program's code: what it was called with.

use std::collections::VecDeque;

use crashsite_model::Scope;
use ruff_python_ast::{Expr, Stmt};
use rustc_hash::FxHashSet;

use super::{Asked, a};
use crate::children;
use crate::explain::code::{Code, Point, generators};
use crate::explain::finding::Finding;
use crate::explain::near::{also, near_keys};
use crate::explain::origin::last_name;
use crate::explain::scene::{Scene, told};
use crate::thread::Place;
use crate::value::Value;

/// Objects that are looked through for a part of an argument, and how deep it may lie.
const MOST_OBJECTS: usize = 5_000;
const DEEPEST: usize = 8;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place() else { return Vec::new() };
    asked.at(place, |code, point| refused(asked, place, code, point, None)).flatten().into_iter().collect()
}

/// The same of an exception that a function of the standard library raises: the call that led there. What is refused may be known
/// to come from an expression.
pub(super) fn of_standard<'a>(
    asked: &Asked<'a, '_, '_>,
    raised: Place<'a>,
    suspect: Option<(Place<'a>, String)>,
) -> Option<Finding> {
    let scene = asked.scene;
    let own = scene.outwards(raised).find(|place| !scene.is_standard(place.frame))?;
    let here = |place: &Place<'a>| (place.stack.position, place.number) == (own.stack.position, own.number);
    let suspect = suspect.filter(|(place, _)| here(place)).map(|(_, text)| text);
    let mut finding = asked.at(own, |code, point| refused(asked, own, code, point, suspect.as_deref())).flatten()?;
    let says = format!("{} raises it here", raised.frame.qualname.as_deref().unwrap_or(&raised.frame.function));
    finding.evidence.push(told(says, scene.spot(raised)));
    finding.cause = "raised";
    Some(finding)
}

fn refused<'a>(
    asked: &Asked<'a, '_, '_>,
    place: Place<'a>,
    code: &Code,
    point: &Point<'_>,
    suspect: Option<&str>,
) -> Option<Finding> {
    let scene = asked.scene;
    if matches!(point.statement, Stmt::Raise(_)) {
        return None;
    }
    let calls: Vec<_> = point.expressions.iter().filter_map(|part| part.as_call_expr()).collect();
    let inner = place.number.checked_sub(1).and_then(|number| place.stack.frame(scene.dump, number).ok());
    let named = inner.and_then(|inner| calls.iter().find(|call| last_name(&call.func) == &*inner.frame.function));
    let message = asked.message();
    // `max() arg is an empty sequence`
    let said = calls.iter().find(|call| message.starts_with(&format!("{}()", last_name(&call.func))));
    let call = point.exact.and_then(Expr::as_call_expr).or(named.or(said).copied()).or(match calls.as_slice() {
        [one] => Some(*one),
        _ => None,
    })?;
    let mut values: Vec<&Expr> = call.arguments.args.iter().collect();
    values.extend(call.arguments.keywords.iter().map(|keyword| &keyword.value));
    values.extend(call.func.as_attribute_expr().map(|method| &*method.value));
    values.retain(|value| !value.is_literal_expr() && !value.is_starred_expr() && !value.is_lambda_expr());
    let known: Vec<(&Expr, Value)> = values
        .iter()
        .filter_map(|value| Some((*value, scene.value(place, &code.text(*value))?)))
        .filter(|(_, value)| &*value.type_name != "module")
        .collect();
    let function = code.text(&*call.func);
    // What the message shows is meant.
    let told = |(_, value): &&(&Expr, Value)| value.repr.chars().count() > 2 && message.contains(&*value.repr);
    let shown = known.iter().find(told);
    let suspect = known.iter().find(|(value, _)| suspect == Some(&*code.text(*value)));
    let empty = message.contains("empty") || message.contains("at least one");
    let (first, says) = match (shown, suspect.or(known.first())) {
        (Some((first, value)), _) => {
            let choices = scene.keys(place, &format!("{function}._value2member_map_"));
            (
                *first,
                format!("{function} refused {}: {message}{}", code.text(*first), also(&near_keys(value, &choices))),
            )
        }
        (None, Some((first, value))) if empty && &*value.type_name == "generator" => {
            (*first, format!("{} gives nothing: it is empty, or was gone through before", code.text(*first)))
        }
        (None, Some((first, _))) => {
            let text = code.text(*first);
            match scene.number(place, &format!("len({text})")) {
                Some(0) if empty => (*first, format!("{text} is empty: {message}")),
                _ => (*first, format!("{function} refused what it was given")),
            }
        }
        // `max(x for x in values if …)`
        (None, None) => {
            let of = values.iter().find_map(|value| generators(value).first()).filter(|_| empty)?;
            (&of.iter, format!("nothing in {} is left: {message}", code.text(&of.iter)))
        }
    };
    let mut finding = asked.blame("arguments", place, code, point, first, says);
    if let Some((value, way)) = known.iter().find_map(|(value, _)| part(asked, place, &code.text(*value))) {
        finding.says = format!("{way} is {}: {message}", a(&value.type_name));
        finding.look.insert(0, scene.print(place, &way));
        finding.object = scene.subject(place, &way).or(finding.object);
    }
    for (value, _) in known.iter().take(8) {
        asked.show(&mut finding, place, &code.text(*value));
    }
    Some(finding)
}

/// The part of an argument that the function which raised was given in turn, and the expression of it.
fn part<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, argument: &str) -> Option<(Value, String)> {
    let scene = asked.scene;
    let raised = asked.place().filter(|raised| raised.number != place.number)?;
    let plain = |value: &Value| {
        matches!(&*value.type_name, "str" | "int" | "bool" | "NoneType" | "type" | "module" | "function" | "bytes")
    };
    let locals =
        raised.frame.locals.iter().filter(|local| local.scope == Scope::Arg && !matches!(&*local.name, "self" | "cls"));
    let wanted: Vec<u32> = locals
        .filter_map(|local| local.object)
        .filter(|number| !plain(&Value::of_number(scene.dump, *number)))
        .collect();
    let start = scene.object(place, argument)?.number;
    if wanted.is_empty() || wanted.contains(&start) {
        return None;
    }
    let (number, way) = way(scene, start, argument, &wanted)?;
    Some((Value::of_number(scene.dump, number), way))
}

/// The nearest of some objects that lies in another one, and the way to it.
fn way(scene: &Scene<'_, '_>, start: u32, text: &str, wanted: &[u32]) -> Option<(u32, String)> {
    let mut seen = FxHashSet::default();
    let mut next = VecDeque::from([(start, text.to_owned(), 0)]);
    while let Some((number, text, depth)) = next.pop_front() {
        let object = scene.dump.heap.object(number).filter(|_| scene.goes_on() && seen.len() < MOST_OBJECTS)?;
        for child in children::page(scene.dump, &object, 0, children::PAGE) {
            let way = match (&child.name, &child.key, child.index) {
                (Some(name), ..) => format!("{text}.{name}"),
                (_, Some(key), _) => format!("{text}[{}]", key.repr),
                (_, _, Some(index)) => format!("{text}[{index}]"),
                _ => continue,
            };
            let Some(number) = child.value.id.filter(|number| seen.insert(*number)) else { continue };
            if wanted.contains(&number) {
                return Some((number, way));
            }
            if depth < DEEPEST && child.value.children_count > 0 {
                next.push_back((number, way, depth + 1));
            }
        }
    }
    None
}
