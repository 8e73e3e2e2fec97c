//! `value.name`: of the object itself, of its class and the classes it derives from, of the builtin types.

use crashsite_model::{Kind, Object, Payload};

use super::class::{self, Entry, Maker};
use super::data::Data;
use super::value::Value;
use super::{Context, Failure, Res, method, nearest};

impl<'a> Context<'a> {
    /// The attribute of that name.
    pub(super) fn attribute(&self, value: &Value<'a>, name: &str) -> Res<Value<'a>> {
        if let Some(array) = self.array_for(value, "__getattribute__")?
            && let Some(found) = self.attribute_of_array(&array, name)?
        {
            return Ok(found);
        }
        if let (Value::Object(object), Some(table)) = (value, self.table(value))
            && let Some(found) = self.attribute_of_table(object, &table, name)?
        {
            return Ok(found);
        }
        match value {
            Value::Object(object) => match object.kind() {
                Kind::Module => self.of_module(object, name),
                Kind::Class => self.of_class(object, name),
                _ => self.of_instance(object, name),
            },
            Value::Preview(local) => {
                Err(Failure::not_captured(format!("of {} the dump holds its preview only", local.name)))
            }
            Value::Class(class) => self.of_known_class(class, name),
            Value::Instance(made) => self.attribute_of_made(made, name),
            other => self.of_builtin(other, name),
        }
    }

    /// A text of the kind that names are of: `str`, which is bytes in Python 2.
    pub(super) fn native(&self, text: &str) -> Value<'a> {
        if self.python2 { Value::Bytes(text.into()) } else { Value::text(text) }
    }

    fn of_instance(&self, object: &Object<'a>, name: &str) -> Res<Value<'a>> {
        let state = self.dump.heap.state(object);
        if state.redacted {
            return Err(Failure::redacted());
        }
        if class::exactly(object.class()).is_some() {
            return self.of_exact(object, name);
        }
        let class = class::of(self.dump, object);
        if name == "__class__" {
            return self.type_of(&Value::Object(*object));
        }
        if let Some(class) = &class
            && let Some(entry) = self.classes.entry(self.dump, class, "__getattribute__")
        {
            return Err(Failure::needs_code(class::place(&entry, "__getattribute__")));
        }
        let entry = class.as_ref().and_then(|class| self.classes.entry(self.dump, class, name));
        if let Some(entry) = &entry
            && let Some(answer) = self.of_descriptor(object, entry, name)?
        {
            return Ok(answer);
        }
        if let Some(value) = self.enum_attribute(object, name)? {
            return Ok(value);
        }
        if let Some(number) = object.attribute(name)
            && !is_part_of_a_builtin(object.kind(), name)
        {
            return self.object(number);
        }
        if let Some(value) = self.of_exception(object, name)? {
            return Ok(value);
        }
        if name == "__dict__" && !self.slots_only(object) {
            return self.namespace(object);
        }
        if let Some(class) = &class
            && let Some(entry) = self.classes.certain_entry(self.dump, class, name)?
        {
            return self.bound(object, &entry, name);
        }
        if is_match(object) {
            if name == "lastgroup" {
                return self.last_group(object);
            }
            if super::matched::NAMES.contains(&name) {
                return Ok(Value::Method(Value::Object(*object).into(), name.into()));
            }
        }
        if class::name_of_type(object.class()) == ("re", "Pattern") && super::matched::OF_PATTERNS.contains(&name) {
            return Err(Failure::new("NotSupported", format!("{name}: no regular expression is matched here")));
        }
        self.of_data(object, name, class.as_ref())
    }

    /// What a property or a field of a named tuple gives; `None` where the entry is no such thing.
    fn of_descriptor(&self, object: &Object<'a>, entry: &Entry<'a>, name: &str) -> Res<Option<Value<'a>>> {
        let kind = entry.value.class_name();
        match kind {
            "_tuplegetter" => {
                let index = object.class().and_then(|class| class.fields.iter().position(|field| &**field == name));
                match index.map(|index| self.data(&Value::Object(*object)).map(|data| (data, index))) {
                    Some(Ok((Data::Tuple(row), index))) => row.get(self, index).map(Some),
                    _ => Ok(None),
                }
            }
            "property" | "cached_property" | "DynamicClassAttribute" => {
                if self.enum_data(object).is_some() && matches!(name, "name" | "value") {
                    return Ok(None);
                }
                // A cached property leaves its value in the instance.
                if kind == "cached_property" && object.attribute(name).is_some() {
                    return Ok(None);
                }
                // A named tuple of before Python 3.8 has properties for its fields.
                if kind == "property"
                    && let Some(class) = object.class()
                    && &*class.style == "namedtuple"
                    && let Some(index) = class.fields.iter().position(|field| &**field == name)
                    && let Data::Tuple(row) = self.data(&Value::Object(*object))?
                {
                    return row.get(self, index).map(Some);
                }
                let getter = entry.value.attribute("fget").or_else(|| entry.value.attribute("func"));
                let getter = getter.and_then(|number| self.dump.heap.object(number));
                let place = Entry { value: getter.unwrap_or(entry.value), owner: entry.owner };
                Err(Failure::needs_code(class::place(&place, name)))
            }
            "member_descriptor" | "getset_descriptor" => Ok(None),
            _ => match class::of(self.dump, &entry.value) {
                // A descriptor of the program's own.
                Some(own) => match self.classes.entry(self.dump, &own, "__get__") {
                    Some(get) if entry.value.kind() == Kind::Instance => {
                        Err(Failure::needs_code(class::place(&get, "__get__")))
                    }
                    _ => Ok(None),
                },
                None => Ok(None),
            },
        }
    }

