//! Special methods of the builtin types, asked for by name: `value.__len__()`.

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::equal::to_bigint;
use super::super::exact::Exact;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::expr::tree::{Binary, Compare, Unary};
use crate::python::{float, int};

const INTS: &[&str] = &["int", "bool", "long"];
const TEXTS: &[&str] = &["str", "unicode", "bytes", "bytearray"];
const ROWS: &[&str] = &["list", "tuple", "collections.deque"];
const DICTS: &[&str] = &["dict", "collections.OrderedDict", "collections.defaultdict", "collections.Counter"];
const SETS: &[&str] = &["set", "frozenset"];
const VIEWS: &[&str] = &["dict_keys", "dict_items", "odict_keys", "odict_items"];
const EXACT: &[&str] = &["decimal.Decimal", "fractions.Fraction"];

/// How a special method of an operator is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    InPlace,
}

/// The operator of a special method: `__radd__` is that of `+`, from the right.
fn operator(name: &str) -> Option<(Binary, Side)> {
    let word = name.strip_prefix("__")?.strip_suffix("__")?;
    let of = |word: &str| {
        Some(match word {
            "add" => Binary::Add,
            "sub" => Binary::Sub,
            "mul" => Binary::Mul,
            "truediv" => Binary::Div,
            "floordiv" => Binary::FloorDiv,
            "mod" => Binary::Mod,
            "pow" => Binary::Pow,
            "lshift" => Binary::Shl,
            "rshift" => Binary::Shr,
            "and" => Binary::And,
            "or" => Binary::Or,
            "xor" => Binary::Xor,
            _ => return None,
        })
    };
    let sided = |prefix: char, side: Side| Some((of(word.strip_prefix(prefix)?)?, side));
    of(word)
        .map(|operator| (operator, Side::Left))
        .or_else(|| sided('r', Side::Right))
        .or_else(|| sided('i', Side::InPlace))
}

fn compares(name: &str) -> Option<Compare> {
    Some(match name {
        "__eq__" => Compare::Eq,
        "__ne__" => Compare::Ne,
        "__lt__" => Compare::Lt,
        "__le__" => Compare::Le,
        "__gt__" => Compare::Gt,
        "__ge__" => Compare::Ge,
        _ => return None,
    })
}

/// Whether a builtin type has the special method of an operator.
fn has_operator(class: &str, operator: Binary, side: Side, version: (u32, u32)) -> bool {
    use Binary::{Add, And, Div, FloorDiv, Mod, Mul, Or, Pow, Sub, Xor};
    let is = |groups: &[&[&str]]| groups.iter().any(|group| group.contains(&class));
    match side {
        Side::InPlace => match class {
            "list" | "collections.deque" | "bytearray" => matches!(operator, Add | Mul),
            "set" => matches!(operator, Or | And | Sub | Xor),
            "collections.Counter" => matches!(operator, Add | Sub | Or | And),
            _ => operator == Or && is(&[DICTS]) && version >= (3, 9),
        },
        _ if is(&[INTS]) => true,
        _ if class == "float" || is(&[EXACT]) => matches!(operator, Add | Sub | Mul | Div | FloorDiv | Mod | Pow),
        _ if class == "complex" => matches!(operator, Add | Sub | Mul | Div | Pow),
        _ if is(&[SETS, VIEWS]) => matches!(operator, Sub | And | Or | Xor),
        _ if class == "collections.Counter" && side == Side::Left => matches!(operator, Add | Sub | And | Or),
        _ if is(&[DICTS]) => operator == Or && version >= (3, 9),
        _ if is(&[TEXTS]) => match side {
            Side::Left => matches!(operator, Add | Mul | Mod),
            _ => matches!(operator, Mul | Mod),
        },
        _ if is(&[ROWS]) => operator == Mul || operator == Add && side == Side::Left,
        _ => match class {
            "datetime.timedelta" => matches!(operator, Add | Sub | Mul | Div | FloorDiv | Mod),
            "datetime.date" | "datetime.datetime" => matches!(operator, Add | Sub),
            _ => false,
        },
    }
}

