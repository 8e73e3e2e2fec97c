/** The exception, and those that it came from. */

import type { Chained, Exception, StackFrame } from "../src/answers";
import { where } from "../src/text";
import { button, element } from "./dom";

/** Frames of an exception that are shown. */
const MOST_FRAMES = 100;
/** Exceptions that are shown. */
const MOST = 200;

/** Opens a line of a source. */
type Open = (name: string, line: number | null) => void;

/** The sections of an exception and of all that it came from. */
export function exceptionSections(raised: Chained, open: Open): HTMLElement[] {
  const sections: HTMLElement[] = [];
  let left = MOST;
  const add = (chained: Chained | null, relation: string) => {
    if (chained === null || left === 0) {
      return;
    }
    left -= 1;
    if ("seen" in chained) {
      sections.push(element("p", "exception", `${relation}: an exception shown above`));
      return;
    }
    sections.push(section(chained, relation, open));
    add(chained.cause, "caused by");
    if (!chained.suppress_context) {
      add(chained.context, "while handling");
    }
    chained.group.forEach((member, index) => {
      add(member, `member ${index + 1} of the group`);
    });
  };
  add(raised, "");
  if (left === 0) {
    sections.push(element("p", "exception", "More exceptions are not shown."));
  }
  return sections;
}

function section(exception: Exception, relation: string, open: Open): HTMLElement {
  const { module, qualname, message, notes, frames = [] } = exception;
  const builtin = ["", "builtins", "exceptions"].includes(module);
  const name = element("span", "exception-name", builtin ? qualname : `${module}.${qualname}`);
  const said = message === "" ? [name] : [name, ": ", element("span", "exception-message", message)];
  const made =
    relation === ""
      ? element("section", "exception", element("h1", "", ...said))
      : element("section", "exception chained", element("h2", "", element("span", "relation", relation), " ", ...said));
  made.append(...notes.map((note) => element("p", "note", note)));
  if (frames.length > 0) {
    made.append(traceback(frames, open));
  }
  return made;
}

function traceback(frames: readonly StackFrame[], open: Open): HTMLElement {
  const list = element("ol", "traceback");
  for (const frame of frames.slice(0, MOST_FRAMES)) {
    const place = button("place", where(frame), () => {
      open(frame.file, frame.line);
    });
    list.append(element("li", "", element("span", "name", frame.qualname ?? frame.function), place));
  }
  if (frames.length > MOST_FRAMES) {
    list.append(element("li", "fact", `… ${frames.length - MOST_FRAMES} more`));
  }
  const count = frames.length === 1 ? "1 frame" : `${frames.length} frames`;
  return element("details", "", element("summary", "", count), list);
}
