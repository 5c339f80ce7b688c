import { describe, expect, it } from "vitest";
import { AdaptiveWindow } from "../../../../src/http/admission/budget/AdaptiveWindow.js";

/** What a window does over so many round trips, in which as many are answered as may be in flight. */
function answer(window: AdaptiveWindow, roundTrips: number): readonly number[] {
  return Array.from({ length: roundTrips }, () => {
    const { size, round } = window;
    for (let each = 0; each < size; each += 1) window.answered(round);
    return window.size;
  });
}

describe("AdaptiveWindow", () => {
  it("is halved by a throttle, once for all that were in flight together, and never below two", () => {
    const window = new AdaptiveWindow(32);
    const { round } = window;
    for (let each = 0; each < 5; each += 1) window.throttled(round);
    expect(window.size).toBe(16);
    for (let each = 0; each < 9; each += 1) window.throttled(window.round);
    expect(window.size).toBe(2);
    expect(new AdaptiveWindow(1).size).toBe(1);
  });

  it("is not opened by what was in flight before the throttle", () => {
    const window = new AdaptiveWindow(32);
    const { round } = window;
    window.throttled(round);
    for (let each = 0; each < 31; each += 1) window.answered(round);
    expect(window.size).toBe(16);
  });

  it("takes back a throttle that stood alone in its round trip, after another without one", () => {
    const window = new AdaptiveWindow(32);
    window.throttled(window.round);
    expect(answer(window, 1)).toEqual([32]);
  });

  it("comes back by half the way in each round trip after throttles that did not, and then by one", () => {
    const window = new AdaptiveWindow(64);
    const { round } = window;
    window.throttled(round);
    window.throttled(round);
    const sizes = answer(window, 12);
    expect(sizes[0]).toBeGreaterThanOrEqual(42);
    expect(sizes[0]).toBeLessThan(64);
    expect(sizes.every((size, index) => index === 0 || size >= (sizes[index - 1] ?? 0))).toBe(true);
    expect(sizes.at(-1)).toBe(64);
    expect(answer(window, 3)).toEqual([64, 64, 64]);
  });

  it("keeps most of its size where one call in eighty is throttled for nothing", () => {
    const window = new AdaptiveWindow(32);
    let sum = 0;
    for (let call = 1; call <= 8_000; call += 1) {
      if (call % 80 === 0) window.throttled(window.round);
      else window.answered(window.round);
      sum += window.size;
    }
    expect(sum / 8_000).toBeGreaterThan(24);
  });
});