/// Whether a builtin type has a special method of that name, of those that are understood.
pub(in crate::eval) fn has(class: &str, name: &str, version: (u32, u32)) -> bool {
    let is = |groups: &[&[&str]]| groups.iter().any(|group| group.contains(&class));
    let sized = || is(&[TEXTS, ROWS, DICTS, SETS, VIEWS, &["range", "dict_values", "odict_values", "memoryview"]]);
    if let Some((operator, side)) = operator(name) {
        return has_operator(class, operator, side, version);
    }
    let real = || is(&[INTS, EXACT, &["float"]]);
    match name {
        "__eq__" | "__ne__" | "__str__" | "__repr__" | "__format__" | "__hash__" | "__lt__" | "__le__" | "__gt__"
        | "__ge__" => true,
        "__len__" => sized(),
        "__iter__" => sized() || super::is_iterator(class),
        "__contains__" => sized() && !matches!(class, "dict_values" | "memoryview"),
        "__next__" => super::is_iterator(class),
        "__getitem__" => is(&[TEXTS, ROWS, DICTS, &["range", "memoryview", "mappingproxy"]]),
        "__setitem__" | "__delitem__" => is(&[&["list", "collections.deque", "bytearray"], DICTS]),
        "__missing__" => matches!(class, "collections.defaultdict" | "collections.Counter"),
        "__reversed__" => {
            version >= (3, 8) && is(&[DICTS, VIEWS, &["list", "collections.deque", "range", "dict_values"]])
        }
        "__bool__" => real() || matches!(class, "complex" | "NoneType" | "range" | "datetime.timedelta"),
        "__neg__" | "__pos__" | "__abs__" => real() || matches!(class, "complex" | "datetime.timedelta"),
        "__int__" | "__float__" => {
            real() && (class != "fractions.Fraction" || name == "__float__" || version >= (3, 11))
        }
        "__trunc__" | "__round__" | "__floor__" | "__ceil__" => real(),
        "__divmod__" | "__rdivmod__" => real() || class == "datetime.timedelta",
        "__invert__" | "__index__" => is(&[INTS]),
        "__getnewargs__" => is(&[INTS, &["float", "complex", "str", "bytes", "tuple"]]),
        "__complex__" => class == "complex" || is(&[EXACT]),
        _ => false,
    }
}

