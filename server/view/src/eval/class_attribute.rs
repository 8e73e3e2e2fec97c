//! `Class.name`, `module.name`: of classes that were captured, of those that are known by name, of modules.

use crashsite_model::Object;

use super::attribute::{missing, of_every_object};
use super::class::{self, Entry};
use super::value::Value;
use super::{Context, Failure, Res, method, nearest};

impl<'a> Context<'a> {
    pub(super) fn of_module(&self, module: &Object<'a>, name: &str) -> Res<Value<'a>> {
        let text = crashsite_model::scalar_text(module.note().unwrap_or_default()).into_owned();
        let mut parts = text.split('\0');
        let (module_name, file) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let Some(globals) = module.element(0).and_then(|number| self.dump.heap.object(number)) else {
            return match name {
                "__name__" => Ok(self.native(module_name)),
                "__file__" if !file.is_empty() => Ok(self.native(file)),
                _ => Err(Failure::not_captured(format!("of the module {module_name} the dump holds its name only"))),
            };
        };
        match self.text_key(&globals, name) {
            Some(number) => self.object(number),
            None if name == "__dict__" => Ok(Value::Object(globals)),
            None => Err(Failure::new("AttributeError", format!("module '{module_name}' has no attribute '{name}'"))),
        }
    }

    pub(super) fn of_class(&self, class: &Object<'a>, name: &str) -> Res<Value<'a>> {
        let (module, qualname) = class::name_of(class);
        match name {
            "__name__" => return Ok(self.native(qualname.rsplit('.').next().unwrap_or(&qualname))),
            "__qualname__" => return Ok(self.native(&qualname)),
            "__module__" => return Ok(self.native(&module)),
            "__mro__" => {
                return Ok(Value::tuple(class::mro(self.dump, class).map(|base| self.class_value(base)).collect()));
            }
            "__class__" => return self.type_of(&Value::Object(*class)),
            "__base__" => {
                // The next class is the base where the rest of the order is its own.
                let rest: Vec<u32> = class.elements().skip(1).collect();
                let base = rest.first().and_then(|number| self.dump.heap.object(*number));
                if let Some(base) = base.filter(|base| base.elements().collect::<Vec<_>>() == rest) {
                    return Ok(self.class_value(base));
                }
            }
            "__dict__" => {
                let mut dict = super::dict::Dict::of("mappingproxy");
                for (name, number) in class.attributes() {
                    let key = Value::text(name);
                    dict.insert(self.key(&key)?, key, self.object(number)?);
                }
                return Ok(Value::dict(dict));
            }
            "__members__" => {
                if let Some(members) = self.members_by_name(class)? {
                    return Ok(members);
                }
            }
            _ => {}
        }
        if let Some(member) = self.member_of_enum(class, name)? {
            return Ok(member);
        }
        for owner in class::mro(self.dump, class) {
            if let Some(number) = owner.attribute(name) {
                let Value::Object(found) = self.object(number)? else { continue };
                return self.bound_to_class(&Entry { value: found, owner }, class, name);
            }
            if self.dump.heap.state(&owner).brief {
                return Err(class::is_brief(&owner, name));
            }
        }
        let base = class::mro(self.dump, class).find_map(|base| match self.class_value(base) {
            Value::Class(name) if name != "object" => Some(name),
            _ => None,
        });
        if super::generated::is_special_of_enum(name) && self.members_of_enum(class)?.is_some() {
            return Ok(Value::Method(Value::Object(*class).into(), name.into()));
        }
        if let Some(base) = base
            && method::has(base, name)
        {
            return self.of_known_class(base, name);
        }
        if let Some(meta) = class::of(self.dump, class)
            && let Some(entry) = self.classes.entry(self.dump, &meta, "__getattr__")
            && class::name_of(&entry.owner).0 != "enum"
        {
            return Err(Failure::needs_code(class::place(&entry, "__getattr__")));
        }
        if of_every_object(name) || matches!(name, "__bases__" | "__subclasses__" | "__annotations__") {
            return Err(Failure::not_captured(format!("{name} of a class is not in the dump")));
        }
        let near = nearest(name, class.attributes().map(|(name, _)| name));
        let short = qualname.rsplit('.').next().unwrap_or(&qualname);
        Err(missing(format!("type object '{short}' has no attribute '{name}'"), near))
    }

    /// An entry of a class's namespace, asked of the class.
    fn bound_to_class(&self, entry: &Entry<'a>, class: &Object<'a>, name: &str) -> Res<Value<'a>> {
        match entry.value.class_name() {
            "staticmethod" => match entry.value.attribute("__func__") {
                Some(number) => self.object(number),
                None => Ok(Value::Object(entry.value)),
            },
            "classmethod" => Ok(Value::Method(Value::Object(*class).into(), name.into())),
            _ => Ok(Value::Object(entry.value)),
        }
    }

    pub(super) fn of_known_class(&self, class: &'static str, name: &str) -> Res<Value<'a>> {
        let (module, short) =
            class.rsplit_once('.').unwrap_or((if self.python2 { "__builtin__" } else { "builtins" }, class));
        if let Some(value) = method::constant(class, name) {
            return Ok(value);
        }
        match name {
            "__name__" | "__qualname__" => Ok(self.native(short)),
            "__module__" => Ok(self.native(module)),
            "__bases__" | "__base__" => {
                let base =
                    super::types::ancestors(class).into_iter().find(|name| self.python2 || *name != "basestring");
                Ok(match (name, base.map(Value::Class)) {
                    ("__base__", base) => base.unwrap_or(Value::None),
                    (_, base) => Value::tuple(base.into_iter().collect()),
                })
            }
            "__doc__" => Err(Failure::not_captured("docstrings of builtin types are not in the dump")),
            _ if method::has_data(class, name) => {
                Err(Failure::new("NotSupported", format!("the descriptor {class}.{name} is not understood")))
            }
            "__mro__" => {
                let mut order = vec![Value::Class(class)];
                let ancestors = super::types::ancestors(class).into_iter();
                order.extend(ancestors.filter(|name| self.python2 || *name != "basestring").map(Value::Class));
                Ok(Value::tuple(order))
            }
            _ if method::has(class, name) || method::has_special(class, name, self.version) => {
                Ok(Value::Method(Value::Class(class).into(), name.into()))
            }
            _ => Err(missing(format!("type object '{short}' has no attribute '{name}'"), None)),
        }
    }
}
