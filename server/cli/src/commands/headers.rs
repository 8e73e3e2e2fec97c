//! `headers`: the message headers of the file.

use crashsite_view::{headers, text};

use crate::arguments::OfDump;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::reading::Reading;

pub(crate) fn run(question: &OfDump, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let answer = headers::answer(&reading.open(&question.dump)?);
    if question.form.json {
        return output.json(&answer);
    }
    let (bold, off) = (style::NAME, style::NAME.render_reset());
    for header in &answer.headers {
        line!(output, "{bold}{}:{off} {}", text::escape(&header.name), text::escape(&header.value));
    }
    if answer.headers.is_empty() {
        line!(output, "The file has no headers.");
    }
    Ok(())
}
