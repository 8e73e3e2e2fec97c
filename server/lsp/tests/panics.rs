//! A panic in a handler is answered, and the server goes on.
#![allow(clippy::unwrap_used)]

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crashsite_lsp::{End, Files, LARGEST_MESSAGE, connected};
use crashsite_model::Dump;

/// A machine on which no dump can be opened without a bug.
struct Broken;

impl Files for Broken {
    fn open(&self, _: &Path, _: &[PathBuf]) -> Result<Arc<Dump>, String> {
        panic!("a bug")
    }

    fn is_sealed(&self, _: &Path) -> bool {
        panic!("a bug")
    }

    fn begin(&self, _: &[PathBuf]) -> io::Result<()> {
        Ok(())
    }

    fn scratch(&self) -> PathBuf {
        std::env::temp_dir()
    }

    fn write(&self, _: &Path, _: &str, _: &str) -> io::Result<()> {
        panic!("a bug")
    }
}

fn send(stream: &mut TcpStream, message: &str) {
    write!(stream, "Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
}

/// Reads until a text has come.
fn until(stream: &mut TcpStream, text: &str) -> String {
    let mut said = Vec::new();
    let mut some = [0; 1024];
    loop {
        let read = stream.read(&mut some).unwrap();
        assert!(read > 0, "it ended, and had said: {}", String::from_utf8_lossy(&said));
        said.extend_from_slice(some.get(..read).unwrap());
        let all = String::from_utf8_lossy(&said).into_owned();
        if all.contains(text) {
            return all;
        }
    }
}

#[test]
fn a_panic_is_an_error() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().unwrap();
    let server = std::thread::spawn(move || connected(stream, Arc::new(Broken), LARGEST_MESSAGE).unwrap());
    client.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    send(&mut client, r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#);
    until(&mut client, r#""id":1"#);
    send(&mut client, r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
    for id in 2..20 {
        let arguments = r#"{"command":"crashsite.openDump","arguments":[{"path":"x"}]}"#;
        let message =
            format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"workspace/executeCommand","params":{arguments}}}"#);
        send(&mut client, &message);
        let said = until(&mut client, &format!(r#""id":{id}"#));
        assert!(said.contains("-32603") && said.contains("an internal error: please report it"), "{said}");
    }
    send(&mut client, r#"{"jsonrpc":"2.0","id":99,"method":"shutdown"}"#);
    until(&mut client, r#""id":99"#);
    send(&mut client, r#"{"jsonrpc":"2.0","method":"exit"}"#);
    assert_eq!(server.join().unwrap(), End::Asked);
}
