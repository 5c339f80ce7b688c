import { describe, expect, it } from "vitest";
import { SiteError } from "../../../src/domain/SiteError.js";
import { ManualClock } from "../../support/ManualClock.js";
import { openReadThrough, usualMs } from "./openReadThrough.js";
import { settleTurn } from "./settleTurn.js";

const throttled = () => new SiteError("Throttled", "The site asked us to wait.", { call: "GET /things" });

describe("freshness", () => {
  it("answers from the cache for a whole lifetime, and counts it from the moment the read began", async () => {
    const { readThrough, clock, fetches, fetchAt } = openReadThrough();
    const reading = readThrough.readMany(["a"], 0);
    await clock.advance(10_000);
    fetchAt(0).answer({ a: "A" });
    await reading;
    await clock.advance(usualMs.lifetime - 10_001);
    expect(readThrough.peek("a", 0)).toBe("A");
    await settleTurn();
    expect(fetches).toHaveLength(1);
    await clock.advance(1);
    expect(readThrough.peek("a", 0)).toBe("A");
    await settleTurn();
    expect(fetches).toHaveLength(2);
  });

  it("serves what is stale at once, and reads all of one turn again in one fetch behind it", async () => {
    const { readThrough, clock, fetches, fetchAt } = openReadThrough();
    const ids = Array.from({ length: 250 }, (_, index) => `id-${index}`);
    const first = readThrough.readMany(ids, 0);
    fetchAt(0).answer(Object.fromEntries(ids.map((id) => [id, "old"])));
    await first;
    await clock.advance(usualMs.lifetime);
    for (const id of ids) expect(readThrough.peek(id, 0)).toBe("old");
    expect(await readThrough.readMany(ids, 0)).toEqual(ids.map(() => "old"));
    await settleTurn();
    expect(fetches).toHaveLength(2);
    expect(fetchAt(1).ids).toEqual(ids);
    fetchAt(1).answer(Object.fromEntries(ids.map((id) => [id, "new"])));
    await settleTurn();
    expect(readThrough.peek("id-7", 0)).toBe("new");
  });

  it("tells what is remembered, stale or not there, and never reads it again for that", async () => {
    const { readThrough, clock, fetches, fetchAt } = openReadThrough({ missLifetimeMs: usualMs.lifetime });
    const reading = readThrough.readMany(["a", "b"], 0);
    fetchAt(0).answer({ a: "A" });
    await reading;
    const told = () => ["a", "b", "c"].map((id) => readThrough.remembered(id));
    expect(told()).toEqual(["A", null, undefined]);
    await clock.advance(usualMs.lifetime);
    expect(told()).toEqual(["A", undefined, undefined]);
    await settleTurn();
    expect(fetches).toHaveLength(1);
    await clock.advance(usualMs.lifetime);
    expect(told()).toEqual([undefined, undefined, undefined]);
  });

  it("does not tell what was read at a moment that does not count", async () => {
    const { readThrough, fetchAt } = openReadThrough({ isTrusted: () => false });
    const reading = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "A" });
    await reading;
    expect(readThrough.remembered("a")).toBeUndefined();
  });

  it("keeps serving what is stale when reading it again fails, and tries again", async () => {
    const { readThrough, clock, fetches, fetchAt } = openReadThrough();
    const first = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "old" });
    await first;
    await clock.advance(usualMs.lifetime);
    readThrough.peek("a", 0);
    await settleTurn();
    fetchAt(1).fail(throttled());
    await settleTurn();
    expect(readThrough.peek("a", 0)).toBe("old");
    await settleTurn();
    // One try a pause, not one a reader.
    expect(fetches).toHaveLength(2);
    await clock.advance(5_000);
    expect(readThrough.peek("a", 0)).toBe("old");
    await settleTurn();
    expect(fetches).toHaveLength(3);
  });

  it("does not serve what is stale for longer than another lifetime", async () => {
    const { readThrough, clock, fetchAt } = openReadThrough();
    const first = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "old" });
    await first;
    await clock.advance(2 * usualMs.lifetime);
    expect(readThrough.peek("a", 0)).toBeUndefined();
  });

  it("counts a value that is put together from others by its oldest part", async () => {
    const start = new ManualClock().now();
    const { readThrough, clock, fetchAt } = openReadThrough({ asOfMs: () => start - 50_000 });
    const reading = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "A" });
    await reading;
    await clock.advance(usualMs.lifetime * 2 - 50_000);
    expect(readThrough.peek("a", 0)).toBeUndefined();
  });
});

