import { describe, expect, it } from "vitest";
import { Basis, Unchanged } from "../../../../src/loaders/engine/Basis.js";
import { Loader } from "../../../../src/loaders/engine/Loader.js";
import { openReadThrough, usualMs } from "../../cache/openReadThrough.js";
import { settleTurn } from "../../cache/settleTurn.js";

/** One thing that is cached, and a request that read it. */
async function readOnce(options: Parameters<typeof openReadThrough>[0] = {}) {
  const opened = openReadThrough(options);
  const basis = new Basis();
  const loader = new Loader(opened.readThrough, 0, basis);
  const reading = loader.get("a");
  await settleTurn();
  opened.fetchAt(0).answer({ a: "A" });
  await reading;
  const settle = () => basis.settle(opened.clock.now());
  return { ...opened, basis, loader, settle };
}

describe("an answer stands", () => {
  it("as long as all that it was read from is current and fresh", async () => {
    const { readThrough, clock, settle } = await readOnce();
    const standing = settle();
    expect(standing?.isStanding(clock.now() + usualMs.lifetime - 1)).toBe(true);
    expect(standing?.isStanding(clock.now() + usualMs.lifetime)).toBe(false);
    readThrough.drop("a");
    expect(standing?.isStanding(clock.now())).toBe(false);
  });

  it("until the first of its parts is not fresh any more", async () => {
    const { readThrough, clock, loader, settle } = await readOnce();
    readThrough.prime("b", "B", clock.now() - usualMs.lifetime + 10);
    loader.get("b");
    expect(settle()?.isStanding(clock.now() + 9)).toBe(true);
    expect(settle()?.isStanding(clock.now() + 10)).toBe(false);
  });

  it("for ever where it rests on nothing that was read", () => {
    expect(new Basis().settle(0)?.isStanding(Number.MAX_SAFE_INTEGER)).toBe(true);
  });
});

describe("nothing can be said of an answer", () => {
  it("of which a part was not remembered, or is not what is remembered by now", async () => {
    expect((await readOnce({ mayRemember: () => false })).settle()).toBeNull();
    expect((await readOnce({ lifetimeMs: 0 })).settle()).toBeNull();
    const replaced = await readOnce();
    replaced.readThrough.prime("a", "newer", replaced.clock.now());
    expect(replaced.settle()).toBeNull();
  });

  it("of which a read failed", async () => {
    const { loader, fetchAt, settle } = await readOnce();
    const failing = loader.getMany(["b"]);
    await settleTurn();
    fetchAt(1).fail(new Error("cut off"));
    await failing;
    expect(settle()).toBeNull();
  });

  it("that was made from what is stale, though it was served", async () => {
    const { readThrough, clock } = await readOnce();
    await clock.advance(usualMs.lifetime);
    const basis = new Basis();
    expect(new Loader(readThrough, 0, basis).get("a")).toBe("A");
    expect(basis.settle(clock.now())).toBeNull();
  });

  it("in the course of which something was forgotten", async () => {
    const { loader, settle } = await readOnce();
    loader.forget(["b"]);
    expect(settle()).toBeNull();
  });
});

describe("what was looked for in vain counts too", () => {
  it("by looking it up: the answer ends when anything of its kind comes to be known", async () => {
    const { readThrough, clock, loader, settle } = await readOnce();
    expect(loader.peek("b")).toBeUndefined();
    const standing = settle();
    expect(standing?.isStanding(clock.now())).toBe(true);
    readThrough.prime("b", "B", clock.now());
    expect(standing?.isStanding(clock.now())).toBe(false);
  });

  it("by asking whether it is at hand, which decides how it is read", async () => {
    const { readThrough, clock, settle, loader } = await readOnce();
    readThrough.prime("b", "B", clock.now() - usualMs.lifetime + 10);
    expect([loader.isFresh("b"), loader.isFresh("c")]).toEqual([true, false]);
    const standing = settle();
    expect([9, 10].map((laterMs) => standing?.isStanding(clock.now() + laterMs))).toEqual([true, false]);
    readThrough.prime("c", "C", clock.now());
    expect(standing?.isStanding(clock.now())).toBe(false);
  });

  it("also of what is read in the end, when it was not by whoever looked for it", async () => {
    const { readThrough, clock, loader, settle } = await readOnce();
    loader.peek("b");
    readThrough.prime("b", "B", clock.now());
    loader.get("b");
    expect(settle()).toBeNull();
  });

  it("and is let be where it is waited for", async () => {
    const { settle, clock } = await readOnce();
    expect(settle()?.isStanding(clock.now())).toBe(true);
  });
});

it("a count of changes is current until it moves", () => {
  const source = { version: 1 };
  const ground = new Unchanged(source);
  expect(ground.isCurrent).toBe(true);
  source.version = 2;
  expect(ground.isCurrent).toBe(false);
});
