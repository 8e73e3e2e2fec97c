//! The reader of exceptions that were pickled with tblib's help (`tblib.pickling_support.install()`).
//!
//! A plain pickle, in which an exception is a call of `unpickle_exception` or `unpickle_exception_with_attrs`, and a traceback
//! one of `unpickle_traceback`. The outermost value is the exception, or a tuple or list that it is in (`sys.exc_info()`).
//! Frames have file, line, function and module; locals only where the program asked for them.

use crashsite_parse::{NodeId, Pickle, View};
use rustc_hash::FxHashMap;

use super::pickled::{Frames, Opened, Told, is_of_python2, thread};
use super::pydump::python;
use crate::{Dump, Exception, Process, Thread, ThreadKind};

/// Exceptions of one chain that are looked at.
const MOST: usize = 10_000;

/// Whether a pickle has an exception or a traceback of tblib in front.
pub(super) fn is_one(pickle: &Pickle) -> bool {
    in_front(pickle, is_exception).or_else(|| in_front(pickle, is_traceback)).is_some()
}

/// The outermost value, or the first of its elements, that is one.
fn in_front(pickle: &Pickle, is_it: fn(&Pickle, NodeId) -> bool) -> Option<NodeId> {
    let root = pickle.root();
    std::iter::once(root).chain(pickle.items(root).take(100)).find(|node| is_it(pickle, *node))
}

fn is_exception(pickle: &Pickle, node: NodeId) -> bool {
    matches!(called(pickle, node), Some(b"unpickle_exception" | b"unpickle_exception_with_attrs"))
}

fn is_traceback(pickle: &Pickle, node: NodeId) -> bool {
    called(pickle, node) == Some(b"unpickle_traceback")
}

/// The function of tblib that a node is a call of.
fn called(pickle: &Pickle, node: NodeId) -> Option<&[u8]> {
    let View::Reduce { callable, .. } = pickle.node(node) else { return None };
    match pickle.node(callable) {
        View::Global { module: b"tblib.pickling_support", name } => Some(name),
        _ => None,
    }
}

/// The dump.
pub(super) fn read(opened: Opened) -> Dump {
    let python2 = is_of_python2(&opened.pickle);
    let process = Process { writer: Some("tblib".into()), python: python(python2, None), ..Process::default() };
    let exception = in_front(&opened.pickle, is_exception);
    let traceback = in_front(&opened.pickle, is_traceback);
    let root = opened.pickle.root();
    opened.into_dump("tblib", python2, Vec::new(), |graph, problems| {
        // One that tblib had nothing to do with, beside a traceback: so does Python 2.
        let pickle = graph.pickle;
        let class = pickle.items(root).next();
        let plain = std::iter::once(root).chain(pickle.items(root).take(100)).find(|node| {
            let of_class = matches!(pickle.node(*node), View::Reduce { callable, .. } if Some(callable) == class);
            of_class || graph.is_an_exception(*node)
        });
        let plain = plain.filter(|_| exception.is_none()).map(|plain| graph.exceptions(plain)).unwrap_or_default();
        let mut chain = Chain { frames: Frames::new(graph), exceptions: Vec::new(), known: FxHashMap::default() };
        let first = exception.and_then(|exception| chain.read(exception));
        let mut stack = first.and_then(|first| chain.exceptions.get(first)).map(|raised| raised.frames.clone());
        if stack.as_ref().is_none_or(Vec::is_empty)
            && let Some(traceback) = traceback
        {
            stack = Some(chain.frames.traceback(traceback));
        }
        let threads = stack.clone().map(|stack| Thread {
            crashed: true,
            current: true,
            ..thread(None, ThreadKind::Thread, stack)
        });
        let Chain { frames, mut exceptions, .. } = chain;
        exceptions.extend(plain);
        if let (Some(first), Some(stack)) = (exceptions.first_mut(), &stack) {
            first.frames.clone_from(stack);
        }
        Told { process, exceptions, threads: threads.into_iter().collect(), frames: frames.finish(problems) }
    })
}

/// Exceptions on their way into a dump.
struct Chain<'a, 'p> {
    frames: Frames<'a, 'p>,
    exceptions: Vec<Exception>,
    known: FxHashMap<NodeId, usize>,
}

