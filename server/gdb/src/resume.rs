//! Refusing to run. Whatever gdb resumes has stopped again at once, where it was.

use std::convert::Infallible;

use gdbstub::common::{Signal, Tid};
use gdbstub::target::ext::base::multithread::{
    MultiThreadResume, MultiThreadSchedulerLocking, MultiThreadSchedulerLockingOps, MultiThreadSingleStep,
    MultiThreadSingleStepOps,
};

use crate::target::PostMortem;

/// What a person is told who wants the program to run.
const REFUSED: &str =
    "This is a post-mortem: the program is dead and cannot run. Look around: bt, up, info locals, thread 2.";

/// What is said where gdb waits for the program.
pub(crate) struct Refused {
    pub(crate) line: &'static str,
    /// The thread that stops; gdb makes it the current one.
    pub(crate) thread: Tid,
}

impl PostMortem<'_> {
    pub(crate) fn refused(&self) -> Refused {
        Refused { line: REFUSED, thread: self.looked_at }
    }
}

impl MultiThreadResume for PostMortem<'_> {
    fn resume(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn clear_resume_actions(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn set_resume_action_continue(&mut self, tid: Tid, _: Option<Signal>) -> Result<(), Infallible> {
        self.looked_at = tid;
        Ok(())
    }

    fn support_single_step(&mut self) -> Option<MultiThreadSingleStepOps<'_, Self>> {
        Some(self)
    }

    fn support_scheduler_locking(&mut self) -> Option<MultiThreadSchedulerLockingOps<'_, Self>> {
        Some(self)
    }
}

impl MultiThreadSingleStep for PostMortem<'_> {
    fn set_resume_action_step(&mut self, tid: Tid, _: Option<Signal>) -> Result<(), Infallible> {
        self.looked_at = tid;
        Ok(())
    }
}

impl MultiThreadSchedulerLocking for PostMortem<'_> {
    fn set_resume_action_scheduler_lock(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
