//! The walk over an expression's tree.

use std::rc::Rc;

use super::signature::{Parameter, Signature};
use super::value::{Closure, Scope, Value};
use super::{Context, Failure, Res, names};
use crate::expr::tree::{Argument, Compare, Constant, Kind, Lambda, Node, Unary};

/// Calls within each other: of lambdas, of what goes through a value of any depth.
const DEEPEST: usize = 100;

impl<'a> Context<'a> {
    /// The value of a node.
    pub(super) fn evaluate(&self, node: &Node, scope: &Rc<Scope<'a>>) -> Res<Value<'a>> {
        self.budget.step()?;
        self.value_of(node, scope).map_err(|failure| failure.at(node.column, node.end))
    }

    fn value_of(&self, node: &Node, scope: &Rc<Scope<'a>>) -> Res<Value<'a>> {
        match &node.kind {
            Kind::Constant(constant) => Ok(self.constant(constant)),
            Kind::Name(name) => match scope.get(name) {
                Some(value) => Ok(value),
                None => names::of(self, name),
            },
            Kind::Attribute(value, name, column) => {
                let value = self.evaluate(value, scope)?;
                self.attribute(&value, name).map_err(|failure| failure.at(*column, node.end))
            }
            Kind::Subscript(value, key) => {
                let value = self.evaluate(value, scope)?;
                let index = self.evaluate(key, scope)?;
                self.subscript(&value, &index).map_err(|failure| failure.at(key.column, key.end))
            }
            Kind::Slice(parts) => {
                let part = |part: &Option<Box<Node>>| match part {
                    Some(part) => self.evaluate(part, scope),
                    None => Ok(Value::None),
                };
                let [lower, upper, step] = parts;
                Ok(Value::Slice(Rc::new([part(lower)?, part(upper)?, part(step)?])))
            }
            Kind::Unary(operator, operand) => {
                let value = self.evaluate(operand, scope)?;
                match operator {
                    Unary::Not => Ok(Value::Bool(!self.truth(&value)?)),
                    other => self.unary(*other, &value),
                }
            }
            Kind::Binary(operator, left, right) => {
                let left = self.evaluate(left, scope)?;
                let right = self.evaluate(right, scope)?;
                self.binary(*operator, &left, &right)
            }
            Kind::Logic(and, nodes) => {
                let mut value = Value::Bool(*and);
                for node in nodes {
                    value = self.evaluate(node, scope)?;
                    if self.truth(&value)? != *and {
                        break;
                    }
                }
                Ok(value)
            }
            Kind::Compare(left, rest) => self.compare_chain(left, rest, scope),
            Kind::If(test, body, other) => {
                let test = self.evaluate(test, scope)?;
                if self.truth(&test)? { self.evaluate(body, scope) } else { self.evaluate(other, scope) }
            }
            Kind::List(nodes) => Ok(Value::list(self.items(nodes, scope, true)?)),
            Kind::Tuple(nodes) => Ok(Value::tuple(self.items(nodes, scope, true)?)),
            Kind::Set(nodes) => {
                let mut set = super::dict::Set::default();
                for item in self.items(nodes, scope, false)? {
                    set.insert(self.key(&item)?, item);
                }
                Ok(Value::set(set))
            }
            Kind::Dict(items) => self.dict_of(items, scope),
            Kind::Starred(_) => Err(Failure::new("SyntaxError", "can't use starred expression here")),
            Kind::Comprehension(of) => self.comprehension(of, scope),
            Kind::Lambda(lambda) => self.closure(lambda, scope),
            Kind::Call(function, arguments) => {
                let function_value = self.evaluate(function, scope)?;
                let (positions, by_name) = self.arguments(&function_value, arguments, scope)?;
                self.call(&function_value, positions, by_name)
            }
            Kind::Format(pieces) => self.format_string(pieces, scope),
            Kind::Walrus(name, value) => {
                let value = self.evaluate(value, scope)?;
                scope.bind(name, value.clone());
                Ok(value)
            }
        }
    }

    fn constant(&self, constant: &Constant) -> Value<'a> {
        match constant {
            Constant::None => Value::None,
            Constant::Bool(value) => Value::Bool(*value),
            Constant::Ellipsis => Value::Ellipsis,
            Constant::Int(value) => Value::int(value.clone()),
            Constant::Float(value) => Value::Float(*value),
            Constant::Imaginary(value) => Value::Complex(0.0, *value),
            // A plain literal is a `str`, which is bytes in Python 2.
            Constant::Text(text) if self.python2 && text.is_ascii() => {
                Value::Bytes(super::value::Blob::Made(text.clone()))
            }
            Constant::Text(text) => Value::Text(super::value::Blob::Made(text.clone())),
            Constant::Bytes(bytes) => Value::Bytes(super::value::Blob::Made(bytes.clone())),
        }
    }

    /// The items of a display. What cannot be unpacked is refused in other words in a row than in a set.
    fn items(&self, nodes: &[Node], scope: &Rc<Scope<'a>>, row: bool) -> Res<Vec<Value<'a>>> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            match &node.kind {
                Kind::Starred(inner) => {
                    let value = self.evaluate(inner, scope)?;
                    let found = self.collect(&value).map_err(|failure| match failure.kind {
                        "TypeError" if row => {
                            let class = self.type_name(&value);
                            Failure::wrong_type(format!("Value after * must be an iterable, not {class}"))
                        }
                        _ => failure,
                    });
                    items.extend(found.map_err(|failure| failure.at(node.column, node.end))?);
                }
                _ => items.push(self.evaluate(node, scope)?),
            }
        }
        Ok(items)
    }

