//! From part to part: by Content-Length where that is true, by the boundary where it is not.

use super::boundary::{AtEnd, Boundary, Delimiter};
use super::headers::{self, Parameters};
use super::window::Window;
use super::{Container, ContainerKind, Part, part};
use crate::error::{Error, Problems, Stage};
use crate::limits::{LimitKind, Limits};
use crate::sniff::{Magic, sniff};
use crate::source::Source;

impl Container {
    /// Finds the parts of a message without reading their bodies: a few KiB for each part are read. Where a
    /// length is wrong or absent, the bytes up to the next boundary are read too, each once.
    ///
    /// A file that is cut has a container nevertheless: it is not closed, and its last part may be truncated.
    ///
    /// # Errors
    /// The source cannot be read ([`Stage::Read`]); or it is no multipart MIME message, ends within its
    /// headers, or these are longer than [`Limits::max_headers`] ([`Stage::Container`]).
    pub fn read(source: &dyn Source, limits: &Limits) -> Result<Self, Error> {
        let mut window = Window::new(source);
        let magic = sniff(window.at(0, 8 << 10)?);
        if !matches!(magic, Magic::MimeV3 | Magic::MimeV2 | Magic::Mime) {
            return Err(not_a_message(magic));
        }
        let mut problems = Problems::default();
        let start = unix_from(&mut window)?;
        let head = match header_block(&mut window, start, limits, None)? {
            Block::Whole(head) => head,
            Block::Cut | Block::Delimiter(_) => {
                return Err(Error::new(
                    Stage::Container,
                    window.len(),
                    "the file ends within the headers of the message",
                    CUT,
                ));
            }
            Block::TooLong => {
                return Err(Error::limit(
                    Stage::Container,
                    start,
                    "the headers of the message do not end",
                    limits.limit(LimitKind::Headers),
                ));
            }
        };
        let (headers, bad) = headers::parse(&head.bytes);
        if bad > 0 {
            problems.add(start, format!("{bad} lines of the headers are none"));
        }
        let boundary = boundary_of(&headers)?;
        let kind = match headers::get(&headers, "X-python-heapdump-version").map(str::trim) {
            None | Some("1" | "2") => ContainerKind::Other,
            Some(version) => {
                if version != "3" {
                    let version: String = version.chars().take(20).collect();
                    problems.add(start, format!("format version {version:?} is not known: read as version 3"));
                }
                ContainerKind::Crashsite
            }
        };
        let mut scan = Scan {
            boundary: Boundary::new(&boundary, head.crlf),
            header_budget: limits.max_headers.saturating_mul(1024),
            window,
            limits,
            kind,
            problems,
            seen: 0,
            parts: Vec::new(),
        };
        let closed = scan.run(head.end)?;
        Ok(Self { headers, kind, parts: scan.parts, closed, problems: scan.problems.finish() })
    }
}

const CUT: &str = "The file was cut: look for a complete copy.";

fn not_a_message(magic: Magic) -> Error {
    let remedy = match magic {
        Magic::Empty => "The program may have died before it could write: look for another dump.",
        Magic::Gzip | Magic::Bzip2 | Magic::Zlib | Magic::Zip | Magic::Zstd | Magic::Xz => {
            "If there is a dump in it, decompress it first."
        }
        Magic::Elf => "A core dump is for gdb alone; Crashsite opens what its Python package wrote.",
        _ => "Give a file that `crashsite` wrote.",
    };
    Error::new(Stage::Container, 0, format!("this is {}, not a Crashsite dump", magic.describe()), remedy)
}

/// mbox files, and pyheapdump with `unixfrom`, start with a line `From …`: where the headers begin.
fn unix_from(window: &mut Window<'_>) -> Result<u64, Error> {
    let head = window.at(0, 1 << 10)?;
    Ok(match memchr::memchr(b'\n', head) {
        Some(end) if head.starts_with(b"From ") => (end as u64).saturating_add(1),
        _ => 0,
    })
}

