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

/// The frame of that number of a thread, 0 the innermost.
pub fn frame<'a>(dump: &'a Dump, thread: &Thread, number: usize) -> Result<&'a Frame, NoSuch> {
    thread.frames.get(number).and_then(|index| dump.frames.get(*index)).ok_or_else(|| NoSuch {
        message: format!("no frame {number}"),
        remedy: match thread.frames.len() {
            0 => "The thread has no frames.".to_owned(),
            count => format!("The thread has frames 0 to {}; 0 is the innermost.", count - 1),
        },
    })
}
