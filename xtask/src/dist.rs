//! `cargo xtask dist`: all that is given to others, in dist/.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::{licences, tools};

/// The one version that the crates, the package and the wheel of the binary have.
const VERSION: &str = env!("CARGO_PKG_VERSION");
pub(crate) const THIRD_PARTY: &str = "THIRD-PARTY-LICENSES";
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
/// What a shell reads completions from: its name, and the file's as the shell wants it.
const COMPLETIONS: [(&str, &str); 3] = [("bash", "crashsite.bash"), ("fish", "crashsite.fish"), ("zsh", "_crashsite")];

/// The command: builds all and lists it.
pub(crate) fn run() -> Result<bool> {
    let folder = build()?;
    for path in files(&folder)? {
        let size = std::fs::metadata(&path)?.len();
        println!("{:>9} kB  {}", size.div_ceil(1000), path.strip_prefix(tools::root()).unwrap_or(&path).display());
    }
    Ok(true)
}

/// Builds everything into dist/, which holds nothing else afterwards.
pub(crate) fn build() -> Result<PathBuf> {
    one_version()?;
    let root = tools::root();
    let (dist, stage) = (root.join("dist"), tools::target().join("stage"));
    for folder in [&dist, &stage] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
    }
    let target = target_triple()?;
    std::fs::write(dist.join(THIRD_PARTY), licences::third_party(&target)?)?;
    let binary = tools::build_binary(true)?;

    let packages = [tools::MATURIN, tools::HATCHLING, tools::BUILD];
    let python = tools::venv("dist-venv", &tools::python3()?, &packages)
        .with_context(|| format!("{} of PyPI are needed to build the Python packages", packages.join(", ")))?;
    capture_package(&python, &stage.join("python"), &dist)?;
    reader_wheel(&python, &stage.join("reader"), &dist)?;
    archive(&binary, &target, &dist)?;
    sums(&dist)?;
    Ok(dist)
}

/// The package `crashsite`: an sdist, and from it the wheel. From a copy, because the licences stand a folder higher.
fn capture_package(python: &Path, stage: &Path, dist: &Path) -> Result<()> {
    let source = tools::root().join("python");
    for name in ["crashsite", "tests"] {
        copy(&source.join(name), &stage.join(name))?;
    }
    for name in ["pyproject.toml", "README.md"] {
        std::fs::copy(source.join(name), stage.join(name))?;
    }
    for name in LICENCES {
        std::fs::copy(tools::root().join(name), stage.join(name))?;
    }
    let mut build = Command::new(python);
    build.args(["-m", "build", "--quiet", "--no-isolation", "--outdir"]).arg(dist).arg(stage);
    tools::finished(build.env("SOURCE_DATE_EPOCH", commit_time().to_string()), 300)
}

/// The wheel `crashsite-reader` with the binary. maturin dates its files itself, always the same; SOURCE_DATE_EPOCH would
/// only make cargo build anew what looks at it.
fn reader_wheel(python: &Path, stage: &Path, dist: &Path) -> Result<()> {
    let source = tools::root().join("python/reader");
    let manifest = tools::root().join("server/cli/Cargo.toml");
    let project = std::fs::read_to_string(source.join("pyproject.toml"))?;
    let relative = "\"../../server/cli/Cargo.toml\"";
    if !project.contains(relative) {
        bail!("python/reader/pyproject.toml does not name {relative}");
    }
    std::fs::create_dir_all(stage)?;
    std::fs::write(stage.join("pyproject.toml"), project.replace(relative, &format!("{:?}", manifest.display())))?;
    std::fs::copy(source.join("README.md"), stage.join("README.md"))?;
    for name in LICENCES {
        std::fs::copy(tools::root().join(name), stage.join(name))?;
    }
    std::fs::copy(dist.join(THIRD_PARTY), stage.join(THIRD_PARTY))?;
    let mut maturin = Command::new(python);
    maturin
        .args(["-m", "maturin", "build", "--quiet", "--release", "--out"])
        .arg(dist)
        .current_dir(stage)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("CARGO_TARGET_DIR", tools::target());
    tools::finished(&mut maturin, 1200)
}