    fn dict_of(&self, items: &[(Option<Node>, Node)], scope: &Rc<Scope<'a>>) -> Res<Value<'a>> {
        let mut dict = super::dict::Dict::default();
        for (key, value) in items {
            match key {
                Some(key) => {
                    let name = self.evaluate(key, scope)?;
                    let value = self.evaluate(value, scope)?;
                    dict.insert(self.key(&name)?, name, value);
                }
                None => {
                    let other = self.evaluate(value, scope)?;
                    let data = self.data_for(&other, &["keys", "__getitem__"])?;
                    let Some(pairs) = self.mapping(&data)? else {
                        let message = format!("'{}' object is not a mapping", self.type_name(&other));
                        return Err(Failure::wrong_type(message).at(value.column, value.end));
                    };
                    for (name, value) in pairs.pairs() {
                        dict.insert(self.key(name)?, name.clone(), value.clone());
                    }
                }
            }
        }
        Ok(Value::dict(dict))
    }

    fn compare_chain(&self, left: &Node, rest: &[(Compare, Node)], scope: &Rc<Scope<'a>>) -> Res<Value<'a>> {
        let mut left = self.evaluate(left, scope)?;
        for (how, right) in rest {
            let right = self.evaluate(right, scope)?;
            if !self.compare(*how, &left, &right)? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    pub(super) fn compare(&self, how: Compare, left: &Value<'a>, right: &Value<'a>) -> Res<bool> {
        match how {
            Compare::Eq => self.equal(left, right),
            Compare::Ne => {
                for value in [left, right] {
                    if let Value::Object(object) = value
                        && object.kind() != crashsite_model::Kind::Class
                    {
                        self.must_be_builtin(object, "__ne__")?;
                    }
                }
                self.equal(left, right).map(|equal| !equal)
            }
            Compare::Is => self.same(left, right),
            Compare::IsNot => self.same(left, right).map(|same| !same),
            Compare::In => self.contains(right, left),
            Compare::NotIn => self.contains(right, left).map(|is| !is),
            order => self.order(order, left, right),
        }
    }

    #[allow(clippy::type_complexity)] // the two kinds of arguments
    fn arguments(
        &self,
        function: &Value<'a>,
        arguments: &[Argument],
        scope: &Rc<Scope<'a>>,
    ) -> Res<(Vec<Value<'a>>, Vec<(String, Value<'a>)>)> {
        let (mut positions, mut by_name) = (Vec::new(), Vec::new());
        for argument in arguments {
            match argument {
                Argument::Position(node) => match &node.kind {
                    Kind::Starred(inner) => {
                        let value = self.evaluate(inner, scope)?;
                        positions.extend(self.collect(&value).map_err(|failure| match failure.kind {
                            "TypeError" => {
                                let (name, class) = (self.called(function), self.type_name(&value));
                                let message = format!("{name} argument after * must be an iterable, not {class}");
                                Failure::wrong_type(message)
                            }
                            _ => failure,
                        })?);
                    }
                    _ => positions.push(self.evaluate(node, scope)?),
                },
                Argument::Name(name, node) => {
                    let value = self.evaluate(node, scope)?;
                    self.add_name(function, &mut by_name, name.clone(), value)?;
                }
                Argument::Names(node) => {
                    let value = self.evaluate(node, scope)?;
                    let data = self.data_for(&value, &["keys", "__getitem__"])?;
                    let Some(dict) = self.mapping(&data)? else {
                        let (name, class) = (self.called(function), self.type_name(&value));
                        let message = format!("{name} argument after ** must be a mapping, not {class}");
                        return Err(Failure::wrong_type(message));
                    };
                    for (name, value) in dict.pairs() {
                        match self.load(name.clone())? {
                            Value::Text(name) => {
                                let name = String::from_utf8_lossy(&name).into_owned();
                                self.add_name(function, &mut by_name, name, value.clone())?;
                            }
                            _ => return Err(Failure::wrong_type("keywords must be strings")),
                        }
                    }
                }
            }
        }
        Ok((positions, by_name))
    }

    /// Adds an argument by name, which must be the first of that name.
    fn add_name(
        &self,
        function: &Value<'a>,
        by_name: &mut Vec<(String, Value<'a>)>,
        name: String,
        value: Value<'a>,
    ) -> Res<()> {
        if by_name.iter().any(|(known, _)| *known == name) {
            let function = self.called(function);
            let message = format!("{function} got multiple values for keyword argument '{name}'");
            return Err(Failure::wrong_type(message));
        }
        by_name.push((name, value));
        Ok(())
    }

    /// What messages call a function: `len()`, `catalog.total()`.
    fn called(&self, function: &Value<'a>) -> String {
        match function {
            Value::Function(name) => format!("{name}()"),
            Value::Class(name) => format!("{name}()"),
            Value::Method(owner, name) => format!("{}.{name}()", self.builtin_name(owner)),
            Value::Object(object)
                if matches!(object.kind(), crashsite_model::Kind::Class | crashsite_model::Kind::Function) =>
            {
                let (module, name) = super::class::name_of(object);
                format!("{}()", crate::repr::full_name(&module, &name))
            }
            other => format!("{} object", self.type_name(other)),
        }
    }

    fn closure(&self, lambda: &Rc<Lambda>, scope: &Rc<Scope<'a>>) -> Res<Value<'a>> {
        let default = |node: &Option<Node>| node.as_ref().map(|node| self.evaluate(node, scope)).transpose();
        let defaults =
            lambda.parameters.iter().map(|parameter| default(&parameter.default)).collect::<Res<Vec<_>>>()?;
        Ok(Value::Lambda(Rc::new(Closure { lambda: lambda.clone(), defaults, scope: scope.clone() })))
    }

    /// Calls a lambda of the expression.
    pub(super) fn call_lambda(
        &self,
        closure: &Closure<'a>,
        positions: Vec<Value<'a>>,
        by_name: Vec<(String, Value<'a>)>,
    ) -> Res<Value<'a>> {
        let scope = Scope::within(&closure.scope, true);
        let parameters = closure.lambda.parameters.iter().zip(&closure.defaults);
        let parameters = parameters.map(|(parameter, default)| Parameter {
            name: parameter.name.clone(),
            takes: parameter.takes,
            default: default.clone(),
        });
        let signature = Signature { function: "<lambda>".to_owned(), implicit: 0, parameters: parameters.collect() };
        let values = signature.bind(self, positions, by_name)?;
        for (parameter, value) in signature.parameters.iter().zip(values) {
            scope.set(&parameter.name, value);
        }
        self.deeper(|| self.within(scope.place, || self.evaluate(&closure.lambda.body, &scope)))
    }

    /// Runs what may come back here within itself: so deep and no deeper.
    pub(super) fn deeper<T>(&self, run: impl FnOnce() -> Res<T>) -> Res<T> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(Failure::new("RecursionError", "maximum recursion depth exceeded"));
        }
        self.depth.set(depth + 1);
        let made = run();
        self.depth.set(depth);
        made
    }
}
