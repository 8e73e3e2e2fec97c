//! Bytes to every answer about a dump.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(dump) = crashsite_fuzz::open(data) {
        crashsite_fuzz::ask(&dump);
    }
});
