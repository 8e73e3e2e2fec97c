//! Frames, series, indexes and arrays of pandas: their columns, and items by their places.

use crashsite_model::numpy::Item;
use crashsite_model::pandas::{Cell, Column, Frame, Items, Named};
use crashsite_model::{Kind, Object};

use super::value::Value;
use super::{Context, Failure, Res, ndarray};

/// What a captured frame, series, index or array is asked for.
pub(super) enum Table<'a> {
    Frame(Frame<'a>),
    Named(Named<'a>),
}

impl<'a> Context<'a> {
    /// The frame, series, index or array of pandas that a value is.
    pub(super) fn table(&self, value: &Value<'a>) -> Option<Table<'a>> {
        let Value::Object(object) = value else { return None };
        if object.kind() != Kind::Instance || self.dump.heap.state(object).redacted {
            return None;
        }
        match Frame::of(&self.dump.heap, object) {
            Some(frame) => Some(Table::Frame(frame)),
            None => Named::of(&self.dump.heap, object).map(Table::Named),
        }
    }

    /// What a table says of itself: the captured parts, its shape, a frame's column.
    pub(super) fn attribute_of_table(
        &self,
        object: &Object<'a>,
        table: &Table<'a>,
        name: &str,
    ) -> Res<Option<Value<'a>>> {
        let shape = match table {
            Table::Frame(frame) => vec![frame.rows, frame.width],
            Table::Named(named) => vec![named.column.length],
        };
        let part = || object.attribute(name).map(|number| self.object(number)).transpose();
        Ok(match (name, table) {
            ("shape", _) => Some(Value::tuple(shape.iter().map(|length| Value::int(*length)).collect())),
            ("ndim", _) => Some(Value::length(shape.len())),
            ("size", _) => Some(Value::int(shape.into_iter().fold(1, u64::saturating_mul))),
            ("index" | "columns" | "dtypes", Table::Frame(_)) => part()?,
            ("index" | "name" | "dtype" | "array" | "categories", Table::Named(_)) => part()?,
            (name, Table::Frame(frame)) if frame.place(&self.dump.heap, name).is_some() => {
                Some(self.column_of_frame(frame, name)?)
            }
            _ => part()?,
        })
    }

    /// `frame["name"]`: what holds the column.
    fn column_of_frame(&self, frame: &Frame<'a>, name: &str) -> Res<Value<'a>> {
        let place = frame.place(&self.dump.heap, name);
        match place.and_then(|place| frame.columns.get(place)) {
            Some((_, number)) => self.object(*number),
            None if frame.width > frame.columns.len() as u64 => {
                let (here, all) = (frame.columns.len(), frame.width);
                Err(Failure::not_captured(format!("of {all} columns the first {here} were captured")))
            }
            None => Err(Failure::new("KeyError", crate::repr::text_repr(name.as_bytes(), 200))),
        }
    }

    /// `table[key]`: the column of a frame by its name, an item by its place.
    pub(super) fn part_of_table(&self, table: &Table<'a>, key: &Value<'a>) -> Res<Value<'a>> {
        let key = self.load(key.clone())?;
        match (table, &key) {
            (Table::Frame(frame), Value::Text(name)) => self.column_of_frame(frame, &String::from_utf8_lossy(name)),
            (Table::Named(named), _) if !matches!(key, Value::Slice(_)) => {
                if named.index.is_some_and(|index| !self.is_counted(index)) {
                    let failure = Failure::new("NotSupported", "items of a series by their labels");
                    return Err(failure.remedy("Ask for the item at a place: `s.array[0]`."));
                }
                let length = usize::try_from(named.column.length).unwrap_or(usize::MAX);
                if named.index.is_some() && self.index(&key)?.is_some_and(|index| index < 0) {
                    return Err(Failure::new("KeyError", self.show(&key, 100)?));
                }
                self.item_of_column(&named.column, self.place(&key, length, "array")? as u64)
            }
            _ => {
                let found = self.type_name(&key);
                let failure = Failure::new("NotSupported", format!("a part of a table by {found}"));
                Err(failure.remedy("Ask for a column by its name, `df[\"name\"]`, and for items by their places."))
            }
        }
    }

    fn is_counted(&self, index: u32) -> bool {
        let index = self.dump.heap.object(index).and_then(|index| Column::of(&self.dump.heap, &index));
        index.is_some_and(|index| matches!(index.items, Items::Range(0, 1)))
    }

    fn item_of_column(&self, column: &Column<'a>, place: u64) -> Res<Value<'a>> {
        if let Items::Array(array) = &column.items {
            return self.row_of_array(array, place);
        }
        match column.cell(place) {
            Some(cell) => self.value_of_cell(&cell),
            None => Err(Failure::not_captured("of this column the dump has the items at both ends only")),
        }
    }

    fn value_of_cell(&self, cell: &Cell<'a>) -> Res<Value<'a>> {
        match cell {
            Cell::Item(Item::Object(number), _) => self.object(*number),
            Cell::Item(item, dtype) => match ndarray::plain(item) {
                Some(value) => Ok(value),
                None => Ok(Value::text(&crate::numpy::text(item, dtype))),
            },
            Cell::Missing("NaN") => Ok(Value::Float(f64::NAN)),
            Cell::Missing(name) => Err(Failure::new("NotSupported", format!("the item is pandas.{name}"))),
            Cell::Tuple(cells) => {
                self.budget.grow(cells.len() * size_of::<Value<'_>>())?;
                Ok(Value::tuple(cells.iter().map(|cell| self.value_of_cell(cell)).collect::<Res<_>>()?))
            }
        }
    }

    /// What iterating over a table gives: the names of a frame's columns, or items.
    pub(super) fn items_of_table(&self, table: &Table<'a>) -> Res<Vec<Value<'a>>> {
        let column = match table {
            Table::Frame(frame) => frame.names.as_ref(),
            Table::Named(named) => Some(&named.column),
        };
        let Some(column) = column else { return Err(Failure::not_captured("the names of the columns")) };
        let mut items = Vec::new();
        for place in 0..column.length {
            self.budget.step()?;
            self.budget.grow(size_of::<Value<'_>>())?;
            items.push(self.item_of_column(column, place)?);
        }
        Ok(items)
    }

    /// `len(table)`
    pub(super) fn length_of_table(&self, table: &Table<'a>) -> usize {
        let length = match table {
            Table::Frame(frame) => frame.rows,
            Table::Named(named) => named.column.length,
        };
        usize::try_from(length).unwrap_or(usize::MAX)
    }

    /// Refuses what pandas does with whole tables.
    pub(super) fn no_tables(&self, values: &[&Value<'a>]) -> Res<()> {
        match values.iter().any(|value| self.table(value).is_some()) {
            true => Err(Failure::new("NotSupported", "operations on whole frames and series are not computed")),
            false => Ok(()),
        }
    }
}
