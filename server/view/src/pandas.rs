//! What frames, series, indexes and arrays of pandas show: one line, and a table of a frame.
//!
//! The lines are those of the capture's previews (`python/crashsite/_repr.py`).

use crashsite_model::numpy::Item;
use crashsite_model::pandas::{Cell, Column, Frame, Items, Named};
use crashsite_model::{Dump, Kind, Object, Payload, scalar_text};

use crate::numpy::{self, Piece};
use crate::repr;
use crate::text::shorten;

/// Items that a line shows at each end, and columns of a frame.
const SHOWN: u64 = 3;
const SHOWN_COLUMNS: usize = 30;
/// Rows that a table shows at each end, its columns, and the characters of a cell.
const ROWS: u64 = 5;
const COLUMNS: usize = 12;
const WIDTH: usize = 32;
/// Characters of a label.
const LONGEST_LABEL: usize = 100;

/// One line of an object that is one of pandas'.
pub(crate) fn pieces(dump: &Dump, object: &Object<'_>) -> Option<Vec<Piece>> {
    if object.kind() != Kind::Instance {
        return None;
    }
    if let Some(frame) = Frame::of(&dump.heap, object) {
        return Some(vec![Piece::Text(frame_line(dump, &frame, object.class_name()))]);
    }
    let named = Named::of(&dump.heap, object)?;
    let column = &named.column;
    let label = named.name.map_or_else(String::new, |name| label_of(dump, name) + " ");
    let mut heading = format!("<{} {label}{} ({},)", object.class_name(), column.dtype, column.length);
    if let Items::Array(array) = &column.items
        && let Some(statistics) = array.statistics
        && column.length > 2 * SHOWN
    {
        numpy::push_statistics(dump, array, statistics, &mut heading);
    }
    if let Items::Range(start, step) = column.items {
        let stop = i128::from(start) + i128::from(step) * i128::from(column.length);
        let step = if step == 1 { String::new() } else { format!(", {step}") };
        // A range that ends between two steps was written with another end, which is in the dump.
        let written = written_range(dump, object).unwrap_or_else(|| format!("range({start}, {stop}{step})"));
        return Some(vec![Piece::Text(format!("{heading}: {written}>"))]);
    }
    let mut out = vec![Piece::Text(heading + ": [")];
    for (index, place) in ends(column.length, SHOWN).enumerate() {
        if index > 0 {
            out.push(Piece::Text(", ".to_owned()));
        }
        out.push(place.map_or_else(|| Piece::Text("…".to_owned()), |place| cell(dump, column, place)));
    }
    out.push(Piece::Text("]>".to_owned()));
    Some(out)
}

fn written_range(dump: &Dump, object: &Object<'_>) -> Option<String> {
    let mut held = dump.heap.object(object.attribute("array")?)?;
    if held.kind() == Kind::Instance {
        held = dump.heap.object(held.attribute("array")?)?;
    }
    held.note().map(|note| scalar_text(note).into_owned()).filter(|note| note.starts_with("range("))
}

/// The places of the first and the last items; `None` stands for those between.
fn ends(length: u64, most: u64) -> impl Iterator<Item = Option<u64>> {
    let (head, tail) = if length <= 2 * most { (length, length) } else { (most, length - most) };
    (0..head).map(Some).chain((head < tail).then_some(None)).chain((tail..length).map(Some))
}

fn frame_line(dump: &Dump, frame: &Frame<'_>, class: &str) -> String {
    let shown: Vec<String> = (0..frame.columns.len().min(SHOWN_COLUMNS))
        .map(|place| {
            let dtype = frame.columns.get(place).map_or("?", |(dtype, _)| dtype);
            format!("{} {dtype}", column_label(dump, frame, place))
        })
        .collect();
    let more = if frame.width > shown.len() as u64 { ", …" } else { "" };
    format!("<{class} {} rows × {} columns: {}{more}>", frame.rows, frame.width, shown.join(", "))
}

fn column_label(dump: &Dump, frame: &Frame<'_>, place: usize) -> String {
    match frame.names.as_ref().map(|names| cell(dump, names, place as u64)) {
        Some(Piece::Object(number)) => label_of(dump, number),
        Some(Piece::Text(text)) => text,
        None => place.to_string(),
    }
}

/// A name: a text as it is, anything else as its `repr`.
fn label_of(dump: &Dump, number: u32) -> String {
    match dump.heap.object(number).map(|object| object.payload()) {
        Some(Payload::Text(text)) => shorten(&scalar_text(text), LONGEST_LABEL).into_owned(),
        _ => repr::of_number(dump, number, LONGEST_LABEL),
    }
}

/// An item of a column, as its line has it.
fn cell(dump: &Dump, column: &Column<'_>, place: u64) -> Piece {
    column.cell(place).map_or_else(|| Piece::Text("…".to_owned()), |cell| piece(dump, &cell))
}

fn piece(dump: &Dump, cell: &Cell<'_>) -> Piece {
    match cell {
        Cell::Item(Item::Object(number), _) => Piece::Object(*number),
        Cell::Item(item, dtype) => Piece::Text(numpy::text(item, dtype)),
        Cell::Missing(name) => Piece::Text((*name).to_owned()),
        Cell::Tuple(cells) => {
            let inner = |cell| match piece(dump, cell) {
                Piece::Object(number) => repr::of_number(dump, number, LONGEST_LABEL),
                Piece::Text(text) => text,
            };
            Piece::Text(format!("({})", cells.iter().map(inner).collect::<Vec<_>>().join(", ")))
        }
    }
}

/// The first and the last rows of a frame as lines of a table; `None` of any other object.
pub(crate) fn table(dump: &Dump, object: &Object<'_>) -> Option<Vec<String>> {
    let frame = Frame::of(&dump.heap, object)?;
    let shown = frame.columns.len().min(COLUMNS);
    let index = dump.heap.object(frame.index).and_then(|index| Column::of(&dump.heap, &index));
    let mut columns = vec![rows_of(dump, "", index.as_ref(), frame.rows)];
    for place in 0..shown {
        let column = frame.column(&dump.heap, place);
        columns.push(rows_of(dump, &column_label(dump, &frame, place), column.as_ref(), frame.rows));
    }
    if frame.width > shown as u64 {
        let count = columns.first().map_or(0, Vec::len);
        columns.push(vec!["…".to_owned(); count]);
    }
    let widths: Vec<usize> =
        columns.iter().map(|column| column.iter().map(|cell| cell.chars().count()).max().unwrap_or(0)).collect();
    let lines = columns.first().map_or(0, Vec::len);
    let line = |row: usize| {
        let cells = columns.iter().zip(&widths).map(|(column, width)| {
            let text = column.get(row).map_or("", String::as_str);
            format!("{}{text}", " ".repeat(width.saturating_sub(text.chars().count())))
        });
        cells.collect::<Vec<_>>().join("  ")
    };
    Some((0..lines).map(line).collect())
}

/// The lines of one column, its name first.
fn rows_of(dump: &Dump, name: &str, column: Option<&Column<'_>>, rows: u64) -> Vec<String> {
    let mut lines = vec![short(name)];
    for place in ends(rows, ROWS) {
        lines.push(match (column, place) {
            (Some(column), Some(place)) => match cell(dump, column, place) {
                Piece::Object(number) => short(&label_of(dump, number)),
                Piece::Text(text) => short(&text),
            },
            _ => "…".to_owned(),
        });
    }
    lines
}

fn short(text: &str) -> String {
    shorten(&text.replace(['\n', '\r', '\t'], " "), WIDTH).into_owned()
}
