//! Two object graphs, walked in step from one variable, what is near before what is far.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Write as _;

use crashsite_model::{Dump, Kind, Object, Payload, scalar_text};

use super::{How, LocalChange, without_addresses};
use crate::repr;
use crate::text::shorten;
use crate::value::{LONGEST_REPR, Value};

/// Pairs of objects that are compared for one variable.
const MOST_PAIRS: usize = 20_000;
/// Pairs of objects that are compared in all.
const MOST_IN_ALL: usize = 200_000;
/// Differences told of one variable.
const MOST_CHANGES: usize = 5;
/// Characters of a path.
const LONGEST_PATH: usize = 200;

/// The two heaps, and what is known of them so far.
pub(super) struct Walk<'a> {
    pub(super) a: &'a Dump,
    pub(super) b: &'a Dump,
    left: usize,
    /// Pairs from which nothing that differs can be reached.
    equal: HashSet<(u32, u32)>,
    /// Objects that only one of the heaps holds, or of which it cannot be told which of the other's they are.
    unknown: usize,
    /// Variables that hold more than was compared.
    unfinished: usize,
    /// Variables of which not every difference was looked for.
    untold: usize,
    /// Variables of which only a shortened text is there.
    pub(super) shortened: usize,
}

/// What a walk found.
pub(super) struct Walked {
    pub(super) changes: Vec<LocalChange>,
    /// Whether everything that can be reached was compared.
    pub(super) complete: bool,
}

