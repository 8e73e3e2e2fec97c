//! The command line.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::commands::help;
use crashsite_view::editor::paths::Mapping;

use crate::limits::{EffortFlags, ImageFlags, LimitFlags, SearchFlags, ServerFlags, quantity};
use crate::sandbox::Sandbox;

/// Post-mortem debugging for Python: opens a heap dump, executing nothing in it.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    subcommand_precedence_over_arg = true,
    after_help = help::after_help()
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
    /// Whether to give up, while the dump is read, all other files, programs and the network: docs/security.md
    #[arg(long, global = true, value_name = "HOW", default_value = "auto", hide_short_help = true)]
    pub(crate) sandbox: Sandbox,
    #[command(flatten)]
    pub(crate) identities: IdentityFlags,
    #[command(flatten)]
    pub(crate) limits: LimitFlags,
}

/// The keys of the reader.
#[derive(Debug, Args)]
pub(crate) struct IdentityFlags {
    /// The file with your secret key, for dumps that are sealed; may be given several times [env: CRASHSITE_IDENTITY]
    #[arg(long = "identity", global = true, value_name = "FILE")]
    pub(crate) identities: Vec<PathBuf>,
}

impl Arguments {
    /// The command line as clap knows it.
    pub(crate) fn clap() -> clap::Command {
        let command = Arguments::command();
        let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let topics = help::TOPICS.iter().map(|topic| topic.name.to_owned());
        let words = PossibleValuesParser::new(names.into_iter().chain(topics));
        command.mut_subcommand("help", |help| help.mut_arg("topic", |topic| topic.value_parser(words)))
    }

    /// What was given; ends the program where that makes no sense, or help was asked for.
    pub(crate) fn of_process() -> Self {
        let arguments =
            Arguments::from_arg_matches(&Arguments::clap().get_matches()).unwrap_or_else(|error| error.exit());
        if let Some(Command::Print(print)) = &arguments.command
            && print.each == Some(Each::Thread)
            && print.place.thread.is_some()
        {
            let why = "--each thread asks every thread: --thread cannot be used with it";
            Arguments::clap().error(ErrorKind::ArgumentConflict, why).exit();
        }
        arguments
    }
}

/// What to ask.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The stack of the crashed thread, or of all; #0 is the most recent call
    Bt(Bt),
    /// The local variables of one frame: name, type, value
    Locals(Locals),
    /// The value of an expression, and what it holds
    Print(Print),
    /// What the dump tells of the cause, each with its evidence, best first
    Explain(Explain),
    /// All objects of which an expression is true, and where they are
    Find(Find),
    /// A session: expressions, and commands to go through frames and threads
    Repl(Repl),
    /// The threads, one line each
    Threads(OfDump),
    /// The source files in the dump, one of them, or all written to a directory
    Source(SourceQuestion),
    /// What the dump is: program, Python, time, what it holds, what was cut
    Info(Info),
    /// The message headers of the file, one line each
    Headers(OfDump),
    /// What differs between two dumps of the same crash; exit status 0 also where something does
    Diff(Diff),
    /// Serve an editor: values beside the code, the stack as lenses (docs/editors.md)
    Lsp(Lsp),
    /// Serve a debugger of an editor: the crash as a program that has stopped (docs/dap.md)
    Dap(Dap),
    /// Write the dump anew, as one of format version 3
    Convert(Rewrite),
    /// Write the dump anew, without its secrets (docs/privacy.md)
    Redact(Redact),
    /// Encrypt a file so that only its recipients can read it, to the age format
    Seal(Seal),
    /// Make a pair of keys: a secret one in a file, and the public one for those who seal
    Keygen(Keygen),
    /// Look around in the crash with gdb, as if it had been a program of C
    Gdb(Gdb),
    /// Write the executable that a native debugger wants to have
    Elf(Elf),
    /// Serve the dump to every debugger and editor of this machine at once
    Serve(Serve),
    /// This help, that of a command, or a topic
    Help(Help),
    /// What makes a shell complete crashsite's words: crashsite help setup
    #[command(hide = true)]
    Completions(Completions),
    /// The manual page: crashsite help setup
    #[command(hide = true)]
    Man(Man),
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
    /// The dumps of the processes that it comes from, and that come from it, as well: those in the same folder, or in DIR
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true, conflicts_with = "thread")]
    pub(crate) linked: Option<Option<PathBuf>>,
    /// Files of the folder that are looked at for --linked [default: 1000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, requires = "linked", hide_short_help = true, help_heading = "Limits")]
    pub(crate) max_linked: Option<u64>,
    #[command(flatten)]
    pub(crate) form: Form,
}

