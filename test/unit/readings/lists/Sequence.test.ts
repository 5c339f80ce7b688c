import { describe, expect, it } from "vitest";
import { Joined, Mapped } from "../../../../src/readings/lists/Sequence.js";

describe("a list that is joined of parts", () => {
  const parts = [[], [1, 2, 3], [4], [], [5, 6], []];
  const joined = new Joined(parts);
  const all = parts.flat();

  it("is as long as its parts, and has each item in its place", () => {
    expect(joined.length).toBe(6);
    expect(Array.from({ length: 8 }, (_, at) => joined.at(at))).toEqual([...all, undefined, undefined]);
  });

  it("is cut across its parts as a list that was copied together would be", () => {
    for (let start = 0; start <= 7; start += 1) {
      for (let end = start; end <= 8; end += 1) expect(joined.slice(start, end)).toEqual(all.slice(start, end));
    }
  });

  it("may be joined of joined ones, and of none", () => {
    expect(new Joined([joined, [7], new Joined<number>([])]).slice(4, 7)).toEqual([5, 6, 7]);
    expect(new Joined([]).slice(0, 3)).toEqual([]);
    expect(new Joined([]).at(0)).toBeUndefined();
  });

  it("makes of its items only those that are looked at", () => {
    const made: number[] = [];
    const mapped = new Mapped(joined, (item) => {
      made.push(item);
      return `${item}!`;
    });
    expect([mapped.length, mapped.at(2), mapped.at(6), mapped.at(-1)]).toEqual([6, "3!", undefined, undefined]);
    expect(mapped.slice(3, 5)).toEqual(["4!", "5!"]);
    expect(made).toEqual([3, 4, 5]);
  });
});
