import { describe, expect, it } from "vitest";
import { openFleet } from "../../src/compose/fleet/openFleet.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { FakeEngine } from "./FakeEngine.js";

const logger = createLogger({ level: "silent", destination: { write: () => undefined } });

/** A process begins beside an engine that takes so long for each answer, by the clock that the process was given. */
async function beginBeside(takesMs: number) {
  await using fake = await FakeEngine.start();
  const clock = new ShiftableClock();
  clock.stop();
  fake.answer = ([name]) => {
    if (name === "PING") clock.shift(takesMs);
    return undefined;
  };
  const config = readConfig({ CACHE_URL: fake.url, CACHE_KEY: Buffer.alloc(32, 7).toString("base64") });
  const engine = await openFleet({ config, sites: [], logger, clock });
  const state = engine?.sharing.state;
  const tries = fake.count("PING");
  await engine?.close();
  return { state, tries };
}

describe("a start beside the engine of CACHE_URL", () => {
  it("shares with one that answers at once, however long this machine takes for it", async () => {
    expect(await beginBeside(0)).toEqual({ state: "SHARED", tries: 3 });
  });

  it("trusts none that takes longer than 100 ms each time, by the clock that it was given", async () => {
    const { state, tries } = await beginBeside(101);
    expect(state).toBe("ALONE");
    expect(tries).toBeGreaterThanOrEqual(10);
  });
});
