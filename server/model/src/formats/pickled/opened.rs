//! A pickle that is all of a dump, on its way to one.

use crashsite_parse::{Error, Limits, NodeId, Opcode, Pickle, salvage_pickle};

use super::{Graph, SourceIndex, loading};
use crate::formats::bare::local;
use crate::heap::{Heap, Kind};
use crate::problem::Problems;
use crate::{Dump, Exception, Frame, Header, Problem, Process, Redaction, Scope, SourceFile, Thread};

/// A pickle, and what is known of the file that it was in.
pub(in crate::formats) struct Opened {
    pub(in crate::formats) pickle: Pickle,
    pub(in crate::formats) headers: Vec<Header>,
    file_size: u64,
    limits: Limits,
    problems: Problems,
}

/// What a format tells beside its objects.
#[derive(Default)]
pub(in crate::formats) struct Told {
    pub(in crate::formats) process: Process,
    pub(in crate::formats) exceptions: Vec<Exception>,
    pub(in crate::formats) threads: Vec<Thread>,
    pub(in crate::formats) frames: Vec<Frame>,
}

/// The name of the frame that stands where there are no stacks, and in it that of the outermost value.
const OUTSIDE: &str = "<pickle>";
const ROOT: &str = "root";

impl Opened {
    /// Reads the pickle.
    pub(in crate::formats) fn read(
        bytes: Vec<u8>,
        headers: Vec<Header>,
        file_size: u64,
        limits: Limits,
        mut problems: Problems,
    ) -> Result<Self, Error> {
        let pickle = salvage_pickle(bytes, &limits)?;
        let rest = (pickle.input().len() as u64).saturating_sub(pickle.end());
        if let Some(fault) = pickle.fault() {
            problems.push(Problem::captured(format!(
                "the file is incomplete: {fault}; what is before that is shown, the last values as far as they go"
            )));
        } else if rest > 0 {
            problems.at(pickle.end(), format!("{rest} bytes after the end of the pickle are not looked at"));
        }
        Ok(Opened { pickle, headers, file_size, limits, problems })
    }

    /// Whether the pickle is all that there is.
    pub(in crate::formats) fn is_all(&self) -> bool {
        self.pickle.fault().is_none() && self.pickle.end() == self.pickle.input().len() as u64
    }

    /// Whether loading it calls something.
    pub(in crate::formats) fn acts(&self) -> bool {
        loading::of(&self.pickle).opcodes.iter().any(|(opcode, _)| *opcode != "GLOBAL")
    }

    /// A value of the outermost dictionary; one that is `None` is as if it were not there.
    pub(in crate::formats) fn top(&self, key: &str) -> Option<NodeId> {
        self.pickle.get(self.pickle.root(), key).filter(|node| !self.pickle.is_none(*node))
    }

    /// The dump: its objects are the pickle's, and `tell` tells the rest.
    pub(in crate::formats) fn into_dump(
        self,
        format: &'static str,
        python2: bool,
        sources: Vec<SourceFile>,
        tell: impl FnOnce(&mut Graph<'_>, &mut Problems) -> Told,
    ) -> Dump {
        let Opened { pickle, headers, file_size, limits, mut problems } = self;
        let mut graph = Graph::new(&pickle, python2, SourceIndex::new(&sources));
        let mut told = tell(&mut graph, &mut problems);
        let outside = told.frames.is_empty().then(|| {
            told.threads.clear();
            told.frames.push(outside(&mut graph));
            told.frames.len() - 1
        });
        let objects = graph.into_objects();
        let loading = loading::of(&pickle);
        let complete = pickle.fault().is_none();
        // Nodes and columns need not be in memory together.
        drop(pickle);
        let heap = Heap::of_section(objects.finish());
        told.fill_in(&heap, python2);
        let Told { process, exceptions, threads, frames } = told;
        Dump {
            format,
            file_size,
            headers,
            process,
            exceptions,
            threads,
            frames,
            outside,
            sources,
            capture_limits: Vec::new(),
            redaction: Redaction::default(),
            loading: Some(loading),
            problems: problems.into_list(),
            complete,
            end: None,
            heap,
            limits,
        }
    }
}

/// What there is where no frame is: `root` is the pickle's value, and the text keys of a dictionary are names, too.
fn outside(graph: &mut Graph<'_>) -> Frame {
    let root = graph.pickle.root();
    let is_dict = graph.pickle.is_dict(root);
    let number = graph.number(root);
    Frame {
        function: OUTSIDE.into(),
        globals: is_dict.then_some(number),
        locals: vec![local(ROOT.into(), Scope::Local, number)],
        ..Frame::default()
    }
}

impl Told {
    /// What only the heap knows: the classes of values and of exceptions.
    fn fill_in(&mut self, heap: &Heap, python2: bool) {
        for local in self.frames.iter_mut().flat_map(|frame| &mut frame.locals) {
            let Some(object) = local.object.and_then(|number| heap.object(number)) else { continue };
            local.kind = object.kind();
            local.children_count = object.attribute_count() as u64 + heap.contents(&object).len();
            if let Some(class) = object.class() {
                local.type_name = class.name.clone();
                local.module = class.module.clone();
            }
        }
        for exception in &mut self.exceptions {
            let Some(object) = exception.object.and_then(|number| heap.object(number)) else { continue };
            if let Some(class) = object.class() {
                // Python 2 can raise instances of old-style classes, all of which have one type.
                let old_style = python2 && object.kind() == Kind::Instance;
                exception.type_name = if old_style { "instance".into() } else { class.name.clone() };
                exception.module = class.module.clone();
                exception.qualname = class.qualname.clone();
            }
        }
    }
}

/// Whether Python 2 wrote it: Python 3 has no opcode for its `str`.
pub(in crate::formats) fn is_of_python2(pickle: &Pickle) -> bool {
    let used = pickle.opcodes_used();
    [Opcode::STRING, Opcode::BINSTRING, Opcode::SHORT_BINSTRING].iter().any(|opcode| used.contains(*opcode))
}
