import { describe, expect, it } from "vitest";
import { AnswerStore } from "../../../src/server/answers/AnswerStore.js";

const standing = { size: 3, isStanding: () => true };
const bytes = (count: number) => Buffer.alloc(count, "x");

function openStore(maxBytes = 100_000) {
  let nowMs = 0;
  const store = new AnswerStore({ maxBytes, now: () => nowMs });
  return { store, pass: (byMs: number) => (nowMs += byMs) };
}

describe("remembered answers", () => {
  it("are given as long as they stand, and are let go once they do not", () => {
    const { store, pass } = openStore();
    const kept = bytes(10);
    store.remember("a", kept, { size: 1, isStanding: (nowMs) => nowMs < 100 });
    pass(99);
    expect(store.find("a")).toBe(kept);
    pass(1);
    expect(store.find("a")).toBeUndefined();
    expect(store.counters()).toEqual({ entries: 0, bytes: 0, given: 1, ended: 1 });
  });

  it("are worth it when something is asked for the second time", () => {
    const { store } = openStore();
    expect(["a", "b", "a", "c", "b"].map((key) => store.isAskedAgain(key))).toEqual([false, false, true, false, true]);
  });

  it("take no more room than they may, with their keys and what they stand on, and the least used go first", () => {
    const { store } = openStore(20_000);
    for (const key of ["a", "b", "c"]) store.remember(key, bytes(5_000), standing);
    store.find("a");
    store.remember("d", bytes(5_000), { size: 600, isStanding: () => true });
    expect(store.counters().bytes).toBeLessThanOrEqual(20_000);
    expect(["a", "b", "c", "d"].filter((key) => store.find(key) !== undefined)).toEqual(["a", "d"]);
  });

  it("are none where they are switched off", () => {
    const { store } = openStore(0);
    expect([store.isAskedAgain("a"), store.isAskedAgain("a")]).toEqual([false, false]);
    store.remember("a", bytes(1), standing);
    expect(store.find("a")).toBeUndefined();
  });

  it("forget what was asked long ago, so that what is asked once holds nothing", () => {
    const { store } = openStore();
    store.isAskedAgain("first");
    for (let at = 0; at < 50_000; at += 1) store.isAskedAgain(`once ${at}`);
    expect(store.isAskedAgain("first")).toBe(false);
  });
});
