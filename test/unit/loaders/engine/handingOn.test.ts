import { describe, expect, it } from "vitest";
import { Leaver, workFor } from "../../../../src/http/Waiting.js";
import { Loader } from "../../../../src/loaders/engine/Loader.js";
import { openReadThrough } from "../../cache/openReadThrough.js";
import { settleTurn } from "../../cache/settleTurn.js";

/** A call for each list. */
const lists = { maxKeysPerFetch: Number.POSITIVE_INFINITY };

/** Lists that name things, of which what is read follows: what a list names is asked for when that list is there. */
function openJoin() {
  const ofLists = openReadThrough(lists);
  const ofThings = openReadThrough();
  const things = new Loader(ofThings.readThrough, 0);
  const source = new Loader(ofLists.readThrough, 0);
  const read = async (list: string) => {
    const names = (await source.get(list)) ?? "";
    return Promise.all([...names].map((name) => things.get(name)));
  };
  return { ofLists, ofThings, read };
}

describe("lists that are read together", () => {
  it("are there one after the other, each as soon as it was read", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough(lists);
    const loader = new Loader(readThrough, 0);
    const [first, both] = [loader.get("a"), loader.getMany(["a", "b"])];
    await settleTurn();
    fetchAt(0).handOn({ a: "A" });
    expect(await first).toBe("A");
    expect(loader.get("a")).toBe("A");
    expect(loader.hasOutcome("b")).toBe(false);
    fetchAt(0).answer({ a: "other", b: "B" });
    expect(await both).toEqual(["A", "B"]);
    expect(fetches).toHaveLength(1);
  });

  it("keep what came when the reading of the others fails", async () => {
    const { readThrough, fetchAt } = openReadThrough(lists);
    const reading = new Loader(readThrough, 0).getMany(["a", "b"]);
    await settleTurn();
    const failure = new Error("a bug");
    fetchAt(0).handOn({ a: "A" });
    fetchAt(0).fail(failure);
    expect(await reading).toEqual(["A", failure]);
    expect(readThrough.peek("a", 0)).toBe("A");
  });

  it("are under way to others until all of them are there, who join them", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough(lists);
    const reading = new Loader(readThrough, 0).getMany(["a", "b"]);
    await settleTurn();
    fetchAt(0).handOn({ a: "A" });
    const other = new Loader(readThrough, 0);
    await settleTurn();
    expect([other.peek("a"), other.isFresh("a")]).toEqual([undefined, false]);
    expect(await other.get("a")).toBe("A");
    fetchAt(0).answer({ b: "B" });
    await reading;
    expect([new Loader(readThrough, 0).peek("a"), fetches.length]).toEqual(["A", 1]);
  });

  it("are answered with all along where they were at hand before", async () => {
    const { readThrough, clock, fetchAt } = openReadThrough(lists);
    readThrough.prime("a", "before", clock.now());
    clock.advance(1);
    const reading = new Loader(readThrough, clock.now()).getMany(["a", "b"]);
    await settleTurn();
    fetchAt(0).handOn({ a: "after" });
    await settleTurn();
    expect(readThrough.peek("a", 0)).toBe("after");
    fetchAt(0).answer({ b: "B" });
    expect(await reading).toEqual(["after", "B"]);
  });

  it("are read again by others once a change may have made them untrue, though the rest is still being read", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough(lists);
    const reading = new Loader(readThrough, 0).getMany(["a", "b"]);
    await settleTurn();
    fetchAt(0).handOn({ a: "before" });
    await settleTurn();
    readThrough.forget(["a"]);
    const other = new Loader(readThrough, 0).getMany(["a", "b"]);
    await settleTurn();
    expect(fetches.map(({ ids }) => ids)).toEqual([["a", "b"], ["a"]]);
    fetchAt(1).answer({ a: "after" });
    fetchAt(0).answer({ b: "B" });
    expect([await reading, await other]).toEqual([
      ["before", "B"],
      ["after", "B"],
    ]);
    expect(readThrough.peek("a", 0)).toBe("after");
  });
});

