//! Looks the whole dump through: what stands under names that promise a secret, and what looks like one.

use crashsite_model::heap::{Name, Section};
use crashsite_model::{Dump, Kind, Object, Payload, scalar_text};
use num_bigint::BigInt;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::names::{Trust, is_beside, is_name};
use crate::secrets::{Secrets, Words};
use crate::text::latin1;
use crate::tokens::is_wordlike;

/// A key that is longer is no name.
const LONGEST_NAME: usize = 100;
/// A longer text is not searched for values that are then looked for in others.
const LONGEST_TEXT: usize = 4096;
/// How deep containers under a secret name are emptied.
const DEPTH: u8 = 4;
/// Numbers below this are one object for all that hold them.
const SMALLEST_INT: i64 = 257;
/// Bits of a number that is looked at.
const LARGEST_INT: u64 = 4096;
/// Characters of an option of a command line.
const LONGEST_OPTION: usize = 60;

/// What is hidden by its place: the object, and the secret that it is.
pub(crate) type Hidden = FxHashMap<u32, String>;

/// The search.
struct Learner<'a> {
    dump: &'a Dump,
    secrets: &'a mut Secrets,
    hidden: Hidden,
    /// How far objects that are texts promise something as names.
    named: FxHashMap<u32, Trust>,
    /// Containers that were emptied: how far their name was trusted, and how deep they were.
    emptied: FxHashMap<u32, (Trust, u8)>,
}

/// Learns the values that are secrets; returns the objects that are hidden where they are.
pub(crate) fn learn(dump: &Dump, secrets: &mut Secrets) -> Hidden {
    let ranges: Vec<(u32, u32)> = dump.heap.ranges().collect();
    let words = &secrets.words;
    let found: Vec<Read> = ranges.par_iter().map(|range| Read::of_section(dump, *range, words)).collect();
    let mut named = FxHashMap::default();
    let mut known = Vec::new();
    for read in found {
        named.extend(read.named);
        known.extend(read.known);
    }
    for value in known {
        secrets.needles.add(&value);
    }
    let mut learner = Learner { dump, secrets, hidden: Hidden::default(), named, emptied: FxHashMap::default() };
    learner.summary();
    for section in dump.heap.sections() {
        learner.section(section);
    }
    learner.hidden
}

/// What the texts of a section say by themselves.
#[derive(Default)]
struct Read {
    named: Vec<(u32, Trust)>,
    known: Vec<String>,
}

impl Read {
    fn of_section(dump: &Dump, (first, end): (u32, u32), words: &Words) -> Read {
        let mut read = Read::default();
        // The file may promise more of them than there are.
        for object in (first..end).map_while(|number| dump.heap.object(number)) {
            let Some(text) = text_of(&object) else { continue };
            if text.len() < LONGEST_NAME {
                let trust = words.trust(&text);
                if trust != Trust::No {
                    read.named.push((object.number, trust));
                }
            }
            read.known.extend(known_in(words, &text));
        }
        read
    }
}

/// The values in a text that are secrets wherever they occur.
fn known_in(words: &Words, text: &str) -> Vec<String> {
    if text.len() > LONGEST_TEXT {
        return Vec::new();
    }
    let secret = |span: crate::forms::Span| text.get(span.start..span.end);
    let secrets = words.spans(text, false).into_iter().filter_map(secret);
    secrets
        .filter(|secret| words.values.is_distinctive(&words.rules, secret, Trust::Strong))
        .map(str::to_owned)
        .collect()
}

/// A text, or bytes as Latin-1.
fn text_of<'a>(object: &Object<'a>) -> Option<std::borrow::Cow<'a, str>> {
    match object.payload() {
        Payload::Text(text) => Some(scalar_text(text)),
        Payload::Bytes(bytes) => Some(latin1(bytes).into()),
        _ => None,
    }
}

