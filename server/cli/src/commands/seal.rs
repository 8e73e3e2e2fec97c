//! `seal`: a file for its readers only, in the age format.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write};

use crashsite_seal::{Failed, NoRecipient, Recipient, recipients, seal};

use crate::arguments::Seal;
use crate::failure::Failure;
use crate::platform;

pub(crate) fn run(question: &Seal) -> Result<(), Failure> {
    let recipients = all_recipients(question)?;
    let mut input: Box<dyn Read> = match &question.file {
        Some(path) => Box::new(File::open(path).map_err(|error| {
            Failure::no_answer(format!("{}: {error}", path.display()), "Give the path of a file that can be read.")
        })?),
        None => Box::new(io::stdin().lock()),
    };
    let (name, mut output): (String, Box<dyn Write>) = match &question.output {
        Some(path) => {
            let file = platform::create_private(path).map_err(|error| {
                Failure::no_answer(format!("{}: {error}", path.display()), "Give the name of a new file.")
            })?;
            (path.display().to_string(), Box::new(file))
        }
        None if io::stdout().is_terminal() => {
            let remedy = "Give the name of a file: -o FILE";
            return Err(Failure::no_answer("what is sealed is not written to a terminal", remedy));
        }
        None => ("stdout".to_owned(), Box::new(io::stdout().lock())),
    };
    let whence = question.file.as_ref().map_or_else(|| "stdin".to_owned(), |path| path.display().to_string());
    seal(&recipients, &mut input, &mut output).map(drop).map_err(|failed| match failed {
        Failed::Input(_) => Failure::no_answer(format!("{whence}: {failed}"), "What was sealed until then is left."),
        Failed::Output(_) => {
            Failure::no_answer(format!("{name}: {failed}"), "Is the disk full? What was sealed until then is left.")
        }
        Failed::NoRecipients => {
            Failure::no_answer(failed.to_string(), "Give one: --recipient age1…, or --recipients-file FILE")
        }
    })
}

/// The keys of the command line, and those in files.
fn all_recipients(question: &Seal) -> Result<Vec<Recipient>, Failure> {
    let refused = |none: NoRecipient| {
        Failure::no_answer(none.to_string(), "`crashsite keygen` makes a pair of keys and prints the public one.")
    };
    // Not by clap, which would repeat a secret key.
    let given = question.recipients.iter().map(|key| key.parse().map_err(refused));
    let mut all = given.collect::<Result<Vec<Recipient>, Failure>>()?;
    for path in &question.recipients_files {
        let refused = |what: String| Failure::no_answer(what, "A file of recipients has one public key a line: age1…");
        let text = platform::read_key(path).map_err(|error| refused(format!("{}: {error}", path.display())))?;
        let text = String::from_utf8_lossy(&text);
        let more =
            recipients(&text).map_err(|(line, none)| refused(format!("{}, line {line}: {none}", path.display())))?;
        all.extend(more);
    }
    Ok(all)
}