    /// An entry of a class's namespace, asked of an instance.
    fn bound(&self, object: &Object<'a>, entry: &Entry<'a>, name: &str) -> Res<Value<'a>> {
        match (entry.value.kind(), entry.value.class_name()) {
            (Kind::Function, _) => Ok(Value::Method(Value::Object(*object).into(), name.into())),
            (_, "classmethod") => {
                let class = self.type_of(&Value::Object(*object))?;
                Ok(Value::Method(class.into(), name.into()))
            }
            (_, "staticmethod") => match entry.value.attribute("__func__") {
                Some(number) => self.object(number),
                None => Ok(Value::Object(entry.value)),
            },
            (_, "member_descriptor" | "getset_descriptor") => {
                let class = object.class();
                let full = class.map(|class| crate::repr::full_name(&class.module, &class.qualname));
                let shown = match full {
                    Some(full) if self.version >= (3, 13) => full,
                    _ => object.class_name().to_owned(),
                };
                Err(missing(format!("'{shown}' object has no attribute '{name}'"), None))
            }
            _ => Ok(Value::Object(entry.value)),
        }
    }

    fn of_exception(&self, object: &Object<'a>, name: &str) -> Res<Option<Value<'a>>> {
        if object.kind() != Kind::Exception {
            return Ok(None);
        }
        let part = |index: usize| {
            let args = object.attribute("args").and_then(|number| self.dump.heap.object(number));
            args.and_then(|args| args.element(index))
        };
        let count = object
            .attribute("args")
            .and_then(|number| self.dump.heap.object(number))
            .map_or(0, |args| args.element_count());
        let number = match name {
            "args" => object.attribute("args"),
            "__cause__" | "__context__" | "__traceback__" | "__suppress_context__" | "__notes__" | "exceptions" => {
                object.attribute(name)
            }
            "errno" if (2..=5).contains(&count) => part(0),
            "strerror" if (2..=5).contains(&count) => part(1),
            "filename" if (3..=5).contains(&count) => part(2),
            "value" if object.class_name() == "StopIteration" => part(0),
            "code" if object.class_name() == "SystemExit" && count == 1 => part(0),
            "message" if self.python2 && count == 1 => part(0),
            _ => return Ok(None),
        };
        match (number, name) {
            (Some(number), _) => self.object(number).map(Some),
            (None, "args") => Ok(Some(Value::tuple(Vec::new()))),
            (None, "__cause__" | "__context__" | "__traceback__") => Ok(Some(Value::None)),
            (None, "__suppress_context__") => {
                let known = self.dump.exceptions.iter().find(|known| known.object == Some(object.number));
                let by_cause = || {
                    let cause = object.attribute("__cause__").and_then(|number| self.dump.heap.object(number));
                    cause.is_some_and(|cause| cause.kind() != Kind::Atom)
                };
                Ok(Some(Value::Bool(known.map_or_else(by_cause, |known| known.suppress_context))))
            }
            _ => Ok(None),
        }
    }

    /// `__dict__` of an instance.
    pub(super) fn namespace(&self, object: &Object<'a>) -> Res<Value<'a>> {
        let slots = self.slots_of(object);
        let mut dict = super::dict::Dict::default();
        for (name, number) in object.attributes() {
            if !is_part_of_a_builtin(object.kind(), name) && !slots.iter().any(|slot| slot == name) {
                let key = Value::text(name);
                dict.insert(self.key(&key)?, key, self.object(number)?);
            }
        }
        Ok(Value::dict(dict))
    }

    /// Whether an object has slots only, and so no `__dict__`.
    pub(super) fn slots_only(&self, object: &Object<'a>) -> bool {
        class::of(self.dump, object).is_some_and(|class| {
            let mut own =
                class::mro(self.dump, &class).filter(|owner| class::name_of(owner).0 != "builtins").peekable();
            own.peek().is_some()
                && own.all(|owner| {
                    let slots = owner.attribute("__slots__").and_then(|number| self.dump.heap.object(number));
                    slots.is_some_and(|slots| !self.names_dict(&slots))
                })
        })
    }

    /// Whether `__slots__` has `__dict__` among them.
    fn names_dict(&self, slots: &Object<'a>) -> bool {
        let is = |object: &Object<'a>| text_of(object).is_some_and(|name| name == "__dict__");
        is(slots) || slots.elements().filter_map(|number| self.dump.heap.object(number)).any(|slot| is(&slot))
    }

    fn slots_of(&self, object: &Object<'a>) -> Vec<String> {
        let Some(class) = class::of(self.dump, object) else { return Vec::new() };
        let mut slots = Vec::new();
        for owner in class::mro(self.dump, &class) {
            for (name, number) in owner.attributes() {
                let value = self.dump.heap.object(number);
                if value.is_some_and(|value| value.class_name() == "member_descriptor") {
                    slots.push(name.to_owned());
                }
            }
        }
        slots
    }

    /// What the builtin data of an instance have by that name, or that there is nothing.
    fn of_data(&self, object: &Object<'a>, name: &str, class: Option<&Object<'a>>) -> Res<Value<'a>> {
        if class.is_some()
            && let Maker::Code(entry) = self.classes.maker(self.dump, object, "__getattr__")?
        {
            return Err(Failure::needs_code(class::place(&entry, "__getattr__")));
        }
        match self.data(&Value::Object(*object))? {
            Data::Other(_) => {}
            _ => {
                if let Ok(found) = self.of_builtin(&Value::Raw(*object), name) {
                    return Ok(match found {
                        Value::Method(_, name) => Value::Method(Value::Object(*object).into(), name),
                        other => other,
                    });
                }
            }
        }
        if class.is_none() {
            let near = nearest(name, object.attributes().map(|(name, _)| name));
            let class = object.class_name();
            let failure =
                Failure::not_captured(format!("no {name} in the instance, and the class {class} is not in the dump"));
            return Err(
                near.map_or_else(|| failure.clone(), |near| failure.clone().remedy(&format!("Did you mean {near}?")))
            );
        }
        if name == "__module__"
            && let Some(class) = object.class()
        {
            return Ok(self.native(&class.module));
        }
        if name == "__doc__" {
            return Err(Failure::not_captured("docstrings are not in the dump"));
        }
        if method::has_special("object", name, self.version) {
            return Ok(Value::Method(Value::Object(*object).into(), name.into()));
        }
        if of_every_object(name) {
            return Err(Failure::unknown_method(name));
        }
        if self.dump.heap.state(object).brief {
            let class = object.class_name();
            return Err(Failure::brief(format!("of this {class} the dump has what it holds only, not {name}")));
        }
        let near = nearest(name, object.attributes().map(|(name, _)| name));
        let class = if is_match(object) { "re.Match" } else { object.class_name() };
        Err(missing(format!("'{class}' object has no attribute '{name}'"), near))
    }

    /// Of an object whose class is exactly a builtin type.
    fn of_exact(&self, object: &Object<'a>, name: &str) -> Res<Value<'a>> {
        if let Some(number) = object.attribute(name) {
            return self.object(number);
        }
        let value = Value::Object(*object);
        match object.kind() {
            Kind::Function => return self.of_function(object, name),
            Kind::Exception => {
                if let Some(found) = self.of_exception(object, name)? {
                    return Ok(found);
                }
            }
            Kind::Code => {
                if let Some(found) = of_code(object, name) {
                    return Ok(found);
                }
            }
            Kind::Method => {
                if let Some(function) = object.attribute("__func__").and_then(|number| self.dump.heap.object(number))
                    && function.kind() == Kind::Function
                {
                    return self.of_function(&function, name);
                }
            }
            _ => {}
        }
        self.of_builtin(&value, name)
    }

    fn of_function(&self, function: &Object<'a>, name: &str) -> Res<Value<'a>> {
        let (module, qualname) = class::name_of(function);
        let brief = self.dump.heap.state(function).brief;
        match name {
            "__name__" | "func_name" => Ok(self.native(qualname.rsplit('.').next().unwrap_or(&qualname))),
            "__qualname__" => Ok(self.native(&qualname)),
            "__module__" => Ok(self.native(&module)),
            "__doc__" | "__code__" | "__globals__" | "__annotations__" | "__dict__" | "__type_params__" => {
                Err(Failure::not_captured(format!("{name} of a function is not in the dump")))
            }
            _ if brief => {
                Err(Failure::brief(format!("of the function {qualname} the dump has name and place only, not {name}")))
            }
            // The capture keeps these where they are not None.
            "__defaults__" | "__kwdefaults__" | "__closure__" => Ok(Value::None),
            _ => Err(missing(format!("'function' object has no attribute '{name}'"), None)),
        }
    }

    /// Of a value of a builtin type.
    fn of_builtin(&self, value: &Value<'a>, name: &str) -> Res<Value<'a>> {
        let loaded = self.load(value.clone())?;
        if name == "__class__" {
            return self.type_of(&loaded);
        }
        if let Some(found) = method::data_attribute(self, &loaded, name)? {
            return Ok(found);
        }
        if let Data::Memory(memory) = self.data(&loaded)?
            && let Some(found) = memory.attribute(name)?
        {
            return Ok(found);
        }
        let class = match &loaded {
            Value::Object(object) => class::exactly(object.class()).unwrap_or("object").to_owned(),
            Value::Raw(_) => super::types::known(&self.type_name(&loaded)).unwrap_or("object").to_owned(),
            other => self.name_of_made(other).to_owned(),
        };
        if let Some(constant) = method::constant(&class, name) {
            return Ok(constant);
        }
        if method::has(&class, name) || method::has_special(&class, name, self.version) {
            return Ok(Value::Method(loaded.into(), name.into()));
        }
        if of_every_object(name) {
            return Err(Failure::unknown_method(name));
        }
        Err(missing(format!("'{}' object has no attribute '{name}'", self.type_name(value)), None))
    }
}

pub(super) fn missing(message: String, near: Option<&str>) -> Failure {
    let failure = Failure::new("AttributeError", message);
    match near {
        Some(near) => failure.remedy(&format!("Did you mean {near}?")),
        None => failure,
    }
}

/// Whether an object is a `re.Match`.
pub(super) fn is_match(object: &Object<'_>) -> bool {
    object.kind() == Kind::Wrapper
        && object.class().is_some_and(|class| &*class.name == "Match" && matches!(&*class.module, "re" | "_sre"))
}

/// What every object has, and every class: of these the dump holds nothing.
pub(super) fn of_every_object(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "__delattr__",
        "__dir__",
        "__doc__",
        "__eq__",
        "__format__",
        "__ge__",
        "__getattribute__",
        "__getstate__",
        "__gt__",
        "__hash__",
        "__init__",
        "__init_subclass__",
        "__le__",
        "__lt__",
        "__ne__",
        "__new__",
        "__reduce__",
        "__reduce_ex__",
        "__repr__",
        "__setattr__",
        "__sizeof__",
        "__str__",
        "__subclasshook__",
    ];
    NAMES.contains(&name)
}

/// Parts of builtin objects that the capture names like attributes.
fn is_part_of_a_builtin(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Exception => {
            matches!(
                name,
                "args" | "__cause__" | "__context__" | "__traceback__" | "__suppress_context__" | "exceptions"
            )
        }
        Kind::Deque => name == "maxlen",
        Kind::Dict => name == "default_factory",
        _ => false,
    }
}

fn of_code<'a>(code: &Object<'a>, name: &str) -> Option<Value<'a>> {
    let text = crashsite_model::scalar_text(code.note().unwrap_or_default());
    let (file, line) = code.location().map_or(("", 0), |(file, line)| (&*file.text, line));
    Some(match name {
        "co_name" => Value::text(text.rsplit('.').next().unwrap_or(&text)),
        "co_qualname" => Value::text(&text),
        "co_filename" => Value::text(file),
        "co_firstlineno" => Value::Int(i64::from(line)),
        _ => return None,
    })
}

/// The text of a captured str.
pub(super) fn text_of(object: &Object<'_>) -> Option<String> {
    match object.payload() {
        Payload::Text(text) | Payload::Bytes(text) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}
