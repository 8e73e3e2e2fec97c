//! The executable that a debugger is given. Its code and its data have no bytes in the file: they are read as memory.

use object::Endianness;
use object::elf;
use object::write::elf::{FileHeader, SectionHeader, SectionIndex, Sym, Writer};
use object::write::{Error, StringId};
use sha2::{Digest as _, Sha256};

use crate::layout::{FUNCTION, Layout, Symbol, TEXT};

/// A section of memory.
struct Region {
    name: &'static str,
    start: u64,
    end: u64,
    flags: elf::SectionFlags,
}

/// The file. `text_end` is one past the last function, `debug` has the sections of debugging information.
///
/// # Errors
/// Where it would be too large.
pub(crate) fn file(text_end: u64, layout: &Layout, debug: &[(&'static str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let data = elf::SHF_ALLOC | elf::SHF_WRITE;
    let regions = [
        Region { name: ".text", start: TEXT, end: text_end, flags: elf::SHF_ALLOC | elf::SHF_EXECINSTR },
        Region { name: ".heap", start: crate::layout::HEAP, end: layout.heap_end, flags: data },
        Region { name: ".elsewhere", start: crate::layout::ELSEWHERE, end: layout.elsewhere_end, flags: data },
    ];
    let note = note(debug);
    let mut file = Vec::new();
    let mut writer = Writer::new(Endianness::Little, true, &mut file);
    writer.reserve_file_header();
    writer.reserve_null_section_index();
    let mut sections: Vec<(StringId, SectionIndex)> = Vec::new();
    let names = regions.iter().map(|region| region.name).chain(debug.iter().map(|(name, _)| *name)).chain([NOTE]);
    for name in names {
        let name = writer.add_section_name(name.as_bytes());
        sections.push((name, writer.reserve_section_index()));
    }
    writer.reserve_symtab_section_index();
    writer.reserve_strtab_section_index();
    writer.reserve_shstrtab_section_index();
    let contents: Vec<&[u8]> = debug.iter().map(|(_, bytes)| bytes.as_slice()).chain([note.as_slice()]).collect();
    let offsets: Vec<u64> = contents.iter().map(|bytes| writer.reserve(bytes.len() as u64, 4)).collect();
    writer.reserve_null_symbol_index();
    let entry = Symbol { address: TEXT, size: FUNCTION, label: ENTRY.to_owned() };
    let mut symbols: Vec<(&Symbol, StringId, SectionIndex)> = Vec::new();
    for symbol in [&entry].into_iter().chain(&layout.symbols) {
        let within = |region: &Region| (region.start..region.end).contains(&symbol.address);
        let Some((_, (_, section))) = regions.iter().zip(&sections).find(|(region, _)| within(region)) else {
            continue;
        };
        let name = writer.add_string(symbol.label.as_bytes());
        writer.reserve_symbol_index(Some(*section));
        symbols.push((symbol, name, *section));
    }
    writer.reserve_symtab();
    writer.reserve_strtab()?;
    writer.reserve_shstrtab()?;
    writer.reserve_section_headers();

    writer.write_file_header(&FileHeader {
        os_abi: elf::ELFOSABI_NONE,
        abi_version: 0,
        e_type: elf::ET_EXEC,
        e_machine: elf::EM_X86_64,
        e_entry: TEXT,
        e_flags: elf::FileFlags(0),
    })?;
    for bytes in &contents {
        writer.write_align(4);
        writer.write(bytes);
    }
    writer.write_null_symbol();
    for (symbol, name, section) in symbols {
        let st_name = writer.string_offset(Some(name));
        writer.write_symbol(&Sym {
            section: Some(section.0),
            st_name,
            st_info: elf::STB_GLOBAL | if symbol.address == TEXT { elf::STT_FUNC } else { elf::STT_OBJECT },
            st_other: elf::SymbolOther(0),
            st_shndx: elf::SymbolSection(0),
            st_value: symbol.address,
            st_size: symbol.size,
        });
    }
    writer.write_strtab();
    writer.write_shstrtab();
    writer.write_null_section_header();
    let mut section = |name: StringId, header: SectionHeader| {
        let sh_name = writer.section_name_offset(Some(name));
        writer.write_section_header(&SectionHeader { sh_name, ..header });
    };
    for (region, (name, _)) in regions.iter().zip(&sections) {
        section(
            *name,
            SectionHeader {
                sh_type: elf::SHT_NOBITS,
                sh_flags: region.flags,
                sh_addr: region.start,
                sh_size: region.end - region.start,
                sh_addralign: 16,
                ..HEADER
            },
        );
    }
    let stored = contents.iter().zip(offsets);
    for ((name, _), (bytes, offset)) in sections.iter().skip(regions.len()).zip(stored) {
        let sh_type = if bytes.as_ptr() == note.as_ptr() { elf::SHT_NOTE } else { elf::SHT_PROGBITS };
        let stored =
            SectionHeader { sh_type, sh_offset: offset, sh_size: bytes.len() as u64, sh_addralign: 4, ..HEADER };
        section(*name, stored);
    }
    writer.write_symtab_section_header(1);
    writer.write_strtab_section_header();
    writer.write_shstrtab_section_header();
    Ok(file)
}

/// The name of the entry. gdb ends a backtrace at the main function, which it knows by this symbol before all others, and
/// would else end it at any function of Python with that name.
const ENTRY: &str = "main";
const NOTE: &str = ".note.gnu.build-id";

/// Where nothing else is said.
const HEADER: SectionHeader = SectionHeader {
    sh_name: 0,
    sh_type: elf::SHT_NULL,
    sh_flags: elf::SectionFlags(0),
    sh_addr: 0,
    sh_offset: 0,
    sh_size: 0,
    sh_link: 0,
    sh_info: 0,
    sh_addralign: 1,
    sh_entsize: 0,
};

/// The build id: a digest of what the debugging information says.
fn note(debug: &[(&'static str, Vec<u8>)]) -> Vec<u8> {
    const OWNER: &[u8; 4] = b"GNU\0";
    const BYTES: usize = 20;
    let mut digest = Sha256::new();
    for (name, bytes) in debug {
        digest.update(name.as_bytes());
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
    let mut note = Vec::new();
    for word in [OWNER.len() as u32, BYTES as u32, elf::NT_GNU_BUILD_ID.0] {
        note.extend(word.to_le_bytes());
    }
    note.extend(OWNER);
    note.extend(digest.finalize().iter().take(BYTES));
    note
}
