import { describe, expect, it } from "vitest";
import { compareCodePoints, orderOnce } from "../../../src/domain/textOrder.js";

describe("the order of strings", () => {
  it("is that of their code points, where UTF-16 units would say otherwise", () => {
    const ordered = ["", "A", "AB", "a", "é", "\u{d7ff}", "\u{e000}", "\u{ffee}", "\u{10000}", "😀", "😀a"];
    expect([...ordered].reverse().sort(compareCodePoints)).toEqual(ordered);
    // What `<` says, so that this test can fail.
    expect([...ordered].sort()).not.toEqual(ordered);
  });

  it("tells equal strings, and no others", () => {
    expect(compareCodePoints("a😀", "a😀")).toBe(0);
    expect(compareCodePoints("a😀", "a😁")).toBe(-1);
    expect(compareCodePoints("b", "a")).toBe(1);
  });
});

it("orders without touching what it is given, and keeps the first of items that stand at one place", () => {
  const given = Object.freeze(["b", "a", "b", "", "a", "a", ""]);
  expect(orderOnce(given, compareCodePoints)).toEqual(["", "a", "b"]);
  expect(orderOnce([], compareCodePoints)).toEqual([]);
  const named = [
    { name: "x", from: "first list" },
    { name: "x", from: "second list" },
  ];
  expect(orderOnce(named, (left, right) => compareCodePoints(left.name, right.name))).toEqual([named[0]]);
});
