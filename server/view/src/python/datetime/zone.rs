//! Time zones.

use super::super::Raised;
use super::{TimeDelta, needs_code};

/// What `tzinfo` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// `datetime.timezone.utc`.
    Utc,
    /// `datetime.timezone(offset, name)`.
    Fixed {
        /// Less than a day either way.
        offset: TimeDelta,
        /// What it was given as its name.
        name: Option<String>,
    },
    /// Any other, of which this is the repr.
    Opaque(String),
}

impl Zone {
    /// `timezone(offset, name)`.
    pub fn new(offset: TimeDelta, name: Option<String>) -> Result<Zone, Raised> {
        if offset.micros().abs() >= 86_400_000_000 {
            return Err(Raised::new(
                "ValueError",
                format!(
                    "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {}.",
                    offset.repr(false)
                ),
            ));
        }
        Ok(if offset.truth() || name.is_some() { Zone::Fixed { offset, name } } else { Zone::Utc })
    }

    /// `utcoffset(…)`.
    pub fn offset(&self) -> Result<TimeDelta, Raised> {
        match self {
            Zone::Utc => Ok(TimeDelta::of_days(0)),
            Zone::Fixed { offset, .. } => Ok(*offset),
            Zone::Opaque(text) => Err(needs_code(text)),
        }
    }

    /// `dst(…)`: None of a fixed offset.
    pub fn dst(&self) -> Result<Option<TimeDelta>, Raised> {
        self.offset().map(|_| None)
    }

    /// `tzname(…)`, which is also `str(zone)`.
    pub fn name(&self) -> Result<String, Raised> {
        match self {
            Zone::Utc => Ok("UTC".to_owned()),
            Zone::Fixed { name: Some(name), .. } => Ok(name.clone()),
            Zone::Fixed { offset, .. } => Ok(format!("UTC{}", offset_text(offset, ":"))),
            Zone::Opaque(text) => Err(needs_code(text)),
        }
    }

    /// `repr(zone)`; the old form of durations before 3.7.
    pub fn repr(&self, old: bool) -> String {
        match self {
            Zone::Utc => "datetime.timezone.utc".to_owned(),
            Zone::Fixed { offset, name: None } => format!("datetime.timezone({})", offset.repr(old)),
            Zone::Fixed { offset, name: Some(name) } => {
                format!(
                    "datetime.timezone({}, {})",
                    offset.repr(old),
                    crate::repr::text_repr(name.as_bytes(), usize::MAX)
                )
            }
            Zone::Opaque(text) => text.clone(),
        }
    }
}

/// `+02:00`, with seconds and microseconds where there are any.
pub(super) fn offset_text(offset: &TimeDelta, between: &str) -> String {
    let micros = offset.micros();
    let sign = if micros < 0 { '-' } else { '+' };
    let (seconds, rest) = (micros.abs() / 1_000_000, micros.abs() % 1_000_000);
    let mut text = format!("{sign}{:02}{between}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 || rest != 0 {
        text.push_str(&format!("{between}{:02}", seconds % 60));
    }
    if rest != 0 {
        text.push_str(&format!(".{rest:06}"));
    }
    text
}
