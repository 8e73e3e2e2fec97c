// A dump in VS Code's debugger: what a person sees of a program that is dead.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { folder, openPage, picture, seen, withWorkbench, workbench } from "./workspace.mjs";

withWorkbench();

/** The rows of a view of the debugger: `call-stack`, `variables`, `watch`. */
const rows = (view) => workbench.page.locator(`.debug-${view} .monaco-list-row`);

/** The row of a view in which all these texts are. */
const row = (view, ...texts) => texts.reduce((found, text) => found.filter({ hasText: text }), rows(view)).first();

/** Opens a row with its arrow. */
const expand = async (found) => {
  await found.waitFor();
  if ((await found.getAttribute("aria-expanded")) === "false") {
    await found.locator(".monaco-tl-twistie").click();
  }
};

const pane = (title) => workbench.page.getByRole("button", { name: `${title} Section` });

const exceptionWidget = () => workbench.page.locator(".exception-widget:visible");

/** What the debug console answers to an expression. */
const answered = async (expression, answer) => {
  const { page } = workbench;
  await page.locator(".repl-input-wrapper .monaco-editor").click();
  await page.keyboard.type(expression);
  await page.keyboard.press("Enter");
  await page.locator(".repl-tree .monaco-list-row").filter({ hasText: answer }).last().waitFor();
};

seen("the debug button stops at the exception, and says where it came from", async () => {
  const page = await openPage("orders.dump");
  await page.getByRole("button", { name: "Debug", exact: true }).click();
  await workbench.waitForTab("pricing.py");
  await exceptionWidget().waitFor();
  const said = await exceptionWidget().innerText();
  const chain = [
    "TimeoutError: timed out after 0.05 s",
    "direct cause of the following exception",
    "CarrierError: no quote for FR after 2 tries",
    "another exception occurred",
    "per_gram = amount / grams",
  ];
  assert.match(said, /^Exception has occurred: decimal\.DivisionByZero/);
  const places = chain.map((part) => said.indexOf(part));
  assert.ok(places.every((place, index) => place > (places[index - 1] ?? 0)), said);
  await row("call-stack", "MainThread: DivisionByZero", "Post mortem").waitFor();
  await row("call-stack", "split_by_weight", "pricing.py", "77:16").waitFor();
  // What the line before it made, by the debugger now: once.
  await workbench.line("Decimal(0)) grams = Decimal('0'), lines = []").waitFor();
  await picture("debug");
  // Room for the stacks.
  await pane("Watch").click();
});

seen("all threads are there, and the exceptions that it came from", async () => {
  const main = row("call-stack", "MainThread");
  await main.locator(".monaco-tl-twistie").click();
  for (const thread of ["stock-1", "stock-2", "heartbeat", "context: CarrierError", "cause: TimeoutError"]) {
    await row("call-stack", thread).waitFor();
  }
  await expand(row("call-stack", "cause: TimeoutError"));
  await row("call-stack", "Carrier._ask", "45:13").click();
  await workbench.statusBar("Ln 45, Col 87 (74 selected)").waitFor();
  await row("variables", "country", "'FR'").waitFor();
  await row("call-stack", "cause: TimeoutError").locator(".monaco-tl-twistie").click();
  await expand(main);
});

seen("a frame is chosen, and its variables open level by level", async () => {
  await row("call-stack", "Pricing.invoice").click();
  await workbench.statusBar("Ln 59, Col 50 (28 selected)").waitFor();
  await pane("Call Stack").click();
  await expand(row("variables", "order ="));
  await expand(row("variables", "lines ="));
  await expand(row("variables", "[0] ="));
  await row("variables", "quantity =", "1").waitFor();
  await expand(row("variables", "product ="));
  await row("variables", "title =", "'Voucher 50'").waitFor();
  await pane("Call Stack").click();
  // The lenses and the tree of dumps follow the debugger.
  await workbench.lens("▶ frame 2 of MainThread").waitFor();
});

