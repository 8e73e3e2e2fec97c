//! What CPython 3.13 said of numbers, and what we say: tests/data/python_numbers.py wrote the table.

use crashsite_view::python::complex::{self, Complex};
use crashsite_view::python::{Raised, float, format, int};
use crashsite_view::repr::{complex_repr, float_repr, text_repr};
use num_bigint::BigInt;

const TABLE: &str = include_str!("data/python_numbers.jsonl");
const LIMIT: u64 = 1 << 20;

type Answer = Result<String, Raised>;

fn whole(text: &str) -> BigInt {
    text.parse().expect("an int")
}

fn real(text: &str) -> f64 {
    text.parse().expect("a float")
}

fn pair<T>((a, b): (T, T), show: impl Fn(T) -> String) -> String {
    format!("({}, {})", show(a), show(b))
}

fn shown_int(value: &BigInt) -> String {
    int::to_text(value).unwrap_or_else(|raised| raised.to_string())
}

fn of_int(name: &str, a: &BigInt, arguments: &[&str]) -> Answer {
    let b = || whole(arguments[1]);
    let show = |value: BigInt| shown_int(&value);
    match name {
        "add" => int::add(a, &b(), LIMIT).map(show),
        "subtract" => int::subtract(a, &b(), LIMIT).map(show),
        "multiply" => int::multiply(a, &b(), LIMIT).map(show),
        "floor_divide" => int::floor_divide(a, &b()).map(show),
        "modulo" => int::modulo(a, &b()).map(show),
        "divmod" => int::divmod(a, &b()).map(|both| pair(both, show)),
        "divide" => int::true_divide(a, &b()).map(float_repr),
        "power" => int::power(a, &b(), LIMIT).map(|power| match power {
            int::Power::Int(value) => shown_int(&value),
            int::Power::Float(value) => float_repr(value),
        }),
        "power_modulo" => int::power_modulo(a, &b(), &whole(arguments[2])).map(show),
        "shift_left" => int::shift_left(a, &b(), LIMIT).map(show),
        "shift_right" => int::shift_right(a, &b()).map(show),
        "round" => Ok(int::round(a, &b()).to_string()),
        "float" => int::to_float(a).map(float_repr),
        "bit_count" => Ok(int::bit_count(a).to_string()),
        "compare" => {
            let order = int::compare_float(a, real(arguments[1]));
            Ok(order.map_or("None".to_owned(), |order| (order as i8).to_string()))
        }
        "to_bytes" => {
            let length = arguments[1].parse().expect("a length");
            int::to_bytes(a, length, true, arguments[2] == "True").map(|bytes| format!("{bytes:?}"))
        }
        _ => panic!("no such case: int.{name}"),
    }
}

fn of_float(name: &str, a: f64, arguments: &[&str]) -> Answer {
    let b = || real(arguments[1]);
    match name {
        "add" => Ok(float_repr(a + b())),
        "subtract" => Ok(float_repr(a - b())),
        "multiply" => Ok(float_repr(a * b())),
        "floor_divide" => float::floor_divide(a, b()).map(float_repr),
        "modulo" => float::modulo(a, b()).map(float_repr),
        "divmod" => float::divmod(a, b()).map(|both| pair(both, float_repr)),
        "divide" => float::divide(a, b()).map(float_repr),
        "power" => float::power(a, b()).map(|power| match power {
            float::Power::Float(value) => float_repr(value),
            float::Power::Complex(value) => complex_repr(value.real, value.imaginary),
        }),
        "int" => int::of_float(a).map(|value| value.to_string()),
        "round" => float::round(a).map(|value| value.to_string()),
        "round_to" => float::round_to(a, arguments[1].parse().expect("places")).map(float_repr),
        "ratio" => float::as_integer_ratio(a).map(|both| pair(both, |value| value.to_string())),
        _ => panic!("no such case: float.{name}"),
    }
}

/// A complex number of its `repr`; where the real part is left out it is zero.
fn both(text: &str) -> Complex {
    complex::parse(text.as_bytes(), "").expect("a complex number")
}

fn of_complex(name: &str, a: Complex, b: Complex) -> Answer {
    let show = |value: Complex| complex_repr(value.real, value.imaginary);
    match name {
        "add" => Ok(show(complex::add(a, b))),
        "subtract" => Ok(show(complex::subtract(a, b))),
        "multiply" => Ok(show(complex::multiply(a, b))),
        "divide" => complex::divide(a, b).map(show),
        "power" => complex::power(a, b).map(show),
        _ => panic!("no such case: complex.{name}"),
    }
}

fn of_format(kind: &str, value: &str, spec: &str) -> Answer {
    use format::Kind;
    let limit = 1 << 16;
    match kind {
        "int" => format::format_int(&whole(value), &format::parse(spec, Kind::Int, "int")?, limit),
        "float" => format::format_float(real(value), &format::parse(spec, Kind::Float, "float")?, limit),
        "complex" => format::format_complex(both(value), &format::parse(spec, Kind::Float, "complex")?, limit),
        _ => format::format_text(value, &format::parse(spec, Kind::Text, "str")?, limit),
    }
}

fn answer(name: &str, arguments: &[&str]) -> Answer {
    let first = arguments[0];
    let shown = || text_repr(first.as_bytes(), usize::MAX);
    match name.split_once('.').expect("a dot") {
        ("int", "parse") => {
            int::parse(first.as_bytes(), arguments[1].parse().expect("a base"), &shown(), LIMIT).map(|v| shown_int(&v))
        }
        ("float", "parse") => float::parse(first.as_bytes(), &shown()).map(float_repr),
        ("complex", "parse") => complex::parse(first.as_bytes(), &shown()).map(|v| complex_repr(v.real, v.imaginary)),
        ("float", "fromhex") => float::from_hex(first.as_bytes()).map(float_repr),
        ("hex", _) => Ok(float::hex(real(first))),
        ("int", name) => of_int(name, &whole(first), arguments),
        ("float", name) => of_float(name, real(first), arguments),
        ("complex", name) => of_complex(name, both(first), both(arguments[1])),
        (_, kind) => of_format(kind, first, arguments[1]),
    }
}

#[test]
fn numbers_are_those_of_cpython() {
    let mut wrong = Vec::new();
    for line in TABLE.lines() {
        let row: Vec<String> = serde_json::from_str(line).expect("a row");
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        let (expected, arguments) = row[1..].split_last().expect("an expectation");
        let got = answer(row[0], arguments).unwrap_or_else(|raised| raised.to_string());
        if got != *expected {
            wrong.push(format!("{line}\n  {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_would_grow_is_refused_at_once() {
    let ten = BigInt::from(10);
    let huge = ten.pow(10);
    assert_eq!(int::power(&ten, &huge, LIMIT).expect_err("a limit").kind, "Limit");
    assert_eq!(int::power(&ten, &ten.pow(100), u64::MAX).expect_err("a limit").kind, "Limit");
    assert_eq!(int::shift_left(&ten, &ten.pow(12), LIMIT).expect_err("a limit").kind, "Limit");
    assert_eq!(int::power_modulo(&ten, &(&ten << 1_000_000), &(&ten << 100_000)).expect_err("a limit").kind, "Limit");
    assert_eq!(of_format("int", "5", "999999999999").expect_err("a limit").kind, "Limit");
    assert_eq!(of_format("float", "5", ".1999999999f").expect_err("a limit").kind, "Limit");
    assert!(int::to_text(&(ten << 1_000_000)).is_err());
}
