//! `StopIteration` of `next()`: what had nothing more to give, or nothing that fits.

use ruff_python_ast::Expr;

use super::Asked;
use crate::explain::code::generators;
use crate::explain::finding::Finding;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let stopped = asked.is("StopIteration") || asked.is("StopAsyncIteration");
    let Some(place) = asked.place().filter(|_| stopped) else { return Vec::new() };
    let scene = asked.scene;
    let found = asked.at(place, |code, point| {
        let calls = point.expressions.iter().filter_map(|part| part.as_call_expr());
        let next = |call: &&ruff_python_ast::ExprCall| matches!(&*code.text(&*call.func), "next" | "anext");
        let taken: &Expr = calls.into_iter().find(next)?.arguments.args.first()?;
        let Some(of) = generators(taken).first() else {
            let says = format!("{} has nothing more to give", code.text(taken));
            return Some(asked.blame("exhausted", place, code, point, taken, says));
        };
        let iterable = code.text(&of.iter);
        let tests: Vec<String> = of.ifs.iter().map(|test| code.text(test)).collect();
        let says = match scene.number(place, &format!("len({iterable})")) {
            Some(0) => format!("{iterable} is empty"),
            _ if tests.is_empty() => format!("{iterable} has nothing more to give"),
            _ => format!("of nothing in {iterable} is {} true", tests.join(" and ")),
        };
        let mut finding = asked.blame("exhausted", place, code, point, &of.iter, says);
        for part in of.ifs.iter().flat_map(super::variables) {
            asked.show(&mut finding, place, &code.text(part));
        }
        Some(finding)
    });
    found.flatten().into_iter().collect()
}
