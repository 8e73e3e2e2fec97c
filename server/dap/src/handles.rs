//! The numbers by which a client names what it may look into.

use std::collections::VecDeque;
use std::sync::Arc;

use crashsite_view::eval::Held;

/// Something with contents. `from` and `to` bound the part of them that is meant.
#[derive(Debug, Clone)]
pub(crate) struct Thing<'a> {
    pub(crate) what: What<'a>,
    /// The frame, as the client numbers it, in which expressions about it are asked.
    pub(crate) frame: i64,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

/// What it is.
#[derive(Debug, Clone)]
pub(crate) enum What<'a> {
    /// Arguments and local variables of the frame.
    Locals,
    /// Those which inner functions use, or outer ones have.
    Cells,
    /// The exception of the frame's stack, and what it came from.
    Exceptions,
    /// The globals of the frame's module.
    Globals(Held<'a>),
    /// A value, the expression that gives it, and the evaluation that made it.
    Value(Held<'a>, Option<Arc<str>>, Evaluation),
}

/// Which evaluation made a value; `None` for what the dump holds.
pub(crate) type Evaluation = Option<u64>;

/// Things by their numbers, the newest.
#[derive(Debug)]
pub(crate) struct Handles<'a> {
    /// Those with the numbers from `first` on; `None` where it is gone before its turn.
    kept: VecDeque<Option<Thing<'a>>>,
    first: i64,
    /// How many are kept.
    most: usize,
    /// Evaluations whose values are kept, and the bytes that they made; the newest is last.
    made: VecDeque<(u64, u64)>,
    evaluations: u64,
    bytes: u64,
    /// How many bytes are kept.
    memory: u64,
}

/// The largest number that the protocol allows.
const LAST: i64 = i32::MAX as i64;

impl<'a> Handles<'a> {
    pub(crate) fn new(most: usize, memory: u64) -> Self {
        Handles {
            kept: VecDeque::new(),
            first: 1,
            most: most.max(1),
            made: VecDeque::new(),
            evaluations: 0,
            bytes: 0,
            memory,
        }
    }

    /// The number of a thing.
    pub(crate) fn add(&mut self, thing: Thing<'a>) -> i64 {
        if self.first + self.kept.len() as i64 > LAST {
            // Nobody comes here by looking around; whoever does loses what was kept.
            self.kept.clear();
            self.first = 1;
        }
        self.kept.push_back(Some(thing));
        if self.kept.len() > self.most {
            self.kept.pop_front();
            self.first += 1;
        }
        self.first + self.kept.len() as i64 - 1
    }

    /// An evaluation that made so many bytes. The oldest are let go where all together made too many.
    pub(crate) fn evaluated(&mut self, bytes: u64) -> Evaluation {
        self.evaluations += 1;
        self.made.push_back((self.evaluations, bytes));
        self.bytes = self.bytes.saturating_add(bytes);
        while self.bytes > self.memory && self.made.len() > 1 {
            let Some((oldest, bytes)) = self.made.pop_front() else { break };
            self.bytes -= bytes;
            for slot in &mut self.kept {
                if matches!(slot, Some(Thing { what: What::Value(_, _, Some(by)), .. }) if *by == oldest) {
                    *slot = None;
                }
            }
        }
        Some(self.evaluations)
    }

    /// The thing of a number.
    pub(crate) fn get(&self, number: i64) -> Result<Thing<'a>, String> {
        let end = self.first + self.kept.len() as i64;
        let index = usize::try_from(number - self.first).ok();
        match index.and_then(|index| self.kept.get(index)) {
            Some(Some(thing)) => Ok(thing.clone()),
            None if number <= 0 || number >= end => {
                Err(format!("there is nothing of the number {number} to look into"))
            }
            _ => Err(format!(
                "the contents {number} are not kept any more: the latest {} are (--max-expandable), and of evaluations those \
                 that made {} bytes together (--max-memory)\nAsk for the frame, or the expression, again.",
                self.most, self.memory
            )),
        }
    }
}
