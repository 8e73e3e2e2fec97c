//! `value.name`: of the object itself, then of its class and the classes it derives from.

use crashsite_model::{Dump, Kind, Object};

use super::{Failure, Found, nearest, object, subscript};
use crate::expr::Key;

/// Classes of an MRO that are looked through.
const MOST_CLASSES: usize = 1000;

/// The attribute of that name.
pub(super) fn of<'a>(dump: &'a Dump, found: &Found<'a>, name: &str) -> Result<Found<'a>, Failure> {
    let Found::Object(value) = found else { return Err(no_attributes(found)) };
    if let Some(number) = value.attribute(name) {
        return object(dump, number);
    }
    if value.kind() == Kind::Module
        && let Some(globals) = value.element(0).and_then(|number| dump.heap.object(number))
    {
        return subscript::of(dump, &Found::Object(globals), &Key::Text(name.to_owned()))
            .map_err(|_| Failure::new("AttributeError", format!("the module has no attribute '{name}'")));
    }
    let class = value.class();
    if let (Some(fields), Kind::Tuple) = (class.map(|class| &class.fields), value.kind())
        && let Some(index) = fields.iter().position(|field| &**field == name)
        && let Some(number) = value.element(index)
    {
        return object(dump, number);
    }
    let start = if value.kind() == Kind::Class { Some(*value) } else { class_of(dump, value) };
    if let Some(entry) = start.and_then(|class| along_the_mro(dump, &class, name)) {
        return from_class(dump, entry?, name, value.kind() == Kind::Class);
    }
    let near = nearest(name, value.attributes().map(|(name, _)| name));
    let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    let class = class.map_or("object", |class| &class.name);
    Err(Failure::new("AttributeError", format!("'{class}' object has no attribute '{name}'{hint}")))
}

fn no_attributes(found: &Found<'_>) -> Failure {
    match found {
        Found::Preview(_) => Failure::new("NotCaptured", "of this value the dump holds its preview only")
            .remedy("A budget of the capture was spent, or the file is cut: see `crashsite info`."),
        _ => Failure::new("NotSupported", "attributes of a value that the expression made are not understood"),
    }
}

fn class_of<'a>(dump: &'a Dump, value: &Object<'a>) -> Option<Object<'a>> {
    dump.heap.object(value.class()?.class?).filter(|class| class.kind() == Kind::Class)
}

/// The first class along the MRO that has the name in its namespace. The MRO begins with the class itself.
fn along_the_mro<'a>(dump: &'a Dump, class: &Object<'a>, name: &str) -> Option<Result<Object<'a>, Failure>> {
    class
        .elements()
        .take(MOST_CLASSES)
        .filter_map(|number| dump.heap.object(number))
        .find_map(|owner| owner.attribute(name))
        .map(|number| match object(dump, number)? {
            Found::Object(entry) => Ok(entry),
            _ => Err(Failure::new("NotCaptured", "the class attribute was not captured")),
        })
}

/// What a class's entry means for its instance. A property would run the program's code.
fn from_class<'a>(dump: &'a Dump, entry: Object<'a>, name: &str, of_class: bool) -> Result<Found<'a>, Failure> {
    let class = entry.class_name();
    if !of_class && (class == "property" || class == "cached_property") {
        let getter = entry.attribute("fget").or_else(|| entry.attribute("func"));
        let place = getter
            .and_then(|number| dump.heap.object(number))
            .and_then(|getter| getter.location())
            .map_or_else(String::new, |(file, line)| format!(" ({}:{line})", file.text));
        return Err(Failure::new("NeedsCode", format!("{name} is a property{place}; code of the program is not run"))
            .remedy(
                "Its source is in the dump where the file is: `crashsite source`. Ask for the attributes it reads.",
            ));
    }
    Ok(Found::Object(entry))
}
