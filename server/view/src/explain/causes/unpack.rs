//! `ValueError` of unpacking: how many values there are, and how many names.

use ruff_python_ast::{Expr, Stmt};

use super::Asked;
use crate::explain::code::generators;
use crate::explain::finding::Finding;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let message = asked.message();
    let about = message.contains("values to unpack");
    let Some(place) = asked.place().filter(|_| asked.is("ValueError") && about) else { return Vec::new() };
    let wanted = message
        .split("expected ")
        .nth(1)
        .and_then(|rest| rest.trim_start_matches("at least ").split([',', ')', ' ']).next()?.parse::<i128>().ok());
    let scene = asked.scene;
    let found = asked.at(place, |code, point| {
        let mut candidates: Vec<(&Expr, bool)> = Vec::new();
        match point.statement {
            Stmt::Assign(assign) => candidates.push((&assign.value, false)),
            Stmt::For(loops) => candidates.push((&loops.iter, true)),
            _ => {}
        }
        for part in &point.expressions {
            candidates.extend(generators(part).iter().map(|of| (&of.iter, true)));
        }
        let names = wanted.map_or("another number of".to_owned(), |wanted| wanted.to_string());
        for (expression, each) in candidates {
            let text = code.text(expression);
            if !each {
                let length = scene.number(place, &format!("len({text})"));
                let says = match length {
                    Some(length) if Some(length) == wanted => continue,
                    Some(length) => format!("{text} has {length} values, and {names} are wanted"),
                    None => format!("{text} does not give the {names} values that are wanted"),
                };
                let mut finding = asked.blame("unpack", place, code, point, expression, says);
                for part in super::variables(expression) {
                    asked.show(&mut finding, place, &code.text(part));
                }
                return Some(finding);
            }
            // The first element of another length.
            let wanted = wanted?;
            let wrong = format!("[i for i, x in enumerate({text}) if len(x) != {wanted}][0]");
            let Some(index) = scene.number(place, &wrong) else { continue };
            let says = format!("element {index} of {text} has not the {names} values that are wanted");
            let mut finding = asked.blame("unpack", place, code, point, expression, says);
            let element = format!("list({text})[{index}]");
            let whole = std::mem::replace(&mut finding.object, scene.subject(place, &element));
            let at = Some(scene.spot(place));
            finding.evidence.insert(0, crate::explain::finding::Evidence { says: String::new(), at, object: whole });
            finding.look.insert(0, scene.print(place, &element));
            return Some(finding);
        }
        None
    });
    found.flatten().into_iter().collect()
}