impl Bt {
    /// The folder in which dumps that belong to it are looked for, where that was asked for.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        let named = self.linked.as_ref()?.clone();
        let own = || self.dump.parent().filter(|folder| !folder.as_os_str().is_empty()).map(PathBuf::from);
        Some(named.or_else(own).unwrap_or_else(|| ".".into()))
    }
}

/// `locals`
#[derive(Debug, Args)]
pub(crate) struct Locals {
    /// The dump
    pub(crate) dump: PathBuf,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `print`
#[derive(Debug, Args)]
pub(crate) struct Print {
    /// The dump
    pub(crate) dump: PathBuf,
    /// An expression of Python: self.orders[0].lines['sku'], sum(line.price for line in lines)
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) expression: String,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Ask in many frames, and answer in one line for each
    #[arg(long, value_name = "WHAT")]
    pub(crate) each: Option<Each>,
    #[command(flatten)]
    pub(crate) effort: EffortFlags,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `explain`
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The dump
    pub(crate) dump: PathBuf,
    /// How long it may take [default: 3000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    pub(crate) max_milliseconds: Option<u64>,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `find`
#[derive(Debug, Args)]
pub(crate) struct Find {
    /// The dump
    pub(crate) dump: PathBuf,
    /// An expression in which `o` is each object in turn: isinstance(o, Order) and o.total < 0
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) expression: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) effort: SearchFlags,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `print --each`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Each {
    /// Frame N of every thread
    Thread,
    /// Every frame of the thread, from N outwards
    Frame,
}

/// `repl`
#[derive(Debug, Args)]
pub(crate) struct Repl {
    /// The dump
    pub(crate) dump: PathBuf,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Neither read nor keep the lines of earlier sessions
    #[arg(long)]
    pub(crate) no_history: bool,
    #[command(flatten)]
    pub(crate) effort: EffortFlags,
}

/// `source`
#[derive(Debug, Args)]
pub(crate) struct SourceQuestion {
    /// The dump
    pub(crate) dump: PathBuf,
    /// A file of the program, or the end of its path; without it, all are listed
    pub(crate) path: Option<String>,
    /// Write them below this directory, under names that are safe; nothing that is there is overwritten
    #[arg(long, value_name = "DIR")]
    pub(crate) extract: Option<PathBuf>,
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

/// `diff`
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// A dump
    pub(crate) a: PathBuf,
    /// Another of the same crash
    pub(crate) b: PathBuf,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// A command that asks for nothing but the dump.
#[derive(Debug, Args)]
pub(crate) struct OfDump {
    /// The dump
    pub(crate) dump: PathBuf,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `convert`, and what else writes a dump as a new one.
#[derive(Debug, Args)]
pub(crate) struct Rewrite {
    /// The dump, of any format that can be opened
    #[arg(value_name = "IN")]
    pub(crate) dump: PathBuf,
    /// The new file, one that exists is not overwritten; or -, stdout
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Replace OUT where it exists, once the new file is whole
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `redact`
#[derive(Debug, Args)]
pub(crate) struct Redact {
    #[command(flatten)]
    pub(crate) files: Rewrite,
    /// Keep types, sizes and structure only: no values and no sources
    #[arg(long)]
    pub(crate) shape_only: bool,
    /// A further name that promises a secret, in any style: customer_number is customerNumber, too
    #[arg(long = "name", value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// A further form of secrets: a regular expression, of which the last group that took part is the secret
    #[arg(long = "pattern", value_name = "REGEX", allow_hyphen_values = true)]
    pub(crate) patterns: Vec<String>,
    /// A name that promises none after all, or a text that is none
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) allow: Vec<String>,
    /// Values known to be secret that are looked for in every text [default: 100000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    pub(crate) max_known: Option<u64>,
}

/// `seal`
#[derive(Debug, Args)]
pub(crate) struct Seal {
    /// The file; without it, stdin
    pub(crate) file: Option<PathBuf>,
    /// The public key of one who may read it, age1…; may be given several times
    #[arg(short, long = "recipient", value_name = "KEY")]
    pub(crate) recipients: Vec<String>,
    /// A file of public keys, one a line
    #[arg(short = 'R', long = "recipients-file", value_name = "FILE")]
    pub(crate) recipients_files: Vec<PathBuf>,
    /// The new file; one that exists is not overwritten. Without it, stdout
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// `keygen`
#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// The new file, which only you can read; one that exists is not overwritten. Its public key is printed
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// `gdb`
#[derive(Debug, Args)]
pub(crate) struct Gdb {
    /// The dump
    pub(crate) dump: PathBuf,
    /// Start no gdb, serve the one that has started this: target remote | crashsite gdb --stdio DUMP
    #[arg(long, conflicts_with_all = ["listen", "arguments"])]
    pub(crate) stdio: bool,
    /// Start no gdb, serve those that connect to a TCP port; without an address, from this machine only
    #[arg(long, value_name = "[ADDR:]PORT", conflicts_with = "arguments")]
    pub(crate) listen: Option<String>,
    /// Start nothing and serve nobody, only see whether the dump opens
    #[arg(long, hide = true)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) server: ServerFlags,
    #[command(flatten)]
    pub(crate) sources: SourceFlags,
    #[command(flatten)]
    pub(crate) limits: ImageFlags,
    /// Start gdb without the commands py-bt, py-print and so on, and without printers
    #[arg(long)]
    pub(crate) no_scripts: bool,
    /// Arguments of gdb
    #[arg(last = true, value_name = "GDB ARGUMENTS")]
    pub(crate) arguments: Vec<OsString>,
}

/// `elf`
#[derive(Debug, Args)]
pub(crate) struct Elf {
    /// The dump
    pub(crate) dump: PathBuf,
    /// The new file; one that exists is not overwritten
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) sources: SourceFlags,
    #[command(flatten)]
    pub(crate) limits: ImageFlags,
}

/// Where sources are.
#[derive(Debug, Args)]
pub(crate) struct SourceFlags {
    /// Paths of the crashed program that begin with FROM begin with TO here. Files of the same content are shown themselves
    #[arg(long = "path-mapping", value_name = "FROM=TO")]
    pub(crate) mappings: Vec<Mapping>,
    #[command(flatten)]
    pub(crate) read: ReadFlags,
}

/// What a server may read in its sandbox.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReadFlags {
    /// A further file, or folder, that may be read: of sources here, or of dumps that a client opens
    #[arg(long, value_name = "PATH", hide_short_help = true)]
    pub(crate) read: Vec<PathBuf>,
}

/// `lsp`
#[derive(Debug, Args)]
pub(crate) struct Lsp {
    /// Serve the first that connects to this port of this machine, not stdin and stdout; port 0 is any that is free
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = loopback)]
    pub(crate) listen: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) read: ReadFlags,
    /// Bytes of one message [default: 64M]
    #[arg(long, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    pub(crate) max_message: Option<u64>,
}

