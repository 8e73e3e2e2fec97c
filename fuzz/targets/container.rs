//! Bytes to the parts of a message, decoded and decompressed.

#![no_main]

use crashsite_fuzz::LIMITS;
use crashsite_parse::{Container, inflate_bzip2, inflate_gzip, sniff};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = sniff(data);
    let _ = inflate_gzip(data, &LIMITS);
    let _ = inflate_bzip2(data, &LIMITS);
    if let Ok(container) = Container::read(&data, &LIMITS) {
        for part in container.parts.iter().take(20) {
            let _ = container.body(&data, part, &LIMITS);
        }
    }
});
