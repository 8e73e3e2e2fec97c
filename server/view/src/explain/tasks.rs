//! Tasks that an exception has ended, though the crash did not come from it: whoever waited for them waited in vain.

use std::sync::Arc;

use crashsite_model::{Dump, Thread};

use super::finding::Finding;
use super::scene::{Failed, Scene, told};
use super::{causes, waits};
use crate::thread::{Place, StackRef};

/// Tasks that are explained.
const MOST: usize = 5;

/// The tasks that failed, one for each line where they did, without those whose exception the crash has itself.
pub(super) fn failed(dump: &Dump) -> Vec<Failed<'_>> {
    let at = |place: &Place<'_>| (place.frame.file.clone(), place.frame.line);
    // The crash has passed through those.
    let mut seen: Vec<(Arc<str>, Option<u64>)> = Vec::new();
    for raised in &dump.exceptions {
        let frames = raised.frames.iter().filter_map(|index| dump.frames.get(*index));
        seen.extend(frames.take(1).map(|frame| (frame.file.clone(), frame.line)));
    }
    let mut found = Vec::new();
    for (position, thread) in dump.threads.iter().enumerate() {
        let stack = StackRef::of_thread(dump, position);
        let Some(place) = stack.and_then(|stack| stack.frame(dump, 0).ok()) else { continue };
        if thread.state.as_deref() != Some("failed") || seen.contains(&at(&place)) || found.len() >= MOST {
            continue;
        }
        seen.push(at(&place));
        found.extend(failure(thread, place));
    }
    found
}

/// What has ended a task, by its `repr`: `KeyError('EUR')`.
fn failure<'a>(thread: &Thread, place: Place<'a>) -> Option<Failed<'a>> {
    let raised = thread.raised.as_deref()?;
    let (class, rest) = raised.split_once('(').filter(|(class, _)| !waits::is_of_waiting(class))?;
    let arguments = rest.strip_suffix(')').unwrap_or(rest);
    let quotes = |quote: char| arguments.strip_prefix(quote)?.strip_suffix(quote);
    let text = quotes('\'').or_else(|| quotes('"')).filter(|text| class != "KeyError" && !text.contains('\\'));
    Some(Failed {
        class: class.into(),
        object: None,
        index: None,
        relation: "task",
        expression: None,
        place: Some(place),
        message: text.unwrap_or(arguments).into(),
        hidden: false,
    })
}

/// What is known of it.
pub(super) fn of<'a>(scene: &Scene<'a, '_>, failed: &Failed<'a>) -> Vec<Finding> {
    let Some(place) = failed.place.filter(|_| scene.goes_on()) else { return Vec::new() };
    let name = place.stack.name.unwrap_or("a task");
    let ended = format!("{} has ended {name}, which whoever waits for it may not know", failed.class);
    let mut findings = causes::of(scene, failed);
    if findings.is_empty() {
        let mut finding = failed.finding("task", ended.clone());
        finding.at = Some(scene.spot(place));
        finding.look.push(scene.question("locals", place, None));
        findings.push(finding);
    } else {
        for finding in &mut findings {
            finding.evidence.push(told(ended.clone(), scene.spot(place)));
        }
    }
    findings
}