/// Calls one; `NotImplemented` where the operand is of a type that the method does not take.
pub(super) fn call<'a>(
    context: &Context<'a>,
    owner: &Value<'a>,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Option<Value<'a>>> {
    let one = |arguments: Arguments<'a>| -> Res<Value<'a>> {
        let given = arguments.positions.len();
        let [value] = <[Value<'a>; 1]>::try_from(arguments.positions)
            .map_err(|_| Failure::wrong_type(format!("expected 1 argument, got {given}")))?;
        Ok(value)
    };
    let declined = |made: Res<Value<'a>>| match made {
        Err(failure) if failure.kind == "TypeError" => Ok(Value::NotImplemented),
        made => made,
    };
    if let Some((operator, side)) = operator(name) {
        let other = one(arguments)?;
        return match side {
            Side::InPlace => in_place(context, operator, owner, &other).map(Some),
            _ if !numbers_fit(&context.data(owner)?, &context.data(&other)?) => Ok(Some(Value::NotImplemented)),
            _ => {
                // What sequences do with an operand that is none they refuse themselves.
                let sequence = matches!(
                    context.data(owner)?,
                    Data::List(_)
                        | Data::Tuple(_)
                        | Data::Deque(_)
                        | Data::Array(_)
                        | Data::Value(Value::Text(_) | Value::Bytes(_) | Value::DictView(..))
                );
                if sequence && operator == Binary::Mul {
                    context.int(&other)?;
                }
                let (left, right) = if side == Side::Left { (owner, &other) } else { (&other, owner) };
                let made = context.binary(operator, left, right);
                if sequence { made.map(Some) } else { declined(made).map(Some) }
            }
        };
    }
    if let Some(order) = compares(name) {
        let other = one(arguments)?;
        return match comparable(context, owner, &other, order)? {
            true => declined(context.compare(order, owner, &other).map(Value::Bool)).map(Some),
            false => Ok(Some(Value::NotImplemented)),
        };
    }
    if matches!(name, "__neg__" | "__pos__" | "__invert__") && !arguments.positions.is_empty() {
        let given = arguments.positions.len();
        return Err(Failure::wrong_type(format!("expected 0 arguments, got {given}")));
    }
    let function = match name {
        "__getitem__" => return context.subscript(owner, &one(arguments)?).map(Some),
        "__contains__" => return context.contains(owner, &one(arguments)?).map(|is| Some(Value::Bool(is))),
        "__missing__" => return context.missing_item(owner, &one(arguments)?).map(Some),
        "__delitem__" => return context.set_item(owner, &one(arguments)?, None).map(Some),
        "__setitem__" => {
            let [key, value] = arguments.positional(2)?.map(|value| value.unwrap_or(Value::None));
            return context.set_item(owner, &key, Some(value)).map(Some);
        }
        "__neg__" => return context.unary(Unary::Minus, owner).map(Some),
        "__pos__" => return context.unary(Unary::Plus, owner).map(Some),
        "__invert__" => return context.unary(Unary::Invert, owner).map(Some),
        "__getnewargs__" => {
            arguments.none()?;
            let parts = match context.data(owner)? {
                Data::Value(Value::Complex(real, imaginary)) => vec![Value::Float(real), Value::Float(imaginary)],
                _ => vec![owner.clone()],
            };
            return Ok(Some(Value::tuple(parts)));
        }
        "__floor__" | "__ceil__" => {
            arguments.none()?;
            return whole(context, owner, name).map(Some);
        }
        "__divmod__" | "__rdivmod__" => {
            let other = one(arguments)?;
            let pair = if name == "__divmod__" { vec![owner.clone(), other] } else { vec![other, owner.clone()] };
            return declined(context.call(&Value::Function("divmod"), pair, Vec::new())).map(Some);
        }
        "__round__" | "__format__" => {
            let positions = std::iter::once(owner.clone()).chain(arguments.positions).collect();
            let function = if name == "__round__" { "round" } else { "format" };
            return context.call(&Value::Function(function), positions, Vec::new()).map(Some);
        }
        "__len__" => Value::Function("len"),
        "__iter__" => Value::Function("iter"),
        "__next__" => Value::Function("next"),
        "__abs__" => Value::Function("abs"),
        "__hash__" => Value::Function("hash"),
        "__repr__" => Value::Function("repr"),
        "__reversed__" => Value::Class("reversed"),
        "__str__" => Value::Class("str"),
        "__bool__" => Value::Class("bool"),
        "__int__" | "__index__" | "__trunc__" => Value::Class("int"),
        "__float__" => Value::Class("float"),
        "__complex__" => Value::Class("complex"),
        _ => return Ok(None),
    };
    if let Some(given) = Some(arguments.positions.len()).filter(|given| *given > 0) {
        return Err(Failure::wrong_type(format!("expected 0 arguments, got {given}")));
    }
    context.call(&function, vec![owner.clone()], Vec::new()).map(Some)
}

/// How far a number is from an int: a type takes those that are no further.
fn rank(data: &Data<'_>) -> u8 {
    match data {
        Data::Value(value) if to_bigint(value).is_some() => 1,
        Data::Value(Value::Float(_)) => 2,
        Data::Value(Value::Complex(..)) => 3,
        Data::Value(Value::Exact(Exact::Decimal(_) | Exact::Fraction(_))) => 4,
        _ => 0,
    }
}

/// Whether the type of a number takes the other operand; true of what is no number.
fn numbers_fit(own: &Data<'_>, other: &Data<'_>) -> bool {
    match (rank(own), rank(other)) {
        (0, _) | (_, 0) => true,
        (own, other) => own >= other,
    }
}

