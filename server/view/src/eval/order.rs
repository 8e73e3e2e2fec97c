//! `<`, `<=`, `>`, `>=`, by the meaning of the builtin types.

use std::cmp::Ordering;

use crashsite_model::Kind;

use super::class::{self, Maker};
use super::data::Data;
use super::value::Value;
use super::{Context, Failure, Res};
use crate::expr::tree::Compare;

impl<'a> Context<'a> {
    /// `left < right` and its kin; `None` where the two have no order (NaN).
    pub(super) fn order(&self, how: Compare, left: &Value<'a>, right: &Value<'a>) -> Res<bool> {
        self.no_arrays(&[left, right])?;
        let special = match how {
            Compare::Lt => "__lt__",
            Compare::Le => "__le__",
            Compare::Gt => "__gt__",
            _ => "__ge__",
        };
        let reflected = match how {
            Compare::Lt => "__gt__",
            Compare::Le => "__ge__",
            Compare::Gt => "__lt__",
            _ => "__le__",
        };
        for (value, special) in [(left, special), (right, reflected)] {
            if let Value::Object(object) = value
                && class::exactly(object.class()).is_none()
                && object.kind() != Kind::Class
            {
                match self.classes.maker(self.dump, object, special)? {
                    Maker::Code(entry) => return Err(Failure::needs_code(class::place(&entry, special))),
                    Maker::Dataclass => {
                        if let (Some(a), Some(b)) = (self.compared(left)?, self.compared(right)?)
                            && a.0 == b.0
                        {
                            return self.order(how, &Value::tuple(a.1), &Value::tuple(b.1));
                        }
                    }
                    Maker::Builtin | Maker::Forbidden => {}
                }
            }
        }
        if let (Value::Instance(made), Value::Instance(_)) = (left, right)
            && let Some(entry) = self.classes.entry(self.dump, &made.class, special)
            && class::is_generated(self.dump, &entry)
            && let (Some(a), Some(b)) = (self.compared(left)?, self.compared(right)?)
            && a.0 == b.0
        {
            return self.order(how, &Value::tuple(a.1), &Value::tuple(b.1));
        }
        let wanted = |ordering: Option<Ordering>| match (how, ordering) {
            (_, None) => false,
            (Compare::Lt, Some(ordering)) => ordering.is_lt(),
            (Compare::Le, Some(ordering)) => ordering.is_le(),
            (Compare::Gt, Some(ordering)) => ordering.is_gt(),
            (_, Some(ordering)) => ordering.is_ge(),
        };
        let (a, b) = (self.data(left)?, self.data(right)?);
        match (&a, &b) {
            (Data::List(x), Data::List(y)) | (Data::Tuple(x), Data::Tuple(y)) | (Data::Deque(x), Data::Deque(y)) => {
                for index in 0..x.len().min(y.len()) {
                    let (x, y) = (x.get(self, index)?, y.get(self, index)?);
                    if !(self.same(&x, &y)? || self.equal(&x, &y)?) {
                        return self.order(how, &x, &y);
                    }
                }
                return Ok(wanted(Some(x.len().cmp(&y.len()))));
            }
            (Data::Array(x) | Data::Value(Value::Bytes(x)), Data::Array(y))
            | (Data::Array(x), Data::Value(Value::Bytes(y))) => {
                return Ok(wanted(Some((**x).cmp(&**y))));
            }
            (Data::Value(x), Data::Value(y)) => {
                if let Some(ordering) = self.order_of_scalars(x, y)? {
                    return Ok(wanted(ordering));
                }
            }
            _ => {}
        }
        if let (Data::Value(Value::Slice(x)), Data::Value(Value::Slice(y))) = (&a, &b) {
            return self.deeper(|| self.order(how, &Value::tuple(x.to_vec()), &Value::tuple(y.to_vec())));
        }
        if let (Some(x), Some(y)) = (self.mapping(&a)?, self.mapping(&b)?)
            && x.class == "Counter"
            && y.class == "Counter"
            && self.version >= (3, 10)
        {
            let within = if matches!(how, Compare::Lt | Compare::Le) { Compare::Le } else { Compare::Ge };
            let strict = matches!(how, Compare::Lt | Compare::Gt);
            return Ok(self.counts_are(within, &x, &y)? && !(strict && self.counts_are(Compare::Eq, &x, &y)?));
        }
        if let (Some(x), Some(y)) = (self.as_set(&a)?, self.as_set(&b)?) {
            let within = |x: &super::dict::Set<'a>, y: &super::dict::Set<'a>| x.items().all(|item| y.has(&item.0));
            return Ok(match how {
                Compare::Lt => x.len() < y.len() && within(&x, &y),
                Compare::Le => within(&x, &y),
                Compare::Gt => y.len() < x.len() && within(&y, &x),
                _ => within(&y, &x),
            });
        }
        let sign = match how {
            Compare::Lt => "<",
            Compare::Le => "<=",
            Compare::Gt => ">",
            _ => ">=",
        };
        let (x, y) = (self.type_name(left), self.type_name(right));
        Err(Failure::wrong_type(format!("'{sign}' not supported between instances of '{x}' and '{y}'")))
    }

    fn order_of_scalars(&self, a: &Value<'a>, b: &Value<'a>) -> Res<Option<Option<Ordering>>> {
        Ok(Some(match (a, b) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp_text(b)),
            (Value::Bytes(a), Value::Bytes(b)) => Some((**a).cmp(&**b)),
            (Value::Exact(exact), other) => return exact.order(other).map_err(Failure::from),
            (other, Value::Exact(exact)) => {
                return exact
                    .order(other)
                    .map(|found| found.map(|some| some.map(Ordering::reverse)))
                    .map_err(Failure::from);
            }
            _ => match (super::number::real(a), super::number::real(b)) {
                (Some(a), Some(b)) => super::number::order(&a, &b),
                _ => return Ok(None),
            },
        }))
    }
}

impl super::value::Blob<'_> {
    /// By code points: the order of UTF-8's bytes.
    fn cmp_text(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}
