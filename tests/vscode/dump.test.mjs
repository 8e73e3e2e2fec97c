// A dump in VS Code, from the file to the value: what a person sees, in the order a person would come to it.

import assert from "node:assert/strict";
import { join } from "node:path";

import { until } from "./workbench.mjs";
import { ZERO_DIVISION, folder, openPage, outside, picture, seen, withWorkbench, workbench } from "./workspace.mjs";

withWorkbench();

const row = (page, ...texts) => {
  const found = texts.reduce((rows, text) => rows.filter({ hasText: text }), page.locator(".row"));
  return found.first();
};

seen("the page says what happened, and where", async () => {
  const page = await openPage("orders.dump");
  assert.equal(await page.locator("h1").innerText(), `decimal.${ZERO_DIVISION}`);
  assert.deepEqual(
    await page.locator(".chained h2").allInnerTexts(),
    [
      "while handling orders.pricing.CarrierError: no quote for FR after 2 tries",
      "caused by TimeoutError: timed out after 0.05 s",
    ],
  );
  for (const thread of ["MainThread", "stock-1", "stock-2", "heartbeat"]) {
    await row(page, thread).waitFor();
  }
  await page.locator(".row[aria-current]", { hasText: "split_by_weight" }).waitFor();
  await row(page, "grams", "decimal.Decimal", "Decimal('0')").waitFor();
  await picture("page");
});

seen("the page says why, and each line leads to its place", async () => {
  const page = await openPage("orders.dump");
  await page.locator(".why .cause").first().waitFor();
  assert.equal(await page.locator(".why .cause").first().innerText(), "grams is 0, and is divided by");
  const evidence = page.locator(".why .finding").first().locator("li");
  assert.match(await evidence.first().innerText(), /^grams = Decimal\('0'\)\s*pricing\.py:77 split_by_weight$/);
  await evidence.first().getByRole("button").click();
  await workbench.waitForTab("pricing.py");
  await workbench.statusBar("Ln 77").waitFor();
  await openPage("orders.dump");
  // Not where the frame is, but where its variable was set.
  await evidence.nth(1).getByRole("button", { name: "pricing.py:76" }).click();
  await workbench.statusBar("Ln 76").waitFor();
});

seen("the keyboard opens values, level by level", async () => {
  const page = await openPage("orders.dump");
  const { keyboard } = workbench.page;
  const focused = page.locator(".row:focus");
  await page.locator(".row").first().focus();
  /** Goes down to a row, and opens it. */
  const descend = async (text) => {
    for (let steps = 0; !(await focused.innerText()).startsWith(text); steps++) {
      assert.ok(steps < 40, `no row ${text}`);
      await keyboard.press("ArrowDown");
    }
    await keyboard.press("ArrowRight");
    await page.locator('.row:focus[aria-expanded="true"]:not([aria-busy])').waitFor();
  };
  await descend("2\nPricing.invoice");
  await descend("order\n");
  await descend("lines\n");
  await descend("[0]\n");
  await descend("product\n");
  const title = page.locator('.row[aria-level="7"]').filter({ has: page.locator(".name", { hasText: /^title$/ }) });
  assert.equal(await title.innerText(), "title\nstr\n'Voucher 50'");
  await keyboard.press("ArrowLeft");
  await page.locator('.row:focus[aria-expanded="false"]', { hasText: "product" }).waitFor();
  await keyboard.press("ArrowLeft");
  await page.locator(".row:focus", { hasText: "[0]" }).waitFor();
  await keyboard.press("Home");
  await page.locator(".row:focus", { hasText: "MainThread" }).waitFor();
});

seen("the search finds values in frames that are not open", async () => {
  const page = await openPage("orders.dump");
  await page.getByRole("searchbox").fill("noor@example.org");
  await page.locator(".status", { hasText: "found" }).waitFor();
  await row(page, "Pipeline.process").waitFor();
  assert.equal(await row(page, "split_by_weight").count(), 0);
  await page.getByRole("searchbox").fill("");
  await row(page, "split_by_weight").waitFor();
});

seen("the gdb command is copied", async () => {
  const page = await openPage("orders.dump");
  await page.getByRole("button", { name: "Copy gdb command" }).click();
  const copied = () => workbench.page.evaluate(() => navigator.clipboard.readText());
  await until(async () => (await copied()) === `crashsite gdb ${join(folder, "orders.dump")}`, "the command to be copied");
});

seen("the crash is marked in the source, with values beside the lines", async () => {
  const page = await openPage("orders.dump");
  await page.getByRole("button", { name: "Open at crash" }).click();
  await workbench.waitForTab("pricing.py");
  await workbench.lens(ZERO_DIVISION).waitFor();
  await workbench.lens("▶ frame 0 of MainThread").waitFor();
  await workbench.line("grams = sum((line.grams for line in lines), Decimal(0)) grams = Decimal('0')").waitFor();
  await workbench.line("def split_by_weight(amount: Decimal, lines: List[Line]) -> Dict[str, Decimal]: amount = Decimal('12.40'), lines = []").waitFor();
  await workbench.page.locator(".squiggly-error").first().waitFor();
  await workbench.command("Problems: Focus on Problems View");
  const problems = workbench.page.locator(".markers-panel .monaco-list-row");
  const problem = problems.filter({ hasText: ZERO_DIVISION }).first();
  await problem.waitFor();
  assert.match(await problem.innerText(), /crashsite[\s\S]*\[Ln 77, Col 16\]/);
  await problems.filter({ hasText: "CarrierError: no quote for FR after 2 tries" }).first().waitFor();
  await workbench.command("View: Toggle Panel Visibility");
  await problem.waitFor({ state: "hidden" });
  await picture("source");
});

