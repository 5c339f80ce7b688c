/**
 * How large and how fast the access index is: builds a site in process, part by part as a crawl does, and asks it.
 *
 *   npm run bench:index                 at full scale and at a tenth of it
 *   npm run bench:index -- --scale 0.01 at another
 *
 * Prints its figures and writes them to bench/results/index-<scale>.json.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { kindsInOrder } from "../dist/access/findings/Finding.js";
import { FindingList } from "../dist/access/findings/FindingList.js";
import { AccessIndex } from "../dist/access/index/AccessIndex.js";
import { cloudAccessRules } from "../dist/access/SiteFacts.js";
import { writeSheet } from "../dist/cli/export/formats.js";
import { effectiveRows, findingRows, grantRows } from "../dist/cli/export/rows.js";
import {
  accountId,
  fill,
  grantsOf,
  groupId,
  operations,
  randomFrom,
  sizeOf,
  spaceId,
  whole,
} from "./worlds/largeSite.mjs";

const { values } = parseArgs({
  options: { scale: { type: "string", multiple: true, default: ["0.1", "1"] }, seed: { type: "string", default: "1" } },
});

const [readSpace, , createPage] = operations;
/** Rows of one export that are made at most. */
const exportedRows = 500_000;
/** What the main thread has used of a processor, in milliseconds: pauses of the collector count, other threads do not. */
function threadMs() {
  try {
    return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
}

/** Lengths of steps: the wall's, and the processor's, which other processes on the machine do not stretch. */
class Steps {
  wall = [];
  cpu = [];
  longest = { cpuMs: 0, what: "" };

  measure(what, work) {
    const used = threadMs();
    const began = performance.now();
    const result = work();
    this.wall.push(performance.now() - began);
    const cpuMs = threadMs() - used;
    this.cpu.push(cpuMs);
    if (cpuMs > this.longest.cpuMs) this.longest = { cpuMs, what };
    return result;
  }

  all(what, steps) {
    while (!this.measure(what, () => steps.next().done));
  }

  summary() {
    const over = (list, ms) => list.filter((each) => each > ms).length;
    const max = (list) => list.reduce((most, each) => Math.max(most, each), 0);
    return {
      steps: this.wall.length,
      longestWallMs: round(max(this.wall)),
      longestCpuMs: round(max(this.cpu)),
      longestStep: this.longest.what,
      over20msWall: over(this.wall, 20),
      over20msCpu: over(this.cpu, 20),
    };
  }
}

function run(scale) {
  const size = sizeOf(scale);
  const random = randomFrom(Number(values.seed));
  globalThis.gc?.();
  const before = process.memoryUsage();
  const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false });
  const steps = new Steps();
  const askMeanwhile = (number) => {
    steps.measure("who can, meanwhile", () => index.whoCan(spaceId(number), {}, { first: 25 }));
    steps.measure("what can, meanwhile", () => index.whatCan(accountId(number), {}, { first: 25 }));
    steps.measure("check, meanwhile", () => index.check(accountId(number), spaceId(number), createPage));
  };
  const began = performance.now();
  const usedBefore = process.cpuUsage();
  const { counts, generatingMs } = fill(index, { size, random, steps, askMeanwhile });
  const buildMs = performance.now() - began - generatingMs;
  const { user, system } = process.cpuUsage(usedBefore);
  steps.measure("the first question", () => index.whoCan(spaceId(1), {}, { first: 25 }));
  const bytesBeforeCompacting = index.bytes;
  steps.all("compacting", index.compacting());
  const slices = steps.summary();
  // Twice: what weak references hold goes with the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const after = process.memoryUsage();
  const countedBytes = index.bytes;
  // Made before, so that only the questions are measured.
  const spaces = Array.from({ length: 5_000 }, () => spaceId(1 + Math.floor(random() * size.spaces)));
  const accounts = Array.from({ length: 50_000 }, () => accountId(1 + Math.floor(random() * size.accounts)));
  let turn = 0;
  const next = (list) => {
    turn += 1;
    return list[turn % list.length];
  };
  const someSpace = () => next(spaces);
  const someAccount = () => next(accounts);

  const questions = {
    check: micros(
      5_000,
      10,
      ([account, space]) => index.check(account, space, createPage),
      // As a request brings them: texts of its own, just read.
      () => JSON.parse(JSON.stringify(Array.from({ length: 10 }, () => [someAccount(), someSpace()]))),
    ),
    whoCan: micros(300, 1, () => index.whoCan(someSpace(), { operations: [createPage] }, { first: 25 })),
    whoCanFar: micros(300, 1, () =>
      index.whoCan(someSpace(), { operations: [readSpace] }, { first: 25, after: someAccount() }),
    ),
    whatCan: micros(300, 1, () => index.whatCan(someAccount(), { operations: [createPage] }, { first: 25 })),
    operationsOf: micros(2_000, 5, () => index.operationsOf(someAccount(), someSpace())),
    holders: micros(300, 1, () => index.holders(someSpace())),
    explain: micros(30, 1, () => index.explain(someAccount(), someSpace(), createPage)),
  };
  const findings = findAll(index);
  const byName = orderAll(index, someSpace);
  const exported = exportAll(index, size);
  const changes = {
    putMembership: micros(300, 1, () => index.putMembership(groupId(30), someAccount(), random() < 0.5)),
    replaceSpaceGrants: micros(100, 1, () => {
      const number = 1 + Math.floor(random() * size.spaces);
      index.replaceSpaceGrants(spaceId(number), whole(grantsOf(size, number, random, { rows: 0, grants: 0 })));
    }),
    firstQuestionAfterAChange: micros(100, 1, () => {
      index.putMembership(groupId(30), someAccount(), random() < 0.5);
      return index.check(someAccount(), someSpace(), createPage);
    }),
  };
  const megabytes = (bytes) => round(bytes / 1_048_576);
  return {
    scale,
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model ?? "",
      node: process.version,
      loadAtStart: round(loadavg()[0]),
    },
    size: { ...size, ...counts },
    buildMs: round(buildMs),
    generatingMs: round(generatingMs),
    buildAndGenerateCpuMs: round((user + system) / 1_000),
    slices,
    indexMb: megabytes(countedBytes),
    indexMbBeforeCompacting: megabytes(bytesBeforeCompacting),
    measuredMb: megabytes(after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers),
    rssMb: megabytes(after.rss),
    medianMicros: questions,
    findings,
    byName,
    exported,
    changesMedianMicros: changes,
  };
}

