import { describe, expect, it } from "vitest";
import { SiteError } from "../../../src/domain/SiteError.js";
import { Leaver, workFor } from "../../../src/http/Waiting.js";
import { openReadThrough, usualMs } from "./openReadThrough.js";
import { settleTurn } from "./settleTurn.js";

const throttled = () => new SiteError("Throttled", "The site asked us to wait.", { call: "GET /things" });

describe("a read", () => {
  it("asks upstream in as few fetches as it takes, each id once", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough({ maxKeysPerFetch: 2 });
    const reading = readThrough.readMany(["a", "b", "a", "c"], 0);
    expect(fetches.map(({ ids }) => ids)).toEqual([["a", "b"], ["c"]]);
    fetchAt(0).answer({ a: "A", b: "B" });
    fetchAt(1).answer({ c: "C" });
    expect(await reading).toEqual(["A", "B", "A", "C"]);
  });

  it("asks upstream only for what is not known", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const first = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "A" });
    await first;
    const second = readThrough.readMany(["a", "b"], 0);
    expect(fetches.map(({ ids }) => ids)).toEqual([["a"], ["b"]]);
    fetchAt(1).answer({ b: "B" });
    expect(await second).toEqual(["A", "B"]);
  });

  it("gives each id its own failure, and the others their answers", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const error = throttled();
    const reading = readThrough.readMany(["a", "b"], 0);
    fetchAt(0).answer({ a: "A", b: error });
    expect(await reading).toEqual(["A", error]);
  });
});

describe("one flight a key", () => {
  it("asks upstream once for 50 concurrent misses", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const readings = Array.from({ length: 50 }, () => readThrough.readMany(["a"], 0));
    fetchAt(0).answer({ a: "A" });
    expect((await Promise.all(readings)).flat()).toEqual(Array.from({ length: 50 }, () => "A"));
    expect(fetches).toHaveLength(1);
  });

  it("joins a flight for the ids it carries, and starts one for the rest", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const first = readThrough.readMany(["a", "b"], 0);
    const second = readThrough.readMany(["b", "c"], 0);
    expect(fetches.map(({ ids }) => ids)).toEqual([["a", "b"], ["c"]]);
    fetchAt(0).answer({ a: "A", b: "B" });
    fetchAt(1).answer({ c: "C" });
    expect(await first).toEqual(["A", "B"]);
    expect(await second).toEqual(["B", "C"]);
  });

  it("hands a failure to everyone who waits, and asks again after it", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const error = throttled();
    const readings = [readThrough.readMany(["a"], 0), readThrough.readMany(["a"], 0)];
    fetchAt(0).fail(error);
    expect(await Promise.all(readings)).toEqual([[error], [error]]);
    const again = readThrough.readMany(["a"], 0);
    expect(fetches).toHaveLength(2);
    fetchAt(1).answer({ a: "A" });
    expect(await again).toEqual(["A"]);
  });

  it("turns a rejection that is no Error into one, so that nobody takes it for a value", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const reading = readThrough.readMany(["a"], 0);
    fetchAt(0).fail("out of order");
    expect(await reading).toEqual([new Error("out of order")]);
  });
});

it("begins nothing for who has hung up already, and answers them with what is remembered", async () => {
  const { readThrough, fetches, fetchAt } = openReadThrough();
  const first = readThrough.readMany(["a"], 0);
  fetchAt(0).answer({ a: "A" });
  await first;
  const leaver = new Leaver();
  leaver.go();
  const outcomes = await workFor(leaver, () => readThrough.readMany(["a", "b"], 0));
  expect(outcomes).toMatchObject(["A", { kind: "Throttled" }]);
  expect(fetches).toHaveLength(1);
});

it("lets nothing that was begun before a change in place bring back what was", async () => {
  const { readThrough, clock, fetchAt } = openReadThrough();
  const first = readThrough.readMany(["a"], 0);
  fetchAt(0).answer({ a: "A" });
  await first;
  await clock.advance(1_000);
  const listBegunAtMs = clock.now();
  await clock.advance(1_000);
  readThrough.revise("a", (value) => `${value}, changed`);
  // A list that was asked for before the change names it as it was.
  readThrough.prime("a", "A", listBegunAtMs);
  expect(readThrough.peek("a", 0)).toBe("A, changed");
  expect(readThrough.peekDated("a", 0)?.readAtMs).toBe(listBegunAtMs - 1_000);
  await clock.advance(1);
  readThrough.prime("a", "A, by a list", clock.now());
  expect(readThrough.peek("a", 0)).toBe("A, by a list");
});

describe("drop", () => {
  it("forgets a value, so that a read after our own write sees the write", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const reading = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "old" });
    await reading;
    readThrough.drop("a");
    expect(readThrough.peek("a", 0)).toBeUndefined();
  });

  it("keeps a flight under way from being remembered or joined: it may have read before the write", async () => {
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const early = readThrough.readMany(["a"], 0);
    readThrough.drop("a");
    const late = readThrough.readMany(["a"], 0);
    expect(fetches).toHaveLength(2);
    fetchAt(0).answer({ a: "before the write" });
    expect(await early).toEqual(["before the write"]);
    expect(readThrough.peek("a", 0)).toBeUndefined();
    fetchAt(1).answer({ a: "after the write" });
    expect(await late).toEqual(["after the write"]);
    expect(readThrough.peek("a", 0)).toBe("after the write");
  });

  it("touches no other id of the same flight", async () => {
    const { readThrough, fetchAt } = openReadThrough();
    const reading = readThrough.readMany(["a", "b"], 0);
    readThrough.drop("a");
    fetchAt(0).answer({ a: "A", b: "B" });
    expect(await reading).toEqual(["A", "B"]);
    expect(readThrough.peek("a", 0)).toBeUndefined();
    expect(readThrough.peek("b", 0)).toBe("B");
  });

  it("keeps a read behind a stale answer from bringing the old value back", async () => {
    const { readThrough, clock, fetchAt } = openReadThrough();
    const first = readThrough.readMany(["a"], 0);
    fetchAt(0).answer({ a: "old" });
    await first;
    await clock.advance(usualMs.lifetime);
    readThrough.peek("a", 0);
    await settleTurn();
    readThrough.drop("a");
    fetchAt(1).answer({ a: "old" });
    await settleTurn();
    expect(readThrough.peek("a", 0)).toBeUndefined();
  });
});
