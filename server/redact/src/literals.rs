//! Reads a module of Python that holds nothing but literals: texts, tuples, dictionaries, `+`, and names defined above.

use std::collections::HashMap;

use ruff_python_ast::{Expr, Operator, Stmt};
use ruff_python_parser::parse_module;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Literal {
    Text(String),
    Tuple(Vec<Literal>),
    Dict(Vec<(String, Literal)>),
}

/// The values of a module, by their names.
pub(crate) type Module = HashMap<String, Literal>;

/// The module; `None` where it has anything else in it.
pub(crate) fn module(source: &str) -> Option<Module> {
    let parsed = parse_module(source).ok()?.into_syntax();
    let mut module = Module::new();
    for statement in parsed.body {
        let (target, value) = match statement {
            Stmt::Assign(assign) => (assign.targets.into_iter().next()?, assign.value),
            Stmt::AnnAssign(assign) => (*assign.target, assign.value?),
            Stmt::Expr(_) | Stmt::ImportFrom(_) => continue,
            _ => return None,
        };
        let Expr::Name(name) = target else { return None };
        let value = read(&value, &module)?;
        module.insert(name.id.to_string(), value);
    }
    Some(module)
}

fn read(expression: &Expr, module: &Module) -> Option<Literal> {
    match expression {
        Expr::StringLiteral(text) => Some(Literal::Text(text.value.to_str().to_owned())),
        Expr::Name(name) => module.get(name.id.as_str()).cloned(),
        Expr::Tuple(tuple) => {
            tuple.elts.iter().map(|item| read(item, module)).collect::<Option<_>>().map(Literal::Tuple)
        }
        Expr::BinOp(sum) if sum.op == Operator::Add => match (read(&sum.left, module)?, read(&sum.right, module)?) {
            (Literal::Text(left), Literal::Text(right)) => Some(Literal::Text(left + &right)),
            _ => None,
        },
        Expr::Dict(dict) => {
            let pair = |item: &ruff_python_ast::DictItem| match read(item.key.as_ref()?, module)? {
                Literal::Text(key) => Some((key, read(&item.value, module)?)),
                _ => None,
            };
            dict.items.iter().map(pair).collect::<Option<_>>().map(Literal::Dict)
        }
        _ => None,
    }
}
