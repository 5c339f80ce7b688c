/** `npm run frontends`: reads the schema with the tools of frontend teams, relay-compiler and the rules of graphql-eslint. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("./", import.meta.url)).replace(/\/$/, "");
const root = fileURLToPath(new URL("../../", import.meta.url));
const tell = (text) => process.stdout.write(`${text}\n`);

function run(command, args, cwd = here) {
  const { status } = spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2] });
  return status === 0;
}

/** What a message is said of, in the place that it names: a type, a field, a value. */
function placeOf({ line, column }, lines) {
  return /^\w+/.exec(lines[line - 1]?.slice(column - 1) ?? "")?.[0] ?? "";
}

async function lint() {
  // Of a package of its own, which need not be installed.
  const [{ ESLint }, { exceptions }] = await Promise.all([import("eslint"), import("./exceptions.js")]);
  const [{ messages }] = await new ESLint({ cwd: here }).lintFiles(["generated/schema.graphql"]);
  const lines = readFileSync(`${here}/generated/schema.graphql`, "utf8").split("\n");
  const used = new Set();
  const faults = messages.filter((message) => {
    const place = placeOf(message, lines);
    const isKnown = exceptions.some(({ rule, of }) => rule === message.ruleId && of.includes(place));
    if (isKnown) used.add(`${message.ruleId} ${place}`);
    return !isKnown;
  });
  const idle = exceptions
    .flatMap(({ rule, of }) => of.map((each) => `${rule} ${each}`))
    .filter((each) => !used.has(each));
  for (const { line, message, ruleId } of faults) tell(`${ruleId}, line ${line}: ${message}`);
  for (const each of idle) tell(`exceptions.js: ${each} is an exception to nothing.`);
  tell(`graphql-eslint: ${faults.length} faults, ${used.size} exceptions.`);
  return faults.length + idle.length === 0;
}

function compileRelay() {
  rmSync(`${here}/generated/relay`, { recursive: true, force: true });
  mkdirSync(`${here}/generated/relay`);
  return run("node", ["node_modules/relay-compiler/cli.js", "relay.config.json"]);
}

async function main() {
  if (!existsSync(`${here}/node_modules`)) {
    tell("Installing relay-compiler and graphql-eslint, once (examples/schema-tools/package.json).");
    if (!run("npm", ["ci", "--no-audit", "--no-fund"])) {
      tell("They could not be installed: the schema was NOT read with them.");
      return 1;
    }
  }
  mkdirSync(`${here}/generated`, { recursive: true });
  const isPrinted = run(
    "node",
    ["dist/cli/printSchema.js", "--api", "--out", `${here}/generated/schema.graphql`],
    root,
  );
  const results = isPrinted ? [compileRelay(), await lint()] : [false];
  return results.every(Boolean) ? 0 : 1;
}

process.exitCode = await main();
