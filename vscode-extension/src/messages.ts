/** What the page of a dump and the extension tell each other. */

import type { Backtrace, Child, Explanation, Place, Source, Variable } from "./answers";

/** From the extension. */
export type ToPage =
  | { readonly type: "show"; readonly title: string; readonly backtrace: Backtrace; readonly sources: readonly Source[] }
  | { readonly type: "explained"; readonly explanation: Explanation }
  /** The frame that is looked at; `reveal` brings it into sight. */
  | { readonly type: "selected"; readonly place: Place; readonly reveal: boolean }
  | { readonly type: "failed"; readonly message: string; readonly missing: boolean }
  | { readonly type: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly type: "refused"; readonly id: number; readonly message: string };

/** What a question of the page is answered by. */
export type Answer = Backtrace | readonly Child[] | readonly Variable[];

/** From the page. A question has a number, which its answer has too. */
export type FromPage =
  | { readonly type: "ready" }
  | { readonly type: "debug" }
  | { readonly type: "openAtCrash" }
  | { readonly type: "copyGdbCommand" }
  | { readonly type: "openSettings" }
  | { readonly type: "select"; readonly place: Place }
  | { readonly type: "source"; readonly name: string; readonly line: number | null }
  | { readonly type: "children"; readonly id: number; readonly object: number; readonly offset: number }
  | { readonly type: "locals"; readonly id: number; readonly place: Place }
  /** All frames with their locals, to be searched. */
  | { readonly type: "everything"; readonly id: number };
