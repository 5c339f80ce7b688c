#!/usr/bin/env node
// Runs the kills of test/kills/command.ts: `npm run kills -- --help`.
import { fileURLToPath } from "node:url";
import { createServer, createServerModuleRunner } from "vite";

// The record loads its database when it is opened: the runner has to be there for as long as the kills run.
const server = await createServer({
  configFile: false,
  logLevel: "error",
  root: fileURLToPath(new URL("..", import.meta.url)),
  server: { middlewareMode: true, ws: false },
});
const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
try {
  const { killsCommand } = await runner.import("/test/kills/command.ts");
  process.exitCode = await killsCommand(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
} finally {
  await runner.close();
  await server.close();
}
