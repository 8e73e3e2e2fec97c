//! What a dump says besides its heap, without secrets.

use std::sync::Arc;

use crashsite_model::{
    Dump, Dumped, Exception, Frame, Header, Local, Object, Piece, Problem, Process, SourceFile, Thread,
};

use crate::learn::{Hidden, options};
use crate::secrets::{Counts, SHAPELESS, Secrets};
use crate::{Looks, Mode};

/// The mode of redaction, and its limit, in the message's headers.
const HEADER: &str = "X-Crashsite-Redaction";

/// Cleans the parts, and counts.
pub(crate) struct Cleaner<'a> {
    pub(crate) secrets: &'a Secrets,
    pub(crate) counts: Counts,
}

impl Cleaner<'_> {
    /// A text of the program's structure: names, files.
    fn text(&mut self, text: &Arc<str>) -> Arc<str> {
        match self.secrets.clean(text) {
            Some(cleaned) => {
                cleaned.counts.into_iter().for_each(|(rule, count)| *self.counts.entry(rule).or_default() += count);
                cleaned.text.into()
            }
            None => text.clone(),
        }
    }

    fn some(&mut self, text: &Option<Arc<str>>) -> Option<Arc<str>> {
        text.as_ref().map(|text| self.text(text))
    }

    /// A text that is a value.
    fn value(&mut self, text: &Arc<str>) -> Arc<str> {
        if self.secrets.mode == Mode::ShapeOnly { SHAPELESS.into() } else { self.text(text) }
    }

    fn hidden(&mut self, secret: &str) -> Arc<str> {
        *self.counts.entry("name".to_owned()).or_default() += 1;
        self.secrets.marker(secret).into()
    }

    pub(crate) fn process(&mut self, process: &Process) -> Process {
        let mut new = process.clone();
        let options = options(&self.secrets.words, &process.argv);
        new.argv = process.argv.iter().map(|text| self.value(text)).collect();
        if self.secrets.mode == Mode::On {
            for index in options {
                if let (Some(old), Some(new)) = (process.argv.get(index), new.argv.get_mut(index)) {
                    *new = self.hidden(old);
                }
            }
        }
        new.path = process.path.iter().map(|text| self.text(text)).collect();
        new.cwd = self.some(&process.cwd);
        new.message = process.message.as_ref().map(|text| self.value(text));
        new.python.executable = self.some(&process.python.executable);
        new.python.prefix = self.some(&process.python.prefix);
        new.lineage.name = self.some(&process.lineage.name);
        new
    }

    /// `argv` are the arguments before and after.
    pub(crate) fn headers(&mut self, headers: &[Header], argv: [&[Arc<str>]; 2]) -> Vec<Header> {
        let mut new: Vec<Header> = headers
            .iter()
            .filter(|header| !header.name.eq_ignore_ascii_case(HEADER))
            .map(|header| Header { name: header.name.clone(), value: self.header(header, argv) })
            .collect();
        let value = format!("{}; afterwards: the whole dump was looked through before", self.secrets.mode.name());
        new.push(Header { name: HEADER.to_owned(), value });
        new
    }

    fn header(&mut self, header: &Header, argv: [&[Arc<str>]; 2]) -> String {
        let name = header.name.to_ascii_lowercase();
        let of_format = ["mime-version", "content-", "date", "x-crashsite-", "x-python-heapdump-"];
        let of_format = of_format.iter().any(|start| name.starts_with(start)) && !name.ends_with("sys_argv");
        if self.secrets.mode == Mode::ShapeOnly && !of_format {
            return SHAPELESS.to_owned();
        }
        let words = &self.secrets.words;
        let trust = words.trust(&header.name);
        if trust != crate::names::Trust::No && words.values.is_hidden(&words.rules, &header.value, trust) && !of_format
        {
            return self.hidden(&header.value).to_string();
        }
        let mut value = header.value.clone();
        if name.ends_with("sys_argv") {
            for (old, new) in argv[0].iter().zip(argv[1]).filter(|(old, new)| old != new && old.len() > 2) {
                value = value.replace(&**old, new);
            }
        }
        self.text(&value.into()).to_string()
    }

    pub(crate) fn thread(&mut self, thread: &Thread) -> Thread {
        Thread {
            name: self.some(&thread.name),
            raised: thread.raised.as_ref().map(|text| self.value(text)),
            held: self.some(&thread.held),
            wait_for: self.some(&thread.wait_for),
            ..thread.clone()
        }
    }

    pub(crate) fn problem(&mut self, problem: &Problem) -> Problem {
        let message = self.text(&problem.message.as_str().into());
        Problem { offset: problem.offset, message: message.to_string() }
    }

    pub(crate) fn sources(&mut self, sources: &[SourceFile]) -> Vec<SourceFile> {
        if self.secrets.mode == Mode::ShapeOnly {
            return Vec::new();
        }
        sources.iter().map(|source| self.source(source)).collect()
    }

    fn source(&mut self, source: &SourceFile) -> SourceFile {
        let mut piece = |piece: &Piece| match self.secrets.source(&piece.text, &mut self.counts) {
            Some(text) => Piece { first: piece.first, text: text.into() },
            None => piece.clone(),
        };
        let pieces = source.pieces.iter().map(&mut piece).collect();
        SourceFile { name: self.text(&source.name), error: self.some(&source.error), pieces, ..source.clone() }
    }

    /// A frame; `dumps` are the dump before, and as far as it is made anew.
    pub(crate) fn frame(&mut self, frame: &Frame, dumps: [&Dump; 2], hidden: &Hidden, looks: &dyn Looks) -> Frame {
        Frame {
            function: self.text(&frame.function),
            qualname: self.some(&frame.qualname),
            file: self.text(&frame.file),
            module: self.some(&frame.module),
            locals: frame.locals.iter().map(|local| self.local(local, dumps, hidden, looks)).collect(),
            locals_note: self.some(&frame.locals_note),
            ..frame.clone()
        }
    }

    fn local(&mut self, local: &Local, dumps: [&Dump; 2], hidden: &Hidden, looks: &dyn Looks) -> Local {
        let mut new = local.clone();
        new.name = self.text(&local.name);
        let object = local.object.filter(|number| dumps[1].heap.contains(*number));
        if let Some(number) = object {
            let is_redacted = |found: &Object<'_>| dumps[1].heap.state(found).redacted;
            new.redacted = local.redacted || dumps[1].heap.object(number).as_ref().is_some_and(is_redacted);
            let same = self.secrets.mode == Mode::On && looks.value(dumps[0], number) == looks.value(dumps[1], number);
            // Where something in it was hidden, the heap tells what is left to see.
            let shown = local.preview.clone().filter(|_| same);
            if shown.is_none() {
                new = Local { redacted: new.redacted, name: new.name, ..looks.local(dumps[1], local) };
            }
            new.preview = shown.or(new.preview).map(|preview| self.text(&preview));
            return new;
        }
        let Some(preview) = &local.preview else { return new };
        let words = &self.secrets.words;
        let trust = words.trust(&local.name);
        let plain = preview.trim_start_matches(['b', 'u', 'r']).trim_matches(['\'', '"']);
        let is_hidden = local.object.is_some_and(|number| hidden.contains_key(&number))
            || (trust != crate::names::Trust::No && words.values.is_hidden(&words.rules, plain, trust));
        new.preview = Some(match (self.secrets.mode, is_hidden) {
            (Mode::ShapeOnly, _) => SHAPELESS.into(),
            (Mode::On, true) => self.hidden(plain),
            (Mode::On, false) => self.text(preview),
        });
        new.redacted = local.redacted || new.preview.as_ref() != Some(preview);
        new
    }

    pub(crate) fn exception(&mut self, exception: &Exception, dumps: [&Dump; 2], looks: &dyn Looks) -> Exception {
        let number = exception.object.unwrap_or(u32::MAX);
        let told = looks.message(dumps[1], exception);
        let same = looks.message(dumps[0], exception) == told;
        let message = match (&exception.message, &exception.preview) {
            // One of its arguments was hidden.
            (Some(_), _) if !same => told,
            (None, None) => told,
            (message, _) => message.clone(),
        };
        let shown = looks.value(dumps[1], number);
        let same = !dumps[1].heap.contains(number) || looks.value(dumps[0], number) == shown;
        let preview = exception.preview.clone().filter(|_| same).unwrap_or(shown);
        Exception {
            type_name: self.text(&exception.type_name),
            qualname: self.text(&exception.qualname),
            message: message.map(|message| self.value(&message)),
            preview: Some(self.value(&preview)),
            notes: exception.notes.iter().map(|note| self.value(note)).collect(),
            dumped: exception.dumped.as_ref().map(|dumped| Dumped { file: self.text(&dumped.file), ..dumped.clone() }),
            ..exception.clone()
        }
    }
}
