/** The tree in the Run view: dumps, their threads, their frames. */

import * as vscode from "vscode";
import type { OpenDump, StackFrame, Thread } from "./answers";
import type { Crashes } from "./crashes";
import { dumpName, fileName, threadName, visible, where } from "./text";

/** A row; what it is of is above it. */
export type Row =
  | { readonly kind: "dump"; readonly dump: OpenDump }
  | { readonly kind: "thread"; readonly dump: OpenDump; readonly thread: Thread; readonly position: number }
  | { readonly kind: "frame"; readonly dump: OpenDump; readonly frame: StackFrame; readonly position: number };

export function registerTree(crashes: Crashes): vscode.Disposable {
  const rows = new Rows(crashes);
  const view = vscode.window.createTreeView("crashsite.crashes", { treeDataProvider: rows, showCollapseAll: true });
  return vscode.Disposable.from(view, rows);
}

class Rows implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listening: vscode.Disposable;

  constructor(private readonly crashes: Crashes) {
    this.listening = crashes.onDidChange(() => {
      this.changed.fire();
    });
  }

  getTreeItem(row: Row): vscode.TreeItem {
    switch (row.kind) {
      case "dump":
        return dumpItem(row.dump);
      case "thread":
        return threadItem(row.dump, row.thread, row.position);
      case "frame":
        return frameItem(row.dump, row.frame, row.position);
    }
  }

  async getChildren(row?: Row): Promise<Row[]> {
    switch (row?.kind) {
      case undefined:
        return this.crashes.list.map((dump) => ({ kind: "dump", dump }));
      case "dump": {
        const { dump } = row;
        if (dump.error !== undefined) {
          return [];
        }
        const { threads } = await this.crashes.frames(dump.dump);
        return threads.map((thread, index) => ({ kind: "thread", dump, thread, position: index + 1 }));
      }
      case "thread": {
        const { dump, position } = row;
        return row.thread.frames.map((frame) => ({ kind: "frame", dump, frame, position }));
      }
      case "frame":
        return [];
    }
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }
}

function dumpItem(dump: OpenDump): vscode.TreeItem {
  const item = new vscode.TreeItem(dumpName(dump), vscode.TreeItemCollapsibleState.Expanded);
  item.id = dump.dump;
  item.description = fileName(dump.path);
  item.tooltip = visible(dump.path);
  item.contextValue = "dump";
  item.iconPath = new vscode.ThemeIcon("flame");
  return item;
}

function threadItem(dump: OpenDump, thread: Thread, position: number): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(threadName(thread, position), position === 1 ? Expanded : Collapsed);
  item.id = `${dump.dump} ${position}`;
  item.description = thread.crashed ? "crashed" : "";
  item.iconPath = new vscode.ThemeIcon(thread.crashed ? "error" : "list-unordered");
  return item;
}

function frameItem(dump: OpenDump, frame: StackFrame, position: number): vscode.TreeItem {
  const item = new vscode.TreeItem(visible(frame.function));
  const selected = dump.selected?.thread === position && dump.selected.frame === frame.index;
  item.id = `${dump.dump} ${position} ${frame.index}`;
  item.description = where(frame);
  item.tooltip = visible(`${frame.qualname ?? frame.function}\n${frame.file}`);
  item.iconPath = new vscode.ThemeIcon(selected ? "debug-stackframe" : frame.library ? "library" : "symbol-method");
  item.accessibilityInformation = {
    label: `frame ${frame.index}, ${visible(frame.function)}, ${where(frame)}${selected ? ", selected" : ""}`,
  };
  const place = { dump: dump.dump, thread: position, frame: frame.index };
  item.command = { command: "crashsite.selectFrame", title: "Select Frame", arguments: [place] };
  return item;
}
