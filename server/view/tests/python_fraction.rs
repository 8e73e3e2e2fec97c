//! Fractions, against what CPython 3.13 says: data/fractions.tsv, made by data/fraction_cases.py.
#![allow(clippy::unwrap_used)]

use crashsite_view::python::Raised;
use crashsite_view::python::fraction::Fraction;
use num_bigint::BigInt;

fn read(text: &str) -> Fraction {
    let (above, below) = text.split_once('/').unwrap();
    Fraction::new(above.parse().unwrap(), below.parse().unwrap()).unwrap()
}

fn answer(operation: &str, a: &Fraction, b: &Fraction) -> Result<String, Raised> {
    let result = match operation {
        "add" => a.add(b),
        "sub" => a.sub(b),
        "mul" => a.mul(b),
        "div" => a.div(b),
        "rem" => a.rem(b),
        "pow" => a.pow(i64::try_from(b.numerator()).unwrap()),
        "limit" => a.limit_denominator(b.numerator()),
        "floordiv" => return Ok(a.floordiv(b)?.to_string()),
        "lt" => return Ok(if a.ordered(b).is_lt() { "True" } else { "False" }.to_owned()),
        "round" => return Ok(a.round().to_string()),
        "int" => return Ok(a.to_int().to_string()),
        "floor" => return Ok(a.floor().to_string()),
        "ceil" => return Ok(a.ceil().to_string()),
        "round_to" => a.round_to(i64::try_from(b.numerator()).unwrap()),
        other => panic!("{other}"),
    };
    Ok(result?.repr())
}

#[test]
fn as_python_does() {
    let table = include_str!("data/fractions.tsv");
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let result = match fields[0] {
            "parse" => Fraction::parse(fields[1], &format!("'{}'", fields[1])).map(|made| made.repr()),
            operation => answer(operation, &read(fields[1]), &read(fields[2])),
        };
        let got = match result {
            Ok(text) => text,
            Err(raised) => format!("!{raised}"),
        };
        assert_eq!(got, fields[3], "{line}");
    }
    assert!(table.lines().count() > 1500);
}

#[test]
fn what_would_be_too_large_is_refused() {
    let two = read("2/1");
    assert_eq!(two.pow(1 << 40).unwrap_err().kind, "Limit");
    assert_eq!(read("-1/1").pow(i64::MIN).unwrap(), read("1/1"));
    assert_eq!(read("-1/1").pow((1 << 40) + 1).unwrap(), read("-1/1"));
    assert_eq!(Fraction::new(BigInt::from(1) << 200_000, BigInt::from(3)).unwrap_err().kind, "Limit");
}
