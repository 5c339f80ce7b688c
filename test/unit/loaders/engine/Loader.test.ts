import { describe, expect, it } from "vitest";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { Loader } from "../../../../src/loaders/engine/Loader.js";
import { openReadThrough, usualMs } from "../../cache/openReadThrough.js";
import { settleTurn } from "../../cache/settleTurn.js";

describe("a request's loader", () => {
  it("reads together what is asked for after different numbers of awaits", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const loader = new Loader(readThrough, 0);
    const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve));
    // More ticks than DataLoader's own schedule waits for.
    const late = nextTick()
      .then(nextTick)
      .then(nextTick)
      .then(() => loader.get("b"));
    const reading = Promise.all([loader.get("a"), late]);
    await settleTurn();
    expect(fetches.map(({ ids }) => ids)).toEqual([["a", "b"]]);
    fetchAt(0).answer({ a: "A", b: "B" });
    expect(await reading).toEqual(["A", "B"]);
  });

  it("answers without a promise what is known, because promises are what a cached answer costs most", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const first = new Loader(readThrough, 0);
    const reading = first.get("a");
    await settleTurn();
    fetchAt(0).answer({ a: "A" });
    await reading;
    expect(first.get("a")).toBe("A");
    expect(new Loader(readThrough, 0).get("a")).toBe("A");
  });

  it("answers many without a promise where all of them are known, and with one where any is not", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const loader = new Loader(readThrough, 0);
    const reading = loader.getAll(["a", "b"]);
    expect(reading).toBeInstanceOf(Promise);
    await settleTurn();
    fetchAt(0).answer({ a: "A" });
    expect(await reading).toEqual(["A", null]);
    expect(loader.getAll(["b", "a"])).toEqual([null, "A"]);
    expect(loader.getAll(["a", "c"])).toBeInstanceOf(Promise);
  });

  it("gives one request one answer for one id, though its lifetime ends meanwhile", async () => {
    const { readThrough, clock, fetches, fetchAt } = openReadThrough();
    const loader = new Loader(readThrough, 0);
    const reading = loader.get("a");
    await settleTurn();
    fetchAt(0).answer({ a: "old" });
    await reading;
    await clock.advance(2 * usualMs.lifetime);
    expect(loader.get("a")).toBe("old");
    expect(fetches).toHaveLength(1);
  });

  it("gives one request one answer where nothing is cached at all", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough({ lifetimeMs: 0, missLifetimeMs: 0 });
    const loader = new Loader(readThrough, 0);
    const reading = loader.getMany(["a", "b"]);
    await settleTurn();
    fetchAt(0).answer({ a: "A" });
    expect(await reading).toEqual(["A", null]);
    expect(await loader.getMany(["a", "b"])).toEqual(["A", null]);
    expect(fetches).toHaveLength(1);
  });

  it("keeps the failures of many apart", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const error = new SiteError("AccessRefused", "No.", { call: "GET /things" });
    const reading = new Loader(readThrough, 0).getMany(["a", "b", "c"]);
    await settleTurn();
    fetchAt(0).answer({ a: "A", b: error });
    expect(await reading).toEqual(["A", error, null]);
  });

  it("answers for each id of one batch by itself where that failed as a whole", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const loader = new Loader(readThrough, 0);
    const [one, many] = [loader.get("a"), loader.getAll(["b", "a"])];
    await settleTurn();
    const failure = new Error("a bug");
    fetchAt(0).fail(failure);
    await expect(one).rejects.toBe(failure);
    expect(await many).toEqual([failure, failure]);
    expect([loader.hasOutcome("a"), loader.hasOutcome("c")]).toEqual([true, false]);
  });

  it("joins what is being read, and reads anew once something was forgotten", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const loader = new Loader(readThrough, 0);
    const first = loader.getMany(["a"]);
    await settleTurn();
    const joined = loader.getMany(["a"]);
    readThrough.drop("a");
    loader.forget("all");
    const after = loader.getMany(["a"]);
    await settleTurn();
    expect(fetches).toHaveLength(2);
    fetchAt(0).answer({ a: "before" });
    expect([await first, await joined]).toEqual([["before"], ["before"]]);
    expect(loader.hasOutcome("a")).toBe(false);
    fetchAt(1).answer({ a: "after" });
    expect(await after).toEqual(["after"]);
    expect(loader.get("a")).toBe("after");
  });

  it("reads again in the same request what was cleared after a write", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const loader = new Loader(readThrough, 0);
    const first = loader.get("a");
    await settleTurn();
    fetchAt(0).answer({ a: "before" });
    await first;
    readThrough.drop("a");
    loader.clear("a");
    const second = loader.get("a");
    await settleTurn();
    fetchAt(1).answer({ a: "after" });
    expect(await second).toBe("after");
  });
});
