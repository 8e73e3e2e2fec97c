//! One expression asked of many objects: `o` is each of them in turn.

use std::sync::Arc;

use crashsite_model::{Dump, Kind, Object};

use super::value::{Scope, Value};
use super::{Context, Limits, Res, as_written, parse};
use crate::expr::tree::Node;
use crate::thread::Place;

/// The name of the object that is asked about.
const NAME: &str = "o";

/// A condition on objects. The steps and the time of its limits are those of all questions together.
pub(crate) struct Predicate<'a, 'q> {
    context: Context<'a>,
    expression: &'q str,
    tree: Node,
}

impl<'a, 'q> Predicate<'a, 'q> {
    /// Reads the expression, whose other names are those of the place.
    pub(crate) fn new(dump: &'a Dump, place: Place<'a>, expression: &'q str, limits: Limits) -> Res<Predicate<'a, 'q>> {
        let tree = parse(expression).map_err(|failure| as_written(expression, failure))?;
        Ok(Predicate { context: Context::new(dump, place, limits, Arc::default()), expression, tree })
    }

    /// Whether the expression is true of the object.
    pub(crate) fn holds(&self, object: Object<'a>) -> Res<bool> {
        self.context.budget.again();
        let value = match object.kind() {
            Kind::Class => self.context.class_value(object),
            _ => Value::Object(object),
        };
        let scope = Scope::of_expression(self.context.place.get());
        scope.set(NAME, value);
        let answer = self.context.evaluate(&self.tree, &scope).and_then(|answer| self.context.truth(&answer));
        answer.map_err(|failure| as_written(self.expression, failure))
    }

    /// Whether the limits of all questions together are reached.
    pub(crate) fn spent(&self) -> bool {
        self.context.budget.spent()
    }
}
