/** Questions to the extension, and their answers. */

import type { Backtrace, Child, Place, Variable } from "../src/answers";
import type { Answer, FromPage, ToPage } from "../src/messages";

const host = acquireVsCodeApi();

/** Tells the extension something. */
export function tell(message: FromPage): void {
  host.postMessage(message);
}

interface Waiting {
  readonly take: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
let latest = 0;

function ask(question: (id: number) => FromPage): Promise<Answer> {
  latest += 1;
  const id = latest;
  return new Promise((take, fail) => {
    waiting.set(id, { take, fail });
    tell(question(id));
  });
}

/** Gives an answer to who waits for it. */
export function settle(message: Extract<ToPage, { id: number }>): void {
  const who = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.type === "answer") {
    who?.take(message.answer);
  } else {
    who?.fail(new Error(message.message));
  }
}

export async function children(object: number, offset: number): Promise<readonly Child[]> {
  return (await ask((id) => ({ type: "children", id, object, offset }))) as readonly Child[];
}

export async function locals(place: Place): Promise<readonly Variable[]> {
  return (await ask((id) => ({ type: "locals", id, place }))) as readonly Variable[];
}

export async function everything(): Promise<Backtrace> {
  return (await ask((id) => ({ type: "everything", id }))) as Backtrace;
}
