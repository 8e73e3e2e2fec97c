//! Functions and their variables. A type is static, and one function has variables of other types each time it is called: so
//! there is one function for each activation.

use gimli::write::{Address, AttributeValue, Expression, FileId};
use gimli::{X86_64, constants as dw};

use super::types::TypeEntries;
use super::{Building, Facts, line};
use crate::activation::Code;
use crate::layout::{FUNCTION, Held, LINKAGE, TEXT, function};
use crate::name::clean;
use crate::types::Type;

/// Fills the unit. `files` has the file of each activation.
pub(super) fn unit(facts: &Facts<'_>, files: &[FileId], out: &mut Building<'_>) {
    let end = function(facts.stacks.activations.len());
    out.name(None, "crashsite");
    let producer = out.strings.add(concat!("crashsite ", env!("CARGO_PKG_VERSION")));
    let directory = out.strings.add(facts.source_directory);
    out.set(None, dw::DW_AT_producer, AttributeValue::StringRef(producer));
    out.set(None, dw::DW_AT_comp_dir, AttributeValue::StringRef(directory));
    // The language whose expressions are nearest to Python's: names stay as they are, and text prints as text.
    out.set(None, dw::DW_AT_language, AttributeValue::Language(dw::DW_LANG_C11));
    out.set(None, dw::DW_AT_low_pc, AttributeValue::Address(Address::Constant(TEXT)));
    out.set(None, dw::DW_AT_high_pc, AttributeValue::Udata(end - TEXT));
    let mut types = TypeEntries::new(facts.types, &facts.layout.lines, out);
    for (index, activation) in facts.stacks.activations.iter().enumerate() {
        let (name, first_line) = match &activation.code {
            Code::Frame(frame) => {
                let name = frame.qualname.as_ref().filter(|name| !name.is_empty()).unwrap_or(&frame.function);
                (clean(name), frame.firstlineno)
            }
            Code::Note(note) => (clean(note), None),
        };
        let subprogram = Some(out.add(None, dw::DW_TAG_subprogram));
        out.name(subprogram, &name);
        if let Some(file) = files.get(index) {
            out.set(subprogram, dw::DW_AT_decl_file, AttributeValue::FileIndex(Some(*file)));
            out.set(subprogram, dw::DW_AT_decl_line, AttributeValue::Udata(line::number(first_line)));
        }
        out.set(subprogram, dw::DW_AT_prototyped, AttributeValue::FlagPresent);
        out.set(subprogram, dw::DW_AT_low_pc, AttributeValue::Address(Address::Constant(function(index))));
        out.set(subprogram, dw::DW_AT_high_pc, AttributeValue::Udata(FUNCTION));
        // Not by the call frame: in the outermost function, that has no return address, debuggers cannot tell it.
        let mut base = Expression::new();
        base.op_breg(X86_64::RBP, LINKAGE as i64);
        out.set(subprogram, dw::DW_AT_frame_base, AttributeValue::Exprloc(base));
        let variables = facts.variables.get(index).map_or(&[][..], Vec::as_slice);
        let call_frame = facts.layout.places.get(index).map_or(0, |place| place.frame + LINKAGE);
        let mut slots = 0;
        for variable in variables {
            let argument = variable.local.scope == crashsite_model::Scope::Arg;
            let tag = if argument { dw::DW_TAG_formal_parameter } else { dw::DW_TAG_variable };
            let entry = Some(out.add(subprogram, tag));
            out.name(entry, &clean(&variable.local.name));
            let of = types.entry(variable.of, out);
            out.set(entry, dw::DW_AT_type, AttributeValue::UnitRef(of));
            let mut location = Expression::new();
            location.op_fbreg(match variable.held {
                Held::Slot(_) => {
                    slots += 1;
                    -(LINKAGE as i64) - 8 * slots
                }
                // From the frame as well, far as it is: so the variable is a local one for lldb, and gdb, which takes it for a
                // part of the stack, keeps what it reads there. A text that each call of a deep recursion has is read once.
                Held::At(address) => address.wrapping_sub(call_frame) as i64,
            });
            out.set(entry, dw::DW_AT_location, AttributeValue::Exprloc(location));
        }
    }
    objects(facts, &mut types, out);
    types.finish(out);
}

/// A global variable for each object that is laid out and shows somewhere as one line, named by its address, which is the value
/// of the line: from there its type is known.
fn objects(facts: &Facts<'_>, types: &mut TypeEntries<'_>, out: &mut Building<'_>) {
    let layout = facts.layout;
    for (address, _) in &layout.lines {
        let Some(node) = layout.node_at(*address).filter(|node| layout.node(*node) == *address) else { continue };
        let of = facts.types.node(node);
        if !matches!(of, Type::Struct(_) | Type::Array(..)) {
            continue;
        }
        let entry = Some(out.add(None, dw::DW_TAG_variable));
        out.name(entry, &format!("object_{address:#x}"));
        let of = types.entry(of, out);
        out.set(entry, dw::DW_AT_type, AttributeValue::UnitRef(of));
        out.set(entry, dw::DW_AT_external, AttributeValue::FlagPresent);
        let mut location = Expression::new();
        location.op_addr(Address::Constant(*address));
        out.set(entry, dw::DW_AT_location, AttributeValue::Exprloc(location));
    }
}
