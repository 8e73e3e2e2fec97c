//! What a line of a session asks for.

use crate::failure::Failure;

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question<'l> {
    /// The line is empty.
    Nothing,
    /// The value of an expression.
    Value(&'l str),
    Backtrace,
    /// The frame so many calls further out.
    Up(usize),
    /// The frame so many calls further in.
    Down(usize),
    /// The frame of that number, or where one is.
    Frame(Option<usize>),
    /// The thread of that name, or where one is.
    Thread(Option<&'l str>),
    Threads,
    Locals,
    /// The source around the line.
    List,
    /// Help about a session, or a topic.
    Help(Option<&'l str>),
    Quit,
}

/// The commands; a line that begins with one of them, as a word, is no expression.
pub(super) const COMMANDS: &[&str] =
    &["bt", "down", "exit", "frame", "help", "list", "locals", "p", "pp", "quit", "thread", "threads", "up"];

/// The expression of a line, if it is to be one.
pub(super) fn expression(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(forced) = line.strip_prefix('!') {
        return Some(forced);
    }
    match line.split_once(char::is_whitespace) {
        Some(("p" | "pp", expression)) => Some(expression),
        Some((word, _)) => (!COMMANDS.contains(&word)).then_some(line),
        None => (!COMMANDS.contains(&line)).then_some(line),
    }
}

/// What a line asks for.
pub(super) fn read(line: &str) -> Result<Question<'_>, Failure> {
    let line = line.trim();
    if line.is_empty() {
        return Ok(Question::Nothing);
    }
    if let Some(expression) = expression(line) {
        return Ok(Question::Value(expression.trim()));
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = Some(rest.trim()).filter(|rest| !rest.is_empty());
    let wrong = |takes: &str| {
        let remedy = format!("`help` shows the commands. For an expression that begins so: !{line}");
        Failure::no_answer(format!("{word} takes {takes}"), remedy)
    };
    let number = || rest.map(|rest| rest.parse::<usize>()).transpose().map_err(|_| wrong("a number"));
    let question = match word {
        "up" => return Ok(Question::Up(number()?.unwrap_or(1))),
        "down" => return Ok(Question::Down(number()?.unwrap_or(1))),
        "frame" => return Ok(Question::Frame(number()?)),
        "thread" => return Ok(Question::Thread(rest)),
        "help" => return Ok(Question::Help(rest)),
        "p" | "pp" => return Err(wrong("an expression")),
        "bt" => Question::Backtrace,
        "threads" => Question::Threads,
        "locals" => Question::Locals,
        "list" => Question::List,
        _ => Question::Quit,
    };
    if rest.is_some() { Err(wrong("nothing")) } else { Ok(question) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{COMMANDS, Question, read};

    #[test]
    fn lines() {
        for (line, expected) in [
            ("", Question::Nothing),
            ("  \t", Question::Nothing),
            ("order.total + 1", Question::Value("order.total + 1")),
            ("p order", Question::Value("order")),
            ("pp  [1]", Question::Value("[1]")),
            ("!list", Question::Value("list")),
            ("  ! up", Question::Value("up")),
            ("list", Question::List),
            ("list(x)", Question::Value("list(x)")),
            ("locals()", Question::Value("locals()")),
            ("frame", Question::Frame(None)),
            ("frame 2", Question::Frame(Some(2))),
            ("frame(2)", Question::Value("frame(2)")),
            ("up", Question::Up(1)),
            ("down 3", Question::Down(3)),
            ("thread", Question::Thread(None)),
            ("thread a b", Question::Thread(Some("a b"))),
            ("help frames", Question::Help(Some("frames"))),
            ("exit", Question::Quit),
        ] {
            assert_eq!(read(line).unwrap(), expected, "{line}");
        }
        for (line, what) in [
            ("frame == 2", "frame takes a number"),
            ("up -1", "up takes a number"),
            ("p", "p takes an expression"),
            ("bt 5", "bt takes nothing"),
            ("list + [1]", "list takes nothing"),
        ] {
            let told: Vec<String> = read(line).unwrap_err().lines().collect();
            assert_eq!(
                told,
                [what.to_owned(), format!("`help` shows the commands. For an expression that begins so: !{line}")]
            );
        }
        for command in COMMANDS {
            assert!(!matches!(read(command), Ok(Question::Value(_))), "{command}");
        }
    }
}
