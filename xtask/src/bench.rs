//! `cargo xtask bench`: capture and loading beside what else does the same.
//!
//! Every measurement is a process of its own. The sides take turns (A B C A B C …), so that a machine that slows down
//! slows down all of them; what is told is the median, with the lowest and the highest.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::tools;

const COREDUMPY: &str = "coredumpy==0.5.0";
const ORDERS: usize = 38_500;
const ROUNDS: usize = 5;
const LIMIT: Duration = Duration::from_secs(600);

/// What is measured, and under which name it is told.
const CAPTURE: &str = "capture: crashsite.save_dump";
const OTHER_CAPTURE: &str = "capture: coredumpy 0.5.0";
const DUMPS: &str = "capture: pickle.dumps, protocol 5";
const LOAD: &str = "load: crashsite info --load";
const LOADS: &str = "load: pickle.loads";
const INFLATE: &str = "load: inflate of all parts (zlib-rs, one thread)";
const BT: &str = "bt --locals, the heap";
const BT_SMALL: &str = "bt --locals, a thousand objects";

#[derive(Default)]
struct Series {
    name: &'static str,
    seconds: Vec<f64>,
    memory: Vec<f64>,
}

impl Series {
    fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    fn add(&mut self, (seconds, memory): (f64, f64)) {
        self.seconds.push(seconds);
        self.memory.push(memory);
    }

    fn time(&self) -> f64 {
        median(&self.seconds)
    }

