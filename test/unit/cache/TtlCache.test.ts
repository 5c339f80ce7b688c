import { describe, expect, it } from "vitest";
import { MemoryShare } from "../../../src/cache/MemoryShare.js";
import { TtlCache } from "../../../src/cache/TtlCache.js";
import { ManualClock } from "../../support/ManualClock.js";

function openCache(limits: { maxBytes?: number; maxEntries?: number } = {}) {
  const clock = new ManualClock();
  const cache = new TtlCache({ maxBytes: limits.maxBytes ?? 100_000, maxEntries: limits.maxEntries ?? 1_000, clock });
  const store = (key: string, bytes = 100, value: unknown = key) =>
    cache.store(key, value, { readAtMs: clock.now(), lifetimeMs: 60_000, bytes });
  return { clock, cache, store };
}

describe("bounded memory", () => {
  it("holds no more bytes than it may, and lets the least recently used go first", () => {
    const { cache, store } = openCache({ maxBytes: 5_000 });
    for (const key of ["a", "b", "c", "d"]) store(key, 1_000);
    cache.peek("a", 0);
    store("e", 1_000);
    expect(cache.held().bytes).toBeLessThanOrEqual(5_000);
    expect(cache.peek("a", 0)?.value).toBe("a");
    expect(cache.peek("b", 0)).toBeUndefined();
    expect(cache.peek("e", 0)?.value).toBe("e");
  });

  it("does not remember a value larger than all it may hold, and keeps the others", () => {
    const { cache, store } = openCache({ maxBytes: 5_000 });
    store("a", 1_000);
    store("giant", 6_000);
    expect(cache.peek("giant", 0)).toBeUndefined();
    expect(cache.peek("a", 0)?.value).toBe("a");
  });

  it("counts an entry's own cost, so that a flood of misses is bounded too", () => {
    const { clock, cache } = openCache({ maxBytes: 5_000, maxEntries: 1_000_000 });
    for (let id = 0; id < 10_000; id += 1) {
      cache.store(`no-such-id-${id}`, null, { readAtMs: clock.now(), lifetimeMs: 15_000, bytes: 0 });
    }
    expect(cache.held().entries).toBeLessThan(25);
    expect(cache.held().bytes).toBeLessThanOrEqual(5_000);
  });

  it("holds no more entries than it may, however small they are", () => {
    const { cache, store } = openCache({ maxEntries: 3 });
    for (const key of ["a", "b", "c", "d"]) store(key, 0);
    expect(cache.held().entries).toBe(3);
    expect(cache.peek("a", 0)).toBeUndefined();
  });

  it("counts a replaced value once", () => {
    const { cache, store } = openCache();
    store("a", 1_000);
    store("a", 500);
    expect(cache.held()).toMatchObject({ entries: 1, bytes: 701 });
  });
});

describe("lifetimes", () => {
  it("remembers nothing with a lifetime of 0", () => {
    const { clock, cache } = openCache();
    cache.store("a", "A", { readAtMs: clock.now(), lifetimeMs: 0, bytes: 1 });
    expect(cache.held().entries).toBe(0);
  });

  it("serves a value for one lifetime more than it is fresh, and a miss not at all", async () => {
    const { clock, cache, store } = openCache();
    store("a");
    store("missing", 0, null);
    await clock.advance(59_999);
    expect([cache.peek("a", 0), cache.peek("missing", 0)].map((entry) => entry && cache.isFresh(entry))).toEqual([
      true,
      true,
    ]);
    await clock.advance(1);
    const stale = cache.peek("a", 0);
    expect(stale && cache.isFresh(stale)).toBe(false);
    expect(cache.peek("missing", 0)).toBeUndefined();
    await clock.advance(60_000);
    expect(cache.peek("a", 0)).toBeUndefined();
  });

  it("does not answer with what is there but too old for the reader", () => {
    const { clock, cache, store } = openCache();
    store("a");
    expect(cache.peek("a", clock.now() + 1)).toBeUndefined();
    expect(cache.peek("a", clock.now())?.value).toBe("a");
  });
});

