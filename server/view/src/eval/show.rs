//! `repr` and `str` of values.

use crashsite_model::numpy::Array;
use crashsite_model::{Kind, Object};

use super::class::{self, Maker};
use super::data::Data;
use super::made::{Holds, Made};
use super::ndarray;
use super::value::Value;
use super::{Context, Failure, Res};
use crate::numpy::Piece;
use crate::repr;

/// Where an object is that the expression made: at no address of the process.
const NOWHERE: &str = " at 0x0";

/// How deep values may lie within each other.
const DEEPEST: usize = 200;

/// A text on its way.
struct Out {
    text: String,
    most: usize,
    /// Code that a `__repr__` would run is refused; otherwise such an object shows in a form of ours.
    strict: bool,
    active: Vec<u64>,
}

impl Out {
    fn full(&self) -> bool {
        // Each character has four bytes at most.
        self.text.len() > self.most.saturating_mul(4)
    }
}

impl<'a> Context<'a> {
    /// The `repr` for a person: at most so many characters, code never needed.
    pub(super) fn show(&self, value: &Value<'a>, most: usize) -> Res<String> {
        let mut out = Out { text: String::new(), most, strict: false, active: Vec::new() };
        self.write(value, &mut out)?;
        Ok(crate::text::shorten(&out.text, most).into_owned())
    }

    /// `repr(value)`
    pub(super) fn repr(&self, value: &Value<'a>) -> Res<String> {
        let mut out = Out { text: String::new(), most: usize::MAX, strict: true, active: Vec::new() };
        self.write(value, &mut out)?;
        Ok(out.text)
    }

