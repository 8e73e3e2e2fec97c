//! Arrays and scalars of numpy: their parts, by the places that the dump has.

use std::rc::Rc;

use crashsite_model::Object;
use crashsite_model::numpy::{Array, Item};

use super::class;
use super::value::Value;
use super::{Context, Failure, Res};

/// Items that a list of an array may have within each other.
const DEEPEST: usize = 32;

impl<'a> Context<'a> {
    /// The array that a value is, for an operation which its class has to leave to numpy.
    pub(super) fn array_for(&self, value: &Value<'a>, special: &str) -> Res<Option<Rc<Array<'a>>>> {
        match value {
            Value::NdArray(array) => Ok(Some(array.clone())),
            Value::Object(object) => {
                let found = self.array(object);
                if found.as_ref().is_some_and(|array| !array.is_scalar)
                    && class::name_of_type(object.class()) != ("numpy", "ndarray")
                {
                    self.must_be_builtin(object, special)?;
                }
                Ok(found)
            }
            _ => Ok(None),
        }
    }

    /// The array, or the scalar, that an object is.
    pub(super) fn array(&self, object: &Object<'a>) -> Option<Rc<Array<'a>>> {
        if self.dump.heap.state(object).redacted {
            return None;
        }
        Array::of(&self.dump.heap, object).map(Rc::new)
    }

    /// The number that an object is, where it is a scalar of numpy's.
    pub(super) fn number_of_scalar(&self, object: &Object<'a>) -> Option<Value<'a>> {
        self.array(object).and_then(|array| number_of(&array))
    }

    /// `str` of an object that is a scalar of numpy's.
    pub(super) fn string_of_scalar(&self, object: &Object<'a>) -> Option<String> {
        let array = self.array(object).filter(|array| array.is_scalar)?;
        array
            .item(&[])
            .filter(|item| !matches!(item, Item::Object(_)))
            .map(|item| crate::numpy::text(&item, &array.dtype))
    }

    /// Refuses what numpy does with whole arrays, item by item.
    pub(super) fn no_arrays(&self, values: &[&Value<'a>]) -> Res<()> {
        let is_array = |value: &&Value<'a>| match value {
            Value::NdArray(array) => number_of(array).is_none(),
            Value::Object(object) => self.array(object).is_some() && self.number_of_scalar(object).is_none(),
            _ => false,
        };
        if values.iter().any(is_array) {
            return Err(not_computed("operations on whole arrays are not computed"));
        }
        self.no_tables(values)
    }

    /// What is there when all axes of a view are at one place.
    pub(super) fn item_of_array(&self, array: Array<'a>) -> Res<Value<'a>> {
        if !array.shape().is_empty() {
            return Ok(Value::NdArray(Rc::new(array)));
        }
        match array.item(&[]) {
            Some(Item::Object(number)) => self.object(number),
            Some(item) => Ok(plain(&item).unwrap_or_else(|| {
                let mut scalar = array;
                scalar.is_scalar = true;
                Value::NdArray(Rc::new(scalar))
            })),
            None => Err(Failure::not_captured("of this array the dump has the items at the ends of its axes only")),
        }
    }

    /// `array[key]`: ints, slices and `...`, one for each axis.
    pub(super) fn part_of_array(&self, array: &Array<'a>, key: &Value<'a>) -> Res<Value<'a>> {
        let keys = match self.load(key.clone())? {
            Value::Tuple(keys) => keys.to_vec(),
            other => vec![other],
        };
        let given = keys.iter().filter(|key| !matches!(key, Value::Ellipsis)).count();
        let axes = array.shape().len();
        if given > axes {
            let message = format!("too many indices for array: array is {axes}-dimensional, but {given} were indexed");
            return Err(Failure::new("IndexError", message));
        }
        let mut view = array.clone();
        let mut axis = 0;
        for key in &keys {
            self.budget.step()?;
            let length = view.shape().get(axis).copied().unwrap_or(0);
            let narrowed = match self.load(key.clone())? {
                Value::Ellipsis => {
                    axis += axes - given;
                    continue;
                }
                Value::Slice(parts) => {
                    let (from, to, step) = self.bounds(&parts, i128::from(length))?;
                    let span = if step > 0 { to - from } else { from - to };
                    let count = if span <= 0 { 0 } else { (span - 1) / step.abs() + 1 };
                    axis += 1;
                    view.range(axis - 1, from, step, u64::try_from(count).unwrap_or(0))
                }
                key => {
                    let Some(index) = self.wide_index(&key)? else {
                        let found = self.type_name(&key);
                        return Err(Failure::new("NotSupported", format!("indexing an array by {found}")));
                    };
                    let place = if index < 0 { index + i128::from(length) } else { index };
                    let outside = || {
                        let message = format!("index {index} is out of bounds for axis {axis} with size {length}");
                        Failure::new("IndexError", message)
                    };
                    let place = u64::try_from(place).ok().filter(|place| *place < length).ok_or_else(outside)?;
                    view.at(axis, place)
                }
            };
            view = narrowed.ok_or_else(|| Failure::new("IndexError", "index out of bounds"))?;
        }
        self.item_of_array(view)
    }

    /// The element at a place of the first axis.
    pub(super) fn row_of_array(&self, array: &Array<'a>, place: u64) -> Res<Value<'a>> {
        let row = array.at(0, place).ok_or_else(|| Failure::new("IndexError", "index out of bounds"))?;
        self.item_of_array(row)
    }

    /// All elements of the first axis.
    pub(super) fn rows_of_array(&self, array: &Array<'a>) -> Res<Vec<Value<'a>>> {
        let Some(&length) = array.shape().first() else {
            return Err(Failure::wrong_type("iteration over a 0-d array"));
        };
        let mut rows = Vec::new();
        for place in 0..length {
            self.budget.step()?;
            self.budget.grow(size_of::<Value<'_>>())?;
            rows.push(self.row_of_array(array, place)?);
        }
        Ok(rows)
    }

    /// `array.tolist()`
    pub(super) fn list_of_array(&self, array: &Array<'a>, depth: usize) -> Res<Value<'a>> {
        if depth > DEEPEST {
            return Err(Failure::new("NotSupported", "a list of an array of so many axes"));
        }
        let rows = self.rows_of_array(array)?;
        let inner = |row| match row {
            Value::NdArray(row) if !row.is_scalar => self.list_of_array(&row, depth + 1),
            row => Ok(row),
        };
        Ok(Value::list(rows.into_iter().map(inner).collect::<Res<_>>()?))
    }

    /// What an array says of itself beside what the dump has as its attributes.
    pub(super) fn attribute_of_array(&self, array: &Rc<Array<'a>>, name: &str) -> Res<Option<Value<'a>>> {
        let shape = array.shape();
        Ok(Some(match name {
            "shape" => Value::tuple(shape.iter().map(|length| Value::int(*length)).collect()),
            "ndim" => Value::length(shape.len()),
            "size" => Value::int(array.len()),
            "itemsize" => Value::length(array.dtype.itemsize),
            "nbytes" => Value::int(array.len().saturating_mul(array.dtype.itemsize as u64)),
            "dtype" => match array.object.attribute("dtype") {
                Some(number) => self.object(number)?,
                None => return Ok(None),
            },
            "tolist" | "item" => Value::Method(Value::NdArray(array.clone()).into(), name.into()),
            _ if class::name_of_type(array.object.class()).0 == "numpy" && array.object.attribute(name).is_none() => {
                return Err(not_computed(&format!("{name} of an array is not computed")));
            }
            _ => return Ok(None),
        }))
    }

    /// Calls one of the methods that are known.
    pub(super) fn call_of_array(&self, array: &Array<'a>, name: &str) -> Res<Value<'a>> {
        match name {
            "tolist" if !array.shape().is_empty() => self.list_of_array(array, 0),
            "tolist" | "item" if array.len() == 1 => {
                let mut only = array.clone();
                while !only.shape().is_empty() {
                    only = only.at(0, 0).ok_or_else(|| Failure::unknown_method(name))?;
                }
                self.item_of_array(only)
            }
            _ => Err(Failure::unknown_method(name)),
        }
    }
}

/// That nothing here writes as numpy's `repr` does.
pub(super) fn no_repr() -> Failure {
    not_computed("`repr` of an array or a scalar of numpy's is not computed")
}

fn not_computed(what: &str) -> Failure {
    Failure::new("NotSupported", what)
        .remedy("Ask for items, `a[0]`, or for those that there are as a list, `a.tolist()`.")
}

/// The number that a scalar is.
pub(super) fn number_of<'a>(scalar: &Array<'a>) -> Option<Value<'a>> {
    match scalar.item(&[]).filter(|_| scalar.is_scalar)? {
        Item::Float(value, _) => Some(Value::Float(value)),
        Item::Complex(real, imaginary, _) => Some(Value::Complex(real, imaginary)),
        item => plain(&item),
    }
}

/// An item that shows as a value of Python's does.
pub(super) fn plain<'a>(item: &Item<'a>) -> Option<Value<'a>> {
    Some(match item {
        Item::Bool(value) => Value::Bool(*value),
        Item::Int(value) => Value::int(*value),
        Item::Float(value, 8) => Value::Float(*value),
        Item::Complex(real, imaginary, 8) => Value::Complex(*real, *imaginary),
        Item::Text(text) => Value::text(text),
        Item::Raw(bytes) => Value::Bytes((*bytes).to_vec().into()),
        _ => return None,
    })
}
