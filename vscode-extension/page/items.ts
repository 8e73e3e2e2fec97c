/** The rows of the tree: threads, frames, locals, and what is in them. */

import type { Child, StackFrame, Thread, Value, Variable } from "../src/answers";
import { threadName, where } from "../src/text";

/** A part of a row's text, and how it is shown. */
export interface Part {
  readonly text: string;
  readonly look: "name" | "value" | "type" | "fact" | "place";
}

export interface Item {
  /** What it is of, for those that are looked for. */
  readonly key?: string;
  readonly parts: readonly Part[];
  /** What is below it, as far as it is known. */
  below?: Item[];
  /** Asks for what is below it. */
  readonly load?: () => Promise<Item[]>;
  /** What happens on Enter. */
  readonly act?: () => void;
  /** A row that stands for those that follow, and is replaced by them. */
  readonly more?: boolean;
  readonly library?: boolean;
}

/** What rows ask for. */
export interface Asks {
  children(object: number, offset: number): Promise<readonly Child[]>;
  /** The locals of a frame. */
  locals(thread: number, frame: number): Promise<readonly Variable[]>;
  select(thread: number, frame: number): void;
}

export function threadItems(threads: readonly Thread[], asks: Asks): Item[] {
  return threads.map((thread, index) => {
    const position = index + 1;
    const facts = [thread.crashed ? "crashed" : "", thread.frames.length === 1 ? "1 frame" : `${thread.frames.length} frames`];
    return {
      key: threadKey(position),
      parts: [
        { text: threadName(thread, position), look: "name" },
        { text: facts.filter((fact) => fact !== "").join(", "), look: "fact" },
      ],
      below: thread.frames.map((frame) => frameItem(frame, position, asks)),
    };
  });
}

export function threadKey(thread: number): string {
  return `thread ${thread}`;
}

export function frameKey(thread: number, frame: number): string {
  return `frame ${thread} ${frame}`;
}

function frameItem(frame: StackFrame, thread: number, asks: Asks): Item {
  return {
    key: frameKey(thread, frame.index),
    parts: [
      { text: String(frame.index), look: "fact" },
      { text: frame.qualname ?? frame.function, look: "name" },
      { text: where(frame), look: "place" },
    ],
    library: frame.library,
    load: async () => localItems(await asks.locals(thread, frame.index), asks),
    act: () => {
      asks.select(thread, frame.index);
    },
  };
}

/** The locals of a frame. */
export function localItems(locals: readonly Variable[], asks: Asks): Item[] {
  if (locals.length === 0) {
    return [{ parts: [{ text: "no locals", look: "fact" }] }];
  }
  return locals.map((variable) => valueItem([{ text: variable.name, look: "name" }], variable, asks));
}

function valueItem(name: readonly Part[], value: Value, asks: Asks): Item {
  const parts: Part[] = [...name, { text: typeName(value), look: "type" }, { text: value.repr, look: "value" }];
  const remark = remarkOf(value);
  if (remark !== "") {
    parts.push({ text: remark, look: "fact" });
  }
  const { id, children_count: count } = value;
  return id === null || count === 0 ? { parts } : { parts, load: () => childItems(id, 0, count, asks) };
}

async function childItems(object: number, offset: number, count: number, asks: Asks): Promise<Item[]> {
  const children = await asks.children(object, offset);
  const items = children.map((child) => valueItem([{ text: childName(child), look: "name" }], child, asks));
  const next = offset + children.length;
  if (children.length > 0 && next < count) {
    const text = `… ${count - next} more`;
    items.push({ parts: [{ text, look: "fact" }], more: true, load: () => childItems(object, next, count, asks) });
  }
  return items;
}

function childName(child: Child): string {
  return child.name ?? child.key?.repr ?? (child.index === undefined ? "" : `[${child.index}]`);
}

function typeName(value: Value): string {
  const builtin = ["", "builtins", "__builtin__", "exceptions"].includes(value.module);
  return builtin ? value.type : `${value.module}.${value.type}`;
}

/** What is not as it should be with a value. */
function remarkOf(value: Value): string {
  switch (value.status) {
    case "ok":
      return "";
    case "cut":
      return value.full_length === undefined ? "cut" : `cut: ${value.full_length} long`;
    case "redacted":
      return "left out by a rule";
    case "missing":
      return "not in the dump";
    case "changed":
      return "changed while it was read";
  }
}
