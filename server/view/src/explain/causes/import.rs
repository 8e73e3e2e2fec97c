//! `ImportError`: a module that is not there, or is another one, or is still being imported.

use crashsite_model::Dump;
use ruff_python_ast::Stmt;

use super::{Asked, quoted};
use crate::explain::finding::Finding;
use crate::explain::near::{also, near_names};
use crate::explain::scene::told;

/// Modules of the standard library that programs name their files after.
const SHADOWED: [&str; 40] = [
    "array",
    "ast",
    "asyncio",
    "base64",
    "calendar",
    "code",
    "collections",
    "copy",
    "csv",
    "datetime",
    "decimal",
    "email",
    "enum",
    "html",
    "http",
    "inspect",
    "io",
    "json",
    "keyword",
    "logging",
    "math",
    "operator",
    "platform",
    "profile",
    "queue",
    "random",
    "re",
    "secrets",
    "select",
    "signal",
    "socket",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "test",
    "threading",
    "time",
    "token",
    "types",
];

/// Whether a file is the program's own where the standard library's module of that name was meant.
pub(super) fn shadows(dump: &Dump, name: &str, file: &str) -> bool {
    let top = name.split('.').next().unwrap_or_default();
    if file.is_empty() || !SHADOWED.contains(&top) {
        return false;
    }
    let library = |part: &str| file.contains(part);
    let in_prefix =
        dump.process.python.prefix.as_deref().is_some_and(|prefix| file.starts_with(&format!("{prefix}/lib")));
    !in_prefix && !library("/lib/python") && !library("\\Lib\\") && !library("site-packages") && !file.starts_with('<')
}

/// Whether a frame of this module's own file imports it: the file has the name of what it wants to import.
pub(super) fn is_own_name(asked: &Asked<'_, '_, '_>, file: &str) -> bool {
    let places = asked.place().into_iter().flat_map(|place| asked.scene.outwards(place));
    let mut own = places.into_iter().filter(|place| &*place.frame.function == "<module>" && *place.frame.file == *file);
    // Once as the program, once as the module that it imports.
    own.next().is_some() && own.next().is_some()
}

pub(super) fn own_name(name: &str, file: &str) -> String {
    format!("{file} imports itself: it has the name of the module {name} that was meant")
}

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place().filter(|_| asked.is("ImportError")) else { return Vec::new() };
    let scene = asked.scene;
    // The frames of the import system itself say nothing.
    let place = scene.outwards(place).find(|place| !place.frame.file.starts_with("<frozen")).unwrap_or(place);
    let message = asked.message();
    let words = quoted(message);
    let mut finding = match (message.starts_with("No module named"), words.as_slice()) {
        (true, [name, ..]) => missing(asked, name),
        (false, [name, module, ..]) if message.contains("cannot import name") => {
            let file = message.rsplit_once(" (").map_or("", |(_, file)| file.trim_end_matches(')'));
            lacking(asked, name, module, file)
        }
        (true, []) => missing(asked, message.trim_start_matches("No module named ").trim()),
        _ => return Vec::new(),
    };
    finding.at = Some(scene.spot(place));
    vec![finding]
}

fn missing(asked: &Asked<'_, '_, '_>, name: &str) -> Finding {
    let dump = asked.scene.dump;
    let (before, _) = name.rsplit_once('.').unwrap_or(("", name));
    let modules = dump.frames.iter().filter_map(|frame| frame.module.as_deref());
    let near = near_names(name, modules.chain(SHADOWED));
    let whose = if asked.message().contains("is not a package") {
        format!(
            "{before} is a single file, so there is no {name} in it: does a file of the program have the package's name?"
        )
    } else {
        format!("there is no module {name} in any folder of sys.path{}", also(&near))
    };
    let mut finding = asked.failed.finding("import", whose);
    let path: Vec<&str> = dump.process.path.iter().take(12).map(|folder| &**folder).collect();
    if let Some(place) = asked.place() {
        if !path.is_empty() {
            finding.evidence.push(told(format!("sys.path is {}", path.join(", ")), asked.scene.spot(place)));
        }
        if let Some(executable) = &dump.process.python.executable {
            let says = format!("the interpreter is {executable}: is the package installed for it?");
            finding.evidence.push(told(says, asked.scene.spot(place)));
        }
    }
    finding.look.push(vec!["info".to_owned()]);
    finding
}

fn lacking(asked: &Asked<'_, '_, '_>, name: &str, module: &str, file: &str) -> Finding {
    let scene = asked.scene;
    let importing: Vec<_> = asked
        .place()
        .into_iter()
        .flat_map(|place| scene.outwards(place))
        .filter(|place| &*place.frame.function == "<module>")
        .collect();
    let still = importing.iter().find(|place| place.frame.module.as_deref() == Some(module));
    let code = scene.code(file);
    let names = |code: &crate::explain::code::Code| -> Vec<String> {
        let defined = code.body().iter().filter_map(|statement| match statement {
            Stmt::FunctionDef(function) => Some(function.name.to_string()),
            Stmt::ClassDef(class) => Some(class.name.to_string()),
            Stmt::Assign(assign) => assign.targets.first()?.as_name_expr().map(|name| name.id.to_string()),
            _ => None,
        });
        defined.collect()
    };
    let known = code.as_deref().map(names).unwrap_or_default();
    let near = near_names(name, known.iter().map(String::as_str));
    if is_own_name(asked, file) {
        return asked.failed.finding("shadowed-module", own_name(module, file));
    }
    if shadows(scene.dump, module, file) {
        let says = format!("{module} is not the module of the standard library but {file}, which stands before it");
        return asked.failed.finding("shadowed-module", says);
    }
    if let Some(still) = still.filter(|_| asked.message().contains("partially initialized") || near.is_empty()) {
        let says = format!("{module} and what it imports import each other: {name} is not bound in {module} yet");
        let mut finding = asked.failed.finding("circular-import", says);
        finding.evidence.push(told(format!("{module} has come to here"), scene.spot(*still)));
        for place in importing.iter().filter(|place| place.number < still.number).rev().take(6) {
            finding.evidence.push(told("and this is imported meanwhile", scene.spot(*place)));
        }
        return finding;
    }
    let says = format!("{module} ({file}) has no {name}{}", also(&near));
    asked.failed.finding("import", says)
}
