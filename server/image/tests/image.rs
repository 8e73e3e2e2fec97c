//! An image, read as a debugger reads it: the executable by gimli and object, the stack by the rules in it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../../model/tests/support/mod.rs"]
mod support;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crashsite_image::{Image, Level, Limits, Options};
use crashsite_model::{Dump, Local};
use crashsite_view::value::Value;
use gimli::read::{BaseAddresses, CfaRule, DebugFrame, EndianSlice, RegisterRule, UnwindContext, UnwindSection as _};
use gimli::{AttributeValue, LittleEndian, Operation, X86_64};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _};
use proptest::prelude::*;
use support::{Class, Obj, local, whole};

type Reader<'a> = EndianSlice<'a, LittleEndian>;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/captured/pyheapdump-2.7");
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "dump"));
    found.sort();
    assert!(found.len() > 10);
    found
}

fn open(path: &Path) -> Dump {
    Dump::open(Arc::new(fs::read(path).unwrap()), crashsite_model::Limits::default()).unwrap()
}

/// A section of an image's executable.
fn section<'a>(elf: &object::File<'a>, name: &str) -> Cow<'a, [u8]> {
    elf.section_by_name(name).map_or(Cow::Borrowed(&[]), |section| section.uncompressed_data().unwrap())
}

fn word(image: &Image<'_>, address: u64) -> u64 {
    let mut bytes = [0; 8];
    assert_eq!(image.read(address, &mut bytes), 8, "at {address:#x}");
    u64::from_le_bytes(bytes)
}

/// A frame as the rules of the executable give it.
struct Found {
    instruction: u64,
    frame_pointer: u64,
}

/// Unwinds a stack, at most as far as there are frames in the image.
fn unwind(image: &Image<'_>, stack: usize, most: usize) -> Vec<Found> {
    let elf = object::File::parse(image.elf()).unwrap();
    let data = section(&elf, ".debug_frame");
    let mut table = DebugFrame::new(&data, LittleEndian);
    table.set_address_size(8);
    let (bases, mut context) = (BaseAddresses::default(), UnwindContext::new());
    let registers = image.registers(stack).unwrap();
    let (mut instruction, mut frame_pointer) = (registers.instruction, registers.frame);
    let mut found = Vec::new();
    while found.len() <= most {
        found.push(Found { instruction, frame_pointer });
        // A return address is one past the call; the innermost is in its function all the same.
        let row =
            table.unwind_info_for_address(&bases, &mut context, instruction - 1, DebugFrame::cie_from_offset).unwrap();
        let CfaRule::RegisterAndOffset { register: X86_64::RBP, offset } = *row.cfa() else {
            panic!("{:?}", row.cfa())
        };
        let cfa = frame_pointer.checked_add_signed(offset).unwrap();
        let Some(RegisterRule::Offset(saved)) = row.register(X86_64::RBP) else {
            panic!("no rule for the frame pointer")
        };
        match row.register(X86_64::RA) {
            Some(RegisterRule::Undefined) => return found,
            Some(RegisterRule::Offset(back)) => instruction = word(image, cfa.checked_add_signed(back).unwrap()),
            other => panic!("{other:?}"),
        }
        frame_pointer = word(image, cfa.checked_add_signed(saved).unwrap());
    }
    panic!("the stack has no end")
}

#[test]
fn every_frame_is_found_by_unwinding() {
    for path in fixtures() {
        let dump = open(&path);
        let image = Image::of(&dump, &Options::default()).unwrap();
        assert!(image.stacks().len() >= dump.threads.len());
        for index in 0..image.stacks().len() {
            let frames = unwind(&image, index, dump.frames.len());
            for (number, frame) in frames.iter().enumerate() {
                assert_eq!(image.level(frame.instruction), Some(Level { stack: index, number }), "{}", path.display());
            }
            if let Some(thread) = dump.threads.get(index) {
                assert_eq!(frames.len(), thread.frames.len().max(1), "{}", path.display());
            }
        }
    }
}

/// A variable of a function, as the executable describes it.
struct Variable {
    name: String,
    /// From the frame's base.
    offset: i64,
    /// A signed integer of eight bytes.
    int: bool,
}

