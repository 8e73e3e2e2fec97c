//! Frames of a thread, and the modules that they are of.

use crashsite_model::Frame;
use crashsite_view::editor::finding::function;
use crashsite_view::source::Lines;
use serde::Deserialize;
use serde_json::json;

use crate::session::{Session, clean};
use crate::types::{
    Module, ModuleId, ModulesArguments, ModulesBody, SourcePresentationHint, StackFrame, StackFrameModuleId,
    StackFramePresentationHint, StackTraceArguments, StackTraceBody,
};
use crate::wire::{Answer, body};

/// The frame that is asked about.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlaceArguments {
    frame_id: i64,
}

impl Session<'_, '_> {
    pub(crate) fn stack_trace(&mut self, arguments: &StackTraceArguments) -> Answer {
        let (stack, first) = self.stack(arguments.thread_id)?;
        let frames = stack.of.frames;
        let from = usize::try_from(arguments.start_frame.unwrap_or(0)).unwrap_or(0);
        let levels = usize::try_from(arguments.levels.unwrap_or(0)).ok().filter(|levels| *levels > 0);
        let mut lines = Lines::new(self.dump);
        let asked = frames.iter().enumerate().skip(from).take(levels.unwrap_or(usize::MAX));
        let found = asked.filter_map(|(number, index)| Some((number, self.dump.frames.get(*index)?)));
        let stack_frames = found.map(|(number, frame)| self.frame(first + number as i64, frame, &mut lines)).collect();
        body(StackTraceBody { stack_frames, total_frames: Some(frames.len() as i64) })
    }

    fn frame<'d>(&mut self, id: i64, frame: &'d Frame, lines: &mut Lines<'d>) -> StackFrame
    where
        Self: 'd,
    {
        let aside = frame.library && self.launch.just_my_code;
        let mut source = self.sources.of(&frame.file);
        if aside {
            source.presentation_hint = Some(SourcePresentationHint::Deemphasize);
            source.origin.get_or_insert_with(|| "library".to_owned());
        }
        let mut column = |line: Option<u64>, offset: Option<u64>| {
            let before = lines.utf16_before(&frame.file, line?, offset?);
            Some(i64::try_from(before).unwrap_or(i64::MAX).saturating_add(self.client.first_column))
        };
        StackFrame {
            id,
            name: clean(function(frame)),
            line: self.line(frame.line.unwrap_or(0)),
            column: column(frame.line, frame.column).unwrap_or(self.client.first_column),
            end_line: frame.end_line.filter(|_| frame.end_column.is_some()).map(|line| self.line(line)),
            end_column: column(frame.end_line, frame.end_column),
            module_id: frame.module.as_deref().map(|name| StackFrameModuleId::String(clean(name))),
            presentation_hint: aside.then_some(StackFramePresentationHint::Subtle),
            source: Some(source).filter(|_| !frame.file.is_empty()),
            ..StackFrame::default()
        }
    }

    /// What a frame is in the dump, for a client that has it open elsewhere too; nothing where it is an exception's alone.
    pub(crate) fn told_place(&self, arguments: &PlaceArguments) -> Answer {
        let (stack, place) = self.place(arguments.frame_id)?;
        let of_thread = stack.of.thread.is_some();
        Ok(of_thread.then(|| json!({ "thread": stack.of.position + 1, "frame": place.number })))
    }

    pub(crate) fn modules(&self, arguments: &ModulesArguments) -> Answer {
        let mut seen = std::collections::HashSet::new();
        let mut modules = Vec::new();
        for frame in &self.dump.frames {
            let Some(name) = frame.module.as_deref().filter(|name| seen.insert(*name)) else { continue };
            modules.push(Module {
                id: ModuleId::String(clean(name)),
                name: clean(name),
                path: Some(clean(&frame.file)),
                is_user_code: Some(!frame.library),
                symbol_status: None,
                version: None,
                is_optimized: None,
                symbol_file_path: None,
                date_time_stamp: None,
                address_range: None,
            });
        }
        let total = modules.len() as i64;
        let from = usize::try_from(arguments.start_module.unwrap_or(0)).unwrap_or(0);
        let count = usize::try_from(arguments.module_count.unwrap_or(0)).ok().filter(|count| *count > 0);
        let modules = modules.into_iter().skip(from).take(count.unwrap_or(usize::MAX)).collect();
        body(ModulesBody { modules, total_modules: Some(total) })
    }
}
