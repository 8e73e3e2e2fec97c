//! System calls, by seccomp: what is not named here fails with `EPERM`.
//!
//! The list is what the Rust standard library, tokio, rustyline and the allocator of glibc or musl use in a process that has
//! its files open. A call that is missing shows as an error of whoever made it, never as a killed process.

use std::collections::BTreeMap;
use std::env::consts::ARCH;

use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{self, Eq, MaskedEq};
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};

use crate::Policy;

/// Takes away every call that is not named; whether this processor is known.
pub(super) fn confine(policy: &Policy) -> Result<bool, Error> {
    let Ok(arch) = TargetArch::try_from(ARCH) else { return Ok(false) };
    let mut rules = plain();
    rules.extend(conditional()?);
    if policy.serve {
        rules.extend(SERVING.iter().map(|call| (*call, Vec::new())));
    }
    let refused = |number: i32| SeccompAction::Errno(number.unsigned_abs());
    let allowed = SeccompFilter::new(rules, refused(libc::EPERM), SeccompAction::Allow, arch)?;
    // What it is to do stands in memory, where a filter cannot look. glibc falls back to `clone` where it is unknown.
    let unknown = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    let unknown = SeccompFilter::new(unknown, SeccompAction::Allow, refused(libc::ENOSYS), arch)?;
    for filter in [allowed, unknown] {
        seccompiler::apply_filter(&BpfProgram::try_from(filter)?)?;
    }
    Ok(true)
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Calls that are allowed whatever they are given: what they reach, a file descriptor or Landlock has decided.
const PLAIN: &[i64] = &[
    // files
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_openat,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_mkdirat,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_symlinkat,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_umask,
    libc::SYS_ftruncate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_flock,
    libc::SYS_copy_file_range,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    // memory
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    // threads
    libc::SYS_clone3,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_restart_syscall,
    // signals of its own
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // time, waiting, chance
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_eventfd2,
    libc::SYS_recvfrom,
    // who this is
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getrusage,
    // to take away still more
    libc::SYS_landlock_create_ruleset,
    libc::SYS_landlock_add_rule,
    libc::SYS_landlock_restrict_self,
    libc::SYS_seccomp,
];

/// The same by the names that x86-64 has from older times.
#[cfg(target_arch = "x86_64")]
const OLDER: &[i64] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_mkdir,
    libc::SYS_unlink,
    libc::SYS_rmdir,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_symlink,
    libc::SYS_chmod,
    libc::SYS_dup2,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_wait,
    libc::SYS_arch_prctl,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[i64] = &[];

/// Taking clients in, and telling them apart.
const SERVING: &[i64] = &[
    libc::SYS_accept4,
    libc::SYS_getsockname,
    libc::SYS_getpeername,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_shutdown,
    libc::SYS_recvmsg,
];

fn plain() -> Rules {
    PLAIN.iter().chain(OLDER).map(|call| (*call, Vec::new())).collect()
}

/// Calls of which some are allowed.
fn conditional() -> Result<Rules, Error> {
    let bits = |number: i32| u64::from(number.unsigned_abs());
    let own = u64::from(std::process::id());
    Ok(BTreeMap::from([
        // Nothing that was written becomes code.
        (libc::SYS_mmap, one_of(&[condition(2, Dword, MaskedEq(bits(libc::PROT_EXEC)), 0)?])?),
        (libc::SYS_mprotect, one_of(&[condition(2, Dword, MaskedEq(bits(libc::PROT_EXEC)), 0)?])?),
        // Threads, no processes.
        (
            libc::SYS_clone,
            one_of(&[condition(0, Qword, MaskedEq(bits(libc::CLONE_THREAD)), bits(libc::CLONE_THREAD))?])?,
        ),
        (libc::SYS_tgkill, one_of(&[condition(0, Dword, Eq, own)?])?),
        // Limits are read, of this process.
        (libc::SYS_prlimit64, one_of(&[condition(2, Qword, Eq, 0)?])?),
        (libc::SYS_prctl, values(0, &[libc::PR_SET_NAME, libc::PR_GET_NAME, libc::PR_SET_NO_NEW_PRIVS].map(bits))?),
        (
            libc::SYS_fcntl,
            values(1, &[libc::F_DUPFD_CLOEXEC, libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_SETFL].map(bits))?,
        ),
        // A terminal's settings and size; nothing that types into it (TIOCSTI), or pastes (TIOCLINUX).
        (
            libc::SYS_ioctl,
            values(
                1,
                &[
                    libc::TCGETS,
                    libc::TCSETS,
                    libc::TCSETSW,
                    libc::TCSETSF,
                    libc::TIOCGWINSZ,
                    libc::FIONBIO,
                    libc::FIONREAD,
                    libc::FIOCLEX,
                ]
                .map(|request| request & 0xFFFF_FFFF),
            )?,
        ),
        // By these a signal reaches the thread that handles it.
        (libc::SYS_socketpair, values(0, &[bits(libc::AF_UNIX)])?),
        // Over what is connected: no call that would connect on the way.
        (libc::SYS_sendto, unopened(3)?),
        (libc::SYS_sendmsg, unopened(2)?),
    ]))
}

fn unopened(flags: u8) -> Result<Vec<SeccompRule>, Error> {
    one_of(&[condition(flags, Dword, MaskedEq(u64::from(libc::MSG_FASTOPEN.unsigned_abs())), 0)?])
}

fn condition(
    argument: u8,
    length: SeccompCmpArgLen,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, Error> {
    Ok(SeccompCondition::new(argument, length, operator, value)?)
}

fn one_of(conditions: &[SeccompCondition]) -> Result<Vec<SeccompRule>, Error> {
    conditions.iter().map(|condition| Ok(SeccompRule::new(vec![condition.clone()])?)).collect()
}

fn values(argument: u8, allowed: &[u64]) -> Result<Vec<SeccompRule>, Error> {
    let conditions: Result<Vec<_>, Error> =
        allowed.iter().map(|value| condition(argument, Dword, Eq, *value)).collect();
    one_of(&conditions?)
}