    fn row(&self) -> String {
        let low = self.seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.seconds.iter().copied().fold(0.0, f64::max);
        format!("| {} | {} | {} – {} |", self.name, time(self.time()), time(low), time(high))
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn time(seconds: f64) -> String {
    if seconds < 0.1 { format!("{:.1} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}

struct Bench {
    python: PathBuf,
    binary: PathBuf,
    xtask: PathBuf,
    folder: PathBuf,
    orders: usize,
}

impl Bench {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// One of heap.py's measurements: seconds, bytes of memory, objects.
    fn heap(&self, what: &str, file: &str) -> Result<(f64, f64, f64)> {
        let mut command = Command::new(&self.python);
        command
            .arg("-B")
            .arg(tools::root().join("xtask/bench/heap.py"))
            .args([what, &self.orders.to_string()])
            .arg(self.file(file))
            .env("PYTHONPATH", tools::root().join("python"))
            .env_remove("CRASHSITE_DIR")
            .stderr(Stdio::inherit());
        let output = tools::capture(&mut command, LIMIT)?;
        let answer: serde_json::Value =
            serde_json::from_str(&output.1).with_context(|| format!("heap.py {what}: {}", output.0))?;
        let number = |key: &str| answer.get(key).and_then(serde_json::Value::as_f64).unwrap_or(f64::NAN);
        Ok((number("seconds"), number("memory"), number("objects")))
    }

    fn python(&self, what: &str, file: &str) -> Result<(f64, f64)> {
        let (seconds, memory, _) = self.heap(what, file)?;
        Ok((seconds, memory))
    }

    /// The wall clock of a whole run of the binary, its start included.
    fn binary(&self, arguments: &[&str], file: &str) -> Result<(f64, f64)> {
        let mut command = Command::new(&self.binary);
        command.args(arguments).arg(self.file(file)).stdin(Stdio::null()).stdout(Stdio::null());
        let start = Instant::now();
        let status = command.status()?;
        let seconds = start.elapsed().as_secs_f64();
        if !status.success() {
            bail!("`{}`: {status}", tools::shown(&command));
        }
        Ok((seconds, f64::NAN))
    }

    fn inflate(&self, file: &str) -> Result<(f64, f64)> {
        let mut command = Command::new(&self.xtask);
        command.arg("inflate").arg(self.file(file));
        let (_, output) = tools::capture(&mut command, LIMIT)?;
        Ok((output.trim().parse().context("inflate")?, f64::NAN))
    }
}

/// The command.
pub(crate) fn run(quick: bool) -> Result<bool> {
    let (orders, rounds) = if quick { (2000, 3) } else { (ORDERS, ROUNDS) };
    let python = tools::python3()?;
    let executable = tools::venv("bench-venv", &python, &[COREDUMPY])?;
    let binary = tools::build_binary(true)?;
    let mut build = tools::cargo();
    build.args(["build", "--quiet", "--release", "--package", "xtask"]);
    if !tools::run(&mut build, Duration::from_secs(1200))?.success() {
        bail!("xtask does not build");
    }
    let folder = tools::target().join("bench");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let bench = Bench { python: executable, binary, xtask: tools::target().join("release/xtask"), folder, orders };

    let [mut capture, mut other, mut dumps] = [CAPTURE, OTHER_CAPTURE, DUMPS].map(Series::new);
    for round in 1..=rounds {
        println!("capture, round {round} of {rounds}");
        // save_dump never writes over a file.
        let _ = std::fs::remove_file(bench.file("heap.dump"));
        capture.add(bench.python("capture", "heap.dump")?);
        other.add(bench.python("coredumpy", "coredumpy.dump")?);
        dumps.add(bench.python("dumps", "heap.pickle")?);
    }
    bench.heap("small", "small.dump")?;
    let (_, _, objects) = bench.heap("count", "heap.dump")?;
    let (_, _, other_objects) = bench.heap("count-coredumpy", "coredumpy.dump")?;

    // A binary that answers nothing would be the fastest.
    for arguments in [["info", "--load"], ["bt", "--locals"]] {
        let mut command = Command::new(&bench.binary);
        command.args(arguments).arg(bench.file("heap.dump"));
        let (status, output) = tools::capture(&mut command, LIMIT)?;
        if !status.success() || output.trim().is_empty() {
            bail!("`{}` has no answer: {status}", tools::shown(&command));
        }
    }

    let [mut load, mut loads, mut inflate] = [LOAD, LOADS, INFLATE].map(Series::new);
    for round in 1..=rounds * 2 {
        println!("load, round {round} of {}", rounds * 2);
        load.add(bench.binary(&["info", "--load"], "heap.dump")?);
        loads.add(bench.python("loads", "heap.pickle")?);
        inflate.add(bench.inflate("heap.dump")?);
    }
    let [mut bt, mut bt_small] = [BT, BT_SMALL].map(Series::new);
    for _ in 0..rounds * 5 {
        bt.add(bench.binary(&["bt", "--locals"], "heap.dump")?);
        bt_small.add(bench.binary(&["bt", "--locals"], "small.dump")?);
    }

    let bytes = |file: &str| std::fs::metadata(bench.file(file)).map(|data| data.len() as f64);
    let file_bytes = bytes("heap.dump")?;
    let mebi = |series: &Series| median(&series.memory) / 1048576.0;
    let targets = [
        ("capture, times as fast as coredumpy", other.time() / capture.time(), Goal::AtLeast(4.0)),
        ("capture, times as fast as pickle.dumps", dumps.time() / capture.time(), Goal::AtLeast(0.3)),
        ("load, times as fast as pickle.loads", loads.time() / load.time(), Goal::AtLeast(10.0)),
        ("load, times the bare inflate", load.time() / inflate.time(), Goal::AtMost(3.0)),
        ("bt on the heap, times that on a thousand objects", bt.time() / bt_small.time(), Goal::AtMost(1.5)),
        ("bytes of file an object", file_bytes / objects, Goal::AtMost(12.0)),
        ("extra memory of capture, times coredumpy's", mebi(&capture) / mebi(&other), Goal::AtMost(1.0 / 3.0)),
    ];

    let mut text = String::from("# Benchmarks\n\nWritten by `cargo xtask bench`.\n\n");
    let _ = writeln!(
        text,
        "{}, {} cores; {}; Python {}; commit {}.\n",
        machine(),
        std::thread::available_parallelism().map_or(1, usize::from),
        rustc(),
        python.full,
        tools::commit(),
    );
    let _ = writeln!(
        text,
        "The heap is {orders} orders made by `xtask/bench/heap.py`: {objects:.0} objects in the dump, \
         {other_objects:.0} in coredumpy's\n(depth 1000 in place of its 10, no search for secrets). \
         Each measurement is a process of its own, the sides take turns, and\nbuilding the heap is not measured. \
         coredumpy and crashsite write a file; pickle.dumps stays in memory.\n"
    );
    text.push_str("| what | median | lowest – highest |\n|---|---|---|\n");
    for series in [&capture, &other, &dumps, &load, &loads, &inflate, &bt, &bt_small] {
        let _ = writeln!(text, "{}", series.row());
    }
    let _ = writeln!(text, "\n| capture | extra peak memory | file |\n|---|---|---|");
    for (series, file) in [(&capture, "heap.dump"), (&other, "coredumpy.dump"), (&dumps, "heap.pickle")] {
        let _ = writeln!(text, "| {} | {:.0} MiB | {:.1} MB |", series.name, mebi(series), bytes(file)? / 1e6);
    }
    let _ = writeln!(text, "\nObjects a second, captured: {:.0}.\n", objects / capture.time());
    text.push_str("| target | wanted | here | met |\n|---|---|---|---|\n");
    for (name, value, goal) in &targets {
        let met = if goal.met(*value) { "yes" } else { "**no**" };
        let _ = writeln!(text, "| {name} | {} | {value:.2} | {met} |", goal.shown());
    }
    println!("\n{text}");
    if !quick {
        std::fs::write(tools::root().join("docs/benchmarks.md"), &text)?;
    }
    Ok(true)
}

enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn met(&self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= *least,
            Self::AtMost(most) => value <= *most,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMost(most) if *most < 1.0 => format!("≤ {most:.2}"),
            Self::AtMost(most) => format!("≤ {most}"),
        }
    }
}

fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find(|line| line.starts_with("model name"));
    model
        .and_then(|line| line.split_once(": "))
        .map_or_else(|| std::env::consts::ARCH.to_owned(), |pair| pair.1.to_owned())
}

fn rustc() -> String {
    let output = tools::capture(Command::new("rustc").arg("--version"), Duration::from_secs(20));
    output.map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
}

/// `xtask inflate FILE`, of the release build: the seconds that decompressing every part of a dump takes, and nothing
/// else. It finds the parts by their gzip magic, of which a dump has one after every part's empty line.
pub(crate) fn inflate(path: &Path) -> Result<()> {
    let data = std::fs::read(path)?;
    let magic = b"\r\n\r\n\x1f\x8b\x08";
    let starts: Vec<usize> =
        data.windows(magic.len()).enumerate().filter(|(_, bytes)| bytes == magic).map(|(at, _)| at + 4).collect();
    let mut buffer = vec![0_u8; 1 << 20];
    let mut total = 0;
    let start = Instant::now();
    for at in starts {
        let mut stream = flate2::read::GzDecoder::new(data.get(at..).unwrap_or_default());
        loop {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) => total += count,
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    if total == 0 {
        bail!("{} holds no part", path.display());
    }
    println!("{seconds}");
    Ok(())
}
