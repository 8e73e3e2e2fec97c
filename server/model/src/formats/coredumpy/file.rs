//! The file: `objects`, `threads`, `files` and what else there is, in whatever order, as far as it goes.

use std::sync::Arc;

use crashsite_parse::{Error, JsonReader, JsonToken};

use super::store::{Entry, LONGEST_TEXT, Store, Value, at_character};
use crate::heap::Kind;
use crate::problem::Problems;
use crate::scalar_text;

/// Threads that are kept.
const MOST_THREADS: usize = 100_000;
/// Source files that are kept.
const MOST_FILES: usize = 20_000;
/// Bytes of all sources together.
const MOST_SOURCE: usize = 64 << 20;

/// A thread: its number, the number of its innermost frame, and its name.
#[derive(Debug, Default)]
pub(super) struct Thread {
    pub(super) id: Vec<u8>,
    pub(super) frame: Vec<u8>,
    pub(super) name: Option<Arc<str>>,
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct File {
    pub(super) store: Store,
    /// There was a key `objects` with objects below it, or with nothing.
    pub(super) has_objects: bool,
    /// Keys of the metadata, `system.` before those one level below.
    pub(super) metadata: Vec<(String, Arc<str>)>,
    pub(super) threads: Vec<Thread>,
    /// Before version 0.4: the innermost frame, instead of threads.
    pub(super) frame: Option<Vec<u8>>,
    pub(super) current_thread: Option<Vec<u8>>,
    pub(super) description: Option<Arc<str>>,
    /// Names, and texts.
    pub(super) sources: Vec<(Arc<str>, String)>,
    source_left: usize,
    repeated: u64,
    strange: u64,
}

impl File {
    pub(super) fn new(store: Store) -> Self {
        File {
            store,
            has_objects: false,
            metadata: Vec::new(),
            threads: Vec::new(),
            frame: None,
            current_thread: None,
            description: None,
            sources: Vec::new(),
            source_left: MOST_SOURCE,
            repeated: 0,
            strange: 0,
        }
    }

    /// Reads as far as it goes: where it ends with an error, what came before it is here.
    pub(super) fn read(&mut self, json: &mut JsonReader<'_>) -> Result<(), Error> {
        let token = json.token()?;
        if token != JsonToken::ObjectStart {
            json.skip(token)?;
            return Ok(());
        }
        while json.token()? == JsonToken::Key {
            let key = json.text().to_vec();
            let token = json.token()?;
            match (key.as_slice(), token) {
                (b"objects", JsonToken::ObjectStart) => {
                    self.has_objects = true;
                    self.objects(json)?;
                }
                (b"threads", JsonToken::ObjectStart) => self.threads(json)?,
                (b"files", JsonToken::ObjectStart) => self.files(json)?,
                (b"metadata", JsonToken::ObjectStart) => self.metadata(json)?,
                (b"frame", JsonToken::Text) => self.frame = Some(json.text().to_vec()),
                (b"current_thread", JsonToken::Text) => self.current_thread = Some(json.text().to_vec()),
                (b"description", JsonToken::Text) => self.description = Some(text_of(json).into()),
                (_, token) => json.skip(token)?,
            }
        }
        json.token()?;
        Ok(())
    }

    /// Says what was passed over.
    pub(super) fn report(&self, problems: &mut Problems) {
        self.store.report(problems);
        let counts = [
            (self.repeated, "objects stand twice in the file: the last is taken"),
            (self.strange, "objects are not written as coredumpy writes them: what is left of them is shown"),
        ];
        for (count, what) in counts.iter().filter(|count| count.0 > 0) {
            problems.push(crate::Problem::captured(format!("{count} {what}")));
        }
        if self.source_left == 0 {
            let what = format!("more than {MOST_SOURCE} bytes of source: the rest is left out");
            problems.push(crate::Problem::captured(what));
        }
    }

    fn objects(&mut self, json: &mut JsonReader<'_>) -> Result<(), Error> {
        while json.token()? == JsonToken::Key {
            let place = self.store.place(json.text());
            let token = json.token()?;
            match (place, token) {
                (Some(id), JsonToken::ObjectStart) => {
                    if let Some(entry) = self.object(json)? {
                        self.repeated += u64::from(self.store.set(id, entry));
                    } else {
                        self.strange += 1;
                    }
                }
                (place, token) => {
                    self.strange += u64::from(place.is_some());
                    json.skip(token)?;
                }
            }
        }
        Ok(())
    }

    /// `type`, and `value` or `attrs`.
    fn object(&mut self, json: &mut JsonReader<'_>) -> Result<Option<Entry>, Error> {
        let mut entry = Entry::new(0);
        let mut class = None;
        while json.token()? == JsonToken::Key {
            let key = json.text().first().copied();
            let whole = matches!(json.text(), b"type" | b"value" | b"attrs");
            let token = json.token()?;
            match (key.filter(|_| whole), token) {
                (Some(b't'), JsonToken::Text) => class = Some(self.store.name(json.text())),
                (Some(b'v'), token) => entry.value = self.value(json, token)?,
                (Some(b'a'), JsonToken::ObjectStart) => {
                    let begin = self.store.attributes_begin();
                    while json.token()? == JsonToken::Key {
                        let name = self.store.name(json.text());
                        let token = json.token()?;
                        if token == JsonToken::Text {
                            let id = self.store.place(json.text());
                            self.store.attribute(name, id);
                        } else {
                            json.skip(token)?;
                        }
                    }
                    self.store.attributes_end(&mut entry, begin);
                }
                (_, token) => json.skip(token)?,
            }
        }
        if let Some(class) = class {
            entry.class = class;
        }
        Ok(class.map(|_| entry))
    }

