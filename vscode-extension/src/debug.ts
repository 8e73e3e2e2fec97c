/** A dump in VS Code's debugger: `crashsite dap`, told which documents its sources are. */

import * as vscode from "vscode";
import type { OpenDump, Place } from "./answers";
import type { Crashes } from "./crashes";
import type { Server } from "./server";
import { dumpName, fileName } from "./text";

/** The type of its sessions. */
const DEBUGGER = "crashsite";

/** Whether a dump is what the debugger shows. */
export function isDebugged(): boolean {
  return vscode.debug.activeDebugSession?.type === DEBUGGER;
}

export function registerDebugger(server: Server, crashes: Crashes): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUGGER, {
      createDebugAdapterDescriptor: async () => new vscode.DebugAdapterExecutable(await server.program(), ["dap"]),
    }),
    vscode.debug.registerDebugConfigurationProvider(DEBUGGER, new Configurations(crashes)),
    vscode.debug.registerDebugConfigurationProvider(
      DEBUGGER,
      { provideDebugConfigurations: () => crashes.list.filter((dump) => dump.error === undefined).map(launch) },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.debug.onDidChangeActiveStackItem((item) => void follow(crashes, item)),
  );
}

/** Opens a dump in the debugger. */
export async function debug(dump: OpenDump): Promise<void> {
  await vscode.debug.startDebugging(undefined, launch(dump));
}

/** Which dump to debug, asked of the person where it is not the only one. */
export async function pickDump(crashes: Crashes): Promise<string | undefined> {
  const dumps = crashes.list.filter((dump) => dump.error === undefined);
  const [only] = dumps;
  if (only !== undefined && dumps.length === 1) {
    return only.path;
  }
  const other = { label: "Another…", path: undefined };
  const items = dumps.map((dump) => ({ label: dumpName(dump), description: fileName(dump.path), path: dump.path }));
  const chosen = dumps.length === 0 ? other : await vscode.window.showQuickPick([...items, other], { title: "Debug a dump" });
  if (chosen === undefined || chosen.path !== undefined) {
    return chosen?.path;
  }
  const files = await vscode.window.showOpenDialog({ title: "Debug a dump", openLabel: "Debug" });
  return files?.[0]?.fsPath;
}

/** Has the frame that the debugger shows looked at, so that lenses, hovers and the tree are about the same one. */
async function follow(crashes: Crashes, item: vscode.DebugThread | vscode.DebugStackFrame | undefined): Promise<void> {
  if (!(item instanceof vscode.DebugStackFrame) || item.session.type !== DEBUGGER) {
    return;
  }
  try {
    const place = (await item.session.customRequest("crashsite/place", { frameId: item.frameId })) as Place | undefined;
    const { configuration } = item.session;
    const path: unknown = configuration.dump ?? configuration.program;
    const dump = crashes.list.find((one) => one.path === path);
    if (place != null && dump !== undefined) {
      await crashes.select(dump.dump, place, false);
    }
    // Above the line was the exception's widget, which is gone by now, and the line perhaps out of sight with it.
    const editor = vscode.window.activeTextEditor;
    editor?.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  } catch {
    // The session has ended meanwhile.
  }
}

function launch(dump: OpenDump): vscode.DebugConfiguration {
  return { type: DEBUGGER, request: "launch", name: `${fileName(dump.path)}: ${dumpName(dump)}`, dump: dump.path };
}

/** Completes what a person wrote into launch.json, or did not write at all. */
class Configurations implements vscode.DebugConfigurationProvider {
  constructor(private readonly crashes: Crashes) {}

  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (given.request !== "") {
      return given;
    }
    const dump = await pickDump(this.crashes);
    return dump === undefined ? undefined : { type: DEBUGGER, request: "launch", name: fileName(dump), dump };
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    _folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    const settings = vscode.workspace.getConfiguration("crashsite");
    const mappings: unknown = settings.get("pathMappings");
    const identity: unknown = settings.get("identity");
    return { pathMappings: mappings, identity, ...given, documents: await this.documents(given) };
  }

  /** The documents that the dump's sources are, by their names: what the language server shows in those, a debugger does not. */
  private async documents(given: vscode.DebugConfiguration): Promise<Record<string, string>> {
    const path: unknown = given.dump ?? given.program;
    try {
      const dump = await this.crashes.open(String(path));
      const sources = await this.crashes.sources(dump.dump);
      return Object.fromEntries(sources.map((source) => [source.name, source.uri]));
    } catch {
      // The adapter says why a dump cannot be opened.
      return {};
    }
  }
}
