//! A value as every answer shows it.

use std::sync::Arc;

use crashsite_model::{Dump, Local, Object};
use serde::{Serialize, Serializer};

use crate::repr;

/// How well a value was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Whole.
    Ok,
    /// Only its beginning was kept.
    Cut,
    /// Left out by a rule.
    Redacted,
    /// Not in the file.
    Missing,
    /// It changed while it was read.
    Changed,
    /// Of the library: name and place only.
    Brief,
}

/// A value.
#[derive(Debug, Clone, Serialize)]
pub struct Value {
    /// Its number in the heap; `None` for what an expression made.
    pub id: Option<u32>,
    /// The class's own name.
    #[serde(rename = "type")]
    pub type_name: Arc<str>,
    /// Where the class lives.
    pub module: Arc<str>,
    /// What `repr()` gives, at most 200 characters and then `…`.
    pub repr: Arc<str>,
    /// `id()` in the process.
    #[serde(serialize_with = "hexadecimal")]
    pub address: Option<u64>,
    /// Shallow size in bytes.
    pub size: Option<u64>,
    /// Attributes, elements and pairs one level below.
    pub children_count: u64,
    /// How well it was captured.
    pub status: Status,
    /// Its true length, where only its beginning was kept: characters, bytes or elements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_length: Option<u64>,
}

/// The longest `repr` in an answer, in characters.
pub const LONGEST_REPR: usize = 200;

fn hexadecimal<S: Serializer>(address: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    match address {
        Some(address) => serializer.collect_str(&format_args!("{address:#x}")),
        None => serializer.serialize_none(),
    }
}

impl Value {
    /// What to say beside the `repr` of a value that is not whole.
    pub fn remark(&self) -> Option<String> {
        match self.status {
            Status::Ok => None,
            Status::Cut => Some(match self.full_length {
                Some(length) => format!("[cut: {length} in all]"),
                None => "[cut]".to_owned(),
            }),
            Status::Redacted => Some("[redacted]".to_owned()),
            Status::Missing => Some("[not captured further]".to_owned()),
            Status::Changed => Some("[changed while being read]".to_owned()),
            Status::Brief => Some("[of the library: name and place only]".to_owned()),
        }
    }

    /// The value of a local, as the summary previews it: the heap is not read, unless the format has no previews.
    pub fn of_local(dump: &Dump, local: &Local) -> Value {
        let Some(preview) = &local.preview else {
            return Value::of_number(dump, local.object.unwrap_or(u32::MAX));
        };
        let known = local.object.map(|number| dump.heap.state_at_end(number)).unwrap_or_default();
        let cut = local.cut || known.full_length.is_some();
        let status = if !local.object.is_some_and(|number| dump.heap.contains(number)) {
            Status::Missing
        } else if local.redacted {
            Status::Redacted
        } else if known.changed {
            Status::Changed
        } else if cut {
            Status::Cut
        } else {
            Status::Ok
        };
        let repr = match crate::text::shorten(preview, LONGEST_REPR + 1) {
            std::borrow::Cow::Borrowed(_) => preview.clone(),
            std::borrow::Cow::Owned(_) => crate::text::shorten(preview, LONGEST_REPR).into(),
        };
        Value {
            id: local.object,
            type_name: local.type_name.clone(),
            module: local.module.clone(),
            repr,
            address: local.address.filter(|address| *address != 0),
            size: local.size,
            children_count: local.children_count,
            status,
            full_length: known.full_length.or(local.full_length).filter(|_| cut),
        }
    }

    /// The value of an object of the heap.
    pub fn of_number(dump: &Dump, number: u32) -> Value {
        match dump.heap.object(number) {
            Some(object) => Value::of_object(dump, &object),
            None => Value {
                id: (number != u32::MAX).then_some(number),
                type_name: "".into(),
                module: "".into(),
                repr: repr::NOT_CAPTURED.into(),
                address: None,
                size: None,
                children_count: 0,
                status: Status::Missing,
                full_length: None,
            },
        }
    }

    /// The value of an object.
    pub fn of_object(dump: &Dump, object: &Object<'_>) -> Value {
        let state = dump.heap.state(object);
        let status = if state.redacted {
            Status::Redacted
        } else if state.unreadable {
            Status::Missing
        } else if state.changed {
            Status::Changed
        } else if state.full_length.is_some() {
            Status::Cut
        } else if state.brief {
            Status::Brief
        } else {
            Status::Ok
        };
        let class = object.class();
        Value {
            id: Some(object.number),
            type_name: class.map_or_else(|| "".into(), |class| class.name.clone()),
            module: class.map_or_else(|| "".into(), |class| class.module.clone()),
            repr: repr::of_object(dump, object, LONGEST_REPR).into(),
            address: Some(object.address()).filter(|address| *address != 0),
            size: Some(object.size()).filter(|size| *size > 0),
            children_count: crate::children::count(dump, object),
            status,
            full_length: state.full_length,
        }
    }

    /// A value that an expression made.
    pub fn made(type_name: &str, module: &str, repr: String, children_count: u64) -> Value {
        Value {
            id: None,
            type_name: type_name.into(),
            module: module.into(),
            repr: crate::text::shorten(&repr, LONGEST_REPR).into(),
            address: None,
            size: None,
            children_count,
            status: Status::Ok,
            full_length: None,
        }
    }
}
