//! `KeyError`, `IndexError` and what says that something is not in a list: the key or the index, and what it was looked up in.

use ruff_python_ast::Expr;

use super::{Asked, is_variable};
use crate::explain::code::{Code, Point};
use crate::explain::finding::Finding;
use crate::explain::near::{also, near_keys};
use crate::thread::Place;
use crate::value::Value;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let (key, index) = (asked.is("KeyError"), asked.is("IndexError"));
    let absent = asked.is("ValueError")
        && ["not in list", "not in tuple", "not in deque", "not in array", "substring not found"]
            .iter()
            .any(|words| asked.message().contains(words));
    let Some(place) = asked.place().filter(|_| key || index || absent) else { return Vec::new() };
    // A mapping of Python code raises it itself: who looked it up is further out.
    let place = if key {
        asked.scene.outwards(place).take(6).find(|place| !is_lookup(asked, *place)).unwrap_or(place)
    } else {
        place
    };
    let found = asked.at(place, |code, point| match (key, absent) {
        (true, _) => missing_key(asked, place, code, point).or_else(|| missing_name(asked, place, code, point)),
        (_, true) => absent_element(asked, place, code, point),
        _ => out_of_range(asked, place, code, point),
    });
    found.flatten().into_iter().collect()
}

/// Whether a frame is a mapping's own, and looks nothing up itself.
fn is_lookup<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>) -> bool {
    let own = matches!(&*place.frame.function, "__missing__" | "__getitem__");
    let looks = |point: &Point<'_>| point.expressions.iter().any(|part| part.is_subscript_expr());
    own && asked.at(place, |_, point| !looks(point)).unwrap_or(false)
}

/// What a text is filled in from.
fn filled_from(part: &Expr) -> Option<&Expr> {
    match part {
        Expr::BinOp(operation) if operation.op == ruff_python_ast::Operator::Mod => Some(&*operation.right),
        Expr::Call(call) => match call.func.as_attribute_expr()?.attr.as_str() {
            "format" => call.arguments.keywords.iter().find(|keyword| keyword.arg.is_none()).map(|found| &found.value),
            "format_map" => call.arguments.args.first(),
            _ => None,
        },
        _ => None,
    }
}

/// The names that a text to be filled in wants, and what it was given: `template.format(**values)`, `template % values`.
fn missing_name<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let scene = asked.scene;
    let mapping = point.expressions.iter().find_map(|part| filled_from(part))?;
    let text = code.text(mapping);
    let missing = scene.arguments_of(asked.failed).first().map(|number| Value::of_number(scene.dump, *number))?;
    let keys = scene.keys(place, &text);
    if keys.is_empty() || keys.iter().any(|key| key.repr == missing.repr) {
        return None;
    }
    let says = format!("{text} has no {}, which the text wants{}", missing.repr, also(&near_keys(&missing, &keys)));
    let mut finding = asked.blame("key", place, code, point, mapping, says);
    // The last is what all others are in.
    for part in point.expressions.last().iter().flat_map(|part| super::variables(part)) {
        asked.show(&mut finding, place, &code.text(part));
    }
    Some(finding)
}

/// `queue.remove(job)`: the list, and what is not in it.
fn absent_element<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let scene = asked.scene;
    let lookups = lookups(point, &["remove", "index", "rindex"]);
    let [(base, wanted)] = lookups.iter().filter(|(base, _)| !base.is_literal_expr()).collect::<Vec<_>>()[..] else {
        return None;
    };
    let (text, wanted_text) = (code.text(*base), code.text(*wanted));
    let value = scene.value(place, &wanted_text)?;
    let keys = scene.keys(place, &text);
    let near = near_keys(&value, &keys);
    let says = match scene.number(place, &format!("len({text})")) {
        Some(0) => format!("{text} is empty: {} is not in it", value.repr),
        _ => format!("{} is not in {text}{}", value.repr, also(&near)),
    };
    let mut finding = asked.blame("key", place, code, point, wanted, says);
    finding.object = scene.subject(place, &text);
    if !wanted.is_literal_expr() {
        asked.show(&mut finding, place, &wanted_text);
    }
    finding.look.insert(0, scene.print(place, &text));
    Some(finding)
}

/// What is looked up where: of `base[key]`, `base.pop(key)`, `base.remove(key)`.
fn lookups<'c>(point: &Point<'c>, methods: &[&str]) -> Vec<(&'c Expr, &'c Expr)> {
    let pair = |part: &&'c Expr| -> Option<(&'c Expr, &'c Expr)> {
        match part {
            Expr::Subscript(subscript) => Some((&subscript.value, &subscript.slice)),
            Expr::Call(call) => {
                let method = call.func.as_attribute_expr()?;
                let key = call.arguments.args.first()?;
                methods.contains(&method.attr.as_str()).then_some((&*method.value, key))
            }
            _ => None,
        }
    };
    point.expressions.iter().filter_map(pair).collect()
}

