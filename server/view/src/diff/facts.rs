//! The process and the exceptions.

use std::collections::HashSet;
use std::sync::Arc;

use crashsite_model::{Dump, Exception};

use super::{Change, ExceptionChange, change};
use crate::exception::{class_name, message};

/// Pairs of exceptions that are compared.
const MOST_EXCEPTIONS: usize = 200;

/// What two runs of one program share: neither process id nor time.
pub(super) fn process(a: &Dump, b: &Dump) -> Vec<Change> {
    let facts = |dump: &Dump| {
        let (process, python) = (&dump.process, &dump.process.python);
        let argv = process.argv.join(" ");
        [
            ("python", python.version.clone()),
            ("implementation", python.implementation.clone()),
            ("platform", python.platform.clone()),
            ("executable", python.executable.clone()),
            ("prefix", python.prefix.clone()),
            ("argv", (!argv.is_empty()).then(|| argv.into())),
            ("cwd", process.cwd.clone()),
            ("message", process.message.clone()),
        ]
    };
    let pairs = facts(a).into_iter().zip(facts(b));
    pairs.filter_map(|((what, a), (_, b))| change(what, a.as_ref(), b.as_ref())).collect()
}

/// The exceptions of both chains, step by step.
pub(super) fn exceptions(a: &Dump, b: &Dump, not_compared: &mut Vec<String>) -> Vec<ExceptionChange> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut tasks = vec![(Some(0), Some(0), "exception".to_owned())];
    while let Some((index_a, index_b, at)) = tasks.pop() {
        let raised_a = index_a.and_then(|index: usize| a.exceptions.get(index));
        let raised_b = index_b.and_then(|index: usize| b.exceptions.get(index));
        let (Some(raised_a), Some(raised_b)) = (raised_a, raised_b) else {
            let whole = |dump, raised: Option<&Exception>| raised.map(|raised| line(dump, raised));
            let (a, b) = (whole(a, raised_a), whole(b, raised_b));
            found.extend(
                change("exception", a.as_ref(), b.as_ref()).map(|it| ExceptionChange { at, changes: vec![it] }),
            );
            continue;
        };
        if !seen.insert((index_a, index_b)) {
            continue;
        }
        if seen.len() > MOST_EXCEPTIONS {
            not_compared.push(format!("exceptions: more than {MOST_EXCEPTIONS} of the chain"));
            break;
        }
        let changes = changes(a, raised_a, b, raised_b);
        for number in (0..raised_a.group.len().max(raised_b.group.len())).rev().take(MOST_EXCEPTIONS) {
            let member = |group: &[usize]| group.get(number).copied();
            tasks.push((member(&raised_a.group), member(&raised_b.group), format!("{at}.group[{number}]")));
        }
        tasks.push((raised_a.context, raised_b.context, format!("{at}.context")));
        tasks.push((raised_a.cause, raised_b.cause, format!("{at}.cause")));
        if !changes.is_empty() {
            found.push(ExceptionChange { at, changes });
        }
    }
    found
}

fn changes(a: &Dump, raised_a: &Exception, b: &Dump, raised_b: &Exception) -> Vec<Change> {
    let class = |raised: &Exception| Some(Arc::from(format!("{}.{}", raised.module, class_name(raised))));
    let notes = |raised: &Exception| (!raised.notes.is_empty()).then(|| raised.notes.join("\n").into());
    let suppressed = |raised: &Exception| Some(raised.suppress_context.to_string().into());
    let pairs = [
        ("type", class(raised_a), class(raised_b)),
        ("message", Some(message(a, raised_a)), Some(message(b, raised_b))),
        ("notes", notes(raised_a), notes(raised_b)),
        ("suppress_context", suppressed(raised_a), suppressed(raised_b)),
    ];
    pairs.into_iter().filter_map(|(what, a, b)| change(what, a.as_ref(), b.as_ref())).collect()
}

fn line(dump: &Dump, raised: &Exception) -> Arc<str> {
    format!("{}.{}: {}", raised.module, class_name(raised), message(dump, raised)).into()
}
