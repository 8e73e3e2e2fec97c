//! `info`: what the dump is, and whether it is whole.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crashsite_model::Dump;
use crashsite_view::{check, info, text};
use serde_json::{Map, Value};

use crate::arguments::Info;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::progress;
use crate::render::header;

/// `started` is when the dump was about to be opened.
pub(super) fn run(dump: &Dump, question: &Info, started: Instant, output: &mut Output) -> Result<(), Failure> {
    if question.load {
        load(dump);
        let seconds = started.elapsed().as_secs_f64();
        line!(output, "objects {}", dump.heap.len());
        line!(output, "seconds {seconds:.6}");
        return Ok(());
    }
    let answer = serde_json::to_value(info::answer(dump)).unwrap_or_default();
    let Value::Object(mut answer) = answer else { return Err(Failure::internal()) };
    let mut whole = true;
    if question.check {
        load(dump);
        let checked = AtomicU64::new(0);
        let so_far = || (checked.load(Ordering::Relaxed), dump.heap.len());
        let found = progress::shown("objects checked", so_far, |_| check::run(dump, &checked));
        whole = found.whole;
        answer.insert("check".to_owned(), serde_json::to_value(&found).unwrap_or_default());
    }
    if question.form.json {
        output.json(&answer)?;
    } else {
        facts(&answer, output);
        header::others(dump, &question.dump, output);
    }
    if whole {
        return Ok(());
    }
    output.finish()?;
    Err(Failure::said())
}

/// Reads every object.
fn load(dump: &Dump) {
    let so_far = || (dump.heap.decoded_count() as u64, dump.heap.section_count() as u64);
    progress::shown("sections read", so_far, |_| dump.heap.load_all());
}

/// Every fact in a line: the name, the value.
fn facts(answer: &Map<String, Value>, output: &mut Output) {
    for (name, value) in answer {
        if name == "schema" || value.is_null() {
            continue;
        }
        fact(&name.replace('_', " "), value, 0, output);
    }
}

fn fact(name: &str, value: &Value, depth: usize, output: &mut Output) {
    let (bold, off) = (style::NAME, style::NAME.render_reset());
    let indent = depth * 2;
    let width = 20_usize.saturating_sub(indent);
    let name = text::escape(name).into_owned();
    match value {
        Value::Null => {}
        Value::Object(facts) if facts.is_empty() => {}
        Value::Object(facts) if depth < 2 => {
            line!(output, "{:indent$}{bold}{name}{off}", "");
            for (inner, value) in facts {
                // Names of headers are the file's, those of opcodes pickle's: they stay as they are.
                let inner =
                    if matches!(&*name, "headers" | "opcodes") { inner.clone() } else { inner.replace('_', " ") };
                fact(&inner, value, depth + 1, output);
            }
        }
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) => {
            line!(output, "{:indent$}{bold}{name}{off}", "");
            for item in items.iter().take(100) {
                line!(output, "{:indent$}  {}", "", shown(item));
            }
            if items.len() > 100 {
                line!(output, "{:indent$}  … {} more: --json", "", items.len() - 100);
            }
        }
        _ => line!(output, "{:indent$}{bold}{name:width$}{off} {}", "", shown(value)),
    }
}

/// A value in one line.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Value::Object(facts) => {
            // a problem, a header, a section: its parts, one after the other
            let parts = facts.iter().filter(|(_, value)| !value.is_null());
            parts.map(|(name, value)| format!("{name} {}", shown(value))).collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(" "),
        // Seconds and limits: to a thousandth, as an integer where it is one.
        Value::Number(number) if number.is_f64() => {
            ((number.as_f64().unwrap_or_default() * 1000.0).round() / 1000.0).to_string()
        }
        other => other.to_string(),
    };
    text::escape(&text).into_owned()
}
