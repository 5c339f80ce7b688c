import { execFileSync } from "node:child_process";

/**
 * What tells V8 to optimise late. A test runs most of the code a few times: what the optimising compiler makes of it is thrown away
 * before it has paid, and took a fifth of the processor in the threads beside. Each engine has a word of its own for it, none for
 * all, and a word it does not know ends a process.
 */
const lateOptimisation = [
  { word: "--interrupt-budget", value: 1_000_000 },
  { word: "--invocation-count-for-turbofan", value: 45_000 },
];

const known = new Set(
  execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(" ")[0]),
);

const optimiseLate = lateOptimisation
  .filter(({ word }) => known.has(word))
  .map(({ word, value }) => `${word}=${value}`);

/**
 * For a built program that a test starts: it makes much while it loads and lives for some seconds. The embedded database is
 * compiled once and not a second time for speed, which takes longer than all that is asked of it here. It changes no behaviour.
 */
export const programFlags: readonly string[] = [
  ...optimiseLate,
  ...["--liftoff-only"].filter((word) => known.has(word)),
  "--min-semi-space-size=32",
  "--max-semi-space-size=64",
];

/** For the workers of the tests, which live for minutes: all code compiled plainly at once, too. */
export const workerFlags: readonly string[] = [...optimiseLate, "--max-semi-space-size=64", "--always-sparkplug"];
