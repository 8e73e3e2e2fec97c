//! Where everything stands. The image has its own address space: objects of Python lie too close together for structs with
//! their values in place. The `id()` that the program knew is in the labels.

use crashsite_model::{Dump, Local};
use crashsite_view::repr;
use crashsite_view::value::{LONGEST_REPR, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::activation::{Activation, Stacks};
use crate::encode::word;
use crate::label;
use crate::name::clean;
use crate::reach::{Content, Reach};
use crate::shape::Shape;
use crate::slot::{COUNT, Slot};
use crate::types::{Type, Types};

/// The first function. Nothing is ever called there: it is the entry, and no frame's.
pub(crate) const TEXT: u64 = 0x40_0000;
/// Bytes of a function.
pub(crate) const FUNCTION: u64 = 16;
/// The bytes of a function. `push rbp; mov rbp, rsp` is how functions begin: debuggers look for it. Then nothing.
pub(crate) const CODE: [u8; FUNCTION as usize] =
    [0x55, 0x48, 0x89, 0xE5, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90];
/// Where in its function an activation is. A debugger looks one byte before a return address.
const CALL: u64 = 8;
/// The first object.
pub(crate) const HEAP: u64 = 0x10_0000_0000;
/// The first of the addresses that stand for objects which are not laid out. Nothing can be read there.
pub(crate) const ELSEWHERE: u64 = 0x6000_0000_0000;
/// Bytes between two of them.
const STEP: u64 = 16;
/// The innermost frame of the first stack.
const STACK: u64 = 0x7f00_0000_0000;
/// Unreadable bytes between regions, and what their ends are rounded to.
pub(crate) const PAGE: u64 = 0x1000;
/// The saved frame pointer and the return address.
pub(crate) const LINKAGE: u64 = 16;
/// Bytes of an address.
const WORD: u64 = 8;

/// An activation's place on its stack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The lowest address: the stack pointer.
    pub(crate) bottom: u64,
    /// The frame pointer: there is the caller's, below it are the slots of the locals, above it the return address.
    pub(crate) frame: u64,
}

/// A local variable.
#[derive(Debug)]
pub(crate) struct Variable<'a> {
    pub(crate) local: &'a Local,
    /// The type of its value.
    pub(crate) of: Type,
    pub(crate) held: Held,
}

/// Where the value of a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// In a slot on the stack, where it fits into one: this is the slot's content.
    Slot(u64),
    /// At the address of the object.
    At(u64),
}

/// The contents of an activation's slots, in the order of its variables.
pub(crate) fn slots(variables: &[Variable<'_>]) -> impl Iterator<Item = u64> {
    variables.iter().filter_map(|variable| match variable.held {
        Held::Slot(content) => Some(content),
        Held::At(_) => None,
    })
}

/// A name for an address: `<DB at 0x7f…>`.
#[derive(Debug)]
pub(crate) struct Symbol {
    pub(crate) address: u64,
    pub(crate) size: u64,
    pub(crate) label: String,
}

#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Of each node.
    nodes: Vec<u64>,
    /// One past the last object.
    pub(crate) heap_end: u64,
    /// Of objects that are not laid out, by number.
    elsewhere: FxHashMap<u32, u64>,
    /// One past the last of those.
    pub(crate) elsewhere_end: u64,
    /// The text of every value that shows as one line, by its address.
    pub(crate) lines: Vec<(u64, String)>,
    pub(crate) symbols: Vec<Symbol>,
    /// Of each activation.
    pub(crate) places: Vec<Place>,
}

/// The address of an activation's function.
pub(crate) fn function(activation: usize) -> u64 {
    TEXT + FUNCTION * (activation as u64 + 1)
}

/// The address at which an activation is.
pub(crate) fn call(activation: usize) -> u64 {
    function(activation) + CALL
}

/// The activation that has an address in its function.
pub(crate) fn activation_at(address: u64) -> Option<usize> {
    let index = address.checked_sub(TEXT)? / FUNCTION;
    usize::try_from(index).ok()?.checked_sub(1)
}

impl Layout {
    /// Places everything. The variables are those of each activation.
    pub(crate) fn of<'a>(
        dump: &Dump,
        stacks: &Stacks<'a>,
        reach: &Reach,
        types: &Types,
    ) -> (Self, Vec<Vec<Variable<'a>>>) {
        let mut placing = Placing { dump, reach, types, layout: Layout::default(), shown: FxHashSet::default() };
        placing.layout.elsewhere_end = ELSEWHERE;
        placing.heap();
        let variables: Vec<_> = stacks.activations.iter().map(|activation| placing.variables(activation)).collect();
        placing.values();
        placing.layout.stacks(stacks, &variables);
        (placing.layout, variables)
    }

    /// The address of a node.
    pub(crate) fn node(&self, index: usize) -> u64 {
        self.nodes.get(index).copied().unwrap_or(0)
    }

    /// The address that stands for an object.
    pub(crate) fn address(&self, reach: &Reach, number: u32) -> u64 {
        match reach.node(number) {
            Some(index) => self.node(index),
            None => self.elsewhere.get(&number).copied().unwrap_or(0),
        }
    }

    /// The last node whose count begins at the address or before it.
    pub(crate) fn node_at(&self, address: u64) -> Option<usize> {
        self.nodes.partition_point(|start| start - COUNT <= address).checked_sub(1)
    }

    fn stacks(&mut self, stacks: &Stacks<'_>, variables: &[Vec<Variable<'_>>]) {
        let mut next = STACK;
        for (activation, variables) in stacks.activations.iter().zip(variables) {
            let frame = next + (slots(variables).count() as u64 * WORD).next_multiple_of(LINKAGE);
            self.places.push(Place { bottom: next, frame });
            next = frame + LINKAGE;
            if activation.outermost {
                next = next.next_multiple_of(PAGE) + PAGE;
            }
        }
    }
}

