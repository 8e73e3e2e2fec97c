/** A dump in VS Code's debugger: `crashsite dap`, told which documents its sources are. */

import * as vscode from "vscode";
import type { OpenDump } from "./answers";
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
    const mappings: unknown = vscode.workspace.getConfiguration("crashsite").get("pathMappings");
    return { pathMappings: mappings, ...given, documents: await this.documents(given) };
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
