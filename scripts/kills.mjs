#!/usr/bin/env node
// Kills the server during changes, over and over: `npm run kills -- --help`.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const file = fileURLToPath(new URL("../test/kills/command.ts", import.meta.url));
const { module } = await runnerImport(file, {
  configFile: false,
  logLevel: "error",
  root: fileURLToPath(new URL("..", import.meta.url)),
});
process.exitCode = await module.killsCommand(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
