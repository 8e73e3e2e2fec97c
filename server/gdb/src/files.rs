//! The one file that gdb can read: the executable, under a name of its own. No file of this machine is ever opened.

use gdbstub::common::Pid;
use gdbstub::target::TargetResult;
use gdbstub::target::ext::exec_file::ExecFile;
use gdbstub::target::ext::host_io::{
    FsKind, HostIo, HostIoClose, HostIoCloseOps, HostIoErrno, HostIoError, HostIoFstat, HostIoFstatOps, HostIoOpen,
    HostIoOpenFlags, HostIoOpenMode, HostIoOpenOps, HostIoPread, HostIoPreadOps, HostIoResult, HostIoSetfs,
    HostIoSetfsOps, HostIoStat,
};

use crate::target::{PostMortem, part};

/// Its name.
const NAME: &[u8] = b"/crashsite/python";
/// Its descriptor: it is opened as often as one likes, and there is nothing to close.
const DESCRIPTOR: u32 = 3;

impl ExecFile for PostMortem<'_> {
    fn get_exec_file(
        &self,
        _: Option<Pid>,
        offset: u64,
        length: usize,
        buffer: &mut [u8],
    ) -> TargetResult<usize, Self> {
        let end = length.min(buffer.len());
        Ok(part(NAME, offset, buffer.get_mut(..end).unwrap_or_default()))
    }
}

impl HostIo for PostMortem<'_> {
    fn support_open(&mut self) -> Option<HostIoOpenOps<'_, Self>> {
        Some(self)
    }

    fn support_close(&mut self) -> Option<HostIoCloseOps<'_, Self>> {
        Some(self)
    }

    fn support_pread(&mut self) -> Option<HostIoPreadOps<'_, Self>> {
        Some(self)
    }

    fn support_fstat(&mut self) -> Option<HostIoFstatOps<'_, Self>> {
        Some(self)
    }

    fn support_setfs(&mut self) -> Option<HostIoSetfsOps<'_, Self>> {
        Some(self)
    }
}

impl HostIoOpen for PostMortem<'_> {
    fn open(&mut self, name: &[u8], flags: HostIoOpenFlags, _: HostIoOpenMode) -> HostIoResult<u32, Self> {
        if name != NAME {
            return Err(HostIoError::Errno(HostIoErrno::ENOENT));
        }
        let writes = HostIoOpenFlags::O_WRONLY | HostIoOpenFlags::O_RDWR | HostIoOpenFlags::O_TRUNC;
        if flags.intersects(writes) {
            return Err(HostIoError::Errno(HostIoErrno::EROFS));
        }
        Ok(DESCRIPTOR)
    }
}

impl HostIoClose for PostMortem<'_> {
    fn close(&mut self, descriptor: u32) -> HostIoResult<(), Self> {
        known(descriptor)
    }
}

impl HostIoPread for PostMortem<'_> {
    fn pread(&mut self, descriptor: u32, count: usize, offset: u64, buffer: &mut [u8]) -> HostIoResult<usize, Self> {
        known(descriptor)?;
        let end = count.min(buffer.len());
        Ok(part(self.image.elf(), offset, buffer.get_mut(..end).unwrap_or_default()))
    }
}

impl HostIoFstat for PostMortem<'_> {
    fn fstat(&mut self, descriptor: u32) -> HostIoResult<HostIoStat, Self> {
        known(descriptor)?;
        Ok(HostIoStat {
            st_dev: 0,
            st_ino: 0,
            st_mode: HostIoOpenMode::S_IFREG | HostIoOpenMode::S_IRUSR,
            st_nlink: 1,
            st_uid: 0,
            st_gid: 0,
            st_rdev: 0,
            st_size: self.image.elf().len() as u64,
            st_blksize: 0,
            st_blocks: 0,
            st_atime: 0,
            st_mtime: 0,
            st_ctime: 0,
        })
    }
}

impl HostIoSetfs for PostMortem<'_> {
    fn setfs(&mut self, _: FsKind) -> HostIoResult<(), Self> {
        Ok(())
    }
}

fn known<E>(descriptor: u32) -> Result<(), HostIoError<E>> {
    if descriptor == DESCRIPTOR { Ok(()) } else { Err(HostIoError::Errno(HostIoErrno::EBADF)) }
}
