//! What annotations are made of: `list[int]`, `int | None`.

use std::rc::Rc;

use crashsite_model::Kind;

use super::dict::Key;
use super::value::Value;
use super::{Context, Failure, Res, class};

/// `origin[args]`
#[derive(Debug)]
pub(super) struct Alias<'a> {
    pub(super) origin: Value<'a>,
    pub(super) args: Vec<Value<'a>>,
}

/// The classes of the builtins and of collections that can be subscripted.
pub(super) fn is_generic(class: &str) -> bool {
    matches!(
        class,
        "list"
            | "dict"
            | "tuple"
            | "set"
            | "frozenset"
            | "type"
            | "collections.deque"
            | "collections.defaultdict"
            | "collections.OrderedDict"
            | "collections.Counter"
    )
}

impl<'a> Context<'a> {
    /// `origin[key]`
    pub(super) fn alias(&self, origin: &Value<'a>, key: &Value<'a>) -> Res<Value<'a>> {
        let args = match self.data(key)? {
            super::data::Data::Tuple(row) => row.all(self)?,
            _ => vec![key.clone()],
        };
        self.budget.grow(args.len().saturating_mul(size_of::<Value<'_>>()))?;
        Ok(Value::Alias(Rc::new(Alias { origin: origin.clone(), args })))
    }

    /// `left | right`, where both stand for types; `None` where they do not.
    pub(super) fn union(&self, left: &Value<'a>, right: &Value<'a>) -> Res<Option<Value<'a>>> {
        let stands = |value: &Value<'a>| match value {
            Value::Class(_) | Value::Alias(_) | Value::Union(_) => true,
            Value::Object(object) => object.kind() == Kind::Class,
            _ => false,
        };
        let none = |value: &Value<'a>| matches!(self.load(value.clone()), Ok(Value::None));
        let fits = stands(left) && (stands(right) || none(right)) || none(left) && stands(right);
        if self.version < (3, 10) || !fits {
            return Ok(None);
        }
        let mut members: Vec<Value<'a>> = Vec::new();
        for side in [left, right] {
            let parts = match side {
                Value::Union(parts) => parts.to_vec(),
                other if none(other) => vec![Value::Class("NoneType")],
                other => vec![other.clone()],
            };
            for part in parts {
                let mut known = false;
                for member in &members {
                    known |= self.equal(member, &part)?;
                }
                if !known {
                    members.push(part);
                }
            }
        }
        Ok(match <[Value<'a>; 1]>::try_from(members) {
            Ok([only]) => Some(only),
            Err(members) => Some(Value::Union(members.into())),
        })
    }

    /// An alias or a union as text.
    pub(super) fn text_of_annotation(&self, value: &Value<'a>) -> Res<String> {
        self.budget.step()?;
        self.deeper(|| self.text_of_part(value))
    }

    fn text_of_part(&self, value: &Value<'a>) -> Res<String> {
        Ok(match value {
            Value::Ellipsis => "...".to_owned(),
            Value::Class(name) => (*name).to_owned(),
            Value::Object(object) if object.kind() == Kind::Class => {
                let (module, name) = class::name_of(object);
                crate::repr::full_name(&module, &name)
            }
            Value::Alias(alias) => {
                let origin = self.text_of_annotation(&alias.origin)?;
                let args = alias.args.iter().map(|part| self.text_of_annotation(part)).collect::<Res<Vec<_>>>()?;
                format!("{origin}[{}]", if args.is_empty() { "()".to_owned() } else { args.join(", ") })
            }
            Value::Union(parts) => {
                let text = |part: &Value<'a>| match part {
                    Value::Class("NoneType") => Ok("None".to_owned()),
                    other => self.text_of_annotation(other),
                };
                parts.iter().map(text).collect::<Res<Vec<_>>>()?.join(" | ")
            }
            other => self.repr(other)?,
        })
    }

    /// The key of an alias or a union.
    pub(super) fn key_of_annotation(&self, value: &Value<'a>) -> Res<Option<Key>> {
        let key = |part: &Value<'a>| self.deeper(|| self.key(part));
        let keys = |parts: &[Value<'a>]| parts.iter().map(key).collect::<Res<Vec<Key>>>();
        Ok(match value {
            Value::Alias(alias) => {
                let mut all = vec![key(&alias.origin)?];
                all.extend(keys(&alias.args)?);
                Some(Key::Fields("types.GenericAlias".into(), all.into()))
            }
            Value::Union(parts) => {
                Some(Key::Fields("types.UnionType".into(), [super::key::frozen(keys(parts)?)].into()))
            }
            _ => None,
        })
    }

    /// An attribute of an alias or a union; `None` where its origin has it, or nothing.
    pub(super) fn attribute_of_annotation(&self, value: &Value<'a>, name: &str) -> Res<Option<Value<'a>>> {
        Ok(match (value, name) {
            (Value::Alias(alias), "__origin__") => Some(alias.origin.clone()),
            (Value::Alias(alias), "__args__") => Some(Value::tuple(alias.args.clone())),
            (Value::Union(parts), "__args__") => Some(Value::tuple(parts.to_vec())),
            (Value::Alias(_) | Value::Union(_), "__parameters__") => Some(Value::tuple(Vec::new())),
            (Value::Alias(alias), name) if !name.starts_with("__") => Some(self.attribute(&alias.origin, name)?),
            _ => None,
        })
    }
}

/// What is said where an alias is asked for instances.
pub(super) fn no_instances(function: &str) -> Failure {
    Failure::wrong_type(format!("{function}() argument 2 cannot be a parameterized generic"))
}
