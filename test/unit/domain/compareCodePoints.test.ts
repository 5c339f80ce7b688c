import { describe, expect, it } from "vitest";
import { compareCodePoints } from "../../../src/domain/textOrder.js";

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