describe("a reader who wants it fresh", () => {
  it("is not answered with what was read before it came", async () => {
    const { readThrough, clock, fetches, fetchAt } = openReadThrough();
    const first = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "old" });
    await first;
    await clock.advance(1);
    const arrived = clock.now();
    const fresh = readThrough.readMany(["a"], arrived);
    expect(fetches).toHaveLength(2);
    expect(fetchAt(1).terms.notBeforeMs).toBe(arrived);
    fetchAt(1).answer({ a: "new" });
    expect(await fresh).toEqual(["new"]);
    expect(readThrough.peek("a", 0)).toBe("new");
  });

  it("does not join a flight that took off before it came", async () => {
    const { readThrough, clock, fetches, fetchAt } = openReadThrough();
    const early = readThrough.readMany(["a"], 0);
    await clock.advance(1);
    const fresh = readThrough.readMany(["a"], clock.now());
    expect(fetches).toHaveLength(2);
    fetchAt(1).answer({ a: "new" });
    fetchAt(0).answer({ a: "old" });
    expect(await early).toEqual(["old"]);
    expect(await fresh).toEqual(["new"]);
    // The older answer landed last and must not stand over the newer one.
    expect(readThrough.peek("a", 0)).toBe("new");
  });

  it("does not join a flight that may use older parts, though it takes off at the same moment", () => {
    const { readThrough, clock, fetches } = openReadThrough();
    void readThrough.readMany(["a"], 0);
    void readThrough.readMany(["a"], clock.now());
    expect(fetches).toHaveLength(2);
  });

  it("shares its flight with others who want it as fresh", () => {
    const { readThrough, clock, fetches } = openReadThrough();
    void readThrough.readMany(["a"], clock.now());
    void readThrough.readMany(["a"], clock.now());
    void readThrough.readMany(["a"], 0);
    expect(fetches).toHaveLength(1);
  });
});

describe("prime", () => {
  it("answers for an id that a list named, as old as the list", async () => {
    const { readThrough, clock } = openReadThrough();
    readThrough.prime("a", "A", clock.now() - usualMs.lifetime + 1);
    expect(readThrough.peek("a", 0)).toBe("A");
    expect(readThrough.peek("a", clock.now())).toBeUndefined();
    await clock.advance(usualMs.lifetime);
    expect(readThrough.peek("a", 0)).toBe("A");
    await clock.advance(1);
    expect(readThrough.peek("a", 0)).toBeUndefined();
  });

  it("does not put what a slow list read before over what was read since", async () => {
    const { readThrough, clock, fetchAt } = openReadThrough();
    const listBegan = clock.now();
    await clock.advance(1);
    const reading = readThrough.readMany(["a"], clock.now());
    fetchAt(0).answer({ a: "new" });
    await reading;
    readThrough.prime("a", "old", listBegan);
    expect(readThrough.peek("a", 0)).toBe("new");
  });

  it("does not bring back what was dropped while the list was being read", async () => {
    const { readThrough, clock } = openReadThrough();
    const listBegan = clock.now();
    await clock.advance(1);
    readThrough.drop("a");
    readThrough.prime("a", "before the write", listBegan);
    expect(readThrough.peek("a", 0)).toBeUndefined();
    readThrough.prime("a", "after the write", clock.now());
    expect(readThrough.peek("a", 0)).toBe("after the write");
  });
});
