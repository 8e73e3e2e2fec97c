//! The reader of any other pickle: a graph of objects, without a stack.
//!

use super::pickled::{Opened, Told, is_of_python2};
use super::pydump::python;
use crate::{Dump, Process};

/// The dump.
pub(super) fn read(opened: Opened) -> Dump {
    let python2 = is_of_python2(&opened.pickle);
    let process = Process { python: python(python2, None), ..Process::default() };
    opened.into_dump("pickle", python2, Vec::new(), |_, _| Told { process, ..Told::default() })
}
