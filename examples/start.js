// @ts-check
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// Everything that docs/federation.md starts one by one, in one terminal. Control-C ends it all.

const { values } = parseArgs({
  options: {
    /** The first of four ports; 0 for any that are free. */
    port: { type: "string", default: "4000" },
    hive: { type: "boolean", default: false },
  },
});
const first = Number(values.port);
const portOf = (/** @type {number} */ index) => String(first === 0 ? 0 : first + index);
/** @type {import("node:child_process").ChildProcess[]} */
const children = [];
let isStopping = false;

/**
 * @param {string} program
 * @param {RegExp} isUp its address is the first group
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 */
function start(program, isUp, args, env = {}) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(program, import.meta.url)), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  child.once("exit", (code) => {
    if (isStopping) return;
    process.stderr.write(`${program} ended with ${code}\n`);
    process.exitCode = 1;
    stop();
  });
  let said = "";
  return /** @type {Promise<string>} */ (
    new Promise((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text) => {
        said += text;
        process.stdout.write(text);
        const found = isUp.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
    })
  );
}

function stop() {
  if (isStopping) return;
  isStopping = true;
  for (const child of children) child.kill();
}
process.once("SIGINT", stop).once("SIGTERM", stop);

const [confluence, people, tickets] = await Promise.all([
  start("../dist/main.js", /^GraphQL +(\S+)\n/m, [], { PORT: portOf(0) }),
  start("people/main.js", /^People +(\S+)\n/m, ["--port", portOf(1)]),
  start("tickets/main.js", /^Tickets +(\S+)\n/m, ["--port", portOf(2)]),
]);
await start("gateway/main.js", /^Supergraph +(\S+)\n/m, [
  ...["--confluence", confluence, "--people", people, "--tickets", tickets, "--port", portOf(3)],
  ...(values.hive ? ["--hive"] : []),
]);
