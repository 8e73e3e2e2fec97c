//! Whether a source is one that the parser is given. It recurses where a text nests, and so does the drop of what it makes;
//! a dump may hold any text.

/// Bytes of a source.
const LONGEST: usize = 4 << 20;
/// Brackets open at once; Python itself takes 200.
const DEEPEST: usize = 200;
/// Words of an expression, those around it included, that no comma and no end of a statement separates.
const MOST_WORDS: usize = 8_000;
/// Spaces before a line: blocks within each other. Python itself takes 100 blocks.
const WIDEST: usize = 2_000;

/// Whether a source is short enough, and nests no deeper than it is safe to follow.
pub(crate) fn is_read(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    // Words since the last separator, for each bracket that is open; and the sum of them.
    let (mut open, mut words, mut sum) = (Vec::new(), 0_usize, 0_usize);
    let mut rest = text;
    let mut indent = Some(0);
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        indent = match (c, indent) {
            ('\n' | '\r', _) => Some(0),
            (' ' | '\t', Some(before)) => Some(before + 1),
            _ => None,
        };
        match c {
            '#' => length = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len()),
            '\'' | '"' => {
                length = end_of_text(rest, c);
                words += 1;
            }
            '(' | '[' | '{' => {
                sum += words + 1;
                open.push(std::mem::take(&mut words));
            }
            ')' | ']' | '}' => {
                words = open.pop().unwrap_or(0);
                sum = sum.saturating_sub(words + 1);
                words += 1;
            }
            ',' | ';' => words = 0,
            '\n' | '\r' if open.is_empty() => words = 0,
            _ if c.is_alphanumeric() || c == '_' => {
                length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                words += 1;
            }
            _ if c.is_whitespace() => {}
            _ => words += 1,
        }
        if open.len() > DEEPEST || sum + words > MOST_WORDS || indent > Some(WIDEST) {
            return false;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    true
}

/// The length of a text with its quotes; one that is not closed ends with its line, or, with three quotes, with the source.
fn end_of_text(rest: &str, quote: char) -> usize {
    let triple = String::from_iter([quote; 3]);
    let (long, closing) = if rest.starts_with(&triple) { (true, triple) } else { (false, quote.to_string()) };
    let mut at = closing.len();
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with(&closing) {
            return at + closing.len();
        }
        match here.chars().next() {
            Some('\\') => at += 1 + here.chars().nth(1).map_or(0, char::len_utf8),
            Some('\n' | '\r') if !long => return at,
            Some(c) => at += c.len_utf8(),
            None => break,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::super::Names;
    use super::is_read;

    /// What is let through does not overflow the stack, and takes no time to speak of.
    #[test]
    fn deep_sources_are_not_read() {
        for (piece, count, read) in [
            ("(", 300, false),
            ("((((", 1_000_000, false),
            ("- ", 500_000, false),
            ("a.", 500_000, false),
            ("a+", 500_000, false),
            ("a if b else ", 100_000, false),
            ("lambda:", 100_000, false),
            ("not ", 7_000, true),
            ("a.", 3_900, true),
            ("lambda:", 3_900, true),
            ("[", 199, true),
            ("x = 'a' 'b'\n", 100_000, true),
            ("[1, ", 190, true),
            ("f'{", 1_000, false),
            ("if x:\n", 1_000, true),
        ] {
            let text = piece.repeat(count);
            assert_eq!(is_read(&text), read, "{piece}");
            Names::of(&text, false);
        }
        let stairs: String = (0..1_000).map(|depth| " ".repeat(depth) + "if x:\n").collect();
        assert!(is_read(&stairs));
        assert_eq!(Names::of(&stairs, false).scopes.len(), 1);
        assert!(!is_read(&" ".repeat(3_000)));
    }
}
