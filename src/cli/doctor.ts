import { systemClock } from "../compose/systemClock.js";
import { endWithReader, exitCodes, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph doctor [options]        (in a clone: npm run doctor -- [options])

Checks each configured site the way the server would use it, call by call, and the Valkey or Redis of CACHE_URL, command by
command, and prints what works, what does not, and which scope or right is missing. It changes nothing. The sites come
from the server's own variables: docs/configuration.md.

  --json    the checks as JSON: { isHealthy, checks, warnings }
  --help    this text
  --version the version of this product

Ends with 0 when everything that is configured works, 1 when something does not, and 2 when the options or the
configuration are at fault.
`;

/**
 * Checks each configured site the way the server would use it and prints a table, or JSON with `--json`. Never writes.
 * Exit code 1 when something that a configured feature needs is missing, 2 when the configuration is at fault.
 */
async function doctor(isJsonWanted: boolean): Promise<number> {
  // What looks at sites is half of the server, of which nobody needs any who asks what the options are.
  const { reportOn } = await import("./doctor/report.js");
  const { env, stderr: log } = process;
  const { text, isHealthy } = await reportOn({ env, isJsonWanted, clock: systemClock, log });
  process.stdout.write(text);
  return isHealthy ? exitCodes.fine : exitCodes.failed;
}

endWithReader();
await runCommand({ usage, options: { json: { type: "boolean" } }, run: ({ json = false }) => doctor(json) });
