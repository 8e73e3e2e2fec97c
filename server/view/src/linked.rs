//! Which dumps belong together: those of a process and of the processes that it comes from, or that come from it.

use crashsite_model::{Ancestor, Dump, Process};

/// What another dump is to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Of a process that it comes from, so many steps before its parent.
    Ancestor(usize),
    /// An earlier one of the same process, which an exception names.
    Earlier,
    /// Of a process that comes from it, so many steps behind its children.
    Descendant(usize),
}

impl Relation {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Ancestor(0) => "parent",
            Relation::Ancestor(_) => "ancestor",
            Relation::Earlier => "earlier",
            Relation::Descendant(0) => "child",
            Relation::Descendant(_) => "descendant",
        }
    }
}

/// What the dump `other`, of a file of the name `file`, is to `dump`; `None` where it has nothing to do with it.
pub fn relation(dump: &Dump, other: &Dump, file: &str) -> Option<Relation> {
    let steps = |of: &Dump, to: &Dump| of.process.lineage.ancestors.iter().position(|one| is(one, &to.process));
    let (own, others) = (&dump.process.lineage.identity, &other.process.lineage.identity);
    if own.is_some() && own == others {
        let named = dump.exceptions.iter().filter_map(|raised| raised.dumped.as_ref());
        let mut named = named.filter(|dumped| dumped.process == *own);
        return named.any(|dumped| &*dumped.file == file).then_some(Relation::Earlier);
    }
    steps(dump, other).map(Relation::Ancestor).or_else(|| steps(other, dump).map(Relation::Descendant))
}

/// Whether a process is the ancestor; by its number alone where no more is known of that.
fn is(ancestor: &Ancestor, process: &Process) -> bool {
    match &ancestor.identity {
        Some(identity) => process.lineage.identity.as_ref() == Some(identity),
        None => ancestor.pid.is_some() && ancestor.pid == process.pid,
    }
}
