/** The server: which program it is, and one client of it at a time. */

import { access, constants } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { ExecuteCommandRequest, InlayHintRequest, LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";
import { isDebugged } from "./debug";

const PROGRAM = process.platform === "win32" ? "crashsite.exe" : "crashsite";

/** There is no program to start. */
export class Missing extends Error {}

export class Server implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel("Crashsite", { log: true });
  private readonly changed = new vscode.EventEmitter<void>();
  /** Dumps came or went, or other frames of them are selected. */
  readonly onDidChange = this.changed.event;
  private running: Promise<LanguageClient> | undefined;
  /** Folders besides the workspace's that the server may read: when it starts it gives up all others. */
  private readonly readable = new Set<string>();
  private readonly listening: vscode.Disposable;

  constructor(private readonly extension: vscode.ExtensionContext) {
    this.listening = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (STARTED_WITH.some((setting) => event.affectsConfiguration(setting))) {
          void this.restart();
        } else if (event.affectsConfiguration("crashsite")) {
          void this.running?.then(
            (client) => client.sendNotification("workspace/didChangeConfiguration", { settings: settings() }),
            () => undefined,
          );
        }
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.restart()),
      vscode.debug.onDidChangeActiveDebugSession(() => void this.running?.then(refreshHints, () => undefined)),
    );
  }

  /** Starts the server. Where it cannot be, the person is told so, and every question is refused for the same reason. */
  async start(): Promise<void> {
    this.running = this.launch();
    try {
      await this.running;
    } catch (error) {
      const what = message(error);
      this.log.error(what);
      const choice = await this.offer(what, error instanceof Missing);
      if (choice === SETTINGS) {
        await openSettings();
      }
    }
    this.changed.fire();
  }

  /** Has a command of the server done, with its one argument. */
  async ask<T>(command: string, argument: object = {}): Promise<T> {
    if (this.running === undefined) {
      throw new Error("Crashsite: the server does not run. “Crashsite: Restart Server” starts it.");
    }
    const client = await this.running;
    return (await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] })) as T;
  }

  /** Sees to it that the server may read a file; whether it had to be started anew for that. */
  async reach(file: string): Promise<boolean> {
    const folder = path.dirname(file);
    const known = [...this.readable].some((other) => folder === other || folder.startsWith(other + path.sep));
    if (known || process.platform !== "linux" || vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) !== undefined) {
      return false;
    }
    this.readable.add(folder);
    await this.restart();
    return true;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const client = await this.running?.catch(() => undefined);
    this.running = undefined;
    await client?.dispose();
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
    this.log.dispose();
  }

  private async launch(): Promise<LanguageClient> {
    const command = await this.program();
    this.log.info(`starting ${command} lsp`);
    const options: LanguageClientOptions = {
      documentSelector: [
        { scheme: "file", language: "python" },
        { scheme: "crashsite" },
        // Texts with tracebacks, which have links.
        { scheme: "file", language: "log" },
        { scheme: "file", language: "plaintext" },
      ],
      initializationOptions: settings(),
      middleware: {
        // Where the debugger stands, it shows the same values itself.
        provideInlayHints: (document, part, token, next) => (isDebugged() ? [] : next(document, part, token)),
      },
      outputChannel: this.log,
    };
    const readable = [...this.readable].flatMap((folder) => ["--read", folder]);
    const client = new LanguageClient("crashsite", "Crashsite", { command, args: ["lsp", ...readable] }, options);
    client.onNotification("crashsite/changed", () => {
      this.changed.fire();
    });
    await client.start();
    return client;
  }

  /** The program to start, as server and as debug adapter: the one in the settings, the one that came along, or the one on the PATH. */
  async program(): Promise<string> {
    const set = vscode.workspace.getConfiguration("crashsite").get<string>("server.path", "");
    if (set !== "") {
      if (await runs(set)) {
        return set;
      }
      throw new Missing(
        `Crashsite: the setting crashsite.server.path names ${set}, where no program is. Correct it, or empty it to take the one that came with the extension.`,
      );
    }
    const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
    for (const folder of [this.extension.asAbsolutePath("server"), ...folders]) {
      const program = path.join(folder, PROGRAM);
      if (await runs(program)) {
        return program;
      }
    }
    throw new Missing(
      "Crashsite: there is no program crashsite here; this package of the extension brings none. Install it (pip install 'crashsite[reader]'), or name it in the setting crashsite.server.path.",
    );
  }

  private offer(what: string, missing: boolean): Thenable<string | undefined> | undefined {
    if (missing) {
      return vscode.window.showErrorMessage(what, SETTINGS);
    }
    void vscode.window.showErrorMessage(`Crashsite: the server does not start: ${what}`);
    return undefined;
  }
}

/** Has the hints of all texts asked for again. */
function refreshHints(client: LanguageClient): void {
  const feature = client.getFeature(InlayHintRequest.method);
  for (const document of vscode.workspace.textDocuments) {
    feature.getProvider(document)?.onDidChangeInlayHints.fire();
  }
}

/** What the server gets to know when it starts, and may read from then on. */
const STARTED_WITH = ["crashsite.server.path", "crashsite.dumps", "crashsite.pathMappings", "crashsite.identity"];
const SETTINGS = "Open Settings";

/** Shows the setting that names the program. */
export async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openSettings", "crashsite.server.path");
}

/** What an error says. */
export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function runs(program: string): Promise<boolean> {
  try {
    await access(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The settings that are the server's. */
function settings(): object {
  const set = vscode.workspace.getConfiguration("crashsite");
  const names = ["dumps", "discover", "identity", "pathMappings", "hints", "lenses", "diagnostics"];
  return { ...Object.fromEntries(names.map((name) => [name, set.get(name)])), changes: true, debugCommand: "crashsite.debug" };
}
