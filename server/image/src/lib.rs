//! The process that a native debugger sees of a dump.
//!
//! An [`Image`] has what such a process has: an executable with debugging information, memory, and the registers of each
//! thread. Nothing of it ever ran. It is made so that a debugger finds the frames of Python by unwinding the stack, as if they
//! were functions of C, and in their variables the objects of the dump, under types that print as a person who knows Python
//! reads them.
//!
//! Pure: no I/O. The same dump, options and version give the same bytes.

mod activation;
mod dwarf;
mod elf;
mod encode;
mod label;
mod layout;
mod limits;
mod memory;
mod name;
mod paths;
mod reach;
mod registers;
mod shape;
mod slot;
mod types;

use std::fmt;

use crashsite_model::Dump;

pub use activation::Stack;
pub use limits::Limits;
pub use paths::printable;
pub use registers::Registers;

use activation::Stacks;
use encode::Encoder;
use layout::{Layout, Variable};
use memory::Memory;
use paths::Paths;
use reach::Reach;
use types::Types;

/// How an image is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What it may take.
    pub limits: Limits,
    /// Where the sources of the dump are, as [`crashsite_view::extract`] names them. A debugger looks there.
    pub source_directory: String,
}

/// An image could not be made.
#[derive(Debug, Clone)]
pub struct Error {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A frame of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Index of the stack in [`Image::stacks`].
    pub stack: usize,
    /// Its number there, 0 the innermost.
    pub number: usize,
}

/// The image of a dump.
pub struct Image<'a> {
    dump: &'a Dump,
    limits: Limits,
    stacks: Stacks<'a>,
    reach: Reach,
    types: Types,
    layout: Layout,
    variables: Vec<Vec<Variable<'a>>>,
    paths: Paths<'a>,
    source_directory: String,
    build_id: elf::BuildId,
    elf: Vec<u8>,
}

impl fmt::Debug for Image<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stacks = &self.stacks.stacks;
        out.debug_struct("Image").field("stacks", stacks).field("elf", &self.elf.len()).finish_non_exhaustive()
    }
}

impl<'a> Image<'a> {
    /// Makes the image. Of the heap it reads what is within reach of the frames, up to the limits.
    ///
    /// # Errors
    /// Where the executable would be too large.
    pub fn of(dump: &'a Dump, options: &Options) -> Result<Self, Error> {
        let limits = options.limits;
        let stacks = Stacks::of(dump, &limits);
        let reach = Reach::of(dump, stacks.roots(), &limits);
        let types = Types::of(dump, &reach, &limits);
        let (layout, variables) = Layout::of(dump, &stacks, &reach, &types);
        let source_directory = match options.source_directory.replace('\0', "") {
            directory if directory.is_empty() => ".".to_owned(),
            directory => directory,
        };
        let paths = Paths::of(dump);
        let facts = dwarf::Facts {
            stacks: &stacks,
            variables: &variables,
            types: &types,
            layout: &layout,
            paths: &paths,
            source_directory: &source_directory,
        };
        let debug = dwarf::sections(&facts).map_err(too_large)?;
        let build_id = elf::build_id(&debug);
        let text_end = layout::function(stacks.activations.len());
        let elf = elf::file(text_end, &layout, &debug, &build_id).map_err(too_large)?;
        Ok(Image { dump, limits, stacks, reach, types, layout, variables, paths, source_directory, build_id, elf })
    }

    /// The executable.
    pub fn elf(&self) -> &[u8] {
        &self.elf
    }

    /// What the executable is known by, in hexadecimal digits.
    pub fn build_id(&self) -> String {
        self.build_id.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The text of a source, from the dump, by the path that the debugging information gives it.
    pub fn source(&self, path: &str) -> Option<String> {
        let path = path.strip_prefix(&self.source_directory)?.strip_prefix('/')?;
        self.paths.text(self.dump, path)
    }

    /// The stacks, that of the crashed thread first; there is at least one.
    pub fn stacks(&self) -> &[Stack] {
        &self.stacks.stacks
    }

    /// The registers of a stack's innermost frame.
    pub fn registers(&self, stack: usize) -> Option<Registers> {
        let innermost = self.stacks.stacks.get(stack)?.activations.start;
        let place = self.layout.places.get(innermost)?;
        Some(Registers { instruction: layout::call(innermost), stack: place.bottom, frame: place.frame })
    }

    /// Fills the buffer with what stands from an address on, as far as there is memory; says how far.
    pub fn read(&self, address: u64, buffer: &mut [u8]) -> usize {
        let objects = Encoder {
            dump: self.dump,
            limits: &self.limits,
            reach: &self.reach,
            types: &self.types,
            layout: &self.layout,
        };
        Memory { objects, stacks: &self.stacks, variables: &self.variables }.read(address, buffer)
    }

    /// The frame that an instruction belongs to: no two frames share one.
    pub fn level(&self, instruction: u64) -> Option<Level> {
        let activation = layout::activation_at(instruction)?;
        let stack = self.stacks.stacks.iter().position(|stack| stack.activations.contains(&activation))?;
        let number = activation - self.stacks.stacks.get(stack)?.activations.start;
        Some(Level { stack, number })
    }

    /// What the limits have left out, in one sentence; `None` where nothing was.
    pub fn left_out(&self) -> Option<String> {
        let Limits { frames, variables, distance, members, elements, .. } = self.limits;
        let cut = &self.reach.cut;
        let reasons = [
            (self.stacks.cut.frames, frames, "frames (--max-frames)"),
            (self.stacks.cut.variables, variables, "local variables (--max-variables)"),
            (cut.members, members, "members and elements in all (--max-members)"),
            (cut.elements, elements, "elements of one object (--max-elements)"),
            (cut.distance, distance, "steps from a variable (--max-distance)"),
        ];
        let met: Vec<String> =
            reasons.iter().filter(|(met, ..)| *met).map(|(_, most, what)| format!("more than {most} {what}")).collect();
        (!met.is_empty()).then(|| format!("not all is laid out for gdb: {}", met.join("; ")))
    }
}

fn too_large(error: impl fmt::Display) -> Error {
    Error {
        message: format!("the dump makes no executable: {error}"),
        remedy: "Lower --max-members or --max-frames: less of it is laid out then.".to_owned(),
    }
}
