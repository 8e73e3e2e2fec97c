//! What differs between operating systems: reading a file at an offset, new files of one's own, files below a directory,
//! where a user's state and caches are kept, becoming another program, the terminal, its interrupts.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::Source;

/// A file, read at offsets. Its length is that at the time of opening; where it shrinks later, reads come back short.
#[derive(Debug)]
pub(crate) struct FileSource {
    file: File,
    length: u64,
}

impl FileSource {
    /// Opens a regular file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let facts = file.metadata()?;
        if facts.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
        }
        if !facts.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        Ok(FileSource { length: facts.len(), file })
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(debug_assertions)]
        crate::planted::attempt();
        read_at(&self.file, offset, buffer)
    }
}

#[cfg(unix)]
fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// The content of a regular file that may be a program's source; `None` for all else.
pub(crate) fn read_source(path: &Path) -> Option<Vec<u8>> {
    use io::Read as _;
    /// Bytes; no file that a program was run from is longer.
    const LONGEST: u64 = 16 << 20;
    // A path that names another machine is left alone: whoever answers there would learn who asks.
    if !path.is_absolute() || path.to_string_lossy().starts_with("\\\\") {
        return None;
    }
    // Not opened before it is known for a file: a pipe would wait for somebody to write to it.
    let facts = path.metadata().ok().filter(|facts| facts.is_file() && facts.len() <= LONGEST)?;
    let mut content = Vec::with_capacity(usize::try_from(facts.len()).ok()?);
    File::open(path).ok()?.take(LONGEST).read_to_end(&mut content).ok()?;
    Some(content)
}

/// The content of a file of keys.
pub(crate) fn read_key(path: &Path) -> io::Result<Vec<u8>> {
    use io::Read as _;
    /// Bytes; no file of keys is longer.
    const LONGEST: u64 = 1 << 20;
    if path.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut content = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut content)?;
    Ok(content)
}

/// Makes a file that did not exist, readable by its owner only where the system knows that; no link is followed.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes everybody's right to write to a file.
pub(crate) fn set_read_only(path: &Path) -> io::Result<()> {
    let mut permissions = path.symlink_metadata()?.permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(path, permissions)
}

/// Becomes another program, where the system knows that, or else waits for it.
pub(crate) fn become_program(command: &mut std::process::Command) -> io::Result<()> {
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(command));
    #[cfg(not(unix))]
    command.status().map(|_| ())
}

/// Columns of the terminal that stdout is, if it is one.
pub(crate) fn terminal_width() -> Option<usize> {
    use io::IsTerminal as _;
    if !io::stdout().is_terminal() {
        return None;
    }
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size()?;
    Some(usize::from(columns).max(40))
}

/// Whether a person sits there: both stdin and stdout are a terminal.
pub(crate) fn is_interactive() -> bool {
    use io::IsTerminal as _;
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Ctrl-C sets the flag from now on, instead of ending the program.
pub(crate) fn on_interrupt(flag: &Arc<AtomicBool>) -> io::Result<()> {
    signal_hook::flag::register(signal_hook::consts::SIGINT, flag.clone()).map(|_| ())
}

/// The directory where sessions leave what the next ones may want.
pub(crate) fn state_directory() -> io::Result<PathBuf> {
    private_directory("XDG_STATE_HOME", ".local/state")
}

/// The directory of what can be made again.
pub(crate) fn cache_directory() -> io::Result<PathBuf> {
    private_directory("XDG_CACHE_HOME", ".cache")
}

/// Our directory in one that a variable names, or else the user's home has; Windows knows but one. It is made where it is
/// not there, for its owner only.
fn private_directory(variable: &str, usual: &str) -> io::Result<PathBuf> {
    let (variable, usual) = if cfg!(windows) { ("LOCALAPPDATA", "AppData/Local") } else { (variable, usual) };
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::home_dir().filter(|path| path.is_absolute()).map(|home| home.join(usual));
    let place = named.or_else(home).ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no home"))?;
    let directory = place.join("crashsite");
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&directory)?;
    Ok(directory)
}

/// A directory below which files are written. No link that lies there leads out of it: links are not followed.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Makes the directory, where it is not there.
    pub(crate) fn make(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Directory { path: path.to_owned() })
    }

    /// Writes a file, which must not be there, and makes the directories it is in. The path has `/` between plain components.
    pub(crate) fn write_new(&self, path: &str, content: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut self.create_new(path)?, content)
    }

    /// Makes a link to a file, as `write_new` makes a file. Not every system has links, and on not every one a user may make them.
    #[cfg(unix)]
    pub(crate) fn link_new(&self, path: &str, target: &Path) -> io::Result<()> {
        let (at, name) = self.parent(path)?;
        Ok(rustix::fs::symlinkat(target, &at, name)?)
    }

    #[cfg(not(unix))]
    pub(crate) fn link_new(&self, _path: &str, _target: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    #[cfg(unix)]
    fn create_new(&self, path: &str) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        use rustix::io::Errno;
        let (at, name) = self.parent(path)?;
        let new = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&at, name, new, Mode::from_raw_mode(0o666)).map_err(|error| match error {
            Errno::EXIST => already_there(name),
            other => other.into(),
        })?;
        Ok(file.into())
    }

    /// The directory that a file is in, and the file's own name; makes the directories that are not there.
    #[cfg(unix)]
    fn parent<'a>(&self, path: &'a str) -> io::Result<(rustix::fd::OwnedFd, &'a str)> {
        use rustix::fs::{Mode, OFlags, mkdirat, open, openat};
        use rustix::io::Errno;
        let (parents, name) = split(path);
        let directory = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let mut at = open(&self.path, directory, Mode::empty())?;
        for parent in parents {
            match mkdirat(&at, parent, Mode::from_raw_mode(0o777)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            at = openat(&at, parent, directory | OFlags::NOFOLLOW, Mode::empty()).map_err(|error| match error {
                Errno::LOOP | Errno::NOTDIR => in_the_way(parent),
                other => other.into(),
            })?;
        }
        Ok((at, name))
    }

    #[cfg(not(unix))]
    fn create_new(&self, path: &str) -> io::Result<File> {
        let (parents, name) = split(path);
        let mut path = self.path.clone();
        for parent in parents {
            path.push(parent);
            match std::fs::create_dir(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ if !path.symlink_metadata()?.is_dir() => return Err(in_the_way(parent)),
                _ => {}
            }
        }
        File::create_new(path.join(name)).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => already_there(name),
            _ => error,
        })
    }
}

/// The directories of a path, and the name in the last of them.
fn split(path: &str) -> (impl Iterator<Item = &str>, &str) {
    let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
    (parents.split('/').filter(|parent| !parent.is_empty()), name)
}

fn in_the_way(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotADirectory, format!("{name} is there and is a link, or no directory"))
}

fn already_there(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, format!("{name} is there already"))
}