/// The binary for those without pip, with its licences, and with manual page and completions as far as it writes them.
fn archive(binary: &Path, target: &str, dist: &Path) -> Result<()> {
    let name = format!("crashsite-{VERSION}-{target}");
    let file = std::fs::File::create(dist.join(format!("{name}.tar.gz")))?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    let mut add = |path: &str, mode: u32, bytes: &[u8]| -> Result<()> {
        let mut header = tar::Header::new_ustar();
        header.set_mode(mode);
        header.set_mtime(commit_time());
        header.set_size(bytes.len() as u64);
        Ok(tar.append_data(&mut header, format!("{name}/{path}"), bytes)?)
    };
    add("crashsite", 0o755, &std::fs::read(binary)?)?;
    for name in LICENCES {
        add(name, 0o644, &std::fs::read(tools::root().join(name))?)?;
    }
    add(THIRD_PARTY, 0o644, &std::fs::read(dist.join(THIRD_PARTY))?)?;
    add("man/man1/crashsite.1", 0o644, written(binary, &["man"])?.as_bytes())?;
    for (shell, file) in COMPLETIONS {
        add(&format!("completions/{file}"), 0o644, written(binary, &["completions", shell])?.as_bytes())?;
    }
    tar.into_inner()?.finish()?.flush()?;
    Ok(())
}

/// What the binary prints.
fn written(binary: &Path, arguments: &[&str]) -> Result<String> {
    let (status, text) = tools::capture(Command::new(binary).args(arguments), Duration::from_secs(20))?;
    if !status.success() || text.is_empty() {
        bail!("crashsite {} prints nothing", arguments.join(" "));
    }
    Ok(text)
}

/// SHA256SUMS, as `sha256sum --check` reads it.
fn sums(dist: &Path) -> Result<()> {
    let mut text = String::new();
    for path in files(dist)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        text += &format!("{:x}  {name}\n", Sha256::digest(std::fs::read(&path)?));
    }
    Ok(std::fs::write(dist.join("SHA256SUMS"), text)?)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for path in files(from)? {
        let Some(name) = path.file_name().filter(|name| *name != "__pycache__") else {
            continue;
        };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// The packages depend on one another by exactly this version.
pub(crate) fn one_version() -> Result<()> {
    let project = ("python/pyproject.toml", format!("\nversion = \"{VERSION}\"\n"));
    let extra = ("python/pyproject.toml", format!("\nreader = [\"crashsite-reader=={VERSION}\"]\n"));
    let package = ("python/crashsite/_version.py", format!("\n__version__ = \"{VERSION}\"\n"));
    let extension = ("vscode-extension/package.json", format!("\n  \"version\": \"{VERSION}\",\n"));
    for (path, line) in [project, extra, package, extension] {
        if !std::fs::read_to_string(tools::root().join(path))?.contains(&line) {
            bail!("Cargo.toml says version {VERSION}; {path} has no line `{}`", line.trim());
        }
    }
    Ok(())
}

/// When the commit was made, in seconds: the date of all files, so that the same commit gives the same bytes.
fn commit_time() -> u64 {
    /// The first day that a zip file can name.
    const WITHOUT_GIT: u64 = 315_532_800;
    let mut git = Command::new("git");
    git.current_dir(tools::root()).args(["log", "-1", "--format=%ct"]);
    let found = tools::capture(&mut git, Duration::from_secs(20));
    found.ok().and_then(|(_, output)| output.trim().parse().ok()).unwrap_or(WITHOUT_GIT)
}

/// What rustc builds for when nothing is said.
pub(crate) fn target_triple() -> Result<String> {
    let (_, text) = tools::capture(Command::new("rustc").arg("-vV"), Duration::from_secs(20))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say what it builds for")?.to_owned())
}
