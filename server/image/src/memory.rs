//! What stands at an address. Objects become bytes when they are read. There is memory or none in whole pages only, as in
//! every process: lldb reads blocks, and crashes where one ends early.

use crate::activation::Stacks;
use crate::encode::Encoder;
use crate::layout::{self, CODE, FUNCTION, HEAP, LINKAGE, PAGE, TEXT, Variable, slots};
use crate::slot::COUNT;

/// The memory of an image.
pub(crate) struct Memory<'a> {
    pub(crate) objects: Encoder<'a>,
    pub(crate) stacks: &'a Stacks<'a>,
    pub(crate) variables: &'a [Vec<Variable<'a>>],
}

impl Memory<'_> {
    /// Fills the buffer as far as there is memory from the address on; says how far.
    pub(crate) fn read(&self, address: u64, buffer: &mut [u8]) -> usize {
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let Some(start) = address.checked_add(done as u64) else { break };
            let taken = self.text(start, rest).or_else(|| self.heap(start, rest)).or_else(|| self.stack(start, rest));
            match taken {
                Some(taken) if taken > 0 => done += taken,
                _ => break,
            }
        }
        done
    }

    fn text(&self, address: u64, buffer: &mut [u8]) -> Option<usize> {
        let end = (TEXT + FUNCTION * (self.stacks.activations.len() as u64 + 1)).next_multiple_of(PAGE);
        let within = address.checked_sub(TEXT).filter(|_| address < end)? % FUNCTION;
        copy(&CODE, within, buffer)
    }

    fn heap(&self, address: u64, buffer: &mut [u8]) -> Option<usize> {
        let layout = self.objects.layout;
        if !(HEAP..layout.heap_end).contains(&address) {
            return None;
        }
        let node = layout.node_at(address);
        let next = node.map_or(0, |node| node + 1);
        let mut end = layout.node(next).checked_sub(COUNT).unwrap_or(layout.heap_end);
        if let Some((index, node)) = node.and_then(|index| Some((index, self.objects.reach.nodes.get(index)?))) {
            let start = layout.node(index) - COUNT;
            let bytes = self.objects.node(index, node);
            if let Some(taken) = copy(&bytes, address - start, buffer) {
                return Some(taken);
            }
        }
        end = end.max(address + 1);
        let gap = buffer.len().min(usize::try_from(end - address).unwrap_or(usize::MAX));
        buffer.get_mut(..gap)?.fill(0);
        Some(gap)
    }

    fn stack(&self, address: u64, buffer: &mut [u8]) -> Option<usize> {
        let places = &self.objects.layout.places;
        let index = places.partition_point(|place| place.bottom <= address).checked_sub(1)?;
        let (place, activation) = (places.get(index)?, self.stacks.activations.get(index)?);
        let variables = self.variables.get(index).map_or(&[][..], Vec::as_slice);
        let mut bytes = vec![0; usize::try_from(place.frame - place.bottom).ok()?];
        for (slot, content) in bytes.rchunks_exact_mut(8).zip(slots(variables)) {
            slot.copy_from_slice(&content.to_le_bytes());
        }
        let (caller, back) = match places.get(index + 1) {
            Some(caller) if !activation.outermost => (caller.frame, layout::call(index + 1)),
            _ => (0, 0),
        };
        bytes.extend(caller.to_le_bytes());
        bytes.extend(back.to_le_bytes());
        if activation.outermost {
            let end = (place.frame + LINKAGE).next_multiple_of(PAGE);
            bytes.resize(usize::try_from(end - place.bottom).ok()?, 0);
        }
        copy(&bytes, address - place.bottom, buffer)
    }
}

/// Copies what there is from an offset on; `None` where there is nothing.
fn copy(bytes: &[u8], offset: u64, buffer: &mut [u8]) -> Option<usize> {
    let bytes = bytes.get(usize::try_from(offset).ok()?..).filter(|bytes| !bytes.is_empty())?;
    let length = bytes.len().min(buffer.len());
    buffer.get_mut(..length)?.copy_from_slice(bytes.get(..length)?);
    Some(length)
}
