//! Special methods of the builtin types, asked for by name: `value.__len__()`.

use super::super::call::Arguments;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::expr::tree::{Binary, Compare, Unary};

const NUMBERS: &[&str] = &["bool", "int", "long", "float"];
const TEXTS: &[&str] = &["str", "unicode", "bytes", "bytearray"];
const ROWS: &[&str] = &["list", "tuple"];
const DICTS: &[&str] = &["dict", "collections.OrderedDict", "collections.defaultdict", "collections.Counter"];
const SETS: &[&str] = &["set", "frozenset"];

/// Whether a builtin type has a special method of that name, of those that are understood.
pub(in crate::eval) fn has(class: &str, name: &str, version: (u32, u32)) -> bool {
    let is = |groups: &[&[&str]]| groups.iter().any(|group| group.contains(&class));
    match name {
        "__len__" => {
            is(&[TEXTS, ROWS, DICTS, SETS, &["range", "collections.deque", "dict_keys", "dict_values", "dict_items"]])
        }
        "__contains__" => is(&[TEXTS, ROWS, DICTS, SETS, &["range", "collections.deque", "dict_keys", "dict_items"]]),
        "__iter__" => {
            super::is_iterator(class)
                || is(&[
                    TEXTS,
                    ROWS,
                    DICTS,
                    SETS,
                    &["range", "collections.deque", "dict_keys", "dict_values", "dict_items"],
                ])
        }
        "__next__" => super::is_iterator(class),
        "__getitem__" => is(&[TEXTS, ROWS, DICTS, &["range", "collections.deque"]]),
        "__add__" | "__mul__" => is(&[NUMBERS, TEXTS, ROWS, &["complex", "collections.deque"]]),
        "__radd__" => is(&[NUMBERS, &["complex"]]),
        "__sub__" => is(&[NUMBERS, SETS, &["complex"]]),
        "__truediv__" | "__pow__" | "__neg__" | "__abs__" | "__bool__" => is(&[NUMBERS, &["complex"]]),
        "__floordiv__" | "__divmod__" | "__int__" | "__float__" => is(&[NUMBERS]),
        "__mod__" => is(&[NUMBERS, TEXTS]),
        "__and__" | "__xor__" => is(&[SETS, &["int", "bool", "long"]]),
        "__or__" => is(&[SETS, &["int", "bool", "long"]]) || version >= (3, 9) && is(&[DICTS]),
        "__invert__" | "__index__" => is(&[&["int", "bool", "long"]]),
        "__lt__" | "__le__" | "__gt__" | "__ge__" => is(&[NUMBERS, TEXTS, ROWS, SETS]),
        "__eq__" | "__ne__" | "__str__" | "__repr__" => {
            is(&[NUMBERS, TEXTS, ROWS, DICTS, SETS, &["complex", "range", "collections.deque", "NoneType"]])
        }
        "__hash__" => is(&[
            NUMBERS,
            SETS.get(1..).unwrap_or_default(),
            &["complex", "tuple", "range", "NoneType", "str", "bytes"],
        ]),
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
    let binary = match name {
        "__add__" => Some(Binary::Add),
        "__sub__" => Some(Binary::Sub),
        "__mul__" => Some(Binary::Mul),
        "__truediv__" => Some(Binary::Div),
        "__floordiv__" => Some(Binary::FloorDiv),
        "__mod__" => Some(Binary::Mod),
        "__pow__" => Some(Binary::Pow),
        "__and__" => Some(Binary::And),
        "__or__" => Some(Binary::Or),
        "__xor__" => Some(Binary::Xor),
        _ => None,
    };
    let order = match name {
        "__eq__" => Some(Compare::Eq),
        "__ne__" => Some(Compare::Ne),
        "__lt__" => Some(Compare::Lt),
        "__le__" => Some(Compare::Le),
        "__gt__" => Some(Compare::Gt),
        "__ge__" => Some(Compare::Ge),
        _ => None,
    };
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
    if let Some(operator) = binary {
        let other = one(arguments)?;
        return declined(context.binary(operator, owner, &other)).map(Some);
    }
    if let Some(order) = order {
        let other = one(arguments)?;
        if context.type_name(owner) != context.type_name(&other) {
            return Ok(Some(Value::NotImplemented));
        }
        return declined(context.compare(order, owner, &other).map(Value::Bool)).map(Some);
    }
    let function = match name {
        "__getitem__" => return context.subscript(owner, &one(arguments)?).map(Some),
        "__contains__" => return context.contains(owner, &one(arguments)?).map(|is| Some(Value::Bool(is))),
        "__radd__" => {
            let other = one(arguments)?;
            return declined(context.binary(Binary::Add, &other, owner)).map(Some);
        }
        "__neg__" => return context.unary(Unary::Minus, owner).map(Some),
        "__invert__" => return context.unary(Unary::Invert, owner).map(Some),
        "__len__" => Value::Function("len"),
        "__iter__" => Value::Function("iter"),
        "__next__" => Value::Function("next"),
        "__abs__" => Value::Function("abs"),
        "__hash__" => Value::Function("hash"),
        "__repr__" => Value::Function("repr"),
        "__str__" => Value::Class("str"),
        "__bool__" => Value::Class("bool"),
        "__int__" | "__index__" => Value::Class("int"),
        "__float__" => Value::Class("float"),
        _ => return Ok(None),
    };
    arguments.bind::<0>([], 0)?;
    context.call(&function, vec![owner.clone()], Vec::new()).map(Some)
}
