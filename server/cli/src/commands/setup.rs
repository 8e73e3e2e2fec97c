//! `completions` and `man`: what a system wants of a program that is installed.

use clap_mangen::Man;

use crate::arguments::{self, Arguments, Completions};
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
    let mut clap = Arguments::clap().mut_args(|option| match option.get_help().cloned() {
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
    Man::new(command).render(&mut page).map_err(|_| Failure::internal())?;
    put!(output, "{}", String::from_utf8_lossy(&page));
    Ok(())
}
