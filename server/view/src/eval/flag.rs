//! `enum.Flag`: what the library computes of its members (Python 3.11 and later, `Lib/enum.py`).

use crashsite_model::{Kind, Object};

use super::attribute::text_of;
use super::class;
use super::value::Value;
use super::{Context, Failure, Res};
use crate::expr::tree::Binary;

/// What a class does with bits that no member has: `enum.FlagBoundary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Boundary {
    Strict,
    Conform,
    Eject,
    Keep,
}

impl<'a> Context<'a> {
    /// Whether a class derives from `enum.Flag`.
    pub(super) fn is_flag(&self, class: &Object<'a>) -> bool {
        class::mro(self.dump, class).any(|base| {
            let (module, name) = class::name_of(&base);
            module == "enum" && name == "Flag"
        })
    }

    fn is_int_flag(&self, class: &Object<'a>) -> bool {
        class::mro(self.dump, class).any(|base| matches!(self.class_value(base), Value::Class("int")))
    }

    fn boundary(&self, class: &Object<'a>) -> Boundary {
        let entry = self.classes.entry(self.dump, class, "_boundary_");
        let name = entry.and_then(|entry| self.name_of_member(&entry.value));
        match name.as_deref() {
            Some("STRICT") => Boundary::Strict,
            Some("CONFORM") => Boundary::Conform,
            Some("EJECT") => Boundary::Eject,
            Some("KEEP") => Boundary::Keep,
            _ if self.is_int_flag(class) => Boundary::Keep,
            _ => Boundary::Strict,
        }
    }

    /// Members of one bit, in the order of their definition.
    fn single_flags(&self, class: &Object<'a>) -> Res<Vec<(i64, Object<'a>)>> {
        let mut singles = Vec::new();
        for member in self.members_of_enum(class)?.unwrap_or_default() {
            if let (Some((_, value)), Value::Object(object)) = (self.flag_value(&member), member)
                && value > 0
                && value.count_ones() == 1
            {
                singles.push((value, object));
            }
        }
        Ok(singles)
    }

    /// All bits that members have.
    fn mask(&self, class: &Object<'a>) -> Res<i64> {
        let members = self.members_of_enum(class)?.unwrap_or_default();
        Ok(members.iter().filter_map(|member| self.flag_value(member)).fold(0, |mask, (_, value)| mask | value))
    }

