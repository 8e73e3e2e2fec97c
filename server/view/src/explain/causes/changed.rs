//! `RuntimeError`: a container that the loop over it has changed.

use ruff_python_ast::{Expr, Stmt};

use super::Asked;
use crate::explain::code::generators;
use crate::explain::finding::Finding;
use crate::explain::origin::all;
use crate::explain::scene::told;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let about = asked.message().contains("during iteration");
    let Some(place) = asked.place().filter(|_| asked.is("RuntimeError") && about) else { return Vec::new() };
    let found = asked.at(place, |code, point| {
        let comprehension = point.expressions.iter().find_map(|part| generators(part).first());
        let (iterable, body): (&Expr, &[Stmt]) = match (point.statement, comprehension) {
            (Stmt::For(loops), _) => (&loops.iter, &loops.body),
            (_, Some(of)) => (&of.iter, &[]),
            _ => return None,
        };
        // `d.items()` is a view of d.
        let container = match iterable {
            Expr::Call(call) if call.arguments.args.is_empty() => match &*call.func {
                Expr::Attribute(attribute) => &*attribute.value,
                _ => iterable,
            },
            _ => iterable,
        };
        let text = code.text(container);
        let mut finding = asked.blame(
            "changed",
            place,
            code,
            point,
            container,
            format!("{text} was changed while it was gone through: go through list({})", code.text(iterable)),
        );
        let changes = |statement: &&&Stmt| {
            crate::explain::code::own(statement).into_iter().any(|part| match part {
                Expr::Subscript(subscript) => code.text(&*subscript.value) == text && !subscript.ctx.is_load(),
                Expr::Call(call) => call.func.as_attribute_expr().is_some_and(|method| {
                    code.text(&*method.value) == text
                        && matches!(
                            method.attr.as_str(),
                            "pop"
                                | "popitem"
                                | "update"
                                | "setdefault"
                                | "clear"
                                | "add"
                                | "remove"
                                | "discard"
                                | "append"
                                | "appendleft"
                                | "popleft"
                        )
                }),
                _ => false,
            })
        };
        let statements = all(body);
        let mut told_any = false;
        for statement in statements.iter().filter(changes).take(3) {
            told_any = true;
            finding.evidence.insert(
                0,
                told(format!("{text} is changed here"), asked.scene.spot_in(place, Some(code.line(*statement)))),
            );
        }
        if !told_any {
            finding.says =
                format!("{text} was changed while it was gone through, by what the loop calls or by another thread");
            finding.look.push(vec!["bt".to_owned(), "--all".to_owned()]);
        }
        Some(finding)
    });
    found.flatten().into_iter().collect()
}
