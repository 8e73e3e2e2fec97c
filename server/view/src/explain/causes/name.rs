//! `NameError` and `UnboundLocalError`: what the name might have been, and where it is bound instead.

use super::{Asked, quoted};
use crate::explain::code::{bytes, path};
use crate::explain::finding::{Finding, Subject};
use crate::explain::near::{also, near_names};
use crate::explain::origin::gone_through;
use crate::explain::scene::told;
use ruff_python_ast::Stmt;

/// Builtin names that are mistyped.
const BUILTINS: [&str; 40] = [
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "dict",
    "dir",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "input",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
];

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let words = quoted(asked.message());
    let (Some(place), Some(name)) = (asked.place().filter(|_| asked.is("NameError")), words.first()) else {
        return Vec::new();
    };
    if asked.is("UnboundLocalError") || asked.message().contains("free variable") {
        return unbound(asked, name).into_iter().collect();
    }
    let scene = asked.scene;
    let globals = scene.keys(place, "globals()");
    let globals: Vec<String> = globals.iter().map(|key| key.repr.trim_matches(['\'', '"']).to_owned()).collect();
    let locals = place.frame.locals.iter().map(|local| &*local.name);
    let names = locals.chain(globals.iter().map(String::as_str)).chain(BUILTINS);
    let near = near_names(name, names);
    let known = scene.dump.frames.iter().any(|frame| frame.module.as_deref() == Some(name));
    let says = match (near.is_empty(), known || STANDARD.contains(name)) {
        (true, true) => format!("the name {name} is not bound: it is a module that is not imported here"),
        (true, false) => return later(asked, name).into_iter().collect(),
        (false, _) => format!("the name {name} is not bound{}", also(&near)),
    };
    let mut finding = asked.failed.finding("name", says);
    finding.at = Some(scene.spot(place));
    if let Some(first) = near.first() {
        finding.object = scene.subject(place, &first.text);
        finding.look.push(scene.print(place, &first.text));
    }
    finding.look.push(scene.question("locals", place, None));
    vec![finding]
}

/// Modules that programs forget to import.
const STANDARD: [&str; 24] = [
    "sys",
    "os",
    "re",
    "json",
    "math",
    "time",
    "datetime",
    "random",
    "collections",
    "itertools",
    "functools",
    "logging",
    "pathlib",
    "subprocess",
    "threading",
    "copy",
    "typing",
    "string",
    "io",
    "shutil",
    "socket",
    "struct",
    "csv",
    "asyncio",
];

/// A global that the module binds further below: it was used before that line had run.
fn later(asked: &Asked<'_, '_, '_>, name: &str) -> Option<Finding> {
    let place = asked.place()?;
    let code = asked.scene.code(&place.frame.file)?;
    let bound = code.bindings(code.body(), name);
    let first = bound.first()?;
    let mut finding =
        asked.failed.finding("name", format!("the name {name} is bound only by a line that had not run yet"));
    finding.at = Some(asked.scene.spot(place));
    let line = code.line(first.statement);
    finding.evidence.push(told("it is bound here", asked.scene.spot_of(&place.frame.file, line, "<module>")));
    Some(finding)
}

fn unbound(asked: &Asked<'_, '_, '_>, name: &str) -> Option<Finding> {
    let place = asked.place()?;
    let scene = asked.scene;
    asked.at(place, |code, point| {
        let bound = code.bindings(point.function.body, name);
        let here = bytes(point.statement).start;
        let before: Vec<_> = bound.iter().filter(|bound| bytes(bound.statement).start < here).collect();
        let function = place.frame.qualname.as_deref().unwrap_or(&place.frame.function);
        let global = code.bindings(code.body(), name);
        let says = match (before.is_empty(), global.is_empty()) {
            (true, false) => format!(
                "{function} binds {name} itself, so that the global {name} is not meant: it is bound only later"
            ),
            (true, true) => format!("{name} is bound only later in {function}"),
            (false, _) => format!("{name} is bound in {function} only by lines that have not run"),
        };
        let mut finding = asked.failed.finding("unbound", says);
        finding.at = Some(scene.spot(place));
        let mut gone = None;
        for found in bound.iter().take(4) {
            let start = bytes(found.statement).start;
            let around = path(point.function.body, &|statement| bytes(statement).contains(&start));
            let condition = around.iter().rev().skip(1).find_map(|step| step.conditions.last());
            let inside = around.iter().rev().skip(1).find_map(|step| match step.statement {
                Stmt::For(loops) => Some(format!("in a loop over {}", code.text(&*loops.iter))),
                Stmt::Try(_) if step.arm > 0 => Some("where an exception is handled".to_owned()),
                _ => None,
            });
            let says = match (condition, inside) {
                (Some((test, holds)), _) => {
                    let test = code.text(*test);
                    format!("{name} is bound here, only if {test} is {}", if *holds { "true" } else { "false" })
                }
                (None, Some(inside)) => format!("{name} is bound here, {inside}"),
                (None, None) => format!("{name} is bound here"),
            };
            finding.evidence.push(told(says, scene.spot_in(place, Some(code.line(found.statement)))));
            for step in &around {
                if let Stmt::For(loops) = step.statement {
                    let text = code.text(gone_through(&loops.iter));
                    gone.get_or_insert_with(|| text.clone());
                    if finding.object.is_none() && scene.truth(place, &text) == Some(false) {
                        finding.object = scene.subject(place, &text);
                        finding.look.push(scene.print(place, &text));
                    }
                    asked.show(&mut finding, place, &text);
                }
                for (test, _) in &step.conditions {
                    for part in super::variables(test) {
                        asked.show(&mut finding, place, &code.text(part));
                    }
                }
            }
        }
        // A loop that has not run: what it goes through may not tell whether there was anything in it.
        if let Some(text) = gone.filter(|_| finding.object.is_none()) {
            let is_it = |object: &Subject| object.expression == text;
            finding
                .evidence
                .retain(|evidence| !(evidence.says.is_empty() && evidence.object.as_ref().is_some_and(is_it)));
            finding.object = scene.subject(place, &text);
            finding.look.extend(finding.object.as_ref().map(|_| scene.print(place, &text)));
        }
        finding.look.push(scene.question("locals", place, None));
        finding
    })
}
