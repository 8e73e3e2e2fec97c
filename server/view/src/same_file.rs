//! The file of this machine that a source of a dump is: it has the path, or one that the mappings make of it, and the very
//! content. All others may have changed since.

use crashsite_model::SourceFile;
use sha2::{Digest as _, Sha256};

use crate::editor::paths::{Mapping, candidates};

/// The path of that file. The program ran in `directory`; `read` is given paths of this machine, and gives the content of a
/// file, or nothing.
pub fn same_file(
    source: &SourceFile,
    directory: Option<&str>,
    mappings: &[Mapping],
    read: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> Option<String> {
    let mut paths = candidates(&source.name, directory, mappings).into_iter();
    paths.find(|path| read(path).is_some_and(|content| is_same(source, &content)))
}

fn is_same(source: &SourceFile, content: &[u8]) -> bool {
    match (&source.sha256, source.pieces.as_slice()) {
        (Some(digest), _) => {
            let hexadecimal: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
            hexadecimal.eq_ignore_ascii_case(digest)
        }
        (None, [whole]) => whole.first == 1 && whole.text.as_bytes() == content,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crashsite_model::{Piece, SourceFile};

    use super::same_file;
    use crate::editor::paths::Mapping;

    #[test]
    fn a_file_of_the_same_content() {
        let mappings = [Mapping { from: "/srv".to_owned(), to: "/home/me".to_owned() }];
        let find = |source: &SourceFile, there: &[(&str, &str)]| {
            let mut read = |path: &str| there.iter().find(|file| file.0 == path).map(|file| file.1.as_bytes().to_vec());
            same_file(source, Some("/srv/app"), &mappings, &mut read)
        };
        let digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
        let hashed = SourceFile { name: Arc::from("a.py"), sha256: Some(Arc::from(digest)), ..SourceFile::default() };
        assert_eq!(find(&hashed, &[("/srv/app/a.py", "a")]).as_deref(), Some("/srv/app/a.py"));
        assert_eq!(
            find(&hashed, &[("/srv/app/a.py", "b"), ("/home/me/app/a.py", "a")]).as_deref(),
            Some("/home/me/app/a.py")
        );
        assert_eq!(find(&hashed, &[("/srv/app/a.py", "b")]), None);

        let text =
            |first| SourceFile { sha256: None, pieces: vec![Piece { first, text: Arc::from("a") }], ..hashed.clone() };
        assert_eq!(find(&text(1), &[("/srv/app/a.py", "a")]).as_deref(), Some("/srv/app/a.py"));
        assert_eq!(find(&text(2), &[("/srv/app/a.py", "a")]), None);

        // Another machine is not asked, by the name of a hostile dump.
        for name in ["//elsewhere/share/a.py", "\\\\elsewhere\\share\\a.py", "<stdin>", ""] {
            let source = SourceFile { name: Arc::from(name), ..hashed.clone() };
            same_file(&source, None, &[], &mut |path| panic!("{path} was read"));
        }
    }
}
