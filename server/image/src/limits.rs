//! What an image may take.

/// Bounds of an image. Past them a value is shown in one line, and not laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Frames of all stacks.
    pub frames: usize,
    /// Local variables of all frames.
    pub variables: usize,
    /// Steps from a frame's local to an object that is laid out.
    pub distance: usize,
    /// Members and elements of all objects that are laid out.
    pub members: usize,
    /// Elements, or members, of one object.
    pub elements: usize,
    /// Bytes of one text; gdb itself shows no value of more than 64 KiB unless it is told to.
    pub value_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            frames: 50_000,
            variables: 200_000,
            distance: 32,
            members: 50_000,
            elements: 4_000,
            value_bytes: 32 << 10,
        }
    }
}
