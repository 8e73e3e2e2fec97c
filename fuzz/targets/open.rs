//! Bytes to a dump: containers, pickles, JSON, every format.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = crashsite_fuzz::open(data);
});
