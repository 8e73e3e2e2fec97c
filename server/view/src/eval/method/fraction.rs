//! Methods of `fractions.Fraction`.

use num_bigint::BigInt;

use super::super::arguments::Arguments;
use super::super::equal::to_bigint;
use super::super::exact::Exact;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::python::fraction::Fraction;

pub(super) const NAMES: &[&str] =
    &["as_integer_ratio", "conjugate", "from_decimal", "from_float", "is_integer", "limit_denominator"];

fn made<'a>(value: Fraction) -> Value<'a> {
    Value::Exact(value.into())
}

pub(super) fn call<'a>(
    context: &Context<'a>,
    value: &Fraction,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match name {
        "as_integer_ratio" => {
            arguments.none()?;
            Ok(Value::tuple(vec![Value::int(value.numerator().clone()), Value::int(value.denominator().clone())]))
        }
        "conjugate" => arguments.none().map(|()| made(value.clone())),
        "is_integer" => arguments.none().map(|()| Value::Bool(*value.denominator() == BigInt::from(1))),
        "limit_denominator" => {
            let [most] = arguments.named(["max_denominator"], 0)?;
            let most = match most {
                None => BigInt::from(1_000_000),
                Some(most) => to_bigint(&context.load(most.clone())?).ok_or_else(|| context.no_int(&most))?,
            };
            Ok(made(value.limit_denominator(&most)?))
        }
        _ => Err(Failure::unknown_method(name)),
    }
}

pub(super) fn of_class<'a>(context: &Context<'a>, name: &str, arguments: Arguments<'a>) -> Res<Option<Value<'a>>> {
    if !matches!(name, "from_float" | "from_decimal") {
        return Ok(None);
    }
    let value = arguments.one()?;
    let loaded = context.load(value.clone())?;
    let fits = match &loaded {
        Value::Float(_) => name == "from_float",
        Value::Exact(Exact::Decimal(_)) => name == "from_decimal",
        other => to_bigint(other).is_some(),
    };
    if !fits {
        let what = if name == "from_float" { "floats" } else { "Decimals" };
        let (shown, class) = (context.show(&value, 200)?, context.type_name(&value));
        return Err(Failure::wrong_type(format!("Fraction.{name}() only takes {what}, not {shown} ({class})")));
    }
    context.call(&Value::Class("fractions.Fraction"), vec![loaded], Vec::new()).map(Some)
}
