//! Calls: of builtin functions and types, of methods of builtin types, of lambdas. Nothing else is called.

use crashsite_model::{Kind, Object};

use super::arguments::Arguments;
use super::class::{self, Entry};
use super::value::Value;
use super::{Context, Failure, Res, builtin, construct, method};

impl<'a> Context<'a> {
    /// `function(*positions, **by_name)`
    pub(super) fn call(
        &self,
        function: &Value<'a>,
        positions: Vec<Value<'a>>,
        by_name: Vec<(String, Value<'a>)>,
    ) -> Res<Value<'a>> {
        self.budget.step()?;
        // Parameters often take None for nothing given, wherever it comes from.
        let plain = |value: Value<'a>| match &value {
            Value::Object(object) if object.kind() == Kind::Atom && object.note() == Some(b"None") => {
                self.load(value.clone()).unwrap_or(value)
            }
            _ => value,
        };
        let positions: Vec<Value<'a>> = positions.into_iter().map(plain).collect();
        let by_name: Vec<(String, Value<'a>)> = by_name.into_iter().map(|(name, value)| (name, plain(value))).collect();
        let arguments = |name: &str| Arguments {
            function: name.to_owned(),
            owner: None,
            positions: positions.clone(),
            by_name: by_name.clone(),
        };
        match function {
            Value::Function(name) => builtin::call(self, name, arguments(name)),
            Value::Alias(alias) => self.call(&alias.origin, positions, by_name),
            Value::Class(name) => construct::call(self, name, arguments(super::types::short(name))),
            Value::Lambda(closure) => self.call_lambda(closure, positions, by_name),
            Value::Method(owner, name) => self.call_method(owner, name, positions, by_name),
            Value::Object(object) => self.call_object(object, positions, by_name),
            other => Err(self.not_callable(other)),
        }
    }

    fn not_callable(&self, value: &Value<'a>) -> Failure {
        Failure::wrong_type(format!("'{}' object is not callable", self.type_name(value)))
    }

    fn call_method(
        &self,
        owner: &Value<'a>,
        name: &str,
        positions: Vec<Value<'a>>,
        by_name: Vec<(String, Value<'a>)>,
    ) -> Res<Value<'a>> {
        if let Value::Object(object) = owner {
            let found = match object.kind() {
                Kind::Class => class::mro(self.dump, object)
                    .find_map(|owner| Some(Entry { value: self.dump.heap.object(owner.attribute(name)?)?, owner })),
                _ => class::of(self.dump, object).and_then(|class| self.classes.entry(self.dump, &class, name)),
            };
            if let Some(made) = self.call_generated(object, name, &positions, &by_name)? {
                return Ok(made);
            }
            if let Some(entry) = found.filter(|entry| !matches!(entry.value.kind(), Kind::Builtin | Kind::Opaque)) {
                let function = entry.value.attribute("__func__").and_then(|number| self.dump.heap.object(number));
                let entry = Entry { value: function.unwrap_or(entry.value), owner: entry.owner };
                return Err(needs(&entry, name));
            }
        }
        if let Value::Instance(made) = owner
            && let Some(value) = self.call_of_made(made, name, &positions, &by_name)?
        {
            return Ok(value);
        }
        let of = self.definer(owner, name);
        let arguments = Arguments { function: name.to_owned(), owner: Some(of), positions, by_name };
        if let Value::Object(object) = owner
            && super::attribute::is_match(object)
        {
            return self.call_of_match(object, name, arguments);
        }
        method::call(self, owner, name, arguments)
    }

