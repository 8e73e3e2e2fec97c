//! Instances of the program's classes that an expression makes, where the library alone says how: named tuples,
//! dataclasses, flags.

use std::rc::Rc;

use crashsite_model::{Kind, Object};

use super::attribute::text_of;
use super::class::{self, Entry};
use super::data::Data;
use super::dict::{Dict, Key};
use super::signature::{Parameter, Signature};
use super::value::Value;
use super::{Context, Failure, Res};
use crate::expr::tree::Takes;

/// An instance that an expression made.
#[derive(Debug)]
pub(super) struct Made<'a> {
    pub(super) class: Object<'a>,
    pub(super) holds: Holds<'a>,
}

/// What it holds.
#[derive(Debug)]
pub(super) enum Holds<'a> {
    /// Of a named tuple.
    Tuple(Rc<[Value<'a>]>),
    /// Of a dataclass.
    Fields(Vec<(String, Value<'a>)>),
    /// Of a `Flag`: its value, which no member of the dump has.
    Flag(i64),
}

impl<'a> Made<'a> {
    /// The name of its class, the last part.
    pub(super) fn class_name(&self) -> String {
        let (_, name) = class::name_of(&self.class);
        name.rsplit('.').next().unwrap_or(&name).to_owned()
    }
}

impl<'a> Context<'a> {
    fn instance(&self, class: &Object<'a>, holds: Holds<'a>) -> Res<Value<'a>> {
        self.budget.grow(size_of::<Made<'_>>())?;
        Ok(Value::Instance(Rc::new(Made { class: *class, holds })))
    }

    /// Calls a class whose constructor the library generated; `None` where it is another one.
    pub(super) fn construct(
        &self,
        class: &Object<'a>,
        positions: &[Value<'a>],
        by_name: &[(String, Value<'a>)],
    ) -> Res<Option<Value<'a>>> {
        if let Some(fields) = self.fields_of_named_tuple(class)? {
            let entry = self.classes.entry(self.dump, class, "__new__");
            if !entry.is_some_and(|entry| self.is_of_library(&entry)) {
                return Ok(None);
            }
            let defaults = match self.classes.entry(self.dump, class, "_field_defaults") {
                Some(entry) => self.mapping(&self.data(&Value::Object(entry.value))?)?.unwrap_or_default(),
                None => Dict::default(),
            };
            let mut parameters = Vec::new();
            for name in fields {
                let default = defaults.get(&self.key(&Value::text(&name))?).cloned();
                parameters.push(Parameter { name, takes: Takes::PositionOrName, default });
            }
            let signature = Signature { function: self.function_of(class, "__new__"), implicit: 1, parameters };
            let values = signature.bind(self, positions.to_vec(), by_name.to_vec())?;
            return self.instance(class, Holds::Tuple(values.into())).map(Some);
        }
        let generated = self
            .classes
            .entry(self.dump, class, "__init__")
            .is_some_and(|entry| class::is_generated(self.dump, &entry));
        if !generated || self.acts_by_code(class) {
            return Ok(None);
        }
        self.construct_dataclass(class, positions, by_name)
    }

    fn construct_dataclass(
        &self,
        class: &Object<'a>,
        positions: &[Value<'a>],
        by_name: &[(String, Value<'a>)],
    ) -> Res<Option<Value<'a>>> {
        let part = |field: &Object<'a>, name: &str| {
            let found = field.attribute(name).and_then(|number| self.dump.heap.object(number));
            found.filter(|found| found.class_name() != "_MISSING_TYPE")
        };
        let is = |field: &Object<'a>, name: &str| part(field, name).is_some_and(|flag| flag.note() == Some(b"True"));
        let mut parameters = Vec::new();
        let fields = self.fields_of_dataclass(class)?;
        for (name, field) in fields.iter().filter(|(_, field)| is(field, "init")) {
            let takes = if is(field, "kw_only") { Takes::Name } else { Takes::PositionOrName };
            // A factory is called only where nothing is given.
            let default = match (part(field, "default"), part(field, "default_factory")) {
                (Some(default), _) => Some(Value::Object(default)),
                (None, Some(_)) => Some(Value::NotImplemented),
                (None, None) => None,
            };
            parameters.push(Parameter { name: name.clone(), takes, default });
        }
        parameters.sort_by_key(|parameter| matches!(parameter.takes, Takes::Name));
        let signature = Signature { function: self.function_of(class, "__init__"), implicit: 1, parameters };
        let values = signature.bind(self, positions.to_vec(), by_name.to_vec())?;
        let mut held = Vec::new();
        for (name, field) in &fields {
            let given = signature.parameters.iter().position(|parameter| parameter.name == *name);
            let given = given.and_then(|place| values.get(place)).cloned();
            let value = match (given, part(field, "default_factory"), part(field, "default")) {
                (Some(Value::NotImplemented) | None, Some(factory), _) => {
                    let factory = match factory.kind() {
                        Kind::Class => self.class_value(factory),
                        _ => Value::Object(factory),
                    };
                    self.call(&factory, Vec::new(), Vec::new())?
                }
                (Some(given), _, _) => given,
                (None, None, Some(default)) => Value::Object(default),
                (None, None, None) => continue,
            };
            held.push((name.clone(), value));
        }
        self.instance(class, Holds::Fields(held)).map(Some)
    }

    /// `Point.__new__`, as messages have it.
    fn function_of(&self, class: &Object<'a>, name: &str) -> String {
        if self.version < (3, 10) { name.to_owned() } else { format!("{}.{name}", class::name_of(class).1) }
    }

    /// Whether an entry of a class is code that the library made or has.
    fn is_of_library(&self, entry: &Entry<'a>) -> bool {
        let function = entry.value.attribute("__func__").and_then(|number| self.dump.heap.object(number));
        let function = function.unwrap_or(entry.value);
        function
            .location()
            .is_none_or(|(file, _)| file.text.starts_with("<string>") || file.text.starts_with("<crashsite"))
    }

    /// Whether instances of a dataclass do anything by code of the program's: then none is made.
    fn acts_by_code(&self, class: &Object<'a>) -> bool {
        const HARMLESS: &[&str] = &[
            "__init_subclass__",
            "__class_getitem__",
            "__replace__",
            "__getstate__",
            "__reduce__",
            "__annotate_func__",
        ];
        class::mro(self.dump, class).any(|owner| {
            let (module, _) = class::name_of(&owner);
            let own = !matches!(&*module, "builtins" | "typing" | "abc");
            own && owner.attributes().any(|(name, number)| {
                let special = name.starts_with("__") && name.ends_with("__") && !HARMLESS.contains(&name);
                let value = self.dump.heap.object(number).filter(|_| special);
                value.is_some_and(|value| {
                    let entry = Entry { value, owner };
                    value.kind() == Kind::Function && !class::is_generated(self.dump, &entry)
                })
            })
        })
    }

    /// The fields of a named tuple's class; `None` where it is no such class.
    pub(super) fn fields_of_named_tuple(&self, class: &Object<'a>) -> Res<Option<Vec<String>>> {
        let is_tuple = class::mro(self.dump, class).any(|base| matches!(self.class_value(base), Value::Class("tuple")));
        let Some(entry) = self.classes.entry(self.dump, class, "_fields").filter(|_| is_tuple) else { return Ok(None) };
        if self.classes.entry(self.dump, class, "_make").is_none() {
            return Ok(None);
        }
        let names = self.collect(&Value::Object(entry.value))?;
        let mut fields = Vec::new();
        for name in names {
            fields.push(String::from_utf8_lossy(&self.string(&name)?).into_owned());
        }
        Ok(Some(fields))
    }

    /// `_replace`, `_asdict`, `_make` of a named tuple's class, or of an instance with these elements.
    pub(super) fn call_of_named_tuple(
        &self,
        class: &Object<'a>,
        elements: &[Value<'a>],
        name: &str,
        positions: &[Value<'a>],
        by_name: &[(String, Value<'a>)],
    ) -> Res<Option<Value<'a>>> {
        if !matches!(name, "_replace" | "_asdict" | "_make") {
            return Ok(None);
        }
        let Some(fields) = self.fields_of_named_tuple(class)? else { return Ok(None) };
        // A method of that name that the program wrote has a file.
        let entry = self.classes.entry(self.dump, class, name);
        let by_library = entry.is_some_and(|entry| {
            let function = entry.value.attribute("__func__").and_then(|number| self.dump.heap.object(number));
            let function = function.unwrap_or(entry.value);
            function.location().is_none_or(|(file, _)| {
                let file = file.text.replace('\\', "/");
                file.ends_with("collections/__init__.py") || file.ends_with("typing.py") || file.starts_with('<')
            })
        });
        if !by_library {
            return Ok(None);
        }
        match (name, positions) {
            ("_asdict", []) if by_name.is_empty() => {
                let mut dict = Dict::default();
                for (field, value) in fields.iter().zip(elements) {
                    let key = Value::text(field);
                    dict.insert(self.key(&key)?, key, value.clone());
                }
                Ok(Some(Value::dict(dict)))
            }
            ("_make", [iterable]) if by_name.is_empty() => {
                let items = self.collect(iterable)?;
                if items.len() != fields.len() {
                    let message = format!("Expected {} arguments, got {}", fields.len(), items.len());
                    return Err(Failure::wrong_type(message));
                }
                self.instance(class, Holds::Tuple(items.into())).map(Some)
            }
            ("_replace", [_, ..]) => {
                let (given, class) = (positions.len() + 1, class::name_of(class).1);
                let message = format!("{class}._replace() takes 1 positional argument but {given} were given");
                Err(Failure::wrong_type(message))
            }
            ("_replace", []) => {
                let mut items = elements.to_vec();
                let mut unknown = Vec::new();
                for (name, value) in by_name {
                    match fields.iter().position(|field| field == name).and_then(|place| items.get_mut(place)) {
                        Some(place) => *place = value.clone(),
                        None => unknown.push(Value::text(name)),
                    }
                }
                if !unknown.is_empty() {
                    let kind = if self.version < (3, 13) { "ValueError" } else { "TypeError" };
                    let names = self.show(&Value::list(unknown), 1000)?;
                    return Err(Failure::new(kind, format!("Got unexpected field names: {names}")));
                }
                self.instance(class, Holds::Tuple(items.into())).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// An attribute of an instance that the expression made.
    pub(super) fn attribute_of_made(&self, made: &Rc<Made<'a>>, name: &str) -> Res<Value<'a>> {
        if name == "__class__" {
            return Ok(Value::Object(made.class));
        }
        match &made.holds {
            Holds::Tuple(items) => {
                let fields = self.fields_of_named_tuple(&made.class)?.unwrap_or_default();
                if let Some(value) = fields.iter().position(|field| field == name).and_then(|place| items.get(place)) {
                    return Ok(value.clone());
                }
            }
            Holds::Fields(fields) => {
                if let Some((_, value)) = fields.iter().find(|(field, _)| field == name) {
                    return Ok(value.clone());
                }
            }
            Holds::Flag(value) => match name {
                "value" | "_value_" => return Ok(Value::Int(*value)),
                "name" | "_name_" => {
                    let name = self.name_of_flag(&made.class, *value)?;
                    return Ok(name.map_or(Value::None, |name| Value::text(&name)));
                }
                _ => {}
            },
        }
        match self.classes.entry(self.dump, &made.class, name) {
            Some(entry) => match (entry.value.kind(), entry.value.class_name()) {
                (_, "property" | "cached_property") => Err(Failure::needs_code(class::place(&entry, name))),
                (Kind::Function, _) | (_, "classmethod") => {
                    Ok(Value::Method(Value::Instance(made.clone()).into(), name.into()))
                }
                (_, "staticmethod") => match entry.value.attribute("__func__") {
                    Some(number) => self.object(number),
                    None => Ok(Value::Object(entry.value)),
                },
                _ => Ok(Value::Object(entry.value)),
            },
            None if matches!(made.holds, Holds::Tuple(_)) && super::method::has("tuple", name) => {
                Ok(Value::Method(Value::Instance(made.clone()).into(), name.into()))
            }
            None => {
                let class = made.class_name();
                Err(Failure::new("AttributeError", format!("'{class}' object has no attribute '{name}'")))
            }
        }
    }

    /// Calls a method of an instance that the expression made.
    pub(super) fn call_of_made(
        &self,
        made: &Made<'a>,
        name: &str,
        positions: &[Value<'a>],
        by_name: &[(String, Value<'a>)],
    ) -> Res<Option<Value<'a>>> {
        if let Holds::Tuple(items) = &made.holds
            && let Some(value) = self.call_of_named_tuple(&made.class, items, name, positions, by_name)?
        {
            return Ok(Some(value));
        }
        match self.classes.entry(self.dump, &made.class, name) {
            Some(entry) => {
                let function = entry.value.attribute("__func__").and_then(|number| self.dump.heap.object(number));
                let entry = Entry { value: function.unwrap_or(entry.value), owner: entry.owner };
                Err(Failure::needs_code(class::place(&entry, name)))
            }
            None => Ok(None),
        }
    }

    /// The fields by which an instance of a dataclass compares, captured or made, and its class; `None` where it is none.
    pub(super) fn compared(&self, value: &Value<'a>) -> Res<Option<(u32, Vec<Value<'a>>)>> {
        match value {
            Value::Object(object) => match (class::of(self.dump, object), object.kind()) {
                (Some(class), Kind::Instance) => Ok(Some((class.number, self.compared_fields(object)?))),
                _ => Ok(None),
            },
            Value::Instance(made) => {
                let Holds::Fields(held) = &made.holds else { return Ok(None) };
                let mut values = Vec::new();
                for (name, field) in self.fields_of_dataclass(&made.class)? {
                    let compares = field.attribute("compare").and_then(|number| self.dump.heap.object(number));
                    if compares.is_none_or(|flag| flag.note() != Some(b"False"))
                        && let Some((_, value)) = held.iter().find(|(held, _)| *held == name)
                    {
                        values.push(value.clone());
                    }
                }
                Ok(Some((made.class.number, values)))
            }
            _ => Ok(None),
        }
    }

    /// The key of an instance that the expression made; `None` where its builtin data tell.
    pub(super) fn key_of_made(&self, made: &Made<'a>, value: &Value<'a>) -> Res<Option<Key>> {
        match &made.holds {
            Holds::Tuple(_) => Ok(None),
            Holds::Flag(value) => Ok(Some(Key::Fields(made.class_name().into(), [Key::Int(*value)].into()))),
            Holds::Fields(_) => {
                let forbidden = self.classes.entry(self.dump, &made.class, "__hash__");
                if forbidden.is_some_and(|entry| entry.value.note() == Some(b"None")) {
                    return Err(Failure::wrong_type(format!("unhashable type: '{}'", made.class_name())));
                }
                let (_, fields) = self.compared(value)?.unwrap_or_default();
                let keys = fields.iter().map(|field| self.key(field)).collect::<Res<Vec<Key>>>()?;
                Ok(Some(Key::Fields(made.class_name().into(), keys.into())))
            }
        }
    }

    /// Whether two values, of which one at least was made, are equal by their fields; `None` where another rule tells.
    pub(super) fn equal_by_fields(&self, left: &Value<'a>, right: &Value<'a>) -> Res<Option<bool>> {
        let is_made = |value: &Value<'a>| match value {
            Value::Instance(made) => !matches!(made.holds, Holds::Tuple(_)),
            _ => false,
        };
        if !is_made(left) && !is_made(right) {
            return Ok(None);
        }
        if let (Some((class, left)), Some((other, right))) = (self.flag_value(left), self.flag_value(right)) {
            return Ok(Some(class == other && left == right));
        }
        let by_fields = |value: &Value<'a>| match value {
            Value::Object(object) => {
                matches!(self.classes.maker(self.dump, object, "__eq__"), Ok(class::Maker::Dataclass))
            }
            value => is_made(value) && self.flag_value(value).is_none(),
        };
        if !by_fields(left) || !by_fields(right) {
            return Ok(Some(false));
        }
        let (Some(left), Some(right)) = (self.compared(left)?, self.compared(right)?) else { return Ok(Some(false)) };
        Ok(Some(left.0 == right.0 && self.equal(&Value::tuple(left.1), &Value::tuple(right.1))?))
    }

    /// The class and the value of a member of a `Flag` that is no number besides, captured or made.
    pub(super) fn flag_value(&self, value: &Value<'a>) -> Option<(u32, i64)> {
        match value {
            Value::Instance(made) => match made.holds {
                Holds::Flag(value) => Some((made.class.number, value)),
                _ => None,
            },
            Value::Object(object) => {
                let class = class::of(self.dump, object).filter(|class| self.is_flag(class))?;
                match self.load(self.enum_data(object)?).ok()? {
                    Value::Int(value) => Some((class.number, value)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Names of the fields of an instance that shows as one: of a named tuple.
    pub(super) fn shown_fields(&self, value: &Value<'a>) -> Res<Option<(String, Vec<String>)>> {
        match value {
            Value::Instance(made) => {
                Ok(self.fields_of_named_tuple(&made.class)?.map(|fields| (made.class_name(), fields)))
            }
            Value::Record(kind, _) => {
                Ok(Some((kind.shown.to_owned(), kind.fields.iter().map(|field| (*field).to_owned()).collect())))
            }
            Value::Object(object) => Ok(object.class().filter(|class| !class.fields.is_empty()).map(|class| {
                let name = match &*class.style {
                    "namedtuple" => class.name.to_string(),
                    _ => crate::repr::full_name(&class.module, &class.qualname),
                };
                (name, class.fields.iter().map(|field| field.to_string()).collect())
            })),
            _ => Ok(None),
        }
    }

    /// The elements of a named tuple, captured.
    pub(super) fn elements(&self, object: &Object<'a>) -> Res<Vec<Value<'a>>> {
        match self.data(&Value::Object(*object))? {
            Data::Tuple(row) => row.all(self),
            _ => Ok(Vec::new()),
        }
    }

    /// A name of a member of an enum, of the dump.
    pub(super) fn name_of_member(&self, member: &Object<'a>) -> Option<String> {
        text_of(&self.dump.heap.object(member.attribute("_name_")?)?)
    }

    /// A flag of that class and value, which no member of the dump is.
    pub(super) fn new_flag(&self, class: &Object<'a>, value: i64) -> Res<Value<'a>> {
        self.instance(class, Holds::Flag(value))
    }
}
