//! `TypeError` about one object that cannot do what is asked of it: which expression gave it, and where it came from.

use std::sync::Arc;

use ruff_python_ast::{CmpOp, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::{Asked, a, quoted};
use crate::explain::code::{Code, Point, generators};
use crate::explain::finding::Finding;
use crate::thread::Place;
use crate::value::Value;

pub(super) fn of(asked: &Asked<'_, '_, '_>) -> Vec<Finding> {
    let Some(place) = asked.place().filter(|_| asked.is("TypeError")) else { return Vec::new() };
    asked.at(place, |code, point| look(asked, place, code, point)).flatten().into_iter().collect()
}

fn look<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let message = asked.message();
    let words = quoted(message);
    let first = words.first().copied().unwrap_or_default();
    let two = message.contains("unsupported operand") || message.contains("not supported between instances");
    if let (true, [.., left, right]) = (two, words.as_slice()) {
        return operands(asked, place, code, point, left, right);
    }
    let (wanted, what, candidates): (&str, &str, Vec<&Expr>) = if message.contains("is not subscriptable")
        || message.contains("does not support item")
        || message.contains("object is unsubscriptable")
    {
        (first, "cannot be subscripted", subscripted(point))
    } else if message.contains("is not callable") {
        (first, "cannot be called", called(point))
    } else if message.contains("is not iterable") && message.starts_with("argument of") || message.contains("container")
    {
        (first, "has nothing in it to look for", contained(point))
    } else if message.contains("is not iterable")
        || message.contains("non-sequence")
        || message.contains("not an iterator")
    {
        (first_or_word(first, message, "non-sequence "), "cannot be gone through", iterated(point))
    } else if message.starts_with("cannot unpack non-iterable ") {
        (word_after(message, "non-iterable "), "cannot be unpacked", iterated(point))
    } else if message.contains("has no len()") {
        (first, "has no length", passed(point))
    } else if message.contains("context manager protocol") {
        (first, "cannot be entered by `with`", entered(point))
    } else if message.starts_with("unhashable type") || message.contains("(unhashable type") {
        (words.last().copied()?, "cannot be a key: it is mutable", keyed(point))
    } else if message.starts_with("bad operand type for unary") {
        (words.last().copied()?, "has no such operator", unary(point))
    } else if message.contains("indices must be integers") {
        return indices(asked, place, code, point);
    } else if let Some(class) = unwanted(message) {
        return argument(asked, place, code, point, class).or_else(|| both(asked, place, code, point));
    } else {
        return both(asked, place, code, point);
    };
    // The running instruction may be the very expression that is gone through.
    let candidates = if candidates.is_empty() { point.exact.into_iter().collect() } else { candidates };
    let (expression, _) = asked.of_type(place, code, &candidates, wanted)?;
    let text = code.text(expression);
    if wanted == "NoneType" {
        let says = format!("{text} is None, which {what}");
        return Some(asked.blame("none", place, code, point, expression, says));
    }
    Some(asked.blame("type", place, code, point, expression, format!("{text} is {}, which {what}", a(wanted))))
}

fn first_or_word<'m>(first: &'m str, message: &'m str, before: &str) -> &'m str {
    if first.is_empty() { word_after(message, before) } else { first }
}

fn word_after<'m>(message: &'m str, before: &str) -> &'m str {
    let rest = message.split_once(before).map_or("", |(_, rest)| rest);
    rest.split([' ', ',', ':']).next().unwrap_or_default()
}

/// The class that was given in place of another: `expected str, bytes or os.PathLike object, not NoneType`.
fn unwanted(message: &str) -> Option<&str> {
    if let Some((_, rest)) = message.split_once("instance, ") {
        return rest.split(' ').next();
    }
    let (_, rest) = message.rsplit_once(" not ").or_else(|| message.rsplit_once("(not "))?;
    let word = rest.trim_matches(['\'', '"', '(', ')', '.']);
    let word = word.split(['\'', '"', ' ']).next()?;
    (!word.is_empty()).then_some(word)
}

