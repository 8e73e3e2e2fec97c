//! `RecursionError`: which frames repeat, and what changes from round to round.

use std::sync::Arc;

use crashsite_model::Frame;

use super::Asked;
use crate::explain::finding::{Evidence, Finding, Subject};
use crate::explain::scene::told;
use crate::thread::Place;
use crate::value::Value;

/// Frames of one round.
const LONGEST: usize = 60;
/// Rounds that are compared.
const ROUNDS: usize = 20;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place().filter(|_| asked.is("RecursionError")) else { return Vec::new() };
    let scene = asked.scene;
    let frames: Vec<Place<'_>> = scene.outwards(place).take(LONGEST * ROUNDS).collect();
    // The innermost frames may be on the way out of the cycle.
    let start = (0..frames.len().min(LONGEST)).find_map(|start| {
        let rest = frames.get(start..)?;
        period(rest).map(|period| (start, period))
    });
    let Some((start, period)) = start else { return Vec::new() };
    let Some(round) = frames.get(start..start + period) else { return Vec::new() };
    let names: Vec<&str> = round.iter().rev().map(|place| &*place.frame.function).collect();
    let cycle = names.join(" → ");
    let Some(first) = round.first() else { return Vec::new() };
    let mut finding =
        asked.failed.finding("recursion", format!("{cycle} → {} goes on without end", names.first().unwrap_or(&"")));
    finding.at = Some(scene.spot(*first));
    for place in round.iter().take(6) {
        finding.evidence.push(told("one round of it", scene.spot(*place)));
    }
    for (offset, place) in round.iter().enumerate() {
        let rounds: Vec<&Place<'_>> = frames.iter().skip(start + offset).step_by(period).take(ROUNDS).collect();
        for local in place.frame.locals.iter().take(30) {
            if finding.evidence.len() < 12 {
                compare(asked, *place, &local.name, &rounds, &mut finding);
            }
        }
    }
    if finding.object.is_none() {
        let changes = |evidence: &&Evidence| evidence.object.is_some() && evidence.says.contains(" changes: ");
        match finding.evidence.iter().find(changes) {
            Some(first) => {
                (finding.object, finding.at) = (first.object.clone(), first.at.clone());
                finding.says.push_str("; what it is called with changes, and ends it nowhere");
            }
            None => finding.says.push_str(": nothing that it was called with changes"),
        }
    }
    finding.look.push(scene.question("locals", *first, None));
    vec![finding]
}

/// After how many frames they repeat.
fn period(frames: &[Place<'_>]) -> Option<usize> {
    let key = |place: &Place<'_>| (place.frame.file.clone(), place.frame.function.clone(), place.frame.line);
    let keys: Vec<(Arc<str>, Arc<str>, Option<u64>)> = frames.iter().map(key).collect();
    (1..=LONGEST).find(|period| {
        let rounds = (keys.len() / period).min(ROUNDS);
        rounds >= 3 && keys.iter().zip(keys.iter().skip(*period)).take(period * (rounds - 1)).all(|(a, b)| a == b)
    })
}

/// What became of one variable from round to round.
fn compare<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, name: &str, rounds: &[&Place<'a>], finding: &mut Finding) {
    let dump = asked.scene.dump;
    let of = |frame: &Frame| {
        frame.locals.iter().find(|local| &*local.name == name).map(|local| Value::of_local(dump, local))
    };
    let values: Vec<Value> = rounds.iter().filter_map(|place| of(place.frame)).collect();
    let is_code = |value: &Value| matches!(&*value.type_name, "function" | "type" | "module" | "method");
    let values = if values.iter().any(is_code) { Vec::new() } else { values };
    let (Some(first), true) = (values.first(), values.len() == rounds.len() && values.len() > 2) else { return };
    let same = |a: &Value, b: &Value| match (a.id, b.id) {
        (Some(a), Some(b)) => a == b,
        _ => a.repr == b.repr,
    };
    // Innermost first: a value that comes again after some rounds.
    let again = (1..values.len()).find(|after| {
        values.iter().zip(values.iter().skip(*after)).all(|(a, b)| same(a, b)) && values.len() > after + 1
    });
    let says = match again {
        Some(1) if name == "self" || name == "cls" => return,
        Some(1) => format!("{name} is the same in every round"),
        Some(after) => format!("{name} comes again after {after} rounds: what it is in goes round in a circle"),
        None => {
            let last = values.get(1).map(|value| value.repr.to_string()).unwrap_or_default();
            let last = crate::text::shorten(&last, 60).into_owned();
            format!("{name} changes: {last}, then {}", crate::text::shorten(&first.repr, 60))
        }
    };
    let object = Subject { expression: name.to_owned(), value: first.clone() };
    let at = Some(asked.scene.spot(place));
    // What comes again is the reason; what is the same all the time the next best; what changes the last.
    let better = again.is_some() && !finding.says.contains("circle") && (again != Some(1) || finding.object.is_none());
    if better {
        finding.object = Some(object.clone());
        finding.at = at.clone();
        if again != Some(1) {
            finding.says.push_str(&format!("; {name} goes round in a circle"));
        }
    }
    finding.evidence.push(Evidence { says, at, object: Some(object) });
}