/** Putting accounts and spaces in the order of their names, as the first question in that order does, and pages of it then. */
function orderAll(index, next) {
  const steps = new Steps();
  const bytesBefore = index.bytes;
  steps.all("accounts by name", index.ordering("accounts", "DISPLAY_NAME"));
  steps.all("spaces by name", index.ordering("spaces", "NAME"));
  steps.all("spaces by key", index.ordering("spaces", "KEY"));
  const { longestWallMs, longestCpuMs, over20msCpu } = steps.summary();
  const wanted = { first: 25, by: "DISPLAY_NAME", isDescending: true };
  index.whoCan(next(), {}, wanted);
  return {
    milliseconds: round(steps.wall.reduce((sum, ms) => sum + ms, 0)),
    steps: steps.wall.length,
    longestWallMs,
    longestCpuMs,
    over20msCpu,
    megabytes: round((index.bytes - bytesBefore) / 1_048_576),
    whoCanByNameMicros: micros(50, 20, () => index.whoCan(next(), {}, wanted)),
  };
}

/** Everything that is to be found on the site: how long, in which steps, and a page of it. */
function findAll(index) {
  const steps = new Steps();
  const found = FindingList.finding(index, Date.UTC(2026, 10, 30));
  const before = threadMs();
  const began = performance.now();
  let list = null;
  for (let isDone = false; !isDone; )
    isDone = steps.measure("findings", () => {
      const { done, value } = found.next();
      list = value ?? list;
      return done;
    });
  const wallMs = round(performance.now() - began);
  const cpuMs = round(threadMs() - before);
  const { longestWallMs, longestCpuMs, over20msCpu } = steps.summary();
  const counts = Object.fromEntries(kindsInOrder.map((kind) => [kind, list.count([kind])]));
  const page = micros(20, 1, () => Array.from(list.page(kindsInOrder, 25, null)));
  return {
    wallMs,
    cpuMs,
    steps: steps.wall.length,
    longestWallMs,
    longestCpuMs,
    over20msCpu,
    pageMicros: page,
    counts,
  };
}

/** The text of each export, read and let go: how much, how fast, and how far memory rises meanwhile. */
function exportAll(index, size) {
  const list = FindingList.finding(index, Date.UTC(2026, 10, 30));
  let found = list.next();
  while (!found.done) found = list.next();
  const sheets = {
    grants: grantRows(index, "bench"),
    effective: effectiveRows(index),
    findings: findingRows(found.value, index, "bench", []),
  };
  return Object.fromEntries(
    Object.entries(sheets).map(([name, rows]) => {
      globalThis.gc?.();
      const before = process.memoryUsage().heapUsed;
      let peak = before;
      let bytes = 0;
      let spaces = 0;
      let lines = 0;
      const usedBefore = threadMs();
      const began = performance.now();
      const made = rows.of(() => {
        spaces += 1;
      });
      // Who can do what on the whole site would be a thousand million rows: so many are enough to see whether memory grows.
      const some = (function* () {
        for (const row of made) {
          lines += 1;
          if (lines > exportedRows) return;
          yield row;
        }
      })();
      let chunks = 0;
      for (const chunk of writeSheet("csv", { columns: rows.columns, about: {}, gaps: [] }, some)) {
        bytes += chunk.length;
        chunks += 1;
        if (chunks % 500 !== 0) continue;
        globalThis.gc?.();
        peak = Math.max(peak, process.memoryUsage().heapUsed);
      }
      const seconds = (performance.now() - began) / 1_000;
      const heapRiseMb = round((peak - before) / 1_048_576);
      return [
        name,
        {
          rows: lines,
          megabytes: round(bytes / 1_048_576),
          seconds: round(seconds),
          cpuSeconds: round((threadMs() - usedBefore) / 1_000),
          heapRiseMb,
          steps: spaces,
          of: size.spaces,
        },
      ];
    }),
  );
}

/** The median of some batches, in microseconds a question, after a warm-up. */
function micros(batches, each, ask, prepare = () => []) {
  for (let batch = 0; batch < batches; batch += 1) for (const asked of prepare()) ask(asked);
  if (prepare().length === 0) for (let turn = 0; turn < batches * Math.min(each, 20); turn += 1) ask();
  const taken = Array.from({ length: batches }, () => {
    const asked = prepare();
    const began = performance.now();
    for (let turn = 0; turn < each; turn += 1) ask(asked[turn]);
    return ((performance.now() - began) * 1_000) / each;
  }).sort((left, right) => left - right);
  return { median: round(taken[batches >> 1]), p95: round(taken[Math.floor(batches * 0.95)]) };
}

function round(number) {
  return Math.round(number * 100) / 100;
}

for (const text of values.scale) {
  const result = run(Number(text));
  mkdirSync(new URL("results/", import.meta.url), { recursive: true });
  const file = new URL(`results/index-${text}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
