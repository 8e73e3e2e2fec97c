//! Where a name of a function was bound last before a place.

use ruff_python_ast::{ExceptHandler, Expr, Stmt};
use ruff_text_size::Ranged;

use super::{Code, Function, bytes, children, path, within};

/// Bindings of one name that are looked at.
const MOST: usize = 100;

/// How a name got its value.
#[derive(Debug, Clone, Copy)]
pub(in crate::explain) enum How<'c> {
    /// `name = value`
    Value(&'c Expr),
    /// `name, other = value`: which of them.
    Part(&'c Expr, usize),
    /// `name += value`
    Changed,
    /// `for name in value`
    Each(&'c Expr),
    /// `with value as name`
    Entered(&'c Expr),
    /// `except value as name`, `import`, `def`, `class`, `del`
    Other(&'static str),
}

/// A place where a name is bound.
#[derive(Debug, Clone, Copy)]
pub(in crate::explain) struct Bound<'c> {
    pub(in crate::explain) how: How<'c>,
    pub(in crate::explain) statement: &'c Stmt,
}

impl Code {
    /// The bindings of a name in a body, inner functions left out, in the order of the text.
    pub(in crate::explain) fn bindings<'c>(&'c self, body: &'c [Stmt], name: &str) -> Vec<Bound<'c>> {
        let is = |target: &Expr| matches!(target, Expr::Name(found) if found.id.as_str() == name);
        self.targets(body, &is, name)
    }

    /// The places where a target is bound: a name, or an attribute.
    pub(in crate::explain) fn targets<'c>(
        &'c self,
        body: &'c [Stmt],
        is: &dyn Fn(&Expr) -> bool,
        name: &str,
    ) -> Vec<Bound<'c>> {
        let mut found = Vec::new();
        let mut next: Vec<&Stmt> = body.iter().rev().collect();
        while let Some(statement) = next.pop() {
            bound_by(statement, is, name, &mut |how| found.push(Bound { how, statement }));
            if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                next.extend(children(statement).into_iter().rev());
            }
        }
        found
    }

    /// What the innermost comprehension around a place goes through that binds a name.
    pub(in crate::explain) fn comprehended<'c>(&'c self, body: &'c [Stmt], name: &str, at: usize) -> Option<&'c Expr> {
        let around = path(body, &|statement| bytes(statement).contains(&at));
        let is = |target: &Expr| matches!(target, Expr::Name(found) if found.id.as_str() == name);
        let all = super::own(around.last()?.statement).into_iter().filter(|part| bytes(*part).contains(&at));
        all.into_iter().find_map(|part| {
            let found =
                super::generators(part).iter().rfind(|of| is(&of.target) || parts(&of.target).iter().any(is))?;
            // What is gone through is no part of it.
            (!bytes(&found.iter).contains(&at)).then_some(&found.iter)
        })
    }

    /// The binding of a name that was in force at a place, as far as the text tells: the last one before it that is not in
    /// another arm of the same `if`; in a loop the last one of the loop. `possible` says whether a value may have come from
    /// there.
    pub(in crate::explain) fn bound_before<'c>(
        &'c self,
        function: Function<'c>,
        name: &str,
        at: usize,
        possible: &dyn Fn(How<'c>) -> bool,
    ) -> Option<Bound<'c>> {
        let all: Vec<Bound<'c>> =
            self.bindings(function.body, name).into_iter().filter(|bound| possible(bound.how)).collect();
        let here = path(function.body, &|statement| bytes(statement).contains(&at));
        let reaches = |bound: &&Bound<'c>| {
            let start = bytes(bound.statement).start;
            let there = path(function.body, &|statement| bytes(statement).contains(&start));
            let fork =
                here.iter().zip(&there).find(|(a, b)| bytes(a.statement) == bytes(b.statement) && a.arm != b.arm);
            match fork {
                Some((a, b)) if matches!(a.statement, Stmt::If(_) | Stmt::Match(_)) => {
                    // One that ends here stands in the statement's own line.
                    a.arm == usize::MAX || b.arm == usize::MAX
                }
                _ => true,
            }
        };
        let before = |bound: &&Bound<'c>| match bound.statement {
            Stmt::For(_) | Stmt::With(_) | Stmt::If(_) | Stmt::While(_) => bytes(bound.statement).start < at,
            simple => bytes(simple).end <= at,
        };
        let last = all.iter().filter(before).rev().take(MOST).find(reaches);
        let around = here.iter().rfind(|step| matches!(step.statement, Stmt::For(_) | Stmt::While(_)));
        let in_loop = |bound: &&Bound<'c>| {
            around.is_some_and(|step| {
                step.statement.range().contains_range(bound.statement.range()) && !bytes(bound.statement).contains(&at)
            })
        };
        last.or_else(|| all.iter().rfind(in_loop)).copied()
    }
}

/// What a statement of its own binds.
fn bound_by<'c>(statement: &'c Stmt, is: &dyn Fn(&Expr) -> bool, name: &str, found: &mut dyn FnMut(How<'c>)) {
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().for_each(|target| assigned(target, &assign.value, is, found)),
        Stmt::AnnAssign(assign) => {
            if let Some(value) = &assign.value {
                assigned(&assign.target, value, is, found);
            }
        }
        Stmt::AugAssign(assign) if is(&assign.target) => found(How::Changed),
        Stmt::For(loops) if is(&loops.target) || parts(&loops.target).iter().any(is) => found(How::Each(&loops.iter)),
        Stmt::With(with) => {
            for item in &with.items {
                if item.optional_vars.as_deref().is_some_and(is) {
                    found(How::Entered(&item.context_expr));
                }
            }
        }
        Stmt::Try(tried) => {
            for handler in &tried.handlers {
                let ExceptHandler::ExceptHandler(handler) = handler;
                if handler.name.as_ref().is_some_and(|bound| bound.as_str() == name) {
                    found(How::Other("except"));
                }
            }
        }
        Stmt::FunctionDef(function) if function.name.as_str() == name => found(How::Other("def")),
        Stmt::ClassDef(class) if class.name.as_str() == name => found(How::Other("class")),
        Stmt::Import(import) => {
            let bound = import.names.iter().any(|alias| match &alias.asname {
                Some(given) => given.as_str() == name,
                None => alias.name.as_str().split('.').next() == Some(name),
            });
            if bound {
                found(How::Other("import"));
            }
        }
        Stmt::ImportFrom(import)
            if import.names.iter().any(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str() == name) =>
        {
            found(How::Other("import"));
        }
        Stmt::Delete(delete) if delete.targets.iter().any(is) => found(How::Other("del")),
        _ => {}
    }
    for expression in super::own(statement) {
        if let Expr::Named(named) = expression
            && is(&named.target)
        {
            found(How::Value(&named.value));
        }
    }
}

fn assigned<'c>(target: &'c Expr, value: &'c Expr, is: &dyn Fn(&Expr) -> bool, found: &mut dyn FnMut(How<'c>)) {
    if is(target) {
        found(How::Value(value));
    } else if let Some(index) = parts(target).iter().position(is) {
        // A display on the other side has the part itself, where nothing is starred.
        let starred = within(target).into_iter().any(|part| matches!(part, Expr::Starred(_)));
        match parts(value).get(index) {
            Some(part) if parts(value).len() == parts(target).len() && !starred => found(How::Value(part)),
            _ => found(How::Part(value, index)),
        }
    }
}

/// What a display of a tuple or list has.
fn parts(target: &Expr) -> &[Expr] {
    match target {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => &[],
    }
}
