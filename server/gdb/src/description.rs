//! The registers that the target has, as gdb and lldb want to be told: those of [`gdbstub_arch`]'s x86-64, in its order.

use std::fmt::Write as _;

use gdbstub::target::ext::target_description_xml_override::TargetDescriptionXmlOverride;
use gdbstub::target::{TargetError, TargetResult};

use crate::target::{PostMortem, part};

/// "No such file or directory".
const NO_FILE: u8 = 2;

impl TargetDescriptionXmlOverride for PostMortem<'_> {
    fn target_description_xml(
        &self,
        annex: &[u8],
        offset: u64,
        length: usize,
        buffer: &mut [u8],
    ) -> TargetResult<usize, Self> {
        if annex != b"target.xml" {
            return Err(TargetError::Errno(NO_FILE));
        }
        let end = length.min(buffer.len());
        Ok(part(xml().as_bytes(), offset, buffer.get_mut(..end).unwrap_or_default()))
    }
}

fn xml() -> String {
    const GENERAL: [&str; 16] =
        ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
    const OTHER: [&str; 7] = ["eflags", "cs", "ss", "ds", "es", "fs", "gs"];
    const X87: [&str; 8] = ["fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"];
    let mut core = String::new();
    let mut register = |name: &str, bits: u32, kind: &str| {
        let _ = write!(core, r#"<reg name="{name}" bitsize="{bits}" type="{kind}"/>"#);
    };
    for name in GENERAL {
        let kind = if matches!(name, "rbp" | "rsp") { "data_ptr" } else { "int64" };
        register(name, 64, kind);
    }
    register("rip", 64, "code_ptr");
    OTHER.iter().for_each(|name| register(name, 32, "int32"));
    (0..8).for_each(|number| register(&format!("st{number}"), 80, "i387_ext"));
    X87.iter().for_each(|name| register(name, 32, "int"));
    let mut vectors = String::new();
    for number in 0..16 {
        let _ = write!(vectors, r#"<reg name="xmm{number}" bitsize="128" type="uint128"/>"#);
    }
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">\
         <architecture>i386:x86-64</architecture>\
         <feature name=\"org.gnu.gdb.i386.core\">{core}</feature>\
         <feature name=\"org.gnu.gdb.i386.sse\">{vectors}\
         <reg name=\"mxcsr\" bitsize=\"32\" type=\"int\"/></feature></target>"
    )
}
