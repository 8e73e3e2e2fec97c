//! The types of values: `type(value)`, their names in messages, `isinstance`.

use crashsite_model::{Kind, Object};

use super::data::Data;
use super::types::{derives, exception_name, in_messages, known, short};
use super::value::{Value, ViewOf};
use super::{Context, Failure, Res, class};

impl<'a> Context<'a> {
    /// The name of a value's type, as messages have it.
    pub(super) fn type_name(&self, value: &Value<'a>) -> String {
        match value {
            Value::Object(object) => match class::exactly(object.class()) {
                Some(name) => in_messages(name).to_owned(),
                None => object.class_name().to_owned(),
            },
            Value::Raw(_) => match self.data(value) {
                Ok(Data::List(_)) => "list".to_owned(),
                Ok(Data::Tuple(_)) => "tuple".to_owned(),
                Ok(Data::Set(_, frozen)) => (if frozen { "frozenset" } else { "set" }).to_owned(),
                Ok(Data::Pairs(_)) => "dict".to_owned(),
                Ok(Data::Value(value)) => in_messages(self.name_of_made(&value)).to_owned(),
                _ => "object".to_owned(),
            },
            Value::Preview(local) => local.type_name.to_string(),
            Value::Instance(made) => made.class_name(),
            Value::Method(owner, name) => match &**owner {
                Value::Object(object) if self.function_of_method(object, name).is_some() => "function".to_owned(),
                owner => super::method::type_of(owner, name).to_owned(),
            },
            other => in_messages(self.name_of_made(other)).to_owned(),
        }
    }

    /// The name of the builtin type whose methods a value has, as messages have it.
    pub(super) fn builtin_name(&self, value: &Value<'a>) -> String {
        let name = match value {
            Value::Class(name) => (*name).to_owned(),
            Value::Object(object) if class::exactly(object.class()).is_none() => self.type_name(&Value::Raw(*object)),
            value => self.type_name(value),
        };
        short(&name).to_owned()
    }

    /// The type that defines a method of a builtin type, which messages name.
    pub(super) fn definer(&self, value: &Value<'a>, method: &str) -> String {
        let own = self.builtin_name(value);
        let inherited = match own.as_str() {
            "bool" => Some("int"),
            "defaultdict" if method != "copy" => Some("dict"),
            "OrderedDict" if method == "get" => Some("dict"),
            "Counter"
                if matches!(
                    method,
                    "get" | "items" | "keys" | "values" | "pop" | "popitem" | "setdefault" | "clear"
                ) =>
            {
                Some("dict")
            }
            "datetime" if matches!(method, "weekday" | "isoweekday" | "isocalendar" | "toordinal" | "fromordinal") => {
                Some("date")
            }
            _ => None,
        };
        inherited.map_or(own, str::to_owned)
    }

