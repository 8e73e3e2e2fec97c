//! `CalledProcessError` and its like: the command, how it ended, and what it said.

use super::Asked;
use crate::explain::finding::{Evidence, Finding, Subject};

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    if !asked.is("CalledProcessError") && !asked.is("TimeoutExpired") {
        return Vec::new();
    }
    let scene = asked.scene;
    let Some(command) = scene.attribute_of(asked.failed, "cmd") else { return Vec::new() };
    let how = match scene.attribute_of(asked.failed, "returncode") {
        Some(code) if code.repr.starts_with('-') => {
            format!("was ended by signal {}", code.repr.trim_start_matches('-'))
        }
        Some(code) => format!("ended with status {}", code.repr),
        None => "did not end in time".to_owned(),
    };
    let mut finding = asked.failed.finding("process", format!("{} {how}", command.repr));
    let exception = asked.failed.expression.clone().unwrap_or_else(|| "$exc".to_owned());
    let own =
        asked.place().and_then(|place| scene.outwards(place).find(|place| !place.frame.library)).or(asked.place());
    finding.at = own.map(|place| scene.spot(place));
    finding.object = Some(Subject { expression: format!("{exception}.cmd"), value: command });
    for (name, what) in [("stderr", "what it wrote to stderr"), ("output", "what it wrote to stdout")] {
        let Some(value) = scene.attribute_of(asked.failed, name) else { continue };
        let expression = format!("{exception}.{name}");
        let says = match &*value.type_name {
            "NoneType" => format!("{name} was not captured"),
            _ => what.to_owned(),
        };
        finding.evidence.push(Evidence { says, at: finding.at.clone(), object: Some(Subject { expression, value }) });
    }
    if let Some(place) = own {
        finding.look.push(scene.print(place, &format!("{exception}.stderr")));
        finding.look.push(scene.question("locals", place, None));
    }
    vec![finding]
}