fn boundary_of(headers: &[(String, String)]) -> Result<String, Error> {
    const NOT_OURS: &str = "Give a file that `crashsite` wrote.";
    let refuse = |message: &str| Error::new(Stage::Container, 0, message, NOT_OURS);
    let content_type = headers::get(headers, "Content-Type").unwrap_or_default();
    let content_type = Parameters::new(content_type);
    let multipart = content_type.first.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    if !multipart {
        return Err(refuse("the message is not multipart"));
    }
    match content_type.get("boundary") {
        // RFC 2046 allows 70 characters.
        Some(boundary) if (1..=200).contains(&boundary.len()) => Ok(boundary),
        Some(_) => Err(refuse("the boundary of the message is empty or too long")),
        None => Err(refuse("the message names no boundary")),
    }
}

enum Block {
    Whole(Head),
    /// A boundary comes before the empty line: damage.
    Delimiter(Delimiter),
    Cut,
    TooLong,
}

struct Head {
    /// Without the empty line.
    bytes: Vec<u8>,
    /// What follows the empty line.
    end: u64,
    /// Its first line ends in CRLF.
    crlf: bool,
}

/// The headers that start at `start`. A boundary among them is looked for first: what follows it is not looked
/// at, so that however many there are, each byte is.
fn header_block(
    window: &mut Window<'_>,
    start: u64,
    limits: &Limits,
    boundary: Option<&Boundary>,
) -> Result<Block, Error> {
    let most = limits.max_headers;
    let mut want = (4 << 10).min(most);
    loop {
        let bytes = window.at(start, want)?;
        let at_end = bytes.len() < want;
        let bytes = bytes.get(..most).unwrap_or(bytes);
        let delimiter = boundary.and_then(|boundary| boundary.in_lines(bytes, start));
        let before = delimiter.and_then(|(hit, _)| bytes.get(..hit));
        if let Some((length, end)) = empty_line(before.unwrap_or(bytes)) {
            let bytes = bytes.get(..length).unwrap_or_default();
            let first_line = memchr::memchr(b'\n', bytes).and_then(|end| bytes.get(..end));
            return Ok(Block::Whole(Head {
                crlf: first_line.is_none_or(|line| line.ends_with(b"\r")),
                bytes: bytes.to_vec(),
                end: start.saturating_add(end as u64),
            }));
        }
        if let Some((_, delimiter)) = delimiter {
            return Ok(Block::Delimiter(delimiter));
        }
        if at_end {
            return Ok(Block::Cut);
        }
        if want >= most {
            return Ok(Block::TooLong);
        }
        want = want.saturating_mul(2).min(most);
    }
}

/// Length of the lines before the first empty one, and what follows it.
fn empty_line(bytes: &[u8]) -> Option<(usize, usize)> {
    match bytes {
        [b'\r', b'\n', ..] => return Some((0, 2)),
        [b'\n', ..] => return Some((0, 1)),
        _ => {}
    }
    memchr::memchr_iter(b'\n', bytes).find_map(|at| {
        let next = at.saturating_add(1);
        match bytes.get(next..)? {
            [b'\n', ..] => Some((next, next.saturating_add(1))),
            [b'\r', b'\n', ..] => Some((next, next.saturating_add(2))),
            _ => None,
        }
    })
}

struct Scan<'a> {
    window: Window<'a>,
    limits: &'a Limits,
    boundary: Boundary,
    kind: ContainerKind,
    /// Bytes that the headers of all parts may yet take.
    header_budget: usize,
    problems: Problems,
    /// Parts met, those that are left out included.
    seen: u32,
    parts: Vec<Part>,
}