fn missing_key<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let scene = asked.scene;
    let lookups = lookups(point, &["pop", "remove", "__getitem__", "index", "move_to_end"]);
    let missing = scene.arguments_of(asked.failed).first().map(|number| Value::of_number(scene.dump, *number));
    let missing_repr = missing.as_ref().map_or(asked.message(), |missing| &missing.repr);
    let held = |(_, key): &&(&Expr, &Expr)| {
        scene.value(place, &code.text(*key)).is_some_and(|value| &*value.repr == missing_repr)
    };
    let known: Vec<&(&Expr, &Expr)> = lookups.iter().filter(held).collect();
    let (base, key) = match (known.as_slice(), lookups.as_slice()) {
        ([one], _) => **one,
        // Several have it: the one that lacks it.
        ([_, _, ..], _) => **known.iter().find(|(base, _)| {
            let keys = scene.keys(place, &code.text(*base));
            !keys.is_empty() && !keys.iter().any(|found| &*found.repr == missing_repr)
        })?,
        ([], [one]) => *one,
        _ => return None,
    };
    // What C code looked up, or a class of its own, may have been another key.
    if matches!(point.statement, ruff_python_ast::Stmt::Raise(_)) {
        return None;
    }
    let (text, key_text) = (code.text(base), code.text(key));
    let keys = scene.keys(place, &text);
    let wanted = missing.clone().or_else(|| scene.value(place, &key_text));
    let near = wanted.as_ref().map(|wanted| near_keys(wanted, &keys)).unwrap_or_default();
    let size = match scene.number(place, &format!("len({text})")) {
        Some(0) => ": it is empty".to_owned(),
        Some(size) => format!(" among its {size}"),
        None => String::new(),
    };
    let says = format!("{text} has no key {missing_repr}{size}{}", also(&near));
    let mut finding = asked.blame("key", place, code, point, key, says);
    let key_subject = finding.object.take();
    finding.object = scene.subject(place, &text);
    if let Some(object) = key_subject.filter(|_| !key.is_literal_expr()) {
        let at = Some(scene.spot(place));
        finding.evidence.insert(0, crate::explain::finding::Evidence { says: String::new(), at, object: Some(object) });
    }
    if finding.object.is_some() {
        finding.look.insert(0, scene.print(place, &text));
        if let Some(near) = near.first() {
            finding.look.insert(0, scene.print(place, &format!("{text}[{}]", near.text)));
        }
    }
    Some(finding)
}

fn out_of_range<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let scene = asked.scene;
    let mut unknown = Vec::new();
    for (base, index) in lookups(point, &["pop", "__getitem__"]) {
        let (text, index_text) = (code.text(base), code.text(index));
        let length = scene.number(place, &format!("len({text})"));
        let at = scene.number(place, &index_text);
        match (length, at) {
            (Some(length), Some(at)) if at >= length || at < -length => {
                return Some(index_finding(asked, place, code, point, (base, index), Some((length, at))));
            }
            (Some(_), Some(_)) => {}
            _ => unknown.push((base, index)),
        }
    }
    let pops = point.expressions.iter().filter_map(|part| part.as_call_expr()).filter_map(|call| {
        let method = call.func.as_attribute_expr()?;
        matches!(method.attr.as_str(), "pop" | "popleft" | "popitem").then_some(&*method.value)
    });
    for base in pops {
        let text = code.text(base);
        if scene.number(place, &format!("len({text})")) == Some(0) {
            let says = format!("{text} is empty: there is nothing to take out");
            return Some(asked.blame("index", place, code, point, base, says));
        }
    }
    match unknown.as_slice() {
        [one] => Some(index_finding(asked, place, code, point, *one, None)),
        _ => None,
    }
}

fn index_finding<'a>(
    asked: &Asked<'a, '_, '_>,
    place: Place<'a>,
    code: &Code,
    point: &Point<'_>,
    (base, index): (&Expr, &Expr),
    known: Option<(i128, i128)>,
) -> Finding {
    let (text, index_text) = (code.text(base), code.text(index));
    let wanted = match known {
        Some((_, at)) if !is_constant(index) => format!("{index_text}, which is {at}"),
        _ => index_text.clone(),
    };
    let says = match known {
        Some((0, _)) => format!("{text} is empty: there is no element {wanted}"),
        Some((1, _)) => format!("{text} has 1 element: there is no element {wanted}"),
        Some((length, _)) => format!("{text} has {length} elements: there is no element {wanted}"),
        None => format!("{text} has no element {wanted}"),
    };
    // An index that is computed is the suspect, a literal one never.
    let suspect = if is_constant(index) || !is_variable(index) || matches!(known, Some((0, _))) { base } else { index };
    let mut finding = asked.blame("index", place, code, point, suspect, says);
    for part in super::variables(index) {
        asked.show(&mut finding, place, &code.text(part));
    }
    if code.text(suspect) != text {
        let suspect = std::mem::replace(&mut finding.object, asked.scene.subject(place, &text));
        let at = Some(asked.scene.spot(place));
        if let Some(object) = suspect {
            finding
                .evidence
                .retain(|evidence| evidence.object.as_ref().is_none_or(|known| known.expression != object.expression));
            finding
                .evidence
                .insert(0, crate::explain::finding::Evidence { says: String::new(), at, object: Some(object) });
        }
        finding.look.insert(0, asked.scene.print(place, &text));
    }
    finding
}

/// `0`, `-1`
fn is_constant(index: &Expr) -> bool {
    index.is_literal_expr() || index.as_unary_op_expr().is_some_and(|unary| unary.operand.is_literal_expr())
}
