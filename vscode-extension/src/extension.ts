/** A crash in VS Code: what is told comes from the server, what is seen is made here. */

import type { ExtensionContext } from "vscode";
import { registerCommands } from "./commands";
import { Crashes } from "./crashes";
import { registerDebugger } from "./debug";
import { Pages } from "./editor";
import { Server } from "./server";
import { registerTree } from "./tree";

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  server = new Server(context);
  const crashes = new Crashes(server);
  const starting = server.start();
  const pages = new Pages(context.extensionUri, crashes);
  context.subscriptions.push(
    server,
    crashes,
    pages,
    registerTree(crashes),
    registerCommands(server, crashes, pages),
    registerDebugger(server, crashes),
  );
  await starting;
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
