/** The page of a dump: a read-only editor whose content is made by page/, from answers of the server. */

import { randomBytes } from "node:crypto";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { OpenDump } from "./answers";
import { copyGdbCommand, openAtCrash } from "./commands";
import type { Crashes } from "./crashes";
import { debug } from "./debug";
import type { Answer, FromPage, ToPage } from "./messages";
import { Missing, message, openSettings } from "./server";
import { fileName } from "./text";

const VIEW = "crashsite.dump";

export class Pages implements vscode.CustomReadonlyEditorProvider, vscode.Disposable {
  private readonly shown = new Map<string, Page>();
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly crashes: Crashes,
  ) {
    this.registration = vscode.window.registerCustomEditorProvider(VIEW, this, {
      webviewOptions: { retainContextWhenHidden: true },
      supportsMultipleEditorsPerDocument: false,
    });
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor(document: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { uri } = document;
    if (!(await this.isOurs(uri))) {
      // The name is that of other programs' dumps too.
      panel.dispose();
      await vscode.commands.executeCommand("vscode.openWith", uri, "default");
      return;
    }
    const page = new Page(uri.fsPath, panel, this.extension, this.crashes);
    this.shown.set(uri.fsPath, page);
    panel.onDidDispose(() => this.shown.delete(uri.fsPath));
  }

  /** Shows the page of a dump. */
  async open(file: string): Promise<void> {
    await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(file), VIEW);
  }

  /** Shows the page, with the selected frame and its locals in sight. */
  async reveal(dump: OpenDump): Promise<void> {
    await this.open(dump.path);
    this.shown.get(dump.path)?.reveal();
  }

  dispose(): void {
    this.registration.dispose();
  }

  /** Whether it is a file, and a dump; where nobody can say, the page says why. An older version in git is no file. */
  private async isOurs(uri: vscode.Uri): Promise<boolean> {
    return uri.scheme === "file" && (await this.crashes.isDump(uri.fsPath).catch(() => true));
  }
}

/** One page. */
class Page {
  private dump: OpenDump | undefined;
  private ready = false;
  private wantsReveal = false;

  constructor(
    private readonly path: string,
    private readonly panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    private readonly crashes: Crashes,
  ) {
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(extension, "dist");
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(path)), basename(path));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const listening = vscode.Disposable.from(
      watcher,
      watcher.onDidChange(() => void this.show(true)),
      webview.onDidReceiveMessage((message: FromPage) => void this.take(message)),
      crashes.onDidChange(() => {
        this.mark();
      }),
      panel.onDidChangeViewState(() => {
        if (panel.active && this.dump !== undefined) {
          crashes.look(this.dump.dump);
        }
      }),
    );
    panel.onDidDispose(() => {
      listening.dispose();
    });
    webview.html = html(webview, dist);
  }

  /** Brings the selected frame into sight, now or as soon as there is something to see. */
  reveal(): void {
    this.wantsReveal = true;
    this.mark();
  }

  private async show(again: boolean): Promise<void> {
    try {
      this.dump = await this.crashes.open(this.path, again);
      const [backtrace, sources] = await Promise.all([
        this.crashes.frames(this.dump.dump),
        this.crashes.sources(this.dump.dump),
      ]);
      this.send({ type: "show", title: fileName(this.path), backtrace, sources });
      this.ready = true;
      this.mark();
      void this.explain(this.dump);
    } catch (error) {
      this.send({ type: "failed", message: message(error), missing: error instanceof Missing });
    }
  }

  /** Tells the page of the cause when it is known: the page is there before. */
  private async explain(dump: OpenDump): Promise<void> {
    const explanation = await this.crashes.explain(dump.dump).catch(() => undefined);
    if (explanation !== undefined && this.dump === dump) {
      this.send({ type: "explained", explanation });
    }
  }

  /** Tells the page which frame is selected. */
  private mark(): void {
    const place = this.crashes.find(this.dump?.dump)?.selected;
    if (this.ready && place != null) {
      this.send({ type: "selected", place: { thread: place.thread, frame: place.frame }, reveal: this.wantsReveal });
      this.wantsReveal = false;
    }
  }

  private async take(asked: FromPage): Promise<void> {
    if (asked.type === "ready") {
      await this.show(false);
      return;
    }
    if (asked.type === "openSettings") {
      await openSettings();
      return;
    }
    try {
      await this.answer(asked);
    } catch (error) {
      if ("id" in asked) {
        this.send({ type: "refused", id: asked.id, message: message(error) });
      } else {
        void vscode.window.showErrorMessage(message(error));
      }
    }
  }

  private async answer(asked: Exclude<FromPage, { type: "ready" | "openSettings" }>): Promise<void> {
    // It may have been closed elsewhere.
    const dump = await this.crashes.open(this.path);
    switch (asked.type) {
      case "debug":
        return debug(dump);
      case "openAtCrash":
        return openAtCrash(this.crashes, dump);
      case "copyGdbCommand":
        return copyGdbCommand(dump);
      case "select":
        return this.crashes.select(dump.dump, asked.place);
      case "source":
        return this.source(dump, asked.name, asked.line);
      case "children":
        this.tell(asked.id, await this.crashes.children(dump.dump, asked.object, asked.offset));
        return;
      case "locals":
        this.tell(asked.id, await this.crashes.locals(dump.dump, asked.place));
        return;
      case "everything":
        this.tell(asked.id, await this.crashes.frames(dump.dump, true));
    }
  }

  /** Shows the text of a source as the dump has it. */
  private async source(dump: OpenDump, name: string, line: number | null): Promise<void> {
    const source = (await this.crashes.sources(dump.dump)).find((one) => one.name === name);
    if (source === undefined) {
      throw new Error(`Crashsite: the text of ${fileName(name)} is not in the dump.`);
    }
    const at = new vscode.Position(Math.max((line ?? 1) - 1, 0), 0);
    await vscode.window.showTextDocument(vscode.Uri.parse(source.uri), { selection: new vscode.Range(at, at) });
  }

  private tell(id: number, answer: Answer): void {
    this.send({ type: "answer", id, answer });
  }

  private send(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }
}

/** The page before it is told anything: nothing of a dump is in it, and only the one script with the nonce runs. */
function html(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(18).toString("base64");
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${uri("page.css")}">
<title>Crashsite</title>
</head>
<body>
<main></main>
<script nonce="${nonce}" src="${uri("page.js")}"></script>
</body>
</html>`;
}
