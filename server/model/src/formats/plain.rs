//! The reader of any other pickle: a graph of objects, without a stack. One may be an exception.

use super::pickled::{Opened, Told, is_of_python2};
use super::pydump::python;
use crate::{Dump, Process};

/// The dump.
pub(super) fn read(opened: Opened) -> Dump {
    let python2 = is_of_python2(&opened.pickle);
    let process = Process { python: python(python2, None), ..Process::default() };
    let root = opened.pickle.root();
    opened.into_dump("pickle", python2, Vec::new(), |graph, _| {
        let exceptions = if graph.is_an_exception(root) { graph.exceptions(root) } else { Vec::new() };
        Told { process, exceptions, ..Told::default() }
    })
}
