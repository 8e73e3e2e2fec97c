//! The closing part: section 7 of the format.

use std::collections::BTreeMap;

use crashsite_model::Dump;

use crate::pickle::{Pickle, Value as _};
use crate::survey::Survey;

pub(crate) fn pickle(dump: &Dump, survey: &Survey, sections: &[(u32, u32)], bytes_written: u64) -> Vec<u8> {
    let end = dump.end.clone().unwrap_or_default();
    let known = dump.heap.known();
    // What the heap keeps in maps is sorted, so that the same dump gives the same bytes.
    let mut cut: Vec<_> = known.cut.iter().map(|(object, length)| (*object, *length)).collect();
    cut.sort_unstable();
    let mut changed: Vec<u32> = known.changed.iter().copied().collect();
    changed.sort_unstable();
    let mut pickle = Pickle::new();
    pickle.dict(|pickle| {
        pickle.entry("objects_seen", &end.objects_seen);
        pickle.entry("objects_written", &survey.objects());
        pickle.entry("bytes_written", &bytes_written);
        pickle.entry("seconds", &end.seconds);
        pickle.entry("stopped", &end.stopped);
        pickle.key("cut");
        pickle.list(cut, |pickle, (number, length)| {
            let captured = dump.heap.object(number).map_or(0, |object| dump.heap.contents(&object).len());
            pickle.tuple(|pickle| {
                number.put(pickle);
                captured.put(pickle);
                length.put(pickle);
            });
        });
        pickle.key("changed");
        pickle.list(changed, |pickle, number| number.put(pickle));
        if let Some(rests) = &known.rests {
            let rests: BTreeMap<u32, &Vec<u32>> = rests.iter().map(|(owner, rests)| (*owner, rests)).collect();
            pickle.key("rests");
            pickle.list(rests.iter().flat_map(|(owner, rests)| rests.iter().map(move |rest| (*owner, *rest))), two);
        }
        pickle.key("sections");
        pickle.list(sections.iter().copied(), two);
        if !dump.redaction.counts.is_empty() {
            pickle.key("redacted");
            pickle.dict(|pickle| dump.redaction.counts.iter().for_each(|(name, count)| pickle.entry(name, count)));
        }
        if !end.brief.is_empty() {
            pickle.key("brief");
            pickle.dict(|pickle| end.brief.iter().for_each(|(name, count)| pickle.entry(name, count)));
        }
        pickle.key("counts");
        pickle.dict(|pickle| {
            if end.counts.is_empty() {
                survey.counts().iter().for_each(|(name, count)| pickle.entry(name, count));
            } else {
                end.counts.iter().for_each(|(name, count)| pickle.entry(name, count));
            }
        });
    });
    pickle.finish()
}

fn two(pickle: &mut Pickle, (one, other): (u32, u32)) {
    pickle.tuple(|pickle| {
        one.put(pickle);
        other.put(pickle);
    });
}
