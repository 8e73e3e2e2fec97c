/** What the server answers to its commands: docs/lsp.md and docs/answers.md have the fields. */

/** A value as it was captured. */
export interface Value {
  /** Its number in the dump; `null` for what is not in it. */
  readonly id: number | null;
  readonly type: string;
  readonly module: string;
  readonly repr: string;
  readonly size: number | null;
  readonly children_count: number;
  readonly status: "ok" | "cut" | "redacted" | "missing" | "changed";
  readonly full_length?: number;
}

export interface Variable extends Value {
  readonly name: string;
  readonly scope: string;
}

/** An attribute, an element, or a pair. */
export interface Child extends Value {
  readonly name?: string;
  readonly index?: number;
  readonly key?: Value;
}

export interface StackFrame {
  /** 0 is the innermost. */
  readonly index: number;
  readonly function: string;
  readonly qualname: string | null;
  readonly file: string;
  readonly line: number | null;
  readonly library: boolean;
  readonly locals?: readonly Variable[];
}

export interface Thread {
  readonly id: number | null;
  readonly name: string | null;
  readonly kind: string;
  readonly crashed: boolean;
  readonly main: boolean;
  readonly frames: readonly StackFrame[];
}

export interface Exception {
  readonly type: string;
  readonly module: string;
  readonly qualname: string;
  readonly message: string;
  readonly cause: Chained | null;
  readonly context: Chained | null;
  readonly suppress_context: boolean;
  readonly group: readonly Chained[];
  readonly notes: readonly string[];
  readonly frames?: readonly StackFrame[];
}

/** An exception, or the mark that the chain has come back to one. */
export type Chained = Exception | { readonly seen: true };

export interface Backtrace {
  readonly dump: {
    readonly format: string;
    readonly python: string | null;
    readonly pid: number | null;
    readonly time: string | null;
    readonly complete: boolean;
    readonly problems: readonly { readonly offset: number | null; readonly message: string }[];
  };
  readonly exception: Chained | null;
  readonly threads: readonly Thread[];
}

/** A frame of a thread; threads count from 1. */
export interface Place {
  readonly thread: number;
  readonly frame: number;
}

/** A dump that the server has open. */
export interface OpenDump {
  readonly dump: string;
  readonly path: string;
  /** The exception in a line. */
  readonly exception?: string | null;
  readonly selected?: Place | null;
  /** Where the exception is shown. */
  readonly crash?: Place | null;
  /** Why it could not be opened. */
  readonly error?: string;
}

/** What the dump tells of the cause, best first. */
export interface Explanation {
  readonly findings: readonly Finding[];
}

export interface Finding {
  /** `null` where it tells why threads stand still. */
  readonly exception: { readonly type: string; readonly message: string; readonly relation: string } | null;
  readonly says: string;
  readonly at: Spot | null;
  readonly object: Subject | null;
  readonly evidence: readonly Evidence[];
}

/** What supports a finding. */
export interface Evidence {
  readonly says: string;
  readonly at: Spot | null;
  readonly object: Subject | null;
}

/** A line of the program; `thread` and `frame` are of code that is on a stack. */
export interface Spot {
  readonly thread: number | null;
  readonly frame: number | null;
  readonly function: string;
  readonly file: string;
  readonly line: number | null;
}

/** A value, and the expression that gives it. */
export interface Subject extends Value {
  readonly expression: string;
}

/** A file whose text is in the dump. */
export interface Source {
  readonly name: string;
  readonly uri: string;
}
