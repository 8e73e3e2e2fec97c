// A folder with dumps, open in the workbench: what a person finds before anything is tested.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { given, start } from "./workbench.mjs";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const IMAGES = process.env.CRASHSITE_IMAGES;
/** What orders.dump died of. */
export const ZERO_DIVISION = "DivisionByZero: [<class 'decimal.DivisionByZero'>]";

/** The folder, and the workbench with it, once the tests have begun. */
export let folder;
/** A dump that is not in the folder. */
export let outside;
export let workbench;

/** Has all tests of a file run with a workbench of their own. */
export function withWorkbench() {
  let place;
  let close = async () => {};
  before(async () => {
    place = await mkdtemp(join(tmpdir(), "crashsite-workspace-"));
    // Its name is seen in the pictures.
    folder = join(place, "shop");
    await cp(join(ROOT, "demo/orders"), join(folder, "orders"), { recursive: true });
    await crash(folder, ["-m", "orders"], join(folder, "orders.dump"));
    // The source of this one is in its dump alone.
    const gone = join(place, "gone");
    await mkdir(gone);
    await cp(join(ROOT, "tests/vscode/programs/countdown.py"), join(gone, "countdown.py"));
    await crash(gone, ["countdown.py"], join(folder, "countdown.dump"));
    await rm(gone, { recursive: true });
    await cp(join(ROOT, "tests/fixtures/captured/pyheapdump-2.7/medium.dump"), join(folder, "python27.dump"));
    await writeFile(join(folder, "run.log"), 'Traceback (most recent call last):\n  File "orders/pipeline.py", line 3, in f\n');
    await writeFile(join(folder, "backup.dump"), "--\n-- PostgreSQL database dump\n--\n");
    outside = join(place, "outside", "elsewhere.dump");
    await mkdir(join(place, "outside"));
    await copyFile(join(folder, "python27.dump"), outside);
    ({ workbench, close } = await start({
      vsix: given("CRASHSITE_VSIX"),
      folder,
      settings: { "crashsite.discover": "none" },
    }));
  });
  after(async () => {
    await close();
    await rm(place, { recursive: true, force: true });
  });
}

/** A program that fails, run in a folder; its dump gets a name there. */
async function crash(folder, words, dump) {
  const dumps = await mkdtemp(join(folder, "dumps-"));
  const env = { ...process.env, CRASHSITE_DIR: dumps, PYTHONPATH: join(ROOT, "python") };
  delete env.CRASHSITE_WITH_FILES;
  await assert.rejects(
    promisify(execFile)(given("CRASHSITE_PYTHON"), ["-B", "-m", "crashsite", "run", ...words], { cwd: folder, env }),
    { code: 1 },
  );
  const [made] = (await readdir(dumps)).filter((name) => name.endsWith(".dump"));
  await rename(join(dumps, made), dump);
  await rm(dumps, { recursive: true });
}

/** What is tested, with a picture of what was there when it fails. */
export function seen(name, check) {
  test(name, async () => {
    try {
      await check();
    } catch (error) {
      const picture = join(given("CRASHSITE_FAILURES"), `${name.replaceAll(/\W+/g, "-")}.png`);
      await workbench?.picture(picture);
      error.message += `\nwhat was there: ${picture}`;
      throw error;
    }
  });
}

/** A picture for docs/, where those are made. */
export async function picture(name) {
  if (IMAGES) {
    await workbench.picture(join(IMAGES, `vscode-${name}.png`));
  }
}

/** Has a dump's page in front. */
export async function openPage(name) {
  await workbench.openFile(name);
  await workbench.waitForTab(name);
  const page = workbench.dumpPage();
  await page.locator(".row").first().waitFor();
  return page;
}
