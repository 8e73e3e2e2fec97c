//! What a pointer shows of the object it points to: `<DB at 0x7f…>`, with the `id()` that the program knew.

use crashsite_model::{Dump, Object};
use crashsite_view::repr;

use crate::name::clean;
use crate::reach::{Content, Node, class_name};
use crate::shape::Shape;

/// Characters of a text, or of another value that is its own label.
const LONGEST: usize = 60;

/// The label of an object that is laid out.
pub(crate) fn of_node(dump: &Dump, node: &Node) -> String {
    let Some(object) = dump.heap.object(node.number) else { return repr::NOT_CAPTURED.to_owned() };
    match &node.content {
        Content::Scalar(_) => clean(&repr::of_object(dump, &object, LONGEST)),
        Content::Members { .. } => clean(&format!("{}{}", class(&object), at(&object))),
        Content::Elements(_) => {
            let length = dump.heap.state(&object).full_length.unwrap_or_else(|| dump.heap.contents(&object).len());
            clean(&format!("{} of {length}{}", class(&object), at(&object)))
        }
    }
}

/// The label of an object that is not.
pub(crate) fn of_elsewhere(dump: &Dump, number: u32) -> String {
    let Some(object) = dump.heap.object(number) else { return repr::NOT_CAPTURED.to_owned() };
    match Shape::of(dump, &object) {
        Shape::Members | Shape::Elements => {
            clean(&format!("{}{}, not laid out: see --max-members", class(&object), at(&object)))
        }
        _ => clean(&repr::of_object(dump, &object, LONGEST)),
    }
}

fn class<'a>(object: &Object<'a>) -> &'a str {
    object.class().map_or("object", |class| class_name(class))
}

fn at(object: &Object<'_>) -> String {
    match object.address() {
        0 => String::new(),
        address => format!(" at {address:#x}"),
    }
}
