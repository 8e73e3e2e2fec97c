//! What an expression may take. Each limit has a flag, and an error that names both.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::Failure;

/// Limits of one evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `--max-steps`: parts of the expression evaluated, elements gone through.
    pub steps: u64,
    /// `--max-memory`: bytes of the values that the expression makes.
    pub memory: u64,
    /// `--max-milliseconds`: how long it may take.
    pub milliseconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { steps: 50_000_000, memory: 64 << 20, milliseconds: 900 }
    }
}

/// What is left of them.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    steps: Cell<u64>,
    memory: Cell<u64>,
    began: Instant,
}

/// Steps between two looks at the clock.
const LOOK: u64 = 4096;

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Budget { limits, steps: Cell::new(0), memory: Cell::new(0), began: Instant::now() }
    }

    /// A step: a node evaluated, an element gone through.
    pub(super) fn step(&self) -> Result<(), Failure> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > self.limits.steps {
            return Err(spent("steps", self.limits.steps, "--max-steps"));
        }
        if steps.is_multiple_of(LOOK) && self.began.elapsed() > Duration::from_millis(self.limits.milliseconds) {
            return Err(spent("milliseconds", self.limits.milliseconds, "--max-milliseconds"));
        }
        Ok(())
    }

    /// So many bytes are about to be made.
    pub(super) fn grow(&self, bytes: usize) -> Result<(), Failure> {
        let memory = self.memory.get().saturating_add(bytes as u64);
        if memory > self.limits.memory {
            return Err(spent("bytes of memory", self.limits.memory, "--max-memory"));
        }
        self.memory.set(memory);
        Ok(())
    }

    /// The next of several evaluations: what the one before made is gone; steps and time are those of all together.
    pub(super) fn renew(&self) {
        self.memory.set(0);
    }

    /// Whether the steps or the time are used up.
    pub(super) fn spent(&self) -> bool {
        self.steps.get() > self.limits.steps || self.began.elapsed() > Duration::from_millis(self.limits.milliseconds)
    }

    /// Bits of one int: at the largest, multiplying and dividing still take less time than the clock allows.
    pub(super) fn bits(&self) -> u64 {
        (self.limits.memory / 32).min((self.room() as u64).saturating_mul(8))
    }

    /// Bytes that may still be made.
    pub(super) fn room(&self) -> usize {
        usize::try_from(self.limits.memory.saturating_sub(self.memory.get())).unwrap_or(usize::MAX)
    }
}

fn spent(what: &str, limit: u64, flag: &str) -> Failure {
    let remedy = format!("Ask for less, or raise {flag}.");
    Failure::new("Limit", format!("the limit on {what} of an expression is {limit} ({flag})")).remedy(&remedy)
}
