//! What lies one level below a value: attributes, elements, pairs, rows of an array; a page at a time.

use std::sync::Arc;

use crashsite_model::numpy::Array;
use crashsite_model::{Dump, Object};
use serde::Serialize;

use crate::numpy;
use crate::value::Value;

/// How many children an answer has where nothing is said.
pub const PAGE: usize = 100;

/// A child: a value with the name, index or key it is found by.
#[derive(Debug, Clone, Serialize)]
pub struct Child {
    /// Of an attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
    /// Of an element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// Of a pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Box<Value>>,
    /// The child.
    #[serde(flatten)]
    pub value: Value,
}

/// How many children an object has in the file.
pub fn count(dump: &Dump, object: &Object<'_>) -> u64 {
    let attributes = object.attribute_count() as u64;
    match Array::of(&dump.heap, object) {
        Some(array) => attributes.saturating_add(array.row_count()),
        None => attributes + dump.heap.contents(object).len(),
    }
}

/// Children of an object from the `offset`-th on, at most `limit`: its attributes, then its elements or pairs.
pub fn page(dump: &Dump, object: &Object<'_>, offset: u64, limit: usize) -> Vec<Child> {
    let attributes = object.attribute_count() as u64;
    let skip = usize::try_from(offset).unwrap_or(usize::MAX);
    let mut children: Vec<Child> = object
        .raw_attributes()
        .skip(skip)
        .take(limit)
        .map(|(name, number)| Child {
            name: Some(name.text.clone()),
            index: None,
            key: None,
            value: Value::of_number(dump, number),
        })
        .collect();
    let room = limit - children.len();
    let skip = offset.saturating_sub(attributes);
    if let Some(array) = Array::of(&dump.heap, object) {
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let row =
            |place| Some(Child { name: None, index: Some(place), key: None, value: numpy::row(dump, &array, place)? });
        children.extend(array.rows().skip(skip).take(room).filter_map(row));
        return children;
    }
    let contents = dump.heap.contents(object);
    if contents.are_pairs() {
        children.extend(contents.pairs(skip).take(room).map(|(key, value)| Child {
            name: None,
            index: None,
            key: Some(Box::new(Value::of_number(dump, key))),
            value: Value::of_number(dump, value),
        }));
    } else {
        children.extend(contents.elements(skip).take(room).map(|(index, number)| Child {
            name: None,
            index: Some(index),
            key: None,
            value: Value::of_number(dump, number),
        }));
    }
    children
}
