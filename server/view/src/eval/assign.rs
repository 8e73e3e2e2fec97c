//! `owner[key] = value` and `del owner[key]`, of what the expression made.

use std::cell::RefCell;

use super::data::Data;
use super::value::Value;
use super::{Context, Failure, Res, method};

impl<'a> Context<'a> {
    /// Sets the item of a key, or removes it where no value is given.
    pub(super) fn set_item(&self, owner: &Value<'a>, key: &Value<'a>, value: Option<Value<'a>>) -> Res<Value<'a>> {
        self.budget.grow(4 * size_of::<Value<'_>>())?;
        match owner {
            Value::Dict(dict) => {
                let wanted = self.key(key)?;
                match value {
                    Some(value) => dict.borrow_mut().insert(wanted, key.clone(), value),
                    None => {
                        let removed = dict.borrow_mut().remove(&wanted);
                        // A counter has every key.
                        if removed.is_none() && dict.borrow().class != "Counter" {
                            return Err(Failure::new("KeyError", self.show(key, 200)?));
                        }
                    }
                }
            }
            Value::List(items) => {
                let made = |value: Value<'a>| self.collect(&value);
                self.change_row(items, key, value, "list", Ok, made)?;
            }
            Value::Deque(items, _) => {
                let length = items.borrow().len();
                let place = self.place(key, length, "deque")?;
                match value {
                    Some(value) => items.borrow_mut().splice(place..=place, [value]).for_each(drop),
                    None => drop(items.borrow_mut().remove(place)),
                }
            }
            Value::Array(bytes) => {
                let made = |value: Value<'a>| self.more_bytes(&value);
                self.change_row(bytes, key, value, "bytearray", |value| self.byte(&value), made)?;
            }
            _ => return Err(method::changes("an assignment")),
        }
        Ok(Value::None)
    }

    /// Sets or removes an element of a row, or those that a slice means.
    fn change_row<T: Clone>(
        &self,
        row: &RefCell<Vec<T>>,
        key: &Value<'a>,
        value: Option<Value<'a>>,
        class: &str,
        element: impl Fn(Value<'a>) -> Res<T>,
        elements: impl Fn(Value<'a>) -> Res<Vec<T>>,
    ) -> Res<()> {
        let length = row.borrow().len();
        let Value::Slice(parts) = self.load(key.clone())? else {
            let place = self.place(key, length, class).map_err(|failure| match failure.kind {
                "IndexError" if class == "list" => Failure::new("IndexError", "list assignment index out of range"),
                _ => failure,
            })?;
            match value {
                Some(value) => {
                    let made = element(value)?;
                    if let Some(held) = row.borrow_mut().get_mut(place) {
                        *held = made;
                    }
                }
                None => drop(row.borrow_mut().remove(place)),
            }
            return Ok(());
        };
        let made = value.map(elements).transpose()?;
        let (from, to, step) = self.bounds(&parts, length as i128)?;
        if step == 1 {
            let from = usize::try_from(from).unwrap_or(0);
            let to = usize::try_from(to).unwrap_or(0).max(from);
            row.borrow_mut().splice(from..to, made.unwrap_or_default()).for_each(drop);
            return Ok(());
        }
        let places = self.places(&parts, length)?;
        let mut held = row.borrow_mut();
        match made {
            None => {
                let mut at = 0;
                held.retain(|_| {
                    at += 1;
                    !places.contains(&(at - 1))
                });
            }
            Some(made) if made.len() == places.len() => {
                for (place, value) in places.into_iter().zip(made) {
                    if let Some(held) = held.get_mut(place) {
                        *held = value;
                    }
                }
            }
            Some(made) => {
                let (given, wanted) = (made.len(), places.len());
                let what = if class == "list" { "sequence" } else { "bytes" };
                let message = format!("attempt to assign {what} of size {given} to extended slice of size {wanted}");
                return Err(Failure::new("ValueError", message));
            }
        }
        Ok(())
    }

    /// What a dict gives for a key that it does not have: `__missing__`.
    pub(super) fn missing_item(&self, owner: &Value<'a>, key: &Value<'a>) -> Res<Value<'a>> {
        let (class, factory) = match (self.data(owner)?, owner) {
            (Data::Value(Value::Dict(dict)), _) => (dict.borrow().class, dict.borrow().factory.clone()),
            (Data::Pairs(pairs), _) => {
                let factory =
                    pairs.object.attribute("default_factory").map(|number| self.object(number)).transpose()?;
                (super::class::exactly(pairs.object.class()).map_or("", super::types::short), factory)
            }
            _ => ("", None),
        };
        let factory = factory.map(|factory| self.load(factory)).transpose()?;
        match (class, factory) {
            ("Counter", _) => Ok(Value::Int(0)),
            ("defaultdict", Some(factory)) if !matches!(factory, Value::None) => {
                let made = self.call(&factory, Vec::new(), Vec::new())?;
                // Of the program's own dict nothing changes.
                if let Value::Dict(dict) = owner {
                    self.budget.grow(4 * size_of::<Value<'_>>())?;
                    dict.borrow_mut().insert(self.key(key)?, key.clone(), made.clone());
                }
                Ok(made)
            }
            _ => Err(Failure::new("KeyError", self.show(key, 200)?)),
        }
    }
}
