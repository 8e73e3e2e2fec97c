//! DWARF 5: what an image's addresses mean.

mod frame;
mod info;
mod line;
mod types;

use gimli::write::{Dwarf, EndianVec, Sections, Unit, UnitEntryId, Writer};
use gimli::{Encoding, Format, LittleEndian};

use crate::activation::Stacks;
use crate::layout::{Layout, Variable};
use crate::paths::Paths;
use crate::types::Types;

/// What the debugging information is made of.
pub(crate) struct Facts<'a> {
    pub(crate) stacks: &'a Stacks<'a>,
    pub(crate) variables: &'a [Vec<Variable<'a>>],
    pub(crate) types: &'a Types,
    pub(crate) layout: &'a Layout,
    pub(crate) paths: &'a Paths<'a>,
    /// Where the sources are.
    pub(crate) source_directory: &'a str,
}

const ENCODING: Encoding = Encoding { format: Format::Dwarf32, version: 5, address_size: 8 };

/// The sections, by their names, those that are not empty.
///
/// # Errors
/// Where a section would have more than 4 GiB.
pub(crate) fn sections(facts: &Facts<'_>) -> Result<Vec<(&'static str, Vec<u8>)>, gimli::write::Error> {
    let mut dwarf = Dwarf::new();
    let (program, files) = line::program(facts, &mut dwarf.line_strings);
    let mut unit = Building { unit: Unit::new(ENCODING, program), strings: &mut dwarf.strings };
    info::unit(facts, &files, &mut unit);
    let unit = unit.unit;
    dwarf.units.add(unit);
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    dwarf.write(&mut sections)?;
    frame::table(facts.stacks).write_debug_frame(&mut sections.debug_frame)?;
    let mut found = Vec::new();
    sections.for_each_mut(|id, section| {
        if section.len() > 0 {
            found.push((id.name(), section.take()));
        }
        Ok::<(), gimli::write::Error>(())
    })?;
    Ok(found)
}

/// A unit while it is built.
struct Building<'a> {
    unit: Unit,
    strings: &'a mut gimli::write::StringTable,
}

impl Building<'_> {
    /// A new entry below another, or below the unit.
    fn add(&mut self, parent: Option<UnitEntryId>, tag: gimli::DwTag) -> UnitEntryId {
        self.unit.add(parent.unwrap_or(self.unit.root()), tag)
    }

    /// Sets an attribute of an entry, of the unit's where there is none.
    fn set(&mut self, entry: Option<UnitEntryId>, name: gimli::DwAt, value: gimli::write::AttributeValue) {
        let entry = entry.unwrap_or(self.unit.root());
        self.unit.get_mut(entry).set(name, value);
    }

    /// Names an entry. The name must be clean.
    fn name(&mut self, entry: Option<UnitEntryId>, name: &str) {
        let name = self.strings.add(name);
        self.set(entry, gimli::DW_AT_name, gimli::write::AttributeValue::StringRef(name));
    }
}
