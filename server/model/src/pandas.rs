//! Frames, series, indexes and arrays of pandas: columns of items, whatever they are kept in.

use crate::heap::{Heap, Kind, Object, Payload};
use crate::numpy::{Array, Dtype, Item, is_of};
use crate::text::scalar_text;

/// How far arrays lie within each other.
const DEEPEST: usize = 5;
/// Columns that are looked at.
const MOST_COLUMNS: usize = 1000;
/// Levels of an index, and how far down in other arrays those of a level lie: there are none within.
const MOST_LEVELS: usize = 32;
const LEVELS_AT: usize = DEEPEST - 2;

/// Items in a row.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// The dtype, as pandas writes it.
    pub dtype: String,
    /// How many items there were.
    pub length: u64,
    /// What they are kept in.
    pub items: Items<'a>,
}

/// What the items of a column are kept in.
#[derive(Debug, Clone)]
pub enum Items<'a> {
    /// An array.
    Array(Array<'a>),
    /// An array, and one that tells which of its items are missing.
    Masked(Array<'a>, Array<'a>),
    /// An array of places among categories.
    Coded(Array<'a>, Box<Column<'a>>),
    /// Start and step of a range.
    Range(i64, i64),
    /// Several levels, each an array of places among categories; an item is a tuple.
    Levels(Vec<Column<'a>>),
}

/// An item of a column.
#[derive(Debug, Clone)]
pub enum Cell<'a> {
    /// Of an array of that dtype.
    Item(Item<'a>, Dtype),
    /// Missing, and how that is written.
    Missing(&'static str),
    /// One item of each level.
    Tuple(Vec<Cell<'a>>),
}

/// A series, an index, or an array of pandas.
#[derive(Debug, Clone)]
pub struct Named<'a> {
    /// The object of its name.
    pub name: Option<u32>,
    /// Its items.
    pub column: Column<'a>,
    /// Of a series, its index.
    pub index: Option<u32>,
}

/// A frame.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// The object of its index.
    pub index: u32,
    /// How many rows it has.
    pub rows: u64,
    /// How many columns it has; the dump may have fewer.
    pub width: u64,
    /// Its columns: their dtypes, and the objects that hold them.
    pub columns: Vec<(String, u32)>,
    /// The names of the columns.
    pub names: Option<Column<'a>>,
}

impl<'a> Column<'a> {
    /// The items of an object: of an array, of what pandas makes of arrays, or of a range.
    pub fn of(heap: &'a Heap, object: &Object<'a>) -> Option<Self> {
        Column::within(heap, object, 0)
    }

    fn within(heap: &'a Heap, object: &Object<'a>, depth: usize) -> Option<Self> {
        if let Some(array) = Array::of(heap, object) {
            let &[length] = array.shape().as_slice() else { return None };
            return Some(Column { dtype: array.dtype.name(), length, items: Items::Array(array) });
        }
        if object.kind() == Kind::Atom {
            return range(object);
        }
        if depth > DEEPEST || object.kind() != Kind::Instance || !is_of(heap, object, "pandas", &[]) {
            return None;
        }
        let part = |name: &str| object.attribute(name).and_then(|number| heap.object(number));
        let dtype = text(&part("dtype")?)?;
        if let (Some(levels), Some(codes)) = (part("levels"), part("codes")) {
            return Column::of_levels(heap, &levels, &codes, dtype, depth);
        }
        let inner = Column::within(heap, &part("array")?, depth + 1)?;
        let items = match (inner.items, part("mask"), part("categories")) {
            (Items::Array(array), Some(mask), _) => Items::Masked(array, Array::of(heap, &mask)?),
            (Items::Array(codes), _, Some(categories)) => {
                Items::Coded(codes, Column::within(heap, &categories, depth + 1)?.into())
            }
            (items, ..) => items,
        };
        Some(Column { dtype, length: inner.length, items })
    }

    fn of_levels(heap: &'a Heap, levels: &Object<'a>, codes: &Object<'a>, dtype: String, depth: usize) -> Option<Self> {
        if depth >= LEVELS_AT {
            return None;
        }
        let parts = levels.elements().zip(codes.elements()).take(MOST_LEVELS);
        let level = |(level, codes): (u32, u32)| {
            let codes = Array::of(heap, &heap.object(codes)?)?;
            let &[length] = codes.shape().as_slice() else { return None };
            let categories = Column::within(heap, &heap.object(level)?, LEVELS_AT)?;
            Some(Column { dtype: categories.dtype.clone(), length, items: Items::Coded(codes, categories.into()) })
        };
        let columns: Vec<Column<'a>> = parts.map(level).collect::<Option<_>>()?;
        let length = columns.first()?.length;
        Some(Column { dtype, length, items: Items::Levels(columns) })
    }

    /// The item at a place; `None` where the dump does not have it.
    pub fn cell(&self, place: u64) -> Option<Cell<'a>> {
        match &self.items {
            Items::Range(start, step) => {
                let place = i64::try_from(place).ok().filter(|_| place < self.length)?;
                let value = i128::from(start.checked_add(step.checked_mul(place)?)?);
                Some(Cell::Item(Item::Int(value), Dtype::simple("<i8", 8)))
            }
            Items::Levels(levels) => {
                Some(Cell::Tuple(levels.iter().map(|level| level.cell(place)).collect::<Option<_>>()?))
            }
            Items::Masked(_, mask) if mask.item(&[place])? == Item::Bool(true) => {
                Some(Cell::Missing(if self.dtype == "str" { "NaN" } else { "NA" }))
            }
            Items::Coded(codes, categories) => match codes.item(&[place])? {
                Item::Int(code) => match u64::try_from(code) {
                    Ok(code) => categories.plain(code),
                    Err(_) => Some(Cell::Missing("NaN")),
                },
                _ => None,
            },
            Items::Array(array) | Items::Masked(array, _) => {
                Some(Cell::Item(array.item(&[place])?, array.dtype.clone()))
            }
        }
    }

    /// The item of what is no row of codes itself.
    fn plain(&self, place: u64) -> Option<Cell<'a>> {
        if matches!(self.items, Items::Coded(..) | Items::Levels(_)) { None } else { self.cell(place) }
    }

    /// How many items at each end the dump may have; the length where that is all.
    pub fn kept(&self) -> u64 {
        match &self.items {
            Items::Range(..) => self.length,
            Items::Levels(levels) => levels.iter().map(Column::kept).min().unwrap_or(0),
            Items::Array(array) | Items::Masked(array, _) | Items::Coded(array, _) => array.kept(0),
        }
    }
}

