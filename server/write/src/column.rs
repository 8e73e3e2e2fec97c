//! Columns: the items in the narrowest width that fits them all.

use crate::pickle::Pickle;

/// Puts a column of unsigned numbers; nothing where it is empty.
pub(crate) fn unsigned<T: Copy + Into<u64>>(pickle: &mut Pickle, name: &str, items: &[T]) {
    let largest = items.iter().copied().map(Into::into).max().unwrap_or(0);
    let (code, width) = match largest {
        0..=0xFF => ("B", 1),
        0x100..=0xFFFF => ("H", 2),
        0x1_0000..=0xFFFF_FFFF => ("I", 4),
        _ => ("Q", 8),
    };
    put(pickle, name, code, width, items.iter().map(|&item| item.into()));
}

/// Puts a column of signed numbers; nothing where it is empty.
pub(crate) fn signed(pickle: &mut Pickle, name: &str, items: &[i64]) {
    // A number fits where the distance from 0 or -1 does, without its sign.
    let bits = items.iter().fold(0, |bits, &item| bits | (item ^ (item >> 63)));
    let (code, width) = match bits {
        0..=0x7F => ("b", 1),
        0x80..=0x7FFF => ("h", 2),
        0x8000..=0x7FFF_FFFF => ("i", 4),
        _ => ("q", 8),
    };
    put(pickle, name, code, width, items.iter().map(|&item| item as u64));
}

/// Puts a column of floats; nothing where it is empty.
pub(crate) fn floats(pickle: &mut Pickle, name: &str, items: &[f64]) {
    put(pickle, name, "d", 8, items.iter().map(|item| item.to_bits()));
}

/// Puts a blob; nothing where it is empty.
pub(crate) fn blob(pickle: &mut Pickle, name: &str, bytes: &[u8]) {
    if !bytes.is_empty() {
        pickle.key(name);
        pickle.bytes(bytes.len(), |out| out.extend(bytes));
    }
}

fn put(pickle: &mut Pickle, name: &str, code: &str, width: usize, items: impl ExactSizeIterator<Item = u64>) {
    if items.len() == 0 {
        return;
    }
    pickle.key(name);
    pickle.tuple(|pickle| {
        pickle.text(code.as_bytes());
        pickle.bytes(items.len() * width, |out| items.for_each(|item| out.extend(&item.to_le_bytes()[..width])));
    });
}
