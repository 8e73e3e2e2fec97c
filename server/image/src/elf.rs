//! The executable that a debugger is given. Its data has no bytes in the file: it is read as memory.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use object::Endianness;
use object::elf;
use object::write::elf::{FileHeader, SectionHeader, SectionIndex, Sym, Writer};
use object::write::{Error, StringId};
use sha2::{Digest as _, Sha256};

use crate::layout::{CODE, ELSEWHERE, FUNCTION, HEAP, Layout, Symbol, TEXT};

/// The name of the entry. gdb ends a backtrace at the main function, which it knows by this symbol before all others, and
/// would else end it at any function of Python with that name.
const ENTRY: &str = "main";
/// Of every section.
const ALIGNMENT: u64 = 8;

/// gdb takes a section for damaged that is more than ten times as long as its whole file, once it is unpacked. So the file is
/// made long enough; nobody reads what is at its end.
const MOST_UNPACKED: u64 = 8;

/// A section before it has a place.
struct Section<'a> {
    name: &'a str,
    header: SectionHeader,
    /// Its bytes in the file.
    stored: Vec<u8>,
}

/// What an executable is known by.
pub(crate) type BuildId = [u8; 20];

/// The file. `text_end` is one past the last function, `debug` has the sections of debugging information.
///
/// # Errors
/// Where it would be too large.
pub(crate) fn file(
    text_end: u64,
    layout: &Layout,
    debug: &[(&'static str, Vec<u8>)],
    build_id: &BuildId,
) -> io::Result<Vec<u8>> {
    let data = elf::SHF_ALLOC | elf::SHF_WRITE;
    let mut sections = vec![
        text(text_end),
        region(".heap", HEAP, layout.heap_end, data),
        region(".elsewhere", ELSEWHERE, layout.elsewhere_end, data),
    ];
    for (name, bytes) in debug {
        let stored = compressed(bytes)?;
        let header = SectionHeader { sh_type: elf::SHT_PROGBITS, sh_flags: elf::SHF_COMPRESSED, ..HEADER };
        sections.push(Section { name, header, stored });
    }
    let header = SectionHeader { sh_type: elf::SHT_NOTE, ..HEADER };
    sections.push(Section { name: ".note.gnu.build-id", header, stored: note(build_id) });
    let longest = debug.iter().map(|(_, bytes)| bytes.len() as u64).max().unwrap_or(0);
    let mut file = write(&mut sections, layout).map_err(io::Error::other)?;
    let least = usize::try_from(longest / MOST_UNPACKED).unwrap_or(usize::MAX).max(file.len());
    file.resize(least, 0);
    Ok(file)
}

fn write(sections: &mut [Section<'_>], layout: &Layout) -> Result<Vec<u8>, Error> {
    let mut file = Vec::new();
    let mut writer = Writer::new(Endianness::Little, true, &mut file);
    writer.reserve_file_header();
    writer.reserve_null_section_index();
    let mut places: Vec<(StringId, SectionIndex)> = Vec::new();
    for section in sections.iter() {
        let name = writer.add_section_name(section.name.as_bytes());
        places.push((name, writer.reserve_section_index()));
    }
    writer.reserve_symtab_section_index();
    writer.reserve_strtab_section_index();
    writer.reserve_shstrtab_section_index();
    for Section { header, stored, .. } in sections.iter_mut().filter(|section| !section.stored.is_empty()) {
        header.sh_size = stored.len() as u64;
        header.sh_offset = writer.reserve(header.sh_size, ALIGNMENT);
    }
    writer.reserve_null_symbol_index();
    let entry = Symbol { address: TEXT, size: FUNCTION, label: ENTRY.to_owned() };
    let mut symbols: Vec<(&Symbol, StringId, SectionIndex)> = Vec::new();
    for symbol in [&entry].into_iter().chain(&layout.symbols) {
        let holds =
            |header: &SectionHeader| (header.sh_addr..header.sh_addr + header.sh_size).contains(&symbol.address);
        let Some((_, (_, section))) = sections.iter().zip(&places).find(|(section, _)| holds(&section.header)) else {
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
    for section in sections.iter().filter(|section| !section.stored.is_empty()) {
        writer.write_align(ALIGNMENT);
        writer.write(&section.stored);
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
    for (section, (name, _)) in sections.iter().zip(places) {
        let sh_name = writer.section_name_offset(Some(name));
        writer.write_section_header(&SectionHeader { sh_name, ..section.header });
    }
    writer.write_symtab_section_header(1);
    writer.write_strtab_section_header();
    writer.write_shstrtab_section_header();
    Ok(file)
}

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
    sh_addralign: ALIGNMENT,
    sh_entsize: 0,
};

/// The functions. gdb reads them as memory, lldb here.
fn text<'a>(end: u64) -> Section<'a> {
    let flags = elf::SHF_ALLOC | elf::SHF_EXECINSTR;
    let header = SectionHeader { sh_type: elf::SHT_PROGBITS, sh_flags: flags, sh_addr: TEXT, ..HEADER };
    let functions = usize::try_from((end - TEXT) / FUNCTION).unwrap_or(0);
    Section { name: ".text", header, stored: CODE.repeat(functions) }
}

/// A section of memory, whose bytes are not in the file.
fn region(name: &str, start: u64, end: u64, flags: elf::SectionFlags) -> Section<'_> {
    let header =
        SectionHeader { sh_type: elf::SHT_NOBITS, sh_flags: flags, sh_addr: start, sh_size: end - start, ..HEADER };
    Section { name, header, stored: Vec::new() }
}

/// A section as it is stored: gdb takes its time over every byte that it is sent, and one function is much like the next.
fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut stored = Vec::new();
    stored.extend(elf::ELFCOMPRESS_ZLIB.0.to_le_bytes());
    stored.extend([0; 4]);
    stored.extend((bytes.len() as u64).to_le_bytes());
    stored.extend(ALIGNMENT.to_le_bytes());
    let mut encoder = ZlibEncoder::new(stored, Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The build id: a digest of what the debugging information says.
pub(crate) fn build_id(debug: &[(&'static str, Vec<u8>)]) -> BuildId {
    let mut digest = Sha256::new();
    for (name, bytes) in debug {
        digest.update(name.as_bytes());
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
    let mut id = BuildId::default();
    id.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    id
}

fn note(build_id: &BuildId) -> Vec<u8> {
    const OWNER: &[u8; 4] = b"GNU\0";
    let mut note = Vec::new();
    for word in [OWNER.len() as u32, build_id.len() as u32, elf::NT_GNU_BUILD_ID.0] {
        note.extend(word.to_le_bytes());
    }
    note.extend(OWNER);
    note.extend(build_id);
    note
}
