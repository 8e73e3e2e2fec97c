//! The budgets of reading, as flags.

use clap::Args;
use crashsite_image as image;
use crashsite_model::Limits;
use crashsite_view::eval;

/// One flag per field of [`Limits`]; what is not given keeps its default.
#[derive(Debug, Args)]
pub(crate) struct LimitFlags {
    /// Bytes of one part as it is stored [default: 1G]
    #[arg(long, global = true, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_part: Option<u64>,
    /// Bytes of one part after decompression [default: 256M]
    #[arg(long, global = true, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_inflated: Option<u64>,
    /// Bytes of all parts that are open at once, after decompression [default: 2G]
    #[arg(long, global = true, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_total: Option<u64>,
    /// Marks open at once in a pickle
    #[arg(long, global = true, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_depth: Option<u64>,
    /// Opcodes of one pickle
    #[arg(long, global = true, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_opcodes: Option<u64>,
    /// Values in one pickle
    #[arg(long, global = true, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_values: Option<u64>,
    /// References between values in one pickle
    #[arg(long, global = true, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_references: Option<u64>,
    /// Memo entries of one pickle
    #[arg(long, global = true, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_memo: Option<u64>,
    /// Stack entries of one pickle
    #[arg(long, global = true, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_stack: Option<u64>,
    /// Parts of the file
    #[arg(long, global = true, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_parts: Option<u64>,
    /// Bytes of one block of headers
    #[arg(long, global = true, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_headers: Option<u64>,
    /// Bytes of text in one pickle that had to be unescaped
    #[arg(long, global = true, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_text: Option<u64>,
    /// Bytes of a sealed dump, once it is decrypted [default: 1G]
    #[arg(long, global = true, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_unsealed: Option<u64>,
}

impl LimitFlags {
    /// The defaults, with what was given in their place.
    pub(crate) fn limits(&self) -> Limits {
        self.over(Limits::default())
    }

    /// Others, with what was given in their place.
    pub(crate) fn over(&self, mut limits: Limits) -> Limits {
        macro_rules! take {
            ($($name:ident),*) => { $(if let Some(value) = self.$name {
                limits.$name = value.try_into().unwrap_or(limits.$name);
            })* };
        }
        take!(
            max_part,
            max_inflated,
            max_total,
            max_depth,
            max_opcodes,
            max_values,
            max_references,
            max_memo,
            max_stack,
            max_parts,
            max_headers,
            max_text,
            max_unsealed
        );
        limits
    }
}

/// What an expression may take, as flags.
#[derive(Debug, Args)]
pub(crate) struct EffortFlags {
    /// Steps of the evaluation [default: 50000000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_steps: Option<u64>,
    /// Bytes of the values that the expression makes [default: 64M]
    #[arg(long, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_memory: Option<u64>,
    /// How long the evaluation may take [default: 900]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_milliseconds: Option<u64>,
}

impl EffortFlags {
    /// The defaults, with what was given in their place.
    pub(crate) fn limits(&self) -> eval::Limits {
        self.over(eval::Limits::default())
    }

    /// Others, with what was given in their place.
    pub(crate) fn over(&self, limits: eval::Limits) -> eval::Limits {
        eval::Limits {
            steps: self.max_steps.unwrap_or(limits.steps),
            memory: self.max_memory.unwrap_or(limits.memory),
            milliseconds: self.max_milliseconds.unwrap_or(limits.milliseconds),
        }
    }
}

/// What a search may take, as flags. Steps and time are those of the whole search, the memory that of one object's turn.
#[derive(Debug, Args)]
pub(crate) struct SearchFlags {
    /// Hits that are shown; the others are counted [default: 1000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, help_heading = "Limits")]
    max_hits: Option<u64>,
    /// Steps of the whole search [default: 4G]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_steps: Option<u64>,
    /// Bytes of the values that the expression makes of one object [default: 64M]
    #[arg(long, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_memory: Option<u64>,
    /// How long the search may take [default: 60000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_milliseconds: Option<u64>,
}

impl SearchFlags {
    /// The defaults, with what was given in their place.
    pub(crate) fn limits(&self) -> eval::Limits {
        eval::Limits {
            steps: self.max_steps.unwrap_or(4 << 30),
            memory: self.max_memory.unwrap_or(eval::Limits::default().memory),
            milliseconds: self.max_milliseconds.unwrap_or(60_000),
        }
    }

    /// How many hits are shown.
    pub(crate) fn hits(&self) -> u64 {
        self.max_hits.unwrap_or(1000)
    }
}

/// What the image for a native debugger may take, as flags.
#[derive(Debug, Args)]
pub(crate) struct ImageFlags {
    /// Frames of all stacks [default: 50000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_frames: Option<u64>,
    /// Local variables of all frames [default: 200000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_variables: Option<u64>,
    /// Steps from a local variable to an object that is laid out [default: 32]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_distance: Option<u64>,
    /// Members and elements of all objects that are laid out [default: 50000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_members: Option<u64>,
    /// Members or elements of one object [default: 4000]
    #[arg(long, value_name = "COUNT", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_elements: Option<u64>,
    /// Bytes of one text [default: 32K]
    #[arg(long, value_name = "BYTES", value_parser = quantity, hide_short_help = true, help_heading = "Limits")]
    max_value_bytes: Option<u64>,
}

impl ImageFlags {
    /// The defaults, with what was given in their place.
    pub(crate) fn limits(&self) -> image::Limits {
        let default = image::Limits::default();
        let or = |given: Option<u64>, default: usize| given.and_then(|given| given.try_into().ok()).unwrap_or(default);
        image::Limits {
            frames: or(self.max_frames, default.frames),
            variables: or(self.max_variables, default.variables),
            distance: or(self.max_distance, default.distance),
            members: or(self.max_members, default.members),
            elements: or(self.max_elements, default.elements),
            value_bytes: or(self.max_value_bytes, default.value_bytes),
        }
    }
}

/// What a server at a port may take, as flags.
#[derive(Debug, Args)]
pub(crate) struct ServerFlags {
    /// Clients that are served at once [default: 16]
    #[arg(long, value_name = "COUNT", value_parser = quantity, requires = "listen", hide_short_help = true, help_heading = "Limits")]
    max_clients: Option<u64>,
}

impl ServerFlags {
    /// How many clients there may be.
    pub(crate) fn clients(&self) -> u64 {
        self.max_clients.unwrap_or(16)
    }
}

/// A number with an optional K, M or G (of 1024).
pub(crate) fn quantity(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (text.get(..at), 1 << 10),
        Some((at, 'm' | 'M')) => (text.get(..at), 1 << 20),
        Some((at, 'g' | 'G')) => (text.get(..at), 1 << 30),
        _ => (Some(text), 1),
    };
    digits
        .and_then(|digits| digits.parse::<u64>().ok())
        .and_then(|number| number.checked_mul(unit))
        .ok_or_else(|| "want a number, K, M or G may follow".to_owned())
}
