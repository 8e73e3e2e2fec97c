//! `cargo xtask bench`: saving and loading beside what else does the same.
//!
//! Every measurement is a process of its own. The sides take turns (A B C A B C …), so that a machine that slows down
//! slows down all of them; what is told is the median, with the lowest and the highest.

mod inflate;
mod measure;
mod picture;
mod report;
mod results;
#[cfg(test)]
mod tests;

use anyhow::{Result, bail};

use crate::tools;

pub(crate) use inflate::inflate;
use measure::Bench;
use results::{Old, Peer, Results, Series};

const ORDERS: usize = 38_500;
/// How often a tool saves: the slow ones take the better part of a minute each time.
const ROUNDS: usize = 5;
const SLOW_ROUNDS: usize = 2;

const PEERS: [(&str, &str, usize); 6] = [
    ("crashsite", "crashsite", ROUNDS),
    ("pickle", "plain pickle, protocol 5", ROUNDS),
    ("coredumpy", "coredumpy 0.5.0", SLOW_ROUNDS),
    ("pydumpling", "pydumpling 0.2.0, no limits", SLOW_ROUNDS),
    ("debuglater", "debuglater 1.4.4, with dill", SLOW_ROUNDS),
    ("pyheapdump", "pyheapdump 0.2.8, Python 2.7", SLOW_ROUNDS),
];
const LOAD: [&str; 2] = ["info", "--load"];
const FIRST: [&str; 2] = ["bt", "--locals"];
const ALL: [&str; 3] = ["bt", "--all", "--locals"];
const SUM: [&str; 2] = ["print", "sum(o.total for o in heap if o.state == 'paid')"];
const FIND: [&str; 2] = ["find", "isinstance(o, Line) and o.quantity == 8 and o.price > 199"];

/// The command.
pub(crate) fn run(quick: bool) -> Result<bool> {
    let python = tools::python3()?;
    let bench = Bench::new(if quick { 2000 } else { ORDERS }, &python)?;
    let results = measured(&bench, bench.setting(&python))?;
    let text = report::text(&results);
    println!("\n{text}");
    if !quick {
        let docs = tools::root().join("docs");
        std::fs::write(docs.join("benchmarks.md"), &text)?;
        std::fs::write(docs.join("benchmarks.svg"), picture::svg(&report::panels(&results)))?;
    }
    Ok(true)
}

fn measured(bench: &Bench, setting: String) -> Result<Results> {
    let present = || PEERS.into_iter().filter(|(tool, ..)| bench.has(tool));
    let mut peers: Vec<Peer> = present().map(|(tool, name, _)| Peer::new(tool, name)).collect();
    for round in 1..=ROUNDS {
        for (peer, (tool, name, rounds)) in peers.iter_mut().zip(present()) {
            if round <= rounds {
                println!("save, round {round} of {rounds}: {name}");
                peer.save.add(bench.save(tool)?);
            }
        }
    }
    bench.save("crashsite-small")?;
    for peer in &mut peers {
        peer.file = bench.bytes(peer.tool)?;
    }

    // A binary that answers nothing would be the fastest.
    for arguments in [LOAD, FIRST, SUM, FIND] {
        if bench.answer(&arguments, "crashsite")?.is_none_or(|text| text.trim().is_empty()) {
            bail!("`crashsite {}` has no answer", arguments.join(" "));
        }
    }
    let mut old = match &bench.python27 {
        Err(reason) => Err(reason.clone()),
        Ok(_) => {
            let answer = bench.answer(&ALL, "pyheapdump")?;
            let opened = answer.is_some_and(|text| text.contains("Order customer="));
            Ok(Old { answer: opened.then(Series::default), unpickler: Series::default() })
        }
    };

    let mut inflate = Series::default();
    for round in 1..=2 * ROUNDS {
        println!("load, round {round} of {}", 2 * ROUNDS);
        for (peer, (tool, _, rounds)) in peers.iter_mut().zip(present()) {
            if tool == "crashsite" {
                peer.load.add(bench.binary(&LOAD, tool)?);
                inflate.add(bench.inflate(tool)?);
            } else if round <= 2 * rounds {
                peer.load.add(bench.load(tool, tool)?);
            }
        }
        if let Ok(old) = &mut old {
            if let Some(answer) = &mut old.answer {
                answer.add(bench.binary(&ALL, "pyheapdump")?);
            }
            if round <= 2 * SLOW_ROUNDS {
                old.unpickler.add(bench.load("pyheapdump-c", "pyheapdump")?);
            }
        }
    }
    let [mut first, mut first_small] = [Series::default(), Series::default()];
    for _ in 0..5 * ROUNDS {
        first.add(bench.binary(&FIRST, "crashsite")?);
        first_small.add(bench.binary(&FIRST, "crashsite-small")?);
    }
    let [mut sum, mut find] = [Series::default(), Series::default()];
    for _ in 0..2 * ROUNDS {
        sum.add(bench.binary(&SUM, "crashsite")?);
        find.add(bench.binary(&FIND, "crashsite")?);
    }
    let objects = bench.objects()?;
    Ok(Results { setting, orders: bench.orders, objects, peers, inflate, first, first_small, sum, find, old })
}