fn subscripted<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    let found = point.expressions.iter().filter_map(|part| part.as_subscript_expr());
    exact_first(point, found.map(|part| (part.range, &*part.value)).collect())
}

fn called<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    let found = point.expressions.iter().filter_map(|part| part.as_call_expr());
    exact_first(point, found.map(|part| (part.range(), &*part.func)).collect())
}

/// What belongs to the running instruction, if one of them is it.
fn exact_first<'c>(point: &Point<'c>, found: Vec<(ruff_text_size::TextRange, &'c Expr)>) -> Vec<&'c Expr> {
    let exact = point.exact.map(|exact| exact.range());
    let own: Vec<&Expr> = found.iter().filter(|(range, _)| Some(*range) == exact).map(|(_, part)| *part).collect();
    if own.is_empty() { found.into_iter().map(|(_, part)| part).collect() } else { own }
}

fn contained<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    let compares = point.expressions.iter().filter_map(|part| part.as_compare_expr());
    let right = compares.flat_map(|compare| compare.ops.iter().zip(&compare.comparators));
    right.filter(|(op, _)| matches!(op, CmpOp::In | CmpOp::NotIn)).map(|(_, right)| right).collect()
}

fn iterated<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    let mut found: Vec<&Expr> = Vec::new();
    match point.statement {
        Stmt::For(loops) => found.push(&loops.iter),
        Stmt::Assign(assign) if assign.targets.iter().any(|target| target.is_tuple_expr() || target.is_list_expr()) => {
            found.push(&assign.value);
        }
        _ => {}
    }
    for part in &point.expressions {
        found.extend(generators(part).iter().map(|of| &of.iter));
        match part {
            Expr::Starred(starred) => found.push(&starred.value),
            Expr::YieldFrom(from) => found.push(&from.value),
            Expr::Call(call) => found.extend(&call.arguments.args),
            _ => {}
        }
    }
    if let Some(exact) = point.exact.filter(|exact| !exact.is_call_expr() && !exact.is_tuple_expr())
        && !found.iter().any(|part| std::ptr::eq(*part, exact))
    {
        found.insert(0, exact);
    }
    found
}

fn passed<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    let calls = point.expressions.iter().filter_map(|part| part.as_call_expr());
    let all = calls.flat_map(|call| {
        let arguments = call.arguments.args.iter().chain(call.arguments.keywords.iter().map(|keyword| &keyword.value));
        arguments.map(|argument| (call.range(), argument)).collect::<Vec<_>>()
    });
    exact_first(point, all.collect())
}

fn entered<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    match point.statement {
        Stmt::With(with) => with.items.iter().map(|item| &item.context_expr).collect(),
        _ => Vec::new(),
    }
}

fn keyed<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    let mut found: Vec<&Expr> = Vec::new();
    for part in &point.expressions {
        match part {
            Expr::Subscript(subscript) => found.push(&subscript.slice),
            Expr::Set(set) => found.extend(&set.elts),
            Expr::Dict(dict) => found.extend(dict.items.iter().filter_map(|item| item.key.as_ref())),
            Expr::Call(call) => found.extend(&call.arguments.args),
            Expr::Compare(compare) => found.push(&compare.left),
            _ => {}
        }
    }
    found
}

fn unary<'c>(point: &Point<'c>) -> Vec<&'c Expr> {
    point.expressions.iter().filter_map(|part| part.as_unary_op_expr()).map(|unary| &*unary.operand).collect()
}

