// Bundles the extension for VS Code's host and the page for its webview, into dist/, with the licences of what is in the bundles.
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const common = {
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};
const extension = await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  platform: "node",
  format: "cjs",
  external: ["vscode"],
});
const page = await build({
  ...common,
  entryPoints: ["page/page.ts"],
  outfile: "dist/page.js",
  platform: "browser",
  format: "iife",
});
await copyFile("page/page.css", "dist/page.css");

const inputs = [extension, page].flatMap((built) => Object.keys(built.metafile.inputs));
// The innermost package, where one lies in another.
const packages = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
const licences = [];
for (const folder of [...packages].sort()) {
  const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (name === undefined) {
    throw new Error(`${folder} has no file with its licence`);
  }
  licences.push(`${folder}\n\n${await readFile(`${folder}/${name}`, "utf8")}`);
}
await writeFile("dist/LICENSES.txt", licences.join("\n\n----\n\n"));
