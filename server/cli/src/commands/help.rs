//! `help`: the commands, one of them, or an idea a newcomer needs.

use std::fmt::Write as _;

use crate::arguments::{Arguments, Help};
use crate::failure::Failure;
use crate::output::{Output, put};

/// An idea, explained.
pub(crate) struct Topic {
    /// The word to ask for.
    pub(crate) name: &'static str,
    about: &'static str,
    /// A heading; then paragraphs, and lines that begin with spaces and stay as they are.
    pub(crate) text: &'static str,
}

macro_rules! topics {
    ($($name:literal, $about:literal;)*) => {
        &[$(Topic { name: $name, about: $about, text: include_str!(concat!("../help/", $name, ".txt")) }),*]
    };
}

/// All topics.
pub(crate) const TOPICS: &[Topic] = topics! {
    "dumps", "What a dump is, how one is written, what is safe about it";
    "frames", "Frames and threads: how they are counted, how one is chosen";
    "values", "What the marks at a value mean; how objects are shown";
    "expressions", "What `print` understands";
    "session", "What `repl` understands beside expressions";
    "limits", "What a dump may take of this machine";
    "json", "Answers for programs";
    "exit-status", "What the exit status says";
    "setup", "Completions for a shell, the manual page, colour";
};

/// What stands below the help of the whole.
pub(crate) fn after_help() -> String {
    let mut text = "Topics (crashsite help TOPIC):\n".to_owned();
    for topic in TOPICS {
        let _ = writeln!(text, "  {:11}  {}", topic.name, topic.about);
    }
    text.push_str(
        "\nExit status: 0 an answer, 1 no answer to that question, 2 usage, 3 not a dump or unreadable.\n\
         A dump that is named like a command: ./info",
    );
    text
}

pub(crate) fn run(question: &Help, output: &mut Output) -> Result<(), Failure> {
    let name = question.topic.as_deref();
    if let Some(topic) = TOPICS.iter().find(|topic| name == Some(topic.name)) {
        put!(output, "{}", topic.text);
        return Ok(());
    }
    let mut clap = Arguments::clap();
    clap.build();
    let command = match name {
        Some(name) => clap.find_subcommand_mut(name).ok_or_else(Failure::internal)?,
        None => &mut clap,
    };
    put!(output, "{}", command.render_long_help().ansi());
    Ok(())
}
