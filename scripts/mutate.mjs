#!/usr/bin/env node
// Mutation testing of the reading and the writing path, and of what processes share: `npm run mutants -- --help`. The working tree is never touched.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { explicitMutants } from "./mutants/explicit.mjs";
import { mutantsOf, sample, withMutants } from "./mutants/generate.mjs";
import { vitestConfig, wakeMutant } from "./mutants/harness.mjs";

const usage = `Changes the reading path, the writing path or what processes share in one place at a time and asks whether a test notices.

  npm run mutants -- [options]

  --count N     mutants to make up, beside those that scripts/mutants/explicit.mjs names (120)
  --seed TEXT   which ones ("1"): the same seed makes the same mutants of the same source
  --path NAME   what is changed: "reading", "writing": changes, their record and the rules of access, or "fleet": what
                processes share, the functions in Lua among it, with a Valkey or Redis of this machine ("reading")
  --within TEXT only tests whose path holds TEXT
  --file TEXT   only in files whose path holds TEXT
  --tests N     test files to try on a mutant at most, the fastest of those that reach it first (20)
  --jobs N      how many at once (2)
  --list        name the mutants, and run nothing
  --keep        leave the copy of the tree where it is
`;

/** Where places are changed, and which tests can see them without a built program. */
const paths = {
  reading: {
    rooms: ["src/loaders", "src/readings", "src/graph/paging", "src/graph/completeness", "src/confluence/organization"],
    files: [
      "src/graph/account/accountLists.ts",
      "src/graph/grant/grantFilter.ts",
      "src/graph/grant/grantLists.ts",
      "src/graph/group/groupLists.ts",
      "src/graph/space/spaceLists.ts",
      "src/domain/Organization.ts",
      "src/confluence/fetchMany.ts",
      "src/http/paging.ts",
    ],
    tests: [
      "test/unit/loaders",
      "test/unit/readings",
      "test/unit/graph",
      "test/unit/http",
      "test/unit/domain",
      "test/unit/confluence",
      "test/graph",
      "test/faults",
      "test/sites",
      "test/federation",
      "test/datacenter",
      "test/contract",
    ],
  },
  writing: {
    rooms: ["src/provisioning", "src/record", "src/access"],
    files: [],
    tests: ["test/access", "test/record", "test/unit", "test/provisioning", "test/sites", "test/sweep/writes"],
  },
  fleet: {
    rooms: [
      "src/fleet",
      "src/cache/shared",
      "src/loaders/fleet",
      "src/http/admission/shared",
      "src/callers/shared",
      "src/crawl/shared",
      "src/access/index/copies",
    ],
    files: [],
    tests: [
      "test/fleet",
      "test/crawl",
      "test/access/index",
      "test/unit/cache",
      "test/unit/callers",
      "test/unit/crawl",
      "test/unit/fleet",
      "test/unit/http",
      "test/unit/loaders",
    ],
  },
};
/** What says how much room a thing takes, and how it looks on the wire, is no rule of reading. */
const isNoRule = (path) => /loaders\/limits|pageLimits|\/wire\//.test(path);

/** A text is made once, when its module is loaded, for whichever file asks first: these tests run functions. */
const isOfFunctions = (path) => /^test\/(?:fleet|crawl\/shared)\//.test(path);
const atLoad = "at load";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "120" },
    seed: { type: "string", default: "1" },
    path: { type: "string", default: "reading" },
    within: { type: "string", default: "" },
    file: { type: "string", default: "" },
    tests: { type: "string", default: "20" },
    jobs: { type: "string", default: "2" },
    list: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const chosen = paths[values.path];
if (chosen === undefined) throw new Error(`--path is one of ${Object.keys(paths).join(", ")}`);
const root = fileURLToPath(new URL("..", import.meta.url));
/** Tests that a mutant keeps waiting for so long have noticed it, unless the machine is busy: so it is told apart. */
const timeLimitMs = 300_000;

if (values.help) process.stdout.write(usage);
else process.exitCode = await main();

async function main() {
  const mutants = await choose();
  if (values.list) {
    for (const mutant of mutants) process.stdout.write(`${describe(mutant)}\n`);
    return 0;
  }
  const tree = await mkdtemp(join(tmpdir(), "mutants-"));
  try {
    await plant(tree, mutants);
    const reached = await whoReaches(tree);
    const results = [];
    const queue = [...mutants];
    const work = async () => {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        const { number, isAtLoad = false } = mutant;
        // Of those at load nobody knows which test comes by them: all are tried.
        const tests = isAtLoad
          ? (reached.get(atLoad) ?? [])
          : (reached.get(number) ?? []).slice(0, Number(values.tests));
        const state = tests.length === 0 ? "not reached" : await fateOf(tree, mutant, tests);
        results.push({ mutant, state });
        process.stdout.write(`${results.length}/${mutants.length} ${state.padEnd(11)} ${describe(mutant)}\n`);
      }
    };
    await Promise.all(Array.from({ length: Number(values.jobs) }, work));
    const alive = results.filter(({ state }) => state !== "killed" && state !== "timed out");
    process.stdout.write(
      `\n${mutants.length} mutants, ${mutants.length - alive.length} killed, ${alive.length} alive\n`,
    );
    for (const { mutant, state } of alive) process.stdout.write(`  ${state}: ${describe(mutant)}\n`);
    return alive.some(({ mutant }) => mutant.why !== undefined) ? 1 : 0;
  } finally {
    if (values.keep) process.stdout.write(`The copy is in ${tree}\n`);
    else await rm(tree, { recursive: true, force: true });
  }
}