seen("hovering shows what a name held", async () => {
  assert.match(await workbench.hover("amount / grams", "grams"), /grams: decimal\.Decimal = Decimal\('0'\)[\s\S]*frame 0 of MainThread, split_by_weight/);
  await picture("hover");
  await workbench.endHover();
  assert.match(await workbench.hover("amount = self.config.flat_freight[country]", "flat_freight"), /self\.config\.flat_freight: dict = \{'GB': Decimal\('14\.90'\)/);
  await workbench.endHover();
});

seen("a lens selects the caller, and what is shown follows", async () => {
  await workbench.lens("caller").click();
  await workbench.lens("▶ frame 1 of MainThread").waitFor();
  await workbench.statusBar("Ln 71, Col 52 (32 selected)").waitFor();
  assert.equal(await workbench.lenses().filter({ hasText: "▶ frame 0" }).count(), 0);
  await (await openPage("orders.dump")).locator(".row[aria-current]", { hasText: "Pricing.freight" }).waitFor();
});

seen("the tree in the Run view has the stacks, and selects frames", async () => {
  await workbench.command("Debug: Focus on Crashes View");
  // Above it are VS Code's own words on how to begin, which leave it little room.
  await workbench.page.getByRole("button", { name: "Run Section" }).click();
  const rows = workbench.page.locator(".pane-body .monaco-list-row");
  await rows.filter({ hasText: ZERO_DIVISION }).waitFor();
  const selected = rows.filter({ has: workbench.page.locator(".codicon-debug-stackframe") });
  assert.match(await selected.innerText(), /freight\s*pricing\.py:71/);
  await rows.filter({ hasText: "pipeline.py:44" }).click();
  await workbench.waitForTab("pipeline.py");
  await workbench.lens("▶ frame 3 of MainThread").waitFor();
  await until(async () => /process\s*pipeline\.py:44/.test(await selected.innerText()), "the mark in the tree to follow");
  await picture("tree");
});

seen("a traceback in a log leads to the source", async () => {
  await workbench.openFile("run.log");
  await workbench.waitForTab("run.log");
  await workbench.page.locator(".detected-link").first().click({ modifiers: ["ControlOrMeta"] });
  await workbench.waitForTab("pipeline.py");
  await workbench.statusBar("Ln 3, Col 1").waitFor();
});

seen("a source that is in the dump alone is shown with its values, which follow the frame", async () => {
  const page = await openPage("countdown.dump");
  await page.locator(".sources").getByRole("button", { name: /countdown\.py$/ }).click();
  await workbench.waitForTab("countdown.py");
  await workbench.lens("▶ frame 0 of MainThread").waitFor();
  await workbench.line("left = n - 1 left = -1").waitFor();
  await workbench.lens("caller").click();
  await workbench.lens("▶ frame 1 of MainThread").waitFor();
  await workbench.line("left = n - 1 left = 0").waitFor();
  assert.equal(await workbench.line("left = n - 1 left = -1").count(), 0);
  await workbench.command("Crashsite: Open at Crash");
  await workbench.line("left = n - 1 left = -1").waitFor();
});

seen("nothing in a dump is markup", async () => {
  const page = await openPage("countdown.dump");
  const said = await page.locator("h1").innerText();
  assert.ok(said.includes("<img src=x onerror="), said);
  assert.ok(said.includes("\\u{202e}[link](command:"), said);
  assert.equal(await page.locator("img, main script, a").count(), 0);
  assert.equal(await page.locator("body").getAttribute("data-ran"), null);
});

seen("a dump of Python 2.7 has its page too", async () => {
  const page = await openPage("python27.dump");
  assert.match(await page.locator("h1").innerText(), /ZeroDivisionError.*integer division or modulo by zero/);
  await row(page, "n", "int", "1500").waitFor();
  await row(page, "heap", "list").click();
  await row(page, "… 1400 more").click();
  await row(page, "[150]", "order-150").waitFor();
});

seen("a dump that lies elsewhere has its page, and those that were open keep theirs", async () => {
  await openPage("python27.dump");
  await workbench.quick("Control+P", outside, "elsewhere.dump");
  await workbench.waitForTab("elsewhere.dump");
  await row(workbench.dumpPage(), "n", "int", "1500").waitFor();
  const page = await openPage("python27.dump");
  await row(page, "first", "dict").click();
  await row(page, "cust", "Money").waitFor();
});

seen("another program's dump opens as it always did", async () => {
  await workbench.openFile("backup.dump");
  await workbench.waitForTab("backup.dump");
  await workbench.line("-- PostgreSQL database dump").waitFor();
});

seen("the page has the theme's colours", async () => {
  const page = await openPage("orders.dump");
  const background = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  const light = await background();
  await workbench.command("Preferences: Toggle between Light/Dark Themes");
  await until(async () => (await background()) !== light, "the page to be dark");
  await workbench.command("Preferences: Color Theme");
  const themes = workbench.page.locator(".quick-input-list .monaco-list-row");
  await workbench.page.locator(".quick-input-widget input").first().fill("Dark High Contrast");
  await themes.filter({ hasText: "Dark High Contrast" }).first().click();
  await until(async () => (await background()) === "rgb(0, 0, 0)", "the page to be black");
  const border = await page.getByRole("button", { name: "Open at crash" }).evaluate((one) => getComputedStyle(one).borderColor);
  assert.notEqual(border, "rgba(0, 0, 0, 0)");
});
