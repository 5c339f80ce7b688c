import { describe, expect, it } from "vitest";
import { compareText, sortedDistinct } from "../../../src/domain/textOrder.js";

describe("the order of strings", () => {
  it("is that of their code points, where UTF-16 units would say otherwise", () => {
    const ordered = ["", "A", "AB", "a", "é", "\u{d7ff}", "\u{e000}", "\u{ffee}", "\u{10000}", "😀", "😀a"];
    expect([...ordered].reverse().sort(compareText)).toEqual(ordered);
    // What `<` says, so that this test can fail.
    expect([...ordered].sort()).not.toEqual(ordered);
  });

  it("tells equal strings, and no others", () => {
    expect(compareText("a😀", "a😀")).toBe(0);
    expect(compareText("a😀", "a😁")).toBe(-1);
    expect(compareText("b", "a")).toBe(1);
  });
});

it("orders without touching what it is given, and keeps the first of items that stand at one place", () => {
  const given = Object.freeze(["b", "a", "b", "", "a", "a", ""]);
  expect(sortedDistinct(given, compareText)).toEqual(["", "a", "b"]);
  expect(sortedDistinct([], compareText)).toEqual([]);
  const named = [
    { name: "x", from: "first list" },
    { name: "x", from: "second list" },
  ];
  expect(sortedDistinct(named, (left, right) => compareText(left.name, right.name))).toEqual([named[0]]);
});
