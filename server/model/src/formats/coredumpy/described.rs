//! The exception as coredumpy's hooks describe it: `===== ValueError =====`, then what `traceback.format_exception` gives.

use std::sync::Arc;

use crate::Exception;
use crate::formats::type_names;

const DIRECT: &str = "The above exception was the direct cause of the following exception:";
const DURING: &str = "During handling of the above exception, another exception occurred:";
/// Exceptions of a chain that are read.
const MOST: usize = 1000;

/// What the description says of the exception.
pub(super) struct Told<'t> {
    pub(super) qualname: &'t str,
    pub(super) message: Option<&'t str>,
    /// What it came from, the first of all first.
    pub(super) before: Vec<Before<'t>>,
}

/// An exception from which the next one came.
#[derive(Clone)]
pub(super) struct Before<'t> {
    class: &'t str,
    message: &'t str,
    is_cause: bool,
}

impl<'t> Told<'t> {
    pub(super) fn read(text: &'t str) -> Option<Told<'t>> {
        let (first, rest) = text.split_once('\n')?;
        let qualname = first.strip_prefix("==")?.trim_matches('=').trim();
        let qualname = Some(qualname).filter(|name| !name.is_empty() && !name.contains(char::is_whitespace))?;
        let mut at = 0;
        let mut message = None;
        let mut before = Vec::new();
        let mut section = 0;
        for line in rest.split_inclusive('\n') {
            let words = line.trim_end();
            if (words == DIRECT || words == DURING) && before.len() < MOST {
                before.extend(rest.get(section..at).and_then(said).map(|(class, message)| Before {
                    class,
                    message,
                    is_cause: words == DIRECT,
                }));
                section = at + line.len();
            }
            // Of a group, its last line is followed by its members.
            let (name, after) = words.split_once(": ").unwrap_or((words, ""));
            let class = name.strip_prefix("  | ").unwrap_or(name);
            if class == qualname || class.strip_suffix(qualname).is_some_and(|module| module.ends_with('.')) {
                let start = at + line.len().min(name.len() + 2);
                let all = rest.get(start..).unwrap_or_default();
                let all = all.split_once("\n  +-+--").map_or(all, |halves| halves.0);
                message = Some(if after.is_empty() { "" } else { all.trim_end() });
            }
            at += line.len();
        }
        Some(Told { qualname, message, before })
    }
}

/// Class and message of an exception whose traceback is told: the first line that is not indented, and what follows it.
fn said(section: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in section.split_inclusive('\n') {
        let words = line.strip_prefix("  | ").unwrap_or(line);
        let (name, _) = words.trim_end().split_once(": ").unwrap_or((words.trim_end(), ""));
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '<' | '>');
        if !name.is_empty() && name.chars().all(plain) {
            let start = at + (line.len() - words.len()) + words.len().min(name.len() + 2);
            let all = section.get(start..).unwrap_or_default();
            return Some((name, all.split_once("\n  +-+--").map_or(all, |halves| halves.0).trim_end()));
        }
        at += line.len();
    }
    None
}

/// An exception of which there are words only.
pub(super) fn exception(class: &str, message: Option<&str>) -> Exception {
    let (module, qualname) = match class.rsplit_once('.') {
        Some(halves) => halves,
        None if type_names::is_builtin_exception(class) => ("builtins", class),
        // The module is in the last line, but not where it ends.
        None => ("", class),
    };
    Exception {
        type_name: qualname.into(),
        module: module.into(),
        qualname: qualname.into(),
        message: message.map(Arc::from),
        ..Exception::default()
    }
}

/// Puts what the crash came from behind it. A cause is nearly always the context, too; what else could be is not in the file.
pub(super) fn add_before(before: &[Before<'_>], exceptions: &mut Vec<Exception>) {
    let mut later = 0;
    for earlier in before.iter().rev() {
        let index = exceptions.len();
        if let Some(later) = exceptions.get_mut(later) {
            later.context = Some(index);
            if earlier.is_cause {
                (later.cause, later.suppress_context) = (Some(index), true);
            }
        }
        exceptions.push(exception(earlier.class, Some(earlier.message)));
        later = index;
    }
}

#[cfg(test)]
mod tests {
    use super::{Told, add_before, exception};

    /// As coredumpy 0.5 wrote it.
    const CHAIN: &str = "\
============================= ValueError =============================
+ Exception Group Traceback (most recent call last):
  |   File \"/srv/a.py\", line 10, in group
  |     raise ExceptionGroup('one', [ValueError(1)])
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  | ExceptionGroup: one (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: 1
    +------------------------------------

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"/srv/a.py\", line 143, in cause
    raise Cause('mid', low)
shop.Cause: ('mid', KeyError('missing'))
and more

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File \"/srv/a.py\", line 145, in cause
    raise ValueError('top') from c
ValueError: top
of two lines";

    #[test]
    fn the_chain_of_a_description() {
        let Some(told) = Told::read(CHAIN) else { panic!("it is not read") };
        assert_eq!((told.qualname, told.message), ("ValueError", Some("top\nof two lines")));
        let mut chain = vec![exception(told.qualname, told.message)];
        add_before(&told.before, &mut chain);
        let [top, middle, group] = chain.as_slice() else { panic!("{chain:?}") };
        assert_eq!((top.cause, top.context, top.suppress_context), (Some(1), Some(1), true));
        assert_eq!((&*middle.module, &*middle.qualname), ("shop", "Cause"));
        assert_eq!(middle.message.as_deref(), Some("('mid', KeyError('missing'))\nand more"));
        assert_eq!((middle.cause, middle.context, middle.suppress_context), (None, Some(2), false));
        assert_eq!((&*group.module, &*group.qualname), ("builtins", "ExceptionGroup"));
        assert_eq!((group.message.as_deref(), group.context), (Some("one (1 sub-exception)"), None));
    }

    #[test]
    fn the_message_of_a_group_ends_where_its_members_begin() {
        let text = "===== Batch =====\n  | shop.Batch: it's mine (2 sub-exceptions)\n  +-+---------------- 1 ---";
        assert_eq!(Told::read(text).and_then(|told| told.message), Some("it's mine (2 sub-exceptions)"));
        assert!(Told::read("===== two words =====\n").is_none() && Told::read("x").is_none());
    }
}
