// The long commands are written beside the tests whose worlds and judges they share, and run from source.
import { fileURLToPath } from "node:url";
import { createServer, createServerModuleRunner } from "vite";

/** Runs an exported command of a file of this project with the arguments of the process, and takes over its exit code. */
export async function runCommand(file, name) {
  // The record loads its database when it is opened: the runner has to be there for as long as the command runs.
  const server = await createServer({
    configFile: false,
    logLevel: "error",
    root: fileURLToPath(new URL("..", import.meta.url)),
    server: { middlewareMode: true, ws: false },
  });
  const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
  try {
    const module = await runner.import(file);
    process.exitCode = await module[name](process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
  } finally {
    await runner.close();
    await server.close();
  }
}