/// Both sides of an operator, the one that is likely wrong to be blamed: None, or else the one that is no literal.
fn operands<'a>(
    asked: &Asked<'a, '_, '_>,
    place: Place<'a>,
    code: &Code,
    point: &Point<'_>,
    left: &str,
    right: &str,
) -> Option<Finding> {
    let scene = asked.scene;
    let mut pairs: Vec<(&Expr, &Expr)> = Vec::new();
    for part in &point.expressions {
        match part {
            Expr::BinOp(operation) => pairs.push((&operation.left, &operation.right)),
            Expr::Compare(compare) => {
                let rest = compare.comparators.iter();
                pairs.extend(std::iter::once(&*compare.left).chain(rest.clone()).zip(rest));
            }
            _ => {}
        }
    }
    if let Stmt::AugAssign(assign) = point.statement {
        pairs.push((&assign.target, &assign.value));
    }
    let class = |expression: &Expr| scene.value(place, &code.text(expression)).map(|value| class_of(&value));
    let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let fits = |(a, b): &&(&Expr, &Expr)| {
        class(a).is_none_or(|class| *class == *short(left)) && class(b).is_none_or(|class| *class == *short(right))
    };
    let found: Vec<&(&Expr, &Expr)> = pairs.iter().filter(fits).collect();
    let exact = found.iter().rfind(|(a, b)| {
        point.exact.is_some_and(|exact| match exact {
            Expr::BinOp(operation) => std::ptr::eq(&*operation.left, *a) && std::ptr::eq(&*operation.right, *b),
            Expr::Compare(_) => true,
            _ => false,
        })
    });
    let (one, two) = match (exact, found.as_slice()) {
        (Some(one), _) => **one,
        (None, [one]) => **one,
        (None, [one, ..]) if class(one.0).is_some() && class(one.1).is_some() => **one,
        _ => return elements(asked, place, code, point, left, right),
    };
    let (suspect, other, other_class) = match (left, right) {
        (_, "NoneType") => (two, one, left),
        ("NoneType", _) => (one, two, right),
        // It was meant to be called.
        ("method" | "function" | "builtin_function_or_method", _) => (one, two, right),
        (_, "method" | "function" | "builtin_function_or_method") => (two, one, left),
        // An exact number does not mix with one that is not.
        ("float", "decimal.Decimal") => (one, two, right),
        ("decimal.Decimal", "float") => (two, one, left),
        _ if two.is_literal_expr() => (one, two, right),
        _ if one.is_literal_expr() => (two, one, left),
        // A text where a number is wanted is more often the mistake than a number where a text is.
        (_, "str") => (two, one, left),
        _ => (one, two, right),
    };
    let (text, other_text) = (code.text(suspect), code.text(other));
    let is = if std::ptr::eq(suspect, one) { left } else { right };
    let cause = if is == "NoneType" { "none" } else { "type" };
    let uncalled = matches!(is, "method" | "function");
    let uncalled = if uncalled { " that is not called" } else { "" };
    let says = format!("{text} is {}{uncalled}, and {other_text} is {}", a(is), a(other_class));
    let mut finding = asked.blame(cause, place, code, point, suspect, says);
    if !other.is_literal_expr() {
        asked.show(&mut finding, place, &other_text);
    }
    Some(finding)
}

/// The class of a value as messages name it: a method of the program's is a `method`.
fn class_of(value: &Value) -> Arc<str> {
    if value.repr.starts_with("<bound method ") { "method".into() } else { value.type_name.clone() }
}

/// The two sides of an operator.
fn sides(part: &Expr) -> Option<(&Expr, &Expr)> {
    match part {
        Expr::BinOp(operation) => Some((&operation.left, &operation.right)),
        Expr::Compare(compare) => Some((&compare.left, compare.comparators.first()?)),
        _ => None,
    }
}