describe("what follows from lists that come one after the other", () => {
  it("is asked for in one go when the last of them is there", async () => {
    const { ofLists, ofThings, read } = openJoin();
    const reading = Promise.all(["a", "b", "c"].map(read));
    await settleTurn();
    ofLists.fetchAt(0).handOn({ a: "xy" });
    for (let turn = 0; turn < 5; turn += 1) await settleTurn();
    ofLists.fetchAt(0).handOn({ b: "yz" });
    for (let turn = 0; turn < 5; turn += 1) await settleTurn();
    expect(ofThings.fetches).toEqual([]);
    ofLists.fetchAt(0).answer({ c: "x" });
    await settleTurn();
    expect(ofThings.fetches.map(({ ids }) => ids)).toEqual([["x", "y", "z"]]);
    ofThings.fetchAt(0).answer({ x: "X", y: "Y", z: "Z" });
    expect(await reading).toEqual([["X", "Y"], ["Y", "Z"], ["X"]]);
  });

  it("keeps nothing waiting that does not follow from them", async () => {
    const { ofLists, ofThings, read } = openJoin();
    const [one, other] = [openJoin(), openJoin()];
    const reading = Promise.all([read("a"), read("b"), one.read("a")]);
    await settleTurn();
    ofLists.fetchAt(0).handOn({ a: "x" });
    one.ofLists.fetchAt(0).answer({ a: "y" });
    await settleTurn();
    const begun = other.read("a");
    await settleTurn();
    expect([ofThings, one.ofThings, other.ofLists].map(({ fetches }) => fetches.length)).toEqual([0, 1, 1]);
    one.ofThings.fetchAt(0).answer({ y: "Y" });
    ofLists.fetchAt(0).answer({ b: "x" });
    other.ofLists.fetchAt(0).answer({ a: "" });
    await settleTurn();
    ofThings.fetchAt(0).answer({ x: "X" });
    expect(await reading).toEqual([["X"], ["X"], ["Y"]]);
    expect(await begun).toEqual([]);
  });

  it("goes at the latest with what follows from other lists, where those are there before", async () => {
    const slow = openJoin();
    const quick = openReadThrough(lists);
    const source = new Loader(quick.readThrough, 0);
    const things = new Loader(slow.ofThings.readThrough, 0);
    const ofQuick = async () => things.get((await source.get("q")) ?? "");
    const ofSlow = async (list: string) => things.get((await readSlow.get(list)) ?? "");
    const readSlow = new Loader(slow.ofLists.readThrough, 0);
    const reading = Promise.all([ofSlow("a"), ofSlow("b"), ofQuick()]);
    await settleTurn();
    slow.ofLists.fetchAt(0).handOn({ a: "x" });
    await settleTurn();
    quick.fetchAt(0).answer({ q: "y" });
    await settleTurn();
    expect(slow.ofThings.fetches.map(({ ids }) => ids)).toEqual([["x", "y"]]);
    slow.ofLists.fetchAt(0).answer({ b: "x" });
    slow.ofThings.fetchAt(0).answer({ x: "X", y: "Y" });
    expect(await reading).toEqual(["X", "X", "Y"]);
  });

  it("does not wait for ever where the others fail", async () => {
    const { ofLists, ofThings, read } = openJoin();
    const [first, second] = [read("a"), read("b")];
    second.catch(() => undefined);
    await settleTurn();
    ofLists.fetchAt(0).handOn({ a: "x" });
    await settleTurn();
    ofLists.fetchAt(0).fail(new Error("a bug"));
    await settleTurn();
    ofThings.fetchAt(0).answer({ x: "X" });
    expect(await first).toEqual(["X"]);
    await expect(second).rejects.toThrow("a bug");
  });

  it("ends where whoever asked hangs up meanwhile, and is not asked for", async () => {
    const { ofLists, ofThings, read } = openJoin();
    const client = new Leaver();
    const reading = workFor(client, () => Promise.allSettled([read("a"), read("b")]));
    await settleTurn();
    ofLists.fetchAt(0).handOn({ a: "x" });
    await settleTurn();
    client.go();
    ofLists.fetchAt(0).fail(new Error("nobody waits"));
    expect((await reading).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(ofThings.fetches).toEqual([]);
  });
});
