//! The debug adapter, asked by a client that others wrote.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{extension, tools};

/// A session with the protocol's own client.
pub(crate) fn dap_client(binary: &Path, python: &Path) -> Result<()> {
    extension::node()?;
    let source = tools::root().join("tests/debuggers");
    let folder = tools::target().join("debuggers-test");
    std::fs::create_dir_all(&folder)?;
    extension::once(&source.join("package-lock.json"), &folder.join("node_modules/.crashsite"), || {
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(source.join(name), folder.join(name))?;
        }
        let mut install = Command::new("npm");
        install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        tools::finished(&mut install, 600)
    })?;
    let mut test = Command::new("node");
    test.args(["--test", "--test-reporter=spec", "tests/debuggers/dap.test.mjs"])
        .current_dir(tools::root())
        .env("CRASHSITE_BINARY", binary)
        .env("CRASHSITE_PYTHON", python)
        .env("CRASHSITE_DEBUGGERS_PACKAGES", folder);
    tools::finished(&mut test, 120)
}
