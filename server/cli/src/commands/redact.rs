//! `redact`: a dump of any format, written as one of version 3, without its secrets.

use std::sync::Arc;

use crashsite_model::{Dump, Exception, Local};
use crashsite_redact::{Error, Looks, Mode, Settings};
use crashsite_view::exception::by_arguments;
use crashsite_view::value::Value;

use super::rewriting::{self, Redacted};
use crate::arguments::Redact;
use crate::failure::Failure;
use crate::output::Output;
use crate::reading::Reading;

pub(super) fn run(question: &Redact, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = Arc::new(reading.open(&question.files.dump)?);
    let mut settings = Settings {
        mode: if question.shape_only { Mode::ShapeOnly } else { Mode::On },
        names: question.names.clone(),
        patterns: question.patterns.clone(),
        allow: question.allow.clone(),
        ..Settings::default()
    };
    if let Some(most) = question.max_known {
        settings.max_known = usize::try_from(most).unwrap_or(usize::MAX);
    }
    let new = crashsite_redact::redact(&dump, &settings, &Shown).map_err(|error| {
        let remedy = match error {
            Error::Pattern { .. } => "Look-around and references are not known, as a search must not take for ever.",
            Error::Names(_) => "Give fewer of them.",
            Error::Random(_) | Error::Rules => "Please report it.",
        };
        Failure::no_answer(error.to_string(), remedy)
    })?;
    let redaction = Redacted {
        mode: settings.mode.name(),
        redacted: new.redaction.counts.iter().map(|(rule, count)| (&**rule, *count)).collect(),
    };
    rewriting::write(&new, Some(redaction), &question.files, output)
}

/// As every other answer would show the values.
struct Shown;

impl Looks for Shown {
    fn value(&self, dump: &Dump, number: u32) -> Arc<str> {
        Value::of_number(dump, number).repr
    }

    fn local(&self, dump: &Dump, local: &Local) -> Local {
        let number = local.object.unwrap_or(u32::MAX);
        let value = Value::of_number(dump, number);
        Local {
            kind: dump.heap.object(number).map_or(local.kind, |object| object.kind()),
            type_name: value.type_name,
            module: value.module,
            size: value.size,
            address: value.address,
            preview: Some(value.repr),
            cut: value.full_length.is_some(),
            full_length: value.full_length,
            children_count: value.children_count,
            ..local.clone()
        }
    }

    fn message(&self, dump: &Dump, exception: &Exception) -> Option<Arc<str>> {
        by_arguments(dump, exception)
    }
}
