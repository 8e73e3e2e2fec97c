//! The line table: all of a function is at the line where its frame is.

use gimli::LineEncoding;
use gimli::write::{Address, FileId, LineProgram, LineString, LineStringTable};

use super::{ENCODING, Facts};
use crate::activation::Code;
use crate::layout::{FUNCTION, TEXT, function};

/// What stands where no file is known.
const NO_FILE: &str = "<unknown>";
/// No line number of a file is greater: debuggers count in 32 bits.
const LAST_LINE: u64 = i32::MAX as u64;

/// A line number that debuggers take; 0 where it is unknown.
pub(super) fn number(line: Option<u64>) -> u64 {
    line.unwrap_or(0).min(LAST_LINE)
}

/// The program, and the file of each activation.
pub(super) fn program(facts: &Facts<'_>, strings: &mut LineStringTable) -> (LineProgram, Vec<FileId>) {
    let mut string = |text: &str| LineString::new(text, ENCODING, strings);
    // Names are relative to the unit's directory. Where it stands here, too, gdb shows all of it.
    let (directory, first) = (string(""), string(NO_FILE));
    let mut program = LineProgram::new(ENCODING, LineEncoding::default(), directory, None, first.clone(), None);
    let directory = program.default_directory();
    let unknown = program.add_file(first, directory, None);
    let mut files = Vec::with_capacity(facts.stacks.activations.len());
    program.begin_sequence(Some(Address::Constant(TEXT)));
    program.row().file = unknown;
    program.row().line = 0;
    program.generate_row();
    for (index, activation) in facts.stacks.activations.iter().enumerate() {
        let (file, line) = match activation.code {
            Code::Frame(frame) => {
                let path = facts.paths.name(&frame.file);
                let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
                let parent = program.add_directory(string(parent));
                (program.add_file(string(name), parent, None), number(frame.line))
            }
            Code::Note(_) => (unknown, 0),
        };
        files.push(file);
        let row = program.row();
        row.address_offset = function(index) - TEXT;
        row.file = file;
        row.line = line;
        program.generate_row();
    }
    program.end_sequence(function(facts.stacks.activations.len()) - TEXT + FUNCTION);
    (program, files)
}