impl<'a> Named<'a> {
    /// The series, index or array that an object is.
    pub fn of(heap: &'a Heap, object: &Object<'a>) -> Option<Self> {
        if object.kind() != Kind::Instance
            || (object.attribute("array").is_none() && object.attribute("levels").is_none())
        {
            return None;
        }
        let column = Column::of(heap, object)?;
        let name = object.attribute("name").filter(|name| {
            heap.object(*name).is_some_and(|name| name.kind() != Kind::Atom || name.note() != Some(b"None"))
        });
        Some(Named { name, column, index: object.attribute("index") })
    }
}

impl<'a> Frame<'a> {
    /// The frame that an object is.
    pub fn of(heap: &'a Heap, object: &Object<'a>) -> Option<Self> {
        if object.kind() != Kind::Instance
            || object.attribute("dtypes").is_none()
            || !is_of(heap, object, "pandas", &[])
        {
            return None;
        }
        let part = |name: &str| object.attribute(name).and_then(|number| heap.object(number));
        let index = object.attribute("index")?;
        let names = Column::of(heap, &part("columns")?);
        let dtypes = heap.contents(&part("dtypes")?);
        let dtype = |number| heap.object(number).and_then(|object| text(&object)).unwrap_or_default();
        let held = heap.contents(&part("data")?);
        let columns: Vec<(String, u32)> = dtypes
            .elements(0)
            .zip(held.elements(0))
            .take(MOST_COLUMNS)
            .map(|((_, name), (_, column))| (dtype(name), column))
            .collect();
        let rows = heap.object(index).and_then(|index| Column::of(heap, &index)).map(|index| index.length);
        let first = || Some(Column::of(heap, &heap.object(columns.first()?.1)?)?.length);
        let rows = rows.or_else(first).unwrap_or(0);
        let here = columns.len() as u64;
        let width = names.as_ref().map_or(here, |names| names.length);
        Some(Frame { index, rows, width, columns, names })
    }

    /// A column.
    pub fn column(&self, heap: &'a Heap, place: usize) -> Option<Column<'a>> {
        let (dtype, number) = self.columns.get(place)?;
        let column = Column::of(heap, &heap.object(*number)?)?;
        Some(Column { dtype: dtype.clone(), ..column })
    }

    /// The place of the column that has a text as its name.
    pub fn place(&self, heap: &'a Heap, name: &str) -> Option<usize> {
        let names = self.names.as_ref()?;
        (0..self.columns.len()).find(|place| match names.cell(*place as u64) {
            Some(Cell::Item(Item::Object(number), _)) => {
                heap.object(number).and_then(|object| text(&object)).is_some_and(|found| found == name)
            }
            _ => false,
        })
    }
}

fn text(object: &Object<'_>) -> Option<String> {
    match object.payload() {
        Payload::Text(text) => Some(scalar_text(text).into_owned()),
        _ => None,
    }
}

/// `range(0, 500)`, `range(0, 10, 2)`
fn range(object: &Object<'_>) -> Option<Column<'static>> {
    let text = scalar_text(object.note()?);
    let inside = text.strip_prefix("range(")?.strip_suffix(')')?;
    let parts: Vec<i64> = inside.split(", ").map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (start, stop, step) = match *parts.as_slice() {
        [start, stop] => (start, stop, 1),
        [start, stop, step] if step != 0 => (start, stop, step),
        _ => return None,
    };
    let (span, step_wide) = (i128::from(stop) - i128::from(start), i128::from(step));
    let count = if (span > 0) == (step > 0) { (span.abs() + step_wide.abs() - 1) / step_wide.abs() } else { 0 };
    let length = u64::try_from(count).ok()?;
    Some(Column { dtype: "int64".to_owned(), length, items: Items::Range(start, step) })
}
