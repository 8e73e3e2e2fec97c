//! A client's first message, which is read before anything else is done: it names the folders of the workspace, and what
//! those do not hold is given up before there are threads.

use std::io::{self, BufRead, Read as _};
use std::path::PathBuf;

use tower_lsp_server::gen_lsp_types::InitializeParams;

use serde::Deserialize;

use crate::server::folders;
use crate::settings::Settings;
use crate::transport::{LONGEST_HEADER, content_length};

/// The message as it came, to be read once more.
pub(crate) struct First {
    pub(crate) bytes: Vec<u8>,
    body: usize,
}

/// What of `initialize` matters here.
#[derive(Deserialize)]
struct Initialize {
    params: InitializeParams,
}

impl First {
    /// Waits for the message. What is none is left to whoever reads it again.
    pub(crate) fn read(input: &mut impl BufRead, largest: usize) -> io::Result<First> {
        let mut bytes = Vec::new();
        let mut length = None;
        loop {
            let start = bytes.len();
            if (&mut *input).take(LONGEST_HEADER).read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            let line = bytes.get(start..).unwrap_or_default().trim_ascii();
            length = content_length(line).or(length);
            if line.is_empty() && length.is_some() || bytes.len() > MOST_HEADERS {
                break;
            }
        }
        let body = bytes.len();
        if let Some(length) = length.filter(|length| *length <= largest) {
            input.take(length as u64).read_to_end(&mut bytes)?;
        }
        Ok(First { bytes, body })
    }

    /// The folders and files that it names: of the workspace, where sources are instead, dumps, keys.
    pub(crate) fn named(&self) -> Vec<PathBuf> {
        let body = self.bytes.get(self.body..).unwrap_or_default();
        let Ok(Initialize { params }) = serde_json::from_slice(body) else { return Vec::new() };
        let options = &params.initialization_options;
        let settings = options.as_ref().and_then(|options| Settings::of(options).ok()).unwrap_or_default();
        let mapped = settings.path_mappings.into_iter().map(|mapping| mapping.to.into());
        folders(&params).into_iter().chain(mapped).chain(settings.dumps).chain(settings.identity).collect()
    }
}

/// Bytes of what is before the first body.
const MOST_HEADERS: usize = 64 << 10;
