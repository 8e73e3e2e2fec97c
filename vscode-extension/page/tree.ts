/** A tree of rows, by the mouse and by the keyboard as ARIA has it for trees. */

import { button, element } from "./dom";
import type { Item } from "./items";

/** Rows below one that are shown at once; a row stands for the others. */
const PAGE = 100;
/** Rows shown of those that are looked for. */
const MOST_FOUND = 500;

interface Row {
  readonly item: Item;
  readonly level: number;
  readonly parent: Item | undefined;
  /** Among its siblings, from 1. */
  readonly position: number;
  readonly siblings: number;
}

export class Tree {
  readonly element = element("div", "tree");
  private items: Item[] = [];
  private rows: Row[] = [];
  private readonly open = new Set<Item>();
  private readonly waiting = new Set<Item>();
  private readonly failures = new Map<Item, string>();
  /** How many below one are shown, where it is more than a page. */
  private readonly shown = new Map<Item, number>();
  private focused: Item | undefined;
  private current: string | undefined;
  private wanted = "";

  constructor(label: string) {
    this.element.setAttribute("role", "tree");
    this.element.setAttribute("aria-label", label);
    this.element.addEventListener("keydown", (event) => {
      this.press(event);
    });
  }

  /** Shows other rows. */
  set(items: Item[]): void {
    this.items = items;
    this.open.clear();
    this.shown.clear();
    this.focused = items[0];
    this.draw();
  }

  /** The row of this key is the one that is looked at. */
  mark(key: string): void {
    this.current = key;
    this.draw();
  }

  /** Opens the rows of these keys, each below the one before; the last comes into sight, and has the focus if it is to. */
  reveal(keys: readonly string[], focus: boolean): void {
    let items = this.items;
    let found: Item | undefined;
    let parent: Item | undefined;
    for (const key of keys) {
      const index = items.findIndex((item) => item.key === key);
      found = items[index];
      if (found === undefined) {
        return;
      }
      if (parent !== undefined && index >= PAGE) {
        this.shown.set(parent, index + PAGE);
      }
      this.expand(found);
      parent = found;
      items = found.below ?? [];
    }
    this.focused = found;
    this.draw();
    const row = this.rowOf(found);
    row?.scrollIntoView({ block: "nearest" });
    if (focus) {
      row?.focus();
    }
  }

  /** Shows of the rows those that have a text in them, with those above; returns how many have it, `undefined` for no text. */
  find(text: string): { found: number; all: boolean } | undefined {
    this.wanted = text.toLowerCase();
    this.draw();
    if (this.wanted === "") {
      return undefined;
    }
    const found = this.rows.filter((row) => this.matches(row.item)).length;
    return { found, all: this.rows.length < MOST_FOUND };
  }

  private matches(item: Item): boolean {
    return item.parts.some((part) => part.text.toLowerCase().includes(this.wanted));
  }

  private list(): Row[] {
    const rows: Row[] = [];
    const add = (items: readonly Item[], level: number, parent: Item | undefined) => {
      items.forEach((item, index) => {
        rows.push({ item, level, parent, position: index + 1, siblings: items.length });
        const below = item.below ?? [];
        if (this.open.has(item) && below.length > 0) {
          add(this.page(item, below), level + 1, item);
        }
      });
    };
    add(this.items, 1, undefined);
    return rows;
  }

  /** The rows below one that are shown. */
  private page(item: Item, below: Item[]): Item[] {
    const shown = this.shown.get(item) ?? PAGE;
    if (below.length <= shown + 1) {
      return below;
    }
    const more: Item = { parts: [{ text: `… ${below.length - shown} more`, look: "fact" }], more: true };
    return [...below.slice(0, shown), more];
  }

  /** Rows that have the text, or one below that has it. */
  private found(): Row[] {
    const rows: Row[] = [];
    const add = (items: readonly Item[], level: number, parent: Item | undefined): boolean => {
      let any = false;
      items.forEach((item, index) => {
        if (rows.length >= MOST_FOUND) {
          return;
        }
        const at = rows.length;
        rows.push({ item, level, parent, position: index + 1, siblings: items.length });
        const below = add(item.below ?? [], level + 1, item);
        if (below || this.matches(item)) {
          any = true;
        } else {
          rows.splice(at);
        }
      });
      return any;
    };
    add(this.items, 1, undefined);
    return rows;
  }

