//! `TypeError` about arguments: the call, and the signature of what it calls.

use crashsite_model::Kind;
use ruff_python_ast::Expr;

use super::Asked;
use crate::explain::finding::Finding;
use crate::explain::near::{also, near_names};
use crate::explain::origin::last_name;
use crate::explain::scene::told;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let message = asked.message();
    let about = [
        "positional argument",
        "unexpected keyword argument",
        "multiple values for",
        "required keyword-only",
        "takes no arguments",
    ];
    let Some(place) =
        asked.place().filter(|_| asked.is("TypeError") && about.iter().any(|word| message.contains(word)))
    else {
        return Vec::new();
    };
    let called = message.split("()").next().unwrap_or_default();
    let name = called.rsplit('.').next().unwrap_or_default();
    let class = called.strip_suffix(".__init__").map(|class| class.rsplit('.').next().unwrap_or_default());
    let scene = asked.scene;
    let found = asked.at(place, |code, point| {
        let calls: Vec<_> = point.expressions.iter().filter_map(|part| part.as_call_expr()).collect();
        let named = calls.iter().find(|call| {
            let last = last_name(&call.func);
            last == name || class == Some(last)
        });
        let exact = point.exact.and_then(Expr::as_call_expr);
        let call = exact.or(named.copied()).or(match calls.as_slice() {
            [one] => Some(*one),
            _ => None,
        })?;
        let text = code.text(&*call.func);
        let mut says = format!("the call does not fit the signature of {text}: {message}");
        // The function itself, or what makes instances of a class.
        let ways = [format!("({text}).__func__"), text.clone(), format!("({text}).__init__")];
        let functions = ways.iter().filter_map(|way| scene.object(place, way));
        let function = functions.into_iter().find(|object| object.kind() == Kind::Function);
        let mut evidence = Vec::new();
        if let Some((function, (file, line))) = function.and_then(|function| Some((function, function.location()?))) {
            let qualname = crate::repr::halves(&function).1;
            let own = qualname.rsplit('.').next().unwrap_or_default();
            let line = u64::from(line);
            let source = scene.code(&file.text);
            let definition = source.as_ref().and_then(|source| source.defined_at(line, own)?.definition);
            let place = definition.zip(source.as_ref()).map_or(line, |(found, source)| source.line(&found.name));
            evidence.push(told(format!("{qualname} is defined here"), scene.spot_of(&file.text, place, &qualname)));
            if let Some(definition) = definition
                && message.contains("unexpected keyword")
                && let Some(wrong) = super::quoted(message).last()
            {
                let names = definition.parameters.iter().map(|parameter| parameter.name().as_str());
                says.push_str(&also(&near_names(wrong, names)));
            }
        }
        let mut finding = asked.blame("call", place, code, point, &call.func, says);
        finding.evidence = evidence;
        for argument in call.arguments.args.iter().chain(call.arguments.keywords.iter().map(|keyword| &keyword.value)) {
            let value = if let Expr::Starred(starred) = argument { &starred.value } else { argument };
            if !value.is_literal_expr() {
                asked.show(&mut finding, place, &code.text(value));
            }
        }
        Some(finding)
    });
    found.flatten().into_iter().collect()
}
