//! Operators.

use std::rc::Rc;

use super::class::{self, Maker};
use super::data::Data;
use super::dict::Dict;
use super::value::{Value, ViewOf};
use super::{Context, Failure, Res, number, percent};
use crate::expr::tree::{Binary, Unary};

/// The special methods of an operator, from the left and from the right.
fn specials(operator: Binary) -> (&'static str, &'static str) {
    match operator {
        Binary::Add => ("__add__", "__radd__"),
        Binary::Sub => ("__sub__", "__rsub__"),
        Binary::Mul => ("__mul__", "__rmul__"),
        Binary::MatMul => ("__matmul__", "__rmatmul__"),
        Binary::Div => ("__truediv__", "__rtruediv__"),
        Binary::FloorDiv => ("__floordiv__", "__rfloordiv__"),
        Binary::Mod => ("__mod__", "__rmod__"),
        Binary::Pow => ("__pow__", "__rpow__"),
        Binary::Shl => ("__lshift__", "__rlshift__"),
        Binary::Shr => ("__rshift__", "__rrshift__"),
        Binary::Or => ("__or__", "__ror__"),
        Binary::Xor => ("__xor__", "__rxor__"),
        Binary::And => ("__and__", "__rand__"),
    }
}

impl<'a> Context<'a> {
    fn check_special(&self, value: &Value<'a>, special: &str) -> Res<()> {
        let Value::Object(object) = value else { return Ok(()) };
        if class::exactly(object.class()).is_some() {
            return Ok(());
        }
        match self.classes.maker(self.dump, object, special)? {
            // IntFlag and its kin operate on their data; the result is made by code of the library.
            Maker::Code(entry) => Err(Failure::needs_code(class::place(&entry, special))),
            _ => Ok(()),
        }
    }