/// The functions: their addresses, names and variables. The global variables are checked: they are named by where they are.
fn functions(image: &Image<'_>) -> Vec<(u64, String, Vec<Variable>)> {
    let elf = object::File::parse(image.elf()).unwrap();
    let load = |id: gimli::SectionId| -> Result<Cow<'_, [u8]>, gimli::Error> { Ok(section(&elf, id.name())) };
    let sections = gimli::DwarfSections::load(load).unwrap();
    let dwarf = sections.borrow(|bytes| EndianSlice::new(bytes, LittleEndian));
    let header = dwarf.units().next().unwrap().unwrap();
    let unit = dwarf.unit(header).unwrap();
    let text = |value: AttributeValue<Reader<'_>>| {
        let text = dwarf.attr_string(&unit, value).unwrap().to_string().unwrap().to_owned();
        assert!(!text.is_empty() && !text.contains(char::is_control), "{text:?}");
        text
    };
    let mut found: Vec<(u64, String, Vec<Variable>)> = Vec::new();
    let mut entries = unit.entries();
    while let Some(entry) = entries.next_dfs().unwrap() {
        let name = entry.attr_value(gimli::DW_AT_name).map(&text);
        match entry.tag() {
            gimli::DW_TAG_subprogram => {
                let Some(AttributeValue::Addr(start)) = entry.attr_value(gimli::DW_AT_low_pc) else { panic!() };
                found.push((start, name.unwrap(), Vec::new()));
            }
            gimli::DW_TAG_variable | gimli::DW_TAG_formal_parameter => {
                let Some(AttributeValue::Exprloc(location)) = entry.attr_value(gimli::DW_AT_location) else { panic!() };
                let mut operations = location.operations(unit.encoding());
                let offset = match operations.next().unwrap() {
                    Some(Operation::FrameOffset { offset }) => offset,
                    Some(Operation::Address { address }) => {
                        assert_eq!(name.unwrap(), format!("object_{address:#x}"));
                        assert_eq!(image.read(address, &mut [0]), 1, "nothing is at {address:#x}");
                        continue;
                    }
                    other => panic!("{other:?}"),
                };
                assert!(operations.next().unwrap().is_none());
                let Some(AttributeValue::UnitRef(of)) = entry.attr_value(gimli::DW_AT_type) else { panic!() };
                let of = unit.entry(of).unwrap();
                let int = of.tag() == gimli::DW_TAG_base_type
                    && of.attr_value(gimli::DW_AT_byte_size).unwrap().udata_value() == Some(8)
                    && of.attr_value(gimli::DW_AT_encoding) == Some(AttributeValue::Encoding(gimli::DW_ATE_signed));
                found.last_mut().unwrap().2.push(Variable { name: name.unwrap(), offset, int });
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_variable_lies_in_memory() {
    let mut ints = 0;
    for path in fixtures() {
        let dump = open(&path);
        let image = Image::of(&dump, &Options::default()).unwrap();
        let functions = functions(&image);
        for index in 0..image.stacks().len() {
            let Some(thread) = dump.threads.get(index) else { continue };
            let frames = unwind(&image, index, dump.frames.len());
            for (found, number) in frames.iter().zip(&thread.frames) {
                let frame = &dump.frames[*number];
                let after = functions.partition_point(|function| function.0 <= found.instruction);
                let (_, name, variables) = &functions[after - 1];
                assert!(*name == *frame.function || frame.qualname.as_deref() == Some(name));
                let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
                assert_eq!(names, frame.locals.iter().map(|local| &*local.name).collect::<Vec<_>>());
                for (variable, local) in variables.iter().zip(&frame.locals) {
                    let address = (found.frame_pointer + 16).checked_add_signed(variable.offset).unwrap();
                    assert_eq!(image.read(address, &mut [0]), 1, "nothing is at {address:#x}");
                    if variable.int {
                        assert_eq!((word(&image, address) as i64).to_string(), repr(&dump, local));
                        ints += 1;
                    }
                }
            }
        }
    }
    assert!(ints > 20, "{ints}");
}

/// What the answers show of a local.
fn repr(dump: &Dump, local: &Local) -> String {
    Value::of_local(dump, local).repr.trim_end_matches('L').to_owned()
}

#[test]
fn the_same_dump_gives_the_same_bytes() {
    for path in fixtures() {
        let options = Options { source_directory: "/somewhere".to_owned(), ..Options::default() };
        let (one, two) = (open(&path), open(&path));
        let (one, two) = (Image::of(&one, &options).unwrap(), Image::of(&two, &options).unwrap());
        assert_eq!(one.elf(), two.elf());
    }
}

#[test]
fn names_that_are_no_names() {
    for name in ["", "\0", "a\0b", "\u{1b}[2J\u{202e}", "main", "int", &"x".repeat(1 << 20)] {
        let mut dump = open(&fixtures()[0]);
        for frame in &mut dump.frames {
            (frame.function, frame.file) = (name.into(), name.into());
            (frame.qualname, frame.line) = (None, Some(u64::MAX));
            frame.locals.iter_mut().for_each(|local| local.name = name.into());
        }
        dump.threads.iter_mut().for_each(|thread| thread.name = Some(name.into()));
        let options = Options { source_directory: name.to_owned(), ..Options::default() };
        let image = Image::of(&dump, &options).unwrap();
        assert!(functions(&image).iter().all(|function| function.1.chars().count() <= 251));
        let elf = object::File::parse(image.elf()).unwrap();
        assert!(elf.symbols().all(|symbol| !symbol.name().unwrap().contains(char::is_control)));
        assert_eq!(unwind(&image, 0, dump.frames.len()).len(), dump.threads[0].frames.len());
    }
}

#[test]
fn nothing_to_show() {
    let mut dump = open(&fixtures()[0]);
    dump.threads.clear();
    dump.exceptions.clear();
    let image = Image::of(&dump, &Options::default()).unwrap();
    assert_eq!(image.stacks().len(), 1);
    assert_eq!(unwind(&image, 0, 1).len(), 1);
}

#[test]
fn a_stack_that_is_too_deep_says_so() {
    let mut dump = open(&fixtures()[0]);
    let frame = dump.threads[0].frames[0];
    dump.threads[0].frames = vec![frame; 1000];
    let limits = Limits { frames: 10, ..Limits::default() };
    let image = Image::of(&dump, &Options { limits, ..Options::default() }).unwrap();
    assert_eq!(unwind(&image, 0, 100).len(), 11);
    assert!(
        functions(&image)
            .iter()
            .any(|function| function.1.contains("990 more frames") && function.1.contains("--max-frames"))
    );
}

#[test]
fn a_frame_that_is_everywhere() {
    let mut dump = open(&fixtures()[0]);
    let mut frame = dump.frames[0].clone();
    frame.locals = vec![frame.locals[0].clone(); 10_000];
    dump.frames = vec![frame];
    dump.threads[0].frames = vec![0; 1_000_000];
    dump.threads = vec![dump.threads[0].clone(); 100];
    let image = Image::of(&dump, &Options::default()).unwrap();
    let variables: usize = functions(&image).iter().map(|function| function.2.len()).sum();
    assert_eq!(variables, Limits::default().variables);
    let left_out = image.left_out().unwrap();
    assert!(left_out.contains("--max-frames") && left_out.contains("--max-variables"), "{left_out}");
}

#[test]
fn a_crash_without_a_thread() {
    let mut dump = open(&fixtures()[0]);
    dump.threads.clear();
    dump.exceptions[0].frames = vec![0];
    let image = Image::of(&dump, &Options::default()).unwrap();
    assert!(image.stacks()[0].name.starts_with("crash: "), "{:?}", image.stacks());
}

/// An object of any kind that refers to any others, to itself, and to what is not there.
fn any_object() -> impl Strategy<Value = Obj> {
    let number = || 0..40_u32;
    let numbers = proptest::collection::vec(number(), 0..12);
    let attributes = proptest::collection::vec((0..3_u32, number()), 0..4);
    let pairs = proptest::collection::vec((number(), number()), 0..6);
    let kind = prop_oneof![1..=26_u8, Just(8), Just(13), Just(14)];
    (kind, 0..4_u32, attributes, numbers, pairs, any::<i64>(), "\\PC{0,12}|a{300}").prop_map(
        |(kind, class, attributes, elements, pairs, int, text)| Obj {
            kind,
            class,
            attributes,
            elements,
            pairs,
            int,
            note: text.clone(),
            text,
            ..Obj::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever the limits: the executable can be read, and all memory that it speaks of.
    #[test]
    fn any_limits(
        fixture in 0..14_usize,
        frames in 0..20_usize,
        variables in 0..50_usize,
        distance in 0..4_usize,
        members in 0..200_usize,
        elements in 0..10_usize,
        value_bytes in 0..40_usize,
        reads in proptest::collection::vec((any::<u64>(), 0..300_usize), 20),
    ) {
        let paths = fixtures();
        let dump = open(&paths[fixture % paths.len()]);
        let limits = Limits { frames, variables, distance, members, elements, value_bytes };
        let image = Image::of(&dump, &Options { limits, ..Options::default() }).unwrap();
        for function in functions(&image) {
            word(&image, function.0);
        }
        for stack in 0..image.stacks().len() {
            unwind(&image, stack, frames + 1);
        }
        let elf = object::File::parse(image.elf()).unwrap();
        let heap = elf.section_by_name(".heap").unwrap();
        let mut whole = vec![1; heap.size() as usize];
        prop_assert_eq!(image.read(heap.address(), &mut whole), whole.len());
        for (seed, length) in reads {
            // The same bytes, however they are asked for.
            let offset = (seed % heap.size()) as usize;
            let mut part = vec![2; length.min(whole.len() - offset)];
            prop_assert_eq!(image.read(heap.address() + offset as u64, &mut part), part.len());
            prop_assert_eq!(&part, &whole[offset..offset + part.len()]);
            image.read(seed, &mut part);
            image.level(seed);
        }
    }

    /// Whatever the objects are, and however they refer to each other.
    #[test]
    fn any_objects(objects in proptest::collection::vec(any_object(), 30)) {
        let classes: &[Class] = &[
            ("shop", "Order", "object", &[]),
            ("shop", "Point", "namedtuple", &["x", "y"]),
            ("builtins", "dict", "dict", &[]),
            ("shop", "Color", "enum", &[]),
        ];
        let locals = (0..32).map(|number| local(&format!("v{number}"), number, "object", "?")).collect();
        let file = whole(locals, &objects, classes, &["lines", "next", ""]);
        let dump = Dump::open(Arc::new(file), crashsite_model::Limits::default()).unwrap();
        let image = Image::of(&dump, &Options::default()).unwrap();
        prop_assert_eq!(functions(&image).iter().map(|function| function.2.len()).sum::<usize>(), 32);
        let elf = object::File::parse(image.elf()).unwrap();
        let heap = elf.section_by_name(".heap").unwrap();
        let mut memory = vec![1; heap.size() as usize];
        prop_assert_eq!(image.read(heap.address(), &mut memory), memory.len());
    }
}
