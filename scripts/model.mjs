#!/usr/bin/env node
// Runs the model of test/model/command.ts: `npm run model -- --help`.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const file = fileURLToPath(new URL("../test/model/command.ts", import.meta.url));
const { module } = await runnerImport(file, {
  configFile: false,
  logLevel: "error",
  root: fileURLToPath(new URL("..", import.meta.url)),
});
process.exitCode = await module.modelCommand(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