/// Whether the type of a value compares itself with the other's.
fn comparable<'a>(context: &Context<'a>, a: &Value<'a>, b: &Value<'a>, how: Compare) -> Res<bool> {
    let (a, b) = (context.data(a)?, context.data(b)?);
    if let (own @ 1.., other @ 1..) = (rank(&a), rank(&b)) {
        let ordered = own != 3 || matches!(how, Compare::Eq | Compare::Ne);
        return Ok(own >= other && ordered);
    }
    let bytes = |data: &Data<'a>| matches!(data, Data::Array(_) | Data::Value(Value::Bytes(_)));
    Ok(match (&a, &b) {
        (Data::List(_), Data::List(_)) | (Data::Tuple(_), Data::Tuple(_)) | (Data::Deque(_), Data::Deque(_)) => true,
        (Data::Value(Value::Text(_)), Data::Value(Value::Text(_))) => true,
        (Data::Value(Value::None), Data::Value(Value::None)) => matches!(how, Compare::Eq | Compare::Ne),
        (Data::Value(Value::Range(_)), Data::Value(Value::Range(_))) => matches!(how, Compare::Eq | Compare::Ne),
        (Data::Value(Value::Exact(a)), Data::Value(Value::Exact(b))) => a.type_name() == b.type_name(),
        (Data::Other(a), Data::Other(b)) => a.number == b.number && matches!(how, Compare::Eq | Compare::Ne),
        (a, b) if bytes(a) && bytes(b) => true,
        (a, b) => {
            let both = context.mapping(a)?.is_some() && context.mapping(b)?.is_some();
            both && matches!(how, Compare::Eq | Compare::Ne)
                || context.as_set(a)?.is_some() && context.as_set(b)?.is_some()
        }
    })
}

/// `math.floor`, `math.ceil`
fn whole<'a>(context: &Context<'a>, value: &Value<'a>, name: &str) -> Res<Value<'a>> {
    let up = name == "__ceil__";
    match context.data(value)? {
        Data::Value(Value::Float(number)) => {
            let number = if up { number.ceil() } else { number.floor() };
            Ok(Value::int(int::of_float(number).or_else(|_| float::round(number))?))
        }
        Data::Value(Value::Exact(exact)) => match exact.whole(up)? {
            Some(number) => Ok(Value::int(number)),
            None => Err(Failure::unknown_method(name)),
        },
        Data::Value(other) => match to_bigint(&other) {
            Some(number) => Ok(Value::int(number)),
            None => Err(Failure::unknown_method(name)),
        },
        _ => Err(Failure::unknown_method(name)),
    }
}

/// `owner += other` and its kin, of what the expression made.
fn in_place<'a>(context: &Context<'a>, operator: Binary, owner: &Value<'a>, other: &Value<'a>) -> Res<Value<'a>> {
    let method = |name: &str| {
        let method = Value::Method(owner.clone().into(), name.into());
        context.call(&method, vec![other.clone()], Vec::new()).map(|_| owner.clone())
    };
    let replace = |owner: &Value<'a>| -> Res<Value<'a>> {
        match (owner, context.binary(operator, owner, other)?) {
            (Value::List(items) | Value::Deque(items, _), Value::List(made) | Value::Deque(made, _)) => {
                *items.borrow_mut() = made.borrow().clone();
            }
            (Value::Array(bytes), Value::Array(made)) => *bytes.borrow_mut() = made.borrow().clone(),
            (Value::Set(set), Value::Set(made)) => *set.borrow_mut() = made.borrow().clone(),
            (Value::Dict(dict), Value::Dict(made)) => *dict.borrow_mut() = made.borrow().clone(),
            _ => return Err(super::changes("an operator in place")),
        }
        Ok(owner.clone())
    };
    match (owner, operator) {
        (Value::List(_) | Value::Deque(..) | Value::Array(_), Binary::Add) => method("extend"),
        (Value::Dict(dict), Binary::Or) if dict.borrow().class != "Counter" => method("update"),
        (Value::List(_) | Value::Deque(..) | Value::Array(_) | Value::Set(_) | Value::Dict(_), _) => {
            match replace(owner) {
                Err(failure) if failure.kind == "TypeError" && matches!(owner, Value::Set(_)) => {
                    Ok(Value::NotImplemented)
                }
                made => made,
            }
        }
        _ => Err(super::changes("an operator in place")),
    }
}