/// `serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The dump
    pub(crate) dump: PathBuf,
    /// The port for gdb; 0 is any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) gdb_port: u16,
    /// The port for debuggers, which speak the Debug Adapter Protocol
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) dap_port: u16,
    /// The port for editors, which speak the Language Server Protocol
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) lsp_port: u16,
    #[command(flatten)]
    pub(crate) sources: SourceFlags,
    #[command(flatten)]
    pub(crate) image: ImageFlags,
    #[command(flatten)]
    pub(crate) effort: EffortFlags,
    /// Clients of one protocol that are served at once [default: 16]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    pub(crate) max_clients: Option<u64>,
}

/// `dap`
#[derive(Debug, Args)]
pub(crate) struct Dap {
    /// The dump that is served; without it, each client names one in its launch configuration
    pub(crate) dump: Option<PathBuf>,
    /// Serve those that connect to this port of this machine, not stdin and stdout; port 0 is any that is free
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = loopback)]
    pub(crate) listen: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) read: ReadFlags,
    #[command(flatten)]
    pub(crate) server: ServerFlags,
    #[command(flatten)]
    pub(crate) effort: EffortFlags,
    /// Bytes of one message [default: 4M]
    #[arg(long, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    pub(crate) max_message: Option<u64>,
    /// Values of which a client may ask what is in them; of more, the latest [default: 200000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    pub(crate) max_expandable: Option<u64>,
}

/// The limits in a launch configuration, by the flags of the command line.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
pub(crate) struct GivenLimits {
    #[command(flatten)]
    pub(crate) limits: LimitFlags,
    #[command(flatten)]
    pub(crate) effort: EffortFlags,
}

/// `help`
#[derive(Debug, Args)]
pub(crate) struct Help {
    /// A command, or a topic
    pub(crate) topic: Option<String>,
}

/// `completions`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The page of this command
    pub(crate) command: Option<String>,
}

/// Which frame is meant.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The thread: its position from 1, its name, or id:N [default: the crashed one]
    #[arg(short, long, value_name = "THREAD")]
    pub(crate) thread: Option<String>,
    /// The frame: 0 is the innermost
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(crate) frame: usize,
}

/// An address of this machine that nothing outside it reaches.
fn loopback(text: &str) -> Result<SocketAddr, &'static str> {
    let address = match text.parse::<u16>() {
        Ok(port) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
        Err(_) => text.parse::<SocketAddr>(),
    };
    match address {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err("a dump is served to this machine only: give 127.0.0.1:PORT or [::1]:PORT"),
        Err(_) => Err("want a port, or an address and a port: 0, 127.0.0.1:7000"),
    }
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
