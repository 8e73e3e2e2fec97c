//! What a dump tells of the cause of its crash.
//!
//! Each kind of cause has a module under [`causes`]. It takes the exception's message, the place in the source and the values
//! there, and gives findings, or nothing: what is not known is not said. Values are asked of the evaluator, so no code of the
//! program runs; where they came from is read from its source ([`origin`]).

mod causes;
mod code;
mod finding;
mod near;
mod origin;
mod scene;
mod tasks;
mod waits;

use std::sync::Arc;

use crashsite_model::Dump;
use rustc_hash::{FxHashMap, FxHashSet};

pub use finding::{Evidence, Explanation, Finding, Raised, Spot, Subject};

use crate::eval::{self, Failure, Limits};
use crate::exception::{self, Origin};
use crate::stacks::{self, Stack};
use scene::{Failed, Scene};

/// Exceptions that are explained.
const MOST_EXCEPTIONS: usize = 20;
/// Findings of one answer.
const MOST_FINDINGS: usize = 20;
/// What one question of the explanation may take.
const EACH: Limits = Limits { steps: 2_000_000, memory: 32 << 20, milliseconds: 300 };

/// How long an explanation may take where nothing is said.
pub const MILLISECONDS: u64 = 3_000;

/// What is known of the cause of a crash, the exception that came first before those that came of it.
///
/// # Errors
/// Where there is no memory for it.
pub fn answer(dump: &Dump, milliseconds: u64) -> Result<Explanation, Failure> {
    let none = Explanation { schema: crate::SCHEMA, findings: Vec::new(), complete: true };
    let stacks = stacks::answer(dump);
    let Some(place) = stacks.iter().find_map(|stack| stack.of.frame(dump, 0).ok()) else { return Ok(none) };
    let failed = failures(dump, &stacks);
    let tasks = tasks::failed(dump);
    let each = Limits { milliseconds: milliseconds.min(EACH.milliseconds), ..EACH };
    eval::session(dump, place, each, Arc::default(), |session| {
        let scene = Scene::new(dump, session, milliseconds);
        let own = of_exceptions(&scene, &failed);
        let of_tasks: Vec<Finding> = tasks.iter().flat_map(|task| tasks::of(&scene, task)).collect();
        let (circles, locks) = waits::of(&scene);
        // Who has waited in vain, or was told to end, was not the first.
        let waited = dump.exceptions.first().is_none_or(|raised| waits::is_of_waiting(exception::class_name(raised)));
        let mut findings =
            if waited { [circles, of_tasks, locks, own].concat() } else { [own, circles, of_tasks].concat() };
        findings.truncate(MOST_FINDINGS);
        Explanation { schema: crate::SCHEMA, findings, complete: !scene.is_cut() }
    })
}

/// What is known of the exceptions.
fn of_exceptions<'a>(scene: &Scene<'a, '_>, failed: &[Failed<'a>]) -> Vec<Finding> {
    let mut of: FxHashMap<usize, Vec<Finding>> = FxHashMap::default();
    let mut any = false;
    for failed in failed {
        let Some(index) = failed.index else { continue };
        // What the program chose to hide is of interest where nothing else is known.
        let members = scene.dump.exceptions.get(index).map_or(&[][..], |raised| &raised.group);
        // A group is nothing beside its members.
        let told = members.iter().any(|member| of.get(member).is_some_and(|found| !found.is_empty()));
        if scene.goes_on() && !told && (!failed.hidden || !any) {
            let found = causes::of(scene, failed);
            any |= !found.is_empty();
            of.insert(index, found);
        }
    }
    // A handler that fails by a mistake of its own is the cause, not what it handled.
    let own_mistake = |index: usize| {
        of.get(&index).is_some_and(|found| !found.is_empty() && found.iter().all(|found| found.cause != "raised"))
    };
    let order = order(scene.dump, &own_mistake);
    order.into_iter().filter_map(|index| of.remove(&index)).flatten().collect()
}

/// The exceptions of the dump in the order in which they were raised, as far as their relations tell.
fn failures<'a>(dump: &'a Dump, stacks: &[Stack<'a>]) -> Vec<Failed<'a>> {
    let origins = exception::origins(dump);
    let mut plain = Vec::new();
    first_causes(dump, &|_| false, &mut plain);
    let plain = plain.len();
    let failed = |(position, index): (usize, usize)| -> Option<Failed<'a>> {
        let raised = dump.exceptions.get(index)?;
        let origin: &Origin = origins.iter().find(|origin| origin.index == index)?;
        let stack = stacks.iter().find(|stack| stack.raised.as_ref().is_some_and(|raised| raised.index == index));
        Some(Failed {
            class: exception::class_name(raised).into(),
            object: raised.object,
            index: Some(index),
            relation: origin.relation,
            expression: origin.expression.clone(),
            place: stack.and_then(|stack| stack.of.frame(dump, 0).ok()),
            // A preview is no message, where the arguments tell it.
            message: raised
                .message
                .clone()
                .or_else(|| exception::by_arguments(dump, raised))
                .unwrap_or_else(|| exception::message(dump, raised)),
            hidden: position >= plain,
        })
    };
    order(dump, &|_| false).into_iter().enumerate().filter_map(failed).take(MOST_EXCEPTIONS).collect()
}

/// All exceptions, those first that others came of, and last those that the program has put aside.
fn order(dump: &Dump, own_mistake: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut order = Vec::new();
    first_causes(dump, own_mistake, &mut order);
    order.extend(exception::origins(dump).iter().map(|origin| origin.index));
    let mut seen = FxHashSet::default();
    order.retain(|index| seen.insert(*index));
    order
}

/// Causes before what came of them; what was handled behind what came of a mistake of the handler. The chains of a dump may be
/// long, and come back to themselves.
fn first_causes(dump: &Dump, own_mistake: &dyn Fn(usize) -> bool, order: &mut Vec<usize>) {
    let mut seen = FxHashSet::default();
    let mut next = vec![(0, false)];
    while let Some((index, done)) = next.pop() {
        let Some(raised) = dump.exceptions.get(index) else { continue };
        if done {
            order.push(index);
            continue;
        }
        if !seen.insert(index) {
            continue;
        }
        let context = raised.context.filter(|_| !raised.suppress_context && raised.cause.is_none());
        let (after, before) = if own_mistake(index) { (context, None) } else { (None, context) };
        // The last of them is looked at first.
        next.extend(after.map(|context| (context, false)));
        next.push((index, true));
        next.extend(raised.group.iter().rev().map(|member| (*member, false)));
        next.extend(raised.cause.or(before).map(|before| (before, false)));
    }
}
