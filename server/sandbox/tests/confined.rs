//! What is refused, and what still works, tried for real: each in a thread of its own, which alone is confined.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;

use crashsite_sandbox::{Enforced, Policy, enter};

/// Runs in a thread that has given up what the policy does not name.
fn confined(policy: &Policy, action: impl FnOnce() -> io::Result<()> + Send) -> io::Result<()> {
    thread::scope(|scope| {
        let done = scope.spawn(|| {
            assert_eq!(enter(policy).expect("it is entered"), Enforced::Whole, "this kernel knows less than is tested");
            action()
        });
        done.join().expect("no panic")
    })
}

fn refused<T>(done: io::Result<T>) {
    let error = done.err().expect("it is refused");
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{error}");
}

#[test]
fn files_that_are_not_named_are_not_read() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (dump, other) = (folder.path().join("dump"), folder.path().join("other"));
    fs::write(&dump, "dump")?;
    fs::write(&other, "other")?;
    confined(&Policy { read: vec![dump.clone()], ..Policy::default() }, || {
        assert_eq!(fs::read_to_string(&dump)?, "dump");
        for path in [&other, Path::new("/etc/passwd"), Path::new("/proc/self/environ"), Path::new("/dev/tty")] {
            refused(fs::read(path));
        }
        refused(fs::read_dir(folder.path()));
        refused(fs::write(&dump, "changed"));
        refused(fs::remove_file(&dump));
        Ok(())
    })?;
    assert_eq!(fs::read_to_string(&dump)?, "dump");
    Ok(())
}

#[test]
fn files_are_written_only_where_that_was_asked_for() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (inside, outside) = (folder.path().join("inside"), folder.path().join("outside"));
    fs::create_dir(&inside)?;
    fs::create_dir(&outside)?;
    confined(&Policy { write: vec![inside.clone()], ..Policy::default() }, || {
        fs::write(inside.join("new"), "new")?;
        fs::rename(inside.join("new"), inside.join("renamed"))?;
        fs::create_dir(inside.join("folder"))?;
        assert_eq!(fs::read_to_string(inside.join("renamed"))?, "new");
        fs::remove_file(inside.join("renamed"))?;
        refused(fs::write(outside.join("new"), "new"));
        refused(fs::create_dir(outside.join("folder")));
        std::os::unix::fs::symlink(&outside, inside.join("way out"))?;
        refused(fs::write(inside.join("way out").join("new"), "new"));
        Ok(())
    })?;
    assert_eq!(fs::read_dir(outside)?.count(), 0);
    Ok(())
}

#[test]
fn nothing_is_started() -> io::Result<()> {
    confined(&Policy { read: vec!["/".into()], ..Policy::default() }, || {
        refused(Command::new("/bin/true").status());
        refused(Err::<(), _>(Command::new("/bin/true").exec()));
        Ok(())
    })?;
    Ok(())
}

#[test]
fn threads_are_started_and_confined_too() -> io::Result<()> {
    confined(&Policy::default(), || {
        thread::spawn(|| refused(fs::read("/etc/passwd"))).join().expect("no panic");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn nobody_is_connected_to() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    for serve in [false, true] {
        confined(&Policy { serve, ..Policy::default() }, || {
            refused(TcpStream::connect(address));
            refused(TcpListener::bind("127.0.0.1:0"));
            refused(UdpSocket::bind("127.0.0.1:0"));
            Ok(())
        })?;
    }
    Ok(())
}

#[test]
fn clients_of_a_listener_are_served() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut client = TcpStream::connect(address)?;
    client.write_all(b"question")?;
    confined(&Policy { serve: true, ..Policy::default() }, || {
        let (mut accepted, _) = listener.accept()?;
        accepted.set_nodelay(true)?;
        let mut question = [0; 8];
        accepted.read_exact(&mut question)?;
        accepted.write_all(b"answer")?;
        Ok(())
    })?;
    let mut answer = String::new();
    client.read_to_string(&mut answer)?;
    assert_eq!(answer, "answer");
    Ok(())
}

#[test]
fn without_serving_nobody_is_taken_in() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let _client = TcpStream::connect(listener.local_addr()?)?;
    confined(&Policy::default(), || {
        refused(listener.accept());
        Ok(())
    })?;
    Ok(())
}

#[test]
fn entering_again_takes_more_away() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("file");
    fs::write(&file, "file")?;
    confined(&Policy { read: vec!["/".into()], ..Policy::default() }, || {
        assert_eq!(fs::read_to_string(&file)?, "file");
        enter(&Policy::default()).map_err(io::Error::other)?;
        refused(fs::read(&file));
        enter(&Policy { read: vec!["/".into()], ..Policy::default() }).map_err(io::Error::other)?;
        refused(fs::read(&file));
        Ok(())
    })?;
    Ok(())
}
