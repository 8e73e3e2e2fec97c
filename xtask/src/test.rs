//! `cargo xtask test`: every check of the project, one after the other; a failure does not stop the next.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::tools::{self, Python};
use crate::{debuggers, extension, fuzz};

/// The long runs: what they count is read from this by the tests themselves.
const LONG: &str = "CRASHSITE_LONG";
/// Where the tests find the binary.
const BINARY: &str = "CRASHSITE_BINARY";
/// Seconds for each fuzz target, and those of a long run.
const FUZZED: u64 = 10;
const FUZZED_LONG: u64 = 60;
/// What a short run tries with a Python where older ones have run everything: the tests that depend most on the interpreter.
const SELECTED: [&str; 6] =
    ["test_from_outside", "test_groups", "test_library", "test_save_dump", "test_stacks", "test_truth"];
/// The newest Python that a short run tries everything with.
const ESTABLISHED: (u32, u32) = (3, 13);
/// The Python that the packages of `tests/crawl` are pinned for.
const CRAWLED: (u32, u32) = (3, 11);

struct Steps {
    words: Vec<String>,
    /// Of a long run with all steps, the commit that it is of: where it stands is written down after each step, so that one that is
    /// ended has told what it saw.
    kept: Option<String>,
    start: Instant,
    results: Vec<(String, Result<()>, Duration)>,
}

impl Steps {
    fn step(&mut self, name: &str, check: impl FnOnce() -> Result<()>) {
        if !self.words.is_empty() && !self.words.iter().any(|word| name.contains(word.as_str())) {
            return;
        }
        println!("── {name}");
        let start = Instant::now();
        let result = check();
        if let Err(error) = &result {
            println!("── {name} FAILED: {error:#}");
        }
        self.results.push((name.to_owned(), result, start.elapsed()));
        if let Some(commit) = &self.kept {
            self.keep(commit, "so far: the run goes on, or was ended");
        }
    }

    fn failed(&self) -> usize {
        self.results.iter().filter(|step| step.1.is_err()).count()
    }

    /// A line for each step.
    fn lines(&self) -> String {
        let mut lines = String::new();
        for (name, result, time) in &self.results {
            let word = if result.is_ok() { "ok" } else { "FAILED" };
            let _ = writeln!(lines, "{word:>6}  {name}  ({:.1} s)", time.as_secs_f64());
        }
        lines
    }

    /// Writes docs/last-long-run.md, with what is to be said at its end.
    fn keep(&self, commit: &str, closing: &str) {
        let text = format!(
            "# The last long run\n\nWritten by `cargo xtask test --long`.\n\nCommit {commit}, {:.0} s.\n\n```text\n{}\n{} passed, {} failed; {closing}\n```\n",
            self.start.elapsed().as_secs_f64(),
            self.lines(),
            self.results.len() - self.failed(),
            self.failed(),
        );
        if let Err(error) = std::fs::write(tools::root().join("docs/last-long-run.md"), text) {
            println!("docs/last-long-run.md cannot be written: {error}");
        }
    }
}

