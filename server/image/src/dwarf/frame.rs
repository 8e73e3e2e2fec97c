//! How to get from a frame to its caller: by the frame pointer.

use gimli::write::{Address, CallFrameInstruction, CommonInformationEntry, FrameDescriptionEntry, FrameTable};
use gimli::{Encoding, Format, X86_64};

use crate::activation::Stacks;
use crate::layout::{FUNCTION, LINKAGE, function};

/// The version of this section that goes with every version of DWARF from 4 on.
const ENCODING: Encoding = Encoding { format: Format::Dwarf32, version: 4, address_size: 8 };

/// The table: for each stack one entry for all but its outermost function, and one for that.
pub(super) fn table(stacks: &Stacks<'_>) -> FrameTable {
    let mut table = FrameTable::default();
    let called = table.add_cie(rules(CallFrameInstruction::Offset(X86_64::RA, -8)));
    // Nothing to return to, where a return address of 0 would show as one more frame.
    let outermost = table.add_cie(rules(CallFrameInstruction::Undefined(X86_64::RA)));
    let entry = |first: usize, count: usize| {
        FrameDescriptionEntry::new(Address::Constant(function(first)), (count as u64 * FUNCTION) as u32)
    };
    for stack in &stacks.stacks {
        let Some(last) = stack.activations.end.checked_sub(1) else { continue };
        let others = last.saturating_sub(stack.activations.start);
        if others > 0 {
            table.add_fde(called, entry(stack.activations.start, others));
        }
        table.add_fde(outermost, entry(last, 1));
    }
    table
}

/// The caller's stack pointer is where the call frame ends, on x86-64, without a rule; lldb 14 would not understand one.
fn rules(return_address: CallFrameInstruction) -> CommonInformationEntry {
    let mut rules = CommonInformationEntry::new(ENCODING, 1, -8, X86_64::RA);
    let linkage = LINKAGE as i32;
    rules.add_instruction(CallFrameInstruction::Cfa(X86_64::RBP, linkage));
    rules.add_instruction(CallFrameInstruction::Offset(X86_64::RBP, -linkage));
    rules.add_instruction(return_address);
    rules
}
