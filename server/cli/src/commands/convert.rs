//! `convert`: a dump of any format, written as one of version 3.

use super::rewriting;
use crate::arguments::Rewrite;
use crate::failure::Failure;
use crate::output::Output;
use crate::reading::Reading;

pub(super) fn run(files: &Rewrite, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    rewriting::write(&reading.open(&files.dump)?, None, files, output)
}