impl Scan<'_> {
    /// All parts; true if the closing boundary was there.
    fn run(&mut self, preamble: u64) -> Result<bool, Error> {
        let mut next = self.boundary.find(&mut self.window, preamble)?;
        if next.is_none() {
            self.problems.add(preamble, "the file ends before its first part");
        }
        while let Some(delimiter) = next {
            if delimiter.closing {
                return Ok(true);
            }
            if delimiter.next >= self.window.len() {
                // Cut right after a boundary: nothing of the next part is there.
                break;
            }
            if self.seen >= self.limits.max_parts {
                let limit = self.limits.limit(LimitKind::Parts);
                self.problems.add(delimiter.line, format!("the parts from here on are not read: {limit}"));
                return Ok(false);
            }
            self.seen = self.seen.saturating_add(1);
            next = self.part(delimiter.next)?;
        }
        Ok(false)
    }

    /// The part whose headers start at `start`; what separates it from the next.
    fn part(&mut self, start: u64) -> Result<Option<Delimiter>, Error> {
        let head = match header_block(&mut self.window, start, self.limits, Some(&self.boundary))? {
            Block::Whole(head) => head,
            Block::Delimiter(delimiter) => {
                self.problems.add(start, "a part without a body is left out");
                return Ok(Some(delimiter));
            }
            Block::Cut => {
                // There may be a boundary all the same, of a part that has headers only.
                let next = self.boundary.find(&mut self.window, start)?;
                self.problems.add(
                    start,
                    match next {
                        Some(_) => "a part without a body is left out",
                        None => "the file ends within the headers of a part",
                    },
                );
                return Ok(next);
            }
            Block::TooLong => {
                let limit = self.limits.limit(LimitKind::Headers);
                self.problems.add(start, format!("a part is left out, its headers do not end: {limit}"));
                return self.boundary.find(&mut self.window, start);
            }
        };
        let Some(budget) = self.header_budget.checked_sub(head.bytes.len()) else {
            let limit = self.limits.limit(LimitKind::Headers);
            self.problems.add(
                start,
                format!("the parts from here on are not read: their headers are too long in all, 1024 times {limit}"),
            );
            return Ok(None);
        };
        self.header_budget = budget;
        let (headers, bad) = headers::parse(&head.bytes);
        if bad > 0 {
            self.problems.add(start, format!("{bad} lines of the part's headers are none"));
        }
        let mut part = part::describe(headers, head.end, &mut self.problems);
        let next = self.end_of(&mut part)?;
        self.parts.push(part);
        Ok(next)
    }

    /// Finds out how long the part is, and what follows it.
    fn end_of(&mut self, part: &mut Part) -> Result<Option<Delimiter>, Error> {
        let body = part.offset;
        let claim = part.header("Content-Length").map(str::to_owned);
        let claimed = claim.as_deref().and_then(part::decimal);
        if let Some(length) = claimed
            && let Some(end) = body.checked_add(length)
            && end <= self.window.len()
        {
            match self.boundary.at(&mut self.window, end)? {
                AtEnd::Delimiter(delimiter) => {
                    part.stored_len = length;
                    return Ok(Some(delimiter));
                }
                AtEnd::EndOfFile => {
                    part.stored_len = length;
                    return Ok(None);
                }
                AtEnd::SomethingElse => {}
            }
        }
        let found = self.boundary.find(&mut self.window, body)?;
        let left = self.window.len().saturating_sub(body);
        match (found, claimed) {
            (Some(delimiter), _) => {
                part.stored_len = delimiter.end_of_body.saturating_sub(body);
                let found = part.stored_len;
                if claimed == Some(found) {
                    // An empty body, without a line end of its own.
                } else if let Some(claim) = claim {
                    self.problems.add(
                        body,
                        format!("Content-Length of a part is {claim}, but its boundary comes after {found} bytes"),
                    );
                } else if self.kind == ContainerKind::Crashsite {
                    self.problems.add(body, "a part has no Content-Length: its end was found by its boundary");
                }
            }
            (None, Some(length)) if length <= left => {
                // Its length may well be right, and what comes after it damaged. Its digest will tell.
                part.stored_len = length;
                self.problems
                    .add(body.saturating_add(length), "after a part there is no boundary: what follows is not read");
            }
            (None, _) => {
                part.stored_len = left;
                part.truncated = true;
                self.problems.add(
                    body,
                    match claimed {
                        Some(length) => format!("the file ends within a part: {left} of {length} bytes are there"),
                        None => format!("the file ends within a part: {left} bytes are there"),
                    },
                );
            }
        }
        Ok(found)
    }
}