/// The command. Words choose steps by name; `--long` adds the long runs.
pub(crate) fn run(arguments: &[&str]) -> Result<bool> {
    let long = arguments.contains(&"--long");
    let words: Vec<String> =
        arguments.iter().filter(|word| **word != "--long").map(|word| (*word).to_owned()).collect();
    // A part of a long run is no long run.
    let kept = (long && words.is_empty()).then(tools::commit);
    let mut steps = Steps { kept, words, start: Instant::now(), results: Vec::new() };

    steps.step("format", || command(tools::cargo().args(["fmt", "--all", "--check"]), 120));
    steps.step("clippy", || {
        let mut clippy = tools::cargo();
        clippy.args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        command(&mut clippy, 1200)
    });
    let binary = tools::build_binary(false);
    // Where it does not build, the name stays, so that the tests that need it fail rather than pass it over.
    let path = tools::target().join("debug/crashsite");
    steps.step("binary", || binary.map(drop));
    steps.step("age", || tools::programs(&["age"]));
    steps.step("rust tests", || {
        let mut test = tools::cargo();
        test.args(["test", "--workspace", "--no-fail-fast"]).env(BINARY, &path);
        if long {
            test.env(LONG, "1");
        }
        command(&mut test, if long { 7200 } else { 1800 })
    });

    let pythons = tools::pythons();
    steps.step("python lint", || {
        let newest = pythons.iter().rfind(|python| python.implementation == "cpython");
        lint(newest.context("no CPython from 3.8 on here")?)
    });
    steps.step("python found", || {
        if pythons.is_empty() {
            bail!("no Python from 3.8 on: the capture cannot be tested");
        }
        for python in &pythons {
            println!("   {} {} at {}", python.implementation, python.full, python.path.display());
        }
        Ok(())
    });
    let established = |python: &Python| python.implementation == "cpython" && python.version <= ESTABLISHED;
    for python in &pythons {
        steps.step(&format!("python tests {}", python.name()), || {
            let mut tests = Command::new(&python.path);
            if long || established(python) || !pythons.iter().any(established) {
                tests.args(["-B", "-m", "unittest", "discover", "-s", "tests"]);
                tests.current_dir(tools::root().join("python")).env_remove("PYTHONPATH");
            } else {
                tests.args(["-B", "-m", "unittest"]).args(SELECTED);
                tests.current_dir(tools::root().join("python/tests")).env("PYTHONPATH", tools::root().join("python"));
            }
            tests.env_remove("CRASHSITE_DIR").env_remove("CRASHSITE_WITH_FILES").env(BINARY, &path);
            if long {
                tests.env(LONG, "1");
            }
            command(&mut tests, if long { 7200 } else { 900 })
        });
    }

    let cpythons: Vec<&Python> = pythons.iter().filter(|python| python.implementation == "cpython").collect();
    steps.step("debuggers", || tools::programs(&["gdb", "lldb"]));
    steps.step("end to end", || {
        let paths = std::env::join_paths(cpythons.iter().map(|python| &python.path))?;
        let mut tests = suite(&tools::python3()?, "end_to_end", &path, long);
        command(tests.env("CRASHSITE_PYTHONS", paths), if long { 7200 } else { 900 })
    });
    steps.step("web", || {
        let python = tools::python3()?;
        let web = tools::venv("web-venv", &python, &tools::WEB)
            .with_context(|| format!("{} of PyPI are needed for this step", tools::WEB.join(", ")))?;
        command(suite(&python, "web", &path, long).env("CRASHSITE_WEB", web), 600)
    });
    steps.step("values", || {
        let python = tools::python3()?;
        let libraries = tools::venv("values-venv", &python, &tools::LIBRARIES)
            .with_context(|| format!("{} of PyPI are needed for this step", tools::LIBRARIES.join(", ")))?;
        command(suite(&python, "values", &path, long).env("CRASHSITE_LIBRARIES", libraries), 300)
    });
    steps.step("formats", || {
        let mut tests = suite(&tools::python3()?, "formats", &path, long);
        command(tests.env("CRASHSITE_TARGET", tools::target()), if long { 1800 } else { 600 })
    });
    steps.step("hostile", || {
        // Its bounds are those that users have. `install binary` takes what is built here.
        let binary = tools::build_binary(true)?;
        command(&mut suite(&tools::python3()?, "hostile", &binary, long), 300)
    });
    steps.step("editors", || {
        let python = tools::python3()?;
        let editor = tools::venv("neovim-venv", &python, &[tools::NEOVIM])
            .with_context(|| format!("{} of PyPI is needed for this step", tools::NEOVIM))?;
        tools::emacs()?;
        let mut tests = suite(&python, "editors", &path, long);
        command(tests.env("CRASHSITE_NEOVIM", editor.with_file_name("nvim")), if long { 1800 } else { 600 })
    });
    if long {
        steps.step("cases", || {
            let paths = std::env::join_paths(cpythons.iter().map(|python| &python.path))?;
            let mut tests = suite(&tools::python3()?, "cases", &path, long);
            command(tests.env("CRASHSITE_PYTHONS", paths).env("CRASHSITE_TARGET", tools::target()), 900)
        });
        steps.step("crawl", || {
            let python = cpythons.iter().find(|python| python.version == CRAWLED);
            let python = python.context("no CPython 3.11 here, for which the packages of tests/crawl are pinned")?;
            let mut crawl = Command::new(&python.path);
            crawl.args(["-B", "tests/crawl/run.py"]).current_dir(tools::root()).env(BINARY, &path);
            command(crawl.env("CRASHSITE_TARGET", tools::target()), 7200)
        });
        steps.step("fuzz seeds", || {
            let mut seeds = tools::cargo();
            seeds.args(["test", "--quiet", "--lib", "--manifest-path", "fuzz/Cargo.toml"]);
            command(seeds.env("CARGO_TARGET_DIR", tools::target().join("fuzz/build")), 1800)
        });
    }
    steps.step("fuzz", || fuzz::all(if long { FUZZED_LONG } else { FUZZED }));
    steps.step("dap", || {
        let python = tools::python3()?;
        let mut tests = suite(&python, "debuggers", &path, long);
        command(tests.args(["-p", "test_dap_*.py"]), 300)?;
        debuggers::dap_client(&path, &python.path)
    });
    steps.step("stacks", || {
        let python = cpythons.last().context("no CPython from 3.8 on here")?;
        let paths = std::env::join_paths(cpythons.iter().map(|python| &python.path))?;
        let mut tests = suite(python, "stacks", &path, long);
        command(tests.env("CRASHSITE_PYTHONS", paths).env("CRASHSITE_TARGET", tools::target()), 1800)
    });
    steps.step("debuggers: python", || debuggers_of_python(&cpythons, &path, long));
    // The messages of errors are judged by 3.13 only.
    let judge = cpythons.iter().find(|python| python.version == (3, 13)).or(cpythons.last());
    for python in if long { &cpythons[..] } else { judge.map(std::slice::from_ref).unwrap_or_default() } {
        steps.step(&format!("expressions {}", python.name()), || {
            command(&mut suite(python, "expressions", &path, long), 900)
        });
    }

    steps.step("extension lint", extension::lint);
    let package = tools::target().join("crashsite.vsix");
    steps.step("vsix", || extension::package(&path, &package));
    steps.step("vscode", || {
        let python = judge.context("no CPython from 3.8 on here")?;
        extension::workbench(&package, &python.path, false)
    });
    steps.step("install python", install_python);
    steps.step("install binary", install_binary);
    steps.step("install dist", install_dist);
    steps.step("readme", || {
        if !crate::demo::readme_is_current(&path)? {
            bail!("README.md does not show what the demo prints");
        }
        Ok(())
    });
    steps.step("dependencies", dependencies);
    steps.step("licences", || {
        // Advisories are asked of a server, which not every machine reaches.
        command(
            tools::cargo_deny()?.args(["--offline", "--log-level", "error", "check", "licenses", "bans", "sources"]),
            120,
        )
    });
    Ok(finish(&steps, &pythons))
}

