import { describe, expect, it } from "vitest";
import { TtlCache } from "../../../src/cache/TtlCache.js";
import { SiteError } from "../../../src/domain/SiteError.js";
import { ManualClock } from "../../support/ManualClock.js";
import { openReadThrough, usualMs } from "./openReadThrough.js";
import { settleTurn } from "./settleTurn.js";

const throttled = () => new SiteError("Throttled", "The site asked us to wait.", { call: "GET /things" });

describe("what is not remembered", () => {
  it("is a miss beyond 15 s: what was just created is found", async () => {
    const { readThrough, clock, fetchAt } = openReadThrough();
    const reading = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({});
    expect(await reading).toEqual([null]);
    await clock.advance(usualMs.miss - 1);
    expect(readThrough.peek("a", 0)).toBeNull();
    await clock.advance(1);
    // Not served stale either: a miss is asked again, not revalidated behind the reader's back.
    expect(readThrough.peek("a", 0)).toBeUndefined();
  });

  it("is an error", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const reading = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: throttled() });
    await reading;
    expect(readThrough.peek("a", 0)).toBeUndefined();
  });

  it("is an incomplete value", async () => {
    const { readThrough, fetchAt } = openReadThrough({ mayRemember: (value) => value !== "partial" });
    const reading = readThrough.readMany(["a", "b"], 0);
    fetchAt(0).answer({ a: "partial", b: "whole" });
    expect(await reading).toEqual(["partial", "whole"]);
    expect(readThrough.peek("a", 0)).toBeUndefined();
    expect(readThrough.peek("b", 0)).toBe("whole");
  });

  it("is an incomplete value over a whole one that is still servable", async () => {
    const { readThrough, clock, fetchAt } = openReadThrough({ mayRemember: (value) => value !== "partial" });
    const first = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "whole" });
    await first;
    await clock.advance(usualMs.lifetime);
    readThrough.peek("a", 0);
    await settleTurn();
    fetchAt(1).answer({ a: "partial" });
    await settleTurn();
    expect(readThrough.peek("a", 0)).toBe("whole");
  });

  it("is anything with a lifetime of 0, while concurrent readers still share a flight", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough({ lifetimeMs: 0, missLifetimeMs: 0 });
    const readings = [readThrough.readMany(["a", "b"], 0), readThrough.readMany(["a", "b"], 0)];
    expect(fetches).toHaveLength(1);
    fetchAt(0).answer({ a: "A" });
    expect(await Promise.all(readings)).toEqual([
      ["A", null],
      ["A", null],
    ]);
    expect(readThrough.peek("a", 0)).toBeUndefined();
    expect(readThrough.peek("b", 0)).toBeUndefined();
  });
});

describe("one cache for many readers", () => {
  it("does not serve one credential's cached answers to another, nor one site's, nor one kind's", async () => {
    const clock = new ManualClock();
    const cache = new TtlCache({ maxBytes: 1_000_000, maxEntries: 1_000, clock });
    const admin = openReadThrough({ cache, clock, credential: "admin" });
    const reading = admin.readThrough.readMany(["a"], 0);
    admin.fetchAt(0).answer({ a: "for the admin's eyes" });
    await reading;
    expect(openReadThrough({ cache, clock, credential: "admin" }).readThrough.peek("a", 0)).toBe(
      "for the admin's eyes",
    );
    expect(openReadThrough({ cache, clock, credential: "guest" }).readThrough.peek("a", 0)).toBeUndefined();
    expect(
      openReadThrough({ cache, clock, credential: "admin", siteId: "other" }).readThrough.peek("a", 0),
    ).toBeUndefined();
    expect(
      openReadThrough({ cache, clock, credential: "admin", name: "others" }).readThrough.peek("a", 0),
    ).toBeUndefined();
  });

  it("does not let one credential join another's flight", () => {
    const clock = new ManualClock();
    const cache = new TtlCache({ maxBytes: 1_000_000, maxEntries: 1_000, clock });
    const admin = openReadThrough({ cache, clock, credential: "admin" });
    const guest = openReadThrough({ cache, clock, credential: "guest" });
    void admin.readThrough.readMany(["a"], 0);
    void guest.readThrough.readMany(["a"], 0);
    expect([admin.fetches.length, guest.fetches.length]).toEqual([1, 1]);
  });
});

describe("what is handed out knows whether it still counts", () => {
  it("is the entry itself, for who reads it from upstream, who joins and who finds it", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const reading = Promise.all([readThrough.readManyDated(["a"], 0), readThrough.readManyDated(["a"], 0)]);
    fetchAt(0).answer({ a: "A" });
    const [[read], [joined]] = await reading;
    const found = readThrough.peekDated("a", 0);
    expect(found).toMatchObject({ value: "A", isCurrent: true });
    expect([read === found, joined === found]).toEqual([true, true]);
    readThrough.drop("a");
    expect(found?.isCurrent).toBe(false);
  });

  it("was never current where it is not remembered: it has gaps, no lifetime, was forgotten meanwhile, or is distrusted", async () => {
    const opened = [
      openReadThrough({ mayRemember: () => false }),
      openReadThrough({ lifetimeMs: 0 }),
      openReadThrough({ isTrusted: () => false }),
    ];
    const forgotten = openReadThrough();
    const readings = [...opened, forgotten].map(({ readThrough }) => readThrough.readManyDated(["a"], 0));
    forgotten.readThrough.drop("a");
    for (const { fetchAt } of [...opened, forgotten]) fetchAt(0).answer({ a: "A" });
    const outcomes = (await Promise.all(readings)).flat();
    expect(outcomes).toMatchObject(Array.from({ length: 4 }, () => ({ value: "A", isCurrent: false })));
  });

  it("is not current once what it was revised to stands in its place", async () => {
    const { readThrough, clock } = openReadThrough();
    readThrough.prime("a", "A", clock.now());
    const before = readThrough.peekDated("a", 0);
    readThrough.revise("a", () => "B");
    expect([before?.isCurrent, readThrough.peekDated("a", 0)?.isCurrent]).toEqual([false, true]);
  });
});
