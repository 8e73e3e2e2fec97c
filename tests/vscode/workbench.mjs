// VS Code's workbench, as code-server serves it, in a headless Chromium: what a person would see and press.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long anything may take to be seen. */
export const LIMIT = 30_000;

/** A variable of the environment, without which nothing can be tested. */
export function given(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: \`cargo xtask test vscode\` sets it`);
  }
  return value;
}

const PACKAGES = given("CRASHSITE_VSCODE_PACKAGES");
const { chromium } = createRequire(join(PACKAGES, "package.json"))("playwright-core");
const CODE_SERVER = join(PACKAGES, "node_modules/code-server/out/node/entry.js");

const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.enableExperiments": false,
  "telemetry.telemetryLevel": "off",
  "extensions.ignoreRecommendations": true,
  "editor.minimap.enabled": false,
  "editor.hover.delay": 100,
  "editor.inlayHints.maximumLength": 200,
  "breadcrumbs.enabled": false,
  "window.commandCenter": false,
  "chat.commandCenter.enabled": false,
};

/** Starts everything on a folder, with the extension installed from its package. */
export async function start({ vsix, folder, settings = {} }) {
  const home = await mkdtemp(join(tmpdir(), "crashsite-vscode-"));
  const data = join(home, "data");
  await mkdir(join(data, "User"), { recursive: true });
  await writeFile(join(data, "User/settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  await writeFile(join(home, "config.yaml"), "{}\n");
  const common = [
    CODE_SERVER,
    ...["--config", join(home, "config.yaml"), "--user-data-dir", data, "--extensions-dir", join(home, "extensions")],
  ];
  // Nothing of the machine's own settings, and no program that the PATH may have: the extension brings its own.
  const environment = { HOME: home, PATH: "/usr/bin:/bin", LANG: "C.UTF-8", NODE_ENV: "production" };
  const ends = [];
  const close = async () => {
    for (const end of ends.reverse()) {
      await end();
    }
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await run([...common, "--install-extension", vsix], environment);
    const flags = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
    const arguments_ = ["--auth", "none", "--bind-addr", "127.0.0.1:0", ...flags, "--disable-getting-started-override"];
    const server = spawn(process.execPath, [...common, ...arguments_], { env: environment, detached: true });
    ends.push(() => endGroup(server));
    const address = await addressOf(server);
    const browser = await chromium.launch({
      executablePath: given("CRASHSITE_CHROMIUM"),
      args: CHROMIUM_ARGUMENTS,
    });
    ends.push(() => browser.close());
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    await page.goto(`${address}/?folder=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench .part.statusbar").waitFor();
    return { workbench: new Workbench(page), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The workbench in the browser. */
export class Workbench {
  constructor(page) {
    this.page = page;
  }

  /** Opens a file of the folder by its name. */
  async openFile(name) {
    await this.quick("Control+P", name, name);
  }

  /** Has a command of the palette run. */
  async command(title) {
    await this.quick("F1", `>${title}`, title);
  }

  async quick(keys, text, expected) {
    const { page } = this;
    const input = page.locator(".quick-input-widget input");
    const row = page.locator(".quick-input-list .monaco-list-row").filter({ hasText: expected }).first();
    // The first keys after the start may come before anybody listens; and what takes the focus meanwhile closes the input.
    await until(async () => {
      await page.keyboard.press(keys);
      const chosen = async () => {
        await input.first().fill(text, { timeout: 2000 });
        await row.click({ timeout: 5000 });
      };
      return chosen().then(() => true, () => false);
    }, `${keys} to offer ${expected}`);
  }

  /** The page of the dump that is in front. */
  dumpPage() {
    return this.page.locator("iframe.webview.ready:visible").contentFrame().locator("iframe#active-frame").contentFrame();
  }

  /** The title of the editor in front. */
  async activeTab() {
    return this.page.locator(".tabs-container .tab.active").first().getAttribute("data-resource-name");
  }

  async waitForTab(name) {
    await until(async () => (await this.activeTab()) === name, `${name} to be in front`);
  }

  /** The line of the editor in front that has this text, hints and all. */
  line(text) {
    return this.page.locator(".editor-instance .view-lines .view-line:visible").filter({ hasText: spaced(text) }).first();
  }

  lenses() {
    return this.page.locator(".editor-instance .codelens-decoration:visible");
  }

  lens(title) {
    return this.lenses().locator("a").filter({ hasText: title }).first();
  }

  statusBar(text) {
    return this.page.locator(".part.statusbar").getByText(text);
  }

  /** What is shown when the pointer rests on a word of a line. */
  async hover(line, word) {
    await this.point(line, word);
    const hover = this.page.locator(".monaco-hover:visible .hover-row").first();
    await hover.waitFor();
    return (await this.page.locator(".monaco-hover:visible").allInnerTexts()).join("\n");
  }

  /** What the debugger shows then. */
  async debugHover(line, word) {
    await this.point(line, word);
    const hover = this.page.locator(".debug-hover-widget:visible");
    await hover.waitFor();
    return hover.innerText();
  }

  /** Has the pointer rest on a word of a line. */
  async point(line, word) {
    const at = await this.line(line).evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const index = node.data.indexOf(wanted);
        if (index >= 0) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + wanted.length);
          const { left, top, width, height } = range.getBoundingClientRect();
          return { x: left + width / 2, y: top + height / 2 };
        }
      }
      throw new Error(`no ${wanted} in the line`);
    }, word);
    await this.page.mouse.move(at.x, at.y);
  }

  async endHover() {
    await this.page.mouse.move(0, 0);
    await this.page.locator(".monaco-hover:visible").waitFor({ state: "hidden" });
  }

  /** A picture of the window. */
  async picture(path) {
    await this.page.screenshot({ path, animations: "disabled" });
  }
}

/** A pattern for a text in which the editor has set spaces of its own kinds. */
export function spaced(text) {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "[\\s\u00a0]+"));
}

/** Waits for a condition. */
export async function until(condition, what, limit = LIMIT) {
  const end = Date.now() + limit;
  for (;;) {
    if (await condition()) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${limit / 1000} s for ${what}`);
    }
    await new Promise((again) => setTimeout(again, 50));
  }
}

function run(command, env) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, command, { env });
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    child.stderr.on("data", (data) => (said += data));
    child.on("error", fail);
    child.on("exit", (status) => (status === 0 ? done(said) : fail(new Error(`status ${status}:\n${said}`))));
  });
}

/** Where the server listens, as it says itself. */
function addressOf(server) {
  return new Promise((found, fail) => {
    let said = "";
    const timer = setTimeout(() => fail(new Error(`code-server does not listen:\n${said}`)), LIMIT);
    const read = (data) => {
      said += data;
      const address = /HTTP server listening on (http:\/\/\S+?)\/?\s/.exec(said)?.[1];
      if (address) {
        clearTimeout(timer);
        found(address);
      }
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.on("exit", (status) => fail(new Error(`code-server ended with ${status}:\n${said}`)));
  });
}

/** Ends a process with those that it started. */
async function endGroup(child) {
  if (child.exitCode !== null) {
    return;
  }
  const ended = new Promise((done) => child.once("exit", done));
  process.kill(-child.pid, "SIGTERM");
  const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 5000);
  await ended;
  clearTimeout(timer);
}
