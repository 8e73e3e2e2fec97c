//! Elements and pairs of a container, those in its rest objects included.

use super::{Heap, Kind, Object};

/// The elements or pairs of a container that the file has, in runs; positions are those in the container.
#[derive(Debug, Clone)]
pub struct Contents<'a> {
    runs: Vec<Run<'a>>,
    pairs: bool,
}

#[derive(Debug, Clone, Copy)]
struct Run<'a> {
    start: u64,
    len: usize,
    object: Object<'a>,
}

impl Heap {
    /// The elements or pairs of a container. A gap in the positions is a rest the file has lost.
    pub fn contents<'a>(&'a self, object: &Object<'a>) -> Contents<'a> {
        let pairs = object.kind().has_pairs();
        let own = if pairs { object.pair_count() } else { object.element_count() };
        let mut runs = vec![Run { start: 0, len: own, object: *object }];
        if object.kind().has_elements() || pairs {
            let wanted = if pairs { Kind::RestPairs } else { Kind::RestElements };
            for &number in self.rests_of(object.number) {
                let Some(rest) = self.object(number).filter(|rest| rest.kind() == wanted) else {
                    continue;
                };
                let Some((owner, start)) = rest.rest() else {
                    continue;
                };
                let len = if pairs { rest.pair_count() } else { rest.element_count() };
                if owner == object.number {
                    runs.push(Run { start, len, object: rest });
                }
            }
        }
        runs.sort_by_key(|run| run.start);
        let mut end = 0;
        runs.retain(|run| {
            let keep = run.len > 0 && run.start >= end;
            if keep {
                end = run.start.saturating_add(run.len as u64);
            }
            keep
        });
        Contents { runs, pairs }
    }
}

impl<'a> Contents<'a> {
    /// Whether they are pairs.
    pub fn are_pairs(&self) -> bool {
        self.pairs
    }

    /// How many there are in the file.
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|run| run.len as u64).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// One past the last position: what `len()` gave in the process, where nothing is missing at the end.
    pub fn end(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.start.saturating_add(run.len as u64))
    }

    /// The element at a position.
    pub fn element(&self, position: u64) -> Option<u32> {
        let (run, index) = self.find(position)?;
        run.object.element(index)
    }

    /// The pair at a position.
    pub fn pair(&self, position: u64) -> Option<(u32, u32)> {
        let (run, index) = self.find(position)?;
        run.object.pair(index)
    }

    /// All elements with their positions, from the `skip`-th on.
    pub fn elements(&self, skip: u64) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.places(skip).filter_map(|(position, object, index)| Some((position, object.element(index)?)))
    }

    /// All pairs, from the `skip`-th on.
    pub fn pairs(&self, skip: u64) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.places(skip).filter_map(|(_, object, index)| object.pair(index))
    }

    fn places(&self, skip: u64) -> impl Iterator<Item = (u64, Object<'a>, usize)> + '_ {
        let mut before = skip;
        self.runs.iter().flat_map(move |run| {
            let from = before.min(run.len as u64);
            before -= from;
            let run = *run;
            (from as usize..run.len).map(move |index| (run.start + index as u64, run.object, index))
        })
    }

    fn find(&self, position: u64) -> Option<(&Run<'a>, usize)> {
        let after = self.runs.partition_point(|run| run.start <= position);
        let run = self.runs.get(after.checked_sub(1)?)?;
        let index = usize::try_from(position - run.start).ok()?;
        (index < run.len).then_some((run, index))
    }
}