/// How a pair was reached.
enum Step<'a> {
    Variable(&'a str),
    Attribute(&'a str),
    Index(u64),
    Key(String),
    Member(String),
}

/// One walk: pairs in the order they were reached, each with the step to it and the pair it was reached from.
struct Trail<'a> {
    steps: Vec<(usize, Step<'a>)>,
    queue: VecDeque<(usize, u32, u32)>,
    seen: HashSet<(u32, u32)>,
    left: usize,
    full: bool,
    changes: Vec<LocalChange>,
    /// Whether more may differ than `changes` has room for.
    more: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(a: &'a Dump, b: &'a Dump) -> Self {
        Walk { a, b, left: MOST_IN_ALL, equal: HashSet::new(), unknown: 0, unfinished: 0, untold: 0, shortened: 0 }
    }

    /// Compares what a variable holds; `None` where one of the heaps does not have it.
    pub(super) fn compare(&mut self, name: &str, a: u32, b: u32) -> Option<Walked> {
        self.a.heap.object(a).zip(self.b.heap.object(b))?;
        let left = MOST_PAIRS.min(self.left);
        let mut trail = Trail {
            steps: Vec::new(),
            queue: VecDeque::new(),
            seen: HashSet::new(),
            left,
            full: false,
            changes: Vec::new(),
            more: false,
        };
        let unknown = self.unknown;
        if trail.spend(1) {
            trail.push(0, Step::Variable(name), a, b);
        }
        while let Some((at, a, b)) = trail.queue.pop_front() {
            if trail.changes.len() >= MOST_CHANGES {
                trail.more = true;
                break;
            }
            if trail.seen.contains(&(a, b)) || self.equal.contains(&(a, b)) {
                continue;
            }
            match (self.a.heap.object(a), self.b.heap.object(b)) {
                (Some(object_a), Some(object_b)) => self.pair(&mut trail, at, &object_a, &object_b),
                (None, None) => {}
                _ => self.unknown += 1,
            }
        }
        self.left = self.left.saturating_sub(left - trail.left);
        self.untold += usize::from(trail.more);
        if trail.full && trail.changes.is_empty() {
            self.unfinished += 1;
        }
        if !trail.full && trail.changes.is_empty() && self.unknown == unknown {
            self.equal.extend(trail.seen);
        }
        Some(Walked { changes: trail.changes, complete: !trail.full })
    }

    /// What was not compared, for people.
    pub(super) fn not_compared(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.unknown > 0 {
            found.push(format!("objects that only one dump holds, or that have no order: {}", self.unknown));
        }
        if self.unfinished > 0 {
            let limits = format!("{MOST_PAIRS} objects each, {MOST_IN_ALL} in all");
            found.push(format!("variables that hold more than is compared ({limits}): {}", self.unfinished));
        }
        if self.untold > 0 {
            found.push(format!("variables beyond their first {MOST_CHANGES} differences: {}", self.untold));
        }
        if self.shortened > 0 {
            found.push(format!("variables of which a shortened text is all there is: {}", self.shortened));
        }
        found
    }

    fn pair<'t>(&mut self, trail: &mut Trail<'t>, at: usize, a: &Object<'a>, b: &Object<'a>)
    where
        'a: 't,
    {
        if !trail.spend(weight(a).max(weight(b))) {
            return;
        }
        // A pair that differs is told on every way to it: small numbers and texts are shared by many.
        if let Some(how) = self.differs(a, b) {
            return self.report_pair(trail, at, how, a, b);
        }
        trail.seen.insert((a.number, b.number));
        // What a program is made of; its state is elsewhere.
        if matches!(a.kind(), Kind::Class | Kind::Module | Kind::Function | Kind::Builtin | Kind::Code | Kind::Frame) {
            return;
        }
        if !trail.spend(a.attribute_count().max(b.attribute_count()) as u64) {
            return;
        }
        let attributes = |object: &Object<'a>| object.attributes().collect::<Vec<(&'a str, u32)>>();
        self.keyed(
            trail,
            at,
            Keyed { a: attributes(a), b: attributes(b), whole: true, ordered: true },
            Step::Attribute,
        );
        let (contents_a, contents_b) = (self.a.heap.contents(a), self.b.heap.contents(b));
        if !trail.spend(contents_a.len().max(contents_b.len())) {
            return;
        }
        let whole = Length::of(self.a, a).is_here && Length::of(self.b, b).is_here;
        match a.kind() {
            Kind::Dict => {
                let pairs = |dump, pairs: Vec<(u32, u32)>| -> Vec<(String, u32)> {
                    pairs.into_iter().map(|(key, value)| (plain_repr(dump, key), value)).collect()
                };
                let a = pairs(self.a, contents_a.pairs(0).collect());
                let b = pairs(self.b, contents_b.pairs(0).collect());
                self.keyed(trail, at, Keyed { a, b, whole, ordered: true }, Step::Key);
            }
            Kind::Set | Kind::FrozenSet => {
                let members = |dump, numbers: Vec<(u64, u32)>| -> Vec<(String, u32)> {
                    numbers.into_iter().map(|(_, number)| (plain_repr(dump, number), number)).collect()
                };
                let a = members(self.a, contents_a.elements(0).collect());
                let b = members(self.b, contents_b.elements(0).collect());
                self.keyed(trail, at, Keyed { a, b, whole, ordered: false }, Step::Member);
            }
            _ => {
                for (index, number) in contents_a.elements(0) {
                    match contents_b.element(index) {
                        Some(other) => trail.push(at, Step::Index(index), number, other),
                        None => self.unknown += 1,
                    }
                }
                self.unknown += contents_b.len().saturating_sub(contents_a.len()) as usize;
            }
        }
    }

    /// Pairs what has the same key. Several of one key are taken in their order, where they have one.
    fn keyed<'t, K: AsRef<str>>(
        &mut self,
        trail: &mut Trail<'t>,
        at: usize,
        items: Keyed<K>,
        step: impl Fn(K) -> Step<'t>,
    ) {
        let mut others: HashMap<&str, Same> = HashMap::new();
        for (place, (key, number)) in items.b.iter().enumerate() {
            let same = others.entry(key.as_ref()).or_default();
            same.left.push_back((place, *number));
            same.count += 1;
        }
        let mut left = vec![true; items.b.len()];
        let mut only_a = Vec::new();
        for (key, number) in items.a {
            let same = others.get_mut(key.as_ref());
            match same.and_then(|same| Some((same.left.pop_front()?, same.count))) {
                Some(((place, other), count)) => {
                    if let Some(left) = left.get_mut(place) {
                        *left = false;
                    }
                    if items.ordered || count == 1 {
                        trail.push(at, step(key), number, other);
                    } else {
                        self.unknown += 1;
                    }
                }
                None => only_a.push((key, number)),
            }
        }
        let only_b: Vec<(K, u32)> =
            items.b.into_iter().zip(left).filter(|(_, left)| *left).map(|(item, _)| item).collect();
        if !items.whole {
            self.unknown += only_a.len() + only_b.len();
            return;
        }
        for (key, number) in only_a {
            let at = trail.reached(at, step(key));
            self.report(trail, at, How::OnlyA, Some(number), None);
        }
        for (key, number) in only_b {
            let at = trail.reached(at, step(key));
            self.report(trail, at, How::OnlyB, None, Some(number));
        }
    }

    /// How two objects differ by themselves, apart from what they refer to.
    fn differs(&self, a: &Object<'a>, b: &Object<'a>) -> Option<How> {
        let class = |object: &Object<'a>| object.class().map(|class| (&*class.module, &*class.name));
        if class(a) != class(b) {
            return Some(How::Type);
        }
        if a.kind() != b.kind() {
            let same = plain_repr(self.a, a.number) == plain_repr(self.b, b.number);
            return (!same).then_some(How::Value);
        }
        let (length_a, length_b) = (Length::of(self.a, a), Length::of(self.b, b));
        let same = match (a.payload(), b.payload()) {
            (Payload::Text(text_a), Payload::Text(text_b)) | (Payload::Bytes(text_a), Payload::Bytes(text_b)) => {
                // Of what was cut, the beginning that both have; else their lengths tell the rest.
                let both = text_a.len().min(text_b.len());
                text_a.get(..both) == text_b.get(..both)
            }
            (Payload::Float(a), Payload::Float(b)) => a.to_bits() == b.to_bits(),
            (Payload::Complex(real_a, a), Payload::Complex(real_b, b)) => {
                (real_a.to_bits(), a.to_bits()) == (real_b.to_bits(), b.to_bits())
            }
            (a, b) => a == b,
        };
        if !same {
            return Some(How::Value);
        }
        // The keys of a dict and the members of a set tell more than their number.
        let keyed = matches!(a.kind(), Kind::Dict | Kind::Set | Kind::FrozenSet);
        if length_a.whole != length_b.whole && !(keyed && length_a.is_here && length_b.is_here) {
            return Some(How::Length);
        }
        let note = |object: &Object<'a>| object.note().map(|note| without_addresses(&scalar_text(note)).into_owned());
        (note(a) != note(b)).then_some(How::Value)
    }

    /// Two long texts are told from where they differ on.
    fn report_pair(&self, trail: &mut Trail<'_>, at: usize, how: How, a: &Object<'a>, b: &Object<'a>) {
        self.report(trail, at, how, Some(a.number), Some(b.number));
        let (rests, from) = match (a.payload(), b.payload()) {
            (Payload::Text(a), Payload::Text(b)) => {
                let (a, b) = (scalar_text(a), scalar_text(b));
                let from = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
                let rest = |text: &str| {
                    let at = text.char_indices().nth(from).map_or(text.len(), |(at, _)| at);
                    repr::text_repr(text.get(at..).unwrap_or_default().as_bytes(), LONGEST_REPR + 1)
                };
                ([rest(&a), rest(&b)], from)
            }
            (Payload::Bytes(a), Payload::Bytes(b)) => {
                let from = a.iter().zip(b).take_while(|(a, b)| a == b).count();
                let rest = |bytes: &[u8]| repr::bytes_repr(bytes.get(from..).unwrap_or_default(), LONGEST_REPR + 1);
                ([rest(a), rest(b)], from)
            }
            _ => return,
        };
        let Some(change) = trail.changes.last_mut().filter(|_| from > LONGEST_REPR / 2) else { return };
        let _ = write!(change.path, "[{from}:]");
        for (value, rest) in [&mut change.a, &mut change.b].into_iter().flatten().zip(rests) {
            value.repr = shorten(&rest, LONGEST_REPR).into();
        }
    }

    fn report(&self, trail: &mut Trail<'_>, at: usize, how: How, a: Option<u32>, b: Option<u32>) {
        if trail.changes.len() < MOST_CHANGES {
            let value = |dump, number: Option<u32>| number.map(|number| Value::of_number(dump, number));
            let change = LocalChange { path: trail.path(at), how, a: value(self.a, a), b: value(self.b, b) };
            trail.changes.push(change);
        } else {
            trail.more = true;
        }
    }
}

