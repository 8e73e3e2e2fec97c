//! stdout: the one place that writes there. It is locked, buffered, and coloured only where it is a terminal.

use std::fmt;
use std::io::{self, BufWriter, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice, StripStream};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use serde_json::ser::Formatter;

use crate::failure::Failure;
use crate::platform;

/// Styles, by what they are for.
pub(crate) mod style {
    use super::{AnsiColor, Style};

    /// An exception's name.
    pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
    /// A function's name, a heading.
    pub(crate) const NAME: Style = Style::new().bold();
    /// A variable's name.
    pub(crate) const VARIABLE: Style = AnsiColor::Cyan.on_default();
    /// What matters less: library frames, line numbers, remarks.
    pub(crate) const DIM: Style = Style::new().dimmed();
    /// The place in a line, the current line.
    pub(crate) const MARK: Style = AnsiColor::Red.on_default();
    /// What is in the first of two dumps.
    pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
    /// What is in the second.
    pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
    /// What was cut, or could not be read.
    pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
}

/// Bytes that are written at once.
const BLOCK: usize = 64 << 10;

/// Where answers go.
pub(crate) struct Output {
    stream: BufWriter<Box<dyn io::Write + Send>>,
    width: fn() -> Option<usize>,
    broken: bool,
    failed: Option<io::Error>,
}

impl Output {
    /// stdout, coloured by choice.
    pub(crate) fn new(color: ColorChoice) -> Self {
        let stdout = io::stdout();
        let color = if color == ColorChoice::Auto { AutoStream::choice(&stdout) } else { color };
        let stream: Box<dyn io::Write + Send> = if color == ColorChoice::Never {
            // Between two colours it writes each piece by itself: they are put together again before they leave.
            let whole: Box<dyn io::Write + Send> = Box::new(BufWriter::with_capacity(BLOCK, stdout));
            Box::new(StripStream::new(whole))
        } else {
            Box::new(AutoStream::new(stdout, color))
        };
        let stream = BufWriter::with_capacity(BLOCK, stream);
        Output { stream, width: platform::terminal_width, broken: false, failed: None }
    }

    /// A text in the place of stdout, without colours.
    pub(crate) fn captured(text: &Captured) -> Self {
        let stream: Box<dyn io::Write + Send> =
            Box::new(StripStream::new(Box::new(text.clone()) as Box<dyn io::Write + Send>));
        Output { stream: BufWriter::new(stream), width: || None, broken: false, failed: None }
    }

    /// Columns of the terminal; `None` where it is none, and nothing needs to be shortened.
    pub(crate) fn width(&self) -> Option<usize> {
        (self.width)()
    }

    /// Writes text that is safe for a terminal.
    pub(crate) fn write(&mut self, text: fmt::Arguments<'_>) {
        if self.broken {
            return;
        }
        if let Err(error) = self.stream.write_fmt(text) {
            self.broken = true;
            self.failed = Some(error);
        }
    }

    /// Whether somebody may still be reading.
    pub(crate) fn open(&self) -> bool {
        !self.broken
    }

    /// Writes an answer as JSON, in one line.
    pub(crate) fn json<T: Serialize>(&mut self, answer: &T) -> Result<(), Failure> {
        let mut serializer = serde_json::Serializer::with_formatter(&mut self.stream, OneLine);
        match answer.serialize(&mut serializer) {
            Ok(()) => self.write(format_args!("\n")),
            Err(error) => {
                self.broken = true;
                self.failed = Some(error.into());
            }
        }
        Ok(())
    }

    /// Writes what is left. A reader who has gone away is no error.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        let done = match self.failed.take() {
            Some(error) => Err(error),
            None => self.stream.flush(),
        };
        self.broken |= done.is_err();
        match done {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::no_answer(
                format!("the answer could not be written: {error}"),
                "Is the disk full, or stdout closed?",
            )),
            _ => Ok(()),
        }
    }
}

/// What was written to a captured [`Output`], once that is finished.
#[derive(Debug, Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// The text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Compact JSON, in which the control characters that JSON allows in a text are escaped, too: U+007F to U+009F. A
/// terminal would obey them, and a stream that takes colours out would take them with it.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| c.is_control()) {
            let (before, after) = rest.split_at(at);
            write!(writer, "{before}\\u{:04x}", u32::from(c))?;
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Writes a line, or part of one, to an [`Output`].
macro_rules! put {
    ($output:expr, $($text:tt)*) => { $output.write(format_args!($($text)*)) };
}
/// Writes a line to an [`Output`].
macro_rules! line {
    ($output:expr) => { $output.write(format_args!("\n")) };
    ($output:expr, $($text:tt)*) => {{ $output.write(format_args!($($text)*)); $output.write(format_args!("\n")) }};
}
pub(crate) use {line, put};
