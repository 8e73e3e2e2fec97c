//! numpy's arrays, scalars and dtypes, as they are pickled: numbers by their bytes, objects by the list that holds them.

use std::borrow::Cow;

use crashsite_parse::{NodeId, View};

use crate::heap::{Kind, Payload, Record};
use crate::numpy::{Dtype, Sort};

use super::{Graph, Ref, Scratch};

/// Items of an array that is turned from the order of Fortran.
const MOST_TURNED: usize = 1 << 20;

/// What a pickle tells of an array.
struct Told {
    class: Option<NodeId>,
    shape: Option<NodeId>,
    dtype: NodeId,
    data: NodeId,
    /// The items lie in the order of Fortran.
    turned: bool,
}

impl<'p> Graph<'p> {
    /// Describes what a call gives that numpy, or dill for it, writes; `false` where it is not one.
    pub(super) fn numpy(&mut self, node: NodeId, name: u32, args: &[NodeId]) -> bool {
        let state = self.pickle.states(node).next();
        match (self.full_name(name), args) {
            (("numpy._core.multiarray" | "numpy.core.multiarray", "_reconstruct"), &[class, ..]) => {
                self.array_of(class, state);
            }
            // dill: `_create_array(_reconstruct, (class, …), state)`
            (("dill._dill", "_create_array"), &[_, of, state, ..]) => match self.pickle.as_slice(of) {
                Some(&[class, ..]) => self.array_of(class, Some(state)),
                _ => return false,
            },
            // Protocol 5: the bytes by themselves.
            (("numpy._core.numeric" | "numpy.core.numeric", "_frombuffer"), &[data, dtype, shape, order, ..]) => {
                let turned = self.text_at(Some(order)) == "F";
                let told = Told { class: None, shape: Some(shape), dtype, data, turned };
                if !self.items_of_array(&told) {
                    self.array_in_words("ndarray", None, Some(shape));
                }
            }
            (("numpy._core.multiarray" | "numpy.core.multiarray", "scalar"), &[dtype, data, ..]) => {
                let told = Told { class: None, shape: None, dtype, data, turned: false };
                if !self.items_of_array(&told) {
                    let name = self.scalar_of(dtype);
                    let class = self.known_class("numpy", name);
                    self.note(Kind::Opaque, class, &format!("<numpy.{name}>"));
                }
            }
            (("numpy", "dtype"), _) => {
                let Some(dtype) = self.dtype(node) else { return false };
                let class = self.known_class("numpy", "dtype");
                self.note(Kind::Opaque, class, &format!("dtype('{}')", dtype.name()));
            }
            _ => return false,
        }
        true
    }

    /// An array by its state: (version, shape, dtype, order, data).
    fn array_of(&mut self, class: NodeId, state: Option<NodeId>) {
        let parts = state.and_then(|state| self.pickle.as_slice(state)).unwrap_or_default();
        if let &[_, shape, dtype, order, data] = parts {
            let turned = self.pickle.as_bool(order).unwrap_or(false);
            if self.items_of_array(&Told { class: Some(class), shape: Some(shape), dtype, data, turned }) {
                return;
            }
        }
        let name = match self.resolve(class) {
            Ref::Named(name) => self.full_name(name).1.to_owned(),
            _ => "ndarray".to_owned(),
        };
        self.array_in_words(&name, Some(class), parts.get(1).copied());
    }

    /// Describes an array or a scalar with its items; `false` where they are kept in a way that is not known.
    fn items_of_array(&mut self, told: &Told) -> bool {
        let Some(dtype) = self.dtype(told.dtype) else { return false };
        let is_list = dtype.text.contains('O');
        let lengths: Vec<usize> = told.shape.map_or_else(Vec::new, |shape| {
            self.pickle
                .items(shape)
                .take(64)
                .filter_map(|size| usize::try_from(self.pickle.as_int(size)?).ok())
                .collect()
        });
        let Some(count) = lengths.iter().try_fold(1usize, |count, length| count.checked_mul(*length)) else {
            return false;
        };
        let bytes = if is_list { None } else { self.bytes_at(told.data) };
        let bytes = match bytes {
            Some(bytes) if told.turned && lengths.len() > 1 => match turned(&bytes, &lengths, dtype.itemsize) {
                Some(turned) => Some(Cow::Owned(turned)),
                None => return false,
            },
            other => other,
        };
        if is_list && (!self.pickle.is_list(told.data) || told.turned) || !is_list && bytes.is_none() {
            return false;
        }
        let class = match told.class {
            Some(class) => self.class_of(class),
            None if told.shape.is_some() => self.known_class("numpy", "ndarray"),
            None => {
                let name = self.scalar_of(told.dtype);
                self.known_class("numpy", name)
            }
        };
        let mut scratch = self.take_scratch();
        self.attribute(&mut scratch, "dtype", told.dtype);
        if let Some(shape) = told.shape {
            self.attribute(&mut scratch, "shape", shape);
        }
        if is_list {
            for item in self.pickle.items(told.data).take(count) {
                scratch.elements.push(self.number(item));
            }
        }
        let payload = bytes.as_deref().map_or(Payload::None, Payload::Bytes);
        let kind = if is_list { Kind::List } else { Kind::Bytes };
        let Scratch { attributes, elements, .. } = &scratch;
        self.builder.push(&Record { attributes, elements, payload, ..Record::new(kind, class) });
        self.scratch = scratch;
        true
    }

