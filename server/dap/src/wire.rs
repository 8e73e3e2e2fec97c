//! Messages in and out.

use std::io::{self, BufRead, BufReader, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::types::Message;

/// Bytes of a line of a message's header.
const LONGEST_HEADER: u64 = 4096;

/// A client: what it sends, and what is sent to it.
pub(crate) struct Wire<'c> {
    input: BufReader<Box<dyn Read + Send + 'c>>,
    output: Box<dyn Write + Send + 'c>,
    /// Bytes of one message.
    largest: usize,
    /// The number of the last message that was sent.
    sent: i64,
    /// Nobody reads any more.
    gone: bool,
}

/// What a client asks for.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) seq: i64,
    pub(crate) command: String,
    arguments: Option<Box<RawValue>>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    /// Whether the client should show it to the person at once.
    pub(crate) shown: bool,
}

impl Refusal {
    /// One that is told where the question was asked.
    pub(crate) fn quiet(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), shown: false }
    }

    /// One that the person must see.
    pub(crate) fn shown(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), shown: true }
    }
}

/// The body of a response.
pub(crate) type Answer = Result<Option<Value>, Refusal>;

/// A body as it is sent.
pub(crate) fn body(body: impl Serialize) -> Answer {
    serde_json::to_value(body).map(Some).map_err(|error| Refusal::quiet(format!("an internal error: {error}")))
}

impl Request {
    /// The arguments, as what the command takes.
    pub(crate) fn arguments<'d, T: Deserialize<'d>>(&'d self) -> Result<T, Refusal> {
        let text = self.arguments.as_ref().map_or("{}", |raw| raw.get());
        serde_json::from_str(text)
            .map_err(|error| Refusal::quiet(format!("the arguments of {} are not understood: {error}", self.command)))
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    seq: i64,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    command: String,
    #[serde(default)]
    arguments: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Response<'a> {
    seq: i64,
    r#type: &'static str,
    request_seq: i64,
    success: bool,
    command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

#[derive(Serialize)]
struct Event<'a> {
    seq: i64,
    r#type: &'static str,
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

impl<'c> Wire<'c> {
    pub(crate) fn new(input: Box<dyn Read + Send + 'c>, output: Box<dyn Write + Send + 'c>, largest: usize) -> Self {
        Wire { input: BufReader::new(input), output, largest, sent: 0, gone: false }
    }

    /// The next request; `None` where the client is gone. What is no message is answered here.
    pub(crate) fn request(&mut self) -> Option<Request> {
        while !self.gone {
            let body = match self.message().ok().flatten()? {
                Ok(body) => body,
                Err(refused) => {
                    self.refuse(&refused);
                    continue;
                }
            };
            match serde_json::from_slice::<Raw>(&body) {
                Ok(raw) if raw.kind == "request" => {
                    return Some(Request { seq: raw.seq, command: raw.command, arguments: raw.arguments });
                }
                // Nothing is ever asked of the client.
                Ok(_) => {}
                Err(error) => self.refuse(&format!("this is no message: {error}")),
            }
        }
        None
    }

    /// Answers what is no request.
    fn refuse(&mut self, message: &str) {
        let request = Request { seq: 0, command: String::new(), arguments: None };
        self.respond(&request, Err(Refusal::quiet(message)));
    }

    /// The bytes of the next message, or why they are not taken; `None` at the end.
    fn message(&mut self) -> io::Result<Option<Result<Vec<u8>, String>>> {
        let mut length = None;
        loop {
            let mut line = Vec::new();
            if (&mut self.input).take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let line = line.trim_ascii();
            match line.iter().position(|byte| *byte == b':').map(|at| line.split_at(at)) {
                Some((name, value)) if name.eq_ignore_ascii_case(b"content-length") => {
                    let digits = value.get(1..).and_then(|value| std::str::from_utf8(value.trim_ascii()).ok());
                    length = digits.and_then(|digits| digits.parse::<u64>().ok());
                }
                _ if line.is_empty() && length.is_some() => break,
                // Another header, or what is left of a message that was none.
                _ => {}
            }
        }
        let length = length.unwrap_or_default();
        if length > self.largest as u64 {
            io::copy(&mut (&mut self.input).take(length), &mut io::sink())?;
            let limit = self.largest;
            return Ok(Some(Err(format!(
                "the limit on a message is {limit} bytes (--max-message); this one has {length}"
            ))));
        }
        // Memory is taken as bytes come, not on a header's word.
        let mut body = Vec::new();
        let read = (&mut self.input).take(length).read_to_end(&mut body)?;
        Ok((read as u64 == length).then_some(Ok(body)))
    }

    /// Answers a request.
    pub(crate) fn respond(&mut self, request: &Request, answer: Answer) {
        let mut response = Response {
            seq: self.next(),
            r#type: "response",
            request_seq: request.seq,
            success: answer.is_ok(),
            command: &request.command,
            message: None,
            body: None,
        };
        let refusal;
        match answer {
            Ok(body) => response.body = body,
            Err(refused) => {
                refusal = refused;
                response.message = Some(&refusal.message);
                // A client shows what stands here in a window of its own.
                response.body = refusal.shown.then(|| serde_json::json!({ "error": told(&refusal.message) }));
            }
        }
        self.send(&response);
    }

    /// Tells of something.
    pub(crate) fn event(&mut self, event: &str, body: Option<Value>) {
        let event = Event { seq: self.next(), r#type: "event", event, body };
        self.send(&event);
    }

    fn next(&mut self) -> i64 {
        self.sent += 1;
        self.sent
    }

    fn send(&mut self, message: &impl Serialize) {
        let body = serde_json::to_vec(message).unwrap_or_default();
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend(body);
        self.gone |= self.output.write_all(&bytes).and_then(|()| self.output.flush()).is_err();
    }
}

/// An error that the person sees. There are no variables: what stands in braces stays as it is.
fn told(message: &str) -> Message {
    Message {
        id: 1,
        format: message.to_owned(),
        variables: std::collections::HashMap::new(),
        show_user: Some(true),
        send_telemetry: None,
        url: None,
        url_label: None,
    }
}
