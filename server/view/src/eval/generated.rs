//! What the library makes by itself of a class: members of enums, fields of dataclasses and named tuples.

use crashsite_model::{Kind, Object};

use super::attribute::text_of;
use super::value::Value;
use super::{Context, Failure, Res, class};
use crate::expr::tree::Compare;

/// The special methods that enums have as classes.
pub(super) fn is_special_of_enum(name: &str) -> bool {
    matches!(name, "__contains__" | "__getitem__" | "__iter__" | "__len__" | "__reversed__")
}

impl<'a> Context<'a> {
    /// The value of a member of an enum; `None` where the object is none.
    pub(super) fn enum_data(&self, object: &Object<'a>) -> Option<Value<'a>> {
        let value = object.attribute("_value_")?;
        object.attribute("_name_")?;
        self.is_enum(&class::of(self.dump, object)?).then_some(())?;
        self.object(value).ok()
    }

    fn is_enum(&self, class: &Object<'a>) -> bool {
        class::mro(self.dump, class).any(|base| class::name_of(&base).0 == "enum")
    }

    /// Whether a member of an enum is a number or a text as well: `IntEnum`, `IntFlag`, `StrEnum`.
    pub(super) fn is_number_enum(&self, object: &Object<'a>) -> bool {
        matches!(object.kind(), Kind::Int | Kind::BigInt | Kind::Str | Kind::Float | Kind::Bytes)
    }

    /// Whether a member shows as its number or text does: of `IntEnum`, `IntFlag`, `StrEnum`, without code of its own.
    pub(super) fn repr_enum(&self, object: &Object<'a>) -> bool {
        class::of(self.dump, object).is_some_and(|class| {
            let library = class::mro(self.dump, &class).any(|base| {
                let (module, name) = class::name_of(&base);
                module == "enum" && matches!(&*name, "IntEnum" | "IntFlag" | "StrEnum" | "ReprEnum")
            });
            library && !self.overrides(&class, &["__format__", "__str__"])
        })
    }

    /// Members by name, in order, aliases included.
    fn member_map(&self, class: &Object<'a>) -> Option<Vec<(String, u32)>> {
        if class.kind() != Kind::Class || !self.is_enum(class) {
            return None;
        }
        let map = self.dump.heap.object(class.attribute("_member_map_")?)?;
        let contents = self.dump.heap.contents(&map);
        Some(
            contents
                .pairs(0)
                .filter_map(|(name, member)| Some((text_of(&self.dump.heap.object(name)?)?, member)))
                .collect(),
        )
    }

    /// A member of an enum by its name.
    pub(super) fn member_of_enum(&self, class: &Object<'a>, name: &str) -> Res<Option<Value<'a>>> {
        let members = self.member_map(class);
        match members.and_then(|members| members.into_iter().find(|(known, _)| known == name)) {
            Some((_, number)) => self.object(number).map(Some),
            None => Ok(None),
        }
    }

    /// The members of an enum class, without aliases; `None` where the object is no such class.
    pub(super) fn members_of_enum(&self, class: &Object<'a>) -> Res<Option<Vec<Value<'a>>>> {
        let Some(members) = self.member_map(class) else { return Ok(None) };
        let mut seen = Vec::new();
        let mut values = Vec::new();
        for (_, number) in members {
            if !seen.contains(&number) {
                seen.push(number);
                values.push(self.object(number)?);
            }
        }
        Ok(Some(values))
    }

    /// `Color(1)`: a member of an enum by its value.
    pub(super) fn member_by_value(&self, class: &Object<'a>, value: &Value<'a>) -> Res<Option<Value<'a>>> {
        let Some(members) = self.members_of_enum(class)? else { return Ok(None) };
        for member in members {
            let Value::Object(object) = &member else { continue };
            if self.same(&member, value)? {
                return Ok(Some(member));
            }
            if let Some(data) = self.enum_data(object)
                && self.equal(&data, value)?
            {
                return Ok(Some(member));
            }
        }
        if let Some(entry) = self.classes.entry(self.dump, class, "_missing_")
            && class::name_of(&entry.owner).0 != "enum"
        {
            return Err(Failure::needs_code(class::place(&entry, "_missing_")));
        }
        let (_, name) = class::name_of(class);
        let shown = self.show(value, 200)?;
        Err(Failure::new("ValueError", format!("{shown} is not a valid {name}")))
    }

    /// `name` and `value` of a member.
    pub(super) fn enum_attribute(&self, object: &Object<'a>, name: &str) -> Res<Option<Value<'a>>> {
        if self.enum_data(object).is_none() {
            return Ok(None);
        }
        let number = match name {
            "name" => object.attribute("_name_"),
            "value" => object.attribute("_value_"),
            _ => None,
        };
        number.map(|number| self.object(number)).transpose()
    }

    /// Values of the fields by which instances of a dataclass compare.
    pub(super) fn compared_fields(&self, object: &Object<'a>) -> Res<Vec<Value<'a>>> {
        let mut values = Vec::new();
        for (name, field) in self.dataclass_fields(object)? {
            let compares = field.attribute("compare").and_then(|number| self.dump.heap.object(number));
            if compares.is_some_and(|flag| flag.note() == Some(b"False")) {
                continue;
            }
            values.push(self.attribute(&Value::Object(*object), &name)?);
        }
        Ok(values)
    }

    /// The fields of a dataclass that are neither class variables nor of the constructor only.
    pub(super) fn dataclass_fields(&self, object: &Object<'a>) -> Res<Vec<(String, Object<'a>)>> {
        match class::of(self.dump, object) {
            Some(class) => self.fields_of_dataclass(&class),
            None => Err(Failure::not_captured("the fields of the dataclass were not captured")),
        }
    }

    /// The same of the class.
    pub(super) fn fields_of_dataclass(&self, class: &Object<'a>) -> Res<Vec<(String, Object<'a>)>> {
        let entry = self.classes.entry(self.dump, class, "__dataclass_fields__");
        let Some(entry) = entry else {
            return Err(Failure::not_captured("the fields of the dataclass were not captured"));
        };
        let contents = self.dump.heap.contents(&entry.value);
        let mut fields = Vec::new();
        for (name, field) in contents.pairs(0) {
            let (Some(name), Some(field)) = (self.dump.heap.object(name), self.dump.heap.object(field)) else {
                return Err(Failure::not_captured("the fields of the dataclass were not captured"));
            };
            let kind = field.attribute("_field_type").and_then(|number| self.dump.heap.object(number));
            let kind = kind.and_then(|kind| kind.attribute("name")).and_then(|name| self.dump.heap.object(name));
            let plain = kind.and_then(|kind| text_of(&kind)).is_none_or(|kind| kind == "_FIELD");
            if let Some(name) = text_of(&name).filter(|_| plain) {
                fields.push((name, field));
            }
        }
        Ok(fields)
    }

    /// A special method that `dataclass` generated or `enum` has, asked for by name; `None` where it is none.
    fn call_special(&self, object: &Object<'a>, name: &str, positions: &[Value<'a>]) -> Res<Option<Value<'a>>> {
        let value = Value::Object(*object);
        if object.kind() == Kind::Class {
            if !is_special_of_enum(name) || self.members_of_enum(object)?.is_none() {
                return Ok(None);
            }
            return match (name, positions) {
                ("__getitem__", [key]) => self.subscript(&value, key).map(Some),
                ("__contains__", [wanted]) => self.contains(&value, wanted).map(|is| Some(Value::Bool(is))),
                ("__len__", []) => self.length(&value).map(|length| Some(Value::length(length))),
                ("__iter__", []) => self.iterate(&value).map(|iterator| Some(iterator.value())),
                ("__reversed__", []) => self.call(&Value::Class("reversed"), vec![value], Vec::new()).map(Some),
                _ => Ok(None),
            };
        }
        let class = class::of(self.dump, object);
        let Some(entry) = class.and_then(|class| self.classes.entry(self.dump, &class, name)) else { return Ok(None) };
        let of_enum = self.enum_data(object).is_some() && class::name_of(&entry.owner).0 == "enum";
        if !of_enum && !class::is_generated(self.dump, &entry) {
            return Ok(None);
        }
        let compares = match name {
            "__eq__" => Compare::Eq,
            "__lt__" => Compare::Lt,
            "__le__" => Compare::Le,
            "__gt__" => Compare::Gt,
            "__ge__" => Compare::Ge,
            "__repr__" if positions.is_empty() => return self.repr(&value).map(|text| Some(Value::text(&text))),
            "__str__" if positions.is_empty() => return self.string(&value).map(|text| Some(Value::Text(text.into()))),
            "__hash__" if positions.is_empty() => return self.hash(&value).map(Some),
            _ => return Ok(None),
        };
        let [other] = positions else { return Ok(None) };
        let same_class = self.same(&self.type_of(&value)?, &self.type_of(other)?)?;
        match same_class {
            true => self.compare(compares, &value, other).map(|is| Some(Value::Bool(is))),
            false => Ok(Some(Value::NotImplemented)),
        }
    }

    /// A method that `namedtuple` generates: `_asdict`, `_replace`, `_make`; a special method that the library made.
    pub(super) fn call_generated(
        &self,
        object: &Object<'a>,
        name: &str,
        positions: &[Value<'a>],
        by_name: &[(String, Value<'a>)],
    ) -> Res<Option<Value<'a>>> {
        if let Some(made) = self.call_special(object, name, positions)? {
            return Ok(Some(made));
        }
        let (class, elements) = match object.kind() {
            Kind::Class => (Some(*object), Vec::new()),
            Kind::Tuple => (class::of(self.dump, object), self.elements(object)?),
            _ => return Ok(None),
        };
        match class {
            Some(class) => self.call_of_named_tuple(&class, &elements, name, positions, by_name),
            None => Ok(None),
        }
    }
}
