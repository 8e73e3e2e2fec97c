//! Text to what it is as an expression, in a frame of a dump that is always the same.

#![no_main]

use std::sync::OnceLock;

use crashsite_fuzz::EXPRESSION;
use crashsite_model::Dump;
use crashsite_view::eval;
use libfuzzer_sys::fuzz_target;

static DUMP: &[u8] = include_bytes!("../../tests/fixtures/captured/pyheapdump-2.7/medium.dump");

fuzz_target!(|text: &str| {
    static OPENED: OnceLock<Dump> = OnceLock::new();
    let dump = OPENED.get_or_init(|| crashsite_fuzz::open(DUMP).expect("the fixture opens"));
    if text.len() <= 4096 {
        let _ = eval::print(dump, None, 0, text, EXPRESSION);
    }
});
