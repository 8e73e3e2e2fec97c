//! Values that a front end keeps hold of, to look into them later, a page at a time.

use std::rc::Rc;

use crashsite_model::numpy::Array;
use crashsite_model::{Kind, Local, Object};

use super::printed::{Label, Part, answer, child, held_by};
use super::session::held;
use super::value::Value;
use super::{Failure, Limits, Res, Session, as_written, names, parse};
use crate::children::{self, Child};
use crate::find::{is_name, onward};
use crate::repr;
use crate::value::Value as Answer;

/// What telling the expressions of one page may take: nobody waits long for them.
const EFFORT: Limits = Limits { steps: 200_000, memory: 4 << 20, milliseconds: 200 };
/// Characters of an expression that is told.
const LONGEST: usize = 1000;

/// A value of a session.
#[derive(Debug, Clone)]
pub struct Held<'a> {
    value: Value<'a>,
    bytes: u64,
}

/// Something in a value.
#[derive(Debug)]
pub struct Inside<'a> {
    /// As answers show it.
    pub child: Child,
    /// Itself; `None` where the dump lacks it.
    pub held: Option<Held<'a>>,
    /// What gives it in the session's place, where that is known.
    pub expression: Option<String>,
}

/// How much there is in a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Attributes, which come first.
    pub attributes: u64,
    /// Elements or pairs.
    pub elements: u64,
}

impl<'a> Held<'a> {
    fn of(value: Value<'a>) -> Self {
        Held { value, bytes: 0 }
    }

    /// The number of the object in the heap that it is, where it is one.
    pub fn number(&self) -> Option<u32> {
        match &self.value {
            Value::Object(object) => Some(object.number),
            _ => None,
        }
    }

