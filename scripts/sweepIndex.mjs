#!/usr/bin/env node
// Runs the sweep of test/sweep/index/command.ts: `npm run sweep:index -- --help`.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const file = fileURLToPath(new URL("../test/sweep/index/command.ts", import.meta.url));
const { module } = await runnerImport(file, {
  configFile: false,
  logLevel: "error",
  root: fileURLToPath(new URL("..", import.meta.url)),
});
process.exitCode = await module.sweepIndexCommand(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
