//! Threads that stand still: for which lock each waits, who has taken it, and whether they wait for each other.

use crashsite_model::Dump;
use ruff_python_ast::{Expr, Stmt};

use super::causes::is_own;
use super::code::{Point, bytes, path};
use super::finding::{Evidence, Finding, Spot};
use super::origin::all;
use super::scene::{Scene, told};
use crate::thread::{Place, StackRef};

/// Threads that are looked at, and frames of each.
const MOST_THREADS: usize = 200;
const MOST_FRAMES: usize = 50;
/// Findings.
const MOST: usize = 5;

/// Whether an exception of this class tells that something has not come in time, or that somebody else ended it.
pub(super) fn is_of_waiting(class: &str) -> bool {
    matches!(
        class,
        "TimeoutError"
            | "timeout"
            | "CancelledError"
            | "Cancelled"
            | "KeyboardInterrupt"
            | "SystemExit"
            | "BrokenBarrierError"
            | "Empty"
            | "Full"
    )
}

/// A thread that waits for a lock, and who holds that.
struct Waiting<'a> {
    thread: usize,
    place: Place<'a>,
    /// The expression that gives the lock there.
    lock: String,
    /// The holder, where it took the lock, and as what.
    held: Option<(usize, Option<Spot>)>,
}

/// The circles of threads that wait for each other; and locks that are waited for, but by a circle.
pub(super) fn of(scene: &Scene<'_, '_>) -> (Vec<Finding>, Vec<Finding>) {
    let dump = scene.dump;
    let waiting: Vec<Waiting<'_>> =
        (0..dump.threads.len().min(MOST_THREADS)).filter_map(|thread| waiting(scene, thread)).collect();
    let (mut circles, mut locks) = (Vec::new(), Vec::new());
    let mut told: Vec<usize> = Vec::new();
    for start in &waiting {
        let circle = circle(&waiting, start);
        if circle.is_empty() || circle.iter().any(|one| told.contains(&one.thread)) || circles.len() >= MOST {
            continue;
        }
        told.extend(circle.iter().map(|one| one.thread));
        circles.push(deadlock(scene, &circle));
    }
    for start in &waiting {
        let Some((holder, _)) = start.held else { continue };
        if told.contains(&start.thread) || told.contains(&holder) || locks.len() >= MOST {
            continue;
        }
        let same: Vec<&Waiting<'_>> =
            waiting.iter().filter(|other| other.held.as_ref().is_some_and(|(other, _)| *other == holder)).collect();
        told.push(holder);
        locks.push(held(scene, holder, &same));
    }
    (circles, locks)
}

/// For which lock a thread waits in its own code.
fn waiting<'a>(scene: &Scene<'a, '_>, thread: usize) -> Option<Waiting<'a>> {
    let dump = scene.dump;
    let own = dump.threads.get(thread)?;
    let what = own.wait_for.as_deref()?;
    // Of an RLock its own words tell who holds it.
    let is_told = what.starts_with("an RLock");
    if !is_told && !what.starts_with("a Lock") {
        return None;
    }
    let place = frames(dump, thread).find(|place| is_own(place.frame))?;
    let code = scene.code_of(place)?;
    let point = code.point(place.frame)?;
    let (lock, object) = locks(&point).into_iter().find_map(|lock| {
        let text = code.text(lock);
        let object = scene.object(place, &text)?.number;
        Some((text, object))
    })?;
    let known = own.awaits.first().filter(|_| is_told).map(|holder| (*holder, taken(scene, *holder, object, None)));
    // Who holds a plain lock nobody has written down: whoever is between taking and giving it back.
    let found = || {
        let all = 0..dump.threads.len().min(MOST_THREADS);
        all.into_iter().find_map(|holder| {
            let wants = (holder == thread).then_some(place.number);
            Some((holder, Some(taken(scene, holder, object, wants)?)))
        })
    };
    Some(Waiting { thread, place, lock, held: known.or_else(found) })
}

fn frames<'a>(dump: &'a Dump, thread: usize) -> impl Iterator<Item = Place<'a>> {
    let stack = StackRef::of_thread(dump, thread);
    (0..MOST_FRAMES).map_while(move |number| stack?.frame(dump, number).ok())
}

/// What a statement may be waiting for: `with lock`, `lock.acquire()`.
fn locks<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    let mut found = Vec::new();
    if let Stmt::With(with) = point.statement {
        found.extend(with.items.iter().map(|item| &item.context_expr));
    }
    found.extend(point.expressions.iter().filter_map(|part| called(part, "acquire")));
    found
}

/// The object of which a method is called.
fn called<'c>(expression: &'c Expr, name: &str) -> Option<&'c Expr> {
    let method = expression.as_call_expr()?.func.as_attribute_expr()?;
    (method.attr.as_str() == name).then_some(&*method.value)
}