/// Two sides of an operator that do not go together, for a reason that only the message has.
fn both<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let found: Vec<(&Expr, &Expr)> = point.expressions.iter().filter_map(|part| sides(part)).collect();
    let (left, right) = match (point.exact.and_then(sides), found.as_slice()) {
        (Some(exact), _) => exact,
        (None, [one]) => *one,
        _ => return None,
    };
    let value = |side: &Expr| asked.scene.value(place, &code.text(side));
    let (one, other) = (value(left)?, value(right)?);
    // Of a time with a zone and one without, the latter.
    let zoned = |value: &Value| value.repr.contains("tzinfo=");
    let suspect = if left.is_literal_expr() || zoned(&one) && !zoned(&other) { right } else { left };
    let says = format!(
        "{} is {}, and {} is {}: {}",
        code.text(left),
        a(&one.type_name),
        code.text(right),
        a(&other.type_name),
        asked.message()
    );
    let mut finding = asked.blame("type", place, code, point, suspect, says);
    for side in [left, right].into_iter().filter(|side| !side.is_literal_expr()) {
        asked.show(&mut finding, place, &code.text(side));
    }
    Some(finding)
}

/// The operator was at work in a function of C, on what a call was given: `sum(x)`, `sorted(x)`, `max(x)`.
fn elements<'a>(
    asked: &Asked<'a, '_, '_>,
    place: Place<'a>,
    code: &Code,
    point: &Point<'_>,
    left: &str,
    right: &str,
) -> Option<Finding> {
    let scene = asked.scene;
    let mut lists: Vec<&Expr> = passed(point);
    for part in &point.expressions {
        if let Expr::Call(call) = part
            && let Some(method) = call.func.as_attribute_expr()
        {
            lists.push(&method.value);
        }
    }
    let odd = if right == "NoneType" || left == "int" || left == "float" { right } else { left };
    // They were compared by what a function gives of them.
    let key = point.expressions.iter().filter_map(|part| part.as_call_expr()).find_map(|call| {
        let named =
            |keyword: &&ruff_python_ast::Keyword| keyword.arg.as_ref().is_some_and(|name| name.as_str() == "key");
        call.arguments.keywords.iter().find(named)?.value.as_lambda_expr().map(|key| code.text(key))
    });
    for list in lists {
        if let Some(key) = &key
            && let Some(finding) = by_key(asked, place, code, point, list, key, [left, right])
        {
            return Some(finding);
        }
        let text = code.text(list);
        let keys = scene.keys(place, &text);
        let classes = |wanted: &str| keys.iter().position(|key| &*key.type_name == wanted);
        let (Some(first), true) = (classes(odd), keys.len() > 1) else { continue };
        let element = format!("list({text})[{first}]");
        let says = format!("element {first} of {text} is {}, the others are not all so", a(odd));
        let cause = if odd == "NoneType" { "none" } else { "type" };
        let mut finding = asked.blame(cause, place, code, point, list, says);
        asked.show(&mut finding, place, &element);
        return Some(finding);
    }
    None
}

/// The first element of which a function gives another class than of those before it.
fn by_key<'a>(
    asked: &Asked<'a, '_, '_>,
    place: Place<'a>,
    code: &Code,
    point: &Point<'_>,
    list: &Expr,
    key: &str,
    classes: [&str; 2],
) -> Option<Finding> {
    let scene = asked.scene;
    let text = code.text(list);
    let keys = scene.keys(place, &format!("[({key})(x) for x in {text}]"));
    let first = keys.first()?;
    let common = if &*first.type_name == "NoneType" { keys.get(1)? } else { first };
    let index = keys.iter().position(|key| key.type_name != common.type_name)?;
    let odd = keys.get(index).filter(|odd| classes.contains(&&*odd.type_name))?;
    let cause = if &*odd.type_name == "NoneType" { "none" } else { "type" };
    let says =
        format!("of element {index} of {text} the key is {}, of others {}", a(&odd.type_name), a(&common.type_name));
    let mut finding = asked.blame(cause, place, code, point, list, says);
    asked.show(&mut finding, place, &format!("list({text})[{index}]"));
    Some(finding)
}