    fn array_in_words(&mut self, name: &str, class: Option<NodeId>, shape: Option<NodeId>) {
        let class = match class {
            Some(class) => self.class_of(class),
            None => self.known_class("numpy", "ndarray"),
        };
        let sizes: Option<Vec<String>> = shape.map(|shape| {
            self.pickle.items(shape).take(64).map(|size| self.pickle.as_int(size).unwrap_or(0).to_string()).collect()
        });
        let shape = sizes.map_or_else(String::new, |sizes| format!(", shape ({})", sizes.join(", ")));
        self.note(Kind::Opaque, class, &format!("<{name}{shape}>"));
    }

    /// Bytes, also as the older protocols write them: `_codecs.encode(text, 'latin1')`.
    fn bytes_at(&self, node: NodeId) -> Option<Cow<'p, [u8]>> {
        let pickle = self.pickle;
        if let View::Reduce { args, .. } = pickle.node(node) {
            let text = pickle.as_str(*pickle.as_slice(args)?.first()?)?;
            return text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>().map(Cow::Owned);
        }
        match pickle.node(node) {
            View::ByteArray(bytes) => Some(Cow::Borrowed(bytes)),
            _ => pickle.as_bytes(node).or_else(|| pickle.as_text_bytes(node)).map(Cow::Borrowed),
        }
    }

    /// A dtype that has no fields: `numpy.dtype('f8', …)`, and its state (version, order of bytes, …, for dates their unit).
    fn dtype(&self, node: NodeId) -> Option<Dtype> {
        let View::Reduce { args, .. } = self.pickle.node(node) else { return None };
        let short = self.text_at(self.pickle.as_slice(args)?.first().copied());
        let state = self.pickle.states(node).next().and_then(|state| self.pickle.as_slice(state)).unwrap_or_default();
        let order = match self.text_at(state.get(1).copied()).as_str() {
            ">" => '>',
            "|" => '|',
            _ => '<',
        };
        if state.get(3).is_some_and(|names| !self.pickle.is_none(*names)) {
            return None;
        }
        let unit = state.get(8).and_then(|dates| self.pickle.items(*dates).last()).map_or(String::new(), |unit| {
            let parts: Vec<NodeId> = self.pickle.items(unit).take(2).collect();
            let name = parts.first().and_then(|name| self.bytes_at(*name)).unwrap_or_default();
            let many = parts.get(1).and_then(|many| self.pickle.as_int(*many)).filter(|many| *many != 1);
            let many = many.map_or_else(String::new, |many| many.to_string());
            format!("[{many}{}]", String::from_utf8_lossy(name.get(..10).unwrap_or(&name)))
        });
        let dtype = Dtype::short(&format!("{order}{short}{unit}"))?;
        let known = !matches!(dtype.sort, Sort::Raw | Sort::Fields) && !dtype.text.contains('T');
        known.then_some(dtype)
    }

    /// The type of a scalar, by the letters of its `dtype`.
    fn scalar_of(&self, kind: NodeId) -> &'static str {
        let args = match self.pickle.node(kind) {
            View::Reduce { args, .. } => self.pickle.as_slice(args).unwrap_or_default(),
            _ => &[],
        };
        match self.text_at(args.first().copied()).as_str() {
            "b1" => "bool",
            "i1" => "int8",
            "i2" => "int16",
            "i4" => "int32",
            "i8" => "int64",
            "u1" => "uint8",
            "u2" => "uint16",
            "u4" => "uint32",
            "u8" => "uint64",
            "f2" => "float16",
            "f4" => "float32",
            "f8" => "float64",
            "c8" => "complex64",
            "c16" => "complex128",
            "M8" => "datetime64",
            "m8" => "timedelta64",
            text if text.starts_with('U') => "str_",
            text if text.starts_with('S') => "bytes_",
            _ => "generic",
        }
    }
}

/// The items of an array in the order of C, which lie in that of Fortran: the first axis is the fastest.
fn turned(bytes: &[u8], lengths: &[usize], size: usize) -> Option<Vec<u8>> {
    let count = lengths.iter().try_fold(1usize, |count, length| count.checked_mul(*length))?;
    if count > MOST_TURNED || bytes.len() < count.checked_mul(size)? {
        return None;
    }
    let mut out = Vec::with_capacity(count.checked_mul(size)?);
    let mut places = vec![0usize; lengths.len()];
    for _ in 0..count {
        let (mut at, mut step) = (0usize, 1usize);
        for (place, length) in places.iter().zip(lengths) {
            at = at.checked_add(place.checked_mul(step)?)?;
            step = step.checked_mul(*length)?;
        }
        out.extend_from_slice(bytes.get(at.checked_mul(size)?..at.checked_add(1)?.checked_mul(size)?)?);
        for (place, length) in places.iter_mut().zip(lengths).rev() {
            *place += 1;
            if *place < *length {
                break;
            }
            *place = 0;
        }
    }
    Some(out)
}
