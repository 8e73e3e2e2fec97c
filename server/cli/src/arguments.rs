//! The command line.

use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::limits::LimitFlags;

/// Post-mortem debugging for Python: opens a heap dump, executing nothing in it.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true,
    subcommand_precedence_over_arg = true,
    after_help = "Exit status: 0 an answer, 1 no answer to that question, 2 usage, 3 not a dump or unreadable.\n\
                  A dump that is named like a command: ./info"
)]
pub(crate) struct Arguments {
    /// The dump: shows the exception, where it was raised, and the values there
    #[arg(value_name = "DUMP")]
    pub(crate) dump: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Colour: NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_parser = color)]
    pub(crate) color: ColorChoice,
    #[command(flatten)]
    pub(crate) limits: LimitFlags,
}

/// What to ask.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The stack of the crashed thread, or of all; #0 is the most recent call
    Bt(Bt),
    /// The value of an expression, and what it holds
    Print(Print),
    /// The source files in the dump, or one of them
    Source(SourceQuestion),
    /// What the dump is: program, Python, time, what it holds, what was cut
    Info(Info),
    /// Write the dump anew, as one of format version 3
    Convert(Convert),
}

/// `bt`
#[derive(Debug, Args)]
pub(crate) struct Bt {
    /// The dump
    pub(crate) dump: PathBuf,
    /// All threads
    #[arg(short, long)]
    pub(crate) all: bool,
    /// The local variables of every frame
    #[arg(short, long)]
    pub(crate) locals: bool,
    /// One thread: its position from 1, its name, or id:N
    #[arg(short, long, value_name = "THREAD", conflicts_with = "all")]
    pub(crate) thread: Option<String>,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `print`
#[derive(Debug, Args)]
pub(crate) struct Print {
    /// The dump
    pub(crate) dump: PathBuf,
    /// Names, attributes, subscripts and slices: self.orders[0].lines['sku']
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) expression: String,
    /// The thread: its position from 1, its name, or id:N [default: the crashed one]
    #[arg(short, long, value_name = "THREAD")]
    pub(crate) thread: Option<String>,
    /// The frame: 0 is the innermost
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(crate) frame: usize,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `source`
#[derive(Debug, Args)]
pub(crate) struct SourceQuestion {
    /// The dump
    pub(crate) dump: PathBuf,
    /// A file of the program, or the end of its path; without it, all are listed
    pub(crate) path: Option<String>,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `info`
#[derive(Debug, Args)]
pub(crate) struct Info {
    /// The dump
    pub(crate) dump: PathBuf,
    /// Read every object, verify every digest, and print one over all objects
    #[arg(long)]
    pub(crate) check: bool,
    /// Read every object, and say how long that took
    #[arg(long, hide = true, conflicts_with_all = ["check", "json"])]
    pub(crate) load: bool,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `convert`
#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// The dump, of any format that can be opened
    #[arg(value_name = "IN")]
    pub(crate) dump: PathBuf,
    /// The new file; one that exists is not overwritten
    #[arg(value_name = "OUT", value_parser = PathBufValueParser::new().try_map(file))]
    pub(crate) out: PathBuf,
    /// Replace OUT where it exists, once the new file is whole
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) form: Form,
}

fn file(path: PathBuf) -> Result<PathBuf, &'static str> {
    if path.as_os_str() == "-" { Err("a dump is not written to stdout: give the name of a file") } else { Ok(path) }
}

/// How the answer is written.
#[derive(Debug, Args)]
pub(crate) struct Form {
    /// As JSON, for programs: docs/answers.md
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

fn color(text: &str) -> Result<ColorChoice, String> {
    When::from_str(text, true).map(|when| match when {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
    })
}