    /// `Rights(6)`: the member of that value, or one that is made.
    pub(super) fn flag_of(&self, class: &Object<'a>, value: i64) -> Res<Value<'a>> {
        let mask = self.mask(class)?;
        let width = i64::BITS - mask.leading_zeros();
        let all = (1_i64 << width.min(62)) - 1;
        let length = i64::BITS - value.unsigned_abs().leading_zeros();
        let mut value = value;
        if value < !all || value > all || value & (all ^ mask) != 0 {
            match self.boundary(class) {
                Boundary::Strict => return Err(invalid_flag(class, value, mask, width.max(length))),
                Boundary::Conform => value &= mask,
                Boundary::Eject => return Ok(Value::Int(value)),
                Boundary::Keep if value < 0 => value += (all + 1).max(1_i64 << length.min(62)),
                Boundary::Keep => {}
            }
        }
        if value < 0 {
            value += all + 1;
        }
        for member in self.members_of_enum(class)?.unwrap_or_default() {
            if self.flag_value(&member).is_some_and(|(_, held)| held == value) {
                return Ok(member);
            }
        }
        // A combination that the program had made already.
        if let Some(map) = class.attribute("_value2member_map_").and_then(|number| self.dump.heap.object(number)) {
            for (_, member) in self.dump.heap.contents(&map).pairs(0) {
                let member = self.object(member)?;
                if self.flag_value(&member).is_some_and(|(_, held)| held == value) {
                    return Ok(member);
                }
            }
        }
        self.new_flag(class, value)
    }

    /// `_name_` of a combination: the names of its bits.
    pub(super) fn name_of_flag(&self, class: &Object<'a>, value: i64) -> Res<Option<String>> {
        let mut names = Vec::new();
        let mut rest = value;
        for (bit, member) in self.single_flags(class)? {
            if value & bit != 0 {
                rest &= !bit;
                names.push(self.name_of_member(&member).unwrap_or_default());
            }
        }
        if names.is_empty() {
            return Ok(None);
        }
        if rest != 0 {
            names.push(rest.to_string());
        }
        Ok(Some(names.join("|")))
    }

    /// Members of one bit that a flag holds: what iteration gives.
    pub(super) fn bits_of_flag(&self, value: &Value<'a>) -> Res<Option<Vec<Value<'a>>>> {
        let Some((_, bits)) = self.flag_value(value) else { return Ok(None) };
        let Some(class) = self.class_of_flag(value) else { return Ok(None) };
        let singles = self.single_flags(&class)?.into_iter();
        Ok(Some(singles.filter(|(bit, _)| bits & bit != 0).map(|(_, member)| Value::Object(member)).collect()))
    }

    fn class_of_flag(&self, value: &Value<'a>) -> Option<Object<'a>> {
        match value {
            Value::Instance(made) => Some(made.class),
            Value::Object(object) => class::of(self.dump, object),
            _ => None,
        }
    }

    /// `|`, `&`, `^` where one side is a flag; `None` where the operator is not the flag's.
    pub(super) fn binary_of_flags(
        &self,
        operator: Binary,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Res<Option<Value<'a>>> {
        if self.version < (3, 11) || !matches!(operator, Binary::Or | Binary::And | Binary::Xor) {
            return Ok(None);
        }
        // The operators are symmetric, so the left and the reflected method are the same.
        let (flag, other) = if self.flag_value(left).is_some() { (left, right) } else { (right, left) };
        let (Some((class, value)), Some(of)) = (self.flag_value(flag), self.class_of_flag(flag)) else {
            return Ok(None);
        };
        if self.overrides(&of, &["__or__", "__and__", "__xor__", "__ror__", "__rand__", "__rxor__"]) {
            return Ok(None);
        }
        let other = match self.flag_value(other) {
            Some((same, other)) if same == class => other,
            _ if self.is_int_flag(&of) => match self.load(other.clone())? {
                Value::Int(other) => other,
                Value::Bool(other) => i64::from(other),
                _ => return Ok(None),
            },
            _ => {
                let (a, b) = (self.type_name(left), self.type_name(right));
                let sign = operator.sign();
                return Err(Failure::wrong_type(format!("unsupported operand type(s) for {sign}: '{a}' and '{b}'")));
            }
        };
        self.flag_of(
            &of,
            match operator {
                Binary::Or => value | other,
                Binary::And => value & other,
                _ => value ^ other,
            },
        )
        .map(Some)
    }

    /// `~flag`
    pub(super) fn inverted_flag(&self, flag: &Value<'a>) -> Res<Option<Value<'a>>> {
        let (Some((_, value)), Some(class)) = (self.flag_value(flag), self.class_of_flag(flag)) else {
            return Ok(None);
        };
        if self.version < (3, 11) || self.overrides(&class, &["__invert__"]) {
            return Ok(None);
        }
        let inverted = match self.boundary(&class) {
            Boundary::Eject | Boundary::Keep => !value,
            _ => self.single_flags(&class)?.iter().fold(0, |mask, (bit, _)| mask | bit) & !value,
        };
        self.flag_of(&class, inverted).map(Some)
    }

    /// `wanted in flag`
    pub(super) fn in_flag(&self, flag: &Value<'a>, wanted: &Value<'a>) -> Res<Option<bool>> {
        let (Some((class, held)), Some(of)) = (self.flag_value(flag), self.class_of_flag(flag)) else {
            return Ok(None);
        };
        if self.overrides(&of, &["__contains__"]) {
            return Ok(None);
        }
        match self.flag_value(wanted) {
            Some((same, wanted)) if same == class => Ok(Some(held & wanted == wanted)),
            _ => {
                let (a, b) = (self.type_name(wanted), class::name_of(&of).1);
                Err(Failure::wrong_type(format!("unsupported operand type(s) for 'in': '{a}' and '{b}'")))
            }
        }
    }

    /// Whether the program overrides one of these methods of an enum.
    pub(super) fn overrides(&self, class: &Object<'a>, names: &[&str]) -> bool {
        names.iter().any(|name| {
            let entry = self.classes.entry(self.dump, class, name);
            // A function of the module enum, or a method of C, may have been put into any class.
            entry.is_some_and(|entry| entry.value.kind() == Kind::Function && class::name_of(&entry.value).0 != "enum")
        })
    }

    /// `<Rights.READ|WRITE: 3>`
    pub(super) fn shown_flag(&self, class: &Object<'a>, value: i64) -> Res<String> {
        let (_, full) = class::name_of(class);
        let short = full.rsplit('.').next().unwrap_or(&full);
        Ok(match self.name_of_flag(class, value)? {
            Some(name) => format!("<{short}.{name}: {value}>"),
            None => format!("<{short}: {value}>"),
        })
    }

    /// `str` of a flag that the expression made.
    pub(super) fn text_of_flag(&self, class: &Object<'a>, value: i64) -> Res<String> {
        if self.is_int_flag(class) {
            return Ok(value.to_string());
        }
        let (_, full) = class::name_of(class);
        let short = full.rsplit('.').next().unwrap_or(&full);
        Ok(match self.name_of_flag(class, value)? {
            Some(name) => format!("{short}.{name}"),
            None => format!("{short}({value})"),
        })
    }

    /// `Status.__members__`: names, aliases too, and members.
    pub(super) fn members_by_name(&self, class: &Object<'a>) -> Res<Option<Value<'a>>> {
        let Some(map) = class.attribute("_member_map_").and_then(|number| self.dump.heap.object(number)) else {
            return Ok(None);
        };
        let mut dict = super::dict::Dict::of("mappingproxy");
        for (name, member) in self.dump.heap.contents(&map).pairs(0) {
            let name = self.dump.heap.object(name).and_then(|name| text_of(&name)).unwrap_or_default();
            let key = Value::text(&name);
            dict.insert(self.key(&key)?, key, self.object(member)?);
        }
        Ok(Some(Value::dict(dict)))
    }
}

fn invalid_flag(class: &Object<'_>, value: i64, mask: i64, width: u32) -> Failure {
    let width = usize::try_from(width).unwrap_or(64);
    // `enum.bin`: the sign bit, a space, the digits.
    let bits = |value: i64| match value < 0 {
        false => format!("0b0 {value:0width$b}"),
        true => format!("0b1 {:0width$b}", (1_i128 << width) + i128::from(value)),
    };
    let (_, name) = class::name_of(class);
    let (given, allowed) = (bits(value), bits(mask));
    let message = format!("<flag '{name}'> invalid value {value}\n    given {given}\n  allowed {allowed}");
    Failure::new("ValueError", message)
}
