//! The exception of a thread, with those that it came from, and what is known of the cause.

use crashsite_view::exception::{Origin, class_name, message, origins};
use crashsite_view::explain::{self, Explanation};
use crashsite_view::text::{escape, shorten};
use crashsite_view::traceback;

use crate::session::{Session, clean};
use crate::types::{ExceptionBreakMode, ExceptionDetails, ExceptionInfoArguments, ExceptionInfoBody};
use crate::wire::{Answer, Refusal, body};

/// Characters of a line of a message, and lines of one.
const LONGEST: usize = 2000;
const MOST_LINES: usize = 100;
/// Exceptions that are told.
const MOST: usize = 100;

impl Session<'_, '_> {
    pub(crate) fn exception_info(&self, arguments: &ExceptionInfoArguments) -> Answer {
        let (stack, _) = self.stack(arguments.thread_id)?;
        let Some(raised) = &stack.raised else {
            return Err(Refusal::quiet("this thread has no exception"));
        };
        let origins = origins(self.dump);
        let Some(mut details) = self.details(raised.index, &origins, &mut Vec::new()) else {
            return Err(Refusal::quiet("the exception is not in the dump"));
        };
        if raised.index == 0 {
            details.stack_trace = Some(traceback::of_crash(self.dump));
        }
        let cause = self.explained().and_then(|explained| explained.leading(raised.index));
        let cause = cause.map(|cause| escape(&shorten(&cause.says, LONGEST)).into_owned());
        let said = details.message.iter().cloned().chain(cause).filter(|part| !part.is_empty());
        let description = said.collect::<Vec<_>>().join("\n\n");
        let crashed = stack.of.thread.is_some();
        body(ExceptionInfoBody {
            exception_id: details.full_type_name.clone().unwrap_or_default(),
            description: Some(description),
            break_mode: if crashed { ExceptionBreakMode::Unhandled } else { ExceptionBreakMode::Always },
            details: Some(details),
        })
    }

    /// What the dump tells of the cause, as `crashsite explain --json` does.
    pub(crate) fn explain(&self) -> Answer {
        let explained = self.explained().ok_or_else(|| Refusal::quiet("there is no memory for an explanation"))?;
        body(explained)
    }

    /// The same, looked for once.
    fn explained(&self) -> Option<&Explanation> {
        let look = || explain::answer(self.dump, explain::MILLISECONDS).ok();
        self.explained.get_or_init(look).as_ref()
    }

    /// Each exception once; at most [`MOST`] calls deep.
    fn details(&self, index: usize, origins: &[Origin], told: &mut Vec<usize>) -> Option<ExceptionDetails> {
        let raised = self.dump.exceptions.get(index).filter(|_| told.len() < MOST && !told.contains(&index))?;
        told.push(index);
        let context = raised.context.filter(|_| !raised.suppress_context);
        let from = raised.cause.into_iter().chain(context).chain(raised.group.iter().copied());
        let inner = from.filter_map(|from| self.details(from, origins, told)).collect();
        let name = clean(class_name(raised));
        let module = clean(&raised.module);
        let said = message(self.dump, raised);
        let notes = raised.notes.iter().flat_map(|note| note.lines());
        let rows: Vec<String> =
            said.lines().chain(notes).map(|row| escape(&shorten(row, LONGEST)).into_owned()).take(MOST_LINES).collect();
        Some(ExceptionDetails {
            message: Some(rows.join("\n")),
            full_type_name: Some(match &*module {
                "" | "builtins" | "exceptions" | "__builtin__" => name.clone(),
                _ => format!("{module}.{}", clean(&raised.qualname)),
            }),
            type_name: Some(name),
            evaluate_name: origins
                .iter()
                .find(|origin| origin.index == index)
                .and_then(|origin| origin.expression.clone()),
            stack_trace: Some(traceback::of_exception(self.dump, index)),
            inner_exception: inner,
        })
    }
}
