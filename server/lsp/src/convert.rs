//! Answers as messages. Lines and characters count from 1 in answers, from 0 in messages.

use crashsite_view::editor::text::{Span, Spot, Text, Units};
use tower_lsp_server::gen_lsp_types::{Position, Range};

/// The place of a position.
pub(crate) fn spot(text: &Text, position: Position, units: Units) -> Option<Spot> {
    text.offset_of_units(u64::from(position.line) + 1, position.character as usize, units).map(|at| text.spot(at))
}

/// The position of a place.
pub(crate) fn position(text: &Text, spot: Spot, units: Units) -> Position {
    let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Position { line: number(spot.line.saturating_sub(1)), character: number(text.units_before(spot, units) as u64) }
}

/// The range of a part.
pub(crate) fn range(text: &Text, span: Span, units: Units) -> Range {
    Range { start: position(text, span.start, units), end: position(text, span.end, units) }
}

/// The range of what a line has written in it.
pub(crate) fn line(text: &Text, line: u64, units: Units) -> Range {
    range(text, text.line_span(line), units)
}
