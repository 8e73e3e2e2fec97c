//! What a client may set, in `initializationOptions` and by `workspace/didChangeConfiguration`.

use std::path::PathBuf;

use crashsite_view::editor::paths::Mapping;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Which of the dumps in the workspace are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Discover {
    /// The newest.
    #[default]
    Newest,
    /// All, of very many the newest.
    All,
    /// None.
    None,
}

/// Settings; what is not given keeps its default, what is not known is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Settings {
    /// Dumps to open.
    pub(crate) dumps: Vec<PathBuf>,
    pub(crate) discover: Discover,
    /// Files with the reader's keys, for dumps that are sealed: a path, or several.
    #[serde(deserialize_with = "one_or_many")]
    pub(crate) identity: Vec<PathBuf>,
    pub(crate) path_mappings: Vec<Mapping>,
    /// Whether the client shows documents of the scheme `crashsite`; where it does not say so, its capabilities do.
    pub(crate) virtual_documents: Option<bool>,
    /// Whether the client wants to be told, by `crashsite/changed`, that dumps or their frames selected are others.
    pub(crate) changes: bool,
    /// The client's command that opens a dump in its debugger. A lens beside the exception has it run.
    pub(crate) debug_command: Option<String>,
    pub(crate) hints: bool,
    pub(crate) lenses: bool,
    pub(crate) diagnostics: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            dumps: Vec::new(),
            discover: Discover::default(),
            identity: Vec::new(),
            path_mappings: Vec::new(),
            virtual_documents: None,
            changes: false,
            debug_command: None,
            hints: true,
            lenses: true,
            diagnostics: true,
        }
    }
}

impl Settings {
    /// The settings in a client's JSON, which may stand below `crashsite`.
    ///
    /// # Errors
    /// Where a setting has no such value; the text says which.
    pub(crate) fn of(value: &Value) -> Result<Settings, String> {
        let own = value.get("crashsite").unwrap_or(value);
        if own.is_null() {
            return Ok(Settings::default());
        }
        Settings::deserialize(own).map_err(|error| {
            format!("the settings of crashsite are not understood: {error}\nThey are left as they were; docs/lsp.md has them.")
        })
    }
}

/// A path, or several; an empty one is none.
fn one_or_many<'d, D: Deserializer<'d>>(value: D) -> Result<Vec<PathBuf>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "`identity` wants the path of a file, or a list of paths")]
    enum Given {
        One(PathBuf),
        Many(Vec<PathBuf>),
    }
    let mut paths = match Given::deserialize(value)? {
        Given::One(path) => vec![path],
        Given::Many(paths) => paths,
    };
    paths.retain(|path| !path.as_os_str().is_empty());
    Ok(paths)
}
