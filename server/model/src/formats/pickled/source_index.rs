//! What the sources in a dump say about a module's names: which are classes, of which kind, and which are functions.
//!
//! A pickle tells classes and functions apart only where it makes something of them. The text of the module does, where
//! the dump has it: its lines that begin with `class`, `def`, or an assignment of a named tuple.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::SourceFile;

/// What a name of a module is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A class; of Python 2's old style where it names no base.
    Class { bases: Vec<String>, line: u32 },
    /// A function, and its line.
    Function { line: u32 },
    /// `collections.namedtuple`, and its fields.
    NamedTuple { fields: Vec<Arc<str>> },
}

/// A module's file, what its names are, and what is assigned in the bodies of its classes: names and texts.
struct Module {
    file: Arc<str>,
    names: FxHashMap<String, What>,
    assigned: FxHashMap<String, Vec<(String, String)>>,
}

/// The sources of a dump, looked through a module at a time.
pub(in crate::formats) struct SourceIndex<'a> {
    files: &'a [SourceFile],
    modules: RefCell<FxHashMap<String, Option<Rc<Module>>>>,
}

/// Longest line that is looked at, and most names of one module: a hostile text is not worth more.
const LONGEST: usize = 2000;
const MOST: usize = 20_000;
const MOST_ASSIGNED: usize = 500;

impl<'a> SourceIndex<'a> {
    pub(in crate::formats) fn new(files: &'a [SourceFile]) -> Self {
        SourceIndex { files, modules: RefCell::default() }
    }

    /// What a module's source says of a name, and the file it stands in.
    pub(super) fn find(&self, module: &str, name: &str) -> Option<(What, Arc<str>)> {
        let found = self.module(module)?;
        Some((found.names.get(name)?.clone(), found.file.clone()))
    }

    /// Says which file the module `__main__` is.
    pub(super) fn main_is(&self, name: &str) {
        if let Some(file) = self.files.iter().find(|file| &*file.name == name) {
            self.modules.borrow_mut().insert("__main__".to_owned(), Some(Rc::new(index(file))));
        }
    }

    fn module(&self, name: &str) -> Option<Rc<Module>> {
        if let Some(known) = self.modules.borrow().get(name) {
            return known.clone();
        }
        let found = self.file_of(name).map(|file| Rc::new(index(file)));
        self.modules.borrow_mut().insert(name.to_owned(), found.clone());
        found
    }

    /// Whether a class is of Python 2's old style: neither it nor a base of the same module derives from anything else.
    pub(super) fn is_old_style(&self, module: &str, name: &str) -> bool {
        let mut name = name.to_owned();
        for _ in 0..100 {
            match self.find(module, &name) {
                Some((What::Class { bases, .. }, _)) => match bases.as_slice() {
                    [] => return true,
                    [base] => name.clone_from(base),
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
    }

    /// Whether a class or a base of it in the same module is named as exceptions are.
    pub(super) fn is_exception(&self, module: &str, name: &str) -> bool {
        let mut name = name.to_owned();
        for _ in 0..100 {
            let last = name.rsplit('.').next().unwrap_or_default();
            if super::names::looks_like_an_exception(last) {
                return true;
            }
            match self.find(module, &name) {
                Some((What::Class { bases, .. }, _)) if !bases.is_empty() => {
                    name = bases.into_iter().next().unwrap_or_default();
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether a class derives from one of which that is said by name, by way of others of the same module.
    pub(super) fn derives(&self, module: &str, name: &str, from: fn(&str) -> bool) -> bool {
        let mut open = vec![name.to_owned()];
        for _ in 0..100 {
            match open.pop().map(|name| self.find(module, &name)) {
                None => return false,
                Some(Some((What::Class { bases, .. }, _))) if bases.iter().any(|base| from(base)) => return true,
                Some(Some((What::Class { bases, .. }, _))) => open.extend(bases),
                Some(_) => {}
            }
        }
        false
    }

    /// The first name in the body of a class to which one of these texts is assigned.
    pub(super) fn member(&self, module: &str, class: &str, texts: &[String]) -> Option<Arc<str>> {
        let module = self.module(module)?;
        let mut assigned = module.assigned.get(class)?.iter();
        assigned.find(|(_, text)| texts.contains(text)).map(|(name, _)| name.as_str().into())
    }

    fn file_of(&self, module: &str) -> Option<&'a SourceFile> {
        let path = module.replace('.', "/");
        let ends = [format!("/{path}.py"), format!("/{path}/__init__.py")];
        self.files.iter().find(|file| {
            let name = format!("/{}", file.name.replace('\\', "/"));
            !file.pieces.is_empty() && ends.iter().any(|end| name.ends_with(end))
        })
    }
}

fn index(file: &SourceFile) -> Module {
    let mut names = FxHashMap::default();
    let mut assigned: FxHashMap<String, Vec<(String, String)>> = FxHashMap::default();
    let mut class: Option<String> = None;
    for piece in &file.pieces {
        let first = u32::try_from(piece.first).unwrap_or(u32::MAX);
        for (line, text) in (first..u32::MAX).zip(piece.text.split('\n')) {
            if text.len() > LONGEST || names.len() >= MOST {
                continue;
            }
            if let Some((name, what)) = definition(text, line) {
                class = matches!(what, What::Class { .. }).then(|| name.to_owned());
                names.insert(name.to_owned(), what);
            } else if let (Some(class), Some((name, value))) = (&class, assignment(text)) {
                let assigned = assigned.entry(class.clone()).or_default();
                if assigned.len() < MOST_ASSIGNED {
                    assigned.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }
    Module { file: file.name.clone(), names, assigned }
}

fn definition(text: &str, line: u32) -> Option<(&str, What)> {
    if let Some(rest) = text.strip_prefix("def ") {
        return Some((identifier(rest)?, What::Function { line }));
    }
    if let Some(rest) = text.strip_prefix("class ") {
        let name = identifier(rest)?;
        let after = rest.trim_start().strip_prefix(name)?.trim_start();
        let bases = after.strip_prefix('(').and_then(|bases| bases.split(')').next()).unwrap_or_default();
        let bases = bases.split(',').map(str::trim).filter(|base| !base.is_empty() && !base.contains('='));
        return Some((name, What::Class { bases: bases.map(str::to_owned).collect(), line }));
    }
    let (name, value) = text.split_once('=')?;
    let name = identifier(name).filter(|found| found.len() == name.trim_end().len())?;
    let arguments = value.trim().strip_prefix("collections.").unwrap_or(value.trim()).strip_prefix("namedtuple(")?;
    let fields = arguments.split_once(',')?.1;
    let words = fields.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    Some((name, What::NamedTuple { fields: words.map(Arc::from).collect() }))
}

/// `NAME = value` in the body of a class.
fn assignment(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("    ").or_else(|| text.strip_prefix('\t'))?;
    let (name, value) = inner.split_once('=')?;
    let found = identifier(name).filter(|found| *found == name.trim_end())?;
    Some((found, value.split(" #").next().unwrap_or(value).trim()))
}

/// The identifier that a text begins with.
fn identifier(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).filter(|name| !name.is_empty())
}
