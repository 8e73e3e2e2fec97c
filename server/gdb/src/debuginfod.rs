//! The files of an image, by HTTP, as debuginfod has them. A gdb on another machine fetches the sources so.
//!
//! One request, one answer. All paths have the executable's build id in them, which only who has that, or the dump, knows: a
//! web page that a browser shows does not.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use crashsite_image::Image;
use httparse::{Request, Status};
use percent_encoding::percent_decode_str;

/// Bytes of a request. A path has at most 4000 characters, which may be escaped.
const LONGEST_REQUEST: usize = 16 << 10;
/// Headers of a request.
const MOST_HEADERS: usize = 64;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is answered.
enum Answer<'a> {
    File(Vec<u8>),
    Executable(&'a [u8]),
    No(&'static str),
}

/// Whether a client that begins with this byte speaks HTTP: gdb begins with `+` or `$`.
pub fn is_http(first: [u8; 1]) -> bool {
    first[0].is_ascii_uppercase()
}

/// Answers one request. Reading must end by itself, where nothing comes.
///
/// # Errors
/// Where the connection fails.
pub fn fetch(image: &Image<'_>, input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    let mut head = Vec::new();
    let mut chunk = [0; 1 << 10];
    let start = Instant::now();
    let (answer, body) = loop {
        let length = input.read(&mut chunk)?;
        head.extend_from_slice(chunk.get(..length).unwrap_or_default());
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = Request::new(&mut headers);
        match request.parse(&head) {
            Ok(Status::Complete(_)) => break answer(image, &request),
            Ok(Status::Partial) if length == 0 || start.elapsed() > PATIENCE => return Ok(()),
            Ok(Status::Partial) if head.len() < LONGEST_REQUEST => {}
            Ok(Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
                break (Answer::No("431 Request Header Fields Too Large"), true);
            }
            Err(_) => break (Answer::No("400 Bad Request"), true),
        }
    };
    let (status, content) = match &answer {
        Answer::File(content) => ("200 OK", content.as_slice()),
        Answer::Executable(content) => ("200 OK", *content),
        Answer::No(status) => (*status, &[][..]),
    };
    write!(
        output,
        "HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    )?;
    if body {
        output.write_all(content)?;
    }
    output.flush()
}

/// The answer, and whether more than its head is sent.
fn answer<'a>(image: &'a Image<'_>, request: &Request<'_, '_>) -> (Answer<'a>, bool) {
    let body = match request.method {
        Some("GET") => true,
        Some("HEAD") => false,
        _ => return (Answer::No("405 Method Not Allowed"), true),
    };
    (request.path.and_then(|path| file(image, path)).unwrap_or(Answer::No("404 Not Found")), body)
}

/// The file of a path: `/buildid/ID/executable`, `/buildid/ID/debuginfo`, `/buildid/ID/source/…`.
fn file<'a>(image: &'a Image<'_>, path: &str) -> Option<Answer<'a>> {
    let (id, what) = path.strip_prefix("/buildid/")?.split_once('/')?;
    if id != image.build_id() {
        return None;
    }
    match what {
        "executable" | "debuginfo" => Some(Answer::Executable(image.elf())),
        _ => {
            let source = percent_decode_str(what.strip_prefix("source")?).decode_utf8().ok()?;
            Some(Answer::File(image.source(&source)?.into_bytes()))
        }
    }
}
