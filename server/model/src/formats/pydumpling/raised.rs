//! Whether an exception was raised with a cause: by the instruction at which its traceback ends.
//!
//! Version 0.2 keeps the code's bytes, but of `__cause__` and `__context__` one only, without saying which.

use crashsite_parse::NodeId;

use super::super::pickled::Graph;

/// Frames of a traceback that are followed.
const MOST: usize = 100_000;

/// Whether it was `raise … from …`; `false` also where that is not known.
pub(super) fn with_a_cause(graph: &mut Graph<'_>, traceback: NodeId, python: Option<(u32, u32)>) -> bool {
    // CPython: Include/opcode_ids.h, and Include/opcode.h before 3.13.
    let raise_varargs = match python {
        Some((3, 11 | 12)) => 130,
        Some((3, 13)) => 101,
        Some((3, 14)) => 104,
        _ => return false,
    };
    let mut last = traceback;
    for _ in 0..MOST {
        match graph.part_of_traceback(last, "tb_next").filter(|next| !graph.pickle.is_none(*next)) {
            Some(next) => last = next,
            None => break,
        }
    }
    let at = graph.part_of_traceback(last, "tb_lasti").and_then(|at| graph.pickle.as_int(at));
    let code = graph.part_of_traceback(last, "tb_frame").and_then(|frame| graph.slot(frame, "f_code"));
    let code = code.and_then(|code| graph.slot(code, "co_code")).and_then(|code| graph.pickle.as_bytes(code));
    let at = at.and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
    code.and_then(|code| code.get(at..)?.first_chunk()) == Some(&[raise_varargs, 2])
}
