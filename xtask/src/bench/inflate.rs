//! What no reader of a dump can be faster than: its decompression.

use std::io::Read as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

/// `xtask inflate FILE`, of the release build: the seconds that decompressing every part of a dump takes, and nothing
/// else. It finds the parts by their gzip magic, of which a dump has one after every part's empty line.
pub(crate) fn inflate(path: &Path) -> Result<()> {
    let data = std::fs::read(path)?;
    let magic = b"\r\n\r\n\x1f\x8b\x08";
    let starts: Vec<usize> =
        data.windows(magic.len()).enumerate().filter(|(_, bytes)| bytes == magic).map(|(at, _)| at + 4).collect();
    let mut buffer = vec![0_u8; 1 << 20];
    let mut total = 0;
    let start = Instant::now();
    for at in starts {
        let mut stream = flate2::read::GzDecoder::new(data.get(at..).unwrap_or_default());
        loop {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) => total += count,
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    if total == 0 {
        bail!("{} holds no part", path.display());
    }
    println!("{seconds}");
    Ok(())
}
