//! What the fuzz targets share: a dump is opened from bytes, and asked everything that a front end asks.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crashsite_model::{Dump, Limits};
use crashsite_view::thread::{Place, StackRef};
use crashsite_view::{backtrace, check, eval, exception, explain, headers, info, locals, source, stacks, threads};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Budgets with which no input may take longer than a moment, or more than some tens of MiB.
pub const LIMITS: Limits = Limits {
    max_part: 1 << 20,
    max_inflated: 2 << 20,
    max_total: 4 << 20,
    max_depth: 100_000,
    max_opcodes: 1_000_000,
    max_values: 200_000,
    max_references: 500_000,
    max_memo: 200_000,
    max_stack: 200_000,
    max_parts: 200,
    max_headers: 16 << 10,
    max_text: 1 << 20,
    max_unsealed: 1 << 20,
};

/// Budgets of one expression.
pub const EXPRESSION: eval::Limits = eval::Limits { steps: 20_000, memory: 4 << 20, milliseconds: 1000 };

/// The dump in a file's bytes, if they are one.
#[must_use]
pub fn open(data: &[u8]) -> Option<Dump> {
    Dump::open(Arc::new(data.to_vec()), LIMITS).ok()
}

/// Every answer that needs no question of a person's.
pub fn ask(dump: &Dump) {
    let _ = info::answer(dump);
    let _ = headers::answer(dump);
    let _ = threads::answer(dump);
    let _ = stacks::answer(dump);
    let _ = source::list(dump);
    let _ = backtrace::answer(
        dump,
        backtrace::Options { locals: true, threads: usize::MAX, frames: usize::MAX, stack: None },
    );
    for error in dump.exceptions.iter().take(20) {
        let _ = exception::message(dump, error);
    }
    let _ = explain::answer(dump, 500);
    for position in 0..8 {
        let Some(stack) = StackRef::of_thread(dump, position) else { break };
        for number in 0..8 {
            let Ok(place) = stack.frame(dump, number) else { break };
            let place: Place<'_> = place;
            let _ = locals::answer(dump, place);
        }
    }
    let _ = check::run(dump, &AtomicU64::new(0));
}

/// What stands between the parts of a message in an input of `formats`; `seeds.py` knows it, too.
pub const SEPARATOR: &[u8] = b"\0--part--\0";

/// A file around some content: a message of version 3 (parts, of which each begins with the line of its objects), one of
/// version 2, gzip, or nothing.
#[must_use]
pub fn wrapped(form: u8, content: &[u8]) -> Vec<u8> {
    match form % 4 {
        0 => message(content),
        1 => {
            let head = "Content-Type: multipart/related; type=\"application/x.python-heapdump\"; boundary=\"b\"\n\
                MIME-Version: 1.0\n\n\n--b\nContent-Type: application/x.python-heapdump\nMIME-Version: 1.0\n\
                Content-Transfer-Encoding: binary\nX-python-heapdump-version: 2\n\n";
            [head.as_bytes(), content, b"\n--b--\n"].concat()
        }
        2 => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            // In memory there is nothing that could fail.
            let _ = gzip.write_all(content);
            gzip.finish().unwrap_or_default()
        }
        _ => content.to_vec(),
    }
}

fn message(content: &[u8]) -> Vec<u8> {
    let mut parts = Vec::new();
    let mut rest = content;
    while let Some(place) = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) {
        parts.push(&rest[..place]);
        rest = &rest[place + SEPARATOR.len()..];
    }
    parts.push(rest);
    let mut out = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\
        X-python-heapdump-version: 3\r\n\r\nbody\r\n"
        .to_vec();
    let last = parts.len() - 1;
    for (number, part) in parts.into_iter().enumerate() {
        let end = part.iter().position(|&byte| byte == b'\n').unwrap_or(part.len());
        let (objects, body) = (&part[..end], part.get(end + 1..).unwrap_or_default());
        let name = match number {
            0 => "summary",
            _ if number == last => "end",
            _ => "heap",
        };
        let head = format!(
            "\r\n--b\r\nContent-Type: application/x.python-heapdump; part={name}\r\nContent-Length: {}\r\nX-Crashsite-Objects: ",
            body.len()
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(objects);
        out.extend_from_slice(b"\r\n\r\n");
        out.extend_from_slice(body);
    }
    out.extend_from_slice(b"\r\n--b--\r\n");
    out
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    /// Every kind of wrapping leads behind it: one whose content no reader gets to would be fuzzed in vain.
    #[test]
    fn what_is_wrapped_opens() {
        let place = std::env::temp_dir().join(format!("crashsite-seeds-{}", std::process::id()));
        std::fs::create_dir_all(&place).expect("a folder");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds.py");
        let status = std::process::Command::new("python3").args([script, "formats"]).arg(&place).status();
        assert!(status.expect("python3 runs").success());
        let mut counts = [0_u32; 4];
        for entry in std::fs::read_dir(&place).expect("a folder") {
            let data = std::fs::read(entry.expect("a file").path()).expect("a seed");
            let Some(dump) = open(&wrapped(data[0], &data[1..])) else { continue };
            let found = check::run(&dump, &AtomicU64::new(0));
            if !dump.threads.is_empty() && found.objects > 0 {
                counts[usize::from(data[0] % 4)] += 1;
            }
        }
        std::fs::remove_dir_all(&place).expect("the folder is ours");
        assert!(counts[0] > 20 && counts[1] > 3 && counts[2] > 3 && counts[3] > 3, "{counts:?}");
    }
}