    fn value(&mut self, json: &mut JsonReader<'_>, token: JsonToken) -> Result<Value, Error> {
        Ok(match token {
            JsonToken::Text => {
                let length = (!json.text_is_whole()).then(|| json.text_length());
                self.store.keep_text(kept(json), length)
            }
            JsonToken::Number => self.store.keep_number(json.number()),
            JsonToken::Bool(value) => Value::Bool(value),
            JsonToken::ArrayStart => {
                let begin = self.store.references_begin();
                loop {
                    match json.token()? {
                        JsonToken::ArrayEnd => break,
                        JsonToken::Text => {
                            let id = self.store.place(json.text());
                            self.store.refer(id);
                        }
                        token => json.skip(token)?,
                    }
                }
                Value::Elements(self.store.references_end(begin))
            }
            JsonToken::ObjectStart => {
                let begin = self.store.references_begin();
                while json.token()? == JsonToken::Key {
                    let key = self.store.place(json.text());
                    let token = json.token()?;
                    if token == JsonToken::Text {
                        let value = self.store.place(json.text());
                        self.store.refer(key);
                        self.store.refer(value);
                    } else {
                        json.skip(token)?;
                    }
                }
                Value::Pairs(self.store.references_end(begin))
            }
            _ => Value::Absent,
        })
    }

    fn threads(&mut self, json: &mut JsonReader<'_>) -> Result<(), Error> {
        while json.token()? == JsonToken::Key {
            let mut thread = Thread { id: json.text().to_vec(), ..Thread::default() };
            let token = json.token()?;
            if token != JsonToken::ObjectStart {
                json.skip(token)?;
                continue;
            }
            while json.token()? == JsonToken::Key {
                let key = json.text().to_vec();
                match (key.as_slice(), json.token()?) {
                    (b"frame", JsonToken::Text) => thread.frame = json.text().to_vec(),
                    (b"name", JsonToken::Text) => thread.name = Some(text_of(json).into()),
                    (_, token) => json.skip(token)?,
                }
            }
            if self.threads.len() < MOST_THREADS {
                self.threads.push(thread);
            }
        }
        Ok(())
    }

    fn files(&mut self, json: &mut JsonReader<'_>) -> Result<(), Error> {
        while json.token()? == JsonToken::Key {
            let name = text_of(json);
            let token = json.token()?;
            if token != JsonToken::ArrayStart {
                json.skip(token)?;
                continue;
            }
            let mut text = String::new();
            loop {
                match json.token()? {
                    JsonToken::ArrayEnd => break,
                    JsonToken::Text => {
                        let line = scalar_text(kept(json));
                        if line.len() <= self.source_left {
                            self.source_left -= line.len();
                            text.push_str(&line);
                        } else {
                            self.source_left = 0;
                        }
                    }
                    token => json.skip(token)?,
                }
            }
            if self.sources.len() < MOST_FILES {
                self.sources.push((name.into(), text));
            }
        }
        Ok(())
    }

    fn metadata(&mut self, json: &mut JsonReader<'_>) -> Result<(), Error> {
        let mut within = String::new();
        loop {
            match json.token()? {
                JsonToken::Key => {
                    let key = format!("{within}{}", text_of(json));
                    match json.token()? {
                        JsonToken::Text if self.metadata.len() < 100 => self.metadata.push((key, text_of(json).into())),
                        JsonToken::ObjectStart if within.is_empty() => within = key + ".",
                        token => json.skip(token)?,
                    }
                }
                JsonToken::ObjectEnd if !within.is_empty() => within.clear(),
                _ => return Ok(()),
            }
        }
    }

    /// A fact of the metadata.
    pub(super) fn fact(&self, key: &str) -> Option<&Arc<str>> {
        self.metadata.iter().find(|fact| fact.0 == key).map(|fact| &fact.1)
    }
}

/// The text that was read, as far as it is kept.
fn kept<'j>(json: &'j JsonReader<'_>) -> &'j [u8] {
    match json.text().get(..LONGEST_TEXT) {
        Some(start) if !json.text_is_whole() => at_character(start),
        _ => json.text(),
    }
}

fn text_of(json: &JsonReader<'_>) -> String {
    const LONGEST: usize = 100_000;
    let text = kept(json);
    scalar_text(text.get(..LONGEST).map_or(text, at_character)).into_owned()
}

/// What the kind of a value is by its shape, where its type is not known.
pub(super) fn kind_of_shape(value: &Value) -> Option<Kind> {
    Some(match value {
        Value::Text(..) => Kind::Str,
        Value::Int(_) => Kind::Int,
        Value::BigInt(_) => Kind::BigInt,
        Value::Float(_) => Kind::Float,
        Value::Elements(_) => Kind::List,
        Value::Pairs(_) => Kind::Dict,
        Value::Bool(_) | Value::Absent => return None,
    })
}