seen("expressions are answered in the hover, the watch and the console", async () => {
  assert.match(await workbench.debugHover("shares = self.freight(order, country)", "country"), /'FR'/);
  await workbench.page.mouse.move(0, 0);
  await pane("Watch").click();
  await workbench.page.getByRole("button", { name: "Add Expression" }).click();
  await workbench.page.keyboard.type("len(order.lines)");
  await workbench.page.keyboard.press("Enter");
  await workbench.page.mouse.move(0, 0);
  await row("watch", "len(order.lines) =", "2").waitFor();
  await answered("[line.quantity for line in order.lines]", "[1, 2]");
  await answered("nonsense", "NameError");
  await picture("debug-console");
});

seen("a step is refused in so many words, and all stays as it was", async () => {
  await workbench.page.keyboard.press("F10");
  await workbench.page.locator(".notification-list-item").getByText("This is a post-mortem").waitFor();
  await row("call-stack", "MainThread: DivisionByZero", "Post mortem").waitFor();
  await workbench.command("Notifications: Clear All Notifications");
  await workbench.command("Debug: Stop");
  await workbench.page.locator(".debug-toolbar:visible").waitFor({ state: "hidden" });
  // The hints are back.
  await workbench.command("Crashsite: Open at Crash");
  await workbench.line("def split_by_weight(amount: Decimal, lines: List[Line]) -> Dict[str, Decimal]: amount = Decimal('12.40'), lines = []").waitFor();
});

seen("the lens debugs a source that is in the dump alone", async () => {
  const page = await openPage("countdown.dump");
  await page.getByRole("button", { name: "Open at crash" }).click();
  await workbench.waitForTab("countdown.py");
  await workbench.lens("debug").click();
  await exceptionWidget().waitFor();
  await row("call-stack", "count", "countdown.py", "9:9").waitFor();
  assert.equal(await workbench.activeTab(), "countdown.py");
  await workbench.line("left = n - 1 left = -1, n = 0").waitFor();
  await rows("call-stack").filter({ hasText: "count" }).filter({ hasText: "10:12" }).nth(1).click();
  await workbench.line("left = n - 1 left = 1, n = 2").waitFor();
  await workbench.lens("▶ frame 2 of MainThread").waitFor();
  // It is the one document: what the language server knows of it is there too.
  assert.equal(await workbench.page.locator(".tabs-container .tab", { hasText: "countdown.py" }).count(), 1);
  await picture("debug-source");
  await workbench.command("Debug: Stop");
  await workbench.page.locator(".debug-toolbar:visible").waitFor({ state: "hidden" });
});

seen("launch.json is begun for a person, and asks for the dump", async () => {
  const { page } = workbench;
  const choices = page.locator(".quick-input-list .monaco-list-row");
  await workbench.command("Debug: Add Configuration...");
  await choices.filter({ hasText: "Crashsite: Python, post mortem" }).first().click();
  await workbench.waitForTab("launch.json");
  await workbench.line('"dump": "${command:PickDump}"').waitFor();
  await page.keyboard.press("F5");
  await choices.filter({ hasText: "countdown.dump" }).click();
  await row("call-stack", "count", "countdown.py", "9:9").waitFor();
  await workbench.command("Debug: Stop");
  await page.locator(".debug-toolbar:visible").waitFor({ state: "hidden" });
});

seen("a dump that is not there is said to be so", async () => {
  const launch = { configurations: [{ type: "crashsite", request: "launch", name: "nowhere", dump: "/no/such.dump" }] };
  await mkdir(join(folder, ".vscode"), { recursive: true });
  await writeFile(join(folder, ".vscode/launch.json"), JSON.stringify(launch));
  await workbench.statusBar("nowhere").waitFor();
  await workbench.quick("Control+P", "debug nowhere", "nowhere");
  const dialog = workbench.page.locator(".monaco-dialog-box");
  await dialog.getByText("/no/such.dump").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});
