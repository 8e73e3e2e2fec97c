//! `headers`: the message headers of the file.

use crashsite_model::Dump;
use serde::Serialize;

/// The answer to `headers`.
#[derive(Debug, Clone, Serialize)]
pub struct Headers {
    /// Version of the answer.
    pub schema: u32,
    /// In the order of the file; a name may stand there twice.
    pub headers: Vec<Header>,
}

/// A header.
#[derive(Debug, Clone, Serialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value, decoded.
    pub value: String,
}

/// The headers of a dump.
pub fn answer(dump: &Dump) -> Headers {
    let header = |header: &crashsite_model::Header| Header { name: header.name.clone(), value: header.value.clone() };
    Headers { schema: crate::SCHEMA, headers: dump.headers.iter().map(header).collect() }
}