/// Where a thread has taken a lock that it still has; `wants` is the frame in which it waits for it itself.
fn taken(scene: &Scene<'_, '_>, thread: usize, lock: u32, wants: Option<usize>) -> Option<Spot> {
    frames(scene.dump, thread).filter(|place| is_own(place.frame)).find_map(|place| {
        let code = scene.code_of(place)?;
        let point = code.point(place.frame)?;
        let is_it =
            |expression: &Expr| scene.object(place, &code.text(expression)).is_some_and(|object| object.number == lock);
        let at = bytes(point.statement).start;
        let around = path(point.function.body, &|statement| bytes(statement).contains(&at));
        for step in around.iter().filter(|step| step.arm != usize::MAX) {
            if let Stmt::With(with) = step.statement
                && with.items.iter().any(|item| is_it(&item.context_expr))
            {
                return Some(scene.spot_in(place, Some(code.line(step.statement))));
            }
        }
        // Taken before, and not given back before.
        let mut last = None;
        for statement in all(point.function.body).into_iter().filter(|statement| bytes(*statement).end <= at) {
            for part in super::code::own(statement) {
                if called(part, "acquire").is_some_and(is_it) {
                    last = Some(code.line(statement));
                }
                if called(part, "release").is_some_and(is_it) {
                    last = None;
                }
            }
        }
        last.filter(|_| wants != Some(place.number)).map(|line| scene.spot_in(place, Some(line)))
    })
}

/// Those that wait for each other, from one on; none where the way does not come back to it.
fn circle<'w, 'a>(waiting: &'w [Waiting<'a>], start: &'w Waiting<'a>) -> Vec<&'w Waiting<'a>> {
    let mut circle = vec![start];
    let mut here = start;
    while let Some((holder, _)) = here.held {
        if holder == start.thread {
            return circle;
        }
        let next = waiting.iter().find(|other| other.thread == holder);
        let Some(next) = next.filter(|next| !circle.iter().any(|one| one.thread == next.thread)) else { break };
        circle.push(next);
        here = next;
    }
    Vec::new()
}

fn name(dump: &Dump, thread: usize) -> String {
    let name = dump.threads.get(thread).and_then(|thread| thread.name.as_deref());
    name.map_or_else(|| format!("thread {}", thread + 1), str::to_owned)
}

fn deadlock<'a>(scene: &Scene<'a, '_>, circle: &[&Waiting<'a>]) -> Finding {
    let dump = scene.dump;
    let parts: Vec<String> = circle
        .iter()
        .filter_map(|one| {
            Some(format!(
                "{} waits for {}, which {} holds",
                name(dump, one.thread),
                one.lock,
                name(dump, one.held.as_ref()?.0)
            ))
        })
        .collect();
    let says = match circle {
        [one] => format!("{} waits for {}, which it holds itself: a deadlock", name(dump, one.thread), one.lock),
        _ => format!("a deadlock: {}", parts.join("; ")),
    };
    finding(scene, "deadlock", says, circle)
}

fn held<'a>(scene: &Scene<'a, '_>, holder: usize, waiting: &[&Waiting<'a>]) -> Finding {
    let dump = scene.dump;
    let names: Vec<String> = waiting.iter().take(3).map(|one| name(dump, one.thread)).collect();
    let more = waiting.len().checked_sub(3).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    let verb = if waiting.len() == 1 { "waits" } else { "wait" };
    let lock = waiting.first().map_or("a lock", |one| one.lock.as_str());
    let says = format!("{}{more} {verb} for {lock}, which {} holds", names.join(", "), name(dump, holder));
    let mut finding = finding(scene, "lock", says, waiting);
    if let Some(place) = frames(dump, holder).find(|place| is_own(place.frame)) {
        let what = dump.threads.get(holder).and_then(|thread| thread.wait_for.as_deref());
        let what = what.map(|what| format!(", waiting for {what}")).unwrap_or_default();
        finding.evidence.push(told(format!("{} is here{what}", name(dump, holder)), scene.spot(place)));
        finding.look.push(scene.question("locals", place, None));
    }
    finding
}

/// The first that waits and its lock; as evidence, where each waits and where the holder took the lock.
fn finding<'a>(scene: &Scene<'a, '_>, cause: &'static str, says: String, waiting: &[&Waiting<'a>]) -> Finding {
    let dump = scene.dump;
    let mut evidence: Vec<Evidence> = Vec::new();
    for one in waiting.iter().take(4) {
        let says = format!("{} waits here for {}", name(dump, one.thread), one.lock);
        evidence.push(told(says, scene.spot(one.place)));
        if let Some((holder, Some(spot))) = &one.held
            && !evidence.iter().any(|known| known.at.as_ref() == Some(spot))
        {
            evidence.push(told(format!("{} took it here", name(dump, *holder)), spot.clone()));
        }
    }
    let first = waiting.first();
    Finding {
        cause,
        exception: None,
        says,
        at: first.map(|one| scene.spot(one.place)),
        object: first.and_then(|one| scene.subject(one.place, &one.lock)),
        evidence,
        look: vec![vec!["bt".to_owned(), "--all".to_owned()]],
    }
}
