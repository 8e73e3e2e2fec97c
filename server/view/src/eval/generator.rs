//! Comprehensions: their clauses gone through like the digits of a counter.

use std::rc::Rc;

use super::dict::{Dict, Set};
use super::iterator::Iter;
use super::value::{Scope, Value};
use super::{Context, Failure, Res};
use crate::expr::tree::{Comprehension, Kind, Makes, Node};

/// A comprehension under way.
#[derive(Debug)]
pub(super) struct Generator<'a> {
    of: Rc<Comprehension>,
    scope: Rc<Scope<'a>>,
    /// One iterator for each clause that was entered.
    open: Vec<Iter<'a>>,
    done: bool,
}

impl<'a> Context<'a> {
    /// The value of a comprehension; the iterable of its first clause is evaluated at once, in the scope around it.
    pub(super) fn comprehension(&self, of: &Rc<Comprehension>, scope: &Rc<Scope<'a>>) -> Res<Value<'a>> {
        let Some(first) = of.clauses.first() else {
            return Err(Failure::new("SyntaxError", "a comprehension of nothing"));
        };
        let iterable = self.evaluate(&first.iterable, scope)?;
        let iterator =
            self.iterate(&iterable).map_err(|failure| failure.at(first.iterable.column, first.iterable.end))?;
        let inner = Scope::within(scope, false);
        let mut generator = Generator { of: of.clone(), scope: inner, open: vec![iterator], done: false };
        match of.makes {
            Makes::Generator => Ok(Iter::Generator(Box::new(generator)).value()),
            Makes::List => {
                let mut items = Vec::new();
                while let Some(item) = self.next_of_generator(&mut generator)? {
                    self.budget.grow(size_of::<Value<'_>>())?;
                    items.push(item);
                }
                Ok(Value::list(items))
            }
            Makes::Set => {
                let mut set = Set::default();
                while let Some(item) = self.next_of_generator(&mut generator)? {
                    self.budget.grow(2 * size_of::<Value<'_>>())?;
                    set.insert(self.key(&item)?, item);
                }
                Ok(Value::set(set))
            }
            Makes::Dict => {
                let mut dict = Dict::default();
                while self.advance(&mut generator)? {
                    self.budget.grow(4 * size_of::<Value<'_>>())?;
                    let key = self.evaluate(&of.element, &generator.scope)?;
                    let value = match &of.value {
                        Some(value) => self.evaluate(value, &generator.scope)?,
                        None => Value::None,
                    };
                    dict.insert(self.key(&key)?, key, value);
                }
                Ok(Value::dict(dict))
            }
        }
    }

    pub(super) fn next_of_generator(&self, generator: &mut Generator<'a>) -> Res<Option<Value<'a>>> {
        self.within(generator.scope.place, || {
            if !self.advance(generator)? {
                return Ok(None);
            }
            self.evaluate(&generator.of.element, &generator.scope).map(Some)
        })
    }

    /// Goes on until all clauses have a value that meets their conditions.
    fn advance(&self, generator: &mut Generator<'a>) -> Res<bool> {
        while !generator.done {
            let depth = generator.open.len();
            let of = generator.of.clone();
            let (Some(clause), Some(iterator)) = (of.clauses.get(depth - 1), generator.open.last_mut()) else { break };
            match self.next(iterator)? {
                None => {
                    generator.open.pop();
                    generator.done = generator.open.is_empty();
                    continue;
                }
                Some(value) => self.assign(&clause.target, value, &generator.scope)?,
            }
            let mut holds = true;
            for condition in &clause.conditions {
                let value = self.evaluate(condition, &generator.scope)?;
                if !self.truth(&value).map_err(|failure| failure.at(condition.column, condition.end))? {
                    holds = false;
                    break;
                }
            }
            if !holds {
                continue;
            }
            match of.clauses.get(depth) {
                None => return Ok(true),
                Some(next) => {
                    let iterable = self.evaluate(&next.iterable, &generator.scope)?;
                    let iterator = self
                        .iterate(&iterable)
                        .map_err(|failure| failure.at(next.iterable.column, next.iterable.end))?;
                    generator.open.push(iterator);
                }
            }
        }
        Ok(false)
    }

    /// Binds the names of a target to the parts of a value.
    pub(super) fn assign(&self, target: &Node, value: Value<'a>, scope: &Rc<Scope<'a>>) -> Res<()> {
        let targets = match &target.kind {
            Kind::Name(name) => {
                scope.set(name, value);
                return Ok(());
            }
            Kind::Tuple(targets) | Kind::List(targets) => targets,
            _ => return Err(Failure::new("SyntaxError", "cannot assign to this").at(target.column, target.end)),
        };
        let at = |failure: Failure| failure.at(target.column, target.end);
        let iterator = self.iterate(&value).map_err(|failure| match failure.kind {
            "TypeError" => Failure::wrong_type(format!("cannot unpack non-iterable {} object", self.type_name(&value))),
            _ => failure,
        });
        let mut iterator = iterator.map_err(at)?;
        let mut values = Vec::new();
        let star = targets.iter().position(|target| matches!(target.kind, Kind::Starred(_)));
        while let Some(value) = self.next(&mut iterator)? {
            values.push(value);
            if star.is_none() && values.len() > targets.len() {
                let message = format!("too many values to unpack (expected {})", targets.len());
                return Err(at(Failure::new("ValueError", message)));
            }
        }
        let (wanted, got) = (targets.len() - usize::from(star.is_some()), values.len());
        if got < wanted {
            let least = if star.is_some() { "at least " } else { "" };
            let message = format!("not enough values to unpack (expected {least}{wanted}, got {got})");
            return Err(at(Failure::new("ValueError", message)));
        }
        let mut values = values.into_iter();
        for (place, target) in targets.iter().enumerate() {
            match &target.kind {
                Kind::Starred(inner) if star == Some(place) => {
                    let some: Vec<Value<'a>> = values.by_ref().take(got - wanted).collect();
                    self.assign(inner, Value::list(some), scope)?;
                }
                _ => {
                    if let Some(value) = values.next() {
                        self.assign(target, value, scope)?;
                    }
                }
            }
        }
        Ok(())
    }
}