fn finish(steps: &Steps, pythons: &[Python]) -> bool {
    let found = |promised: &str| {
        pythons.iter().any(|python| python.name() == promised || promised == "pypy3" && python.implementation == "pypy")
    };
    let missing: Vec<&str> = tools::PROMISED.into_iter().filter(|promised| !found(promised)).collect();
    let absent = match missing.as_slice() {
        [] => "every Python was there".to_owned(),
        missing => format!("not on this machine, so not tested: Python {}", missing.join(", ")),
    };
    if let Some(commit) = &steps.kept {
        steps.keep(commit, &absent);
    }
    let failed = steps.failed();
    let passed = steps.results.len() - failed;
    println!("\n{}\n{absent}\n{passed} passed, {failed} failed", steps.lines());
    failed == 0 && passed > 0
}

fn command(command: &mut Command, seconds: u64) -> Result<()> {
    let status = tools::run(command, Duration::from_secs(seconds))?;
    if !status.success() {
        bail!("`{}`: {status}", tools::shown(command));
    }
    Ok(())
}

/// The unit tests of a folder of tests/, which import the package from its source and run the binary.
fn suite(python: &Python, folder: &str, binary: &Path, long: bool) -> Command {
    let mut tests = Command::new(&python.path);
    tests
        .args(["-B", "-m", "unittest", "discover", "-s", &format!("tests/{folder}")])
        .current_dir(tools::root())
        .env("PYTHONPATH", tools::root().join("python"))
        .env_remove("CRASHSITE_DIR")
        .env_remove("CRASHSITE_WITH_FILES")
        .env(BINARY, binary);
    if long {
        tests.env(LONG, "1");
    }
    tests
}

