import { describe, expect, it } from "vitest";
import { KeptThings, LastMade } from "../../../../src/loaders/engine/KeptThings.js";
import { ManualClock } from "../../../support/ManualClock.js";

describe("what is kept from request to request", () => {
  it("is made once, and let go when nobody used it for five minutes", async () => {
    const clock = new ManualClock();
    const kept = new KeptThings(clock);
    let made = 0;
    const use = (name: string) =>
      kept.of(name, () => {
        made += 1;
        return made;
      });
    expect([use("one"), use("one"), use("other")]).toEqual([1, 1, 2]);
    await clock.advance(299_000);
    use("other");
    await clock.advance(2_000);
    kept.dropUnused();
    expect(kept.size).toBe(1);
    expect([use("other"), use("one")]).toEqual([2, 3]);
  });

  it("is bounded: the least recently used of many goes first", () => {
    const kept = new KeptThings(new ManualClock());
    for (let at = 0; at < 40; at += 1) {
      kept.of("first", () => "kept in use");
      kept.of(`filter ${at}`, () => at);
    }
    expect(kept.size).toBe(32);
    expect(kept.of("first", () => "made anew")).toBe("kept in use");
    expect(kept.of("filter 0", () => "made anew")).toBe("made anew");
  });

  it("is what it was made of: of the same it is the same, of anything else it is made anew", () => {
    const last = new LastMade<object>();
    const [one, other] = [{}, {}];
    const made = last.get([one, "a"], () => ({}));
    expect(last.get([one, "a"], () => ({}))).toBe(made);
    expect(last.get([other, "a"], () => ({}))).not.toBe(made);
    expect(last.get([one, "a"], () => ({}))).not.toBe(made);
    expect(() =>
      last.get([], () => {
        throw new Error("Not made.");
      }),
    ).toThrow("Not made.");
    expect(last.get([], () => one)).toBe(one);
  });
});
