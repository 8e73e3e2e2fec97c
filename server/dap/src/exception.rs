//! The exception of a thread, with those that it came from.

use crashsite_view::backtrace::DEEPEST_CHAIN;
use crashsite_view::exception::{class_name, message, origins};
use crashsite_view::text::{escape, shorten};
use crashsite_view::traceback;

use crate::session::{Session, clean};
use crate::types::{ExceptionBreakMode, ExceptionDetails, ExceptionInfoArguments, ExceptionInfoBody};
use crate::wire::{Answer, Refusal, body};

/// Characters of a message.
const LONGEST: usize = 2000;

impl Session<'_, '_> {
    pub(crate) fn exception_info(&self, arguments: &ExceptionInfoArguments) -> Answer {
        let (stack, _) = self.stack(arguments.thread_id)?;
        let Some(raised) = &stack.raised else {
            return Err(Refusal::quiet("this thread has no exception"));
        };
        let all = origins(self.dump);
        let expressions: Vec<(usize, Option<String>)> =
            all.into_iter().map(|origin| (origin.index, origin.expression)).collect();
        let mut seen = vec![false; self.dump.exceptions.len()];
        let Some(mut details) = self.details(raised.index, &expressions, &mut seen, 0) else {
            return Err(Refusal::quiet("the exception is not in the dump"));
        };
        if raised.index == 0 {
            details.stack_trace = Some(traceback::of_crash(self.dump));
        }
        let crashed = stack.position.is_some();
        body(ExceptionInfoBody {
            exception_id: details.full_type_name.clone().unwrap_or_default(),
            description: details.message.clone(),
            break_mode: if crashed { ExceptionBreakMode::Unhandled } else { ExceptionBreakMode::Always },
            details: Some(details),
        })
    }

    /// At most [`DEEPEST_CHAIN`] calls deep; each exception once.
    fn details(
        &self,
        index: usize,
        expressions: &[(usize, Option<String>)],
        seen: &mut [bool],
        depth: usize,
    ) -> Option<ExceptionDetails> {
        let raised = self.dump.exceptions.get(index)?;
        if depth >= DEEPEST_CHAIN || std::mem::replace(seen.get_mut(index)?, true) {
            return None;
        }
        let context = raised.context.filter(|_| !raised.suppress_context);
        let from = raised.cause.into_iter().chain(context).chain(raised.group.iter().copied());
        let inner = from.filter_map(|from| self.details(from, expressions, seen, depth + 1)).collect();
        let name = clean(class_name(raised));
        let module = clean(&raised.module);
        let said = message(self.dump, raised);
        let notes = raised.notes.iter().flat_map(|note| note.lines());
        let rows: Vec<String> =
            said.lines().chain(notes).map(|row| escape(&shorten(row, LONGEST)).into_owned()).take(100).collect();
        Some(ExceptionDetails {
            message: Some(rows.join("\n")),
            full_type_name: Some(match &*module {
                "" | "builtins" | "exceptions" | "__builtin__" => name.clone(),
                _ => format!("{module}.{}", clean(&raised.qualname)),
            }),
            type_name: Some(name),
            evaluate_name: expressions.iter().find(|(of, _)| *of == index).and_then(|(_, text)| text.clone()),
            stack_trace: Some(traceback::of_exception(self.dump, index)),
            inner_exception: inner,
        })
    }
}
