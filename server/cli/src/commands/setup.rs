//! `completions` and `man`: what a system wants of a program that is installed.

use clap::builder::Resettable;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::arguments::{self, Arguments, Completions};
use crate::commands::help::TOPICS;
use crate::failure::Failure;
use crate::output::{Output, put};

pub(crate) fn completions(question: &Completions, output: &mut Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(question.shell, &mut Arguments::clap(), "crashsite", &mut script);
    put!(output, "{}", String::from_utf8_lossy(&script));
    Ok(())
}

pub(crate) fn man(question: &arguments::Man, output: &mut Output) -> Result<(), Failure> {
    // What the short help leaves out, the manual shows by its long help only.
    let mut clap =
        Arguments::clap().after_help(Resettable::Reset).mut_args(|option| match option.get_help().cloned() {
            Some(help) => option.long_help(help),
            None => option,
        });
    clap.build();
    let command = match &question.command {
        None => clap,
        Some(name) => clap.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::no_answer(format!("no manual page {name}"), "`crashsite help` lists the commands; each has one.")
        })?,
    };
    let mut page = Vec::new();
    let mut done = Man::new(command).render(&mut page);
    if question.command.is_none() {
        done = done.and_then(|()| topics().to_writer(&mut page));
    }
    done.map_err(|_| Failure::internal())?;
    put!(output, "{}", String::from_utf8_lossy(&page));
    Ok(())
}

/// The topics of `help`, a section each.
fn topics() -> Roff {
    let mut roff = Roff::new();
    for topic in TOPICS {
        let mut lines = topic.text.lines();
        roff.control("SH", [lines.next().unwrap_or(topic.name).to_uppercase().as_str()]);
        let mut kept = false;
        for line in lines {
            if line.starts_with(' ') != kept && !line.is_empty() {
                kept = !kept;
                roff.control(if kept { "nf" } else { "fi" }, []);
            }
            if line.is_empty() {
                roff.control("PP", []);
            } else {
                roff.text([roman(line)]);
            }
        }
        if kept {
            roff.control("fi", []);
        }
    }
    roff
}
