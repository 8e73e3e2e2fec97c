//! `crashsite lsp`: a crash in an editor, over the Language Server Protocol.
//!
//! [`transport`] takes messages in the order they arrive and polls each handler once before the next is read; [`server`] has the
//! handlers, which up to their first await only change [`state`] or take a snapshot of it. What an annotation says and where
//! it belongs is `crashsite-view`'s to know; [`sight`] finds the text and the dump to ask about, [`convert`] turns answers into
//! messages.

mod answer;
mod commands;
mod convert;
mod disk;
mod document;
mod dumps;
mod first;
mod locate;
mod markdown;
mod publish;
mod server;
mod settings;
mod sight;
mod state;
mod transport;
mod uri;
mod virtual_files;
mod workspace;

use std::io::{self, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crashsite_model::Dump;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tower_lsp_server::LspService;

use first::First;
use server::Server;

/// Bytes of one message.
pub const LARGEST_MESSAGE: usize = 64 << 20;
/// How long a client has to take what is left, at the end.
const PATIENCE: Duration = Duration::from_secs(2);

/// What differs between machines, given by the caller.
pub trait Files: Send + Sync + 'static {
    /// Opens a dump. The identities are files with keys, beside those that the server has, for dumps that are sealed.
    ///
    /// # Errors
    /// In two lines: what is wrong, and what to do.
    fn open(&self, path: &Path, identities: &[PathBuf]) -> Result<Arc<Dump>, String>;

    /// Whether a dump is sealed, so that nothing of it must be written to a file.
    fn is_sealed(&self, path: &Path) -> bool;

    /// The dumps that every session has from its start.
    fn served(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Told before anything else which folders and files a client has named at its start: those of the workspace, of sources
    /// by mappings, of dumps. What is read later lies there.
    fn begin(&self, named: &[PathBuf]) -> io::Result<()>;

    /// The folder in which files are made for clients that can show nothing else.
    fn scratch(&self) -> PathBuf;

    /// Writes a text below a directory, which is made where it is not there, as a file that is only to be read; no link that
    /// lies there is followed. A file that is there is left.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn write(&self, directory: &Path, path: &str, text: &str) -> io::Result<()>;
}

/// How the server came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was asked to.
    Asked,
    /// The client went away without a word.
    Left,
}

/// Serves the client at stdin and stdout, to the end.
///
/// # Errors
/// Where the system gives no threads.
pub fn stdio(files: Arc<dyn Files>, largest: usize) -> io::Result<End> {
    let first = begin(&mut io::stdin().lock(), &*files, largest)?;
    run(async move {
        Ok(serve(io::Cursor::new(first).chain(tokio::io::stdin()), tokio::io::stdout(), files, largest).await)
    })
}

/// Serves a client that has connected, to the end.
///
/// # Errors
/// Where the system gives no threads.
pub fn connected(stream: TcpStream, files: Arc<dyn Files>, largest: usize) -> io::Result<End> {
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(&stream);
    let mut first = begin(&mut input, &*files, largest)?;
    // What came with it.
    first.extend_from_slice(input.buffer());
    stream.set_nonblocking(true)?;
    run(async move {
        let (input, output) = tokio::net::TcpStream::from_std(stream)?.into_split();
        Ok(serve(io::Cursor::new(first).chain(input), output, files, largest).await)
    })
}

/// Waits for the first message, and tells what it names. The bytes are to be read again.
fn begin(input: &mut impl io::BufRead, files: &dyn Files, largest: usize) -> io::Result<Vec<u8>> {
    let first = First::read(input, largest)?;
    files.begin(&first.named())?;
    Ok(first.bytes)
}

fn run(serving: impl Future<Output = io::Result<End>>) -> io::Result<End> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let end = runtime.block_on(serving);
    // A read of stdin, or a question nobody waits for any more, must not keep the process.
    runtime.shutdown_background();
    end
}

async fn serve(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
    files: Arc<dyn Files>,
    largest: usize,
) -> End {
    let builder = LspService::build_with_lifecycle_methods(|client| Server::new(client, files));
    let (service, socket) = server::methods(builder).finish();
    let (asked, extracted) = (service.inner().asked_to_end(), service.inner().extracted());
    transport::serve(input, output, service, socket, largest).await;
    extracted.remove();
    if asked.load(std::sync::atomic::Ordering::Relaxed) { End::Asked } else { End::Left }
}
