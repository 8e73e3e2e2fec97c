//! `|`, `&`, `^`, `-` and `+` of sets, views of dicts, dicts and counters.

use std::rc::Rc;

use super::data::Data;
use super::dict::{Dict, Set};
use super::value::{Value, ViewOf};
use super::{Context, Res};
use crate::expr::tree::{Binary, Compare};

impl<'a> Context<'a> {
    /// `|`, `&`, `^`, `-`; `None` where the two are nothing that has them.
    pub(super) fn combined(
        &self,
        operator: Binary,
        [left, right]: [&Value<'a>; 2],
        a: &Data<'a>,
        b: &Data<'a>,
    ) -> Res<Option<Value<'a>>> {
        if let (Some(first), Some(second)) = (self.mapping(a)?, self.mapping(b)?) {
            if first.class == "Counter" && second.class == "Counter" {
                return Ok(self.counted(operator, &first, &second)?.map(Value::dict));
            }
            if operator == Binary::Or && self.version >= (3, 9) {
                return self.united(first, &second).map(Some);
            }
            return Ok(None);
        }
        if operator == Binary::Add {
            return Ok(None);
        }
        let view = |data: &Data<'a>| matches!(data, Data::Value(Value::DictView(_, ViewOf::Keys | ViewOf::Items)));
        let (first, second) = match view(a) || view(b) {
            // A view takes any iterable for the other.
            true => (self.set_of(left)?, self.set_of(right)?),
            false => match (self.as_set(a)?, self.as_set(b)?) {
                (Some(first), Some(second)) => (first, second),
                _ => return Ok(None),
            },
        };
        let mut made = Set::default();
        for (key, value) in first.items() {
            let keep = match operator {
                Binary::Or => true,
                Binary::And => second.has(key),
                _ => !second.has(key),
            };
            if keep {
                made.insert(key.clone(), value.clone());
            }
        }
        if matches!(operator, Binary::Or | Binary::Xor) {
            for (key, value) in second.items().filter(|item| !first.has(&item.0)) {
                made.insert(key.clone(), value.clone());
            }
        }
        let frozen = matches!(a, Data::Set(_, true) | Data::Value(Value::FrozenSet(_)));
        Ok(Some(if frozen { Value::FrozenSet(Rc::new(made)) } else { Value::set(made) }))
    }

    /// `first | second` of dicts: of the class of the first, unless that is `dict` and the other has a `|` of its own.
    fn united(&self, mut first: Dict<'a>, second: &Dict<'a>) -> Res<Value<'a>> {
        match (first.class, second.class) {
            ("Counter", _) => first.class = "dict",
            ("dict", "OrderedDict" | "defaultdict") => {
                first.class = second.class;
                first.factory.clone_from(&second.factory);
            }
            _ => {}
        }
        for (name, value) in second.pairs() {
            first.insert(self.key(name)?, name.clone(), value.clone());
        }
        Ok(Value::dict(first))
    }

    /// Operators of `collections.Counter`: only positive counts stay.
    pub(super) fn counted(&self, operator: Binary, a: &Dict<'a>, b: &Dict<'a>) -> Res<Option<Dict<'a>>> {
        let zero = Value::Int(0);
        let mut made = Dict::of("Counter");
        let names = a.pairs().chain(b.pairs().filter(|pair| self.key(&pair.0).is_ok_and(|key| a.get(&key).is_none())));
        for (name, _) in names {
            let key = self.key(name)?;
            let (x, y) = (a.get(&key).unwrap_or(&zero), b.get(&key).unwrap_or(&zero));
            let value = match operator {
                Binary::Add | Binary::Sub => self.binary(operator, x, y)?,
                Binary::Or if self.order(Compare::Lt, x, y)? => y.clone(),
                Binary::And if !self.order(Compare::Lt, x, y)? => y.clone(),
                Binary::Or | Binary::And => x.clone(),
                _ => return Ok(None),
            };
            if self.order(Compare::Gt, &value, &zero)? {
                made.insert(key, name.clone(), value);
            }
        }
        Ok(Some(made))
    }

    /// Whether every count of one is related so to that of the other: `<=`, `==` of counters.
    pub(super) fn counts_are(&self, how: Compare, a: &Dict<'a>, b: &Dict<'a>) -> Res<bool> {
        let zero = Value::Int(0);
        for (name, _) in a.pairs().chain(b.pairs()) {
            let key = self.key(name)?;
            let (x, y) = (a.get(&key).unwrap_or(&zero), b.get(&key).unwrap_or(&zero));
            if !self.compare(how, x, y)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
