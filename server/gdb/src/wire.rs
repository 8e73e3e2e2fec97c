//! The side of a connection that is written to: a packet goes out whole.

use std::io::{self, Write};

use gdbstub::conn::Connection;

/// Bytes that are kept before they go out.
const KEPT: usize = 64 << 10;

pub(crate) struct Wire<'a> {
    output: io::BufWriter<&'a mut dyn Write>,
}

impl<'a> Wire<'a> {
    pub(crate) fn new(output: &'a mut dyn Write) -> Self {
        Wire { output: io::BufWriter::with_capacity(KEPT, output) }
    }

    /// Has gdb print a line while it waits for the program.
    pub(crate) fn console(&mut self, line: &str) -> io::Result<()> {
        let mut body = String::from("O");
        for byte in line.bytes().chain([b'\n']) {
            body.push_str(&format!("{byte:02x}"));
        }
        let sum = body.bytes().fold(0_u8, u8::wrapping_add);
        write!(self.output, "${body}#{sum:02x}")
    }
}

impl Connection for Wire<'_> {
    type Error = io::Error;

    fn write(&mut self, byte: u8) -> io::Result<()> {
        self.output.write_all(&[byte])
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.output.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
