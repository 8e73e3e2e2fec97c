//! Messages in and out.
//!
//! Each handler is polled once before the next message is read: what it does before its first await, it does in the order of
//! the messages. A message that is none is answered by an error, and so is one whose handler panics. (The loop that comes with
//! tower-lsp-server ends at either.)

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Poll;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use serde::Serialize;
use serde_json::Value;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tower_lsp_server::jsonrpc::{Error, Id, Request, Response};
use tower_lsp_server::{ClientSocket, LspService};
use tower_service::Service as _;

use crate::PATIENCE;
use crate::server::Server;

/// Answers that wait to be written.
const WAITING: usize = 64;
/// Questions that are worked at; more are not read.
const OPEN: u32 = 1000;
/// Bytes of a line of a message's header.
pub(crate) const LONGEST_HEADER: u64 = 4096;

/// Serves until the client asks for the end, or goes away.
pub(crate) async fn serve(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
    mut service: LspService<Server>,
    socket: ClientSocket,
    largest: usize,
) {
    let (mut requests, mut responses) = socket.split();
    let (answers, waiting) = mpsc::channel(WAITING);
    let (left, gone) = oneshot::channel();
    let writer = tokio::spawn(write(output, waiting, left));
    let own = answers.clone();
    let requests = tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            if own.send(encode(&request)).await.is_err() {
                break;
            }
        }
    });
    let open = Arc::new(Semaphore::new(OPEN as usize));
    let mut input = BufReader::new(input);
    let read = async {
        while let Some(message) = read(&mut input, largest).await {
            match message {
                Ok(Message::Request(request)) => {
                    let end = request.method() == "exit";
                    take(request, &mut service, &answers, &open).await;
                    if end {
                        break;
                    }
                }
                Ok(Message::Response(response)) => {
                    // A client that answers what was not asked is not the server's trouble.
                    let _ = responses.send(response).await;
                }
                Err(response) => {
                    let _ = answers.send(encode(&*response)).await;
                }
            }
        }
    };
    tokio::select! {
        () = read => {}
        _ = gone => {}
    }
    requests.abort();
    drop(answers);
    // Questions that are still worked at have nobody to answer to.
    let _ = tokio::time::timeout(PATIENCE, writer).await;
}

/// Has a request handled: here, as far as it goes without waiting; the rest beside what comes next.
async fn take(
    request: Request,
    service: &mut LspService<Server>,
    answers: &mpsc::Sender<Vec<u8>>,
    open: &Arc<Semaphore>,
) {
    let id = request.id().cloned();
    let handled = AssertUnwindSafe(service.call(request)).catch_unwind();
    let mut handled = Box::pin(handled.map(move |done| match done {
        Ok(Ok(response)) => response,
        // After `exit` nobody asks for anything.
        Ok(Err(_)) => None,
        Err(_) => id.map(|id| Response::from_error(id, internal())),
    }));
    let first = std::future::poll_fn(|context| Poll::Ready(handled.poll_unpin(context))).await;
    if let Poll::Ready(response) = first {
        if let Some(response) = response {
            let _ = answers.send(encode(&response)).await;
        }
        return;
    }
    let Ok(permit) = open.clone().acquire_owned().await else { return };
    let answers = answers.clone();
    tokio::spawn(async move {
        if let Some(response) = handled.await {
            let _ = answers.send(encode(&response)).await;
        }
        drop(permit);
    });
}

fn internal() -> Error {
    let mut error = Error::internal_error();
    error.message = "an internal error: please report it, with the dump and the source if you may share them".into();
    error
}

async fn write(mut output: impl AsyncWrite + Unpin, mut waiting: mpsc::Receiver<Vec<u8>>, left: oneshot::Sender<()>) {
    while let Some(message) = waiting.recv().await {
        if output.write_all(&message).await.is_err() || output.flush().await.is_err() {
            break;
        }
    }
    // Nobody reads any more, or nothing is left to be written.
    let _ = left.send(());
}

fn encode(message: &impl Serialize) -> Vec<u8> {
    let body = serde_json::to_vec(message).unwrap_or_default();
    let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

enum Message {
    Request(Request),
    Response(Response),
}

/// The next message, or the answer to what is none; `None` at the end.
async fn read(input: &mut (impl AsyncBufRead + Unpin), largest: usize) -> Option<Result<Message, Box<Response>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        (&mut *input).take(LONGEST_HEADER).read_until(b'\n', &mut line).await.ok().filter(|read| *read > 0)?;
        let line = line.trim_ascii();
        // Another header, or what is left of a message that was none, is passed over.
        length = content_length(line).or(length);
        if line.is_empty() && length.is_some() {
            break;
        }
    }
    let length = length?;
    if length > largest {
        tokio::io::copy(&mut (&mut *input).take(length as u64), &mut tokio::io::sink()).await.ok()?;
        let message = format!("the limit on a message is {largest} bytes (--max-message); this one has {length}");
        return Some(refuse(Id::Null, Error::invalid_params(message)));
    }
    // Memory is taken as bytes come, not on a header's word.
    let mut body = Vec::new();
    let read = (&mut *input).take(length as u64).read_to_end(&mut body).await.ok()?;
    (read == length).then(|| decode(&body))
}

/// The length of a body that a line of the header tells.
pub(crate) fn content_length(line: &[u8]) -> Option<usize> {
    let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
    let digits = std::str::from_utf8(value.get(1..)?.trim_ascii()).ok()?;
    digits.parse().ok().filter(|_| name.eq_ignore_ascii_case(b"content-length"))
}

fn decode(body: &[u8]) -> Result<Message, Box<Response>> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return refuse(Id::Null, Error::parse_error()) };
    let id = value.get("id").cloned().and_then(|id| serde_json::from_value(id).ok()).unwrap_or(Id::Null);
    let decoded = if value.get("method").is_some() {
        serde_json::from_value(value).map(Message::Request)
    } else {
        serde_json::from_value(value).map(Message::Response)
    };
    decoded.or_else(|_| refuse(id, Error::invalid_request()))
}

fn refuse(id: Id, error: Error) -> Result<Message, Box<Response>> {
    Err(Box::new(Response::from_error(id, error)))
}
