//! What the fuzz targets share: a dump is opened from bytes, and asked everything that a front end asks.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crashsite_model::{Dump, Limits};
use crashsite_view::thread::{Place, StackRef};
use crashsite_view::{backtrace, check, eval, exception, explain, headers, info, locals, source, stacks, threads};

/// Budgets with which no input may take longer than a moment, or more than some tens of MiB.
pub const LIMITS: Limits = Limits {
    max_part: 1 << 20,
    max_inflated: 2 << 20,
    max_total: 4 << 20,
    max_depth: 100_000,
    max_opcodes: 1_000_000,
    max_values: 200_000,
    max_references: 500_000,
    max_memo: 200_000,
    max_stack: 200_000,
    max_parts: 200,
    max_headers: 16 << 10,
    max_text: 1 << 20,
    max_unsealed: 1 << 20,
};

/// Budgets of one expression.
pub const EXPRESSION: eval::Limits = eval::Limits { steps: 20_000, memory: 4 << 20, milliseconds: 1000 };

/// The dump in a file's bytes, if they are one.
#[must_use]
pub fn open(data: &[u8]) -> Option<Dump> {
    Dump::open(Arc::new(data.to_vec()), LIMITS).ok()
}

/// Every answer that needs no question of a person's.
pub fn ask(dump: &Dump) {
    let _ = info::answer(dump);
    let _ = headers::answer(dump);
    let _ = threads::answer(dump);
    let _ = stacks::answer(dump);
    let _ = source::list(dump);
    let _ = backtrace::answer(dump, backtrace::Options { locals: true, all: true, stack: None });
    for error in dump.exceptions.iter().take(20) {
        let _ = exception::message(dump, error);
    }
    let _ = explain::answer(dump, 500);
    for position in 0..8 {
        let Some(stack) = StackRef::of_thread(dump, position) else { break };
        for number in 0..8 {
            let Ok(place) = stack.frame(dump, number) else { break };
            let place: Place<'_> = place;
            let _ = locals::answer(dump, place);
        }
    }
    let _ = check::run(dump, &AtomicU64::new(0));
}
