//! Round trips, files that were cut or changed or made to do harm, and the reference implementation in both directions.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crashsite_seal::{
    Generated, Identities, NoIdentity, NoRecipient, Recipient, Refused, is_sealed, recipients, seal, unseal,
};

const CHUNK: usize = 64 << 10;
/// What authenticates a chunk.
const TAG: usize = 16;
const MOST: u64 = 1 << 30;

fn keys() -> (Recipient, Identities) {
    let generated = Generated::new();
    let mut identities = Identities::default();
    identities.read(generated.file().as_bytes()).unwrap();
    (generated.public().parse().unwrap(), identities)
}

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 7 % 251) as u8).collect()
}

fn sealed(recipient: &Recipient, text: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::new();
    assert_eq!(seal(std::slice::from_ref(recipient), &mut &*text, &mut sealed).unwrap(), text.len() as u64);
    sealed
}

#[test]
fn round_trips() {
    let ((one, its), (two, others)) = (keys(), keys());
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
        let text = text(length);
        let mut sealed = Vec::new();
        seal(&[one.clone(), two.clone()], &mut &*text, &mut sealed).unwrap();
        assert!(is_sealed(&sealed));
        for identities in [&its, &others] {
            let found = unseal(&*sealed, identities, MOST).unwrap();
            assert!(found.bytes == text && !found.cut, "{length}");
        }
        assert_eq!(unseal(&*sealed, &keys().1, MOST).err(), Some(Refused::OtherIdentity));
        assert_eq!(unseal(&*sealed, &Identities::default(), MOST).err(), Some(Refused::NoIdentity));
        let (exact, less) = (unseal(&*sealed, &its, length as u64), (length as u64).checked_sub(1));
        assert!(exact.is_ok());
        if let Some(less) = less {
            assert_eq!(unseal(&*sealed, &its, less).err(), Some(Refused::TooLong), "{length}");
        }
    }
}

#[test]
fn cut_anywhere() {
    let (recipient, its) = keys();
    let text = text(3 * CHUNK + 1000);
    let sealed = sealed(&recipient, &text);
    let header = sealed.len() - text.len() - 4 * TAG;
    let cuts = (0..header + 40).step_by(3).chain((header..sealed.len()).step_by(4999));
    let edges = (1..4).flat_map(|chunk| (0..3).map(move |by| header + chunk * (CHUNK + TAG) + by - 1));
    for length in cuts.chain(edges) {
        let whole = length.saturating_sub(header) / (CHUNK + TAG);
        match unseal(sealed.get(..length).unwrap(), &its, MOST) {
            Ok(found) => {
                assert!(found.cut && whole > 0, "{length}");
                assert!(found.bytes == text.get(..whole * CHUNK).unwrap(), "{length}");
            }
            Err(refused) => {
                assert_eq!(whole, 0, "{length}: {refused}");
                let wanted = if length < header { Refused::CutHeader } else { Refused::NoChunk };
                assert_eq!(refused, wanted, "{length}");
            }
        }
    }
    // A byte of the second chunk is another.
    let mut changed = sealed.clone();
    *changed.get_mut(header + CHUNK + TAG + 9).unwrap() ^= 1;
    let found = unseal(&*changed, &its, MOST).unwrap();
    assert!(found.cut && found.bytes == text.get(..CHUNK).unwrap());
}

/// Every byte of the header, changed: never a panic, never a text that is another.
#[test]
fn changed_headers() {
    let (recipient, its) = keys();
    let sealed = sealed(&recipient, b"text");
    let header = sealed.len() - 4 - TAG;
    for at in 0..header {
        for bit in [1, 0x80] {
            let mut changed = sealed.clone();
            *changed.get_mut(at).unwrap() ^= bit;
            assert!(unseal(&*changed, &its, MOST).is_err(), "{at}");
        }
    }
}

#[test]
fn hostile_headers() {
    let (_, its) = keys();
    let mut many = "age-encryption.org/v1\n".to_owned();
    while many.len() < 1 << 20 {
        many += "-> a\n\n";
    }
    assert_eq!(unseal(many.as_bytes(), &its, MOST).err(), Some(Refused::LongHeader));
    // The most that fits is parsed soon.
    let most = format!(
        "age-encryption.org/v1\n{}--- {}\n{}",
        "-> a b c d e f g h i j k l m n o p q r s t u v w x y z\n\n".repeat(255),
        "A".repeat(43),
        "x".repeat(100)
    );
    let start = Instant::now();
    assert!(matches!(unseal(most.as_bytes(), &its, MOST).err(), Some(Refused::OtherIdentity | Refused::BadHeader)));
    assert!(start.elapsed() < Duration::from_secs(60));
    // scrypt: whoever made the file chooses how much memory and time a passphrase costs. None is tried.
    let scrypt = format!(
        "age-encryption.org/v1\n-> scrypt {} 60\n{}\n--- {}\n{}",
        "A".repeat(22),
        "A".repeat(43),
        "A".repeat(43),
        "x".repeat(100)
    );
    assert_eq!(unseal(scrypt.as_bytes(), &its, MOST).err(), Some(Refused::Passphrase));
    for text in ["age-encryption.org/v2\n-> X25519 a\n\n--- \n", "age-encryption.org/v1\n\u{0}\n---"] {
        assert!(unseal(text.as_bytes(), &its, MOST).is_err());
    }
    // A line of text that has no end is read no further than the limit allows.
    let mut endless = (&b"-----BEGIN AGE ENCRYPTED FILE-----\n"[..]).chain(io::repeat(b'A'));
    assert!(unseal(&mut endless, &its, 1 << 20).is_err());
}

