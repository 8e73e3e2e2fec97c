//! The heap walked from the frames, breadth first, and how each object was reached.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use crashsite_model::{Dump, Object};
use rustc_hash::FxHashMap;

/// What a walk starts at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Root {
    /// A local variable: positions of the thread, of the frame in it, of the local in that.
    Local(usize, usize, usize),
    /// A name outside of all frames: its position.
    Outside(usize),
    /// The exception.
    Exception,
    /// The dictionary of a frame's globals: positions of the thread, and of the frame in it.
    Globals(usize, usize),
}

/// How an object was reached.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// At the root of that index.
    Root(u32),
    /// From that object, by its edge of that index: attributes come first, then elements, or keys and values in turn.
    Edge(u32, u32),
    /// By no frame.
    Nowhere,
}

/// A walk over all objects.
#[derive(Debug)]
pub(super) struct Reach<'a> {
    pub(super) dump: &'a Dump,
    roots: Vec<Root>,
    steps: FxHashMap<u32, Step>,
    queue: VecDeque<u32>,
    /// What is left to look through for objects that no frame leads to: sections, and the next number of the first.
    rest: VecDeque<(u32, u32)>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(dump: &'a Dump) -> Self {
        let mut reach = Reach {
            dump,
            roots: Vec::new(),
            steps: FxHashMap::default(),
            queue: VecDeque::new(),
            rest: dump.heap.ranges().collect(),
        };
        reach.start();
        reach
    }

    /// Locals of all frames, the crashed thread's innermost first; then what is named less directly.
    fn start(&mut self) {
        let dump = self.dump;
        let frames = || {
            let threads = dump.threads.iter().enumerate();
            threads.flat_map(|(thread, of)| {
                of.frames
                    .iter()
                    .enumerate()
                    .filter_map(move |(frame, index)| Some((thread, frame, dump.frames.get(*index)?)))
            })
        };
        for (thread, frame, of) in frames() {
            for (local, object) in of.locals.iter().enumerate().filter_map(|(at, local)| Some((at, local.object?))) {
                self.root(Root::Local(thread, frame, local), object);
            }
        }
        let outside = dump.outside_frame().into_iter().flat_map(|outside| &outside.locals).enumerate();
        for (local, object) in outside.filter_map(|(at, local)| Some((at, local.object?))) {
            self.root(Root::Outside(local), object);
        }
        if let Some(object) = dump.exceptions.first().and_then(|raised| raised.object) {
            self.root(Root::Exception, object);
        }
        for (thread, frame, of) in frames() {
            if let Some(object) = of.globals {
                self.root(Root::Globals(thread, frame), object);
            }
        }
    }

    fn root(&mut self, root: Root, object: u32) {
        let index = self.roots.len() as u32;
        if self.reached(object, Step::Root(index)) {
            self.roots.push(root);
        }
    }

    /// Notes how an object was reached, the first time.
    fn reached(&mut self, object: u32, step: Step) -> bool {
        if !self.dump.heap.contains(object) {
            return false;
        }
        let Entry::Vacant(place) = self.steps.entry(object) else { return false };
        place.insert(step);
        self.queue.push_back(object);
        true
    }

    /// The next object. Parts of a container that are stored apart are none.
    pub(super) fn next(&mut self) -> Option<Object<'a>> {
        loop {
            let number = match self.queue.pop_front() {
                Some(number) => number,
                None => self.unreached()?,
            };
            if let Some(object) = self.dump.heap.object(number) {
                if object.kind().is_rest() {
                    continue;
                }
                self.follow(&object);
                return Some(object);
            }
        }
    }

    /// The lowest number that was not reached.
    fn unreached(&mut self) -> Option<u32> {
        while let Some((next, end)) = self.rest.front_mut() {
            let number = *next;
            if number >= *end || self.dump.heap.object(number).is_none() {
                // A section that cannot be had, or that holds less than the index says, has none from here on.
                self.rest.pop_front();
                continue;
            }
            *next += 1;
            if let Entry::Vacant(place) = self.steps.entry(number) {
                place.insert(Step::Nowhere);
                return Some(number);
            }
        }
        None
    }

    fn follow(&mut self, object: &Object<'a>) {
        let (dump, number) = (self.dump, object.number);
        let mut edge = 0_u32;
        let mut go = |to: u32| {
            if edge < u32::MAX {
                self.reached(to, Step::Edge(number, edge));
                edge += 1;
            }
        };
        object.attributes().for_each(|(_, to)| go(to));
        let contents = dump.heap.contents(object);
        if contents.are_pairs() {
            contents.pairs(0).for_each(|(key, value)| {
                go(key);
                go(value);
            });
        } else {
            contents.elements(0).for_each(|(_, to)| go(to));
        }
    }

    /// The root that the object was reached from, and the edges from there: the objects they start at, and which of
    /// theirs. `None` where no frame leads to it, or by more edges than `most`.
    pub(super) fn way(&self, object: u32, most: usize) -> Option<(Root, Vec<(u32, u32)>)> {
        let mut edges = Vec::new();
        let mut at = object;
        loop {
            match *self.steps.get(&at)? {
                Step::Root(index) => {
                    edges.reverse();
                    return Some((*self.roots.get(index as usize)?, edges));
                }
                Step::Nowhere => return None,
                Step::Edge(..) if edges.len() >= most => return None,
                Step::Edge(from, edge) => {
                    edges.push((from, edge));
                    at = from;
                }
            }
        }
    }
}
