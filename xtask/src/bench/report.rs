//! The text of docs/benchmarks.md, and what its picture shows.

use std::fmt::Write as _;

use super::picture::{Bar, Panel};
use super::results::{Goal, Results, Series};

const MEBI: f64 = 1_048_576.0;
const MEGA: f64 = 1e6;

/// The whole text.
pub(super) fn text(results: &Results) -> String {
    let Results { setting, orders, objects, .. } = results;
    let mut text = format!(
        "# Benchmarks

Written by `cargo xtask bench`.

{setting}.

A program crashes with {orders} orders (`xtask/bench/orders.py`) in a local variable: {objects:.0} objects in the dump of
crashsite. Each tool saves that crash and loads what it saved; a tool that had lost the heap would stop the run. Limits are
off, and so is the search for secrets of crashsite and coredumpy (depth 1000 in place of its 10). debuglater has dill, without which it writes
only the repr of an order. Plain pickle is `pickle.dumps` of the orders alone, in memory, and `pickle.loads`.

Every measurement is a process of its own, and the tools take turns. Times and memory are medians; the slow tools run fewer
times, as the tables say.
",
    );
    if let Err(reason) = &results.old {
        let _ = writeln!(text, "\npyheapdump, which needs Python 2.7, is left out: {reason}.");
    }
    text.push_str("\n![Time to save, time to load, extra memory and file of each tool](benchmarks.svg)\n");
    saving(&mut text, results);
    loading(&mut text, results);
    asking(&mut text, results);
    old(&mut text, results);
    targets(&mut text, results);
    text
}

fn saving(text: &mut String, results: &Results) {
    text.push_str(
        "\n## Saving\n\nBuilding the heap is not measured; memory is what saving adds to the peak of the process.\n\n\
         | tool | time | lowest – highest | runs | extra memory | file | bytes an object |\n|---|---|---|---|---|---|---|\n",
    );
    for peer in &results.peers {
        let (memory, file) = (mebi(peer.save.peak()), mega(peer.file));
        let each = peer.file / results.objects;
        let _ = writeln!(text, "| {} | {} | {memory} | {file} | {each:.1} |", peer.name, times(&peer.save));
    }
    let speed = results.objects / results.of("crashsite", |peer| peer.save.time());
    let _ = writeln!(text, "\ncrashsite saves {speed:.0} objects a second.");
}

fn loading(text: &mut String, results: &Results) {
    text.push_str(
        "\n## Loading\n\nAll of the file. Of crashsite (`info --load`) the time is that of the whole process, of the \
         others that of the call alone;\nmemory is the peak of the whole process.\n\n\
         | tool | time | lowest – highest | runs | memory |\n|---|---|---|---|---|\n",
    );
    for peer in &results.peers {
        let _ = writeln!(text, "| {} | {} | {} |", peer.name, times(&peer.load), mebi(peer.load.peak()));
    }
    let _ = writeln!(
        text,
        "| only the decompression of crashsite's (zlib-rs, one thread) | {} | |",
        times(&results.inflate)
    );
    text.push_str(
        "\nThe first answer does not wait for the heap:\n\n\
         | `crashsite bt --locals` | time | lowest – highest | runs |\n|---|---|---|---|\n",
    );
    let _ = writeln!(text, "| the heap | {} |", times(&results.first));
    let _ = writeln!(text, "| the same crash, a thousand objects | {} |", times(&results.first_small));
}

fn asking(text: &mut String, results: &Results) {
    let _ = write!(
        text,
        "\n## Asking\n\nWhole processes: the dump is opened, as much of the heap read as the question needs.\n\n\
         | question | time | lowest – highest | runs | memory |\n|---|---|---|---|---|\n\
         | `print`: a sum over the {} orders | {} | {} |\n| `find`: a condition on each of the {:.0} objects | {} | {} |\n",
        results.orders,
        times(&results.sum),
        mebi(results.sum.peak()),
        results.objects,
        times(&results.find),
        mebi(results.find.peak()),
    );
}

