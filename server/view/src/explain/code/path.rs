//! The statements around a place, and which arm of each it is in.

use ruff_python_ast::{ExceptHandler, Expr, Stmt};

/// A statement around a place, and the arm of it in which the next one is.
#[derive(Debug, Clone)]
pub(in crate::explain) struct Step<'c> {
    pub(in crate::explain) statement: &'c Stmt,
    /// The conditions that decided for the arm, the last of them as it is to be read: whether it held.
    pub(in crate::explain) conditions: Vec<(&'c Expr, bool)>,
    /// Which arm.
    pub(in crate::explain) arm: usize,
}

/// The statements below one, those of functions and classes included.
pub(in crate::explain) fn children(statement: &Stmt) -> Vec<&Stmt> {
    arms(statement).into_iter().flat_map(|arm| arm.iter()).collect()
}

/// The bodies of a statement, in the order of the text.
fn arms(statement: &Stmt) -> Vec<&[Stmt]> {
    match statement {
        Stmt::FunctionDef(function) => vec![&function.body],
        Stmt::ClassDef(class) => vec![&class.body],
        Stmt::For(loops) => vec![&loops.body, &loops.orelse],
        Stmt::While(loops) => vec![&loops.body, &loops.orelse],
        Stmt::If(choice) => {
            let others = choice.elif_else_clauses.iter().map(|clause| &clause.body[..]);
            std::iter::once(&choice.body[..]).chain(others).collect()
        }
        Stmt::With(with) => vec![&with.body],
        Stmt::Match(choice) => choice.cases.iter().map(|case| &case.body[..]).collect(),
        Stmt::Try(tried) => {
            let handlers = tried.handlers.iter().map(|handler| {
                let ExceptHandler::ExceptHandler(handler) = handler;
                &handler.body[..]
            });
            let rest = [&tried.orelse[..], &tried.finalbody[..]];
            std::iter::once(&tried.body[..]).chain(handlers).chain(rest).collect()
        }
        _ => Vec::new(),
    }
}

/// The conditions on the way into an arm.
fn conditions(statement: &Stmt, arm: usize) -> Vec<(&Expr, bool)> {
    match statement {
        Stmt::If(choice) => {
            let others = choice.elif_else_clauses.iter().map(|clause| clause.test.as_ref());
            let tests: Vec<Option<&Expr>> = std::iter::once(Some(&*choice.test)).chain(others).collect();
            let before = tests.iter().take(arm).flatten().map(|test| (*test, false));
            before.chain(tests.get(arm).copied().flatten().map(|test| (test, true))).collect()
        }
        Stmt::While(loops) => vec![(&loops.test, arm == 0)],
        _ => Vec::new(),
    }
}

/// The statements that have a place, outermost first.
pub(in crate::explain) fn path<'c>(body: &'c [Stmt], has: &dyn Fn(&Stmt) -> bool) -> Vec<Step<'c>> {
    let mut steps: Vec<Step<'c>> = Vec::new();
    let mut here = body.iter().find(|statement| has(statement));
    while let Some(statement) = here {
        let next = arms(statement)
            .into_iter()
            .enumerate()
            .find_map(|(arm, body)| body.iter().find(|inner| has(inner)).map(|inner| (arm, inner)));
        let arm = next.map_or(usize::MAX, |(arm, _)| arm);
        let conditions = if next.is_some() { conditions(statement, arm) } else { Vec::new() };
        steps.push(Step { statement, conditions, arm });
        here = next.map(|(_, inner)| inner);
    }
    steps
}