    /// The type of a value that is no captured object.
    pub(super) fn name_of_made(&self, value: &Value<'a>) -> &'static str {
        match value {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Ellipsis => "ellipsis",
            Value::NotImplemented => "NotImplementedType",
            Value::Plain(_) => "object",
            Value::Int(_) => "int",
            Value::Big(_) if self.python2 => "long",
            Value::Big(_) => "int",
            Value::Float(_) => "float",
            Value::Complex(..) => "complex",
            Value::Text(_) if self.python2 => "unicode",
            Value::Text(_) => "str",
            Value::Bytes(_) if self.python2 => "str",
            Value::Bytes(_) => "bytes",
            Value::Array(_) => "bytearray",
            Value::Memory(_) => "memoryview",
            Value::NdArray(array) => crate::numpy::class_of(array),
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Record(kind, _) => kind.class,
            Value::Dict(dict) => match dict.borrow().class {
                "OrderedDict" => "collections.OrderedDict",
                "defaultdict" => "collections.defaultdict",
                "Counter" => "collections.Counter",
                "mappingproxy" => "mappingproxy",
                _ => "dict",
            },
            Value::Set(_) => "set",
            Value::FrozenSet(_) => "frozenset",
            Value::Deque(..) => "collections.deque",
            Value::Range(..) if self.python2 => "xrange",
            Value::Range(..) => "range",
            Value::Slice(_) => "slice",
            Value::DictView(of, which) => match (which, self.is_ordered(of)) {
                (ViewOf::Keys, false) => "dict_keys",
                (ViewOf::Values, false) => "dict_values",
                (ViewOf::Items, false) => "dict_items",
                (ViewOf::Keys, true) => "odict_keys",
                (ViewOf::Values, true) => "odict_values",
                (ViewOf::Items, true) => "odict_items",
            },
            Value::Class(_) => "type",
            Value::Method(owner, name) => super::method::type_of(owner, name),
            Value::Function(_) => "builtin_function_or_method",
            Value::Lambda(_) => "function",
            Value::Iterator(iterator) => iterator.borrow().type_name(),
            Value::Exact(exact) => exact.type_name(),
            Value::Exception(made) => made.class,
            Value::Alias(_) => "types.GenericAlias",
            Value::Union(_) => "types.UnionType",
            Value::Hash(_) => "int",
            Value::Object(_) | Value::Raw(_) | Value::Preview(_) | Value::Instance(_) => "object",
        }
    }

    /// Whether a dict is an OrderedDict.
    fn is_ordered(&self, dict: &Value<'a>) -> bool {
        match dict {
            Value::Dict(dict) => dict.borrow().class == "OrderedDict",
            Value::Object(object) => {
                class::exactly(object.class()) == Some("collections.OrderedDict")
                    || class::of(self.dump, object).is_some_and(|class| {
                        let mut order = class::mro(self.dump, &class);
                        order.any(|base| matches!(self.class_value(base), Value::Class("collections.OrderedDict")))
                    })
            }
            _ => false,
        }
    }

    /// `type(value)`
    pub(super) fn type_of(&self, value: &Value<'a>) -> Res<Value<'a>> {
        match value {
            Value::Object(object) => match class::exactly(object.class()) {
                Some(name) => Ok(Value::Class(name)),
                None => match class::of(self.dump, object) {
                    Some(class) => Ok(self.class_value(class)),
                    None => match exception_name(object.class_name()) {
                        Some(name) => Ok(Value::Class(name)),
                        None => {
                            Err(Failure::not_captured(format!("the class {} is not in the dump", object.class_name())))
                        }
                    },
                },
            },
            Value::Instance(made) => Ok(Value::Object(made.class)),
            Value::Raw(_) => Ok(Value::Class(known(&self.type_name(value)).unwrap_or("object"))),
            Value::Preview(local) => match class::builtin_name(&local.module, &local.type_name) {
                Some(name) => Ok(Value::Class(name)),
                None => Err(Failure::not_captured(format!("of {} the dump holds its preview only", local.name))),
            },
            other => Ok(Value::Class(self.name_of_made(other))),
        }
    }

    /// A captured class as a value: one that is known by name as such.
    pub(super) fn class_value(&self, class: Object<'a>) -> Value<'a> {
        let note = crashsite_model::scalar_text(class.note().unwrap_or_default());
        let (module, name) = note.split_once('\0').unwrap_or(("", &note));
        let exception = || {
            let at_home = matches!(module, "builtins" | "exceptions");
            exception_name(name).filter(|_| at_home)
        };
        match class::builtin_name(module, name).or_else(exception) {
            Some(name) => Value::Class(name),
            None => Value::Object(class),
        }
    }

    /// Whether a type derives from another.
    pub(super) fn is_subclass(&self, class: &Value<'a>, of: &Value<'a>) -> Res<bool> {
        match (self.as_class(class)?, self.as_class(of)?) {
            (Value::Class(class), Value::Class(of)) => Ok(derives(class, of)),
            (class @ Value::Class(_), Value::Object(of)) => Ok(self.is_abstract(&of) && self.counts_as(&class, &of)?),
            (Value::Object(class), Value::Class(of)) => Ok(of == "object"
                || class::mro(self.dump, &class).any(|base| match self.class_value(base) {
                    Value::Class(base) => derives(base, of),
                    _ => false,
                })),
            (Value::Object(class), Value::Object(of)) => {
                if let Some(meta) = class::of(self.dump, &of)
                    && let Some(entry) = self.classes.entry(self.dump, &meta, "__instancecheck__")
                    && !matches!(class::name_of(&entry.owner).0.as_str(), "enum" | "abc")
                {
                    return Err(Failure::needs_code(class::place(&entry, "__instancecheck__")));
                }
                Ok(class::mro(self.dump, &class).any(|base| base.number == of.number)
                    || self.is_abstract(&of) && self.counts_as(&Value::Object(class), &of)?)
            }
            _ => Ok(false),
        }
    }

    /// A value that is a class.
    fn as_class(&self, value: &Value<'a>) -> Res<Value<'a>> {
        match value {
            Value::Class(_) => Ok(value.clone()),
            Value::Object(object) if object.kind() == Kind::Class => Ok(self.class_value(*object)),
            _ => Err(Failure::wrong_type("isinstance() arg 2 must be a type, a tuple of types, or a union")),
        }
    }

    /// `isinstance(value, class)`, where the class may be a tuple.
    pub(super) fn is_instance(&self, value: &Value<'a>, class: &Value<'a>) -> Res<bool> {
        self.budget.step()?;
        let wanted = match class {
            Value::Class(_) => class.clone(),
            Value::Object(object) if object.kind() == Kind::Class => self.class_value(*object),
            _ => {
                let parts = match class {
                    Value::Union(parts) => parts.to_vec(),
                    Value::Alias(_) => return Err(super::alias::no_instances("isinstance")),
                    class => match self.data(class)? {
                        Data::Tuple(row) => row.all(self)?,
                        _ => return self.as_class(class).map(|_| false),
                    },
                };
                for class in parts {
                    if self.is_instance(value, &class)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
        };
        match (value, &wanted) {
            (Value::Object(object), Value::Object(class)) if object.kind() != Kind::Class => {
                self.classes.is_instance(object, class.number, || self.is_instance_of(value, &wanted))
            }
            _ => self.is_instance_of(value, &wanted),
        }
    }

    fn is_instance_of(&self, value: &Value<'a>, wanted: &Value<'a>) -> Res<bool> {
        if let Value::Object(object) = value
            && class::exactly(object.class()).is_none()
            && class::of(self.dump, object).is_none()
        {
            // A class of C, by its name: not captured, so none of the program's derives from it here.
            let name = object.class_name();
            let class = exception_name(name).or_else(|| known(name));
            return Ok(match (class, wanted) {
                (Some(class), Value::Class(wanted)) => derives(class, wanted),
                (None, Value::Class(wanted)) => *wanted == "object",
                (_, Value::Object(wanted)) if self.is_abstract(wanted) => {
                    return Err(Failure::not_captured(format!("the class {name} is not in the dump")));
                }
                _ => false,
            });
        }
        self.is_subclass(&self.type_of(value)?, wanted)
    }
}
