//! What the items of an array are.

use crate::heap::{Heap, Kind, Object, Payload};
use crate::text::scalar_text;

/// How deep fields may have fields.
const DEEPEST: usize = 8;
/// Fields that are looked at, those of fields included.
const MOST_FIELDS: usize = 1000;

/// What sort of thing an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Sort {
    Bool,
    Int,
    Unsigned,
    Float,
    Complex,
    Date,
    Delta,
    /// An object, or a text, which is kept as one.
    Object,
    /// Bytes without a meaning, or of a dtype that nothing here knows.
    Raw,
    /// One value for each field.
    Fields,
}

/// A dtype.
#[derive(Debug, Clone)]
pub struct Dtype {
    /// As numpy writes it in short: `<f8`.
    pub text: String,
    /// What sort.
    pub sort: Sort,
    /// Bytes of an item.
    pub itemsize: usize,
    /// The unit of dates: `ns`, `25s`; empty where they have none.
    pub unit: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether an item is an array itself.
    pub has_shape: bool,
}

/// A field of a dtype.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is.
    pub dtype: Dtype,
    /// Where it begins in an item.
    pub offset: usize,
}

impl Dtype {
    /// The dtype that a captured object describes.
    pub fn of(heap: &Heap, object: &Object<'_>) -> Option<Self> {
        Dtype::within(heap, object, 0, &mut { MOST_FIELDS })
    }

    /// One without fields.
    pub fn simple(text: &str, itemsize: usize) -> Self {
        let unit = text.split_once('[').and_then(|(_, unit)| unit.strip_suffix(']')).unwrap_or_default();
        let sort = match text.trim_start_matches(['<', '>', '|', '=']).chars().next() {
            Some('b') => Sort::Bool,
            Some('i') => Sort::Int,
            Some('u') => Sort::Unsigned,
            Some('f') => Sort::Float,
            Some('c') => Sort::Complex,
            Some('M') => Sort::Date,
            Some('m') => Sort::Delta,
            Some('O' | 'U' | 'S' | 'T') => Sort::Object,
            _ => Sort::Raw,
        };
        Dtype { text: text.to_owned(), sort, itemsize, unit: unit.to_owned(), fields: Vec::new(), has_shape: false }
    }

    /// One that numpy writes in short, of which the letters tell the size: `<f8`, `|S3`, `<M8[ns]`.
    pub fn short(text: &str) -> Option<Self> {
        let mut letters = text.trim_start_matches(['<', '>', '|', '=']).chars();
        let letter = letters.next()?;
        let digits: String = letters.take_while(char::is_ascii_digit).collect();
        let count: usize = digits.parse().ok()?;
        Some(Dtype::simple(text, if letter == 'U' { count.checked_mul(4)? } else { count }))
    }

    /// One of which the dump has the `repr` only: `dtype('float64')`.
    fn of_words(words: &str) -> Option<Self> {
        let name = words.strip_prefix("dtype('")?.strip_suffix("')")?;
        let sized = |letter: char, name: &str| {
            let bits: usize = name.parse().ok()?;
            Dtype::short(&format!("<{letter}{}", bits / 8))
        };
        match name.split_at(name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len())) {
            ("bool", "") => Dtype::short("|b1"),
            ("object" | "O", "") => Dtype::short("|O8"),
            ("int", bits) => sized('i', bits),
            ("uint", bits) => sized('u', bits),
            ("float", bits) => sized('f', bits),
            ("complex", bits) => sized('c', bits),
            ("datetime", rest) => Dtype::short(&format!("<M8{}", rest.strip_prefix("64")?)),
            ("timedelta", rest) => Dtype::short(&format!("<m8{}", rest.strip_prefix("64")?)),
            _ => Dtype::short(name),
        }
    }

    fn within(heap: &Heap, object: &Object<'_>, depth: usize, room: &mut usize) -> Option<Self> {
        let part = |name: &str| object.attribute(name).and_then(|number| heap.object(number));
        let Some(text) = part("str") else { return Dtype::of_words(&scalar_text(object.note()?)) };
        let Payload::Text(text) = text.payload() else { return None };
        let Payload::Int(itemsize) = part("itemsize")?.payload() else { return None };
        let mut dtype = Dtype::simple(&scalar_text(text), usize::try_from(itemsize).ok()?);
        dtype.has_shape = part("shape").is_some();
        let (Some(names), Some(fields)) = (part("names"), part("fields")) else { return Some(dtype) };
        if depth >= DEEPEST {
            return Some(dtype);
        }
        for name in names.elements() {
            // Of all together: a dtype may have itself as a field, many times.
            *room = room.checked_sub(1)?;
            let name = match heap.object(name)?.payload() {
                Payload::Text(name) => scalar_text(name).into_owned(),
                _ => return None,
            };
            let field = value_of(heap, &fields, &name)?;
            let inner = heap.object(field.element(0)?)?;
            let offset = match heap.object(field.element(1)?)?.payload() {
                Payload::Int(offset) => usize::try_from(offset).ok()?,
                _ => return None,
            };
            dtype.fields.push(Field { name, dtype: Dtype::within(heap, &inner, depth + 1, room)?, offset });
        }
        if !dtype.fields.is_empty() {
            dtype.sort = Sort::Fields;
        }
        Some(dtype)
    }

    /// Whether its numbers lie in memory with the greatest byte first.
    pub fn is_big_endian(&self) -> bool {
        self.text.starts_with('>')
    }

    /// As numpy's `str(dtype)`: `float64`, `datetime64[ns]`, `<U3`, `[('x', '<i4')]`.
    pub fn name(&self) -> String {
        let bits = self.itemsize.saturating_mul(8);
        let unit = self.text.get(3..).unwrap_or_default();
        match self.sort {
            Sort::Fields => {
                let listed: Vec<String> = self.fields.iter().map(Field::in_list).collect();
                format!("[{}]", listed.join(", "))
            }
            _ if self.is_big_endian() => self.text.clone(),
            Sort::Bool => "bool".to_owned(),
            Sort::Int => format!("int{bits}"),
            Sort::Unsigned => format!("uint{bits}"),
            Sort::Float => format!("float{bits}"),
            Sort::Complex => format!("complex{bits}"),
            Sort::Date => format!("datetime64{unit}"),
            Sort::Delta => format!("timedelta64{unit}"),
            Sort::Object if self.text.contains('O') => "object".to_owned(),
            Sort::Object if self.text.contains('T') => "StringDType()".to_owned(),
            _ => self.text.clone(),
        }
    }
}

impl Field {
    fn in_list(&self) -> String {
        let name = self.name.replace('\\', "\\\\").replace('\'', "\\'");
        match self.dtype.sort {
            Sort::Fields => format!("('{name}', {})", self.dtype.name()),
            _ => format!("('{name}', '{}')", self.dtype.text),
        }
    }
}

/// The value that a captured dict has under a text, by its first pairs.
fn value_of<'a>(heap: &'a Heap, dict: &Object<'a>, name: &str) -> Option<Object<'a>> {
    let is_name = |key: u32| match heap.object(key).map(|key| key.payload()) {
        Some(Payload::Text(text)) => text == name.as_bytes(),
        _ => false,
    };
    let (_, value) = dict.pairs().take(MOST_FIELDS).find(|(key, _)| is_name(*key))?;
    heap.object(value).filter(|value| value.kind() == Kind::Tuple)
}
