/** What the dump tells of the cause, each line with the place that it is about. */

import type { Explanation, Finding, Spot, Subject, Thread } from "../src/answers";
import { fileName } from "../src/text";
import { button, element } from "./dom";
import type { Asks } from "./items";

/** Findings that are shown. */
const MOST = 20;

/** What a place leads to: its frame, or a line of its source. */
type Lead = (at: Spot) => void;

/** The section; nothing where nothing is known. */
export function whySection(
  explanation: Explanation,
  threads: readonly Thread[],
  asks: Asks,
  open: (name: string, line: number | null) => void,
): HTMLElement[] {
  const findings = explanation.findings.slice(0, MOST);
  if (findings.length === 0) {
    return [];
  }
  const lead = (at: Spot) => {
    const { thread, frame, line } = at;
    const called = threads[(thread ?? 0) - 1]?.frames[frame ?? -1];
    // Another line of a function than the one that it is at is shown in the source.
    if (thread !== null && frame !== null && called?.line === line) {
      asks.select(thread, frame);
    } else {
      open(at.file, line);
    }
  };
  return [element("section", "why", element("h2", "", "Why"), ...findings.map((finding) => shown(finding, lead)))];
}

function shown(finding: Finding, lead: Lead): HTMLElement {
  const line = (says: string, at: Spot | null, object: Subject | null) => {
    const parts: (Node | string)[] = says === "" ? [] : [element("span", "says", says)];
    if (object !== null) {
      parts.push(element("code", "", `${object.expression} = ${object.repr}`));
    }
    if (at !== null) {
      const line = at.line === null ? "" : `:${at.line}`;
      parts.push(
        button("place", `${fileName(at.file)}${line} ${at.function}`, () => {
          lead(at);
        }),
      );
    }
    return element("li", "", ...parts);
  };
  const { exception } = finding;
  const of =
    exception === null || exception.relation === "crash"
      ? []
      : [element("p", "relation", `${exception.relation}: ${exception.type}: ${exception.message}`)];
  return element(
    "div",
    "finding",
    ...of,
    element("p", "cause", finding.says),
    element(
      "ul",
      "evidence",
      line("", finding.at, finding.object),
      ...finding.evidence.map(({ says, at, object }) => line(says, at, object)),
    ),
  );
}
