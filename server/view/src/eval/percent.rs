//! `template % values`

use super::value::{Blob, Value};
use super::{Context, Failure, Res};

pub(super) fn text<'a>(_: &Context<'a>, _: &Blob<'a>, _: &Value<'a>) -> Res<Value<'a>> {
    Err(Failure::new("NotSupported", "% of text is not understood"))
}

pub(super) fn bytes<'a>(_: &Context<'a>, _: &Blob<'a>, _: &Value<'a>) -> Res<Value<'a>> {
    Err(Failure::new("NotSupported", "% of bytes is not understood"))
}
