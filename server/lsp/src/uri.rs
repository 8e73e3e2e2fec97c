//! Names of documents: paths as `file:` URIs and back, and those of a dump's own sources.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tower_lsp_server::gen_lsp_types::Uri;

/// The scheme of the sources in a dump: `crashsite://DUMP/srv/shop.py`.
pub(crate) const SCHEME: &str = "crashsite";

/// What stands in a path unescaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A path as a `file:` URI.
pub(crate) fn of_path(path: &str) -> Uri {
    let path = path.replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    Uri(format!("file://{slash}{}", utf8_percent_encode(&path, ESCAPED)))
}

/// The path of a `file:` URI of this machine.
pub(crate) fn path(uri: &Uri) -> Option<String> {
    let rest = uri.0.strip_prefix("file://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    if !matches!(host, "" | "localhost") {
        return None;
    }
    let path = percent_decode_str(path.split(['?', '#']).next()?).decode_utf8().ok()?;
    let drive = path.as_bytes().get(2) == Some(&b':');
    Some(path.strip_prefix('/').filter(|_| drive).unwrap_or(&path).to_owned())
}

/// The URI of a source in a dump.
pub(crate) fn of_source(dump: &str, path: &str) -> Uri {
    Uri(format!("{SCHEME}://{dump}/{}", utf8_percent_encode(path, ESCAPED)))
}

/// Dump and path of the URI of a source. Clients escape as they like, and count slashes as they like.
pub(crate) fn source(uri: &Uri) -> Option<(String, String)> {
    let rest = uri.0.strip_prefix(SCHEME)?.strip_prefix(':')?.trim_start_matches('/');
    let (dump, path) = rest.split_once('/')?;
    let path = percent_decode_str(path.split(['?', '#']).next()?).decode_utf8().ok()?;
    Some((dump.to_owned(), path.into_owned()))
}

/// What documents are compared by: one that a client escapes otherwise is the same.
pub(crate) fn key(uri: &Uri) -> String {
    match (path(uri), source(uri)) {
        (Some(path), _) => path,
        (_, Some((dump, path))) => of_source(&dump, &path).0,
        _ => uri.0.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Uri, key, of_path, of_source, path, source};

    #[test]
    fn there_and_back() {
        for name in ["/srv/a b/ж.py", "/srv/100%/x#y?.py", "C:/x/y.py"] {
            assert_eq!(path(&of_path(name)).as_deref(), Some(name));
        }
        assert_eq!(of_path("/a b").0, "file:///a%20b");
        assert_eq!(path(&Uri::from("file:///c%3A/x.py")).as_deref(), Some("c:/x.py"));
        assert_eq!(path(&Uri::from("file://host/x.py")), None);
        assert_eq!(path(&Uri::from("untitled:x")), None);
        let found = Some(("0a".to_owned(), "srv/a b.py".to_owned()));
        assert_eq!(source(&of_source("0a", "srv/a b.py")), found);
        assert_eq!(source(&Uri::from("crashsite:/0a/srv/a%20b.py")), found);
        assert_eq!(key(&Uri::from("crashsite:///0a/srv/a b.py")), of_source("0a", "srv/a b.py").0);
    }
}
