//! The bytes of `bytes` and `bytearray`. Offsets count from the value's first byte: where it lay in the process says nothing
//! about where its bytes did.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crashsite_model::{Dump, Kind, Payload};

use crate::session::Session;
use crate::types::{ReadMemoryArguments, ReadMemoryBody};
use crate::wire::{Answer, Refusal, body};

/// Bytes of one answer.
const MOST: usize = 1 << 20;

/// The name of a value's bytes, where it has some.
pub(crate) fn reference(dump: &Dump, number: Option<u32>) -> Option<String> {
    let object = dump.heap.object(number?)?;
    (object.kind() == Kind::Bytes).then(|| format!("bytes {}", object.number))
}

impl Session<'_, '_> {
    pub(crate) fn read_memory(&self, arguments: &ReadMemoryArguments) -> Answer {
        let number = arguments.memory_reference.strip_prefix("bytes ").and_then(|number| number.parse().ok());
        let object = number.and_then(|number| self.dump.heap.object(number));
        let Some(Payload::Bytes(bytes)) = object.as_ref().map(crashsite_model::Object::payload) else {
            return Err(Refusal::quiet("there are no bytes of that name"));
        };
        let offset = arguments.offset.unwrap_or(0);
        let wanted = usize::try_from(arguments.count).unwrap_or(0);
        let from = usize::try_from(offset).ok();
        let rest = from.and_then(|from| bytes.get(from..)).unwrap_or_default();
        let read = rest.get(..wanted.min(MOST)).unwrap_or(rest);
        // Past the end there is nothing; past what one answer holds there is more.
        let missing = if read.len() == rest.len() { wanted - read.len() } else { 0 };
        body(ReadMemoryBody {
            address: format!("0x{:x}", offset.max(0)),
            data: (!read.is_empty()).then(|| STANDARD.encode(read)),
            unreadable_bytes: i64::try_from(missing).ok().filter(|missing| *missing > 0),
        })
    }
}