describe("drop and clear", () => {
  it("forget one, or all", () => {
    const { cache, store } = openCache();
    store("a");
    store("b");
    cache.drop("a");
    expect([cache.peek("a", 0), cache.peek("b", 0)?.value]).toEqual([undefined, "b"]);
    cache.clear();
    expect(cache.held()).toMatchObject({ entries: 0, bytes: 0 });
  });
});

describe("an entry says that it does not count any more", () => {
  it("once it was replaced, dropped, let go for another, or cleared away", () => {
    const { cache, store } = openCache({ maxBytes: 5_000 });
    const [replaced, dropped, oldest, cleared] = [store("a"), store("b"), store("c", 3_000), store("d")];
    const replacement = store("a");
    cache.drop("b");
    expect([replaced, dropped, oldest, cleared, replacement].map((entry) => entry?.isCurrent)).toEqual([
      ...[false, false, true, true, true],
    ]);
    store("e", 3_000);
    expect([oldest?.isCurrent, cleared?.isCurrent]).toEqual([false, true]);
    cache.clear();
    expect(cleared?.isCurrent).toBe(false);
  });

  it("once it is not trusted, and others of its scope and of another scope still count", () => {
    const { clock, cache, store } = openCache();
    const before = cache.store("[1,a", "a", { readAtMs: clock.now() - 1, lifetimeMs: 60_000, bytes: 1 });
    const [distrusted, elsewhere] = [store("[1,b"), store("[2,a")];
    cache.distrust("[1,", ({ readAtMs }) => readAtMs < clock.now());
    expect([before, distrusted, elsewhere].map((entry) => entry?.isCurrent)).toEqual([true, false, true]);
  });

  it("and there is none where nothing was remembered", () => {
    const { clock, cache, store } = openCache({ maxBytes: 5_000 });
    expect(cache.store("a", "A", { readAtMs: clock.now(), lifetimeMs: 0, bytes: 1 })).toBeUndefined();
    expect(store("giant", 6_000)).toBeUndefined();
    cache.drop("b");
    const late = { readAtMs: clock.now() - 1, lifetimeMs: 60_000, bytes: 1 };
    expect(cache.store("b", "B", late)).toBeUndefined();
  });
});

it("gives way to what others hold of the same bound, down to a quarter of it", async () => {
  const clock = new ManualClock();
  let others = 0;
  const shared = new MemoryShare({ maxBytes: 100_000, clock });
  shared.add("index", () => others);
  const cache = new TtlCache({ maxBytes: 100_000, maxEntries: 1_000, clock, shared });
  let number = 0;
  const fill = async () => {
    await clock.advance(2_000);
    for (let each = 0; each < 200; each += 1) {
      cache.store(`key ${number}`, number, { readAtMs: clock.now(), lifetimeMs: 60_000, bytes: 1_000 });
      number += 1;
    }
    return cache.held().bytes;
  };
  expect(await fill()).toBeGreaterThan(98_000);
  others = 60_000;
  expect(await fill()).toBeLessThanOrEqual(40_000);
  others = 1_000_000;
  expect(await fill()).toBeLessThanOrEqual(25_000);
  expect(cache.held().bytes).toBeGreaterThan(23_000);
  others = 0;
  expect(await fill()).toBeGreaterThan(98_000);
});

describe("everything forgotten", () => {
  it("is not there any more, tells so to who has it, and makes way for what is read then", () => {
    const { cache, store } = openCache();
    const held = ["a", "b"].map((key) => store(key));
    cache.drop("c");
    cache.forgetAll();
    expect(held.map((entry) => entry?.isCurrent)).toEqual([false, false]);
    expect(held.map((entry) => entry?.mark.isCurrent)).toEqual([false, false]);
    for (const key of ["a", "b", "c"]) {
      expect(cache.peek(key, 0)).toBeUndefined();
      expect(cache.lookAt(key)).toBeUndefined();
    }
    expect(cache.entriesFrom("")).toEqual([]);
    const anew = store("a");
    expect(cache.peek("a", 0)).toBe(anew);
    expect(anew?.isCurrent).toBe(true);
    expect(cache.entriesFrom("").map(([key]) => key)).toEqual(["a"]);
  });
});
