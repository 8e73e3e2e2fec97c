/** The dumps that are open, as the server tells of them. */

import * as vscode from "vscode";
import type { Backtrace, Child, Explanation, OpenDump, Place, Source, StackFrame, Variable } from "./answers";
import type { Server } from "./server";

export class Crashes implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private dumps: readonly OpenDump[] = [];
  private looked: string | undefined;
  private readonly listening: vscode.Disposable;

  constructor(private readonly server: Server) {
    this.listening = server.onDidChange(() => void this.refresh());
  }

  /** All dumps, in the order they were opened. */
  get list(): readonly OpenDump[] {
    return this.dumps;
  }

  /** The dump that commands are about: the one looked at last, or the first. */
  get current(): OpenDump | undefined {
    return this.find(this.looked) ?? this.dumps[0];
  }

  find(id: string | undefined): OpenDump | undefined {
    return this.dumps.find((dump) => dump.dump === id);
  }

  /** This dump is looked at. */
  look(id: string): void {
    this.looked = id;
  }

  /** Opens a dump, where it is not open yet; `again` has it read anew. */
  async open(path: string, again = false): Promise<OpenDump> {
    await this.reach(path);
    const known = (await this.server.ask<OpenDump[]>("crashsite.dumps")).find((dump) => dump.path === path);
    const opened = again || known === undefined ? await this.server.ask<OpenDump>("crashsite.openDump", { path }) : known;
    this.look(opened.dump);
    await this.refresh();
    return opened;
  }

  async close(id: string): Promise<void> {
    await this.server.ask("crashsite.closeDump", { dump: id });
  }

  /** Whether a file begins as a dump does. */
  async isDump(path: string): Promise<boolean> {
    await this.reach(path);
    return this.server.ask("crashsite.isDump", { path });
  }

  frames(id: string, locals = false): Promise<Backtrace> {
    return this.server.ask("crashsite.frames", { dump: id, locals });
  }

  async locals(id: string, place: Place): Promise<readonly Variable[]> {
    const { thread, frame } = place;
    const answer = await this.server.ask<{ frame: StackFrame }>("crashsite.locals", { dump: id, thread, frame });
    return answer.frame.locals ?? [];
  }

  children(id: string, object: number, offset: number): Promise<Child[]> {
    return this.server.ask("crashsite.children", { dump: id, object, offset });
  }

  sources(id: string): Promise<Source[]> {
    return this.server.ask("crashsite.sources", { dump: id });
  }

  /** What the dump tells of the cause. It may take some seconds. */
  explain(id: string): Promise<Explanation> {
    return this.server.ask("crashsite.explain", { dump: id });
  }

  /** Has a frame looked at; the server sends the editor there, unless that is where it is. */
  async select(id: string, place: Place, show = true): Promise<void> {
    this.look(id);
    await this.server.ask("crashsite.selectFrame", { dump: id, thread: place.thread, frame: place.frame, show });
  }

  /** Goes one frame outwards or inwards. */
  async step(id: string, to: "caller" | "callee"): Promise<void> {
    this.look(id);
    await this.server.ask(to === "caller" ? "crashsite.nextFrame" : "crashsite.previousFrame", { dump: id });
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }

  /** Sees to it that the server may read a file. Started anew for that, it has the dumps that it had. */
  private async reach(path: string): Promise<void> {
    const before = this.dumps;
    if (await this.server.reach(path)) {
      for (const dump of before) {
        await this.server.ask("crashsite.openDump", { path: dump.path }).catch(() => undefined);
      }
    }
  }

  private async refresh(): Promise<void> {
    // Without a server there are no dumps.
    this.dumps = await this.server.ask<OpenDump[]>("crashsite.dumps").catch(() => []);
    await vscode.commands.executeCommand("setContext", "crashsite.hasDumps", this.dumps.length > 0);
    this.changed.fire();
  }
}
