//! `template.format(…)`

use super::value::{Blob, Value};
use super::{Context, Failure, Res};

pub(super) fn format<'a>(_: &Context<'a>, _: &Blob<'a>, _: &[Value<'a>], _: &[(String, Value<'a>)]) -> Res<Vec<u8>> {
    Err(Failure::new("NotSupported", "str.format is not understood"))
}