    /// `str(value)`, as bytes of text.
    pub(super) fn string(&self, value: &Value<'a>) -> Res<Vec<u8>> {
        if let Value::Object(object) = value
            && class::exactly(object.class()).is_none()
            && object.kind() != Kind::Class
        {
            if let Some(text) = self.string_of_scalar(object) {
                return Ok(text.into_bytes());
            }
            if let Some(data) = self.enum_data(object) {
                return self.string_of_enum(object, &data);
            }
            if object.kind() == Kind::Exception {
                self.must_be_builtin(object, "__str__")?;
                return self.string_of_exception(object);
            }
            match self.classes.maker(self.dump, object, "__str__")? {
                Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, "__str__"))),
                _ => {
                    if let Data::Value(Value::Text(text)) = self.data(value)? {
                        return Ok(text.to_vec());
                    }
                }
            }
            return self.repr(value).map(String::into_bytes);
        }
        match self.load(value.clone())? {
            Value::Text(text) => Ok(text.to_vec()),
            Value::Bytes(bytes) if self.python2 => Ok(bytes.to_vec()),
            Value::Exact(exact) => Ok(exact.text()?.into_bytes()),
            Value::Exception(made) => self.string_of_made(&made),
            Value::Instance(made) => match &made.holds {
                Holds::Flag(bits) => self.text_of_flag(&made.class, *bits).map(String::into_bytes),
                _ => self.repr(value).map(String::into_bytes),
            },
            Value::Object(object) if object.kind() == Kind::Exception => self.string_of_exception(&object),
            other => self.repr(&other).map(String::into_bytes),
        }
    }

    fn string_of_enum(&self, object: &Object<'a>, data: &Value<'a>) -> Res<Vec<u8>> {
        if let Some(class) = class::of(self.dump, object)
            && let Some(entry) = self.classes.entry(self.dump, &class, "__str__")
            && class::name_of(&entry.owner).0 != "enum"
            && entry.value.kind() == Kind::Function
            && class::name_of(&entry.value).0 != "enum"
        {
            return Err(Failure::needs_code(class::place(&entry, "__str__")));
        }
        let of = |name: &str| {
            class::of(self.dump, object)
                .is_some_and(|class| class::mro(self.dump, &class).any(|base| class::name_of(&base).1 == name))
        };
        let plain = of("StrEnum") || self.version >= (3, 11) && (of("IntEnum") || of("IntFlag"));
        if plain {
            return self.string(data);
        }
        let name = object.attribute("_name_").and_then(|number| self.dump.heap.object(number));
        let name = name.and_then(|name| super::attribute::text_of(&name)).unwrap_or_default();
        Ok(format!("{}.{name}", object.class_name()).into_bytes())
    }

    fn write(&self, value: &Value<'a>, out: &mut Out) -> Res<()> {
        self.budget.step()?;
        if out.full() {
            return Ok(());
        }
        if out.strict {
            self.budget.grow(16)?;
        }
        if out.active.len() > DEEPEST {
            return Err(Failure::new(
                "RecursionError",
                "maximum recursion depth exceeded while getting the repr of an object",
            ));
        }
        match value {
            Value::Object(object) => return self.write_object(object, out),
            Value::Raw(object) => {
                let data = self.data(value)?;
                return match data {
                    Data::Other(_) => self.write_object(object, out),
                    data => self.write_data(&data, value, out),
                };
            }
            Value::NdArray(array) if !out.strict => return self.write_array(array, out),
            Value::NdArray(_) => return Err(ndarray::no_repr()),
            Value::Preview(local) => {
                out.text.push_str(local.preview.as_deref().unwrap_or("<not captured>"));
                return Ok(());
            }
            _ => {}
        }
        self.write_data(&self.data(value)?, value, out)
    }

    fn write_object(&self, object: &Object<'a>, out: &mut Out) -> Res<()> {
        let plain = |out: &mut Out| {
            let most = out.most.min(1 << 20).saturating_sub(out.text.len());
            out.text.push_str(&repr::of_object(self.dump, object, most.max(1)));
            Ok(())
        };
        let state = self.dump.heap.state(object);
        if !out.strict && (state.redacted || state.unreadable || state.full_length.is_some()) {
            return plain(out);
        }
        if self.array(object).is_some() || self.table(&Value::Object(*object)).is_some() {
            if out.strict {
                return Err(ndarray::no_repr());
            }
            return plain(out);
        }
        if class::exactly(object.class()).is_none() && object.kind() != Kind::Class {
            let maker = match self.classes.maker(self.dump, object, "__repr__") {
                Ok(maker) => maker,
                Err(_) if !out.strict => return plain(out),
                Err(failure) => return Err(failure),
            };
            if let Maker::Code(entry) = &maker
                && self.enum_data(object).is_none()
                && !is_namedtuple(object)
                && class::name_of(&entry.owner).0 != "collections"
            {
                if !out.strict {
                    return plain(out);
                }
                return Err(Failure::needs_code(class::place(entry, "__repr__")));
            }
            if let Some(data) = self.enum_data(object) {
                return self.write_enum(object, &data, out);
            }
            if matches!(maker, Maker::Dataclass) {
                return self.write_dataclass(object, out);
            }
        }
        let value = Value::Object(*object);
        match self.data(&value)? {
            Data::Other(other) if other.kind() == Kind::Exception => self.write_exception(object, out),
            Data::Other(_) => plain(out),
            Data::Value(Value::Object(_)) => plain(out),
            data => self.write_data(&data, &value, out),
        }
    }

    fn write_enum(&self, object: &Object<'a>, data: &Value<'a>, out: &mut Out) -> Res<()> {
        if let Some(class) = class::of(self.dump, object)
            && let Some(entry) = self.classes.entry(self.dump, &class, "__repr__")
            && entry.value.kind() == Kind::Function
            && class::name_of(&entry.value).0 != "enum"
        {
            if out.strict {
                return Err(Failure::needs_code(class::place(&entry, "__repr__")));
            }
            out.text.push_str(&repr::of_object(self.dump, object, out.most));
            return Ok(());
        }
        let name = object.attribute("_name_").and_then(|number| self.dump.heap.object(number));
        let name = name.and_then(|name| super::attribute::text_of(&name));
        let name = name.map_or_else(String::new, |name| format!(".{name}"));
        out.text.push_str(&format!("<{}{name}: ", object.class_name()));
        self.write(data, out)?;
        out.text.push('>');
        Ok(())
    }

    fn write_dataclass(&self, object: &Object<'a>, out: &mut Out) -> Res<()> {
        if out.active.contains(&u64::from(object.number)) {
            out.text.push_str("...");
            return Ok(());
        }
        out.active.push(u64::from(object.number));
        let class = object.class();
        out.text.push_str(class.map_or("", |class| &class.qualname));
        out.text.push('(');
        let mut first = true;
        for (name, field) in self.dataclass_fields(object)? {
            let shown = field.attribute("repr").and_then(|number| self.dump.heap.object(number));
            if shown.is_some_and(|flag| flag.note() == Some(b"False")) {
                continue;
            }
            if !first {
                out.text.push_str(", ");
            }
            first = false;
            out.text.push_str(&name);
            out.text.push('=');
            let value = self.attribute(&Value::Object(*object), &name)?;
            self.write(&value, out)?;
        }
        out.text.push(')');
        out.active.pop();
        Ok(())
    }

    fn write_made(&self, made: &Made<'a>, out: &mut Out) -> Res<()> {
        match &made.holds {
            Holds::Tuple(_) => {}
            Holds::Flag(value) => out.text.push_str(&self.shown_flag(&made.class, *value)?),
            Holds::Fields(held) => {
                out.text.push_str(&class::name_of(&made.class).1);
                let mut open = '(';
                for (name, field) in self.fields_of_dataclass(&made.class)? {
                    let shown = field.attribute("repr").and_then(|number| self.dump.heap.object(number));
                    let value = held.iter().find(|(held, _)| *held == name);
                    let (Some((_, value)), true) = (value, shown.is_none_or(|flag| flag.note() != Some(b"False")))
                    else {
                        continue;
                    };
                    out.text.push(open);
                    out.text.push_str(if open == ',' { " " } else { "" });
                    open = ',';
                    out.text.push_str(&format!("{name}="));
                    self.write(value, out)?;
                }
                out.text.push_str(if open == '(' { "()" } else { ")" });
            }
        }
        Ok(())
    }

    fn write_exception(&self, object: &Object<'a>, out: &mut Out) -> Res<()> {
        out.text.push_str(object.class_name());
        let args = self.attribute(&Value::Object(*object), "args")?;
        let args = self.collect(&args)?;
        self.write_row("(", &args, ")", out)?;
        if self.version < (3, 7) && args.len() == 1 {
            out.text.pop();
            out.text.push_str(",)");
        }
        Ok(())
    }

    fn write_row(&self, open: &str, items: &[Value<'a>], close: &str, out: &mut Out) -> Res<()> {
        out.text.push_str(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.text.push_str(", ");
            }
            if out.full() {
                return Ok(());
            }
            self.write(item, out)?;
        }
        out.text.push_str(close);
        Ok(())
    }

    fn write_data(&self, data: &Data<'a>, value: &Value<'a>, out: &mut Out) -> Res<()> {
        let identity = match value {
            Value::Object(object) | Value::Raw(object) => Some(u64::from(object.number)),
            Value::List(items) => Some(std::rc::Rc::as_ptr(items) as *const u8 as u64),
            Value::Dict(dict) => Some(std::rc::Rc::as_ptr(dict) as *const u8 as u64),
            _ => None,
        };
        if identity.is_some_and(|identity| out.active.contains(&identity)) {
            out.text.push_str(match data {
                Data::List(_) | Data::Deque(_) => "[...]",
                Data::Tuple(_) => "(...)",
                Data::Pairs(_) | Data::Value(Value::Dict(_)) => "{...}",
                _ => "...",
            });
            return Ok(());
        }
        out.active.push(identity.unwrap_or(u64::MAX));
        let done = self.write_contents(data, value, out);
        out.active.pop();
        done
    }

    /// Elements of a row, as many as can still show.
    fn first(&self, row: &super::data::Row<'a>, out: &Out) -> Res<Vec<Value<'a>>> {
        let most = if out.strict { row.len() } else { row.len().min(out.most + 2) };
        let get = |index| match row.get(self, index) {
            Err(failure) if out.strict => Err(failure),
            Err(_) => Ok(Value::Class("<not captured>")),
            found => found,
        };
        (0..most).map(get).collect()
    }

    fn write_contents(&self, data: &Data<'a>, value: &Value<'a>, out: &mut Out) -> Res<()> {
        match data {
            Data::List(row) => self.write_row("[", &self.first(row, out)?, "]", out),
            Data::Tuple(row) => {
                if let Some((name, fields)) = self.shown_fields(value)? {
                    out.text.push_str(&format!("{name}("));
                    for (index, field) in fields.iter().enumerate() {
                        out.text.push_str(&format!("{}{field}=", if index > 0 { ", " } else { "" }));
                        self.write(&row.get(self, index)?, out)?;
                    }
                    out.text.push(')');
                    return Ok(());
                }
                let items = self.first(row, out)?;
                let close = if items.len() == 1 { ",)" } else { ")" };
                self.write_row("(", &items, close, out)
            }
            Data::Deque(row) => {
                let most = self.most_of(value)?;
                let close = most.map_or("])".to_owned(), |most| format!("], maxlen={most})"));
                self.write_row(
                    &format!("{}([", super::types::short(&self.type_name(value))),
                    &self.first(row, out)?,
                    &close,
                    out,
                )
            }
            Data::Set(row, frozen) => {
                let items = self.first(row, out)?;
                self.write_set(value, &items, *frozen, out)
            }
            Data::Pairs(pairs) => {
                let mut items = Vec::new();
                for (key, held) in pairs.contents.pairs(0) {
                    if !out.strict && items.len() > out.most {
                        break;
                    }
                    items.push((self.object(key)?, self.object(held)?));
                }
                let style = pairs.object.class().map_or("dict", |class| &*class.style);
                let factory =
                    pairs.object.attribute("default_factory").map(|number| self.object(number)).transpose()?;
                self.write_pairs(style, super::types::short(&self.type_name(value)), factory, items, out)
            }
            Data::Value(Value::Dict(dict)) => {
                let dict = dict.borrow().clone();
                let items = dict.pairs().cloned().collect();
                self.write_pairs(dict.class, dict.class, dict.factory.clone(), items, out)
            }
            Data::Value(Value::Set(set)) => {
                let items: Vec<Value<'a>> = set.borrow().ordered().into_iter().map(|item| item.1).collect();
                self.write_set(value, &items, false, out)
            }
            Data::Value(Value::FrozenSet(set)) => {
                let items: Vec<Value<'a>> = set.ordered().into_iter().map(|item| item.1).collect();
                self.write_set(value, &items, true, out)
            }
            Data::Value(view @ Value::DictView(..)) => {
                let items = self.collect(view)?;
                self.write_row(&format!("{}([", self.name_of_made(view)), &items, "])", out)
            }
            Data::Array(bytes) => {
                let name = super::types::short(&self.type_name(value)).to_owned();
                out.text.push_str(&format!("{name}({})", repr::bytearray_repr(bytes, out.most)));
                Ok(())
            }
            Data::Memory(_) => {
                out.text.push_str(&format!("<memory{NOWHERE}>"));
                Ok(())
            }
            Data::Value(Value::NdArray(array)) => self.write_array(array, out),
            Data::Value(Value::Instance(made)) => self.write_made(made, out),
            Data::Value(Value::Exception(made)) => self.write_row(&format!("{}(", made.class), &made.args, ")", out),
            Data::Value(annotation @ (Value::Alias(_) | Value::Union(_))) => {
                out.text.push_str(&self.text_of_annotation(annotation)?);
                Ok(())
            }
            Data::Value(Value::Slice(parts)) => self.write_row("slice(", &parts[..], ")", out),
            Data::Value(scalar) => {
                let text = self.repr_of_scalar(scalar, out)?;
                out.text.push_str(&text);
                Ok(())
            }
            Data::Other(object) => {
                out.text.push_str(&repr::of_object(self.dump, object, out.most.min(1 << 20)));
                Ok(())
            }
        }
    }

    fn write_array(&self, array: &Array<'a>, out: &mut Out) -> Res<()> {
        for piece in crate::numpy::pieces(self.dump, array, array.object.class_name()) {
            match piece {
                Piece::Text(text) => out.text.push_str(&text),
                Piece::Object(number) => match self.object(number) {
                    Err(_) if !out.strict => out.text.push_str(repr::NOT_CAPTURED),
                    found => self.write(&found?, out)?,
                },
            }
        }
        Ok(())
    }

    fn write_set(&self, value: &Value<'a>, items: &[Value<'a>], frozen: bool, out: &mut Out) -> Res<()> {
        let name = self.type_name(value);
        let name = super::types::short(&name);
        if items.is_empty() {
            out.text.push_str(&format!("{name}()"));
            return Ok(());
        }
        if self.python2 {
            return self.write_row(&format!("{name}(["), items, "])", out);
        }
        if !frozen && name == "set" {
            return self.write_row("{", items, "}", out);
        }
        self.write_row(&format!("{name}({{"), items, "})", out)
    }

    fn write_pairs(
        &self,
        style: &str,
        name: &str,
        factory: Option<Value<'a>>,
        mut items: Vec<(Value<'a>, Value<'a>)>,
        out: &mut Out,
    ) -> Res<()> {
        let (open, close) = match style {
            "OrderedDict" | "Counter" if items.is_empty() => {
                out.text.push_str(&format!("{name}()"));
                return Ok(());
            }
            "OrderedDict" if self.version < (3, 12) => {
                let pairs: Vec<Value<'a>> =
                    items.into_iter().map(|(key, value)| Value::tuple(vec![key, value])).collect();
                return self.write_row(&format!("{name}(["), &pairs, "])", out);
            }
            "Counter" => {
                let mut counts = Vec::new();
                for (_, count) in &items {
                    counts.push(super::number::real(&self.load(count.clone())?));
                }
                if counts.iter().all(Option::is_some) {
                    let mut order: Vec<usize> = (0..items.len()).collect();
                    let count = |place: &usize| counts.get(*place).and_then(|count| count.as_ref());
                    order.sort_by(|a, b| match (count(b), count(a)) {
                        (Some(b), Some(a)) => super::number::order(b, a).unwrap_or(std::cmp::Ordering::Equal),
                        _ => std::cmp::Ordering::Equal,
                    });
                    items = order.iter().filter_map(|place| items.get(*place).cloned()).collect();
                }
                (format!("{name}({{"), "})")
            }
            "OrderedDict" => (format!("{name}({{"), "})"),
            "defaultdict" => {
                let factory = match factory {
                    Some(factory) => self.show(&factory, 1000)?,
                    None => "None".to_owned(),
                };
                (format!("{name}({factory}, {{"), "})")
            }
            "mappingproxy" => ("mappingproxy({".to_owned(), "})"),
            _ => ("{".to_owned(), "}"),
        };
        out.text.push_str(&open);
        for (index, (key, value)) in items.iter().enumerate() {
            if out.full() {
                return Ok(());
            }
            if index > 0 {
                out.text.push_str(", ");
            }
            self.write(key, out)?;
            out.text.push_str(": ");
            self.write(value, out)?;
        }
        out.text.push_str(close);
        Ok(())
    }

    fn repr_of_scalar(&self, value: &Value<'a>, out: &Out) -> Res<String> {
        Ok(match value {
            Value::None => "None".to_owned(),
            Value::Ellipsis => "Ellipsis".to_owned(),
            Value::NotImplemented => "NotImplemented".to_owned(),
            Value::Bool(value) => (if *value { "True" } else { "False" }).to_owned(),
            Value::Int(value) => value.to_string(),
            Value::Big(value) => {
                let text = super::number::decimal(value)?;
                if self.python2 { text + "L" } else { text }
            }
            Value::Float(value) => repr::float_repr(*value),
            Value::Complex(real, imaginary) => repr::complex_repr(*real, *imaginary),
            Value::Text(text) if self.python2 => repr::unicode_repr(text, out.most),
            Value::Text(text) => repr::text_repr(text, out.most),
            Value::Bytes(bytes) if self.python2 => repr::python2_str_repr(bytes, out.most),
            Value::Bytes(bytes) => repr::bytes_repr(bytes, out.most),
            Value::Range(range) => range.repr(if self.python2 { "xrange" } else { "range" }),
            Value::Class(name) if name.starts_with('<') => (*name).to_owned(),
            Value::Class(name) if self.python2 => match super::types::base_of_exception(name) {
                Some(_) => format!("<type 'exceptions.{name}'>"),
                None => format!("<type '{name}'>"),
            },
            Value::Class(name) => format!("<class '{name}'>"),
            Value::Function(name) => format!("<built-in function {name}>"),
            Value::Method(owner, name) => self.repr_of_method(owner, name)?,
            Value::Lambda(_) => format!("<function <lambda>{NOWHERE}>"),
            Value::Plain(_) => format!("<object object{NOWHERE}>"),
            Value::Iterator(iterator) => match iterator.try_borrow() {
                Ok(iterator) if iterator.type_name() == "generator" => format!("<generator object <genexpr>{NOWHERE}>"),
                Ok(iterator) => format!("<{} object{NOWHERE}>", iterator.type_name()),
                Err(_) => "<iterator>".to_owned(),
            },
            Value::Exact(exact) => exact.repr(),
            other => format!("<{}>", self.type_name(other)),
        })
    }

    fn repr_of_method(&self, owner: &Value<'a>, name: &str) -> Res<String> {
        Ok(match owner {
            Value::Object(object) if object.kind() != Kind::Class => {
                let class = class::of(self.dump, object);
                let entry = class.and_then(|class| self.classes.entry(self.dump, &class, name));
                match entry {
                    Some(entry) => {
                        let (_, qualname) = class::name_of(&entry.value);
                        format!("<bound method {qualname} of {}>", self.show(owner, 200)?)
                    }
                    None => match object.address() {
                        0 => format!("<built-in method {name} of {} object>", object.class_name()),
                        address => {
                            format!("<built-in method {name} of {} object at {address:#x}>", object.class_name())
                        }
                    },
                }
            }
            Value::Object(class) => {
                let found = self.classes.entry(self.dump, class, name);
                let function = found.and_then(|entry| entry.value.attribute("__func__"));
                let function = function.and_then(|number| self.dump.heap.object(number));
                let qualname = function.map_or_else(|| name.to_owned(), |function| class::name_of(&function).1);
                format!("<bound method {qualname} of {}>", self.show(owner, 200)?)
            }
            Value::Class(class) => match super::method::type_of(owner, name) {
                "builtin_function_or_method" => format!("<built-in method {name} of type object{NOWHERE}>"),
                "wrapper_descriptor" => format!("<slot wrapper '{name}' of '{class}' objects>"),
                _ => format!("<method '{name}' of '{class}' objects>"),
            },
            other => {
                let kind = match super::method::type_of(owner, name) {
                    "method-wrapper" => format!("method-wrapper '{name}'"),
                    _ => format!("built-in method {name}"),
                };
                format!("<{kind} of {} object{NOWHERE}>", self.type_name(other))
            }
        })
    }
}

fn is_namedtuple(object: &Object<'_>) -> bool {
    object.class().is_some_and(|class| matches!(&*class.style, "namedtuple" | "structseq"))
}
