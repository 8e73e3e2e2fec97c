//! What is being typed at the end of an expression that is not whole yet.

/// The part that the cursor stands behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed<'t> {
    /// A name, of which this much is there.
    Name(&'t str),
    /// `of.name`
    Attribute {
        /// The expression before the dot.
        of: &'t str,
        /// What is there of the name.
        name: &'t str,
    },
    /// `of['key`
    Key {
        /// The expression before the bracket.
        of: &'t str,
        /// Which quote is open.
        quote: char,
        /// What is there of the key, as it is written between quotes.
        key: &'t str,
    },
    /// Something that nothing is known about: a number, a text, the end of an operand.
    Nothing,
}

/// Words after which a new operand begins.
const KEYWORDS: &[&str] = &["and", "await", "else", "for", "from", "if", "in", "is", "lambda", "not", "or", "yield"];

/// What is being typed at the end of a text.
pub fn typed(text: &str) -> Typed<'_> {
    let mut open: Vec<Open> = Vec::new();
    let (mut operand, mut dot) = (None, None);
    let mut at = 0;
    while let Some(c) = after(text, at).chars().next() {
        let begin = at;
        at += c.len_utf8();
        match c {
            _ if c.is_whitespace() => continue,
            '_' | '$' => {}
            _ if c.is_alphanumeric() => {}
            '\'' | '"' => {
                let Some(end) = end_of_text(after(text, begin), c) else { return key(text, begin, c, open.last()) };
                at = begin + end;
                (operand, dot) = (Some(begin), None);
                continue;
            }
            '.' => {
                (operand, dot) = if dot.is_none() { (operand, operand.map(|_| begin)) } else { (None, None) };
                continue;
            }
            '(' | '[' | '{' => {
                open.push(Open { bracket: c, at: begin, operand });
                (operand, dot) = (None, None);
                continue;
            }
            ')' | ']' | '}' => {
                operand = open.pop().map(|open| open.operand.unwrap_or(open.at));
                dot = None;
                continue;
            }
            _ => {
                (operand, dot) = (None, None);
                continue;
            }
        }
        let number = c.is_numeric();
        let within = |c: &char| c.is_alphanumeric() || *c == '_' || (number && *c == '.');
        at += after(text, at).chars().take_while(within).map(char::len_utf8).sum::<usize>();
        let word = text.get(begin..at).unwrap_or_default();
        let rest = after(text, at);
        if let Some(quote) = rest.chars().next().filter(|c| is_prefix(word) && matches!(c, '\'' | '"')) {
            // A text with a prefix: no key of a dict is completed in one.
            let Some(end) = end_of_text(rest, quote) else { return Typed::Nothing };
            at += end;
            (operand, dot) = (Some(begin), None);
        } else if rest.is_empty() {
            return match (operand, dot) {
                _ if number => Typed::Nothing,
                (Some(operand), Some(dot)) => attribute(text, operand, dot),
                _ => Typed::Name(word),
            };
        } else {
            operand = if dot.is_some() { operand } else { (!KEYWORDS.contains(&word)).then_some(begin) };
            dot = None;
        }
    }
    match (operand, dot) {
        (Some(operand), Some(dot)) => attribute(text, operand, dot),
        (Some(_), None) => Typed::Nothing,
        (None, _) => Typed::Name(""),
    }
}

/// A bracket, and the operand that stood before it.
struct Open {
    bracket: char,
    at: usize,
    operand: Option<usize>,
}

fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

fn is_prefix(word: &str) -> bool {
    word.len() <= 2 && word.chars().all(|c| "rRbBuUfF".contains(c))
}

fn attribute(text: &str, operand: usize, dot: usize) -> Typed<'_> {
    match text.get(operand..dot) {
        Some(of) => Typed::Attribute { of, name: after(text, dot + 1).trim_start() },
        None => Typed::Nothing,
    }
}

/// A text that is not closed: the key of a subscript, if nothing else stands in the brackets.
fn key<'t>(text: &'t str, begin: usize, quote: char, open: Option<&Open>) -> Typed<'t> {
    let of = open.filter(|open| open.bracket == '[').and_then(|open| {
        let alone = text.get(open.at + 1..begin)?.trim().is_empty();
        text.get(open.operand?..open.at).filter(|_| alone)
    });
    match of {
        Some(of) => Typed::Key { of, quote, key: after(text, begin + 1) },
        None => Typed::Nothing,
    }
}

/// Where a text ends, the quotes included: `None` where it does not.
fn end_of_text(text: &str, quote: char) -> Option<usize> {
    let triple = String::from_iter([quote; 3]);
    let closing = if text.starts_with(&triple) { triple } else { quote.to_string() };
    let mut at = closing.len();
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(&closing) {
            return Some(at + closing.len());
        }
        let c = rest.chars().next()?;
        at += c.len_utf8();
        if c == '\\' {
            at += text.get(at..)?.chars().next()?.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Typed, typed};

    #[test]
    fn what_is_typed() {
        let attribute = |of, name| Typed::Attribute { of, name };
        let key = |of, quote, key| Typed::Key { of, quote, key };
        for (text, expected) in [
            ("", Typed::Name("")),
            ("or", Typed::Name("or")),
            ("1 + ord", Typed::Name("ord")),
            ("$ex", Typed::Name("$ex")),
            ("not ", Typed::Name("")),
            ("[x for x in ", Typed::Name("")),
            ("order.", attribute("order", "")),
            ("order . na", attribute("order ", "na")),
            ("1 + order.lines[0].pro", attribute("order.lines[0]", "pro")),
            ("f(a, b.c(')').d", attribute("b.c(')')", "d")),
            ("f(a)(b).d", attribute("f(a)(b)", "d")),
            ("x if y else (a + b).", attribute("(a + b)", "")),
            ("not (a).b", attribute("(a)", "b")),
            ("'a.b'.up", attribute("'a.b'", "up")),
            ("rb'\\''.up", attribute("rb'\\''", "up")),
            ("'''it's'''.up", attribute("'''it's'''", "up")),
            ("[1, 2].", attribute("[1, 2]", "")),
            ("{'a': b['c'].d", attribute("b['c']", "d")),
            ("ключи.ё", attribute("ключи", "ё")),
            ("d['", key("d", '\'', "")),
            ("f(d.e[ \"a b\\\"", key("d.e", '"', "a b\\\"")),
            ("['a", Typed::Nothing),
            ("d[0, 'a", Typed::Nothing),
            ("d[b'a", Typed::Nothing),
            ("d('a", Typed::Nothing),
            ("d[1", Typed::Nothing),
            ("1.", Typed::Nothing),
            ("order ", Typed::Nothing),
            ("f()", Typed::Nothing),
            ("a..b", Typed::Name("b")),
            (")))", Typed::Name("")),
            ("...", Typed::Name("")),
            ("'\\", Typed::Nothing),
        ] {
            assert_eq!(typed(text), expected, "{text}");
        }
    }
}