/// pdb, debugpy and others, on dumps: the tests fetch these from PyPI for the Pythons that they need them for.
fn debuggers_of_python(pythons: &[&Python], binary: &Path, long: bool) -> Result<()> {
    let newest = pythons.last().context("no CPython from 3.8 on here")?;
    let paths = std::env::join_paths(pythons.iter().map(|python| &python.path))?;
    let mut tests = Command::new(&newest.path);
    tests
        .args(["-B", "-m", "unittest", "test_pdb", "test_debugpy", "test_pydevd", "test_consoles", "test_upstream"])
        .current_dir(tools::root().join("tests/debuggers"))
        .env("CRASHSITE_PYTHONS", paths)
        .env("CRASHSITE_TARGET", tools::target())
        .env(BINARY, binary);
    if long {
        tests.env(LONG, "1");
    }
    command(&mut tests, if long { 3600 } else { 900 })
}

/// What [`lint`] installs.
const LINTERS: [&str; 3] = [tools::RUFF, tools::MYPY, tools::GDB_TYPES];

/// ruff and mypy over the package, its tests, the demo and the scripts for gdb.
fn lint(python: &Python) -> Result<()> {
    let executable = tools::venv("lint-venv", python, &LINTERS)
        .with_context(|| format!("{} of PyPI are needed for this step", LINTERS.join(", ")))?;
    let module = |name: &str| {
        let mut command = Command::new(&executable);
        command
            .args(["-m", name])
            .current_dir(tools::root())
            .env("RUFF_CACHE_DIR", tools::target().join("ruff"))
            .env("MYPY_CACHE_DIR", tools::target().join("mypy"));
        command
    };
    let folders = [
        "python",
        "demo",
        "gdb-scripts",
        "tests/end_to_end",
        "tests/expressions",
        "tests/web",
        "tests/values",
        "tests/editors",
        "tests/debuggers",
        "tests/stacks",
        "tests/cases",
        "tests/crawl",
        "tests/formats",
        "tests/hostile",
        "fuzz",
        "xtask/bench",
    ];
    command(module("ruff").args(["check", "--quiet", "--config", "python/pyproject.toml"]).args(folders), 120)?;
    command(
        module("ruff").args(["format", "--check", "--quiet", "--config", "python/pyproject.toml"]).args(folders),
        120,
    )?;
    let config = tools::root().join("python/pyproject.toml");
    let typed = [("python", ["-p", "crashsite"]), ("demo", ["-p", "orders"]), ("gdb-scripts", ["--", "crashsite.py"])];
    for (folder, what) in typed {
        let mut mypy = module("mypy");
        mypy.current_dir(tools::root().join(folder)).args(["--strict", "--no-error-summary", "--config-file"]);
        command(mypy.arg(&config).args(what), 300)?;
    }
    Ok(())
}

/// `pip install ./python` into an empty virtual environment, and the capture used from there.
fn install_python() -> Result<()> {
    let folder = tools::target().join("install-venv");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let python = tools::venv("install-venv", &tools::python3()?, &[])?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "./python"]);
    command(pip.current_dir(tools::root()), 300)?;
    let mut used = Command::new(&python);
    used.args(["-I", "-c", "import crashsite, sys; sys.exit(crashsite.save_dump is None)"]);
    command(used.current_dir(tools::target()), 60)
}

/// `cargo install --path server/cli`, into target/.
fn install_binary() -> Result<()> {
    let folder = tools::target().join("install");
    let mut install = tools::cargo();
    install
        .args(["install", "--quiet", "--locked", "--force", "--path", "server/cli", "--root"])
        .arg(&folder)
        .env("CARGO_TARGET_DIR", tools::target());
    command(&mut install, 1800)?;
    command(Command::new(folder.join("bin/crashsite")).arg("--version"), 20)
}

