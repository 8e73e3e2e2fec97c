/** Elements with texts. Texts are set as texts: what a dump holds never becomes markup. */

import { visible } from "../src/text";

/** An element with a class and what is in it: other elements, and texts. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name !== "") {
    made.className = name;
  }
  made.append(...content.map((part) => (typeof part === "string" ? visible(part) : part)));
  return made;
}

/** A button. */
export function button(name: string, text: string, press: () => void): HTMLButtonElement {
  const made = element("button", name, text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}
