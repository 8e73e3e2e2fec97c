/** Texts of a dump as a person can trust them. */

import type { OpenDump, StackFrame, Thread } from "./answers";

/** Characters that are not seen, or that turn others around, as escapes; ends of lines and tabs stay. */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** The name of a file without its folders, whichever way they are parted. */
export function fileName(path: string): string {
  return visible(path.split(/[\\/]/).at(-1) ?? path);
}

/** `pricing.py:81` */
export function where(frame: StackFrame): string {
  return frame.line === null ? fileName(frame.file) : `${fileName(frame.file)}:${frame.line}`;
}

/** What a thread is called. */
export function threadName(thread: Thread, position: number): string {
  return visible(thread.name ?? `${thread.kind} ${position}`);
}

/** What a dump is called. */
export function dumpName(dump: OpenDump): string {
  return visible(dump.exception ?? dump.error ?? fileName(dump.path));
}
