//! bzip2, blocks apart: the same bytes as read in one go, whatever was done to the file.

use std::io::Write as _;

use bzip2::Compression;
use bzip2::write::BzEncoder;
use crashsite_parse::{LimitKind, Limits, inflate_bzip2};
use proptest::prelude::*;

fn packed(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// Bytes that do not compress to nothing, so that there are several blocks.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 12345_u32;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"abcdefghijklmnop"[(state >> 28) as usize]
        })
        .collect()
}

#[test]
fn one_block_many_blocks_none() {
    for (count, level) in [(0, 9), (1, 1), (1000, 9), (350_000, 1), (99_981, 1), (2_000_000, 9)] {
        let bytes = noise(count);
        let found = inflate_bzip2(&packed(&bytes, level), &Limits::default()).expect("inflates");
        assert!(found.complete && found.problems.is_empty(), "{count}: {:?}", found.problems);
        assert!(found.bytes == bytes, "{count} at level {level}");
    }
}

#[test]
fn a_magic_number_within_the_data_is_no_block() {
    // Stored nearly as it is, the number of a block would have to be met as bits; here it is at least met as text.
    let mut bytes = noise(250_000);
    for at in (0..200_000).step_by(1000) {
        bytes[at..at + 6].copy_from_slice(&[0x31, 0x41, 0x59, 0x26, 0x53, 0x59]);
    }
    let found = inflate_bzip2(&packed(&bytes, 1), &Limits::default()).expect("inflates");
    assert!(found.complete && found.bytes == bytes);
}

#[test]
fn markers_by_design_are_read_in_one_go() {
    // A forged beginning of a block behind the true end: the file is one stream and something after it.
    let bytes = noise(1000);
    let mut file = packed(&bytes, 9);
    file.extend([0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0, 0, 0, 0]);
    let found = inflate_bzip2(&file, &Limits::default()).expect("inflates");
    assert!(found.complete && found.bytes == bytes);
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
}

#[test]
fn a_cut_file_gives_its_whole_blocks() {
    let bytes = noise(450_000);
    let file = packed(&bytes, 1);
    let found = inflate_bzip2(&file[..file.len() * 3 / 4], &Limits::default()).expect("inflates");
    assert!(!found.complete);
    assert!(found.bytes.len() >= 200_000 && bytes.starts_with(&found.bytes), "{}", found.bytes.len());
    assert_eq!(found.problems.len(), 1);
}

#[test]
fn bombs_are_refused_by_the_name_of_the_limit() {
    let file = packed(&vec![0; 300 << 20], 9);
    assert!(file.len() < 2000);
    let error = inflate_bzip2(&file, &Limits::default()).expect_err("too much");
    assert_eq!(error.limit.map(|limit| limit.kind), Some(LimitKind::Inflated));
    assert!(inflate_bzip2(b"BZ", &Limits::default()).is_err());
    assert!(inflate_bzip2(b"BZh0", &Limits::default()).is_err());
}

proptest! {
    #[test]
    fn damage_is_never_taken_for_whole(at in 4_usize..60_000, bit in 0_u8..8) {
        let bytes = noise(120_000);
        let mut file = packed(&bytes, 1);
        let at = 4 + at % (file.len() - 4);
        file[at] ^= 1 << bit;
        let found = inflate_bzip2(&file, &Limits::default()).expect("inflates as far as it goes");
        // The padding bits after the last checksum mean nothing.
        prop_assert!(!found.complete || found.bytes == bytes);
    }
}