    /// `left operator right`
    pub(super) fn binary(&self, operator: Binary, left: &Value<'a>, right: &Value<'a>) -> Res<Value<'a>> {
        self.no_arrays(&[left, right])?;
        if let Some(made) = self.binary_of_flags(operator, left, right)? {
            return Ok(made);
        }
        let (ours, theirs) = specials(operator);
        self.check_special(left, ours)?;
        self.check_special(right, theirs)?;
        if operator == Binary::Or
            && let Some(union) = self.union(left, right)?
        {
            return Ok(union);
        }
        let (a, b) = (self.data(left)?, self.data(right)?);
        if let (Data::Value(a), Data::Value(b)) = (&a, &b) {
            let bools = (a, b);
            if let (Value::Bool(a), Value::Bool(b)) = bools {
                match operator {
                    Binary::And => return Ok(Value::Bool(*a && *b)),
                    Binary::Or => return Ok(Value::Bool(*a || *b)),
                    Binary::Xor => return Ok(Value::Bool(a != b)),
                    _ => {}
                }
            }
            if let Some(result) = number::binary(self, operator, a, b)? {
                return Ok(result);
            }
            if let Some(result) = super::exact::binary(operator, a, b)? {
                return Ok(result);
            }
        }
        let result = match operator {
            Binary::Add => match self.add(left, &a, &b)? {
                None => self.combined(operator, [left, right], &a, &b)?,
                sum => sum,
            },
            Binary::Mul => match (self.index_of(&b), self.index_of(&a)) {
                (Some(count), _) => self.repeat(left, &a, count?)?,
                (_, Some(count)) => self.repeat(right, &b, count?)?,
                _ => None,
            },
            Binary::Mod => match &a {
                Data::Value(Value::Text(template)) => Some(percent::text(self, template, right)?),
                Data::Value(Value::Bytes(template)) => Some(percent::bytes(self, template, right)?),
                Data::Array(template) => match percent::bytes(self, template, right)? {
                    Value::Bytes(made) => Some(Value::array(made.to_vec())),
                    other => Some(other),
                },
                _ => None,
            },
            Binary::Or | Binary::And | Binary::Xor | Binary::Sub => self.combined(operator, [left, right], &a, &b)?,
            _ => None,
        };
        result.ok_or_else(|| self.unsupported(operator, left, right, &a, &b))
    }

    fn unsupported(
        &self,
        operator: Binary,
        left: &Value<'a>,
        right: &Value<'a>,
        a: &Data<'a>,
        b: &Data<'a>,
    ) -> Failure {
        let (x, y) = (self.type_name(left), self.type_name(right));
        let sequence = |data: &Data<'a>| match data {
            Data::List(_) => Some("list"),
            Data::Tuple(_) => Some("tuple"),
            Data::Deque(_) => Some("deque"),
            Data::Value(Value::Text(_)) => Some("str"),
            Data::Value(Value::Bytes(_)) => Some("bytes"),
            Data::Array(_) => Some("bytearray"),
            _ => None,
        };
        match (operator, sequence(a), sequence(b)) {
            (Binary::Add, Some(kind @ ("list" | "tuple" | "str" | "deque")), _) => {
                Failure::wrong_type(format!("can only concatenate {kind} (not \"{y}\") to {kind}"))
            }
            (Binary::Add, Some(kind), _) => Failure::wrong_type(format!("can't concat {y} to {kind}")),
            (Binary::Mul, Some(_), _) => {
                Failure::wrong_type(format!("can't multiply sequence by non-int of type '{y}'"))
            }
            (Binary::Mul, _, Some(_)) => {
                Failure::wrong_type(format!("can't multiply sequence by non-int of type '{x}'"))
            }
            _ => {
                let sign = if operator == Binary::Pow { "** or pow()" } else { operator.sign() };
                Failure::wrong_type(format!("unsupported operand type(s) for {sign}: '{x}' and '{y}'"))
            }
        }
    }

    fn add(&self, left: &Value<'a>, a: &Data<'a>, b: &Data<'a>) -> Res<Option<Value<'a>>> {
        Ok(Some(match (a, b) {
            (Data::List(a), Data::List(b)) => Value::list([a.all(self)?, b.all(self)?].concat()),
            (Data::Tuple(a), Data::Tuple(b)) => Value::tuple([a.all(self)?, b.all(self)?].concat()),
            (Data::Deque(a), Data::Deque(b)) => {
                let all = [a.all(self)?, b.all(self)?].concat();
                self.deque_of(left, all)?
            }
            (Data::Value(Value::Text(a)), Data::Value(Value::Text(b))) => {
                self.budget.grow(a.len() + b.len())?;
                Value::Text([&**a, &**b].concat().into())
            }
            // Of Python 2: ASCII bytes become text.
            (Data::Value(Value::Text(a)), Data::Value(Value::Bytes(b)))
            | (Data::Value(Value::Bytes(a)), Data::Value(Value::Text(b)))
                if self.python2 =>
            {
                self.budget.grow(a.len() + b.len())?;
                Value::Text([&**a, &**b].concat().into())
            }
            (Data::Value(Value::Bytes(a)), Data::Value(Value::Bytes(b)) | Data::Array(b)) => {
                self.budget.grow(a.len() + b.len())?;
                Value::Bytes([&**a, &**b].concat().into())
            }
            (Data::Array(a), Data::Value(Value::Bytes(b)) | Data::Array(b)) => {
                self.budget.grow(a.len() + b.len())?;
                Value::array([&**a, &**b].concat())
            }
            _ => return Ok(None),
        }))
    }

    /// A deque with as many of the last items as one like this takes.
    fn deque_of(&self, like: &Value<'a>, mut items: Vec<Value<'a>>) -> Res<Value<'a>> {
        let most = self.most_of(like)?;
        items.drain(..items.len().saturating_sub(most.unwrap_or(usize::MAX)));
        Ok(Value::Deque(Rc::new(items.into()), most))
    }

    /// `maxlen` of a deque.
    pub(super) fn most_of(&self, deque: &Value<'a>) -> Res<Option<usize>> {
        let most = match deque {
            Value::Deque(_, most) => return Ok(*most),
            Value::Object(object) | Value::Raw(object) => object.attribute("maxlen"),
            _ => None,
        };
        match most.map(|number| self.object(number)).transpose()? {
            Some(most) => Ok(match self.load(most)? {
                Value::Int(most) => usize::try_from(most).ok(),
                _ => None,
            }),
            None => Ok(None),
        }
    }

    /// An int that counts, where the value is one.
    fn index_of(&self, data: &Data<'a>) -> Option<Res<usize>> {
        let Data::Value(value) = data else { return None };
        match value {
            Value::Bool(value) => Some(Ok(usize::from(*value))),
            Value::Int(value) => Some(Ok(usize::try_from(*value).unwrap_or(0))),
            Value::Big(value) if value.sign() == num_bigint::Sign::Minus => Some(Ok(0)),
            Value::Big(_) => Some(Err(Failure::new("OverflowError", "cannot fit 'int' into an index-sized integer"))),
            _ => None,
        }
    }

    fn repeat(&self, like: &Value<'a>, data: &Data<'a>, count: usize) -> Res<Option<Value<'a>>> {
        // The budget counts what is made; nothing made of nothing, however often, would not end.
        let often = |length: usize| if length == 0 { 0 } else { count };
        let items = |row: &super::data::Row<'a>| -> Res<Vec<Value<'a>>> {
            self.budget.grow(row.len().saturating_mul(count).saturating_mul(size_of::<Value<'_>>()))?;
            Ok(std::iter::repeat_n(row.all(self)?, often(row.len())).flatten().collect())
        };
        let bytes = |bytes: &[u8]| -> Res<Vec<u8>> {
            self.budget.grow(bytes.len().saturating_mul(count))?;
            Ok(bytes.repeat(often(bytes.len())))
        };
        Ok(Some(match data {
            Data::List(row) => Value::list(items(row)?),
            Data::Tuple(row) => Value::tuple(items(row)?),
            Data::Deque(row) => self.deque_of(like, items(row)?)?,
            Data::Value(Value::Text(text)) => Value::Text(bytes(text)?.into()),
            Data::Value(Value::Bytes(text)) => Value::Bytes(bytes(text)?.into()),
            Data::Array(text) => Value::array(bytes(text)?),
            _ => return Ok(None),
        }))
    }

    /// `-value` and its kin.
    pub(super) fn unary(&self, operator: Unary, value: &Value<'a>) -> Res<Value<'a>> {
        self.no_arrays(&[value])?;
        let special = match operator {
            Unary::Minus => "__neg__",
            Unary::Plus => "__pos__",
            _ => "__invert__",
        };
        if operator == Unary::Invert
            && let Some(made) = self.inverted_flag(value)?
        {
            return Ok(made);
        }
        self.check_special(value, special)?;
        if let Data::Value(data) = self.data(value)?
            && let Some(result) = number::unary(operator, &data)?
        {
            return Ok(result);
        }
        if matches!(operator, Unary::Minus | Unary::Plus)
            && let Some(counts) = self.mapping(&self.data(value)?)?
            && counts.class == "Counter"
        {
            let none = Dict::of("Counter");
            let (a, b) = if operator == Unary::Plus { (&counts, &none) } else { (&none, &counts) };
            let operator = if operator == Unary::Plus { Binary::Add } else { Binary::Sub };
            return self.counted(operator, a, b)?.map(Value::dict).ok_or_else(|| Failure::wrong_type("Counter"));
        }
        let sign = match operator {
            Unary::Minus => "-",
            Unary::Plus => "+",
            _ => "~",
        };
        Err(Failure::wrong_type(format!("bad operand type for unary {sign}: '{}'", self.type_name(value))))
    }

    /// `wanted in value`
    pub(super) fn contains(&self, value: &Value<'a>, wanted: &Value<'a>) -> Res<bool> {
        if let Some(answer) = self.in_flag(value, wanted)? {
            return Ok(answer);
        }
        if let Value::Object(object) = value {
            if let Some(members) = self.members_of_enum(object)? {
                return self.in_members(&members, wanted);
            }
            self.must_be_builtin(object, "__contains__")?;
        }
        match self.data(value)? {
            Data::Pairs(pairs) => match self.load(wanted.clone())? {
                Value::Text(text) if self.text_key(&pairs.object, &String::from_utf8_lossy(&text)).is_some() => {
                    Ok(true)
                }
                _ => {
                    let key = self.key(wanted)?;
                    let found = self.find_pair(&pairs, &key)?.is_some();
                    if !found {
                        pairs.whole()?;
                    }
                    Ok(found)
                }
            },
            Data::Value(Value::Dict(dict)) => {
                let key = self.key(wanted)?;
                Ok(dict.borrow().get(&key).is_some())
            }
            Data::Value(Value::Set(set)) => {
                let key = self.key_in_set(wanted)?;
                Ok(set.borrow().has(&key))
            }
            Data::Value(Value::FrozenSet(set)) => Ok(set.has(&self.key_in_set(wanted)?)),
            Data::Value(Value::Text(text)) => match self.data(wanted)? {
                Data::Value(Value::Text(wanted)) => Ok(memchr::memmem::find(&text, &wanted).is_some()),
                Data::Value(Value::Bytes(wanted)) if self.python2 => Ok(memchr::memmem::find(&text, &wanted).is_some()),
                _ => {
                    let class = self.type_name(wanted);
                    Err(Failure::wrong_type(format!("'in <string>' requires string as left operand, not {class}")))
                }
            },
            Data::Value(Value::Bytes(bytes)) | Data::Array(bytes) => match self.data(wanted)? {
                Data::Value(Value::Bytes(wanted)) | Data::Array(wanted) => {
                    Ok(memchr::memmem::find(&bytes, &wanted).is_some())
                }
                Data::Value(Value::Int(byte)) => match u8::try_from(byte) {
                    Ok(byte) => Ok(bytes.contains(&byte)),
                    Err(_) => Err(Failure::new("ValueError", "byte must be in range(0, 256)")),
                },
                _ => {
                    let class = self.type_name(wanted);
                    Err(Failure::wrong_type(format!("a bytes-like object is required, not '{class}'")))
                }
            },
            Data::Value(Value::Range(range)) => Ok(self.place_in_range(&range, wanted)?.is_some()),
            Data::Value(Value::DictView(of, ViewOf::Keys)) => self.contains(&of, wanted),
            Data::Set(row, _) => {
                let key = self.key_in_set(wanted)?;
                for index in 0..row.len() {
                    if self.key(&row.get(self, index)?)? == key {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => {
                let iterator = self.iterate(value).map_err(|failure| match failure.kind {
                    "TypeError" => {
                        let class = self.type_name(value);
                        Failure::wrong_type(format!("argument of type '{class}' is not iterable"))
                    }
                    _ => failure,
                });
                let mut iterator = iterator?;
                while let Some(item) = self.next(&mut iterator)? {
                    if self.same(&item, wanted)? || self.equal(&item, wanted)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    fn in_members(&self, members: &[Value<'a>], wanted: &Value<'a>) -> Res<bool> {
        for member in members {
            let Value::Object(object) = member else { continue };
            if self.same(member, wanted)? {
                return Ok(true);
            }
            if let Some(data) = self.enum_data(object)
                && self.version >= (3, 12)
                && self.equal(&data, wanted)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
