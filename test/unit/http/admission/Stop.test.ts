import { describe, expect, it, vi } from "vitest";
import { Stop } from "../../../../src/http/admission/Stop.js";

describe("a stop", () => {
  it("is heard once by whoever still listens, with the first reason", () => {
    const stop = new Stop();
    const [heard, left] = [vi.fn(), vi.fn()];
    stop.addEventListener("abort", heard);
    stop.addEventListener("abort", left);
    stop.removeEventListener("abort", left);
    stop.abort("over");
    stop.abort("again");
    expect(heard).toHaveBeenCalledTimes(1);
    expect(left).not.toHaveBeenCalled();
    expect([stop.aborted, stop.reason]).toEqual([true, "over"]);
  });

  it("is not heard any more by one who was told not to listen by another that hears it", () => {
    const stop = new Stop();
    const removed = vi.fn();
    stop.addEventListener("abort", () => stop.removeEventListener("abort", removed));
    stop.addEventListener("abort", removed);
    stop.abort("over");
    expect(removed).not.toHaveBeenCalled();
  });

  it("is a signal for who takes nothing else, before and after it", () => {
    const [early, late] = [new Stop(), new Stop()];
    const { signal } = early;
    expect(signal.aborted).toBe(false);
    for (const stop of [early, late]) stop.abort(new Error("over"));
    expect(signal.reason).toEqual(new Error("over"));
    expect(late.signal.reason).toEqual(new Error("over"));
  });
});
