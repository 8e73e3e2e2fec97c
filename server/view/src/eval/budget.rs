//! What an expression may take. Each limit has a flag, and an error that names both.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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

impl Limits {
    /// No limits but those that somebody else sets.
    pub(super) const MOST: Limits = Limits { steps: u64::MAX, memory: u64::MAX, milliseconds: u64::MAX };
}

/// What ends an evaluation that somebody interrupts, as Python calls it.
pub const INTERRUPTED: &str = "KeyboardInterrupt";

/// What is left of them.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Cell<Limits>,
    steps: Cell<u64>,
    memory: Cell<u64>,
    began: Cell<Instant>,
    /// Set by another thread, or by a signal: the evaluation is to end. Whoever sees it clears it.
    interrupt: Arc<AtomicBool>,
}

/// Steps between two looks at the clock, and whether somebody interrupts.
const LOOK: u64 = 4096;

impl Budget {
    pub(super) fn new(limits: Limits, interrupt: Arc<AtomicBool>) -> Self {
        let (steps, memory, began) = (Cell::new(0), Cell::new(0), Cell::new(Instant::now()));
        Budget { limits: Cell::new(limits), steps, memory, began, interrupt }
    }

    /// Nothing of it is spent.
    pub(super) fn renew(&self, limits: Limits) {
        self.limits.set(limits);
        self.steps.set(0);
        self.memory.set(0);
        self.began.set(Instant::now());
    }

    /// A step: a node evaluated, an element gone through.
    pub(super) fn step(&self) -> Result<(), Failure> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        let limits = self.limits.get();
        if steps > limits.steps {
            return Err(spent("steps", limits.steps, "--max-steps"));
        }
        if steps.is_multiple_of(LOOK) {
            if self.interrupt.swap(false, Ordering::Relaxed) {
                let failure = Failure::new(INTERRUPTED, "the evaluation was interrupted");
                return Err(failure.remedy("Nothing else changed: go on asking."));
            }
            if self.began.get().elapsed() > Duration::from_millis(limits.milliseconds) {
                return Err(spent("milliseconds", limits.milliseconds, "--max-milliseconds"));
            }
        }
        Ok(())
    }

    /// So many bytes are about to be made.
    pub(super) fn grow(&self, bytes: usize) -> Result<(), Failure> {
        let memory = self.memory.get().saturating_add(bytes as u64);
        let most = self.limits.get().memory;
        if memory > most {
            return Err(spent("bytes of memory", most, "--max-memory"));
        }
        self.memory.set(memory);
        Ok(())
    }

    /// The next of several evaluations: what the one before made is gone; steps and time are those of all together.
    pub(super) fn again(&self) {
        self.memory.set(0);
    }

    /// Whether the steps or the time are used up.
    pub(super) fn spent(&self) -> bool {
        let limits = self.limits.get();
        self.steps.get() > limits.steps || self.began.get().elapsed() > Duration::from_millis(limits.milliseconds)
    }

    /// Bytes made so far.
    pub(super) fn made(&self) -> u64 {
        self.memory.get()
    }

    /// Bits of one int: at the largest, multiplying and dividing still take less time than the clock allows.
    pub(super) fn bits(&self) -> u64 {
        (self.limits.get().memory / 32).min((self.room() as u64).saturating_mul(8))
    }

    /// Bytes that may still be made.
    pub(super) fn room(&self) -> usize {
        usize::try_from(self.limits.get().memory.saturating_sub(self.memory.get())).unwrap_or(usize::MAX)
    }
}

fn spent(what: &str, limit: u64, flag: &str) -> Failure {
    let remedy = format!("Ask for less, or raise {flag}.");
    Failure::new("Limit", format!("the limit on {what} of an expression is {limit} ({flag})")).remedy(&remedy)
}
