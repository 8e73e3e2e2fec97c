//! The project's own commands: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench`, `cargo xtask fuzz`, `cargo xtask dist`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "these commands talk to the person who called them")]

mod bench;
mod debuggers;
mod demo;
mod dist;
mod extension;
mod fuzz;
mod licences;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
usage: cargo xtask COMMAND

  demo              build the binary, let a program crash, look at its dump
  demo --readme     the same, and put what it printed into README.md
  test              every check of the project; the last line counts them
  test --long       also the long runs; writes docs/last-long-run.md
  test NAME...      only the steps whose name contains one of these words
  bench             measure saving and loading, other tools too; writes docs/benchmarks.md and its picture
  bench --quick     the same on a small heap, printed only
  fuzz              a minute of coverage-guided fuzzing for each target; corpora stay in target/fuzz
  fuzz --minutes N TARGET...
                    longer, or only some: container, pickle, formats, open, views, image, evaluate
  vsix              the extension of VS Code with the binary, into dist/
  vsix --images     the same; the workbench tests run with it, and write docs/images/
  dist              packages, binary, licences and checksums, into dist/
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["demo"] => demo::run(false),
        ["demo", "--readme"] => demo::run(true),
        ["test", rest @ ..] => test::run(rest),
        ["bench"] => bench::run(false),
        ["bench", "--quick"] => bench::run(true),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["vsix"] => extension::run(false),
        ["vsix", "--images"] => extension::run(true),
        ["dist"] => dist::run(),
        ["inflate", path] => bench::inflate(path.as_ref()).map(|()| true),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
