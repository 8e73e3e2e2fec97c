//! One expression asked of many objects: `o` is each of them in turn.

use std::rc::Rc;

use crashsite_model::{Dump, Frame, Object, Thread};

use super::value::{Scope, Value};
use super::{Context, Limits, Res};
use crate::expr::{self, tree::Node};

/// The name of the object that is asked about.
const NAME: &str = "o";

/// A condition on objects. The steps and the time of its limits are those of all questions together.
pub(crate) struct Predicate<'a> {
    context: Context<'a>,
    tree: Node,
}

impl<'a> Predicate<'a> {
    /// Reads the expression, whose other names are those of the frame.
    pub(crate) fn new(
        dump: &'a Dump,
        thread: &'a Thread,
        frame: &'a Frame,
        expression: &str,
        limits: Limits,
    ) -> Res<Predicate<'a>> {
        let text = super::with_specials(expression);
        let tree = expr::parse(&text).map_err(|refusal| super::as_asked(&text, refusal.into()))?;
        Ok(Predicate { context: Context::new(dump, thread, frame, limits), tree })
    }

    /// Whether the expression is true of the object.
    pub(crate) fn holds(&self, object: Object<'a>) -> Res<bool> {
        self.context.budget.renew();
        let value = match object.kind() {
            crashsite_model::Kind::Class => self.context.class_value(object),
            _ => Value::Object(object),
        };
        let scope = Rc::new(Scope { binds: true, ..Scope::default() });
        scope.set(NAME, value);
        let answer = self.context.evaluate(&self.tree, &scope)?;
        self.context.truth(&answer)
    }

    /// Whether the limits of all questions together are reached.
    pub(crate) fn spent(&self) -> bool {
        self.context.budget.spent()
    }
}
