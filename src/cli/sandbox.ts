import { loadSandbox, SandboxAbsent } from "../compose/loadSandbox.js";
import { exitCodes } from "./runCommand.js";

// Its options and what it prints are those of its own package, which is not everywhere where this one is.
try {
  const { runCommand } = await loadSandbox();
  await runCommand(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SandboxAbsent)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exitCodes.misused;
}
