//! `ValidationError` of pydantic: the fields that were refused, and what was given for them.

use ruff_python_ast::Expr;

use super::Asked;
use crate::explain::code::{Code, Point};
use crate::explain::finding::{Evidence, Finding, Subject};
use crate::thread::Place;

/// Fields that are told.
const MOST: usize = 5;
/// Frames in which what was given is looked for.
const MOST_FRAMES: usize = 12;

/// A field that was refused.
struct Refused<'m> {
    /// `lines`, `1`, `count`
    path: Vec<&'m str>,
    /// In the words of the message, without what it repeats.
    why: &'m str,
}

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let fields = fields(asked.message());
    let (Some(place), Some(first)) = (asked.place().filter(|_| asked.is("ValidationError")), fields.first()) else {
        return Vec::new();
    };
    let scene = asked.scene;
    let places: Vec<Place<'_>> = scene.outwards(place).take(MOST_FRAMES).collect();
    let (own, library): (Vec<_>, Vec<_>) = places.into_iter().partition(|place| !place.frame.library);
    let says = |way: &str, value: &str| format!("{way} is {value}: {}", first.why);
    for place in own.into_iter().chain(library) {
        let found = asked.at(place, |code, point| {
            let (part, way) = given(asked, place, code, point, first)?;
            let value = scene.value(place, &way)?;
            let shown = crate::text::shorten(&value.repr, 60).into_owned();
            let mut finding = asked.blame("validation", place, code, point, part, says(&way, &shown));
            finding.object = Some(Subject { expression: way.clone(), value });
            finding.look.insert(0, scene.print(place, &way));
            for field in fields.iter().skip(1).take(MOST) {
                let says = format!("{}: {}", field.path.join("."), field.why);
                let way = given(asked, place, code, point, field).map(|(_, way)| way);
                let object = way.and_then(|way| scene.subject(place, &way));
                finding.evidence.insert(0, Evidence { says, at: Some(scene.spot(place)), object });
            }
            Some(finding)
        });
        if let Some(finding) = found.flatten() {
            return vec![finding];
        }
    }
    Vec::new()
}

/// The fields of a message: the path in a line of its own, what is wrong in the next, further in.
fn fields(message: &str) -> Vec<Refused<'_>> {
    let mut lines = message.lines().skip(1).peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(why) = lines.peek().filter(|why| why.starts_with("  ") && !line.starts_with(' ')) else { continue };
        let why = why.trim();
        let why = why.rsplit_once(" [type=").or_else(|| why.rsplit_once(" (type=")).map_or(why, |(why, _)| why);
        let path = line.split(" -> ").flat_map(|part| part.split('.')).collect();
        found.push(Refused { path, why });
    }
    found
}

/// What a call was given for a field: the argument, and the expression of the field's value.
fn given<'a, 'c>(
    asked: &Asked<'a, '_, '_>,
    place: Place<'a>,
    code: &Code,
    point: &Point<'c>,
    field: &Refused<'_>,
) -> Option<(&'c Expr, String)> {
    let calls = point.expressions.iter().filter_map(|part| part.as_call_expr());
    let arguments = calls.flat_map(|call| {
        let named = call.arguments.keywords.iter().map(|keyword| (keyword.arg.as_ref(), &keyword.value));
        call.arguments.args.iter().map(|argument| (None, argument)).chain(named)
    });
    arguments.into_iter().find_map(|(name, argument)| {
        let rest = match (name, field.path.split_first()) {
            (Some(name), Some((first, rest))) if name.as_str() == *first => rest,
            (Some(_), _) => return None,
            (None, _) => &field.path,
        };
        let mut way = code.text(argument);
        for (position, part) in rest.iter().enumerate() {
            let steps = [format!("{way}['{part}']"), format!("{way}[{part}]"), format!("{way}.{part}")];
            match steps.into_iter().find(|step| asked.scene.value(place, step).is_some()) {
                Some(step) => way = step,
                // It may be what is missing.
                None if position + 1 == rest.len() => break,
                None => return None,
            }
        }
        asked.scene.value(place, &way).is_some().then_some((argument, way))
    })
}
