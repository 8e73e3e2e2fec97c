#!/bin/sh
# Installs code-server, which is VS Code's workbench in a browser, and playwright-core into a folder; the folder's package.json
# and package-lock.json pin them. Of the packages' own install scripts only those run that build what the workbench needs:
# the others download binaries from elsewhere.
set -eu
cd "$1"
npm ci --ignore-scripts --no-audit --no-fund
npm rebuild --foreground-scripts argon2
root=$PWD
workbench=$root/node_modules/code-server/lib/vscode
# These folders have an npm-shrinkwrap.json or package-lock.json of their own.
(cd "$workbench" && npm install --omit=dev --ignore-scripts --no-audit --no-fund)
(cd "$workbench/extensions" && npm install --omit=dev --ignore-scripts --no-audit --no-fund)
(cd "$workbench" && npm rebuild --foreground-scripts @vscode/spdlog native-watchdog)
(cd "$workbench/node_modules/node-pty" && "$root/node_modules/.bin/node-gyp" rebuild)
mkdir -p "$workbench/node_modules/@vscode/ripgrep/bin"
cp node_modules/@vscode/ripgrep-linux-x64/bin/rg "$workbench/node_modules/@vscode/ripgrep/bin/"
ln -sfn node_modules "$workbench/node_modules.asar"
ln -sfn code-linux.sh "$workbench/bin/remote-cli/code-server"
ln -sfn browser-linux.sh "$workbench/bin/helpers/browser.sh"