/// What refers to an exception: which one, if any, and as what.
#[derive(Clone, Copy)]
struct From {
    exception: Option<usize>,
    role: Role,
}

#[derive(Clone, Copy)]
enum Role {
    Cause,
    Context,
    Member,
}

impl Chain<'_, '_> {
    /// Reads an exception, and those that it came from or holds, each once.
    fn read(&mut self, exception: NodeId) -> Option<usize> {
        let mut open = vec![(exception, From { exception: None, role: Role::Cause })];
        while let Some((node, from)) = open.pop() {
            let index = match self.known.get(&node) {
                Some(&known) => known,
                None if self.exceptions.len() >= MOST || !is_exception(self.frames.graph.pickle, node) => continue,
                None => self.one(node, &mut open),
            };
            let From { exception: Some(referrer), role } = from else { continue };
            let Some(raised) = self.exceptions.get_mut(referrer) else { continue };
            match role {
                Role::Cause => raised.cause = Some(index),
                Role::Context => raised.context = Some(index),
                Role::Member => raised.group.push(index),
            }
        }
        self.known.get(&exception).copied()
    }

    /// `unpickle_exception(class, args, cause, traceback, context, suppress_context, notes)`; older versions have the first
    /// four.
    fn one(&mut self, node: NodeId, open: &mut Vec<(NodeId, From)>) -> usize {
        let pickle = self.frames.graph.pickle;
        let args = match pickle.node(node) {
            View::Reduce { args, .. } => pickle.as_slice(args).unwrap_or_default(),
            _ => &[],
        };
        let at = |place: usize| args.get(place).copied().filter(|node| !pickle.is_none(*node));
        let index = self.exceptions.len();
        self.known.insert(node, index);
        let object = self.frames.graph.number(node);
        if let Some(&class) = args.first() {
            self.frames.graph.is_raised(class);
        }
        let message = match (called(pickle, node), args) {
            (Some(b"unpickle_exception"), &[class, given, ..]) => {
                let state = pickle.states(node).next().is_some();
                self.frames.graph.message_for_constructor(class, given, state)
            }
            _ => None,
        };
        let frames = at(3).map(|traceback| self.frames.traceback(traceback)).unwrap_or_default();
        let notes = at(6).into_iter().flat_map(|notes| pickle.items(notes)).take(1000);
        let notes = notes.filter_map(|note| pickle.as_text(note)).map(|note| note.as_ref().into()).collect();
        self.exceptions.push(Exception {
            object: Some(object),
            message,
            // An exception with a cause suppresses its context, unless it was told otherwise.
            suppress_context: at(5).map_or(at(2).is_some(), |node| pickle.as_bool(node).unwrap_or(false)),
            notes,
            frames,
            ..Exception::default()
        });
        // The one that is pushed last is read first; members of a group keep their order.
        let is_group = args.first().is_some_and(|class| self.frames.graph.is_group(*class));
        let mut members: Vec<NodeId> = group(pickle, args).filter(|_| is_group).collect();
        members.reverse();
        let from = |role| From { exception: Some(index), role };
        open.extend(members.into_iter().map(|member| (member, from(Role::Member))));
        open.extend(at(4).map(|context| (context, from(Role::Context))));
        open.extend(at(2).map(|cause| (cause, from(Role::Cause))));
        index
    }
}

/// Members of an exception group: the second of its arguments, `(message, exceptions)`.
fn group<'p>(pickle: &'p Pickle, args: &[NodeId]) -> impl Iterator<Item = NodeId> + 'p {
    // `unpickle_exception_with_attrs` has attributes in their place, and at its end what `__new__` is given.
    let attributes = args.get(1).and_then(|attributes| pickle.get(*attributes, "args"));
    let given = [attributes, args.get(7).copied(), args.get(1).copied()];
    let members = given.into_iter().flatten().find_map(|given| match pickle.as_slice(given) {
        Some(&[_, members]) => Some(members),
        _ => None,
    });
    members
        .into_iter()
        .flat_map(|members| pickle.items(members))
        .take(MOST)
        .filter(|member| is_exception(pickle, *member))
}
