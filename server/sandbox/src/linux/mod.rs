//! Linux: Landlock first, since what it needs is among the calls that go away afterwards.

mod calls;
mod files;

use crate::{Enforced, Error, Policy};

pub(crate) fn enter(policy: &Policy) -> Result<Enforced, Error> {
    let files = files::confine(policy).map_err(|error| Error::Files(error.to_string()))?;
    let calls = calls::confine(policy).map_err(|error| Error::Calls(error.to_string()))?;
    Ok(match (files, calls) {
        (Enforced::Whole, true) => Enforced::Whole,
        (Enforced::Nothing, false) => Enforced::Nothing,
        _ => Enforced::Part,
    })
}