  private draw(): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.rows = this.wanted === "" ? this.list() : this.found();
    if (!this.rows.some((row) => row.item === this.focused)) {
      this.focused = this.rows[0]?.item;
    }
    this.element.replaceChildren(...this.rows.map((row) => this.row(row)));
    if (hadFocus) {
      this.rowOf(this.focused)?.focus();
    }
  }

  private row({ item, level, parent, position, siblings }: Row): HTMLElement {
    const row = element("div", "row");
    const expandable = isExpandable(item);
    const set = (name: string, value: string | number) => {
      row.setAttribute(name, String(value));
    };
    set("role", "treeitem");
    set("aria-level", level);
    set("aria-posinset", position);
    set("aria-setsize", siblings);
    row.style.setProperty("--level", String(level));
    row.tabIndex = item === this.focused ? 0 : -1;
    if (expandable) {
      set("aria-expanded", String(this.isOpen(item)));
    }
    if (item.key !== undefined && item.key === this.current) {
      set("aria-current", "true");
    }
    if (this.waiting.has(item)) {
      set("aria-busy", "true");
    }
    if (item.library === true) {
      row.classList.add("library");
    }
    row.append(element("span", expandable ? "twisty" : "no-twisty"));
    for (const part of item.parts) {
      const { act } = item;
      if (part.look === "place" && act !== undefined) {
        const place = button("place", part.text, act);
        place.tabIndex = -1;
        row.append(place);
      } else {
        row.append(element("span", part.look, part.text));
      }
    }
    const failure = this.failures.get(item);
    if (failure !== undefined) {
      row.append(element("span", "failure", failure));
    }
    row.addEventListener("click", (event) => {
      if (!(event.target instanceof HTMLButtonElement)) {
        this.focused = item;
        this.toggle(item, parent);
        this.rowOf(item)?.focus();
      }
    });
    return row;
  }

  private rowOf(item: Item | undefined): HTMLElement | undefined {
    const index = this.rows.findIndex((row) => row.item === item);
    const row = this.element.children[index];
    return row instanceof HTMLElement ? row : undefined;
  }

  private isOpen(item: Item): boolean {
    return this.wanted === "" ? this.open.has(item) : (item.below ?? []).length > 0;
  }

  private toggle(item: Item, parent: Item | undefined): void {
    if (item.more === true) {
      this.follow(item, parent);
    } else if (this.open.delete(item)) {
      this.draw();
    } else {
      this.expand(item);
    }
  }

  private expand(item: Item): void {
    if (!isExpandable(item)) {
      return;
    }
    this.open.add(item);
    if (item.below === undefined) {
      this.load(item, (below) => {
        item.below = below;
      });
    }
    this.draw();
  }

  /** Shows those that a row stands for. */
  private follow(item: Item, parent: Item | undefined): void {
    const below = parent?.below;
    if (parent === undefined || below === undefined) {
      return;
    }
    this.load(item, (more) => {
      const shown = this.shown.get(parent) ?? PAGE;
      this.shown.set(parent, shown + PAGE);
      const index = below.indexOf(item);
      if (index >= 0) {
        below.splice(index, 1, ...more);
      }
      this.focused = more[0] ?? below[shown];
    });
  }

  private load(item: Item, take: (items: Item[]) => void): void {
    if (this.waiting.has(item)) {
      return;
    }
    this.waiting.add(item);
    this.failures.delete(item);
    const loading = item.load?.() ?? Promise.resolve([]);
    void loading
      .then(take, (error: unknown) => {
        this.open.delete(item);
        this.failures.set(item, error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        this.waiting.delete(item);
        this.draw();
      });
  }

  private press(event: KeyboardEvent): void {
    const index = this.rows.findIndex((row) => row.item === this.focused);
    const row = this.rows[index];
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const { item, parent } = row;
    switch (event.key) {
      case "ArrowDown":
        this.focus(this.rows[index + 1]?.item);
        break;
      case "ArrowUp":
        this.focus(this.rows[index - 1]?.item);
        break;
      case "Home":
        this.focus(this.rows[0]?.item);
        break;
      case "End":
        this.focus(this.rows.at(-1)?.item);
        break;
      case "ArrowRight":
        if (this.isOpen(item)) {
          this.focus(this.rows[index + 1]?.parent === item ? this.rows[index + 1]?.item : undefined);
        } else {
          this.expand(item);
        }
        break;
      case "ArrowLeft":
        if (this.open.has(item)) {
          this.toggle(item, parent);
        } else {
          this.focus(parent);
        }
        break;
      case " ":
        this.toggle(item, parent);
        break;
      case "Enter":
        if (item.act === undefined) {
          this.toggle(item, parent);
        } else {
          item.act();
        }
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private focus(item: Item | undefined): void {
    const row = this.rowOf(item);
    if (row === undefined) {
      return;
    }
    const before = this.rowOf(this.focused);
    if (before !== undefined) {
      before.tabIndex = -1;
    }
    this.focused = item;
    row.tabIndex = 0;
    row.focus();
  }
}

function isExpandable(item: Item): boolean {
  return item.more !== true && (item.load !== undefined || (item.below ?? []).length > 0);
}