fn old(text: &mut String, results: &Results) {
    let Ok(old) = &results.old else { return };
    text.push_str(
        "\n## A dump of pyheapdump\n\nThe same file, read by three. Python unpickles it and shows nothing yet: \
         pyheapdump by the slow unpickler, since the one in C\n(cPickle) gives up at the first thing that cannot be \
         imported. Times and memory are as above.\n\n\
         | reader | time | lowest – highest | runs | memory |\n|---|---|---|---|---|\n",
    );
    let _ = match &old.answer {
        Some(answer) => {
            writeln!(text, "| crashsite bt --all --locals | {} | {} |", times(answer), mebi(answer.peak()))
        }
        None => writeln!(text, "| crashsite bt --all --locals | cannot open | | | |"),
    };
    for peer in results.peers.iter().filter(|peer| peer.tool == "pyheapdump") {
        let _ = writeln!(text, "| pyheapdump.load_dump | {} | {} |", times(&peer.load), mebi(peer.load.peak()));
    }
    let _ = writeln!(text, "| cPickle | {} | {} |", times(&old.unpickler), mebi(old.unpickler.peak()));
}

fn targets(text: &mut String, results: &Results) {
    let save = |tool| results.of(tool, |peer| peer.save.time());
    let load = |tool| results.of(tool, |peer| peer.load.time());
    let extra = |tool| results.of(tool, |peer| peer.save.peak());
    let each = results.of("crashsite", |peer| peer.file) / results.objects;
    let mut rows = vec![
        ("saving, times as fast as coredumpy", save("coredumpy") / save("crashsite"), Goal::AtLeast(4.0)),
        ("saving, times as fast as pickle.dumps", save("pickle") / save("crashsite"), Goal::AtLeast(0.3)),
        ("loading, times as fast as pickle.loads", load("pickle") / load("crashsite"), Goal::AtLeast(10.0)),
        ("loading, times the bare decompression", load("crashsite") / results.inflate.time(), Goal::AtMost(3.0)),
        (
            "first answer on the heap, times that on a thousand objects",
            results.first.time() / results.first_small.time(),
            Goal::AtMost(1.5),
        ),
        ("seconds of a sum over 100,000 orders", results.sum.time() * 1e5 / results.orders as f64, Goal::AtMost(0.3)),
        ("seconds of a question to a million objects", results.find.time() * 1e6 / results.objects, Goal::AtMost(2.0)),
        ("bytes of file an object", each, Goal::AtMost(12.0)),
        ("extra memory of saving, times coredumpy's", extra("crashsite") / extra("coredumpy"), Goal::AtMost(1.0 / 3.0)),
    ];
    if let Ok(old) = &results.old {
        let answer = old.answer.as_ref();
        let time = answer.map_or(f64::NAN, Series::time) / load("pyheapdump");
        let memory = answer.map_or(f64::NAN, Series::peak) / results.of("pyheapdump", |peer| peer.load.peak());
        rows.push(("pyheapdump's dump, all answered, times its loader's time", time, Goal::AtMost(1.0 / 3.0)));
        rows.push(("the same, times its loader's memory", memory, Goal::AtMost(1.0)));
    }
    text.push_str("\n## Targets\n\n| target | wanted | here | met |\n|---|---|---|---|\n");
    for (name, value, goal) in rows {
        let met = if goal.met(value) { "yes" } else { "**no**" };
        let here = if value.is_nan() { "not measured".to_owned() } else { format!("{value:.2}") };
        let _ = writeln!(text, "| {name} | {} | {here} | {met} |", goal.shown());
    }
}

/// What the picture shows: of each of four numbers, every tool's.
pub(super) fn panels(results: &Results) -> [Panel; 4] {
    let panel = |title, unit, scale: f64, value: fn(&super::results::Peer) -> f64, label: fn(f64) -> String| {
        let bars = results.peers.iter().map(|peer| {
            let value = value(peer);
            Bar { name: peer.name, value: value / scale, label: label(value) }
        });
        Panel { title, unit, bars: bars.collect() }
    };
    [
        panel("Time to save", "s", 1.0, |peer| peer.save.time(), time),
        panel("Time to load", "s", 1.0, |peer| peer.load.time(), time),
        panel("Extra memory of saving", "MiB", MEBI, |peer| peer.save.peak(), mebi),
        panel("File", "MB", MEGA, |peer| peer.file, mega),
    ]
}

/// Three cells.
fn times(series: &Series) -> String {
    let (low, high) = series.range();
    format!("{} | {} – {} | {}", time(series.time()), time(low), time(high), series.seconds.len())
}

/// Seconds, readable.
pub(super) fn time(seconds: f64) -> String {
    if seconds < 0.1 { format!("{:.1} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}

fn mebi(bytes: f64) -> String {
    format!("{:.0} MiB", bytes / MEBI)
}

fn mega(bytes: f64) -> String {
    format!("{:.1} MB", bytes / MEGA)
}
