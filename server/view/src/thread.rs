//! Which thread and which frame a question means.

use crashsite_model::{Dump, Frame, Thread};

/// No such thread or frame.
#[derive(Debug, Clone)]
pub struct NoSuch {
    /// What is not there.
    pub message: String,
    /// What there is.
    pub remedy: String,
}

/// Where a question is asked: a frame of a thread.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The thread's position, from 0.
    pub position: usize,
    /// The thread.
    pub thread: &'a Thread,
    /// The frame's number, 0 the innermost.
    pub number: usize,
    /// The frame.
    pub frame: &'a Frame,
}

impl<'a> Place<'a> {
    /// The frame of this number of the thread in this position.
    ///
    /// # Errors
    /// Where the thread has no such frame.
    pub fn new(dump: &'a Dump, position: usize, thread: &'a Thread, number: usize) -> Result<Place<'a>, NoSuch> {
        match thread.frames.get(number).and_then(|index| dump.frames.get(*index)) {
            Some(frame) => Ok(Place { position, thread, number, frame }),
            None => Err(NoSuch {
                message: format!("no frame {number}"),
                remedy: match thread.frames.len() {
                    0 => "The thread has no frames.".to_owned(),
                    count => format!("The thread has frames 0 to {}; 0 is the innermost.", count - 1),
                },
            }),
        }
    }

    /// Another frame of the same thread.
    ///
    /// # Errors
    /// Where the thread has no such frame.
    pub fn other(self, dump: &'a Dump, number: usize) -> Result<Place<'a>, NoSuch> {
        Place::new(dump, self.position, self.thread, number)
    }
}

/// The place that a thread's name ([`find`]) and a frame's number mean.
///
/// # Errors
/// Where there is no such thread or frame.
pub fn place<'a>(dump: &'a Dump, text: Option<&str>, number: usize) -> Result<Place<'a>, NoSuch> {
    let (position, thread) = find(dump, text)?;
    Place::new(dump, position, thread, number)
}

/// The thread that a text names: its position from 1, `id:…`, or its name. Without a text, the first.
pub fn find<'a>(dump: &'a Dump, text: Option<&str>) -> Result<(usize, &'a Thread), NoSuch> {
    let found = match text {
        None => 0,
        Some(text) => {
            let by_id = text.strip_prefix("id:").map(|id| {
                let id =
                    id.strip_prefix("0x").map_or_else(|| id.parse().ok(), |hex| i128::from_str_radix(hex, 16).ok());
                dump.threads.iter().position(|thread| id.is_some() && thread.id == id)
            });
            let by_name = || dump.threads.iter().position(|thread| thread.name.as_deref() == Some(text));
            let by_position = text.parse::<usize>().ok().map(|position| position.checked_sub(1));
            match by_id {
                Some(found) => found,
                None => by_position.unwrap_or_else(by_name),
            }
            .unwrap_or(usize::MAX)
        }
    };
    match dump.threads.get(found) {
        Some(thread) => Ok((found, thread)),
        None if dump.threads.is_empty() => Err(NoSuch {
            message: "the dump has no threads".to_owned(),
            remedy: "It was taken without them, or the beginning of the file is damaged: see `crashsite info`."
                .to_owned(),
        }),
        None => Err(NoSuch {
            message: format!("no thread {}", text.unwrap_or_default()),
            remedy: format!(
                "There are threads 1 to {}: `crashsite threads` shows them. A thread is named by its position, its name, or id:N.",
                dump.threads.len()
            ),
        }),
    }
}
