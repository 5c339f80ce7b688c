import { performance } from "node:perf_hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Audience } from "../../../../src/loaders/engine/Audience.js";

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A machine on which time goes by only while somebody works. */
function openAudience(workMs: number) {
  let nowMs = 0;
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  const audience = new Audience();
  const told: number[] = [];
  const join = (who: number) =>
    audience.join().then(() => {
      nowMs += workMs;
      told.push(who);
    });
  return { audience, told, join };
}

describe("those who wait for one reading", () => {
  afterEach(() => vi.restoreAllMocks());

  it("go on at once where none of them takes long", async () => {
    const { audience, told, join } = openAudience(0);
    for (let who = 0; who < 1_000; who += 1) void join(who);
    void audience.tellAll();
    await turnOfTheLoop();
    expect(told).toHaveLength(1_000);
  });

  it("go on twenty at a time where they take long, in their order, with turns of the event loop between", async () => {
    const { audience, told, join } = openAudience(1);
    for (let who = 0; who < 100; who += 1) void join(who);
    const telling = audience.tellAll();
    let before = 0;
    while (told.length < 100) {
      await turnOfTheLoop();
      expect(told.length - before).toBeLessThanOrEqual(20);
      before = told.length;
    }
    await telling;
    expect(told).toEqual(Array.from({ length: 100 }, (_, who) => who));
  });

  it("are told as well when they come while others are, or afterwards", async () => {
    const { audience, told, join } = openAudience(10);
    for (let who = 0; who < 21; who += 1) void join(who);
    const telling = audience.tellAll();
    void join(21);
    await telling;
    await join(22);
    expect(told).toEqual(Array.from({ length: 23 }, (_, who) => who));
  });
});
