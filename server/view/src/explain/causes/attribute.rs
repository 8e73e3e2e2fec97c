//! `AttributeError`: the object that lacks the attribute, and what it has instead.

use crashsite_model::Kind;
use ruff_python_ast::Expr;

use super::{Asked, quoted};
use crate::explain::finding::Finding;
use crate::explain::near::near_names;
use crate::explain::scene::told;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let message = asked.message();
    if !asked.is("AttributeError") {
        return Vec::new();
    }
    let words = quoted(message);
    let (kind, name) = match words.as_slice() {
        [kind, name, ..] => (*kind, *name),
        // `Order instance has no attribute 'x'`, of Python 2.
        [name] => (message.split(' ').next().unwrap_or_default(), *name),
        [] => return Vec::new(),
    };
    let Some(place) = asked.place() else { return Vec::new() };
    let found = asked.at(place, |code, point| {
        let bases: Vec<&Expr> = point
            .expressions
            .iter()
            .filter_map(|part| part.as_attribute_expr())
            .filter(|part| part.attr.as_str() == name || is_mangled(part.attr.as_str(), name))
            .map(|part| &*part.value)
            .collect();
        let module = message.contains("module '");
        let class = message.starts_with("type object");
        let wanted = match (module, class) {
            (true, _) => "module",
            (_, true) => "type",
            _ => kind,
        };
        // Metaclasses have names of their own, and proxies those of others.
        let (base, value) = asked.of_type(place, code, &bases, wanted).or_else(|| match bases.as_slice() {
            [one] => Some((one, asked.scene.value(place, &code.text(*one)))),
            _ => None,
        })?;
        let text = code.text(base);
        if kind == "NoneType" {
            let says = format!("{text} is None, so it has no {name}");
            return Some(asked.blame("none", place, code, point, base, says));
        }
        let object = value.as_ref().and_then(|value| asked.scene.dump.heap.object(value.id?));
        let names = object.map(|object| asked.scene.attributes(&object)).unwrap_or_default();
        let near = near_names(name, names.iter().map(String::as_str));
        let private = names.iter().find(|own| {
            point.expressions.iter().any(|part| {
                part.as_attribute_expr()
                    .is_some_and(|part| is_mangled(part.attr.as_str(), name) && is_mangled(part.attr.as_str(), own))
            })
        });
        let also = match private {
            Some(own) => format!("; there is {own}, which only the methods of its own class can name so"),
            None => crate::explain::near::also(&near),
        };
        let what = if module { format!("module {kind}") } else { super::a(kind) };
        let what = if class { format!("the class {kind}") } else { what };
        let mut finding =
            asked.blame("attribute", place, code, point, base, format!("{text} is {what}, which has no {name}{also}"));
        if let Some(object) = object.filter(|object| object.kind() == Kind::Module) {
            about_module(asked, &object, kind, &mut finding);
        }
        if let Some(first) = near.first().filter(|_| value.is_some()) {
            finding.look.insert(0, asked.scene.print(place, &format!("{text}.{}", first.text)));
        }
        set_elsewhere(asked, place, code, &text, name, &mut finding);
        Some(finding)
    });
    found.flatten().into_iter().collect()
}

/// Whether a name is what a class makes of a private one: `_Vault__secret` of `__secret`.
fn is_mangled(private: &str, name: &str) -> bool {
    private.starts_with("__") && name.starts_with('_') && name.len() > private.len() + 1 && name.ends_with(private)
}

/// A module that stands before the one that was meant, or that is not yet filled.
fn about_module(asked: &Asked<'_, '_, '_>, object: &crashsite_model::Object<'_>, name: &str, finding: &mut Finding) {
    let (_, rest) = crate::repr::halves(object);
    let file = rest.split('\0').next().unwrap_or_default().to_owned();
    let scene = asked.scene;
    if super::import::shadows(scene.dump, name, &file) {
        finding.cause = "shadowed-module";
        finding.says = format!("{name} is not the module of the standard library but {file}, which stands before it");
    }
    if super::import::is_own_name(asked, &file) {
        finding.cause = "shadowed-module";
        finding.says = super::import::own_name(name, &file);
        return;
    }
    let importing = asked.place().into_iter().flat_map(|place| scene.outwards(place));
    if let Some(place) = importing
        .into_iter()
        .find(|place| *place.frame.function == *"<module>" && !file.is_empty() && *place.frame.file == *file)
    {
        let says = format!("{name} is still being imported: this line of it has not been passed");
        finding.cause = "circular-import";
        finding.evidence.insert(0, told(says, scene.spot(place)));
    }
}

/// Whether the class of an object has an `__init__` that calls no other one.
fn skips_init<'a>(scene: &crate::explain::scene::Scene<'a, '_>, object: &crashsite_model::Object<'a>) -> bool {
    let found = || {
        let class = scene.class_of(object)?;
        let code = scene.code(&class.location()?.0.text)?;
        let own = crate::repr::halves(&class).1;
        let own = own.rsplit('.').next()?;
        let is_init = |function: &crate::explain::code::Function<'_>| {
            function.class.is_some_and(|class| class.name.as_str() == own)
                && function.definition.is_some_and(|definition| definition.name.as_str() == "__init__")
        };
        let init = code.functions().into_iter().find(is_init)?;
        let mut parts = crate::explain::origin::all(init.body).into_iter().flat_map(crate::explain::code::own);
        let calls = |part: &Expr| {
            part.as_call_expr().is_some_and(|call| crate::explain::origin::last_name(&call.func) == "__init__")
        };
        Some(!parts.any(calls))
    };
    found().unwrap_or(false)
}

/// The methods of the class that set the attribute, none of which has run.
fn set_elsewhere<'a>(
    asked: &Asked<'a, '_, '_>,
    place: crate::thread::Place<'a>,
    _: &crate::explain::code::Code,
    base: &str,
    name: &str,
    finding: &mut Finding,
) {
    let scene = asked.scene;
    let Some(object) = scene.object(place, base).filter(|object| object.kind() != Kind::Module) else { return };
    let class = if object.kind() == Kind::Class { Some(object) } else { scene.class_of(&object) };
    for class in class.iter().flat_map(|class| scene.mro(class)) {
        let Some((file, _)) = class.location() else { continue };
        let Some(code) = scene.code(&file.text) else { continue };
        let qualname = crate::repr::halves(&class).1;
        let own = qualname.rsplit('.').next().unwrap_or_default();
        for function in code.functions() {
            if function.class.is_none_or(|class| class.name.as_str() != own) {
                continue;
            }
            let is = |target: &Expr| {
                target.as_attribute_expr().is_some_and(|attribute| {
                    attribute.attr.as_str() == name
                        && attribute.value.as_name_expr().is_some_and(|base| base.id.as_str() == "self")
                })
            };
            if let Some(bound) = code.targets(function.body, &is, "").first() {
                let method = function.definition.map_or("", |method| method.name.as_str());
                let spot = scene.spot_of(&file.text, code.line(bound.statement), &format!("{own}.{method}"));
                let skipped = method == "__init__" && skips_init(scene, &object);
                let says = match scene.class_of(&object).filter(|_| skipped) {
                    Some(derived) => {
                        let derived = crate::repr::halves(&derived).1;
                        format!("{own}.__init__ sets it, which {derived}.__init__ does not call")
                    }
                    None => format!("{own}.{method} sets it, and had not come so far for this object"),
                };
                finding.evidence.push(told(says, spot));
                return;
            }
        }
    }
}
