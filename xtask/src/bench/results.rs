//! What was measured, and what is made of the numbers.

/// The same thing measured again and again.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    /// Each run's seconds.
    pub(super) seconds: Vec<f64>,
    /// Each run's bytes of memory; fewer where they were not asked for.
    pub(super) memory: Vec<f64>,
}

impl Series {
    pub(super) fn add(&mut self, (seconds, memory): (f64, Option<f64>)) {
        self.seconds.push(seconds);
        self.memory.extend(memory);
    }

    pub(super) fn time(&self) -> f64 {
        median(&self.seconds)
    }

    /// The fastest and the slowest.
    pub(super) fn range(&self) -> (f64, f64) {
        let low = self.seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.seconds.iter().copied().fold(0.0, f64::max);
        (low, high)
    }

    pub(super) fn peak(&self) -> f64 {
        median(&self.memory)
    }
}

/// The value in the middle, or between the two there; of none, not a number.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.get(sorted.len().saturating_sub(1) / 2), sorted.get(sorted.len() / 2)) {
        (Some(low), Some(high)) => (low + high) / 2.0,
        _ => f64::NAN,
    }
}

/// One tool: saving the crash, and loading what it saved.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    /// What peers.py and the file are called.
    pub(super) tool: &'static str,
    /// What a person calls it.
    pub(super) name: &'static str,
    pub(super) save: Series,
    pub(super) load: Series,
    /// Bytes of its file.
    pub(super) file: f64,
}

impl Peer {
    pub(super) fn new(tool: &'static str, name: &'static str) -> Self {
        Self { tool, name, save: Series::default(), load: Series::default(), file: f64::NAN }
    }
}

/// A dump of pyheapdump, read by others than pyheapdump.
#[derive(Debug, Clone)]
pub(super) struct Old {
    /// `bt --all --locals`; none where the binary does not open it.
    pub(super) answer: Option<Series>,
    /// CPython's unpickler in C.
    pub(super) unpickler: Series,
}

/// All of a run.
#[derive(Debug, Clone)]
pub(super) struct Results {
    /// Where and with what it ran.
    pub(super) setting: String,
    pub(super) orders: usize,
    /// Objects in the dump of crashsite.
    pub(super) objects: f64,
    /// Every tool that could run, crashsite first.
    pub(super) peers: Vec<Peer>,
    /// Decompression of the dump of crashsite.
    pub(super) inflate: Series,
    /// `bt --locals` of the heap.
    pub(super) first: Series,
    /// `bt --locals` of a thousand objects.
    pub(super) first_small: Series,
    /// A sum over all orders.
    pub(super) sum: Series,
    /// A question to every object.
    pub(super) find: Series,
    /// The dump of pyheapdump, or why there is none.
    pub(super) old: Result<Old, String>,
}

impl Results {
    /// A number of one tool; of a tool that could not run, not a number.
    pub(super) fn of(&self, tool: &str, number: impl Fn(&Peer) -> f64) -> f64 {
        self.peers.iter().find(|peer| peer.tool == tool).map_or(f64::NAN, number)
    }
}

/// What a number should be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    /// A number that is not one meets nothing.
    pub(super) fn met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }

    pub(super) fn shown(self) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMost(most) if most < 1.0 => format!("≤ {most:.2}"),
            Self::AtMost(most) => format!("≤ {most}"),
        }
    }
}
