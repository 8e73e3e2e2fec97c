//! Places that a text names, as tracebacks do: `File "shop.py", line 12`.

use super::text::{Span, Spot, Text};

/// Links of one text.
const MOST: usize = 10_000;
/// Characters of a path.
const LONGEST: usize = 4096;

/// A place that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// From the path to the number.
    pub span: Span,
    /// The path.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
}

/// The places that a text names.
pub fn of(text: &Text) -> Vec<Link> {
    let lines = (1..).zip(text.lines());
    lines.filter_map(|(number, line)| of_line(number, line)).take(MOST).collect()
}

fn of_line(number: u64, line: &str) -> Option<Link> {
    let (before, rest) = line.split_once("File \"")?;
    let (path, rest) = rest.split_once('"')?;
    let rest = rest.strip_prefix(", line ")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let target: u64 = rest.get(..digits)?.parse().ok()?;
    let characters = |text: &str| text.chars().count() as u64;
    let start = characters(before) + characters("File \"") + 1;
    let end = start + characters(path) + characters("\", line ") + digits as u64;
    let place = |column: u64| Spot { line: number, column };
    let span = Span { start: place(start), end: place(end) };
    (target > 0 && path.len() <= LONGEST).then(|| Link { span, path: path.to_owned(), line: target })
}

#[cfg(test)]
mod tests {
    use super::{Spot, Text, of};

    #[test]
    fn tracebacks() {
        let text = Text::new("Traceback:\n  ж File \"a b.py\", line 12, in f\n  File \"x\", line none\nFile \"y\"\n");
        let links = of(&text);
        let [link] = links.as_slice() else { panic!("{links:?}") };
        assert_eq!((link.path.as_str(), link.line), ("a b.py", 12));
        assert_eq!(link.span.start, Spot { line: 2, column: 11 });
        assert_eq!(link.span.end, Spot { line: 2, column: 27 });
    }
}
