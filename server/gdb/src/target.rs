//! Threads, registers, memory.

use std::convert::Infallible;
use std::num::NonZeroUsize;

use crashsite_image::Image;
use gdbstub::arch::Arch;
use gdbstub::common::Tid;
use gdbstub::target::ext::base::BaseOps;
use gdbstub::target::ext::base::multithread::{MultiThreadBase, MultiThreadResumeOps};
use gdbstub::target::ext::breakpoints::BreakpointsOps;
use gdbstub::target::ext::exec_file::ExecFileOps;
use gdbstub::target::ext::host_io::HostIoOps;
use gdbstub::target::ext::monitor_cmd::MonitorCmdOps;
use gdbstub::target::ext::target_description_xml_override::TargetDescriptionXmlOverrideOps;
use gdbstub::target::ext::thread_extra_info::{ThreadExtraInfo, ThreadExtraInfoOps};
use gdbstub::target::{Target, TargetError, TargetResult};
use gdbstub_arch::x86::X86_64_SSE;
use gdbstub_arch::x86::reg::X86_64CoreRegs;

use crate::Answers;

/// "Read-only file system": there is no code for a read-only process.
const READ_ONLY: u8 = 30;
/// "Bad address".
const NO_MEMORY: u8 = 14;
/// "No such process".
const NO_THREAD: u8 = 3;

/// A process that is dead.
pub(crate) struct PostMortem<'a> {
    pub(crate) image: &'a Image<'a>,
    pub(crate) answers: &'a mut dyn Answers,
    /// The thread that gdb last asked about.
    pub(crate) looked_at: Tid,
}

/// The thread of a stack: they are counted from 1.
pub(crate) fn tid(stack: usize) -> Tid {
    NonZeroUsize::MIN.saturating_add(stack)
}

/// The stack of a thread.
pub(crate) fn stack(tid: Tid) -> usize {
    tid.get() - 1
}

impl<'a> PostMortem<'a> {
    pub(crate) fn new(image: &'a Image<'a>, answers: &'a mut dyn Answers) -> Self {
        PostMortem { image, answers, looked_at: tid(0) }
    }
}

impl Target for PostMortem<'_> {
    type Arch = X86_64_SSE;
    type Error = Infallible;

    fn base_ops(&mut self) -> BaseOps<'_, Self::Arch, Self::Error> {
        BaseOps::MultiThread(self)
    }

    fn support_breakpoints(&mut self) -> Option<BreakpointsOps<'_, Self>> {
        Some(self)
    }

    fn support_exec_file(&mut self) -> Option<ExecFileOps<'_, Self>> {
        Some(self)
    }

    fn support_host_io(&mut self) -> Option<HostIoOps<'_, Self>> {
        Some(self)
    }

    fn support_monitor_cmd(&mut self) -> Option<MonitorCmdOps<'_, Self>> {
        Some(self)
    }

    fn support_target_description_xml_override(&mut self) -> Option<TargetDescriptionXmlOverrideOps<'_, Self>> {
        Some(self)
    }
}

impl MultiThreadBase for PostMortem<'_> {
    fn read_registers(&mut self, registers: &mut X86_64CoreRegs, tid: Tid) -> TargetResult<(), Self> {
        const RBP: usize = 6;
        const RSP: usize = 7;
        self.looked_at = tid;
        let found = self.image.registers(stack(tid)).ok_or(TargetError::Errno(NO_THREAD))?;
        registers.rip = found.instruction;
        for (number, value) in [(RBP, found.frame), (RSP, found.stack)] {
            if let Some(register) = registers.regs.get_mut(number) {
                *register = value;
            }
        }
        Ok(())
    }

    fn write_registers(&mut self, _: &X86_64CoreRegs, _: Tid) -> TargetResult<(), Self> {
        Err(TargetError::Errno(READ_ONLY))
    }

    fn read_addrs(
        &mut self,
        start: <Self::Arch as Arch>::Usize,
        data: &mut [u8],
        tid: Tid,
    ) -> TargetResult<usize, Self> {
        self.looked_at = tid;
        match self.image.read(start, data) {
            0 => Err(TargetError::Errno(NO_MEMORY)),
            length => Ok(length),
        }
    }

    fn write_addrs(&mut self, _: <Self::Arch as Arch>::Usize, _: &[u8], _: Tid) -> TargetResult<(), Self> {
        Err(TargetError::Errno(READ_ONLY))
    }

    fn list_active_threads(&mut self, each: &mut dyn FnMut(Tid)) -> Result<(), Infallible> {
        (0..self.image.stacks().len()).map(tid).for_each(each);
        Ok(())
    }

    fn is_thread_alive(&mut self, tid: Tid) -> Result<bool, Infallible> {
        self.looked_at = tid;
        Ok(stack(tid) < self.image.stacks().len())
    }

    fn support_resume(&mut self) -> Option<MultiThreadResumeOps<'_, Self>> {
        Some(self)
    }

    fn support_thread_extra_info(&mut self) -> Option<ThreadExtraInfoOps<'_, Self>> {
        Some(self)
    }
}

impl ThreadExtraInfo for PostMortem<'_> {
    fn thread_extra_info(&self, tid: Tid, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let name = self.image.stacks().get(stack(tid)).map_or("", |stack| &stack.name);
        Ok(part(name.as_bytes(), 0, buffer))
    }
}

/// Copies bytes from an offset on, as far as they fit; says how many.
pub(crate) fn part(bytes: &[u8], offset: u64, buffer: &mut [u8]) -> usize {
    let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
    let length = rest.len().min(buffer.len());
    for (to, from) in buffer.iter_mut().zip(rest) {
        *to = *from;
    }
    length
}
