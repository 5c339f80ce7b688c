import { describe, expect, it, vi } from "vitest";
import { Deadlines } from "../../../src/fleet/Deadlines.js";
import { EngineClock } from "../../../src/fleet/EngineClock.js";
import { Pauses } from "../../../src/fleet/Pauses.js";
import { ManualClock } from "../../support/ManualClock.js";

describe("the engine's clock", () => {
  it("is ours until it was asked", () => {
    const clock = new EngineClock(() => 1_000);
    expect([clock.toEngineMs(500), clock.toOwnMs(500), clock.toOwnMs(2_000)]).toEqual([500, 500, 1_000]);
  });

  it("converts to the older side by what the measurement may be wrong, and to nothing that is still to come", () => {
    const clock = new EngineClock(() => 1_010);
    clock.take(5_005, 1_000, 1_010);
    // The offset is 4,000, give or take 5.
    expect([clock.toEngineMs(900), clock.toOwnMs(4_900), clock.toOwnMs(9_000)]).toEqual([4_895, 895, 1_010]);
  });

  it("keeps the better measurement, until it is old or one of the clocks was set", () => {
    const clock = new EngineClock(() => 200_000);
    clock.take(5_001, 1_000, 1_002);
    clock.take(6_020, 2_000, 2_040);
    expect(clock.toEngineMs(0)).toBe(3_999);
    clock.take(9_000, 3_000, 3_040);
    expect(clock.toEngineMs(0)).toBe(5_960);
    clock.take(9_980, 4_000, 4_080);
    expect(clock.toEngineMs(0)).toBe(5_960);
    clock.take(79_980, 74_000, 74_080);
    expect(clock.toEngineMs(0)).toBe(5_900);
  });
});

describe("deadlines", () => {
  const never = () => new Promise<never>(() => undefined);

  it("are missed once for all of a turn, and reject nobody by themselves", async () => {
    const clock = new ManualClock();
    const missed = vi.fn();
    const deadlines = new Deadlines(clock, missed);
    const settled = vi.fn();
    void deadlines.watch(never(), 200).then(settled, settled);
    void deadlines.watch(never(), 200).then(settled, settled);
    expect(await deadlines.watch(Promise.resolve("in time"), 200)).toBe("in time");
    expect(clock.sleeping).toEqual([200]);
    await clock.advance(199);
    expect(missed).not.toHaveBeenCalled();
    await clock.advance(1);
    await vi.waitFor(() => expect(missed).toHaveBeenCalledTimes(1));
    expect(settled).not.toHaveBeenCalled();
    deadlines.rejectAll(new Error("away"));
    await vi.waitFor(() => expect(settled).toHaveBeenCalledTimes(2));
  });

  it("are met by what came while the process stood still", async () => {
    const clock = new ManualClock();
    const missed = vi.fn();
    const deadlines = new Deadlines(clock, missed);
    let answer: (value: string) => void = () => undefined;
    const asked = deadlines.watch(new Promise<string>((resolve) => (answer = resolve)), 200);
    // The timer is due before what lies in the socket was read.
    const moved = clock.advance(200);
    setImmediate(() => answer("late"));
    await moved;
    expect(await asked).toBe("late");
    await new Promise((resolve) => setImmediate(resolve));
    expect(missed).not.toHaveBeenCalled();
  });

  it("leave no timer behind where all was answered or ended", async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(clock, () => undefined);
    await expect(deadlines.watch(Promise.reject(new Error("no")), 200)).rejects.toThrow("no");
    const asked = deadlines.watch(never(), 5_000);
    deadlines.rejectAll(new Error("away"));
    await expect(asked).rejects.toThrow("away");
    await vi.waitFor(() => expect(clock.sleeping).toEqual([]));
  });
});

describe("pauses", () => {
  it("grow to three seconds, not all alike, and begin again after what was steady", () => {
    const pauses = new Pauses(() => 0.5);
    expect([1, 2, 3, 4, 5, 6].map(() => pauses.next())).toEqual([250, 500, 1_000, 2_000, 3_000, 3_000]);
    pauses.tell(14_999);
    expect(pauses.next()).toBe(3_000);
    pauses.tell(15_000);
    expect(pauses.next()).toBe(250);
    expect([new Pauses(() => 0).next(), new Pauses(() => 0.999).next()]).toEqual([187.5, 312.375]);
  });
});
