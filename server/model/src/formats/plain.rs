//! The reader of any other pickle: a graph of objects, without a stack.
//!
//! Where no frame is asked, `root` is the pickle's value, and the text keys of a dictionary are names, too.

use super::bare::local;
use super::pickled::{Opened, Told, is_of_python2};
use super::pydump::python;
use crate::{Dump, Frame, Process, Scope};

/// The name of the outermost value.
const ROOT: &str = "root";

/// The dump.
pub(super) fn read(opened: Opened) -> Dump {
    let python2 = is_of_python2(&opened.pickle);
    let process = Process { python: python(python2, None), ..Process::default() };
    opened.into_dump("pickle", python2, Vec::new(), |graph, _| {
        let root = graph.pickle.root();
        let is_dict = graph.pickle.is_dict(root);
        let number = graph.number(root);
        let outside = Frame {
            globals: is_dict.then_some(number),
            locals: vec![local(ROOT.into(), Scope::Local, number)],
            ..Frame::default()
        };
        Told { process, outside: Some(outside), ..Told::default() }
    })
}
