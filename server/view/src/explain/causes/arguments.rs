//! An exception of a function that is not Python code: what it was called with.

use ruff_python_ast::{Expr, Stmt};

use super::Asked;
use crate::explain::finding::Finding;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place() else { return Vec::new() };
    let found = asked.at(place, |code, point| {
        if matches!(point.statement, Stmt::Raise(_)) {
            return None;
        }
        let calls: Vec<_> = point.expressions.iter().filter_map(|part| part.as_call_expr()).collect();
        let call = point.exact.and_then(Expr::as_call_expr).or(match calls.as_slice() {
            [one] => Some(*one),
            _ => None,
        })?;
        let mut values: Vec<&Expr> = call.arguments.args.iter().collect();
        values.extend(call.arguments.keywords.iter().map(|keyword| &keyword.value));
        values.extend(call.func.as_attribute_expr().map(|method| &*method.value));
        values.retain(|value| !value.is_literal_expr() && !value.is_starred_expr());
        let known = |value: &&&Expr| {
            asked.scene.value(place, &code.text(**value)).is_some_and(|value| &*value.type_name != "module")
        };
        let first = values.iter().find(known)?;
        let says = format!("{} refused what it was given", code.text(&*call.func));
        let mut finding = asked.blame("arguments", place, code, point, first, says);
        for value in values.iter().take(8) {
            asked.show(&mut finding, place, &code.text(*value));
        }
        Some(finding)
    });
    found.flatten().into_iter().collect()
}
