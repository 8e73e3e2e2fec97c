//! `cargo xtask demo`: a program crashes, its dump is opened, a question is answered.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::tools;

const QUESTION: &str = "order.lines[0].product";
const QUESTION_FRAME: &str = "2";
const BEGIN: &str = "<!-- demo: begin; `cargo xtask demo --readme` writes this -->";
const END: &str = "<!-- demo: end -->";

/// The command: prints the demo; with `readme`, README.md's transcript is replaced by it.
pub(crate) fn run(readme: bool) -> Result<bool> {
    let binary = tools::build_binary(false)?;
    let transcript = play(&binary, &mut |text| print!("{text}"))?;
    let dump = "target/demo/*.dump";
    println!("Next, with the same dump (`cargo run -q --` in place of `crashsite` until it is installed):");
    println!("  crashsite bt {dump} --locals --all     every thread with its values");
    println!("  crashsite print {dump} order --frame 2 the order that brought it down");
    println!("  crashsite source {dump}                the source as it ran");
    println!("  crashsite info {dump} --check          what the dump holds, and whether it is whole");
    println!("  crashsite gdb {dump}                   gdb on it, with a Python backtrace");
    println!("  crashsite serve {dump}                 gdb, debuggers and editors on it at once");
    println!("And in pdb: PYTHONPATH=python python3 -m crashsite debug {dump}");
    if readme {
        let path = tools::root().join("README.md");
        let text = std::fs::read_to_string(&path)?;
        let (before, _, after) = split(&text)?;
        std::fs::write(&path, format!("{before}{BEGIN}\n```text\n{}```\n{END}{after}", tidy(&transcript)))?;
    }
    Ok(true)
}

/// Whether README.md shows what the demo prints here, but for numbers and paths.
pub(crate) fn readme_is_current(binary: &Path) -> Result<bool> {
    let transcript = play(binary, &mut |_| ())?;
    let readme = std::fs::read_to_string(tools::root().join("README.md"))?;
    let (_, shown, _) = split(&readme)?;
    let shown = comparable(shown);
    let now = comparable(&format!("\n```text\n{}```\n", tidy(&transcript)));
    if shown == now {
        return Ok(true);
    }
    for (line, (a, b)) in shown.lines().zip(now.lines()).enumerate() {
        if a != b {
            println!("README.md, line {} of the transcript\n  shown: {a}\n  now:   {b}", line + 1);
            break;
        }
    }
    println!("README.md is behind: `cargo xtask demo --readme` writes it anew");
    Ok(false)
}

fn split(readme: &str) -> Result<(&str, &str, &str)> {
    let (before, rest) = readme.split_once(BEGIN).context("README.md has lost its mark for the demo's beginning")?;
    let (shown, after) = rest.split_once(END).context("README.md has lost its mark for the demo's end")?;
    Ok((before, shown, after))
}

/// Runs the demo and returns what it printed, piece by piece told to `say` as well.
fn play(binary: &Path, say: &mut dyn FnMut(&str)) -> Result<String> {
    let root = tools::root();
    let python = tools::python3()?;
    let folder = tools::target().join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut transcript = String::new();
    let mut tell = |text: &str| {
        transcript.push_str(text);
        say(text);
    };

    tell("$ CRASHSITE_DIR=target/demo python3 -m crashsite run -m orders\n");
    let mut command = Command::new(&python.path);
    command
        .args(["-B", "-m", "crashsite", "run", "-m", "orders"])
        .current_dir(&root)
        .env("CRASHSITE_DIR", &folder)
        .env("PYTHONPATH", std::env::join_paths([root.join("python"), root.join("demo")])?)
        .env_remove("CRASHSITE_WITH_FILES");
    let output = both(&mut command)?;
    tell(&short(&output, &root));
    tell("\n");

    let dump = std::fs::read_dir(&folder)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "dump"))
        .context("the program ended without a dump in target/demo")?;
    let name = dump.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let relative = dump.strip_prefix(&root).unwrap_or(&dump).to_owned();

    tell(&format!("$ crashsite target/demo/{name}\n"));
    let mut command = Command::new(binary);
    command.arg(&relative).current_dir(&root);
    let output = both(&mut command)?;
    if output.trim().is_empty() {
        bail!("crashsite has no answer for {}", dump.display());
    }
    tell(&short(&output, &root));
    tell("\n");

    tell(&format!("$ crashsite print target/demo/{name} '{QUESTION}' --frame {QUESTION_FRAME}\n"));
    let mut command = Command::new(binary);
    command.arg("print").arg(&relative).args([QUESTION, "--frame", QUESTION_FRAME]).current_dir(&root);
    let output = both(&mut command)?;
    tell(&short(&output, &root));
    tell("\n");
    Ok(transcript)
}

/// stdout and stderr of a command, through files so that neither blocks the other.
fn both(command: &mut Command) -> Result<String> {
    let path = tools::target().join("demo").join("output");
    let file = std::fs::File::create(&path)?;
    command.env("NO_COLOR", "1").stdout(file.try_clone()?).stderr(Stdio::from(file));
    tools::run(command, Duration::from_secs(60))?;
    let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
    std::fs::remove_file(&path)?;
    Ok(text)
}

/// The checkout's own folder is of no interest in what is shown.
fn short(text: &str, root: &Path) -> String {
    text.replace(&format!("{}/", root.display()), "")
}

fn tidy(transcript: &str) -> String {
    let mut text = String::new();
    for line in transcript.trim_end().lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Numbers and addresses differ from run to run, and so do the standard library's own frames from version to version.
fn comparable(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.contains("runpy")) {
        // Where a long value is cut depends on how many digits its addresses and ids have.
        let most = if line.ends_with('…') { 120 } else { usize::MAX };
        let mut rest = line.chars().take(most).peekable();
        while let Some(c) = rest.next() {
            if c.is_ascii_digit() {
                while rest.next_if(|c| c.is_ascii_hexdigit() || *c == 'x' || *c == '.').is_some() {}
                out.push('#');
            } else {
                out.push(c);
            }
        }
        out.push('\n');
    }
    out
}
