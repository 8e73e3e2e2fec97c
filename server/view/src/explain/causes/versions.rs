//! An object whose class has the name of the class that was wanted, and is another: a module that was loaded twice, or changed.

use ruff_python_ast::{Expr, Stmt};

use super::Asked;
use crate::explain::code::{Code, bytes, path, within};
use crate::explain::finding::Finding;
use crate::thread::Place;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place() else { return Vec::new() };
    let places = asked.scene.outwards(place).take(3);
    places.into_iter().find_map(|place| in_frame(asked, place)).into_iter().collect()
}

fn in_frame<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>) -> Option<Finding> {
    asked
        .at(place, |code, point| {
            let at = bytes(point.statement).start;
            let around = path(point.function.body, &|statement| bytes(statement).contains(&at));
            let mut tests: Vec<&Expr> =
                around.iter().flat_map(|step| step.conditions.iter().map(|(test, _)| *test)).collect();
            if let Stmt::Assert(assert) = point.statement {
                tests.push(&assert.test);
            }
            let calls = tests.into_iter().flat_map(within).filter_map(|part| part.as_call_expr());
            for call in calls.filter(|call| code.text(&*call.func) == "isinstance") {
                let [value, class] = &*call.arguments.args else { continue };
                let classes: &[Expr] = match class {
                    Expr::Tuple(tuple) => &tuple.elts,
                    one => std::slice::from_ref(one),
                };
                for class in classes {
                    if let Some(says) = differ(asked, place, code, value, class) {
                        let mut finding = asked.blame("class-version", place, code, point, value, says);
                        asked.show(&mut finding, place, &format!("type({})", code.text(value)));
                        asked.show(&mut finding, place, &code.text(class));
                        return Some(finding);
                    }
                }
            }
            None
        })
        .flatten()
}

/// Whether the class of a value is another of the same name.
fn differ<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, value: &Expr, class: &Expr) -> Option<String> {
    let scene = asked.scene;
    let wanted = scene.object(place, &code.text(class)).filter(|class| class.kind() == crashsite_model::Kind::Class)?;
    let own = scene.class_of(&scene.object(place, &code.text(value))?)?;
    let derives = scene.mro(&own).iter().any(|base| base.number == wanted.number);
    let twin = scene
        .mro(&own)
        .into_iter()
        .find(|base| base.number != wanted.number && crate::repr::halves(base).1 == crate::repr::halves(&wanted).1)?;
    if derives {
        return None;
    }
    let file = |class: &crashsite_model::Object<'_>| {
        class.location().map_or("an unknown place".to_owned(), |(file, line)| format!("{}:{line}", file.text))
    };
    let (module, name) = crate::repr::halves(&wanted);
    let (other, _) = crate::repr::halves(&twin);
    let text = code.text(value);
    Some(match module == other {
        true => format!(
            "{text} is a {name} of another version of module {module}: its class is not the {name} that is there now (was the module loaded twice?)"
        ),
        false => format!("{text} is a {other}.{name} ({}), not a {module}.{name} ({})", file(&twin), file(&wanted)),
    })
}
