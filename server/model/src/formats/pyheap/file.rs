//! The parts of a file: header, threads, names, objects, types, and the number that it began with.

use std::collections::HashMap;
use std::sync::Arc;

use super::input::{Ended, Input};
use crate::scalar_text;

/// What a file begins and ends with.
pub(super) const MAGIC: u64 = 123_000_321;
/// Threads, and frames of all of them, that are kept.
const MOST_FRAMES: usize = 1_000_000;
/// Locals of all frames together.
const MOST_LOCALS: usize = 1_000_000;

/// What stands before the objects.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) created: Arc<str>,
    /// Whether each object has its `str()`.
    pub(super) with_text: bool,
    /// Types by name: `list`, `int` and others, with their addresses.
    pub(super) known: Vec<(String, u64)>,
    pub(super) threads: Vec<Thread>,
    /// Names of attributes that have a number.
    pub(super) names: Vec<Arc<str>>,
    /// Types whose objects are written without attributes.
    pub(super) plain: Vec<u64>,
    /// How many objects the file says that it has.
    pub(super) count: u32,
    /// Where the first is.
    pub(super) objects: u64,
}

#[derive(Debug, Default)]
pub(super) struct Thread {
    pub(super) name: Arc<str>,
    pub(super) daemon: bool,
    /// Innermost first.
    pub(super) frames: Vec<Frame>,
}

#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) file: Arc<str>,
    pub(super) line: u32,
    pub(super) function: Arc<str>,
    pub(super) locals: Vec<(Arc<str>, u64)>,
}

impl Head {
    /// Whether a file is of the layout that has the contents of containers: PyHeap did not count its layouts.
    pub(super) fn is_known(source: &Arc<dyn crashsite_parse::Source>) -> bool {
        let mut input = Input::new(source.clone(), 0);
        let mut look = || -> Result<bool, Ended> {
            let (magic, version) = (input.u64()?, input.u32()?);
            input.text()?;
            let (_, count) = (input.u64()?, input.u32()?);
            Ok(magic == MAGIC && version == 1 && (1..=1000).contains(&count) && input.text()? == b"list")
        };
        // A file that is cut there is what it says it is.
        look().unwrap_or(true)
    }

    /// Reads as far as it goes: where it ends, what came before is here.
    pub(super) fn read(&mut self, input: &mut Input) -> Result<(), Ended> {
        input.u64()?;
        input.u32()?;
        self.created = text(input.text()?);
        self.with_text = input.u64()? & 1 != 0;
        for _ in 0..input.u32()? {
            let name = scalar_text(input.text()?).into_owned();
            let address = input.u64()?;
            if self.known.len() < 1000 {
                self.known.push((name, address));
            }
        }
        self.threads(input)?;
        for _ in 0..input.u32()? {
            let length = usize::try_from(input.i16()?).map_err(|_| Ended)?;
            let name = text(input.bytes(length)?);
            if self.names.len() < usize::from(u16::MAX) {
                self.names.push(name);
            }
        }
        let mut skipped = Vec::new();
        for _ in 0..input.u32()? {
            let address = input.u64()?;
            if self.plain.len() < 1000 {
                self.plain.push(address);
            }
            attributes(input, &mut skipped, |_| ())?;
        }
        self.count = input.u32()?;
        self.objects = input.offset();
        Ok(())
    }

