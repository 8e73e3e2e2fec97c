//! Texts that could not be read as what they were taken for: numbers, JSON, bytes of an encoding, dates.

use ruff_python_ast::Expr;

use super::Asked;
use crate::explain::finding::{Evidence, Finding, Subject};
use crate::value::Value;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let found = if asked.is("UnicodeDecodeError") || asked.is("UnicodeEncodeError") {
        encoding(asked)
    } else if asked.is("JSONDecodeError") {
        json(asked)
    } else if asked.is("ValueError") || asked.is("InvalidOperation") {
        argument(asked)
    } else {
        None
    };
    found.into_iter().collect()
}

/// The innermost frame of the program's own, and the argument of its call that is that very object or has that `repr`.
fn passed_as<'a>(
    asked: &Asked<'a, '_, '_>,
    says: String,
    cause: &'static str,
    same: &dyn Fn(&Value) -> bool,
) -> Option<Finding> {
    let place = asked.place()?;
    let places: Vec<_> = asked.scene.outwards(place).take(12).collect();
    let own = places.iter().position(|place| !place.frame.library).unwrap_or(0);
    // The program's own frame first; where the value is not known there, those nearer to the crash.
    places.iter().take(own + 1).rev().find_map(|place| {
        asked.at(*place, |code, point| {
            let parts: Vec<&Expr> = point.expressions.iter().copied().filter(|part| !part.is_call_expr()).collect();
            let literal = |part: &&&Expr| !part.is_literal_expr();
            let all = parts.iter().filter(literal).chain(parts.iter().filter(|part| part.is_literal_expr()));
            let found = all
                .copied()
                .find(|part| asked.scene.value(*place, &code.text(*part)).is_some_and(|value| same(&value)))?;
            let says = says.replace("{}", &code.text(found));
            Some(asked.blame(cause, *place, code, point, found, says))
        })?
    })
}

fn encoding(asked: &Asked<'_, '_, '_>) -> Option<Finding> {
    let scene = asked.scene;
    let [codec, object, start, end, reason] = scene.arguments_of(asked.failed).try_into().ok()?;
    let shown = |number: u32| Value::of_number(scene.dump, number);
    let position = |number: u32| shown(number).repr.parse::<usize>().ok();
    let (start, end) = (position(start)?, position(end)?);
    let codec = scene.text_of(codec)?;
    let reason = scene.text_of(reason).unwrap_or_default();
    let value = shown(object);
    let around = format!("[{}:{}]", start.saturating_sub(16), end.saturating_add(16));
    let what = if asked.is("UnicodeDecodeError") { "bytes" } else { "text" };
    let says = format!("{{}} is {what} that {codec} cannot take at position {start}: {reason}");
    // Functions of C make an object of their own of what they are given.
    let same = |it: &Value| it.type_name == value.type_name && it.repr == value.repr;
    let found = passed_as(asked, says, "encoding", &same);
    let mut finding = found.unwrap_or_else(|| {
        asked.failed.finding("encoding", format!("{what} that {codec} cannot take at position {start}: {reason}"))
    });
    let place = asked.place()?;
    // Where the exception has its object, the part around the position can be asked for.
    let way = asked.failed.expression.as_ref().map(|exception| format!("{exception}.object{around}"));
    if let Some(way) = way {
        if let Some(mut evidence) = scene.shown(place, &way) {
            evidence.says = format!("around position {start}");
            finding.evidence.insert(0, evidence);
        }
        finding.look.push(scene.print(place, &way));
    }
    if finding.object.is_none() {
        finding.at = Some(scene.spot(place));
        finding.object = Some(Subject { expression: "$exc.object".to_owned(), value });
    }
    Some(finding)
}

fn json(asked: &Asked<'_, '_, '_>) -> Option<Finding> {
    let scene = asked.scene;
    let value = scene.attribute_of(asked.failed, "doc")?;
    let position: usize = scene.attribute_of(asked.failed, "pos")?.repr.parse().ok()?;
    let text = scene.text_of(value.id?).unwrap_or_default();
    let what = match text.trim_start() {
        "" => "is empty, not JSON".to_owned(),
        page if page.starts_with('<') => "is a page of HTML or XML, not JSON".to_owned(),
        _ => format!("is no JSON from position {position} on: {}", asked.message()),
    };
    let number = value.id;
    let found = passed_as(asked, format!("{{}} {what}"), "json", &|it| it.id.is_some() && it.id == number);
    let mut finding = found.unwrap_or_else(|| asked.failed.finding("json", format!("the text {what}")));
    let place = asked.place()?;
    if let Some(exception) = &asked.failed.expression {
        let way = format!("{exception}.doc[{}:{}]", position.saturating_sub(30), position.saturating_add(30));
        if let Some(object) = scene.subject(place, &way) {
            let says = format!("around position {position}");
            finding.evidence.insert(0, Evidence { says, at: Some(scene.spot(place)), object: Some(object) });
        }
        finding.look.push(scene.print(place, &way));
    }
    if finding.object.is_none() {
        finding.at = Some(scene.spot(place));
        finding.object = Some(Subject { expression: "$exc.doc".to_owned(), value });
    }
    Some(finding)
}

/// A message that shows the value: `invalid literal for int() with base 10: '12,5'`.
fn argument(asked: &Asked<'_, '_, '_>) -> Option<Finding> {
    let message = asked.message();
    let (what, repr) = if let Some((_, repr)) = message.split_once("invalid literal for int() with base ") {
        ("no whole number", repr.split_once(": ")?.1)
    } else if let Some((_, repr)) = message.split_once("could not convert string to float: ") {
        ("no number", repr)
    } else if let Some(rest) = message.strip_prefix("time data ") {
        ("not of the format that is wanted", rest.split(" does not match").next()?)
    } else if let Some((_, repr)) = message.split_once("Invalid isoformat string: ") {
        ("no date in the ISO format", repr)
    } else {
        return None;
    };
    let place = asked.place()?;
    let hint = hint(what, repr);
    let says = format!("{{}} is {repr}, which is {what}{hint}");
    // A text may be the part of another: the exact argument first.
    let found = passed_as(asked, says.clone(), "text", &|it| *it.repr == *repr);
    found.or_else(|| {
        let mut finding = asked.failed.finding("text", format!("{repr} is {what}{hint}"));
        finding.at = Some(asked.scene.spot(place));
        asked.at(place, |code, point| {
            for part in point.expressions.iter().flat_map(|part| super::variables(part)) {
                asked.show(&mut finding, place, &code.text(part));
            }
        });
        Some(finding)
    })
}

/// What makes a text no number.
fn hint(what: &str, repr: &str) -> String {
    let bare = repr.trim_matches(['\'', '"']);
    let digits = bare.chars().any(|c| c.is_ascii_digit());
    if !what.ends_with("number") {
        return String::new();
    }
    match bare {
        "" => ": it is empty".to_owned(),
        _ if bare.trim().is_empty() => ": it is space only".to_owned(),
        _ if digits && bare.contains(',') => ": a comma is in it".to_owned(),
        _ if what == "no whole number" && bare.parse::<f64>().is_ok() => ": it is a float".to_owned(),
        _ if bare.starts_with("0x") => ": it is hexadecimal".to_owned(),
        _ => String::new(),
    }
}
