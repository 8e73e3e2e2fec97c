//! Serves an [`Image`] to gdb, over the remote serial protocol.
//!
//! gdb reads threads, registers, memory, and the executable itself, which is no file here. It cannot change anything, and
//! nothing runs: what would make it run is answered by one line and the same stop as before.

mod breakpoints;
mod debuginfod;
mod description;
mod files;
mod monitor;
mod resume;
mod target;
mod wire;

use std::io::{self, Read, Write};

use crashsite_image::Image;
use gdbstub::common::Signal;
use gdbstub::stub::state_machine::GdbStubStateMachine;
use gdbstub::stub::{DisconnectReason, GdbStub, MultiThreadStopReason};

pub use debuginfod::{fetch, is_http};
use target::PostMortem;
use wire::Wire;

/// Answers gdb's `monitor` commands.
pub trait Answers {
    /// The answer to what follows `monitor`, lines for a terminal. The stack is the one that gdb last looked at.
    fn answer(&mut self, command: &str, stack: usize) -> String;
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// gdb said that it leaves: `detach`, `disconnect`, `kill`.
    Left,
    /// There is nobody any more.
    Gone,
    /// The other side does not speak the protocol.
    Rubbish,
}

/// Bytes of a packet, both ways.
const PACKET: usize = 64 << 10;
/// Bytes that are taken from the other side at once.
const CHUNK: usize = 4 << 10;

/// Serves one client, until it leaves.
///
/// # Errors
/// Where the connection fails.
pub fn serve(
    image: &Image<'_>,
    answers: &mut dyn Answers,
    input: &mut dyn Read,
    output: &mut dyn Write,
) -> io::Result<End> {
    let mut target = PostMortem::new(image, answers);
    let mut packet = vec![0; PACKET];
    let stub = GdbStub::builder(Wire::new(output)).with_packet_buffer(&mut packet).build();
    let Ok(stub) = stub else { return Ok(End::Rubbish) };
    let mut machine = match stub.run_state_machine(&mut target) {
        Ok(machine) => machine,
        Err(error) => return failed(error),
    };
    let mut chunk = [0; CHUNK];
    loop {
        let length = match input.read(&mut chunk) {
            Ok(0) => return Ok(End::Gone),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return failed_io(error),
        };
        for byte in chunk.get(..length).unwrap_or_default() {
            machine = match step(machine, &mut target, *byte) {
                Ok(GdbStubStateMachine::Disconnected(gone)) => {
                    return Ok(match gone.get_reason() {
                        DisconnectReason::Disconnect | DisconnectReason::Kill => End::Left,
                        _ => End::Gone,
                    });
                }
                Ok(machine) => machine,
                Err(error) => return failed(error),
            };
        }
    }
}

type Machine<'a, 'b> = GdbStubStateMachine<'b, PostMortem<'a>, Wire<'a>>;
type Failed = gdbstub::stub::GdbStubError<std::convert::Infallible, io::Error>;

/// Takes a byte; whatever was asked for is answered before the next.
fn step<'a, 'b>(machine: Machine<'a, 'b>, target: &mut PostMortem<'a>, byte: u8) -> Result<Machine<'a, 'b>, Failed> {
    let mut machine = match machine {
        GdbStubStateMachine::Idle(idle) => idle.incoming_data(target, byte)?,
        other => other,
    };
    loop {
        machine = match machine {
            GdbStubStateMachine::Running(mut running) => {
                let refused = target.refused();
                // What cannot be written now shows when the stop is.
                let _ = running.borrow_conn().console(refused.line);
                // Not SIGTRAP: gdb would take that for the end of a step, and go on stepping.
                let stop = MultiThreadStopReason::SignalWithThread { tid: refused.thread, signal: Signal::SIGABRT };
                running.report_stop(target, stop)?
            }
            GdbStubStateMachine::CtrlCInterrupt(interrupt) => {
                interrupt.interrupt_handled(target, None::<MultiThreadStopReason<u64>>)?
            }
            settled => return Ok(settled),
        };
    }
}

fn failed(error: Failed) -> io::Result<End> {
    match error.into_connection_error() {
        Some((error, _)) => failed_io(error),
        None => Ok(End::Rubbish),
    }
}

fn failed_io(error: io::Error) -> io::Result<End> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof};
    match error.kind() {
        BrokenPipe | ConnectionAborted | ConnectionReset | TimedOut | UnexpectedEof => Ok(End::Gone),
        _ => Err(error),
    }
}