    fn threads(&mut self, input: &mut Input) -> Result<(), Ended> {
        let (mut frames, mut locals) = (0, 0);
        for _ in 0..input.u32()? {
            let name = text(input.text()?);
            input.u8()?;
            let daemon = input.u8()? != 0;
            frames += 1;
            if frames < MOST_FRAMES {
                self.threads.push(Thread { name, daemon, frames: Vec::new() });
            }
            for _ in 0..input.u32()? {
                let mut frame = Frame { file: text(input.text()?), ..Frame::default() };
                frame.line = input.u32()?;
                frame.function = text(input.text()?);
                let count = input.u32()?;
                let thread = self.threads.last_mut().filter(|_| frames < MOST_FRAMES);
                let place = thread.map(|thread| {
                    thread.frames.push(frame);
                    &mut thread.frames
                });
                let mut place = place.and_then(|frames| frames.last_mut());
                frames += 1;
                for _ in 0..count {
                    let name = text(input.text()?);
                    let address = input.u64()?;
                    locals += 1;
                    if let Some(frame) = place.as_mut().filter(|_| locals < MOST_LOCALS) {
                        frame.locals.push((name, address));
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn known(&self, name: &str) -> Option<u64> {
        self.known.iter().find(|known| known.0 == name).map(|known| known.1)
    }
}

/// An object as it stands in the file. One is used for all of them.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) address: u64,
    pub(super) class: u64,
    pub(super) size: u32,
    /// Of a list, a tuple or a set: its elements; of a dictionary: keys and values by turns.
    pub(super) content: Vec<u64>,
    /// What else it refers to.
    pub(super) referents: Vec<u64>,
    pub(super) attributes: Vec<(Name, u64)>,
    pub(super) text: Vec<u8>,
}

/// A name of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// One of those that have a number.
    Numbered(u16),
    /// Any other.
    Written(Vec<u8>),
}

/// What tells how objects of a type are written.
pub(super) struct Shapes {
    dict: Option<u64>,
    lists: [Option<u64>; 3],
    plain: Vec<u64>,
    with_text: bool,
}

impl Shapes {
    pub(super) fn new(head: &Head) -> Self {
        Shapes {
            dict: head.known("dict"),
            lists: ["list", "tuple", "set"].map(|name| head.known(name)),
            plain: head.plain.clone(),
            with_text: head.with_text,
        }
    }

    /// Reads the next object. Of its lists no more than `most` entries are kept.
    pub(super) fn read(&self, input: &mut Input, raw: &mut Raw, most: usize) -> Result<(), Ended> {
        raw.address = input.u64()?;
        raw.class = input.u64()?;
        raw.size = input.u32()?;
        raw.content.clear();
        raw.referents.clear();
        raw.attributes.clear();
        raw.text.clear();
        let dict = self.dict == Some(raw.class);
        let list = self.lists.contains(&Some(raw.class));
        if dict || list {
            let count = u64::from(input.u32()?) * if dict { 2 } else { 1 };
            for _ in 0..count {
                let address = input.u64()?;
                if raw.content.len() < most {
                    raw.content.push(address);
                }
            }
        }
        for _ in 0..input.u32()? {
            let address = input.u64()?;
            if raw.referents.len() < most {
                raw.referents.push(address);
            }
        }
        if !self.plain.contains(&raw.class) {
            attributes(input, &mut raw.attributes, |all| all.truncate(most))?;
        }
        if self.with_text && !dict && !list {
            raw.text.extend_from_slice(input.text()?);
        }
        Ok(())
    }
}

/// Attributes: a count, then names (or their numbers) and addresses.
fn attributes(
    input: &mut Input,
    into: &mut Vec<(Name, u64)>,
    trim: impl Fn(&mut Vec<(Name, u64)>),
) -> Result<(), Ended> {
    for _ in 0..input.u32()? {
        let length = input.i16()?;
        let name = match u16::try_from(length) {
            Ok(length) => Name::Written(input.bytes(usize::from(length))?.to_vec()),
            // -1 is the first.
            Err(_) => Name::Numbered((-1 - i32::from(length)) as u16),
        };
        into.push((name, input.u64()?));
        trim(into);
    }
    Ok(())
}

/// Addresses of types, and their names, which follow the objects.
pub(super) fn types(input: &mut Input) -> (HashMap<u64, Arc<str>>, Result<(), Ended>) {
    const MOST: usize = 1_000_000;
    let mut found = HashMap::new();
    let mut read = || -> Result<(), Ended> {
        for _ in 0..input.u32()? {
            let address = input.u64()?;
            let name = text(input.text()?);
            if found.len() < MOST {
                found.insert(address, name);
            }
        }
        if input.u64()? == MAGIC { Ok(()) } else { Err(Ended) }
    };
    let end = read();
    (found, end)
}

fn text(bytes: &[u8]) -> Arc<str> {
    scalar_text(bytes).as_ref().into()
}
