//! The names in a source: which function binds which, where; and what stands at a place.

mod depth;
mod expression;
mod read;

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) use depth::is_read;
pub use expression::Expression;

/// The names of a source. Places are bytes of its text.
#[derive(Debug, Default)]
pub struct Names {
    /// What has names of its own; the module is the first.
    pub scopes: Vec<Scope>,
    /// Where names are bound, in the order of the text.
    pub bindings: Vec<Binding>,
    /// The words of the text, comments left out.
    words: Vec<Word>,
    /// Parts in which a name is one of a module, not of a variable.
    imports: Vec<Range<usize>>,
    /// Names by the scope that binds them.
    bound: FxHashMap<usize, FxHashSet<Arc<str>>>,
    /// Scopes by the name of their code.
    by_name: FxHashMap<Arc<str>, Vec<usize>>,
}

/// What kind of code a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The whole file.
    Module,
    /// A class.
    Class,
    /// A function.
    Function,
    /// A lambda.
    Lambda,
    /// A generator expression.
    Generator,
    /// A list, set or dict comprehension: a function of its own before Python 3.12.
    Comprehension,
}

/// What has names of its own.
#[derive(Debug)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// The name of its code object: `<module>`, `total`, `<lambda>`.
    pub name: Arc<str>,
    /// The scope around it.
    pub parent: Option<usize>,
    /// The line of its first decorator, or of itself.
    pub first_line: u64,
    /// The line of its `def`, `class` or `lambda`.
    pub line: u64,
    /// Its name, or its beginning.
    pub head: Range<usize>,
    /// All of it, with decorators and parameters.
    pub whole: Range<usize>,
    /// Where names are its own.
    inside: Range<usize>,
    /// A part of that which is evaluated outside: what a comprehension goes through first.
    outside: Range<usize>,
    /// Names declared `global`.
    globals: FxHashSet<Arc<str>>,
}

/// How a name gets its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binds {
    /// As a parameter.
    Argument,
    /// By a statement: `=`, `for`, `with`, `as`.
    Value,
    /// By `def`, `class`, `import`, an annotation without a value.
    Definition,
}

/// A place where a name is bound.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The name.
    pub name: Arc<str>,
    /// The scope whose name it is.
    pub scope: usize,
    /// Where it stands.
    pub at: Range<usize>,
    /// How.
    pub how: Binds,
}

/// Whose variable a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// That of a scope.
    Scope(usize),
    /// The module's, or a builtin.
    Global,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordKind {
    Name,
    Dot,
    Open(char),
    Close,
    /// A literal that has attributes: a text.
    Literal,
    Equals,
    Comma,
    Other,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    kind: WordKind,
    start: usize,
    end: usize,
}

impl Names {
    /// The names of a source. Python 2 has no functions for its list comprehensions. A source that nests deeper than any
    /// program does has none.
    pub fn of(text: &str, python2: bool) -> Names {
        if !depth::is_read(text) {
            return Names::default();
        }
        // Without memory for the stack that the parser may need, nothing is known of the names.
        crate::eval::on_large_stack(|| read::read(text, python2)).unwrap_or_default()
    }

    /// The scope whose names are meant at a place.
    pub fn scope_at(&self, offset: usize) -> usize {
        if let Some(binding) = self.binding_at(offset) {
            return binding.scope;
        }
        // Scopes are in the order of their beginnings, so that the last which has the place is the innermost.
        let has = |scope: &Scope| scope.inside.contains(&offset) && !scope.outside.contains(&offset);
        self.scopes.iter().rposition(has).unwrap_or(0)
    }

    /// Where a name is bound that stands there.
    fn binding_at(&self, offset: usize) -> Option<&Binding> {
        let after = self.bindings.partition_point(|binding| binding.at.start <= offset);
        self.bindings.get(after.checked_sub(1)?).filter(|binding| binding.at.contains(&offset))
    }

    /// Whose variable a name is that stands in a scope.
    pub fn owner(&self, scope: usize, name: &str) -> Owner {
        let mut at = Some(scope);
        while let Some(index) = at {
            let Some(found) = self.scopes.get(index) else { break };
            if found.kind == ScopeKind::Module || found.globals.contains(name) {
                break;
            }
            let visible = index == scope || found.kind != ScopeKind::Class;
            if visible && self.bound.get(&index).is_some_and(|names| names.contains(name)) {
                return Owner::Scope(index);
            }
            at = found.parent;
        }
        Owner::Global
    }

    /// Scopes whose code has that name.
    pub fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}