    /// Bytes, at most, that it keeps of those that its evaluation made.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl<'a> Session<'a> {
    /// The value of an expression, which gets no number.
    ///
    /// # Errors
    /// As [`super::print`].
    pub fn hold(&self, expression: &str) -> Result<Held<'a>, Failure> {
        let context = self.beside(Limits::MOST);
        let value = parse(expression).and_then(|tree| context.ask(self.place(), &tree));
        let value = value.map_err(|failure| as_written(expression, failure))?;
        let bytes = held(&value, context.budget.made());
        Ok(Held { value, bytes })
    }

    /// An object of the heap; `None` where the dump lacks it.
    pub fn object(&self, number: u32) -> Option<Held<'a>> {
        self.context().dump.heap.object(number).map(|object| Held::of(Value::Object(object)))
    }

    /// What a local variable of the session's frame held, `None` where the dump has its preview only; and the expression that
    /// gives it.
    pub fn local(&self, local: &'a Local) -> (Option<Held<'a>>, Option<String>) {
        let context = self.beside(EFFORT);
        let held = match names::of_local(context, local) {
            Value::Preview(_) => None,
            value => Some(Held::of(value)),
        };
        let named = local.object.filter(|_| held.is_some() && is_name(&local.name));
        (held, named.and_then(|number| self.giving(local.name.to_string(), number)))
    }

    /// A value as answers show it.
    ///
    /// # Errors
    /// Where showing it takes more than an evaluation may.
    pub fn shown(&self, of: &Held<'a>) -> Result<Answer, Failure> {
        let count = self.count(of)?;
        let mut shown = answer(self.context(), &of.value)?;
        shown.children_count = count.attributes + count.elements;
        Ok(shown)
    }

    /// What `repr()` of a value gives, at most so many characters and then `…`.
    ///
    /// # Errors
    /// Where that takes more than an evaluation may.
    pub fn text(&self, of: &Held<'a>, most: usize) -> Result<String, Failure> {
        let context = self.beside(Limits::MOST);
        match &of.value {
            Value::Object(object) => Ok(repr::of_object(context.dump, object, most)),
            other => context.show(other, most),
        }
    }

    /// How much there is in a value.
    ///
    /// # Errors
    /// Where counting takes more than an evaluation may.
    pub fn count(&self, of: &Held<'a>) -> Result<Count, Failure> {
        let context = self.beside(Limits::MOST);
        if let Value::Object(object) = &of.value {
            let elements = match context.array(object) {
                Some(array) => array.row_count(),
                None => context.dump.heap.contents(object).len(),
            };
            return Ok(Count { attributes: object.attribute_count() as u64, elements });
        }
        let part = held_by(context, &of.value, 0, 1)?;
        let count = part.count as u64;
        Ok(match part.items.first() {
            Some((Label::Name(_), _)) => Count { attributes: count, elements: 0 },
            _ => Count { attributes: 0, elements: count },
        })
    }

    /// What is in a value: attributes and then elements or pairs, from the `offset`-th on, at most `limit`. Their expressions
    /// are told by the value's own, and only where they are known to give the same object.
    ///
    /// # Errors
    /// Where it takes more than an evaluation may.
    pub fn inside(
        &self,
        of: &Held<'a>,
        expression: Option<&str>,
        offset: u64,
        limit: usize,
    ) -> Result<Vec<Inside<'a>>, Failure> {
        match &of.value {
            Value::Object(object) => match self.context().array(object) {
                Some(array) => self.inside_array(object, &array, expression, offset, limit),
                None => Ok(self.inside_object(object, expression, offset, limit)),
            },
            value => self.inside_made(value, of.bytes, expression, offset, limit),
        }
    }

    fn inside_object(
        &self,
        object: &Object<'a>,
        expression: Option<&str>,
        offset: u64,
        limit: usize,
    ) -> Vec<Inside<'a>> {
        let context = self.beside(EFFORT);
        let page = children::page(context.dump, object, offset, limit);
        let attributes = object.attribute_count() as u64;
        let globals = expression == Some("globals()");
        let inside = |(child, position): (Child, u64)| {
            let edge = match position.checked_sub(attributes) {
                Some(pair) if child.key.is_some() => attributes + 2 * pair + 1,
                _ => position,
            };
            let number = child.value.id;
            let told = || {
                let of = expression?;
                let way = onward(context.dump, object, u32::try_from(edge).ok()?, of, globals);
                self.giving(way?, number?).or_else(|| self.giving(format!("obj({:#x})", child.value.address?), number?))
            };
            let expression = told();
            Inside { held: number.and_then(|number| self.object(number)), expression, child }
        };
        page.into_iter().zip(offset..).map(inside).collect()
    }

    /// Attributes of the object, and then the rows of the array that it is.
    fn inside_array(
        &self,
        object: &Object<'a>,
        array: &Rc<Array<'a>>,
        expression: Option<&str>,
        offset: u64,
        limit: usize,
    ) -> Result<Vec<Inside<'a>>, Failure> {
        let attributes = object.attribute_count() as u64;
        let left = usize::try_from(attributes.saturating_sub(offset)).unwrap_or(usize::MAX).min(limit);
        let mut inside = self.inside_object(object, expression, offset, left);
        let rows = Value::NdArray(array.clone());
        inside.extend(self.inside_made(&rows, 0, expression, offset.saturating_sub(attributes), limit - left)?);
        Ok(inside)
    }

    /// The expression, if it gives the object of that number.
    fn giving(&self, expression: String, number: u32) -> Option<String> {
        let found = parse(&expression).and_then(|tree| self.context().ask(self.place(), &tree)).ok()?;
        let same = match found {
            Value::Object(object) => object.number == number,
            Value::Class(name) => {
                let wanted = self.context().dump.heap.object(number).filter(|object| object.kind() == Kind::Class);
                let wanted = wanted.map(|class| self.context().class_value(class));
                matches!(wanted, Some(Value::Class(known)) if known == name)
            }
            _ => false,
        };
        same.then_some(expression)
    }

    fn inside_made(
        &self,
        value: &Value<'a>,
        bytes: u64,
        expression: Option<&str>,
        offset: u64,
        limit: usize,
    ) -> Res<Vec<Inside<'a>>> {
        let context = self.beside(Limits::MOST);
        let skip = usize::try_from(offset).unwrap_or(usize::MAX);
        let Part { items, .. } = held_by(context, value, skip, limit)?;
        let ordered = matches!(value, Value::List(_) | Value::Tuple(_) | Value::Deque(..) | Value::NdArray(_));
        let mut found = Vec::with_capacity(items.len());
        for (position, (label, item)) in items.into_iter().enumerate() {
            let child = child(context, &label, item.as_ref())?;
            let after = expression.and_then(|of| match &label {
                Label::Index(index) if ordered => Some(format!("{of}[{index}]")),
                Label::Index(index) => Some(format!("list({of})[{index}]")),
                Label::Name(name) => is_name(name).then(|| format!("{of}.{name}")),
                Label::Key(_) => Some(format!("list({of}.values())[{}]", skip + position)),
            });
            let expression = after.filter(|text| text.len() <= LONGEST);
            found.push(Inside { child, held: item.map(|value| Held { value, bytes }), expression });
        }
        Ok(found)
    }
}
