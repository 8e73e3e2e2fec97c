//! A file that is edited after the crash: what is shown stays at the lines that crashed, and at no others.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crashsite_model::{Dump, Limits};
use crashsite_view::editor::Beside;
use crashsite_view::editor::activation::Selected;
use crashsite_view::editor::annotate::{hints, lenses};
use crashsite_view::editor::crashed::Crashed;
use crashsite_view::editor::follow::Follow;
use crashsite_view::editor::text::Text;

const DUMPS: &[&str] = &["simple", "deep", "zoo", "medium", "oldstyle-exc"];
/// Edits of one after another; the file is then taken anew.
const IN_A_ROW: usize = 10;
const EDITS: usize = 1000;
/// Edits of the long run: what tempts a diff most comes once in some ten thousand.
const EDITS_LONG: usize = 40_000;

fn open(name: &str) -> Dump {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/captured/pyheapdump-2.7");
    Dump::open(Arc::new(std::fs::read(folder.join(format!("{name}.dump"))).unwrap()), Limits::default()).unwrap()
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}

/// A line of the edited text.
#[derive(Clone)]
struct Line {
    text: String,
    /// Which it was when the program crashed, if its text is still that.
    was: Option<u64>,
    /// Whether it is a copy. Where that which it was copied from is gone, it is as good as that: nobody could tell.
    copy: bool,
}

impl Line {
    fn new(text: String) -> Line {
        Line { text, was: None, copy: false }
    }
}

fn line_of(text: &str, line: u64) -> Line {
    Line { was: Some(line), ..Line::new(text.to_owned()) }
}

/// Inserts, deletes, renames, or moves a block.
fn edit(lines: &mut Vec<Line>, numbers: &mut Numbers) {
    let count = 1 + numbers.below(8);
    let at = numbers.below(lines.len());
    let block = at..(at + count).min(lines.len());
    match numbers.below(5) {
        0 => {
            let new: Vec<Line> = (0..count).map(|_| Line::new(format!("    new_{} = 1", numbers.below(50)))).collect();
            lines.splice(at..at, new);
        }
        1 => {
            // Lines that are there already, somewhere: what tempts a diff.
            let from = numbers.below(lines.len());
            let copies = lines.iter().skip(from).take(count).map(|line| Line { copy: true, ..line.clone() });
            let copies: Vec<Line> = copies.collect();
            lines.splice(at..at, copies);
        }
        2 => {
            lines.drain(block);
        }
        3 => {
            let words: Vec<&str> = lines[at].text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            let name = (*words.iter().max_by_key(|word| word.len()).unwrap()).to_owned();
            for line in lines.iter_mut().filter(|line| !name.is_empty() && line.text.contains(&name)) {
                *line = Line::new(line.text.replace(&name, &format!("{name}_renamed")));
            }
        }
        _ => {
            let moved: Vec<Line> = lines.drain(block).collect();
            let to = numbers.below(lines.len());
            lines.splice(to..to, moved);
        }
    }
}

/// Where hints and lenses stand: the line in the text, and the one that crashed.
fn annotated(dump: &Dump, crashed: &Crashed, text: &Text) -> BTreeSet<(u64, u64)> {
    let follow = Follow::new(&crashed.text, &crashed.known, text);
    let threads = 0..dump.threads.len();
    let seen = threads.flat_map(|thread| {
        let selected = Selected { thread, frame: 0 };
        let beside = Beside { dump, crashed, text, follow: &follow, selected };
        let hints = hints(beside, 1..=u64::MAX).into_iter().map(|hint| (hint.at.line, hint.crashed_line));
        let lenses = lenses(beside).into_iter().filter_map(|lens| Some((lens.line, lens.crashed_line?)));
        hints.chain(lenses).collect::<Vec<_>>()
    });
    seen.collect()
}

#[test]
fn annotations_stay_at_their_lines() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let most = if std::env::var_os("CRASHSITE_LONG").is_some() { EDITS_LONG } else { EDITS };
    let (mut edits, mut could, mut did) = (0, 0, 0);
    while edits < most {
        for name in DUMPS {
            let dump = open(name);
            for source in &dump.sources {
                let Ok(crashed) = Crashed::new(&dump, source) else { continue };
                let first = annotated(&dump, &crashed, &crashed.text);
                if crashed.activations.is_empty() {
                    continue;
                }
                assert!(!first.is_empty(), "nothing is shown in {}", source.name);
                assert!(first.iter().all(|(line, was)| line == was));
                let mut lines: Vec<Line> =
                    crashed.text.lines().zip(1..).map(|(text, line)| line_of(text, line)).collect();
                for _ in 0..IN_A_ROW {
                    edit(&mut lines, &mut numbers);
                    edits += 1;
                    let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
                    let shown = annotated(&dump, &crashed, &Text::new(text));
                    let kept: BTreeSet<u64> =
                        lines.iter().filter(|line| !line.copy).filter_map(|line| line.was).collect();
                    for (line, was) in &shown {
                        let Line { text, was: origin, copy } = &lines[usize::try_from(*line).unwrap() - 1];
                        let right = *origin == Some(*was) && !(*copy && kept.contains(was));
                        assert!(right, "after {edits} edits, line {line} of {} is not line {was}: {text}", source.name);
                    }
                    let shown: BTreeSet<u64> = shown.into_iter().map(|(_, was)| was).collect();
                    let before: BTreeSet<u64> = first.iter().map(|(_, was)| *was).collect();
                    could += before.intersection(&kept).count();
                    did += shown.intersection(&kept).count();
                }
            }
        }
    }
    assert!(edits >= most && could > 500, "{edits} edits of {could} lines show nothing");
    assert!(did * 100 >= could * 95, "{did} of {could} lines stayed annotated after {edits} edits");
}
