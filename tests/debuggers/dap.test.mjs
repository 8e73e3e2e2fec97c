// A session as a client of the protocol's own library has it: what VS Code asks for, in the order in which it does.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HERE = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(given("CRASHSITE_DEBUGGERS_PACKAGES"), "package.json"));
const { DebugClient } = require("@vscode/debugadapter-testsupport");

function given(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run this by cargo xtask test`);
  return value;
}

let folder;
let program;
let client;
let text;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "crashsite-dap-"));
  program = join(folder, "shop.py");
  await cp(join(HERE, "shop.py"), program);
  text = await readFile(program, "utf8");
  const env = { ...process.env, PYTHONPATH: join(HERE, "..", "..", "python") };
  await promisify(execFile)(given("CRASHSITE_PYTHON"), ["-B", program, join(folder, "shop.dump")], { env });
  // The file is another by now: its text comes from the dump.
  await appendFile(program, "# changed\n");
  client = new DebugClient(given("CRASHSITE_BINARY"), "dap", "crashsite");
  client.defaultTimeout = 30000;
  await client.start();
});

after(async () => {
  await client?.stop();
  await rm(folder, { recursive: true });
});

test("a session", async () => {
  const stopped = client.waitForEvent("stopped");
  const [launched] = await Promise.all([
    client.launch({ dump: join(folder, "shop.dump") }),
    client.configurationSequence(),
  ]);
  assert.ok(launched.success);
  const { body: stop } = await stopped;
  assert.equal(stop.reason, "exception");
  assert.equal(stop.text, "ZeroDivisionError: division by zero");
  assert.equal(stop.allThreadsStopped, true);

  const { threads } = (await client.threadsRequest()).body;
  assert.deepEqual(
    threads.map((thread) => thread.name),
    ["till: ZeroDivisionError", "stock\\x1b[31m-1", "MainThread", "context: KeyError"],
  );
  for (const thread of threads) {
    const { stackFrames, totalFrames } = (await client.stackTraceRequest({ threadId: thread.id })).body;
    assert.ok(stackFrames.length > 0);
    assert.equal(stackFrames.length, totalFrames);
  }

  // The stack comes in parts.
  const part = (await client.stackTraceRequest({ threadId: stop.threadId, startFrame: 0, levels: 1 })).body;
  assert.equal(part.stackFrames.length, 1);
  assert.ok(part.totalFrames > 5);
  const [frame] = part.stackFrames;
  assert.equal(frame.name, "share");
  assert.match(text.split("\n")[frame.line - 1], /pieces \/ total$/);
  assert.ok(frame.source.sourceReference > 0);
  const { content, mimeType } = (await client.sourceRequest(frame.source)).body;
  assert.equal(content, text);
  assert.equal(mimeType, "text/x-python");

  const { scopes } = (await client.scopesRequest({ frameId: frame.id })).body;
  assert.deepEqual(
    scopes.map(({ name, expensive }) => [name, expensive]),
    [["Locals", false], ["Cells", false], ["Globals", true], ["Exception", false]],
  );
  const inside = async (reference) => {
    const { variables } = (await client.variablesRequest({ variablesReference: reference })).body;
    return Object.fromEntries(variables.map((variable) => [variable.name, variable]));
  };
  const [locals, cells, , raised] = await Promise.all(scopes.map((scope) => inside(scope.variablesReference)));
  assert.deepEqual(Object.values(cells).map(({ name, value }) => [name, value]), [["pieces", "[2, 6]"]]);
  const order = locals.order;
  assert.equal(order.type, "Order");
  const { lines, by_sku: bySku, seal } = await inside(order.variablesReference);
  assert.equal(lines.evaluateName, "order.lines");
  const second = (await inside(lines.variablesReference))["[1]"];
  assert.deepEqual(await inside(second.variablesReference).then(({ sku, pieces }) => [sku.value, pieces.value]), ["'CUPS'", "6"]);
  assert.equal((await inside(bySku.variablesReference))["'TEA'"].evaluateName, "order.by_sku['TEA']");
  assert.equal(raised.exception.value, "ZeroDivisionError: division by zero");
  assert.equal(raised.context.evaluateName, "$exc.__context__");

  const evaluate = async (expression, context) =>
    (await client.evaluateRequest({ expression, context, frameId: frame.id })).body;
  assert.equal((await evaluate("order.lines[1].sku", "hover")).result, "'CUPS'");
  const watched = await evaluate("[line.pieces for line in order.lines]", "watch");
  assert.equal(watched.result, "[2, 6]");
  assert.deepEqual(Object.values(await inside(watched.variablesReference)).map(({ value }) => value), ["2", "6"]);
  assert.equal((await evaluate("sum(line.pieces for line in order.lines)", "repl")).result, "$0 = 8");
  assert.equal((await evaluate("$0 * 2", "repl")).result, "$1 = 16");
  assert.equal((await evaluate("order.lines[0].sku", "clipboard")).result, "'TEA'");
  for (const context of ["hover", "watch", "repl"]) {
    await assert.rejects(evaluate("ordr", context), /NameError: name 'ordr' is not defined/);
    await assert.rejects(evaluate("x = 1", context), /SyntaxError: .*\nGive one expression of Python/);
  }

  const at = (typed) => client.completionsRequest({ text: typed, column: typed.length + 1, frameId: frame.id });
  const labels = async (typed) => (await at(typed)).body.targets.map(({ label }) => label);
  assert.deepEqual(await labels("order.li"), ["lines"]);
  assert.deepEqual(await labels("order.by_sku['"), ["CUPS", "TEA"]);
  assert.ok((await labels("or")).includes("order"));

  const info = (await client.exceptionInfoRequest({ threadId: stop.threadId })).body;
  assert.equal(info.exceptionId, "ZeroDivisionError");
  assert.equal(info.breakMode, "unhandled");
  assert.equal(info.details.innerException[0].typeName, "KeyError");
  assert.match(info.details.stackTrace, /^Traceback[^]*KeyError: 'nope'\n\nDuring handling [^]*, in share\n.*\nZeroDivisionError: division by zero\n$/);

  const memory = async (offset, count) =>
    (await client.customRequest("readMemory", { memoryReference: seal.memoryReference, offset, count })).body;
  const read = await memory(250, 12);
  assert.deepEqual([...Buffer.from(read.data, "base64")], [250, 251, 252, 253, 254, 255, 0, 1, 2, 3, 4, 5]);
  assert.equal((await memory(510, 12)).unreadableBytes, 10);
  assert.equal((await memory(512, 3)).unreadableBytes, 3);

  const { modules } = (await client.modulesRequest({})).body;
  assert.deepEqual(
    modules.filter(({ isUserCode }) => isUserCode).map(({ id }) => id),
    ["__main__"],
  );

  // Nothing moves, and everything is where it was.
  const again = client.waitForEvent("stopped");
  await assert.rejects(client.nextRequest({ threadId: stop.threadId }), /post-mortem: the program is dead/);
  assert.equal((await again).body.preserveFocusHint, true);
  await assert.rejects(client.setVariableRequest({ variablesReference: 1, name: "total", value: "1" }), /post-mortem/);
  assert.equal((await evaluate("total", "watch")).result, "0");

  const ended = Promise.all([client.waitForEvent("exited"), client.waitForEvent("terminated")]);
  await client.terminateRequest();
  await ended;
});
