//! An exception that the code itself raises: the condition that led there, and the values in it.

use ruff_python_ast::{Expr, Stmt};

use super::Asked;
use crate::explain::code::{Code, Point, bytes, path};
use crate::explain::finding::Finding;
use crate::explain::origin::Origin;
use crate::explain::scene;
use crate::thread::Place;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place() else { return Vec::new() };
    // What the standard library refuses is the caller's.
    if asked.scene.is_standard(place.frame) {
        let suspect = asked.at(place, |code, point| {
            let suspect = raise(asked, place, code, point)?.suspect?;
            Origin::of(asked.scene, place, code, point.function, suspect).furthest
        });
        if let Some(finding) = super::arguments::of_standard(asked, place, suspect.flatten()) {
            return vec![finding];
        }
    }
    asked.at(place, |code, point| look(asked, place, code, point)).flatten().into_iter().collect()
}

/// A `raise` statement: what led there, and what it is about.
struct Raise<'c> {
    /// The conditions, and whether they held.
    conditions: Vec<(&'c Expr, bool)>,
    /// Whether it handles another exception.
    handled: bool,
    /// The variables of conditions and arguments.
    values: Vec<&'c Expr>,
    suspect: Option<&'c Expr>,
}

fn raise<'a, 'c>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'c>) -> Option<Raise<'c>> {
    let Stmt::Raise(raise) = point.statement else { return None };
    let at = bytes(raise).start;
    let around = path(point.function.body, &|statement| bytes(statement).contains(&at));
    let near = around.iter().rev().find(|step| !step.conditions.is_empty());
    let conditions = near.map(|step| step.conditions.clone()).unwrap_or_default();
    let handled = around.iter().rev().any(|step| matches!(step.statement, Stmt::Try(_)) && step.arm > 0);
    let tested: Vec<&Expr> = conditions.iter().rev().flat_map(|(test, _)| super::variables(test)).collect();
    let mut told = raise.exc.as_deref().map(super::variables).unwrap_or_default();
    told.retain(|part| part.as_name_expr().is_none_or(|name| name.id != *asked.failed.class));
    let values: Vec<&Expr> = tested.iter().chain(&told).copied().collect();
    let text = |part: &Expr| code.text(part);
    // What the condition is about, if its value is known, and is of the frame's own: not a class or a module.
    let of_frame = |part: &&&Expr| {
        asked.scene.value(place, &text(part)).is_some_and(|value| {
            !matches!(&*value.type_name, "type" | "module" | "function" | "builtin_function_or_method" | "ABCMeta")
        })
    };
    // A value that is asked about and told beats one of the two.
    let told_too = |part: &&&Expr| told.iter().any(|argument| text(argument) == text(part));
    let plain = |part: &&&Expr| text(part) != "self" && text(part) != "cls";
    let suspect = tested
        .iter()
        .filter(of_frame)
        .find(|part| plain(part) && told_too(part))
        .or_else(|| values.iter().filter(of_frame).find(|part| plain(part)))
        .or_else(|| values.iter().find(of_frame))
        .copied();
    Some(Raise { conditions, handled, values, suspect })
}

fn look<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let Raise { conditions, handled, values, suspect } = raise(asked, place, code, point)?;
    let text = |part: &Expr| code.text(part);
    let reason = match conditions.last() {
        Some((test, holds)) => format!("because {} is {}", text(test), if *holds { "true" } else { "false" }),
        None if handled => "while it handles another exception".to_owned(),
        None => "whenever it comes here".to_owned(),
    };
    let function = place.frame.qualname.as_deref().unwrap_or(&place.frame.function);
    let says = format!("{function} raises it itself, {reason}");
    let mut finding = match suspect {
        Some(suspect) => asked.blame("raised", place, code, point, suspect, says),
        None if conditions.is_empty() => return None,
        None => {
            let mut finding = asked.failed.finding("raised", says);
            finding.at = Some(asked.scene.spot(place));
            finding
        }
    };
    for (test, holds) in conditions.iter().rev().take(3) {
        let says = format!("{} is {}", text(test), if *holds { "true" } else { "false" });
        finding.evidence.insert(0, scene::told(says, asked.scene.spot_in(place, Some(code.line(*test)))));
    }
    for part in values.iter().take(8) {
        asked.show(&mut finding, place, &text(part));
    }
    Some(finding)
}