/// Each chunk is out before the next is read.
#[test]
fn chunks_go_out_at_once() {
    struct Asked(mpsc::Sender<usize>, Vec<u8>);
    impl Write for &mut Asked {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.extend_from_slice(bytes);
            self.0.send(self.1.len()).unwrap();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    /// Knows how much was written whenever it is read.
    struct Watching(mpsc::Receiver<usize>, usize, usize);
    impl Read for Watching {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.2 = self.0.try_iter().last().unwrap_or(self.2);
            // All chunks that were full, but for the latest, which may be the last.
            assert!(self.2 > self.1.saturating_sub(1) / CHUNK * CHUNK, "{} of {}", self.2, self.1);
            let read = if self.1 > 5 * CHUNK { 0 } else { buffer.len().min(10_000) };
            buffer.get_mut(..read).unwrap().fill(7);
            self.1 += read;
            Ok(read)
        }
    }
    let (recipient, its) = keys();
    let (sender, receiver) = mpsc::channel();
    let (mut out, mut watching) = (Asked(sender, Vec::new()), Watching(receiver, 0, 0));
    let read = seal(&[recipient], &mut watching, &mut &mut out).unwrap();
    assert_eq!(unseal(&*out.1, &its, MOST).unwrap().bytes.len() as u64, read);
}

#[test]
fn keys_that_are_none() {
    let generated = Generated::new();
    let file = generated.file();
    let secret = file.lines().last().unwrap();
    assert_eq!(secret.parse::<Recipient>().err(), Some(NoRecipient::Secret));
    assert_eq!("ssh-ed25519 AAAA".parse::<Recipient>().err(), Some(NoRecipient::Ssh));
    // One letter is another, which its check sum shows.
    let public = generated.public();
    let last = if public.ends_with('q') { "p" } else { "q" };
    let wrong = format!("{}{last}", public.get(..public.len() - 1).unwrap());
    assert!(matches!(wrong.parse::<Recipient>(), Err(NoRecipient::Other(_))));
    let list = format!("# team\n\n{public}\n{public}\n");
    assert_eq!(recipients(&list).unwrap().len(), 2);
    assert_eq!(recipients(&format!("{list}{wrong}\n")).unwrap_err().0, 5);
    let refused = [
        ("", NoIdentity::Empty),
        ("# nothing\n", NoIdentity::Empty),
        ("hello\n", NoIdentity::Other(1)),
        ("age-encryption.org/v1\n-> scrypt", NoIdentity::Passphrase),
        ("-----BEGIN AGE ENCRYPTED FILE-----\n", NoIdentity::Passphrase),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n", NoIdentity::Ssh),
        ("\nAGE-PLUGIN-YUBIKEY-1QQ\n", NoIdentity::Plugin(2)),
        (&*public, NoIdentity::Public(1)),
        ("\u{0}\u{fffd}", NoIdentity::Other(1)),
    ];
    for (text, why) in refused {
        assert_eq!(Identities::default().read(text.as_bytes()), Err(why), "{text}");
    }
    let shown = format!("{:?} {generated:?}", keys().1);
    assert!(!shown.contains("SECRET"), "{shown}");
}

/// With Debian's `age`, which `cargo xtask test` installs.
#[test]
fn reference() {
    if Command::new("age").arg("--version").output().is_err() {
        assert!(std::env::var_os("CRASHSITE_BINARY").is_none(), "no `age` here: apt-get install age");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let age = |arguments: &[&str], input: &[u8]| {
        let mut command = Command::new("age");
        command.args(arguments).current_dir(place.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = command.spawn().unwrap();
        let (mut stdin, input) = (running.stdin.take().unwrap(), input.to_vec());
        let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
        let done = running.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(done.status.success(), "{arguments:?}");
        done.stdout
    };
    let generated = Generated::new();
    let (public, key) = (generated.public(), place.path().join("key"));
    fs::write(&key, generated.file()).unwrap();
    let mut its = Identities::default();
    its.read(&fs::read(&key).unwrap()).unwrap();
    for length in [0, 5, CHUNK, 200_000] {
        let text = text(length);
        for arguments in [&["-r", &*public][..], &["-a", "-r", &*public]] {
            let theirs = age(arguments, &text);
            assert!(is_sealed(&theirs));
            assert!(unseal(&*theirs, &its, MOST).unwrap().bytes == text, "{length}");
            if length > CHUNK && arguments.len() == 3 {
                let found = unseal(theirs.get(..theirs.len() / 2).unwrap(), &its, MOST).unwrap();
                assert!(found.cut && found.bytes == text.get(..CHUNK).unwrap());
            }
        }
        assert!(age(&["-d", "-i", "key"], &sealed(&public.parse().unwrap(), &text)) == text, "{length}");
    }
    // A key of theirs.
    let made = Command::new("age-keygen").args(["-o", "theirs"]).current_dir(place.path()).output().unwrap();
    assert!(made.status.success());
    let theirs = fs::read_to_string(Path::new(place.path()).join("theirs")).unwrap();
    its.read(theirs.as_bytes()).unwrap();
    let public = theirs.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    assert!(unseal(&*sealed(&public.parse().unwrap(), b"text"), &its, MOST).unwrap().bytes == b"text");
}
