//! Objects that functions of Python's library make: views of dictionaries, annotations, time zones, loggers.

use crashsite_parse::NodeId;

use super::{Graph, Ref};
use crate::heap::Kind;

impl Graph<'_> {
    /// Describes such an object; `false` where it is another.
    pub(super) fn made_by_function(&mut self, node: NodeId, name: u32, args: &[NodeId]) -> bool {
        match (self.full_name(name), args) {
            (("builtins", view @ ("dict.keys" | "dict.values" | "dict.items")), &[mapping]) => {
                let class = match view {
                    "dict.keys" => "dict_keys",
                    "dict.values" => "dict_values",
                    _ => "dict_items",
                };
                let repr = format!("<{class} object>");
                let class = self.known_class("builtins", class);
                self.with_arguments(node, Kind::Wrapper, class, &repr, &["mapping"], &[mapping]);
            }
            (("zoneinfo", "ZoneInfo._unpickle"), &[key, _]) => {
                let repr = self.zone(node);
                let class = self.known_class("zoneinfo", "ZoneInfo");
                self.with_arguments(node, Kind::Atom, class, &repr, &["key"], &[key]);
            }
            (("functools", "lru_cache"), &[function, ..]) => {
                let class = self.known_class("functools", "_lru_cache_wrapper");
                let repr = "<functools._lru_cache_wrapper object>";
                self.with_arguments(node, Kind::Wrapper, class, repr, &["__wrapped__"], &[function]);
            }
            (("logging", "getLogger"), names) => {
                let name = self.text_at(names.first().copied());
                let name = if names.is_empty() { "root" } else { name.get(..1000).unwrap_or(&name) };
                let (class, repr) = match names {
                    [] => ("RootLogger", format!("<RootLogger {name}>")),
                    _ => ("Logger", format!("<Logger {name}>")),
                };
                let class = self.known_class("logging", class);
                self.with_arguments(node, Kind::Opaque, class, &repr, &["name"], names);
            }
            ((module, function), parts @ [_, ..]) if module.starts_with("pandas._libs.tslibs.") => {
                let (class, names): (_, &[&str]) = match function {
                    "_timestamp_unpickle" => ("Timestamp", &["value", "freq", "tz"]),
                    "_timedelta_unpickle" => ("Timedelta", &["value"]),
                    _ => return false,
                };
                let class = self.known_class("pandas", class);
                self.with_arguments(node, Kind::Opaque, class, "", names, parts);
            }
            (("pandas.core.indexes.base", "_new_Index"), &[class, parts]) => {
                let class = self.class_of(class);
                self.filled(node, Kind::Instance, class, |graph, scratch| {
                    graph.attributes_of_dict(parts, &mut scratch.attributes);
                });
            }
            (("numpy.ma.core", "_mareconstruct"), &[class, ..]) => {
                let class = self.class_of(class);
                self.instance(node, class, &[]);
            }
            (("_operator" | "operator", "getitem"), &[of, parts]) => return self.alias(node, of, parts),
            (("_functools" | "functools", "reduce"), &[or, classes]) => {
                if !self.is_named(or, ("_operator", "or_")) && !self.is_named(or, ("operator", "or_")) {
                    return false;
                }
                let repr = self.words(classes, " | ");
                let class = self.known_class("types", "UnionType");
                self.with_arguments(node, Kind::Wrapper, class, &repr, &["__args__"], &[classes]);
            }
            _ => return false,
        }
        true
    }

    /// `typing.List[int]`
    fn alias(&mut self, node: NodeId, of: NodeId, parts: NodeId) -> bool {
        let of = self.word_of_class(of);
        let Some(short) = of.strip_prefix("typing.") else { return false };
        let several = self.pickle.is_tuple(parts).then(|| self.pickle.as_slice(parts)).flatten();
        let (class, repr) = match (short, several) {
            ("Union" | "Optional", Some(&[class, none])) if self.word_of_class(none) == "None" => {
                ("_UnionGenericAlias", format!("typing.Optional[{}]", self.word_of_class(class)))
            }
            ("Union" | "Optional", _) => ("_UnionGenericAlias", format!("{of}[{}]", self.words(parts, ", "))),
            ("Callable", Some(&[taken, given])) => {
                let taken = self.words(taken, ", ");
                ("_CallableGenericAlias", format!("{of}[[{taken}], {}]", self.word_of_class(given)))
            }
            ("Literal", _) => ("_LiteralGenericAlias", format!("{of}[…]")),
            _ => ("_GenericAlias", format!("{of}[{}]", self.words(parts, ", "))),
        };
        let class = self.known_class("typing", class);
        self.with_arguments(node, Kind::Wrapper, class, &repr, &["__args__"], &[parts]);
        true
    }

    /// The words for a class, or for the classes in a tuple or list.
    fn words(&mut self, classes: NodeId, between: &str) -> String {
        const MOST: usize = 20;
        let mut words: Vec<String> = Vec::new();
        let pickle = self.pickle;
        for class in pickle.items(classes).take(MOST) {
            words.push(self.word_of_class(class));
        }
        match (words.is_empty(), pickle.item_count(classes) > MOST) {
            (true, _) => self.word_of_class(classes),
            (_, true) => words.join(between) + between + "…",
            (_, false) => words.join(between),
        }
    }

    /// The word for a class in an annotation: `int`, `shop.Order`, `None`.
    fn word_of_class(&mut self, class: NodeId) -> String {
        let name = match self.resolve(class) {
            Ref::Named(name) => name,
            _ if self.pickle.is_none(class) => return "None".to_owned(),
            _ => return "…".to_owned(),
        };
        match self.full_name(name) {
            ("builtins", "NoneType") => "None".to_owned(),
            ("builtins", name) => name.to_owned(),
            (module, name) => format!("{module}.{name}"),
        }
    }

    /// Whether a node is the object of that name.
    pub(super) fn is_named(&mut self, node: NodeId, name: (&str, &str)) -> bool {
        matches!(self.resolve(node), Ref::Named(found) if self.full_name(found) == name)
    }
}
