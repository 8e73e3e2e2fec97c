//! `datetime`: dates, times and durations. Time zones are fixed offsets; of any other only its repr is known, and what
//! would ask it is refused as `NeedsCode`.

mod date;
mod delta;
mod iso;
mod moment;
mod read;
mod strftime;
mod time;
mod zone;

pub use date::Date;
pub use delta::{Amount, TimeDelta};
pub use moment::DateTime;
pub use read::{Temporal, from_repr};
pub use strftime::strftime;
pub use time::{Time, TimeSpec};
pub use zone::Zone;

use super::Raised;

/// What `replace(…)` is given; what is None stays.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Fields {
    pub year: Option<i64>,
    pub month: Option<i64>,
    pub day: Option<i64>,
    pub hour: Option<i64>,
    pub minute: Option<i64>,
    pub second: Option<i64>,
    pub microsecond: Option<i64>,
    pub fold: Option<i64>,
    /// `tzinfo=None` is `Some(None)`.
    pub tzinfo: Option<Option<Zone>>,
}

fn needs_code(what: &str) -> Raised {
    Raised::new("NeedsCode", what)
}

fn out_of_range() -> Raised {
    Raised::new("OverflowError", "date value out of range")
}
