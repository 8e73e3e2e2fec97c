//! Decimals, against what CPython 3.13 says of some thousand cases: data/decimals.tsv, made by data/decimals.py.
#![allow(clippy::unwrap_used)]

use crashsite_view::python::Raised;
use crashsite_view::python::decimal::{Decimal, Rounding, format_decimal};
use crashsite_view::repr::float_repr;

fn answer(operation: &str, operands: &[&str]) -> Result<String, Raised> {
    if operation == "parse" {
        return Ok(Decimal::parse(operands[0])?.to_string());
    }
    if operation == "from_float" {
        return Ok(Decimal::from_float(operands[0].parse().unwrap()).to_string());
    }
    let a = Decimal::parse(operands[0])?;
    let b = || Decimal::parse(operands[1]);
    let python = |yes: bool| Ok(if yes { "True" } else { "False" }.to_owned());
    let result = match operation {
        "str" => return Ok(a.to_string()),
        "repr" => {
            assert_eq!(Decimal::from_repr(&a.repr()), Some(a.clone()));
            return Ok(a.repr());
        }
        "int" => return Ok(a.to_int()?.to_string()),
        "float" => return Ok(float_repr(a.to_float()?)),
        "round" => return Ok(a.round_to_int()?.to_string()),
        "floor" => return Ok(a.floor()?.to_string()),
        "ceil" => return Ok(a.ceil()?.to_string()),
        "adjusted" => return Ok(a.adjusted().to_string()),
        "tuple" => {
            let digits: String = a.digits().iter().map(|digit| char::from(b'0' + digit)).collect();
            let exponent = a.exponent().map_or_else(|letter| letter.to_string(), |number| number.to_string());
            let digits = if digits.is_empty() { "-" } else { &digits };
            return Ok(format!("{} {digits} {exponent}", u8::from(a.is_signed())));
        }
        "ratio" => {
            let (above, below) = a.as_integer_ratio()?;
            return Ok(format!("{above} {below}"));
        }
        "is" => {
            let facts = [a.is_nan(), a.is_zero(), a.is_signed(), a.is_finite(), a.is_infinite()];
            return Ok(facts.map(|fact| u8::from(fact).to_string()).join(" "));
        }
        "eq" => return python(a.equals(&b()?)?),
        "lt" => return python(a.ordered(&b()?)?.is_lt()),
        "le" => return python(a.ordered(&b()?)?.is_le()),
        "divmod" => {
            let (quotient, rest) = a.divmod(&b()?)?;
            return Ok(format!("{quotient} {rest}"));
        }
        "format" => {
            let spec = operands[1].trim_start_matches('-');
            let thousands = spec.starts_with(',');
            let spec = spec.trim_start_matches(',');
            let kind = spec.chars().last().filter(|kind| !kind.is_ascii_digit());
            let precision = spec.trim_end_matches(|c: char| !c.is_ascii_digit()).strip_prefix('.');
            return format_decimal(&a, precision.map(|digits| digits.parse().unwrap()), kind, thousands);
        }
        "plus" => a.plus(),
        "minus" => a.minus(),
        "abs" => a.abs(),
        "sqrt" => a.sqrt(),
        "normalize" => a.normalize(),
        "integral" => a.to_integral_value(Rounding::HalfEven),
        "places" => a.round(operands[1].parse().unwrap()),
        "quantize" => a.quantize(&b()?, Rounding::from_name(operands[2])?),
        "add" => a.add(&b()?),
        "sub" => a.sub(&b()?),
        "mul" => a.mul(&b()?),
        "div" => a.div(&b()?),
        "floordiv" => a.floordiv(&b()?),
        "rem" => a.rem(&b()?),
        "pow" => a.pow(&b()?),
        "eng" => return Ok(a.to_eng_string()),
        "class" => return Ok(a.number_class()),
        "qualities" => {
            let facts = [a.is_normal(), a.is_subnormal(), a.is_qnan(), a.is_snan()];
            return Ok(facts.map(|fact| u8::from(fact).to_string()).join(" "));
        }
        "parts" => Decimal::from_parts(a.is_signed(), &a.digits(), a.exponent()),
        "next_plus" => a.next_plus(),
        "next_minus" => a.next_minus(),
        "logb" => a.logb(),
        "scaleb" => a.scaleb(&b()?),
        "shift" => a.shift(&b()?),
        "copy_sign" => Ok(a.copy_sign(&b()?)),
        "same_quantum" => return python(a.same_quantum(&b()?)),
        "compare_total" => Ok(a.compare_total(&b()?)),
        "max_mag" => a.max_mag(&b()?),
        "min_mag" => a.min_mag(&b()?),
        "remainder_near" => a.remainder_near(&b()?),
        "fma" => a.fma(&b()?, &Decimal::parse(operands[2])?),
        "pow_modulo" => a.pow_modulo(&b()?, &Decimal::parse(operands[2])?),
        "compare" => a.compare(&b()?),
        "max" => a.max(&b()?),
        "min" => a.min(&b()?),
        other => panic!("{other}"),
    };
    Ok(result?.to_string())
}

#[test]
fn as_python_does() {
    let table = include_str!("data/decimals.tsv");
    let mut wrong = Vec::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (wanted, rest) = fields.split_last().unwrap();
        let got = match answer(rest[0], &rest[1..]) {
            Ok(text) => text,
            Err(raised) => format!("!{raised}"),
        };
        if got != *wanted {
            wrong.push(format!("{line}\n   got {got}"));
        }
    }
    assert!(table.lines().count() > 5000);
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn what_would_be_too_large_is_refused() {
    let huge = Decimal::parse("1E+999999999").unwrap();
    assert_eq!(huge.to_int().unwrap_err().kind, "Limit");
    assert_eq!(huge.as_integer_ratio().unwrap_err().kind, "Limit");
    assert_eq!(format_decimal(&huge, Some(2), Some('f'), false).unwrap_err().kind, "Limit");
    assert_eq!(format_decimal(&huge, Some(usize::MAX), Some('e'), false).unwrap_err().kind, "Limit");
    assert_eq!(Decimal::parse(&"9".repeat(20_000)).unwrap_err().kind, "Limit");
    assert_eq!(Decimal::from(1).pow(&huge).unwrap().to_string(), "1");
    assert_eq!(Decimal::from(3).pow(&huge).unwrap_err().kind, "Overflow");
    assert_eq!(Decimal::from(2).pow(&Decimal::parse("0.5").unwrap()).unwrap_err().kind, "NeedsCode");
    assert!(huge.ordered(&Decimal::parse("1E-999999999").unwrap()).unwrap().is_gt());
}
