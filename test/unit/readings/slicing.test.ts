import { expect, it, vi } from "vitest";
import { Turns } from "../../../src/callers/Turns.js";
import { slicing } from "../../../src/readings/lists/slicing.js";

it("work over a whole site has slices of some milliseconds alone, and of half of one where others ask", () => {
  // Whoever asked before in this process may still count.
  const others = vi.spyOn(Turns.prototype, "isBeside").mockReturnValue(false);
  try {
    expect(slicing.sliceMs).toBe(5);
    others.mockReturnValue(true);
    expect(slicing.sliceMs).toBe(0.5);
  } finally {
    others.mockRestore();
  }
});
