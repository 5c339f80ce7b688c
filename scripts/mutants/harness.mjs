/** A setup file of the copy: says which mutant is awake, and without one notes by which mutants each test file comes. */
export const wakeMutant = `import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
const active = Number(process.env.MUTANT ?? 0);
const hits = new Set();
const scope = globalThis as unknown as Record<string, unknown>;
scope.__mutant = active > 0 ? (number: number) => number === active : (number: number) => { hits.add(number); return false; };
const began = performance.now();
afterAll(() => {
  const file = expect.getState().testPath ?? "";
  const ms = performance.now() - began;
  if (active === 0) writeFileSync(join(__dirname, "hits", file.replace(/[^a-zA-Z0-9]+/g, "_")), JSON.stringify({ file, ms, hits: [...hits] }));
});
`;

/** The configuration of the copy. What was transformed once stays, since all mutants are in it. */
export const vitestConfig = `import { mergeConfig } from "vitest/config";
import base from "./vitest.base.js";
export default mergeConfig(base, { test: { setupFiles: ["./wakeMutant.ts"], reporters: ["json"], experimental: { fsModuleCache: true } } });
`;
