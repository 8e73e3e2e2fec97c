//! The registers of a stack's innermost frame.

/// The registers that say something; all others are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registers {
    /// `rip`
    pub instruction: u64,
    /// `rsp`
    pub stack: u64,
    /// `rbp`
    pub frame: u64,
}