async function choose() {
  const { rooms, files } = chosen;
  const sources = [...files, ...(await Promise.all(rooms.map((room) => sourcesBelow(room)))).flat()].filter(
    (path) => !isNoRule(path) && path.includes(values.file),
  );
  const made = [];
  for (const path of sources) made.push(...mutantsOf(path, await readFile(join(root, path), "utf8")));
  const named = [];
  const isHere = ({ file, path = "reading" }) => path === values.path && file.includes(values.file);
  for (const each of explicitMutants.filter(isHere)) {
    const source = await readFile(join(root, each.file), "utf8");
    const start = source.indexOf(each.was);
    if (start < 0 || source.indexOf(each.was, start + 1) >= 0)
      throw new Error(`explicit.mjs: ${each.file} does not hold exactly one ${each.was}`);
    const line = source.slice(0, start).split("\n").length;
    named.push({ ...each, start, end: start + each.was.length, line, operator: each.why, text: each.is });
  }
  return [...named, ...sample(made, Number(values.count), values.seed)].map((each, at) => ({
    ...each,
    number: at + 1,
  }));
}

async function sourcesBelow(room) {
  const names = await readdir(join(root, room), { recursive: true });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(room, name))
    .sort();
}

function describe({ file, line, operator, text, shown = text }) {
  const brief = shown.replace(/\s+/g, " ");
  return `${file}:${line} ${operator}: ${brief.length > 80 ? `${brief.slice(0, 77)}...` : brief}`;
}

/** A copy of the tree with every mutant in it, asleep. */
async function plant(tree, mutants) {
  for (const name of [
    "src",
    "sandbox",
    "test",
    "scripts",
    "docs",
    "schema.graphql",
    "package.json",
    "tsconfig.json",
    "README.md",
  ]) {
    await cp(join(root, name), join(tree, name), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(tree, "node_modules"));
  for (const path of new Set(mutants.map(({ file }) => file))) {
    const source = await readFile(join(root, path), "utf8");
    await writeFile(
      join(tree, path),
      withMutants(
        source,
        mutants.filter(({ file }) => file === path),
      ),
    );
  }
  await mkdir(join(tree, "hits"));
  await writeFile(join(tree, "wakeMutant.ts"), wakeMutant);
  await cp(join(root, "vitest.config.ts"), join(tree, "vitest.base.ts"));
  await writeFile(join(tree, "vitest.config.ts"), vitestConfig);
}

/** Runs every test once, and answers for each mutant which of those that pass come by it, the fastest first. */
async function whoReaches(tree) {
  const present = [];
  for (const room of chosen.tests) {
    const names = await readdir(join(root, room), { recursive: true }).catch(() => []);
    present.push(...names.filter((name) => name.endsWith(".test.ts")).map((name) => join(room, name)));
  }
  process.stdout.write("Running the tests without a mutant...\n");
  const slow = ["**/largeCluster*", "**/*illed*", "**/connections*", "**/doctor*", "test/fleet/large/**"].flatMap(
    (each) => ["--exclude", each],
  );
  const { out } = await vitest(
    tree,
    [...present.filter((path) => path.includes(values.within)), ...slow],
    {},
    3_600_000,
  );
  const failing = new Set(
    JSON.parse(out.slice(out.indexOf("{")))
      .testResults.filter(({ status }) => status !== "passed")
      .map(({ name }) => relative(tree, name)),
  );
  const reached = new Map();
  const notes = await Promise.all(
    (await readdir(join(tree, "hits"))).map(async (name) =>
      JSON.parse(await readFile(join(tree, "hits", name), "utf8")),
    ),
  );
  notes.sort((one, other) => one.ms - other.ms);
  for (const { file, hits } of notes) {
    const path = relative(tree, file);
    if (failing.has(path)) continue;
    for (const number of hits) reached.set(number, [...(reached.get(number) ?? []), path]);
    if (isOfFunctions(path)) reached.set(atLoad, [...(reached.get(atLoad) ?? []), path]);
  }
  process.stdout.write(
    `${notes.length} test files, ${failing.size} left out because they fail without one: ${[...failing].join(", ")}\n`,
  );
  return reached;
}

async function fateOf(tree, { number }, tests) {
  const { code } = await vitest(tree, tests, { MUTANT: String(number) }, timeLimitMs);
  return code === 0 ? "survived" : code === null ? "timed out" : "killed";
}

function vitest(tree, tests, env, limitMs) {
  return new Promise((resolve) => {
    const bail = env.MUTANT === undefined ? [] : ["--bail=1", "--maxWorkers=1"];
    const program = join(root, "node_modules/vitest/vitest.mjs");
    const child = spawn(process.execPath, [program, "run", ...bail, ...tests], {
      cwd: tree,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    // The whole group: the workers would go on without their parent.
    const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), limitMs);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, out });
    });
  });
}
