//! How an expression that is being typed may go on: names, attributes, keys.

use crashsite_model::{Kind, Object};

use super::data::Data;
use super::made::Holds;
use super::value::Value;
use super::{Context, Limits, Res, SPECIAL, Session, builtin, class, method, parse, types, with_specials};
use crate::expr::tree::{self, Node};
use crate::expr::{LONGEST, Typed, typed};
use crate::repr::inside_quotes;

/// What may stand in the place of the last word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// Bytes of the text, at its end, whose place a candidate takes.
    pub replaced: usize,
    /// In the order of the alphabet; of very many the first.
    pub candidates: Vec<Candidate>,
}

/// A word that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// As it is written in an expression; a key without its quotes.
    pub text: String,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a word is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A variable of the frame.
    Frame,
    /// A global variable.
    Module,
    /// A builtin.
    Builtins,
    /// `$exc`, `$0`
    Session,
    /// An attribute of the value before.
    Attribute,
    /// A key of the dict before.
    Key,
}

/// What the value before a dot or a bracket may take: nobody waits long for a word.
const EFFORT: Limits = Limits { steps: 200_000, memory: 4 << 20, milliseconds: 200 };
/// Words in an answer.
const MOST: usize = 500;
/// Characters of a word.
const LONGEST_WORD: usize = 100;

impl<'a> Session<'a> {
    /// How a text may go on that ends where the cursor is. What cannot be told is left out; nothing changes by it.
    pub fn complete(&self, text: &str) -> Completions {
        if text.len() > LONGEST {
            return Completions::default();
        }
        let context = self.beside(EFFORT);
        match typed(text) {
            Typed::Name(word) => answer(word, context.names_of_place(word)),
            Typed::Attribute { of, name } => {
                let names = context.value_before(of).and_then(|value| context.attribute_names(&value).ok());
                // What begins with an underscore is shown to who asks for it.
                let shown =
                    names.into_iter().flatten().filter(|found| name.starts_with('_') || !found.starts_with('_'));
                answer(name, shown.map(|name| (name, Origin::Attribute)).collect())
            }
            Typed::Key { of, quote, key } => {
                let keys = context.value_before(of).map(|value| context.keys(&value, quote));
                answer(key, keys.into_iter().flatten().map(|key| (key, Origin::Key)).collect())
            }
            Typed::Nothing => Completions::default(),
        }
    }
}

/// Of words those that begin so.
fn answer(word: &str, mut words: Vec<(String, Origin)>) -> Completions {
    let fits =
        |text: &str, origin| origin == Origin::Key || text.chars().all(|c| c.is_alphanumeric() || "_$".contains(c));
    words.retain(|(text, origin)| text.starts_with(word) && text.len() <= LONGEST_WORD && fits(text, *origin));
    // The sort is stable: of names that hide one another, the first stays.
    words.sort_by(|a, b| a.0.cmp(&b.0));
    words.dedup_by(|a, b| a.0 == b.0);
    words.truncate(MOST);
    let candidates = words.into_iter().map(|(text, origin)| Candidate { text, origin }).collect();
    Completions { replaced: word.len(), candidates }
}

impl<'a> Context<'a> {
    /// Names, in the order in which they are looked up.
    fn names_of_place(&self, word: &str) -> Vec<(String, Origin)> {
        let mut names: Vec<(String, Origin)> =
            self.frame().locals.iter().map(|local| (local.name.to_string(), Origin::Frame)).collect();
        if word.is_empty() {
            return names;
        }
        if let Some(globals) = self.frame().globals.and_then(|number| self.dump.heap.object(number)) {
            names.extend(self.keys(&Value::Object(globals), '\'').into_iter().map(|name| (name, Origin::Module)));
        }
        names.extend(builtin::names(self.python2).map(|name| (name.to_owned(), Origin::Builtins)));
        names.push(("$exc".to_owned(), Origin::Session));
        names.extend(self.answers.borrow().numbers().map(|number| (format!("${number}"), Origin::Session)));
        names
    }

