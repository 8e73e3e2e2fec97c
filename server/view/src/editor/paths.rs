//! Which file of a workspace is a file of a dump: by its path.

use serde::Deserialize;
use std::str::FromStr;

/// A part of paths that is another where the editor runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mapping {
    /// How a path begins in dumps.
    pub from: String,
    /// How it begins here.
    pub to: String,
}

impl FromStr for Mapping {
    type Err = &'static str;

    /// A mapping, as command lines have it: `FROM=TO`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((from, to)) if !from.is_empty() && !to.is_empty() => {
                Ok(Mapping { from: from.to_owned(), to: to.to_owned() })
            }
            _ => Err("want FROM=TO: /srv/app=/home/me/app"),
        }
    }
}

/// How alike two paths are; more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// So many components at their ends are the same: whether it is the file, its text has to tell.
    Suffix(usize),
    /// A mapping makes one of the other.
    Mapped,
    /// They are the same.
    Exact,
}

/// Whether a name in a dump is that of a file: `<stdin>` and `<frozen …>` are not.
pub fn is_file(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('<')
}

/// How alike a path is to the name of a file in a dump; `None` where not even the file's own name is the same. Names that
/// are relative are so to `directory`, where the program ran.
pub fn likeness(name: &str, directory: Option<&str>, path: &str, mappings: &[Mapping]) -> Option<Likeness> {
    if !is_file(name) {
        return None;
    }
    let full = absolute(name, directory);
    if same(&full, path) {
        return Some(Likeness::Exact);
    }
    if mappings.iter().filter_map(|mapping| mapped(&full, mapping)).any(|mapped| same(&mapped, path)) {
        return Some(Likeness::Mapped);
    }
    let ends = components(&full).rev().zip(components(path).rev());
    let count = ends.take_while(|(one, other)| one == other).count();
    (count > 0).then_some(Likeness::Suffix(count))
}

/// Where a file of a dump may be, by its own path and by the mappings, the best first. None is on another machine, unless a
/// mapping says so: to look whether it is there would tell its owner that somebody opened the dump.
pub fn candidates(name: &str, directory: Option<&str>, mappings: &[Mapping]) -> Vec<String> {
    if !is_file(name) {
        return Vec::new();
    }
    let full = absolute(name, directory);
    let mapped: Vec<String> = mappings.iter().filter_map(|mapping| mapped(&full, mapping)).collect();
    let remote = full.starts_with("//") || full.starts_with("\\\\");
    Some(full).filter(|_| !remote).into_iter().chain(mapped).collect()
}

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    components(path).next_back().unwrap_or_default()
}

fn absolute(name: &str, directory: Option<&str>) -> String {
    let drive = name.as_bytes().get(1) == Some(&b':');
    match directory {
        Some(directory) if !name.starts_with(['/', '\\']) && !drive => {
            format!("{}/{}", directory.trim_end_matches(['/', '\\']), name.trim_start_matches("./"))
        }
        _ => name.to_owned(),
    }
}

fn mapped(name: &str, mapping: &Mapping) -> Option<String> {
    let from = mapping.from.trim_end_matches(['/', '\\']);
    let rest = name.strip_prefix(from)?;
    let rest = rest.strip_prefix(['/', '\\'])?;
    Some(format!("{}/{}", mapping.to.trim_end_matches(['/', '\\']), rest.replace('\\', "/")))
}

fn same(one: &str, other: &str) -> bool {
    one == other || components(one).eq(components(other))
}

fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split(['/', '\\']).filter(|component| !component.is_empty() && *component != ".")
}

#[cfg(test)]
mod tests {
    use super::{Likeness, Mapping, likeness};

    #[test]
    fn alike() {
        let mappings = [Mapping { from: "/srv/app/".to_owned(), to: "/home/me/shop".to_owned() }];
        let like = |name, path| likeness(name, Some("/srv/app"), path, &mappings);
        assert_eq!(like("/srv/app/a/b.py", "/srv/app/a/b.py"), Some(Likeness::Exact));
        assert_eq!(like("a/b.py", "/srv/app/a/b.py"), Some(Likeness::Exact));
        assert_eq!(like("./a/b.py", "/home/me/shop/a/b.py"), Some(Likeness::Mapped));
        assert_eq!(like("/srv/application/b.py", "/home/me/shop/lication/b.py"), Some(Likeness::Suffix(1)));
        assert_eq!(like("/x/a/b.py", "/y/a/b.py"), Some(Likeness::Suffix(2)));
        assert_eq!(like("C:\\x\\a\\b.py", "/y/a/b.py"), Some(Likeness::Suffix(2)));
        assert_eq!(like("/x/a/b.py", "/y/a/c.py"), None);
        assert_eq!(like("<stdin>", "/y/<stdin>"), None);
    }
}
