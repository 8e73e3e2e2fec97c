//! numpy's arrays and scalars: of which type they are, and an array's shape. What is in them is not read.

use crashsite_parse::{NodeId, View};

use crate::heap::Kind;

use super::{Graph, Ref};

impl Graph<'_> {
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
            (("numpy._core.multiarray" | "numpy.core.multiarray", "scalar"), &[kind, ..]) => {
                let name = self.scalar_of(kind);
                let class = self.known_class("numpy", name);
                self.note(Kind::Opaque, class, &format!("<numpy.{name}>"));
            }
            _ => return false,
        }
        true
    }

    fn array_of(&mut self, class: NodeId, state: Option<NodeId>) {
        let class_name = match self.resolve(class) {
            Ref::Named(name) => self.full_name(name).1.to_owned(),
            _ => "ndarray".to_owned(),
        };
        let class = self.class_of(class);
        // (version, shape, dtype, order, data)
        let shape = state.and_then(|state| self.pickle.as_slice(state)).and_then(|state| state.get(1).copied());
        let sizes: Option<Vec<String>> = shape.map(|shape| {
            self.pickle.items(shape).take(64).map(|size| self.pickle.as_int(size).unwrap_or(0).to_string()).collect()
        });
        let shape = sizes.map_or_else(String::new, |sizes| format!(", shape ({})", sizes.join(", ")));
        self.note(Kind::Opaque, class, &format!("<{class_name}{shape}>"));
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