impl Learner<'_> {
    fn summary(&mut self) {
        let dump = self.dump;
        for local in dump.frames.iter().flat_map(|frame| &frame.locals) {
            if let Some(number) = local.object {
                self.learn(&local.name, number);
            }
        }
        let process = &dump.process;
        let headers = dump.headers.iter().map(|header| &*header.value);
        let texts = process.argv.iter().chain(&process.message).map(|text| &**text).chain(headers);
        let known: Vec<String> = texts.flat_map(|text| known_in(&self.secrets.words, text)).collect();
        known.iter().for_each(|value| self.secrets.needles.add(value));
        for index in options(&self.secrets.words, &process.argv) {
            if let Some(value) = process.argv.get(index) {
                self.remember(value, Trust::Strong);
            }
        }
        for header in &dump.headers {
            if self.secrets.words.trust(&header.name) != Trust::No {
                self.remember(&header.value, Trust::Strong);
            }
        }
    }

    fn section(&mut self, section: &Section) {
        let words = &self.secrets.words;
        let trusted = |name: &Name| (std::ptr::from_ref::<Name>(name), words.trust(&name.text));
        let mut attributes: FxHashMap<*const Name, Trust> = section.names.iter().map(trusted).collect();
        attributes.retain(|_, trust| *trust != Trust::No);
        let classes: Vec<bool> = section
            .types
            .iter()
            .map(|class| words.trust(&class.name) != Trust::No || &*class.name == "Morsel")
            .collect();
        let fields: Vec<Vec<(usize, Trust)>> = section
            .types
            .iter()
            .map(|class| {
                let trusts = class.fields.iter().map(|name| words.trust(name)).enumerate();
                trusts.filter(|(_, trust)| *trust != Trust::No).collect()
            })
            .collect();
        for object in (section.first..section.end()).filter_map(|number| self.dump.heap.object(number)) {
            for (name, value) in object.raw_attributes() {
                if let Some(&trust) = attributes.get(&std::ptr::from_ref(name)) {
                    self.hide(value, trust, 0);
                }
            }
            for (key, value) in object.pairs() {
                if let Some(&trust) = self.named.get(&key) {
                    self.hide(value, trust, 0);
                }
            }
            let class = object.class_index();
            if object.kind() == Kind::Instance && class.and_then(|class| classes.get(class)).is_some_and(|is| *is) {
                self.holders(&object, Trust::Strong, 0);
            }
            for (index, trust) in class.and_then(|class| fields.get(class)).into_iter().flatten() {
                if let Some(value) = object.element(*index).filter(|_| object.kind() == Kind::Tuple) {
                    self.hide(value, *trust, 0);
                }
            }
            match object.kind() {
                Kind::List | Kind::Tuple | Kind::Set | Kind::FrozenSet => self.sequence(&object),
                Kind::Function => self.function(&object),
                Kind::Wrapper if object.class_name() == "Interpolation" => self.interpolation(&object),
                _ => {}
            }
        }
    }

    /// What is found under a name.
    fn learn(&mut self, name: &str, value: u32) {
        let trust = self.secrets.words.trust(name);
        if trust != Trust::No {
            self.hide(value, trust, 0);
        }
    }

    /// `("Authorization", "…")`, as headers are kept, and `[…, "--password", "…"]`.
    fn sequence(&mut self, object: &Object<'_>) {
        let dump = self.dump;
        let text = |number: u32| dump.heap.object(number).as_ref().and_then(text_of);
        let count = object.element_count();
        if count < 2 || object.element(0).and_then(|first| dump.heap.object(first)).is_none_or(|first| !is_text(&first))
        {
            return;
        }
        if let (2, Some(name), Some(value)) = (count, object.element(0), object.element(1))
            && let Some(&trust) = self.named.get(&name)
            && let Some(shown) = text(value)
        {
            // What only may be a pair is one where the value is more than the name of another field.
            let words = &self.secrets.words;
            if words.values.is_hidden(&words.rules, &shown, Trust::Weak) && !is_wordlike(&words.rules, &shown) {
                self.hide(value, trust, 0);
            }
        }
        for (item, following) in object.elements().zip(object.elements().skip(1)) {
            let Some(&trust) = self.named.get(&item) else { continue };
            let option = text(item).is_some_and(|option| is_option(&option));
            let value = dump.heap.object(following).filter(|value| value.kind() == Kind::Str);
            if option && value.as_ref().and_then(text_of).is_some_and(|value| !value.starts_with('-')) {
                self.hide(following, trust, 0);
            }
        }
    }

    /// A value in a template string, whose expression is the name that it had.
    fn interpolation(&mut self, object: &Object<'_>) {
        if let (Some(expression), Some(value)) = (object.attribute("expression"), object.attribute("value"))
            && let Some(&trust) = self.named.get(&expression)
        {
            self.hide(value, trust, 0);
        }
    }

    /// The defaults and the free variables of a function whose code is there.
    fn function(&mut self, object: &Object<'_>) {
        let Some(code) = object.attribute("__code__").and_then(|code| self.dump.heap.object(code)) else { return };
        let parts = |number: Option<u32>| -> Vec<u32> {
            let tuple = number.and_then(|number| self.dump.heap.object(number));
            tuple.map_or_else(Vec::new, |tuple| tuple.elements().collect())
        };
        let defaults = parts(object.attribute("__defaults__"));
        let count = code.attribute("co_argcount").and_then(|count| self.dump.heap.object(count));
        let count = match count.map(|count| count.payload()) {
            Some(Payload::Int(count)) => usize::try_from(count).unwrap_or(0),
            _ => 0,
        };
        let names: Vec<u32> = parts(code.attribute("co_varnames")).into_iter().take(count).collect();
        let with_defaults = names.iter().skip(names.len().saturating_sub(defaults.len()));
        let mut found: Vec<(u32, u32)> = with_defaults.copied().zip(defaults).collect();
        found.extend(parts(code.attribute("co_freevars")).into_iter().zip(parts(object.attribute("__closure__"))));
        for (name, value) in found {
            if let Some(&trust) = self.named.get(&name) {
                self.hide(value, trust, 0);
            }
        }
    }

    fn holders(&mut self, object: &Object<'_>, trust: Trust, depth: u8) {
        let holders: Vec<u32> = object
            .attributes()
            .filter(|(name, _)| self.secrets.words.rules.holders.contains(*name))
            .map(|(_, value)| value)
            .collect();
        holders.into_iter().for_each(|value| self.hide(value, trust, depth));
    }

    /// Hides an object, and what is in it.
    fn hide(&mut self, number: u32, trust: Trust, depth: u8) {
        let mut next = vec![(number, depth)];
        while let Some((number, depth)) = next.pop() {
            let Some(object) = self.dump.heap.object(number).filter(|_| !self.hidden.contains_key(&number)) else {
                continue;
            };
            match object.kind() {
                Kind::Str | Kind::Bytes => self.hide_text(&object, trust, depth),
                Kind::Int | Kind::BigInt if trust == Trust::Strong => self.hide_number(&object),
                _ if depth >= DEPTH || !self.is_new(number, trust, depth) => {}
                Kind::Dict => {
                    for (key, part) in self.dump.heap.contents(&object).pairs(0) {
                        let name = self.dump.heap.object(key).filter(|key| key.kind() == Kind::Str);
                        let name = name.as_ref().and_then(text_of);
                        if !name.is_some_and(|name| is_beside(&self.secrets.words.rules, &name)) {
                            next.push((part, depth + 1));
                        }
                    }
                }
                Kind::List | Kind::Tuple | Kind::Set | Kind::FrozenSet | Kind::Deque => {
                    next.extend(self.dump.heap.contents(&object).elements(0).map(|(_, part)| (part, depth + 1)));
                }
                Kind::Instance => {
                    let holders = &self.secrets.words.rules.holders;
                    let held = object.attributes().filter(|(name, _)| holders.contains(*name));
                    next.extend(held.map(|(_, value)| (value, depth + 1)));
                }
                Kind::Cell => next.extend(object.attribute("cell_contents").map(|part| (part, depth))),
                _ => {}
            }
        }
    }

    /// Whether a container was not yet emptied so thoroughly.
    fn is_new(&mut self, number: u32, trust: Trust, depth: u8) -> bool {
        let known = self.emptied.entry(number).or_insert((Trust::No, u8::MAX));
        if known.0 >= trust && known.1 <= depth {
            return false;
        }
        *known = (known.0.max(trust), known.1.min(depth));
        true
    }

    fn hide_text(&mut self, object: &Object<'_>, trust: Trust, depth: u8) {
        let Some(text) = text_of(object) else { return };
        let words = &self.secrets.words;
        let distinctive = |trust| words.values.is_distinctive(&words.rules, &text, trust);
        let nested = depth > 0 && trust == Trust::Weak;
        if is_name(&words.rules, &text)
            || !words.values.is_hidden(&words.rules, &text, trust)
            || (nested && !distinctive(Trust::Weak))
        {
            return;
        }
        self.remember(&text, trust);
        self.hidden.insert(object.number, text.into_owned());
    }

    /// A value that is a secret, which others may hold.
    fn remember(&mut self, text: &str, trust: Trust) {
        let words = &self.secrets.words;
        let mut found = known_in(words, text);
        found.retain(|secret| secret.len() < text.len());
        if words.values.is_distinctive(&words.rules, text, trust) {
            found.push(text.to_owned());
        }
        found.iter().for_each(|value| self.secrets.needles.add(value));
    }

    fn hide_number(&mut self, object: &Object<'_>) {
        let shown = match object.payload() {
            Payload::Int(value) if value.unsigned_abs() >= SMALLEST_INT.unsigned_abs() => value.to_string(),
            Payload::BigInt(bytes) if (bytes.len() as u64) * 8 <= LARGEST_INT => {
                BigInt::from_signed_bytes_le(bytes).to_string()
            }
            _ => return,
        };
        if shown.len() >= 8 {
            self.secrets.needles.add(&shown);
        }
        self.hidden.insert(object.number, shown);
    }
}

fn is_text(object: &Object<'_>) -> bool {
    matches!(object.kind(), Kind::Str | Kind::Bytes)
}

fn is_option(text: &str) -> bool {
    text.starts_with('-') && !text.contains('=') && text.chars().count() < LONGEST_OPTION
}

/// Indexes of the values that follow an option that promises a secret.
pub(crate) fn options<T: AsRef<str>>(words: &Words, items: &[T]) -> Vec<usize> {
    let following = |index: usize, option: &str| {
        let value = items.get(index + 1).map_or("-", AsRef::as_ref);
        let trust = words.trust(option);
        let hidden = trust != Trust::No && words.values.is_hidden(&words.rules, value, trust);
        (is_option(option) && !value.starts_with('-') && hidden).then_some(index + 1)
    };
    items.iter().enumerate().filter_map(|(index, option)| following(index, option.as_ref())).collect()
}
