// The extension where there is no server to start.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { given, start } from "./workbench.mjs";

const FIXTURE = "../fixtures/captured/pyheapdump-2.7/medium.dump";

test("what is missing is said, and what to do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "crashsite-workspace-"));
  await copyFile(join(dirname(fileURLToPath(import.meta.url)), FIXTURE), join(folder, "some.dump"));
  const settings = { "crashsite.server.path": "/nowhere/crashsite" };
  const { workbench, close } = await start({ vsix: given("CRASHSITE_VSIX"), folder, settings });
  try {
    await workbench.openFile("some.dump");
    const page = workbench.dumpPage();
    await page.getByText("the setting crashsite.server.path names /nowhere/crashsite, where no program is").waitFor();
    await workbench.page.locator(".notification-list-item").getByText("/nowhere/crashsite, where no program is").waitFor();
    await page.getByRole("button", { name: "Open Settings" }).click();
    await workbench.page.locator(".settings-editor").getByText("crashsite.server.path").first().waitFor();
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
});