/// `list indices must be integers`: the index, and that the list may have been taken for a dict.
fn indices<'a>(asked: &Asked<'a, '_, '_>, place: Place<'a>, code: &Code, point: &Point<'_>) -> Option<Finding> {
    let message = asked.message();
    let container = message.split(' ').next().unwrap_or_default();
    let container = if container == "string" { "str" } else { container };
    let found = exact_first(
        point,
        point
            .expressions
            .iter()
            .filter_map(|part| part.as_subscript_expr())
            .map(|part| (part.range, &*part.value))
            .collect(),
    );
    let (base, _) = asked.of_type(place, code, &found, container)?;
    let all = point.expressions.iter().filter_map(|part| part.as_subscript_expr());
    let subscript = all.into_iter().find(|part| std::ptr::eq(&*part.value, base))?;
    let (text, index) = (code.text(base), code.text(&*subscript.slice));
    let class = asked.scene.value(place, &index).map(|value| value.type_name);
    let class = class.as_deref().or_else(|| unwanted(message)).unwrap_or("something else").to_owned();
    if class == "NoneType" {
        let says = format!("{index} is None, where an index of {text} is wanted");
        return Some(asked.blame("none", place, code, point, &subscript.slice, says));
    }
    // `x['key']`: who writes so means a dict.
    let suspect: &Expr = if class == "str" || class == "tuple" { base } else { &subscript.slice };
    let says = format!(
        "{text} is {}, and {index} is {}: {} indexed by it",
        a(container),
        a(&class),
        match suspect {
            _ if std::ptr::eq(suspect, base) => "a dict would be",
            _ => "it cannot be",
        }
    );
    let mut finding = asked.blame("type", place, code, point, suspect, says);
    if !subscript.slice.is_literal_expr() {
        asked.show(&mut finding, place, &index);
    }
    Some(finding)
}

/// An argument of another class than is wanted, or an operand: `can only concatenate str (not "int") to str`.
fn argument<'a>(
    asked: &Asked<'a, '_, '_>,
    place: Place<'a>,
    code: &Code,
    point: &Point<'_>,
    class: &str,
) -> Option<Finding> {
    let message = asked.message();
    let mut candidates: Vec<&Expr> = passed(point);
    for part in &point.expressions {
        if let Expr::BinOp(operation) = part {
            candidates.extend([&*operation.right, &*operation.left]);
        }
    }
    if let Stmt::AugAssign(assign) = point.statement {
        candidates.push(&assign.value);
    }
    if message.starts_with("sequence item") {
        let index: usize = message.split(' ').nth(2)?.trim_end_matches(':').parse().ok()?;
        for list in candidates {
            let element = format!("list({})[{index}]", code.text(list));
            if asked.scene.value(place, &element).is_some_and(|value| &*value.type_name == class) {
                let says = format!("element {index} of {} is {}", code.text(list), a(class));
                let mut finding = asked.blame("type", place, code, point, list, says);
                asked.show(&mut finding, place, &element);
                return Some(finding);
            }
        }
        return None;
    }
    let (expression, _) = asked.of_type(place, code, &candidates, class)?;
    let text = code.text(expression);
    // Of a method that was given a literal, what it was called on is the other thing than was meant.
    if expression.is_literal_expr() {
        let called = point.expressions.iter().filter_map(|part| part.as_call_expr());
        let of = called.filter(|call| call.range().contains_range(expression.range())).find_map(|call| {
            let method = call.func.as_attribute_expr()?;
            let value = asked.scene.value(place, &code.text(&*method.value))?;
            (!method.value.is_literal_expr() && &*value.type_name != "module").then_some((&*method.value, value))
        });
        if let Some((receiver, value)) = of {
            let says = format!("{} is {}, and {text} is {}", code.text(receiver), a(&value.type_name), a(class));
            return Some(asked.blame("type", place, code, point, receiver, says));
        }
    }
    let cause = if class == "NoneType" { "none" } else { "type" };
    Some(asked.blame(cause, place, code, point, expression, format!("{text} is {}: {message}", a(class))))
}
