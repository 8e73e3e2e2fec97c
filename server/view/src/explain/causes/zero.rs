//! `ZeroDivisionError`: the divisor, and where it came from.

use ruff_python_ast::{Expr, Operator, Stmt};

use super::Asked;
use crate::explain::finding::Finding;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place().filter(|_| asked.is("ZeroDivisionError")) else { return Vec::new() };
    let divides = |operator: Operator| matches!(operator, Operator::Div | Operator::FloorDiv | Operator::Mod);
    let found = asked.at(place, |code, point| {
        let mut divisors: Vec<&Expr> = Vec::new();
        for part in &point.expressions {
            match part {
                Expr::BinOp(operation) if divides(operation.op) => divisors.push(&operation.right),
                Expr::Call(call) if matches!(&*code.text(&*call.func), "divmod" | "math.fmod" | "Fraction") => {
                    divisors.extend(call.arguments.args.get(1));
                }
                _ => {}
            }
        }
        if let Stmt::AugAssign(assign) = point.statement
            && divides(assign.op)
        {
            divisors.push(&assign.value);
        }
        let zero =
            |divisor: &&&Expr| asked.scene.truth(place, &format!("({}) == 0", code.text(**divisor))) == Some(true);
        let known = divisors.iter().find(zero).copied();
        let divisor = known.or(match divisors.as_slice() {
            [one] => Some(*one),
            _ => None,
        })?;
        let text = code.text(divisor);
        let mut finding = asked.blame("zero", place, code, point, divisor, format!("{text} is 0, and is divided by"));
        let parts = super::variables(divisor);
        // `len(x)`, `a - b`: what is in it tells where the zero is from.
        if !super::is_variable(divisor) {
            for part in &parts {
                asked.show(&mut finding, place, &code.text(*part));
            }
            if let [one] = parts.as_slice() {
                let way = asked.blame("zero", place, code, point, one, "");
                finding.evidence.extend(way.evidence);
                finding.look.extend(way.look.into_iter().take(1));
            }
        }
        Some(finding)
    });
    found.flatten().into_iter().collect()
}
