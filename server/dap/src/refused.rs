//! What cannot be done after death, and how that is said.

use crate::wire::Refusal;

/// Requests that would make the program go on. A client may have taken it for running as soon as it sent one.
pub(crate) fn would_run(command: &str) -> bool {
    matches!(
        command,
        "continue" | "next" | "stepIn" | "stepOut" | "stepBack" | "reverseContinue" | "goto" | "restartFrame"
    )
}

/// Why the program does not go on.
pub(crate) fn dead() -> Refusal {
    Refusal::shown(
        "This is a post-mortem: the program is dead and cannot run. Look around: frames, threads, variables.",
    )
}

/// Why a request that the protocol has, or may have, is not answered; `None` for those that are.
pub(crate) fn unknown(command: &str) -> Option<Refusal> {
    const ANSWERED: &[&str] = &[
        "initialize",
        "launch",
        "attach",
        "configurationDone",
        "setBreakpoints",
        "setFunctionBreakpoints",
        "setExceptionBreakpoints",
        "threads",
        "stackTrace",
        "scopes",
        "variables",
        "evaluate",
        "completions",
        "exceptionInfo",
        "source",
        "loadedSources",
        "modules",
        "readMemory",
        "crashsite/place",
        "restart",
        "terminate",
        "disconnect",
    ];
    if ANSWERED.contains(&command) {
        return None;
    }
    Some(match command {
        "setVariable" | "setExpression" | "writeMemory" => Refusal::shown(
            "This is a post-mortem: what is in the dump cannot be changed. An expression may make new values.",
        ),
        "pause" | "terminateThreads" => dead(),
        _ if would_run(command) => dead(),
        _ => {
            let command = crashsite_view::text::shorten(command, 60);
            Refusal::quiet(format!("{} is not answered by crashsite", crashsite_view::text::escape(&command)))
        }
    })
}
