//! What CPython 3.13 said of `%`, and what we say: tests/data/python_percent.py wrote the table.

use crashsite_view::python::Raised;
use crashsite_view::python::percent::{self, Argument, Piece, Size};
use num_bigint::BigInt;

type Row = (bool, String, String, String, String, String);

fn answer((bytes, template, class, value, shown, _): &Row) -> Result<Vec<u8>, Raised> {
    let (mut out, mut used) = (Vec::new(), false);
    for piece in percent::pieces(template.as_bytes(), *bytes) {
        let conversion = match piece? {
            Piece::Literal(literal) => {
                out.extend_from_slice(literal);
                continue;
            }
            Piece::Conversion(conversion) => conversion,
        };
        if std::mem::replace(&mut used, true) {
            return Err(percent::too_few());
        }
        let size = |size| if let Size::Given(size) = size { Some(size) } else { None };
        let whole: BigInt = value.parse().unwrap_or_default();
        let argument = match (conversion.code, class.as_str()) {
            ('s' | 'r' | 'a', _) => Argument::Text(shown.as_bytes()),
            ('c', "str") if value.chars().count() == 1 => Argument::Text(value.as_bytes()),
            (_, "int") => Argument::Int(&whole),
            (_, "float") => Argument::Float(value.parse().expect("a float")),
            (_, class) => Argument::Other(class),
        };
        let (width, precision) = (size(conversion.width), size(conversion.precision));
        out.extend(percent::write(&conversion, width, precision, argument, *bytes, 1 << 16)?);
    }
    if used { Ok(out) } else { Err(percent::too_many(*bytes)) }
}

#[test]
fn percent_is_that_of_cpython() {
    let mut wrong = Vec::new();
    for line in include_str!("data/python_percent.jsonl").lines() {
        let row: Row = serde_json::from_str(line).expect("a row");
        let got = match answer(&row) {
            Ok(bytes) if row.0 => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Ok(bytes) => String::from_utf8(bytes).expect("UTF-8"),
            Err(raised) => raised.to_string(),
        };
        if got != row.5 {
            wrong.push(format!("{line}\n  {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
