//! `memoryview`: items within the bytes of another object, of one dimension.

use std::cell::RefCell;
use std::rc::Rc;

use num_bigint::BigInt;

use super::arguments::Arguments;
use super::value::{Blob, Value};
use super::{Context, Failure, Res};

pub(super) const NAMES: &[&str] = &["cast", "hex", "release", "tobytes", "tolist", "toreadonly"];

/// The bytes that a view is of.
#[derive(Debug, Clone)]
pub(super) enum Bytes<'a> {
    /// That do not change.
    Fixed(Blob<'a>),
    /// Of a bytearray that the expression made.
    Array(Rc<RefCell<Vec<u8>>>),
}

/// A view.
#[derive(Debug, Clone)]
pub(super) struct Memory<'a> {
    pub(super) bytes: Bytes<'a>,
    /// The object whose bytes these are, where the dump tells.
    pub(super) of: Option<Value<'a>>,
    pub(super) readonly: Option<bool>,
    /// The format of an item, one letter of the module struct, where the dump tells.
    pub(super) format: Option<char>,
    /// The first item, by bytes; the bytes from one to the next; how many there are.
    pub(super) start: usize,
    pub(super) stride: i128,
    pub(super) length: usize,
}

/// The bytes of an item of a format; `None` of what no view can be cast to.
fn item_size(format: char) -> Option<usize> {
    Some(match format {
        'c' | 'b' | 'B' | '?' => 1,
        'h' | 'H' | 'e' => 2,
        'i' | 'I' | 'f' => 4,
        'l' | 'L' | 'q' | 'Q' | 'n' | 'N' | 'P' | 'd' => 8,
        _ => return None,
    })
}

fn not_captured(what: &str) -> Failure {
    Failure::not_captured(format!("the {what} of the memoryview was not captured"))
}

impl<'a> Memory<'a> {
    pub(super) fn over(bytes: Bytes<'a>, of: Value<'a>) -> Self {
        let (length, readonly) = match &bytes {
            Bytes::Fixed(bytes) => (bytes.len(), matches!(of, Value::Bytes(_))),
            Bytes::Array(bytes) => (bytes.borrow().len(), false),
        };
        Memory { bytes, of: Some(of), readonly: Some(readonly), format: Some('B'), start: 0, stride: 1, length }
    }

    /// One that the program held: all of its items, as they followed one another.
    pub(super) fn captured(
        bytes: Blob<'a>,
        of: Option<Value<'a>>,
        readonly: Option<bool>,
        format: Option<char>,
    ) -> Self {
        let size = format.and_then(item_size).unwrap_or(1);
        let length = bytes.len() / size;
        Memory { bytes: Bytes::Fixed(bytes), of, readonly, format, start: 0, stride: size as i128, length }
    }

    fn item_size(&self) -> Res<usize> {
        let format = self.format.ok_or_else(|| not_captured("format"))?;
        item_size(format).ok_or_else(|| Failure::new("NotSupported", format!("items of the format {format}")))
    }

    /// The bytes of an item.
    fn item_bytes(&self, index: usize) -> Res<Vec<u8>> {
        let size = self.item_size()?;
        let at = self.start as i128 + index as i128 * self.stride;
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let part = |bytes: &[u8]| bytes.get(at..at.saturating_add(size)).map(<[u8]>::to_vec);
        let found = match &self.bytes {
            Bytes::Fixed(bytes) => part(bytes),
            Bytes::Array(bytes) => part(&bytes.borrow()),
        };
        found.ok_or_else(|| Failure::new("IndexError", "index out of bounds on dimension 1"))
    }

