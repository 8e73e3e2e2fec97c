/** The page of a dump. It holds what the extension sent, and asks for more when a row is opened. */

import type { Backtrace, Explanation, Source } from "../src/answers";
import type { ToPage } from "../src/messages";
import { button, element } from "./dom";
import { exceptionSections } from "./exceptions";
import { frameKey, localItems, threadItems, threadKey, type Asks, type Item } from "./items";
import { everything, children, locals, settle, tell } from "./questions";
import { Tree } from "./tree";
import { whySection } from "./why";

const asks: Asks = {
  children,
  locals: (thread, frame) => locals({ thread, frame }),
  select: (thread, frame) => {
    tell({ type: "select", place: { thread, frame } });
  },
};
const openSource = (name: string, line: number | null) => {
  tell({ type: "source", name, line });
};

/** Frames whose locals are all asked for to be searched; of more, those that are open. */
const MOST_SEARCHED = 2000;

/** What is shown now, and whether its locals are all there to be searched. */
class View {
  private readonly tree = new Tree("Threads, frames and variables");
  private readonly search = element("input", "search");
  private readonly status = element("p", "status");
  /** What is known of the cause, which comes later. */
  private readonly why = element("div", "");
  private readonly items: Item[];
  private complete: Promise<void> | undefined;
  private opened = false;
  private readonly searchable: boolean;

  constructor(
    title: string,
    private readonly backtrace: Backtrace,
    sources: readonly Source[],
  ) {
    this.items = threadItems(backtrace.threads, asks);
    this.searchable = backtrace.threads.reduce((sum, thread) => sum + thread.frames.length, 0) <= MOST_SEARCHED;
    this.tree.set(this.items);
    this.search.type = "search";
    this.search.placeholder = "Search frames, variables and values";
    this.search.setAttribute("aria-label", this.search.placeholder);
    this.search.addEventListener("input", () => void this.find());
    this.status.setAttribute("role", "status");
    document.querySelector("main")?.replaceChildren(
      ...(backtrace.exception === null
        ? [element("h1", "", `${title}: no exception`)]
        : exceptionSections(backtrace.exception, openSource)),
      this.why,
      facts(title, backtrace),
      ...problems(backtrace),
      element(
        "div",
        "buttons",
        button("primary", "Debug", () => {
          tell({ type: "debug" });
        }),
        button("secondary", "Open at crash", () => {
          tell({ type: "openAtCrash" });
        }),
        button("secondary", "Copy gdb command", () => {
          tell({ type: "copyGdbCommand" });
        }),
      ),
      element("div", "searching", this.search, this.status),
      this.tree.element,
      ...sourceList(sources),
    );
  }

  explain(explanation: Explanation): void {
    this.why.replaceChildren(...whySection(explanation, this.backtrace.threads, asks, openSource));
  }

  select(thread: number, frame: number, reveal: boolean): void {
    this.tree.mark(frameKey(thread, frame));
    if (reveal || !this.opened) {
      this.opened = true;
      this.tree.reveal([threadKey(thread), frameKey(thread, frame)], reveal);
    }
  }

  private async find(): Promise<void> {
    const { value } = this.search;
    if (value !== "" && this.searchable) {
      this.complete ??= this.completeLocals();
      await this.complete;
    }
    if (value !== this.search.value) {
      return;
    }
    const result = this.tree.find(value);
    const left = this.searchable ? "" : ` in what is open: there are more than ${MOST_SEARCHED} frames`;
    this.status.textContent =
      result === undefined ? "" : `${result.all ? `${result.found} found` : `the first ${result.found}`}${left}`;
  }

  /** Has the locals of all frames asked for: what is not there is not found. */
  private async completeLocals(): Promise<void> {
    this.status.textContent = "reading…";
    try {
      const { threads } = await everything();
      threads.forEach((thread, index) => {
        const frames = this.items[index]?.below ?? [];
        thread.frames.forEach((frame, number) => {
          const item = frames[number];
          if (item !== undefined) {
            item.below ??= localItems(frame.locals ?? [], asks);
          }
        });
      });
    } catch {
      this.complete = undefined;
    }
  }
}

/** Where the dump is from. */
function facts(title: string, { dump }: Backtrace): HTMLElement {
  const python = dump.python === null ? [] : [`Python ${dump.python}`];
  const pid = dump.pid === null ? [] : [`process ${dump.pid}`];
  const time = dump.time === null ? [] : [dump.time.replace("T", " ").replace(/\.\d+/, "")];
  const whole = dump.complete ? [] : ["not complete"];
  return element("p", "facts", [title, ...python, ...pid, ...time, ...whole].join(" · "));
}

/** What could not be captured or read. */
function problems({ dump }: Backtrace): HTMLElement[] {
  if (dump.problems.length === 0) {
    return [];
  }
  const list = element("ul", "", ...dump.problems.slice(0, 100).map((problem) => element("li", "", problem.message)));
  const count = dump.problems.length === 1 ? "1 problem" : `${dump.problems.length} problems`;
  return [element("details", "problems", element("summary", "", count), list)];
}

function sourceList(sources: readonly Source[]): HTMLElement[] {
  if (sources.length === 0) {
    return [];
  }
  const rows = sources.map((source) =>
    element("li", "", button("place", source.name, () => {
      openSource(source.name, null);
    })),
  );
  return [element("h2", "", "Sources in the dump"), element("ul", "sources", ...rows)];
}

let view: View | undefined;

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  const message = event.data;
  switch (message.type) {
    case "show":
      view = new View(message.title, message.backtrace, message.sources);
      break;
    case "explained":
      view?.explain(message.explanation);
      break;
    case "selected":
      view?.select(message.place.thread, message.place.frame, message.reveal);
      break;
    case "failed": {
      const settings = button("primary", "Open Settings", () => {
        tell({ type: "openSettings" });
      });
      const what = element("p", "failed", message.message);
      document.querySelector("main")?.replaceChildren(what, ...(message.missing ? [settings] : []));
      break;
    }
    case "answer":
    case "refused":
      settle(message);
  }
});
tell({ type: "ready" });
