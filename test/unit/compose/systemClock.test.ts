import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../../src/compose/systemClock.js";
import { longestTimerMs } from "../../../src/http/limits.js";

describe("systemClock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sleeps as long as asked", async () => {
    let isAwake = false;
    void systemClock.sleep(1_000).then(() => {
      isAwake = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isAwake).toBe(true);
  });

  it("sleeps longer than one timer can hold instead of waking at once", async () => {
    let isAwake = false;
    void systemClock.sleep(longestTimerMs + 1_000).then(() => {
      isAwake = true;
    });
    await vi.advanceTimersByTimeAsync(longestTimerMs);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isAwake).toBe(true);
  });

  it("stops with the signal's reason and leaves no timer behind", async () => {
    const caller = new AbortController();
    const asleep = systemClock.sleep(1_000, caller.signal);
    caller.abort("gone");
    await expect(asleep).rejects.toBe("gone");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not begin to sleep for a signal that is aborted already", async () => {
    await expect(systemClock.sleep(1_000, AbortSignal.abort("gone"))).rejects.toBe("gone");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tells the machine's time", () => {
    vi.setSystemTime(Date.UTC(2026, 10, 20));
    expect(systemClock.now()).toBe(Date.UTC(2026, 10, 20));
  });
});