    pub(super) fn item(&self, index: usize) -> Res<Value<'a>> {
        let bytes = self.item_bytes(index)?;
        let mut wide = [0; 8];
        for (to, from) in wide.iter_mut().zip(&bytes) {
            *to = *from;
        }
        let bits = u64::from_le_bytes(wide);
        let sign = 64 - 8 * bytes.len() as u32;
        Ok(match self.format {
            Some('c') => Value::Bytes(bytes.into()),
            Some('?') => Value::Bool(bits != 0),
            Some('b' | 'h' | 'i' | 'l' | 'q' | 'n') => Value::Int((bits << sign).cast_signed() >> sign),
            Some('f') => Value::Float(f64::from(f32::from_bits(bits as u32))),
            Some('d') => Value::Float(f64::from_bits(bits)),
            Some('e') => return Err(Failure::new("NotSupported", "items of the format e")),
            _ => Value::int(BigInt::from(bits)),
        })
    }

    /// All of its bytes, one item after the other.
    pub(super) fn bytes(&self) -> Res<Vec<u8>> {
        if let (Bytes::Fixed(bytes), None) = (&self.bytes, self.format) {
            return Ok(bytes.to_vec());
        }
        let mut all = Vec::new();
        for index in 0..self.length {
            all.extend(self.item_bytes(index)?);
        }
        Ok(all)
    }

    /// How many items there are.
    pub(super) fn len(&self) -> Res<usize> {
        self.item_size().map(|_| self.length)
    }

    fn nbytes(&self) -> usize {
        match self.format.and_then(item_size) {
            Some(size) => self.length.saturating_mul(size),
            None => self.length,
        }
    }

    fn is_contiguous(&self) -> Res<bool> {
        let size = self.item_size()? as i128;
        Ok(self.length < 2 || self.stride == size)
    }

    pub(super) fn value(self) -> Value<'a> {
        Value::Memory(Rc::new(self))
    }

    /// `view[start:stop:step]`, by the bounds of the slice.
    pub(super) fn part(&self, (from, to, step): (i128, i128, i128)) -> Self {
        let span = if step > 0 { to - from } else { from - to };
        let length = if span <= 0 {
            0
        } else {
            usize::try_from((span - 1) / i128::try_from(step.unsigned_abs()).unwrap_or(i128::MAX) + 1).unwrap_or(0)
        };
        let start = usize::try_from(self.start as i128 + from * self.stride).unwrap_or(0);
        Memory { start, stride: self.stride.saturating_mul(step), length, ..self.clone() }
    }

    pub(super) fn attribute(&self, name: &str) -> Res<Option<Value<'a>>> {
        Ok(Some(match name {
            "obj" => self.of.clone().ok_or_else(|| not_captured("object"))?,
            "nbytes" => Value::length(self.nbytes()),
            "readonly" => Value::Bool(self.readonly.ok_or_else(|| not_captured("flag readonly"))?),
            "format" => Value::text(&self.format.ok_or_else(|| not_captured("format"))?.to_string()),
            "itemsize" => Value::length(self.item_size()?),
            "ndim" => Value::Int(1),
            "shape" => Value::tuple(vec![Value::length(self.len()?)]),
            "strides" => {
                self.item_size()?;
                Value::tuple(vec![Value::int(BigInt::from(self.stride))])
            }
            "suboffsets" => Value::tuple(Vec::new()),
            "contiguous" | "c_contiguous" | "f_contiguous" => Value::Bool(self.is_contiguous()?),
            _ => return Ok(None),
        }))
    }

    fn cast(&self, format: &str) -> Res<Self> {
        let letter = format.strip_prefix('@').unwrap_or(format).chars().next();
        let known = letter.filter(|letter| format.trim_start_matches('@').len() == letter.len_utf8());
        let Some((letter, size)) = known.and_then(|letter| Some((letter, item_size(letter)?))) else {
            return Err(Failure::new(
                "ValueError",
                "memoryview: destination format must be a native single character format prefixed with an optional '@'",
            ));
        };
        if !self.is_contiguous()? {
            return Err(Failure::wrong_type("memoryview: casts are restricted to C-contiguous views"));
        }
        let bytes = |format| matches!(format, 'c' | 'b' | 'B');
        if !bytes(letter) && !self.format.is_some_and(bytes) {
            return Err(Failure::wrong_type("memoryview: cannot cast between two non-byte formats"));
        }
        if !self.nbytes().is_multiple_of(size) {
            return Err(Failure::wrong_type("memoryview: length is not a multiple of itemsize"));
        }
        Ok(Memory { format: Some(letter), stride: size as i128, length: self.nbytes() / size, ..self.clone() })
    }
}

/// `memoryview(value)`
pub(super) fn construct<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [value] = arguments.named(["object"], 1)?;
    let value = value.unwrap_or(Value::None);
    Ok(match (&value, context.data(&value)?) {
        (Value::Array(bytes), _) => Memory::over(Bytes::Array(bytes.clone()), value).value(),
        (_, super::data::Data::Memory(memory)) => memory.value(),
        (_, super::data::Data::Array(bytes)) => Memory::over(Bytes::Fixed(bytes), value).value(),
        (_, super::data::Data::Value(Value::Bytes(bytes))) => {
            let made = Memory::over(Bytes::Fixed(bytes), value);
            Memory { readonly: Some(true), ..made }.value()
        }
        _ => {
            let class = context.type_name(&value);
            let message = format!("memoryview: a bytes-like object is required, not '{class}'");
            return Err(Failure::wrong_type(message));
        }
    })
}

/// Calls a method.
pub(super) fn call<'a>(
    context: &Context<'a>,
    memory: &Memory<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    context.budget.grow(memory.nbytes())?;
    match name {
        "tobytes" => {
            arguments.named(["order"], 0)?;
            memory.bytes().map(|bytes| Value::Bytes(bytes.into()))
        }
        "tolist" => {
            arguments.none()?;
            context.budget.grow(memory.length.saturating_mul(size_of::<Value<'_>>()))?;
            (0..memory.len()?).map(|index| memory.item(index)).collect::<Res<Vec<_>>>().map(Value::list)
        }
        "hex" => super::method::hex(context, &memory.bytes()?, arguments),
        "release" => arguments.none().map(|()| Value::None),
        "toreadonly" => {
            arguments.none()?;
            Ok(Memory { readonly: Some(true), ..memory.clone() }.value())
        }
        "cast" => {
            let [format, shape] = arguments.named(["format", "shape"], 1)?;
            let format = context.text_argument(&format.unwrap_or(Value::None), "cast", "argument 'format'")?;
            if shape.is_some() {
                return Err(Failure::new("NotSupported", "a memoryview of more than one dimension"));
            }
            memory.cast(&String::from_utf8_lossy(&format)).map(Memory::value)
        }
        _ => Err(Failure::unknown_method(name)),
    }
}