struct Placing<'a> {
    dump: &'a Dump,
    reach: &'a Reach,
    types: &'a Types,
    layout: Layout,
    /// Addresses that have their line, or their symbol.
    shown: FxHashSet<u64>,
}

impl Placing<'_> {
    fn heap(&mut self) {
        let mut next = HEAP;
        for index in 0..self.reach.nodes.len() {
            let address = next + LINKAGE;
            let of = self.types.node(index);
            let size = self.size(of);
            self.layout.nodes.push(address);
            next = (address + size).next_multiple_of(LINKAGE);
        }
        self.layout.heap_end = (next + PAGE).next_multiple_of(PAGE);
    }

    fn size(&self, of: Type) -> u64 {
        match of {
            Type::Int(bytes) => u64::from(bytes),
            Type::Text(count) | Type::Bytes(count) => count,
            Type::Struct(record) => self.types.structs.get(record).map_or(0, |found| found.size),
            Type::Array(elements, count) => self.types.element(elements).size() * count,
            Type::None | Type::Bool | Type::Float | Type::Line => WORD,
        }
        .max(1)
    }

    fn variables<'a>(&mut self, activation: &Activation<'a>) -> Vec<Variable<'a>> {
        activation.locals.iter().map(|local| self.variable(local)).collect()
    }

    fn variable<'a>(&mut self, local: &'a Local) -> Variable<'a> {
        if let Some(node) = local.object.and_then(|number| self.reach.node(number)) {
            let (of, address) = (self.types.node(node), self.layout.node(node));
            let held = if of.is_in_slot() { Held::Slot(address) } else { Held::At(address) };
            return Variable { local, of, held };
        }
        if let Some(object) = local.object.and_then(|number| self.dump.heap.object(number))
            && let Shape::Scalar(scalar) = Shape::of(self.dump, &object)
            && scalar.is_word()
        {
            return Variable { local, of: Type::of_scalar(scalar, 0), held: Held::Slot(word(&object)) };
        }
        let address = match local.object {
            Some(number) => self.elsewhere(number),
            None => self.layout.next_elsewhere(),
        };
        if self.shown.insert(address) {
            self.layout.lines.push((address, clean(&Value::of_local(self.dump, local).repr)));
        }
        Variable { local, of: Type::Line, held: Held::Slot(address) }
    }

    /// Finds an address for everything that is pointed to, and the text of everything that shows as a line.
    fn values(&mut self) {
        let reach = self.reach;
        for (index, node) in reach.nodes.iter().enumerate() {
            match (&node.content, self.types.node(index)) {
                (Content::Members { values, .. }, Type::Struct(record)) => {
                    let members = self.types.structs.get(record).map_or(&[][..], |found| &found.members);
                    for (member, value) in members.iter().zip(values) {
                        self.value(member.slot, *value);
                    }
                }
                (Content::Elements(values), Type::Array(elements, _)) => {
                    let element = self.types.element(elements);
                    values.iter().for_each(|value| self.value(element, *value));
                }
                _ => {}
            }
        }
    }

    fn value(&mut self, slot: Slot, number: u32) {
        match slot {
            Slot::Line => {
                let address = self.elsewhere(number);
                if self.shown.insert(address) {
                    let line = repr::of_number(self.dump, number, LONGEST_REPR);
                    self.layout.lines.push((address, clean(&line)));
                }
            }
            Slot::Pointer(_) => {
                let address = self.elsewhere(number);
                // One object may show as a line in one place, and be pointed to from another.
                if !self.shown.insert(address | 1) {
                    return;
                }
                let node = self.reach.node(number).and_then(|index| Some((index, self.reach.nodes.get(index)?)));
                let (size, label) = match node {
                    Some((index, node)) => (self.size(self.types.node(index)), label::of_node(self.dump, node)),
                    None => (STEP, label::of_elsewhere(self.dump, number)),
                };
                self.layout.symbols.push(Symbol { address, size, label });
            }
            _ => {}
        }
    }

    /// The address that stands for an object.
    fn elsewhere(&mut self, number: u32) -> u64 {
        if let Some(node) = self.reach.node(number) {
            return self.layout.node(node);
        }
        if let Some(known) = self.layout.elsewhere.get(&number) {
            return *known;
        }
        let address = self.layout.next_elsewhere();
        self.layout.elsewhere.insert(number, address);
        address
    }
}

impl Layout {
    fn next_elsewhere(&mut self) -> u64 {
        let address = self.elsewhere_end;
        self.elsewhere_end += STEP;
        address
    }
}
