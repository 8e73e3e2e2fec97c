//! Bytes to what gdb and lldb are shown: ELF, DWARF, registers, memory.

#![no_main]

use crashsite_image::{Image, Options};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(dump) = crashsite_fuzz::open(data)
        && let Ok(image) = Image::of(&dump, &Options::default())
    {
        let mut page = [0; 256];
        for stack in 0..image.stacks().len().min(8) {
            let _ = image.registers(stack);
        }
        for address in (0..image.elf().len() as u64).step_by(4096).take(64) {
            let _ = image.read(address, &mut page);
        }
    }
});
