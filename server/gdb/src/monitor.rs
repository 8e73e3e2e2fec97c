//! `monitor`: what gdb passes on.

use std::convert::Infallible;

use gdbstub::target::ext::monitor_cmd::{ConsoleOutput, MonitorCmd};

use crate::target::{PostMortem, stack};

impl MonitorCmd for PostMortem<'_> {
    fn handle_monitor_cmd(&mut self, command: &[u8], mut output: ConsoleOutput<'_>) -> Result<(), Infallible> {
        let command = String::from_utf8_lossy(command);
        output.write_raw(self.answers.answer(command.trim(), stack(self.looked_at)).as_bytes());
        Ok(())
    }
}
