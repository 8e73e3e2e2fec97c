// Bundles the extension for VS Code's host and the page for its webview, into dist/.
import { copyFile } from "node:fs/promises";
import { build } from "esbuild";

const common = { bundle: true, minify: true, target: "es2022", legalComments: "linked", logLevel: "warning" };
await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  platform: "node",
  format: "cjs",
  external: ["vscode"],
});
await build({ ...common, entryPoints: ["page/page.ts"], outfile: "dist/page.js", platform: "browser", format: "iife" });
await copyFile("page/page.css", "dist/page.css");
