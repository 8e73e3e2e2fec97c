//! Which line of the text that crashed is which line of the text in the editor. A line that may be another has no counterpart.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, Hunk, InternedInput, Token, TokenSource};
use rustc_hash::FxHashSet;

use super::text::{Span, Spot, Text};

/// The way between two texts. Lines that correspond are equal, so columns stay.
#[derive(Debug, Clone, Default)]
pub struct Follow {
    /// By the line that crashed, from 0.
    to_text: Vec<Option<u64>>,
    /// By the line in the editor, from 0.
    to_crashed: Vec<Option<u64>>,
    /// Lines that are not empty, of the text that crashed: all, and those that have a counterpart.
    counts: (u64, u64),
    changed: bool,
}

impl Follow {
    /// Compares a text as it crashed with the one in the editor. Only `known` lines of the former are compared: the dump may
    /// lack others.
    pub fn new(crashed: &Text, known: &[Range<u64>], text: &Text) -> Follow {
        let before: Vec<(u64, &str)> =
            known.iter().flat_map(|part| part.clone()).filter_map(|line| Some((line, crashed.line(line)?))).collect();
        let after: Vec<&str> = text.lines().collect();
        let lines: Vec<&str> = before.iter().map(|(_, line)| *line).collect();
        let pairs = Pairs::of(&lines, &after);
        let mut follow = Follow {
            to_text: vec![None; usize::try_from(crashed.line_count()).unwrap_or(0)],
            to_crashed: vec![None; after.len()],
            ..Follow::default()
        };
        for (index, (line, written)) in before.iter().enumerate() {
            let found = pairs.found.get(index).copied().flatten();
            if !written.trim().is_empty() {
                follow.counts.0 += 1;
                follow.counts.1 += u64::from(found.is_some());
                follow.changed |= found.is_none_or(|found| found as u64 + 1 != *line);
            }
            let crashed = usize::try_from(*line).unwrap_or(0).checked_sub(1);
            if let Some(slot) = crashed.and_then(|index| follow.to_text.get_mut(index)) {
                *slot = found.map(|found| found as u64 + 1);
            }
            if let Some(slot) = found.and_then(|found| follow.to_crashed.get_mut(found)) {
                *slot = Some(*line);
            }
        }
        follow
    }

    /// The way between a text and itself: every line is followed, also one that the dump lacks.
    pub fn same(text: &Text) -> Follow {
        let lines: Vec<Option<u64>> = (1..=text.line_count()).map(Some).collect();
        let count = text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
        Follow { to_text: lines.clone(), to_crashed: lines, counts: (count, count), changed: false }
    }

    /// The line in the editor that a line was when the program crashed.
    pub fn line(&self, crashed: u64) -> Option<u64> {
        self.to_text.get(usize::try_from(crashed.checked_sub(1)?).ok()?).copied().flatten()
    }

    /// The place in the editor.
    pub fn spot(&self, crashed: Spot) -> Option<Spot> {
        Some(Spot { line: self.line(crashed.line)?, ..crashed })
    }

    /// The part in the editor, where both its ends follow and lie as far apart as they did.
    pub fn span(&self, crashed: Span) -> Option<Span> {
        let (start, end) = (self.spot(crashed.start)?, self.spot(crashed.end)?);
        let apart = |start: u64, end: u64| end.checked_sub(start);
        (apart(start.line, end.line) == apart(crashed.start.line, crashed.end.line)).then_some(Span { start, end })
    }

    /// The place as the program crashed of a place in the editor.
    pub fn back(&self, spot: Spot) -> Option<Spot> {
        let line = self.to_crashed.get(usize::try_from(spot.line.checked_sub(1)?).ok()?).copied().flatten()?;
        Some(Spot { line, ..spot })
    }

    /// Whether a line moved, is gone, or is another.
    pub fn changed(&self) -> bool {
        self.changed
    }

    /// Lines that are not empty of the text that crashed, and how many of them are in the editor's.
    pub fn counts(&self) -> (u64, u64) {
        self.counts
    }

    /// Whether the two may be the same file at all: most of its lines are there.
    pub fn is_alike(&self) -> bool {
        self.counts.1 * 2 > self.counts.0
    }
}

/// Lines that must have moved together: one alone may have been written anew elsewhere.
const LEAST_MOVED: usize = 2;

/// Whether a line has something to know it by.
fn is_telling(line: &str) -> bool {
    line.contains(char::is_alphanumeric)
}

