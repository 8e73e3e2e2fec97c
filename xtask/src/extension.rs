//! The extension of VS Code: `cargo xtask vsix`, and its checks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::{dist, licences, tools};

/// What stands beside the extension in its package, and lies a folder higher here.
const SHARED: [&str; 3] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];
/// The oldest node that all the tools run on.
const OLDEST_NODE: u32 = 20;
const CHROMIUMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The command: the package with the optimized binary, in dist/; with `images`, docs/images/ shows the extension of this package.
pub(crate) fn run(images: bool) -> Result<bool> {
    let binary = tools::build_binary(true)?;
    let folder = tools::root().join("dist");
    std::fs::create_dir_all(&folder)?;
    let triple = dist::target_triple()?;
    let package = folder.join(format!("crashsite-{}-{triple}.vsix", env!("CARGO_PKG_VERSION")));
    self::package(&binary, &package)?;
    println!("{}", package.strip_prefix(tools::root()).unwrap_or(&package).display());
    if images {
        workbench(&package, &tools::python3()?.path, true)?;
    }
    Ok(true)
}

/// Packages the extension with a binary.
pub(crate) fn package(binary: &Path, package: &Path) -> Result<()> {
    let folder = installed()?;
    dist::one_version()?;
    for name in SHARED {
        std::fs::copy(tools::root().join(name), folder.join(name))?;
    }
    let server = folder.join("server");
    std::fs::create_dir_all(&server)?;
    let name = binary.file_name().context("the binary has no name")?;
    std::fs::copy(binary, server.join(name)).with_context(|| format!("no binary at {}", binary.display()))?;
    std::fs::write(server.join(dist::THIRD_PARTY), licences::third_party(&dist::target_triple()?)?)?;
    tools::finished(Command::new("npm").args(["run", "--silent", "build"]).current_dir(&folder), 120)?;
    let mut vsce = tool(&folder, "vsce");
    vsce.args(["package", "--no-dependencies", "--out"]).arg(package);
    // It lists what it packed, and warns of the binary's size.
    let (status, said) = tools::capture(&mut vsce, Duration::from_secs(300))?;
    if !status.success() {
        bail!("`{}`: {status}\n{said}", tools::shown(&vsce));
    }
    Ok(())
}

/// eslint and tsc over the extension and its page.
pub(crate) fn lint() -> Result<()> {
    let folder = installed()?;
    tools::finished(Command::new("npm").args(["run", "--silent", "lint"]).current_dir(&folder), 300)
}

/// The workbench in a browser, with the extension installed from its package. `images` has the pictures of docs/ made anew.
pub(crate) fn workbench(package: &Path, python: &Path, images: bool) -> Result<()> {
    let packages = workbench_packages()?;
    let chromium = chromium()?;
    let failures = tools::target().join("vscode-failures");
    if failures.exists() {
        std::fs::remove_dir_all(&failures)?;
    }
    std::fs::create_dir_all(&failures)?;
    let mut test = Command::new("node");
    test.args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(["dump", "debug", "missing"].map(|name| format!("tests/vscode/{name}.test.mjs")))
        .current_dir(tools::root())
        .env("CRASHSITE_VSCODE_PACKAGES", packages)
        .env("CRASHSITE_CHROMIUM", chromium)
        .env("CRASHSITE_VSIX", package)
        .env("CRASHSITE_PYTHON", python)
        .env("CRASHSITE_FAILURES", failures)
        .env_remove("CRASHSITE_IMAGES");
    if images {
        test.env("CRASHSITE_IMAGES", tools::root().join("docs/images"));
    }
    tools::finished(&mut test, 600)
}

/// The extension's folder, with the packages that its lock file names.
fn installed() -> Result<PathBuf> {
    node()?;
    let folder = tools::root().join("vscode-extension");
    once(&folder.join("package-lock.json"), &folder.join("node_modules/.crashsite"), || {
        let mut install = Command::new("npm");
        install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        tools::finished(&mut install, 600)
    })?;
    Ok(folder)
}

/// code-server and playwright-core, at `target/vscode-test`.
fn workbench_packages() -> Result<PathBuf> {
    node()?;
    let source = tools::root().join("tests/vscode");
    let folder = tools::target().join("vscode-test");
    std::fs::create_dir_all(&folder)?;
    once(&source.join("package-lock.json"), &folder.join("node_modules/.crashsite"), || {
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(source.join(name), folder.join(name))?;
        }
        let mut install = Command::new("sh");
        install.arg(source.join("install.sh")).arg(&folder);
        if Path::new("/usr/include/node/node.h").exists() {
            // The headers of this node, which are fetched otherwise.
            install.env("npm_config_nodedir", "/usr");
        }
        let (status, said) = tools::capture(&mut install, Duration::from_secs(1200))?;
        if !status.success() {
            bail!("code-server could not be installed ({status}): it needs a C++ compiler, make and python3\n{said}");
        }
        Ok(())
    })?;
    Ok(folder)
}

/// Does what a file asks for, unless `stamp` says that it has been done.
pub(crate) fn once(asks: &Path, stamp: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let wanted = std::fs::read_to_string(asks)?;
    if std::fs::read_to_string(stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    work()?;
    std::fs::write(stamp, wanted)?;
    Ok(())
}

/// Sees to it that there is a node.
pub(crate) fn node() -> Result<()> {
    let found = || {
        let (status, version) = tools::capture(Command::new("node").arg("--version"), Duration::from_secs(20)).ok()?;
        let major = version.trim().strip_prefix('v')?.split('.').next()?.parse::<u32>().ok()?;
        (status.success() && major >= OLDEST_NODE).then_some(())
    };
    if found().is_none() {
        tools::apt(&["nodejs", "npm"]);
        found().with_context(|| format!("node {OLDEST_NODE} or later, with npm, is needed for this step"))?;
    }
    Ok(())
}

fn chromium() -> Result<PathBuf> {
    let found = || {
        let folders = std::env::var_os("PATH")?;
        let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
        let candidates = CHROMIUMS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        candidates.into_iter().find(|path| path.is_file())
    };
    if let Some(path) = found() {
        return Ok(path);
    }
    tools::apt(&["chromium"]);
    found().with_context(|| format!("a Chromium is needed for this step: {} on the PATH", CHROMIUMS.join(", ")))
}

fn tool(folder: &Path, name: &str) -> Command {
    let mut command = Command::new(folder.join("node_modules/.bin").join(name));
    command.current_dir(folder);
    command
}
