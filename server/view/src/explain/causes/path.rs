//! `OSError`: the file or the address, and the folder from which the program looked.

use super::Asked;
use crate::explain::finding::Finding;
use crate::explain::near::{also, near_keys};
use crate::explain::scene::told;
use crate::value::Value;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let os = ["OSError", "IOError", "EnvironmentError"].iter().any(|class| asked.is(class));
    let Some(place) = asked.place().filter(|_| os) else { return Vec::new() };
    let scene = asked.scene;
    let arguments = scene.arguments_of(asked.failed);
    let file = scene.attribute_of(asked.failed, "filename").filter(|file| &*file.type_name != "NoneType");
    let quoted = || {
        let (_, repr) = asked.message().rsplit_once(": ")?;
        repr.starts_with(['\'', '"']).then(|| repr.to_owned())
    };
    let third = || arguments.get(2).map(|number| Value::of_number(scene.dump, *number));
    let file = file.or_else(third);
    let Some(repr) = file.as_ref().map(|file| file.repr.to_string()).or_else(quoted) else { return Vec::new() };
    let bare = repr.trim_matches(['\'', '"']);
    let reason = asked.message().split(": ").next().unwrap_or_default();
    let reason = reason.split_once("] ").map_or(reason, |(_, reason)| reason).to_lowercase();
    let absolute = bare.starts_with('/') || bare.starts_with('\\') || bare.get(1..2) == Some(":");
    let cwd = scene.dump.process.cwd.as_deref();
    let hint = match (cwd, absolute) {
        _ if bare.trim() != bare => "; there is space around the path".to_owned(),
        _ if bare.contains("${") || bare.starts_with('~') => "; its variable or ~ was not expanded".to_owned(),
        (Some(cwd), false) => format!("; it is relative to {cwd}"),
        _ => String::new(),
    };
    let says = format!("{repr}: {reason}{hint}");
    // Where the program's own code has the path.
    let places: Vec<_> = scene.outwards(place).take(12).collect();
    let own = places.iter().position(|place| !place.frame.library).unwrap_or(0);
    let found = places.iter().take(own + 1).rev().find_map(|place| {
        asked.at(*place, |code, point| {
            let parts =
                point.expressions.iter().copied().filter(|part| !part.is_call_expr() && !part.is_literal_expr());
            let found = parts.into_iter().find(|part| {
                let text = code.text(*part);
                let same = |text: &str| scene.value(*place, text).is_some_and(|value| *value.repr == *repr);
                same(&text) || same(&format!("str({text})"))
            })?;
            let mut finding = asked.blame("path", *place, code, point, found, says.clone());
            for part in super::variables(found) {
                asked.show(&mut finding, *place, &code.text(part));
            }
            Some(finding)
        })?
    });
    let mut finding = found.unwrap_or_else(|| asked.failed.finding("path", says));
    if finding.at.is_none() {
        finding.at = places.get(own).map(|place| scene.spot(*place));
    }
    // Another source file of that name, elsewhere.
    let wanted = Value::made("str", "builtins", format!("'{}'", last(bare)), 0);
    let names =
        scene.dump.sources.iter().map(|source| Value::made("str", "builtins", format!("'{}'", last(&source.name)), 0));
    let near = near_keys(&wanted, &names.collect::<Vec<_>>());
    if let (Some(place), false) = (places.get(own), near.is_empty()) {
        finding.evidence.push(told(format!("of the program's files{}", also(&near)), scene.spot(*place)));
    }
    vec![finding]
}

fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}