    /// The value of an expression before a dot or a bracket, if it can be had without changing an earlier answer.
    fn value_before(&self, expression: &str) -> Option<Value<'a>> {
        let tree = parse(expression).ok()?;
        let text = with_specials(expression);
        let of_answers = text.match_indices(SPECIAL).any(|(at, _)| {
            text.get(at + SPECIAL.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        if of_answers && !self.only_reads(&tree) {
            return None;
        }
        self.ask(self.place.get(), &tree).ok()
    }

    /// The attributes that a value has, as far as the dump and the builtin types tell: `dir`.
    pub(super) fn attribute_names(&self, value: &Value<'a>) -> Res<Vec<String>> {
        let mut all: Vec<String> = Vec::new();
        match value {
            Value::Object(object) if object.kind() == Kind::Module => {
                let globals = object.element(0).and_then(|number| self.dump.heap.object(number));
                all.extend(globals.iter().flat_map(|globals| self.keys(&Value::Object(*globals), '\'')));
            }
            Value::Object(object) => {
                all.extend(object.attributes().map(|(name, _)| name.to_owned()));
                let class = if object.kind() == Kind::Class { Some(*object) } else { class::of(self.dump, object) };
                all.extend(class.iter().flat_map(|class| self.names_of_class(class)));
            }
            Value::Instance(made) => {
                if let Holds::Fields(fields) = &made.holds {
                    all.extend(fields.iter().map(|(name, _)| name.clone()));
                }
                all.extend(self.names_of_class(&made.class));
            }
            _ => {}
        }
        let builtin = match value {
            Value::Class(class) => Some(*class),
            Value::Object(object) if matches!(object.kind(), Kind::Class | Kind::Module) => None,
            _ => types::known(&self.type_name(value)),
        };
        all.extend(builtin.iter().flat_map(|class| method::all(class)).map(str::to_owned));
        for _ in &all {
            self.budget.step()?;
        }
        Ok(all)
    }

    /// The names in the namespaces of a class and of those it derives from.
    fn names_of_class(&self, class: &Object<'a>) -> Vec<String> {
        let owners = class::mro(self.dump, class);
        owners.flat_map(|owner| owner.attributes().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()).collect()
    }

    /// The keys of a dict that are text, as they are written between quotes; none of what is no dict.
    fn keys(&self, value: &Value<'a>, quote: char) -> Vec<String> {
        let mut keys = Vec::new();
        let mut add = |key: Value<'a>| match self.load(key) {
            Ok(Value::Text(text)) => keys.push(inside_quotes(&text, quote, LONGEST_WORD)),
            Ok(Value::Bytes(text)) if self.python2 => keys.push(inside_quotes(&text, quote, LONGEST_WORD)),
            _ => {}
        };
        match self.data(value) {
            Ok(Data::Pairs(pairs)) => {
                let numbers = pairs.contents.pairs(0).take_while(|_| self.budget.step().is_ok());
                numbers.filter_map(|(key, _)| self.object(key).ok()).for_each(&mut add);
            }
            Ok(Data::Value(Value::Dict(dict))) => dict.borrow().pairs().for_each(|(key, _)| add(key.clone())),
            _ => {}
        }
        keys
    }

    /// Whether an expression is names, attributes and elements only, and so changes nothing.
    fn only_reads(&self, node: &Node) -> bool {
        match &node.kind {
            tree::Kind::Name(_) | tree::Kind::Constant(_) => true,
            tree::Kind::Attribute(value, ..) | tree::Kind::Unary(_, value) => self.only_reads(value),
            tree::Kind::Subscript(value, key) => {
                // A defaultdict would make what it does not have.
                let makes = |value| matches!(value, Value::Dict(dict) if dict.borrow().factory.is_some());
                self.only_reads(key) && self.only_reads(value) && !self.ask(self.place.get(), value).is_ok_and(makes)
            }
            _ => false,
        }
    }
}
