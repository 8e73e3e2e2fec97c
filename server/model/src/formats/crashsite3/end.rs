//! The closing part (section 7 of the format).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fields::Fields;
use crate::End;
use crate::heap::Known;

/// What the closing part says.
pub(super) struct Ending {
    pub(super) end: End,
    pub(super) known: Known,
    /// In how many places each rule has left something out, the heap included.
    pub(super) redacted: Option<Vec<(Arc<str>, u64)>>,
    pub(super) problems: Vec<Arc<str>>,
}

pub(super) fn read(fields: &mut Fields<'_>) -> Ending {
    let dict = fields.dict(fields.pickle.root(), "the closing part").unwrap_or_else(|| fields.empty());
    let pickle = fields.pickle;
    let mut known = Known::default();
    for node in fields.list(&dict, "cut") {
        if let Some(&[object, _captured, length]) = pickle.as_slice(node).and_then(|items| items.first_chunk::<3>())
            && let (Some(object), Some(length)) = (fields.number_of(object), fields.count_of(length))
        {
            known.cut.insert(object, length);
        }
    }
    for node in fields.list(&dict, "changed") {
        known.changed.extend(fields.number_of(node));
    }
    if fields.value(&dict, "rests").is_some() {
        let mut rests: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for node in fields.list(&dict, "rests") {
            if let Some(&[owner, rest]) = pickle.as_slice(node).and_then(|items| items.first_chunk::<2>())
                && let (Some(owner), Some(rest)) = (fields.number_of(owner), fields.number_of(rest))
            {
                rests.entry(owner).or_default().push(rest);
            }
        }
        known.rests = Some(rests);
    }
    let redacted = fields.value(&dict, "redacted").is_some().then(|| fields.counts(&dict, "redacted"));
    let end = End {
        objects_seen: fields.count(&dict, "objects_seen"),
        objects_written: fields.count(&dict, "objects_written"),
        bytes_written: fields.count(&dict, "bytes_written"),
        seconds: fields.float(&dict, "seconds"),
        stopped: fields.text(&dict, "stopped"),
        counts: fields.counts(&dict, "counts"),
        brief: fields.counts(&dict, "brief"),
        cut: known.cut.len(),
        changed: known.changed.len(),
    };
    Ending { end, known, redacted, problems: fields.texts(&dict, "problems") }
}