/// Lines as a diff takes them.
struct Lines<'a>(&'a [&'a str]);

impl<'a> TokenSource for Lines<'a> {
    type Token = &'a str;
    type Tokenizer = std::iter::Copied<std::slice::Iter<'a, &'a str>>;

    fn tokenize(&self) -> Self::Tokenizer {
        self.0.iter().copied()
    }

    fn estimate_tokens(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

/// Pairs of equal lines, by their indexes.
struct Pairs<'a> {
    before: &'a [&'a str],
    /// For each line before the one after.
    found: Vec<Option<usize>>,
}

impl<'a> Pairs<'a> {
    fn of(before: &'a [&'a str], after: &[&'a str]) -> Self {
        let input = InternedInput::new(Lines(before), Lines(after));
        let once = Once::new(&input);
        let mut taken = vec![false; after.len()];
        let mut pairs = Pairs { found: vec![None; before.len()], before };
        for run in runs(&input) {
            for (index, other) in trusted(&input, &once, run) {
                pairs.pair(index, other, &mut taken);
            }
        }
        pairs.follow_moves(&input, &once, &mut taken);
        pairs
    }

    fn pair(&mut self, index: usize, other: usize, taken: &mut [bool]) {
        if let (Some(found), Some(taken)) = (self.found.get_mut(index), taken.get_mut(other)) {
            *found = Some(other);
            *taken = true;
        }
    }

    /// A line that there is once in both texts is the same one wherever it went, if lines beside it went with it.
    fn follow_moves(&mut self, input: &InternedInput<&str>, once: &Once, taken: &mut [bool]) {
        for index in 0..self.found.len() {
            if self.found.get(index).copied().flatten().is_some() {
                continue;
            }
            let Some(other) = once.counterpart(input, index).filter(|other| taken.get(*other) == Some(&false)) else {
                continue;
            };
            let mut moved = vec![(index, other)];
            for step in [-1_isize, 1] {
                let mut at = (index, other);
                while let Some((left, right)) = at.0.checked_add_signed(step).zip(at.1.checked_add_signed(step)) {
                    let same = input.before.get(left).is_some_and(|token| Some(token) == input.after.get(right));
                    let free = self.found.get(left) == Some(&None) && taken.get(right) == Some(&false);
                    if !same || !free || once.is_copied(input, left) {
                        break;
                    }
                    at = (left, right);
                    moved.push(at);
                }
            }
            let told = |line: &&(usize, usize)| self.before.get(line.0).is_some_and(|line| is_telling(line));
            if moved.iter().filter(told).count() >= LEAST_MOVED {
                moved.into_iter().for_each(|(index, other)| self.pair(index, other, taken));
            }
        }
    }
}

/// Lines that there are once in each text.
struct Once {
    /// By token: how often before, how often after, and where after.
    counts: Vec<(u32, u32, usize)>,
}

impl Once {
    fn new(input: &InternedInput<&str>) -> Once {
        let mut counts = vec![(0_u32, 0_u32, 0_usize); input.interner.num_tokens() as usize];
        for token in &input.before {
            if let Some(count) = counts.get_mut(token.0 as usize) {
                count.0 += 1;
            }
        }
        for (index, token) in input.after.iter().enumerate() {
            if let Some(count) = counts.get_mut(token.0 as usize) {
                count.1 += 1;
                count.2 = index;
            }
        }
        Once { counts }
    }

    /// Whether there are more of a line than before.
    fn is_copied(&self, input: &InternedInput<&str>, before: usize) -> bool {
        let count = input.before.get(before).and_then(|token| self.counts.get(token.0 as usize));
        count.is_none_or(|(before, after, _)| after > before)
    }

    /// The line after that a line before is: both there once, and with something to know it by.
    fn counterpart(&self, input: &InternedInput<&str>, before: usize) -> Option<usize> {
        let token = *input.before.get(before)?;
        let (1, 1, after) = *self.counts.get(token.0 as usize)? else { return None };
        is_telling(input.interner[token]).then_some(after)
    }
}

/// Lines that a diff leaves as they are, equally many before and after, and the changes around them.
struct Run {
    before: Range<usize>,
    after: Range<usize>,
    /// The change above and that below.
    changes: [Option<Hunk>; 2],
}

fn runs(input: &InternedInput<&str>) -> Vec<Run> {
    let diff = Diff::compute(Algorithm::Histogram, input);
    let mut runs = Vec::new();
    let (mut left, mut right, mut above) = (0, 0, None);
    for hunk in diff.hunks() {
        let (before, after) = (left..hunk.before.start as usize, right..hunk.after.start as usize);
        (left, right) = (hunk.before.end as usize, hunk.after.end as usize);
        runs.push(Run { before, after, changes: [above.replace(hunk.clone()), Some(hunk)] });
    }
    let (before, after) = (left..input.before.len(), right..input.after.len());
    runs.push(Run { before, after, changes: [above, None] });
    runs
}

/// Of a run the pairs that can be relied on. It must hold a line that there is once, or begin or end with the text. A line of
/// which there are more now than before may be a copy, whatever is around it: all of that may have been copied with it, and
/// then be gone where it was. And a line at the edge that there is in the change beside it, too, may be that one.
fn trusted(input: &InternedInput<&str>, once: &Once, run: Run) -> Vec<(usize, usize)> {
    let Run { before, after, changes: [above, below] } = run;
    let mut pairs: Vec<(usize, usize)> = before.zip(after).collect();
    let is_anchor = |(index, other): &(usize, usize)| once.counterpart(input, *index) == Some(*other);
    if above.is_some() && below.is_some() && !pairs.iter().any(is_anchor) {
        return Vec::new();
    }
    let (above, below) = (tokens(input, above), tokens(input, below));
    let among = |pair: &&(usize, usize), change: &FxHashSet<Token>| {
        input.before.get(pair.0).is_some_and(|token| change.contains(token))
    };
    let start = pairs.iter().take_while(|pair| among(pair, &above)).count();
    let end = pairs.len() - pairs.iter().rev().take_while(|pair| among(pair, &below)).count();
    let mut place = 0..;
    pairs.retain(|(index, _)| {
        let place = place.next().unwrap_or(end);
        (start..end).contains(&place) && !once.is_copied(input, *index)
    });
    pairs
}

/// The lines of a change, of both texts.
fn tokens(input: &InternedInput<&str>, change: Option<Hunk>) -> FxHashSet<Token> {
    let Some(Hunk { before, after }) = change else { return FxHashSet::default() };
    let part = |lines: &[Token], range: Range<u32>| {
        lines.get(range.start as usize..range.end as usize).unwrap_or_default().to_vec()
    };
    part(&input.before, before).into_iter().chain(part(&input.after, after)).collect()
}
