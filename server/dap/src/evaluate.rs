//! Expressions, and how one that is being typed may go on.

use std::sync::Arc;

use crashsite_view::eval::{self, Origin};
use crashsite_view::text::escape;

use crate::memory;
use crate::session::Session;
use crate::types::{
    CompletionItem, CompletionItemType, CompletionsArguments, CompletionsBody, EvaluateArguments, EvaluateBody,
};
use crate::variables::{Shown, failed};
use crate::wire::{Answer, body};

/// Characters of a result in a console, and of one that is copied.
const LONGEST_RESULT: usize = 10_000;
const LONGEST_COPY: usize = 1 << 20;

impl Session<'_, '_> {
    pub(crate) fn evaluate(&mut self, arguments: &EvaluateArguments) -> Answer {
        let eval = self.eval(arguments.frame_id)?;
        let expression = arguments.expression.trim();
        let context = arguments.context.as_deref().unwrap_or_default();
        // In a console an answer has a number, by which later questions know it.
        let (held, name) = match context {
            "repl" => {
                let number = eval.answer(expression).map_err(failed)?.number;
                let name = format!("${number}");
                (eval.hold(&name).map_err(failed)?, name)
            }
            _ => (eval.hold(expression).map_err(failed)?, again(expression)),
        };
        let value = eval.shown(&held).map_err(failed)?;
        let result = match context {
            "repl" => {
                let text = eval.text(&held, LONGEST_RESULT).map_err(failed)?;
                format!("{name} = {}", escape(&text))
            }
            "clipboard" => escape(&eval.text(&held, LONGEST_COPY).map_err(failed)?).into_owned(),
            _ => String::new(),
        };
        let made = self.handles.evaluated(held.bytes());
        let frame = arguments.frame_id.unwrap_or_else(|| self.frame_of(eval));
        let number = held.number();
        let shown = Shown { value, held: Some(held), expression: Some(Arc::from(name)), made, frame };
        let variable = self.variable(String::new(), shown);
        body(EvaluateBody {
            result: if result.is_empty() { variable.value } else { result },
            type_: variable.type_,
            presentation_hint: variable.presentation_hint,
            variables_reference: variable.variables_reference,
            named_variables: variable.named_variables,
            indexed_variables: variable.indexed_variables,
            memory_reference: memory::reference(self.dump, number),
        })
    }

    pub(crate) fn completions(&mut self, arguments: &CompletionsArguments) -> Answer {
        let eval = self.eval(arguments.frame_id)?;
        let line = arguments.line.unwrap_or(self.client.first_line).saturating_sub(self.client.first_line);
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        let line = arguments.text.split('\n').nth(line).unwrap_or_default();
        let column = arguments.column.saturating_sub(self.client.first_column);
        let typed = before(line, usize::try_from(column).unwrap_or(0));
        let found = eval.complete(typed);
        let word = typed.get(typed.len().saturating_sub(found.replaced)..).unwrap_or_default();
        // Clients replace a word as such; what else is replaced they have to be told.
        let plain = word.chars().all(|c| c.is_alphanumeric() || c == '_');
        let units = |text: &str| text.encode_utf16().count() as i64;
        let start = (!plain).then(|| units(typed) - units(word) + self.client.first_column);
        let target = |candidate: eval::Candidate| CompletionItem {
            label: escape(&candidate.text).into_owned(),
            type_: Some(match candidate.origin {
                Origin::Frame | Origin::Module | Origin::Session => CompletionItemType::Variable,
                Origin::Builtins => CompletionItemType::Function,
                Origin::Attribute => CompletionItemType::Property,
                Origin::Key => CompletionItemType::Value,
            }),
            start,
            length: (!plain).then(|| units(word)),
            ..CompletionItem::default()
        };
        body(CompletionsBody { targets: found.candidates.into_iter().map(target).collect() })
    }
}

/// An expression as one that something may follow.
fn again(expression: &str) -> String {
    let plain = expression.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'));
    if plain && !expression.starts_with(|c: char| c.is_ascii_digit()) {
        expression.to_owned()
    } else {
        format!("({expression})")
    }
}

/// The text before a position, which counts code units of UTF-16.
fn before(text: &str, units: usize) -> &str {
    let mut counted = 0;
    for (at, c) in text.char_indices() {
        if counted >= units {
            return text.get(..at).unwrap_or_default();
        }
        counted += c.len_utf16();
    }
    text
}
