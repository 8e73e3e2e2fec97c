/** What the palette and the tree's menus do. The server's own commands are registered by the client. */

import * as vscode from "vscode";
import type { OpenDump } from "./answers";
import type { Crashes } from "./crashes";
import { debug, pickDump } from "./debug";
import type { Pages } from "./editor";
import { message, type Server } from "./server";
import { dumpName, fileName, threadName, visible, where } from "./text";
import type { Row } from "./tree";

/** What a command may be called with: a row of the tree, or, by a lens, the id of a dump. */
type About = Row | { readonly dump: string };

export function registerCommands(server: Server, crashes: Crashes, pages: Pages): vscode.Disposable {
  /** A command; what it is refused for is said. Called with a row of the tree, or with what names a dump. */
  const command = (name: string, run: (about?: About) => Promise<void>) =>
    vscode.commands.registerCommand(`crashsite.${name}`, async (about?: About) => {
      try {
        await run(about);
      } catch (error) {
        void vscode.window.showErrorMessage(message(error));
      }
    });
  /** A command about a dump: the one it is called with, or else the one that is looked at. */
  const about = (name: string, run: (dump: OpenDump) => Promise<void>) =>
    command(name, async (about) => {
      const given = typeof about?.dump === "string" ? crashes.find(about.dump) : about?.dump;
      const dump = given ?? crashes.current;
      if (dump === undefined) {
        throw new Error("Crashsite: no dump is open. “Crashsite: Open Dump…” opens one.");
      }
      await run(dump);
    });
  return vscode.Disposable.from(
    command("open", open),
    about("openPage", (dump) => pages.open(dump.path)),
    about("debug", debug),
    about("openAtCrash", (dump) => openAtCrash(crashes, dump)),
    about("pickFrame", (dump) => pickFrame(crashes, dump)),
    about("selectCaller", (dump) => crashes.step(dump.dump, "caller")),
    about("selectCallee", (dump) => crashes.step(dump.dump, "callee")),
    about("showLocals", (dump) => pages.reveal(dump)),
    about("copyGdbCommand", copyGdbCommand),
    about("close", (dump) => crashes.close(dump.dump)),
    vscode.commands.registerCommand("crashsite.pickDump", () => pickDump(crashes)),
    command("restartServer", () => server.restart()),
    command("showLog", () => {
      server.log.show();
      return Promise.resolve();
    }),
  );
}

async function open(): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({ title: "Open a dump", openLabel: "Open Dump", canSelectMany: true });
  for (const uri of chosen ?? []) {
    await vscode.commands.executeCommand("vscode.openWith", uri, "crashsite.dump");
  }
}

/** Has the frame looked at that the exception is shown in. */
export async function openAtCrash(crashes: Crashes, dump: OpenDump): Promise<void> {
  if (dump.crash == null) {
    throw new Error("Crashsite: this dump has no frames to open.");
  }
  await crashes.select(dump.dump, dump.crash);
}

async function pickFrame(crashes: Crashes, dump: OpenDump): Promise<void> {
  const { threads } = await crashes.frames(dump.dump);
  const items = threads.flatMap((thread, index) => [
    { label: threadName(thread, index + 1), kind: vscode.QuickPickItemKind.Separator },
    ...thread.frames.map((frame) => ({
      label: `${frame.index} ${visible(frame.function)}`,
      description: where(frame),
      place: { thread: index + 1, frame: frame.index },
    })),
  ]);
  const title = `Select a frame of ${fileName(dump.path)}: ${dumpName(dump)}`;
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  if (chosen !== undefined && "place" in chosen) {
    await crashes.select(dump.dump, chosen.place);
  }
}

/** Copies what opens the dump in gdb, for a shell. */
export async function copyGdbCommand(dump: OpenDump): Promise<void> {
  const command = `crashsite gdb ${quoted(dump.path)}`;
  await vscode.env.clipboard.writeText(command);
  vscode.window.setStatusBarMessage(`Copied: ${visible(command)}`, 5000);
}

/** A word of a shell's command. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) {
    return word;
  }
  return process.platform === "win32" ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
