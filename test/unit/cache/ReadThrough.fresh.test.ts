import { describe, expect, it } from "vitest";
import { Errand } from "../../../src/http/admission/Errand.js";
import { Leaver, workFor } from "../../../src/http/Waiting.js";
import { ManualClock } from "../../support/ManualClock.js";
import { openReadThrough } from "./openReadThrough.js";

/** Whoever wants nothing that was read before now. */
function askFresh<T>(work: (notBeforeMs: number) => Promise<T>, clock: ManualClock): Promise<T> {
  const client = new Leaver();
  client.errand = new Errand("fresh-reading", "a");
  return workFor(client, () => work(clock.now()));
}

describe("readings of what nobody may have read before", () => {
  it("are two of a thing for fifty that want it while it is read: the one under way, and one for all who came since", async () => {
    const clock = new ManualClock();
    const { readThrough, fetches, fetchAt } = openReadThrough({ clock });
    const readings: Promise<unknown>[] = [];
    for (let reader = 0; reader < 50; reader += 1) {
      readings.push(askFresh((notBeforeMs) => readThrough.readMany(["a"], notBeforeMs), clock));
      await clock.advance(1);
    }
    expect(fetches).toHaveLength(1);
    fetchAt(0).answer({ a: "old" });
    await clock.advance(1);
    expect(fetches).toHaveLength(2);
    fetchAt(1).answer({ a: "new" });
    expect((await Promise.all(readings)).flat()).toEqual(["old", ...Array.from({ length: 49 }, () => "new")]);
  });

  it("are shared by who asked before they began, though the one they are for asked earlier", async () => {
    const clock = new ManualClock();
    const { readThrough, fetches, fetchAt } = openReadThrough({ clock });
    const earlyMs = clock.now();
    await clock.advance(10);
    const laterMs = clock.now();
    await clock.advance(10);
    const early = readThrough.readMany(["a"], earlyMs);
    const later = readThrough.readMany(["a"], laterMs);
    expect(fetches).toHaveLength(1);
    fetchAt(0).answer({ a: "A" });
    expect(await Promise.all([early, later])).toEqual([["A"], ["A"]]);
  });

  it("are made once more where what was joined rests on something older after all", async () => {
    const clock = new ManualClock();
    const earlyMs = clock.now();
    const { readThrough, fetches, fetchAt } = openReadThrough({ clock, asOfMs: () => earlyMs });
    await clock.advance(10);
    const laterMs = clock.now();
    await clock.advance(10);
    const early = readThrough.readMany(["a", "b"], earlyMs);
    const later = readThrough.readMany(["a", "b"], laterMs);
    fetchAt(0).answer({ a: "old", b: "old" });
    expect(await early).toEqual(["old", "old"]);
    await clock.advance(0);
    expect(fetches[1]).toMatchObject({ ids: ["a", "b"], terms: { notBeforeMs: laterMs } });
    fetchAt(1).answer({ a: "new", b: "new" });
    expect(await later).toEqual(["new", "new"]);
  });

  it("do not join what somebody reads who takes old parts too", async () => {
    const clock = new ManualClock();
    const { readThrough, fetches, fetchAt } = openReadThrough({ clock });
    const plain = readThrough.readMany(["a"], 0);
    const fresh = readThrough.readMany(["a"], clock.now());
    expect(fetches).toHaveLength(2);
    fetchAt(0).answer({ a: "plain" });
    fetchAt(1).answer({ a: "fresh" });
    expect(await Promise.all([plain, fresh])).toEqual([["plain"], ["fresh"]]);
  });
});
