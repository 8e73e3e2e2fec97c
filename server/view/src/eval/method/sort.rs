//! `sorted` and `list.sort`.

use std::cmp::Ordering;

use super::super::arguments::Arguments;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::expr::tree::Compare;

impl<'a> Context<'a> {
    /// Items in order; `how` has `key` and `reverse`.
    pub(in crate::eval) fn sorted(&self, items: Vec<Value<'a>>, how: Arguments<'a>) -> Res<Vec<Value<'a>>> {
        let [key, reverse] = how.named(["*key", "*reverse"], 0)?;
        let reverse = reverse.map_or(Ok(false), |reverse| self.truth(&reverse))?;
        let keys = match key {
            None | Some(Value::None) => items.clone(),
            Some(key) => {
                items.iter().map(|item| self.call(&key, vec![item.clone()], Vec::new())).collect::<Res<Vec<_>>>()?
            }
        };
        self.sorted_by(items, keys, reverse)
    }

    /// Items in the order of their keys; equal ones keep theirs.
    pub(in crate::eval) fn sorted_by(
        &self,
        items: Vec<Value<'a>>,
        keys: Vec<Value<'a>>,
        reverse: bool,
    ) -> Res<Vec<Value<'a>>> {
        let mut pairs: Vec<(Value<'a>, Value<'a>)> = keys.into_iter().zip(items).collect();
        if reverse {
            pairs.reverse();
        }
        let mut failed: Option<Failure> = None;
        pairs.sort_by(|a, b| {
            if failed.is_some() {
                return Ordering::Equal;
            }
            self.less(&a.0, &b.0).unwrap_or_else(|failure| {
                failed = Some(failure);
                Ordering::Equal
            })
        });
        if let Some(failure) = failed {
            return Err(failure);
        }
        if reverse {
            pairs.reverse();
        }
        Ok(pairs.into_iter().map(|pair| pair.1).collect())
    }

    fn less(&self, a: &Value<'a>, b: &Value<'a>) -> Res<Ordering> {
        self.budget.step()?;
        if self.order(Compare::Lt, a, b)? {
            return Ok(Ordering::Less);
        }
        Ok(if self.order(Compare::Lt, b, a)? { Ordering::Greater } else { Ordering::Equal })
    }
}
