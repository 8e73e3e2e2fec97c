//! The number of a wrapping and what is within it, to a dump and every object of it: what is changed is not the compression.

#![no_main]

use std::sync::atomic::AtomicU64;

use crashsite_view::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some((form, content)) = data.split_first()
        && let Some(dump) = crashsite_fuzz::open(&crashsite_fuzz::wrapped(*form, content))
    {
        let _ = check::run(&dump, &AtomicU64::new(0));
    }
});
