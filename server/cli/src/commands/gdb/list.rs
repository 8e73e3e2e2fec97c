//! `monitor list`: the source around a frame, from the dump.

use std::ops::RangeInclusive;

use crashsite_model::{Dump, Frame};
use crashsite_view::source::{Lines, around, within};
use crashsite_view::text;

use crate::failure::Failure;
use crate::output::Output;
use crate::render::stack::source_line;

/// Lines before a frame's, and after it, and after one that is asked for.
const AROUND: u64 = 5;

/// Writes the lines of the frame's file that are asked for: `START`, or `START, END`, or nothing.
pub(super) fn lines(dump: &Dump, frame: &Frame, asked: &str, output: &mut Output) -> Result<(), Failure> {
    let mut lines = Lines::new(dump);
    let found = match asked {
        "" => around(&mut lines, frame, AROUND, AROUND),
        _ => within(&mut lines, frame, range(asked)?),
    };
    if found.is_empty() {
        let file = text::escape(&frame.file);
        return Err(Failure::no_answer(
            format!("the dump does not have these lines of {file}"),
            "Ask for others: START, or START, END. `crashsite source` shows what it has.",
        ));
    }
    found.iter().for_each(|line| source_line(line, output));
    Ok(())
}

fn range(asked: &str) -> Result<RangeInclusive<u64>, Failure> {
    let number = |text: &str| text.trim().parse::<u64>();
    let range = match asked.split_once(',') {
        Some((start, end)) => number(start).and_then(|start| Ok(start..=number(end)?)),
        None => number(asked).map(|start| start..=start.saturating_add(2 * AROUND)),
    };
    range.map_err(|_| Failure::no_answer(format!("{asked} names no lines"), "Give START, or START, END."))
}
