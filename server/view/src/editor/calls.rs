//! The stack as a hierarchy of calls.

use super::Beside;
use super::activation::{self, Selected};
use super::text::Spot;
use crashsite_model::Dump;

/// The call of the function that a place of the editor's text is in.
pub fn at(beside: Beside<'_>, spot: Spot) -> Option<Selected> {
    let Beside { dump, crashed, follow, selected, .. } = beside;
    let spot = follow.back(spot)?;
    let offset = crashed.text.offset(spot)?;
    let names = &crashed.names;
    // On the name of a function its call is meant, not the one around it.
    let headed = names.scopes.iter().position(|scope| scope.head.contains(&offset));
    let code = crashed.code(headed.unwrap_or_else(|| names.scope_at(offset)), activation::are_inlined(dump));
    let running = || {
        let mut here = crashed.activations.iter().filter(|activation| activation.line == Some(spot.line));
        here.clone().find(|activation| activation.thread == selected.thread).or_else(|| here.next())
    };
    let found = crashed.activation(code, selected).or_else(running)?;
    Some(Selected { thread: found.thread, frame: found.number })
}

/// The frame that called this one.
pub fn caller(dump: &Dump, of: Selected) -> Option<Selected> {
    neighbour(dump, of, of.frame.checked_add(1)?)
}

/// The frame that this one called.
pub fn callee(dump: &Dump, of: Selected) -> Option<Selected> {
    neighbour(dump, of, of.frame.checked_sub(1)?)
}

fn neighbour(dump: &Dump, of: Selected, frame: usize) -> Option<Selected> {
    let thread = dump.threads.get(of.thread)?;
    (frame < thread.frames.len()).then_some(Selected { frame, ..of })
}