/// What two objects hold by keys: attributes, pairs, the members of sets.
struct Keyed<K> {
    a: Vec<(K, u32)>,
    b: Vec<(K, u32)>,
    /// Whether both dumps have all of it, so that what only one has is a difference.
    whole: bool,
    /// Whether those of one key come in an order.
    ordered: bool,
}

/// What has one key in the second dump: place and object.
#[derive(Default)]
struct Same {
    left: VecDeque<(usize, u32)>,
    count: usize,
}

/// How long an object was in the process.
struct Length {
    whole: u64,
    /// Whether all of it is in the file.
    is_here: bool,
}

impl Length {
    fn of(dump: &Dump, object: &Object<'_>) -> Length {
        let contents = dump.heap.contents(object);
        let here = match object.payload() {
            Payload::Text(text) => text.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64,
            Payload::Bytes(bytes) => bytes.len() as u64,
            _ => contents.len(),
        };
        let whole = dump.heap.state(object).full_length.unwrap_or(here.max(contents.end()));
        Length { whole, is_here: whole == here }
    }
}

impl<'t> Trail<'t> {
    /// Takes so much of what may be compared; `false` where that is not left.
    fn spend(&mut self, pairs: u64) -> bool {
        let left = usize::try_from(pairs).ok().and_then(|pairs| self.left.checked_sub(pairs));
        self.full |= left.is_none();
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    fn reached(&mut self, from: usize, step: Step<'t>) -> usize {
        self.steps.push((from, step));
        self.steps.len() - 1
    }

    /// Has a pair compared, which was paid for.
    fn push(&mut self, from: usize, step: Step<'t>, a: u32, b: u32) {
        let at = self.reached(from, step);
        self.queue.push_back((at, a, b));
    }

    /// The way from the variable, as an expression; in the middle of a long one stands `…`.
    fn path(&self, at: usize) -> String {
        let (mut steps, mut at) = (Vec::new(), at);
        while let Some((from, step)) = self.steps.get(at) {
            steps.push(match step {
                Step::Variable(name) => (*name).to_owned(),
                Step::Attribute(name) => format!(".{}", shorten(name, 60)),
                Step::Index(index) => format!("[{index}]"),
                Step::Key(key) => format!("[{}]", shorten(key, 60)),
                Step::Member(member) => format!("{{{}}}", shorten(member, 60)),
            });
            if at == 0 {
                break;
            }
            at = *from;
        }
        let path: String = steps.into_iter().rev().collect();
        let length = path.chars().count();
        if length <= LONGEST_PATH {
            return path;
        }
        let end: String = path.chars().skip(length - LONGEST_PATH / 2).collect();
        format!("{}{end}", shorten(&path, LONGEST_PATH / 2))
    }
}

/// What comparing an object costs, apart from what it refers to: long texts and long names, in KiB.
fn weight(object: &Object<'_>) -> u64 {
    let own = match object.payload() {
        Payload::Text(bytes) | Payload::Bytes(bytes) | Payload::BigInt(bytes) => bytes.len(),
        _ => object.note().map_or(0, <[u8]>::len),
    };
    object.attributes().fold(own as u64 >> 10, |sum, (name, _)| sum + (name.len() as u64 >> 10))
}

fn plain_repr(dump: &Dump, number: u32) -> String {
    without_addresses(&repr::of_number(dump, number, LONGEST_REPR)).into_owned()
}
