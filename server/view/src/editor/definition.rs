//! Where what an expression held was written: the class of an instance, a function, a class.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::{Dump, Kind, Object};

use super::crashed::Crashed;
use super::names::{Scope, ScopeKind};
use super::text::Spot;
use super::{Beside, hover};
use crate::repr::halves;

/// Where something was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Name of the file.
    pub file: Arc<str>,
    /// A line of it, from 1: of a class, before Python 3.13, that of its first function.
    pub line: u64,
    /// The name of the class.
    class: Option<Arc<str>>,
}

impl Written {
    /// The line in its source: of a class, that which has its name.
    pub fn line_in(&self, crashed: &Crashed) -> u64 {
        let Some(class) = &self.class else { return self.line };
        let names = &crashed.names;
        let mut scopes = names.named(class).iter().filter_map(|index| names.scopes.get(*index));
        let holds = |scope: &&Scope| {
            let whole = crashed.text.span(scope.whole.clone());
            scope.kind == ScopeKind::Class && (whole.start.line..=whole.end.line).contains(&self.line)
        };
        scopes.rfind(holds).map_or(self.line, |scope| scope.line)
    }
}

/// Where the class of the value is, or the value itself, if it is a class or a function.
pub fn answer(beside: Beside<'_>, spot: Spot, interrupt: Arc<AtomicBool>) -> Option<Written> {
    let value = hover::answer(beside, spot, interrupt)?.outcome.ok()?.value;
    let object = beside.dump.heap.object(value.id?)?;
    of_object(beside.dump, &object)
}

fn of_object(dump: &Dump, object: &Object<'_>) -> Option<Written> {
    let own = match object.kind() {
        Kind::Class | Kind::Function => Some(*object),
        // A method is one of its function.
        Kind::Method => object.attribute("__func__").and_then(|number| dump.heap.object(number)),
        _ => None,
    };
    let class = || dump.heap.object(object.class()?.class?);
    let found = own.or_else(class)?;
    let (file, line) = found.location()?;
    let class = (found.kind() == Kind::Class).then(|| halves(&found).1);
    let class = class.map(|name| name.rsplit('.').next().unwrap_or_default().into());
    (line > 0).then(|| Written { file: file.text.clone(), line: u64::from(line), class })
}
