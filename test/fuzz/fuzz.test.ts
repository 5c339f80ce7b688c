import { describe, expect, it } from "vitest";
import { fuzzServer } from "./fuzzServer.js";

// FUZZ_OPERATIONS and FUZZ_SEED are set by `npm run fuzz`; the suite runs the short form.
const operations = Number(process.env.FUZZ_OPERATIONS ?? "120");
const seed = process.env.FUZZ_SEED ?? "1";

describe("the built server under operations made out of its schema", () => {
  it(`answers ${operations} of them (seed ${seed}) without a fault of its own, and lives`, {
    timeout: 180_000 + operations * 250,
  }, async () => {
    const report = await fuzzServer({
      operations,
      seed,
      onProgress: (done) => process.stdout.write(`${done} operations\n`),
    });
    if (process.env.FUZZ_OPERATIONS !== undefined) process.stdout.write(`${JSON.stringify([...report.codes])}\n`);
    expect(report.findings.map(({ number, what, operation }) => ({ number, what, ...operation }))).toEqual([]);
    expect(report.faults).toEqual([]);
    expect(report.isAlive).toBe(true);
    expect(report.done).toBe(operations);
    // Operations that are all refused would prove nothing.
    expect(report.codes.get("ok") ?? 0).toBeGreaterThan(operations / 10);
    expect(report.codes.get("BAD_USER_INPUT") ?? 0).toBeGreaterThan(0);
  });
});