    /// The function of the program's that a method of an object is; `None` where it is one of C.
    pub(super) fn function_of_method(&self, owner: &Object<'a>, name: &str) -> Option<Object<'a>> {
        let class = if owner.kind() == Kind::Class { *owner } else { class::of(self.dump, owner)? };
        let entry = self.classes.entry(self.dump, &class, name)?;
        let inner = entry.value.attribute("__func__").and_then(|number| self.dump.heap.object(number));
        Some(inner.unwrap_or(entry.value)).filter(|function| function.kind() == Kind::Function)
    }

    /// Owner and function of a bound method, captured or made.
    pub(super) fn bound_method(&self, value: &Value<'a>) -> Option<(u32, u32)> {
        match value {
            Value::Method(owner, name) => match &**owner {
                Value::Object(object) => Some((object.number, self.function_of_method(object, name)?.number)),
                _ => None,
            },
            Value::Object(object) if object.kind() == Kind::Method => {
                Some((object.attribute("__self__")?, object.attribute("__func__")?))
            }
            _ => None,
        }
    }

    fn call_object(
        &self,
        object: &Object<'a>,
        positions: Vec<Value<'a>>,
        by_name: Vec<(String, Value<'a>)>,
    ) -> Res<Value<'a>> {
        match object.kind() {
            Kind::Function => {
                let (_, name) = class::name_of(object);
                let place = object.location().map(|(file, line)| {
                    let short = file.text.rsplit(['/', '\\']).next().unwrap_or_default();
                    format!(" ({short}:{line})")
                });
                Err(Failure::needs_code(format!("{name}{}", place.unwrap_or_default())))
            }
            Kind::Method => {
                let function = object.attribute("__func__").and_then(|number| self.dump.heap.object(number));
                match function {
                    Some(function) => self.call_object(&function, positions, by_name),
                    None => Err(Failure::needs_code("a method")),
                }
            }
            Kind::Builtin => self.call_captured_builtin(object, positions, by_name),
            Kind::Class => {
                if let [value] = positions.as_slice()
                    && self.version >= (3, 11)
                    && self.is_flag(object)
                    && let Value::Int(value) = self.load(value.clone())?
                    && !self.overrides(object, &["_missing_", "__new__"])
                {
                    return self.flag_of(object, value);
                }
                if let Some(made) = self.construct(object, &positions, &by_name)? {
                    return Ok(made);
                }
                if positions.is_empty()
                    && by_name.is_empty()
                    && self.version >= (3, 12)
                    && self.members_of_enum(object)?.is_some_and(|members| !members.is_empty())
                {
                    let message = "EnumType.__call__() missing 1 required positional argument: 'value'";
                    return Err(Failure::wrong_type(message));
                }
                if let (Some(_), [value]) = (self.members_of_enum(object)?, positions.as_slice())
                    && let Some(member) = self.member_by_value(object, value)?
                {
                    return Ok(member);
                }
                let entry = ["__init__", "__new__"]
                    .into_iter()
                    .find_map(|name| self.classes.entry(self.dump, object, name).map(|entry| (entry, name)));
                let (_, name) = class::name_of(object);
                Err(match entry {
                    Some((entry, name)) => needs(&entry, name),
                    None => Failure::needs_code(name),
                })
            }
            _ if object.class_name() == "partial" && object.attribute("func").is_some() => {
                let part = |name: &str| object.attribute(name).map(|number| self.object(number)).transpose();
                let (function, first, names) = (part("func")?, part("args")?, part("keywords")?);
                let Some(function) = function else { return Err(Failure::needs_code("a partial")) };
                let mut all = match first {
                    Some(first) => self.collect(&first)?,
                    None => Vec::new(),
                };
                all.extend(positions);
                let mut named: Vec<(String, Value<'a>)> = Vec::new();
                if let Some(names) = names
                    && let Some(dict) = self.mapping(&self.data(&names)?)?
                {
                    for (name, value) in dict.pairs() {
                        named.push((String::from_utf8_lossy(&self.string(name)?).into_owned(), value.clone()));
                    }
                }
                named.retain(|(name, _)| !by_name.iter().any(|(other, _)| other == name));
                named.extend(by_name);
                self.call(&function, all, named)
            }
            _ => {
                let class = class::of(self.dump, object);
                let entry = class.map(|class| self.classes.certain_entry(self.dump, &class, "__call__")).transpose()?;
                match entry.flatten() {
                    Some(entry) => Err(needs(&entry, "__call__")),
                    None => Err(self.not_callable(&Value::Object(*object))),
                }
            }
        }
    }

    /// A builtin function that the program held: `<built-in function len>`, `<built-in method append of list object at …>`.
    fn call_captured_builtin(
        &self,
        object: &Object<'a>,
        positions: Vec<Value<'a>>,
        by_name: Vec<(String, Value<'a>)>,
    ) -> Res<Value<'a>> {
        let note = crashsite_model::scalar_text(object.note().unwrap_or_default()).into_owned();
        if let Some(name) = note.strip_prefix("<built-in function ").and_then(|rest| rest.strip_suffix('>'))
            && let Some(function @ Value::Function(_)) = builtin::named(name, self.python2)
        {
            return self.call(&function, positions, by_name);
        }
        if let Some(name) = note.strip_prefix("<built-in method ").and_then(|rest| rest.split(' ').next())
            && let Some(owner) = object.attribute("__self__")
        {
            let owner = self.object(owner)?;
            let method = self.attribute(&owner, name)?;
            return self.call(&method, positions, by_name);
        }
        Err(Failure::needs_code(note))
    }
}

fn needs(entry: &Entry<'_>, name: &str) -> Failure {
    Failure::needs_code(class::place(entry, name))
}
