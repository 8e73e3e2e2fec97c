//! `AssertionError`: the part that was false, and the values it compared.

use ruff_python_ast::{BoolOp, CmpOp, Expr, Stmt};

use super::Asked;
use crate::explain::code::{Code, Point, within};
use crate::explain::finding::Finding;
use crate::thread::Place;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place().filter(|_| asked.is("AssertionError")) else { return Vec::new() };
    let stated = asked.at(place, |code, point| match point.statement {
        Stmt::Assert(assert) => Some(explain(asked, place, code, point, &assert.test)),
        _ => None,
    });
    if let Some(finding) = stated.flatten() {
        return vec![finding];
    }
    // A helper of a library (`self.assertEqual`) was called by the test.
    let own = asked.scene.outwards(place).find(|place| !place.frame.library).filter(|_| place.frame.library);
    let Some(own) = own else { return Vec::new() };
    let called = asked.at(own, |code, point| {
        let call = point.expressions.iter().rfind(|part| part.is_call_expr())?.as_call_expr()?;
        let values: Vec<&Expr> = call.arguments.args.iter().collect();
        let first = values.iter().find(|value| !value.is_literal_expr())?;
        let says = format!("{} does not hold", code.text(call));
        let mut finding = asked.blame("assertion", own, code, point, first, says);
        for value in values.iter().filter(|value| !value.is_literal_expr()) {
            asked.show(&mut finding, own, &code.text(*value));
        }
        Some(finding)
    });
    called.flatten().into_iter().collect()
}

fn explain<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>, test: &Expr) -> Finding {
    let scene = asked.scene;
    let test = false_part(asked, place, code, test);
    let text = code.text(test);
    let mut sides: Vec<&Expr> = match test {
        Expr::Compare(compare) => std::iter::once(&*compare.left).chain(&compare.comparators).collect(),
        Expr::UnaryOp(unary) => vec![&*unary.operand],
        Expr::Call(call) => call.arguments.args.iter().collect(),
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => vec![test],
        other => super::variables(other),
    };
    let mut seen = Vec::new();
    sides.retain(|side| {
        let text = code.text(*side);
        let new = !side.is_literal_expr() && !seen.contains(&text);
        seen.push(text);
        new
    });
    let shown = |side: &&Expr| {
        let value = scene.value(place, &code.text(*side))?;
        Some(format!("{} is {}", code.text(*side), crate::text::shorten(&value.repr, 60)))
    };
    let values: Vec<String> = sides.iter().filter_map(shown).collect();
    let values = if values.is_empty() { String::new() } else { format!(": {}", values.join(", ")) };
    // Nothing is in an empty container.
    let contained = within(test)
        .into_iter()
        .filter_map(|part| part.as_compare_expr())
        .filter(|part| part.ops.first().is_some_and(|operator| *operator == CmpOp::In));
    let empty = contained
        .filter_map(|part| part.comparators.first())
        .find(|container| scene.number(place, &format!("len({})", code.text(*container))) == Some(0));
    let variable = sides.iter().find(|side| super::is_variable(side)).or(sides.first()).copied();
    let suspect = empty.or(variable).unwrap_or(test);
    let mut finding = asked.blame("assertion", place, code, point, suspect, format!("{text} does not hold{values}"));
    for side in &sides {
        asked.show(&mut finding, place, &code.text(*side));
        for part in super::variables(side) {
            asked.show(&mut finding, place, &code.text(part));
        }
    }
    finding
}

/// Of `a and b` the part that is false.
fn false_part<'a, 'c>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, test: &'c Expr) -> &'c Expr {
    let Expr::BoolOp(logic) = test else { return test };
    let wrong = |part: &&Expr| asked.scene.truth(place, &format!("({})", code.text(*part))) == Some(false);
    match logic.op {
        BoolOp::And => logic.values.iter().find(wrong).unwrap_or(test),
        BoolOp::Or => test,
    }
}