/// `cargo xtask dist`, then what is in dist/ used as its receivers would: pip without any index, tar, sha256sum.
fn install_dist() -> Result<()> {
    let dist = crate::dist::build()?;
    let place = tools::target().join("dist-try");
    if place.exists() {
        std::fs::remove_dir_all(&place)?;
    }
    command(Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(&dist), 60)?;

    let python = tools::venv("dist-try", &tools::python3()?, &[])?;
    let bin = python.parent().context("a Python in no folder")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index", "--find-links"]);
    command(pip.arg(&dist).arg("crashsite[reader]"), 300)?;
    let version = asked(Command::new(bin.join("crashsite")).arg("--version"), 0)?;
    if version.trim() != concat!("crashsite ", env!("CARGO_PKG_VERSION")) {
        bail!("the installed binary is {version}");
    }
    let mut check = Command::new(&python);
    let told = asked(check.args(["-I", "-m", "crashsite", "check-setup"]).current_dir(&place), 0)?;
    if told.matches("opened by the command: the traceback").count() != 2 {
        bail!("check-setup did not find the binary beside its Python:\n{told}");
    }

    std::fs::write(
        place.join("fails.py"),
        "def share(order):\n    return 1 / order['lines'][2]\nshare({'lines': [5, 7, 0]})\n",
    )?;
    let mut program = Command::new(&python);
    asked(program.args(["-I", "-m", "crashsite", "run", "fails.py"]).current_dir(&place), 1)?;
    let dump = std::fs::read_dir(&place)?.flatten().map(|entry| entry.path());
    let dump = dump.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "dump"));
    let dump = dump.context("the installed package wrote no dump")?;

    let archive = format!("crashsite-{}-{}", env!("CARGO_PKG_VERSION"), crate::dist::target_triple()?);
    let mut tar = Command::new("tar");
    command(tar.arg("-xzf").arg(dist.join(format!("{archive}.tar.gz"))).current_dir(&place), 60)?;
    for binary in [bin.join("crashsite"), place.join(&archive).join("crashsite")] {
        let answer = asked(Command::new(binary).arg("print").arg(&dump).arg("order['lines'][1]"), 0)?;
        if answer.trim() != "7" {
            bail!("asked for a value in the dump, it says {answer:?}");
        }
    }
    let licences = "import importlib.metadata as m; print([f.name for f in m.files('crashsite-reader')])";
    let licences = asked(Command::new(&python).args(["-I", "-c", licences]), 0)?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-LICENSES"] {
        if !licences.contains(name) || !place.join(&archive).join(name).is_file() {
            bail!("{name} is not in the wheel or not in the archive");
        }
    }
    Ok(())
}

/// What a command prints that ends with this status.
fn asked(command: &mut Command, status: i32) -> Result<String> {
    command.env_remove("CRASHSITE_DIR").env_remove("CRASHSITE_WITH_FILES");
    let (ended, output) = tools::capture(command, Duration::from_secs(60))?;
    if ended.code() != Some(status) {
        bail!("`{}`: {ended}\n{output}", tools::shown(command));
    }
    Ok(output)
}

/// docs/dependencies.md has a line for every direct dependency.
fn dependencies() -> Result<()> {
    let root = tools::root();
    let text = std::fs::read_to_string(root.join("docs/dependencies.md"))?;
    let mut missing = Vec::new();
    for folder in members(&root)? {
        let manifest = std::fs::read_to_string(root.join(&folder).join("Cargo.toml"))?;
        for name in direct(&manifest) {
            if !name.starts_with("crashsite") && !text.contains(&format!("`{name}`")) && !missing.contains(&name) {
                missing.push(name);
            }
        }
    }
    for manifest in ["vscode-extension/package.json", "tests/vscode/package.json", "tests/debuggers/package.json"] {
        let manifest: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(root.join(manifest))?)?;
        let fields = ["dependencies", "devDependencies"].iter().filter_map(|field| manifest.get(field)?.as_object());
        let names = fields.flatten().map(|(name, _)| name.clone());
        missing.extend(names.filter(|name| !text.contains(&format!("`{name}`"))));
    }
    if !missing.is_empty() {
        bail!("docs/dependencies.md says nothing of {}", missing.join(", "));
    }
    Ok(())
}

fn members(root: &Path) -> Result<Vec<String>> {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml"))?;
    let line = manifest.lines().find(|line| line.starts_with("members")).context("Cargo.toml names no members")?;
    Ok(line.split('"').skip(1).step_by(2).map(str::to_owned).collect())
}

fn direct(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim_end_matches(']').ends_with("dependencies");
        } else if inside && let Some(end) = line.find(['.', ' ', '=']) {
            let name = line.get(..end).unwrap_or_default();
            if !name.is_empty() && !name.starts_with('#') {
                names.push(name.to_owned());
            }
        }
    }
    names
}
