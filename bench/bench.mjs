/** `npm run bench`: everything about speed, measured in one run. What the figures mean stands in bench/README.md. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { profileCached } from "./cached/profile.mjs";
import { profileReading } from "./reading/profile.mjs";
import { describeMachine, describeVersions } from "./run/machine.mjs";
import { comparedParts, parts } from "./run/parts.mjs";
import { installPeers } from "./run/peers.mjs";
import { fallen, ratiosOf, whyNotComparable, wrongCounts } from "./run/ratios.mjs";
import { report } from "./run/report.mjs";
import { runShort } from "./run/short.mjs";
import { formatTable } from "./run/table.mjs";

const usage = `Usage: npm run bench -- [options]

Measures the built server beside others in one run on this machine: cached answers beside raw bytes, bare graphql-js, stock
Apollo and mercurius; reading beside naive resolvers, RESTDataSource and a reader of one page after another; the start and the
memory; a site of 500,000 grants. Prints tables and writes bench/results/bench.json and profile.json, some minutes later.
The packages of the others are installed below bench the first time.

  --only PARTS   some of cached, reading, start, large and profile, with commas between; nothing else is measured or written over
  --rounds N     how often each is measured in turn; medians are told (default 5)
  --check        measures cached and reading and compares with results of this machine of the last hour: 1 where a ratio fell by
                 a quarter. Writes nothing
  --short        for CI, some seconds: checks how many calls are made upstream, and prints ratios. Installs and writes nothing
  --help         this text

Ends with 0, with 1 where calls are not as many as promised or a ratio fell, and with 2 when the options are at fault or
there is nothing to compare with.
`;

const resultsFile = new URL("results/bench.json", import.meta.url);
const profileFile = new URL("results/profile.json", import.meta.url);
const tell = (line) => process.stderr.write(`  ${line}\n`);
const allParts = [...Object.keys(parts), "profile"];

function refuse(why) {
  process.stderr.write(`${why} See --help.\n`);
  return 2;
}

async function main() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        only: { type: "string" },
        rounds: { type: "string", default: "5" },
        check: { type: "boolean", default: false },
        short: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    return refuse(error.message);
  }
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const only = values.only?.split(",") ?? allParts;
  const unknown = only.filter((part) => !allParts.includes(part));
  if (unknown.length > 0) return refuse(`--only: there is no ${unknown.join(", ")}.`);
  if (!/^[1-9]\d?$/.test(values.rounds)) return refuse("--rounds: must be a whole number from 1 to 99, such as 5.");
  const rounds = Number(values.rounds);
  if (values.short) return short();
  return values.check ? check(rounds) : measureAll(only, rounds);
}

async function short() {
  const { wrong, text } = await runShort(tell);
  process.stdout.write(text);
  return wrong.length === 0 ? 0 : 1;
}

async function check(rounds) {
  const before = readJson(resultsFile);
  const why = whyNotComparable(before, describeMachine(), Date.now());
  if (why !== null) return refuse(`There is nothing to compare with: ${why}. Run npm run bench first.`);
  installPeers(tell);
  const now = await measure(comparedParts, rounds);
  process.stdout.write(report(now));
  const [was, is] = [ratiosOf(before), ratiosOf(now)];
  process.stdout.write(
    formatTable(
      ["ratio", "before", "now"],
      Object.keys(was).map((name) => [name, was[name], is[name]]),
    ),
  );
  const lower = fallen(before, now);
  for (const each of lower) process.stdout.write(`FELL BY A QUARTER: ${each.name}, from ${each.was} to ${each.is}\n`);
  return countsAreRight(now) && lower.length === 0 ? 0 : 1;
}

async function measureAll(only, rounds) {
  installPeers(tell);
  const machine = describeMachine();
  const measured = await measure(
    only.filter((part) => part !== "profile"),
    rounds,
  );
  const about = { measuredAt: new Date().toISOString(), machine, versions: describeVersions() };
  mkdirSync(new URL("results/", import.meta.url), { recursive: true });
  if (Object.keys(measured).length > 0) {
    const loadAtEnd = loadavg().map((load) => Math.round(load * 100) / 100);
    // Parts of another run are of another moment, and perhaps of another machine: they are not kept beside these.
    const results = { ...about, machine: { ...machine, loadAtEnd }, rounds, ...measured };
    writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
    process.stdout.write(report(measured));
  }
  if (only.includes("profile")) {
    const profiles = {
      ...(await profileCached({ ms: 3_000, connections: 8, tell })),
      ...(await profileReading({ tell })),
    };
    writeFileSync(profileFile, `${JSON.stringify({ ...about, profiles }, null, 2)}\n`);
  }
  // Whoever shares the machine takes from both sides of a ratio, but not evenly.
  if (machine.loadAtStart[0] > machine.cpus / 2)
    process.stdout.write(
      `The machine was busy with other things (load ${machine.loadAtStart[0]}): trust ratios, and those by processor time most.\n`,
    );
  return countsAreRight(measured) ? 0 : 1;
}

async function measure(names, rounds) {
  const measured = {};
  for (const name of names) measured[name] = await parts[name]({ rounds, tell });
  return measured;
}

function countsAreRight(measured) {
  const wrong = wrongCounts(measured);
  for (const line of wrong) process.stdout.write(`WRONG COUNT: ${line}\n`);
  return wrong.length === 0;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

process.exitCode = await main();
