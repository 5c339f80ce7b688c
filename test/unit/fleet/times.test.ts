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
    // As good as the one before, and later.
    clock.take(10_010, 4_000, 4_040);
    expect(clock.toEngineMs(0)).toBe(5_970);
    clock.take(10_010, 4_010, 4_050);
    expect(clock.toEngineMs(0)).toBe(5_960);
    clock.take(9_980, 4_000, 4_080);
    expect(clock.toEngineMs(0)).toBe(5_960);
    clock.take(79_980, 74_000, 74_080);
    expect(clock.toEngineMs(0)).toBe(5_900);
  });
});

describe("deadlines", () => {
  const never = () => new Promise<never>(() => undefined);

  function open() {
    const clock = new ManualClock();
    const onMissed = vi.fn();
    return { clock, onMissed, deadlines: new Deadlines({ clock, nowMs: () => clock.now(), onMissed }) };
  }

  it("are missed once for all of a moment, and reject nobody by themselves", async () => {
    const { clock, onMissed, deadlines } = open();
    const settled = vi.fn();
    void deadlines.watch(never(), 200).then(settled, settled);
    await clock.advance(20);
    void deadlines.watch(never(), 200).then(settled, settled);
    expect(await deadlines.watch(Promise.resolve("in time"), 200)).toBe("in time");
    expect(clock.sleeping).toEqual([200]);
    await clock.advance(1);
    void deadlines.watch(never(), 200).then(settled, settled);
    void deadlines.watch(never(), 300).then(settled, settled);
    expect(clock.sleeping).toEqual([200, 200, 300]);
    await clock.advance(178);
    expect(onMissed).not.toHaveBeenCalled();
    await clock.advance(1);
    await vi.waitFor(() => expect(onMissed).toHaveBeenCalledTimes(1));
    expect(settled).not.toHaveBeenCalled();
    deadlines.rejectAll(new Error("away"));
    await vi.waitFor(() => expect(settled).toHaveBeenCalledTimes(4));
    expect(clock.sleeping).toEqual([]);
  });

  it("are met by what came while the process stood still", async () => {
    const { clock, onMissed, deadlines } = open();
    let answer: (value: string) => void = () => undefined;
    const waited = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const asked = deadlines.watch(waited, 200);
    // The timer is due before what lies in the socket was read.
    const moved = clock.advance(200);
    setImmediate(() => answer("late"));
    await moved;
    expect(await asked).toBe("late");
    await new Promise((resolve) => setImmediate(resolve));
    expect(onMissed).not.toHaveBeenCalled();
  });

  it("leave one timer behind where all was answered, and none where it was ended", async () => {
    const { clock, deadlines } = open();
    for (let moment = 0; moment < 5; moment += 1) {
      await expect(deadlines.watch(Promise.reject(new Error("no")), 200)).rejects.toThrow("no");
      await clock.advance(30);
      expect(clock.sleeping).toEqual([200]);
    }
    let answer: () => void = () => undefined;
    const earlier = deadlines.watch(
      new Promise<void>((resolve) => {
        answer = resolve;
      }),
      200,
    );
    await clock.advance(30);
    void deadlines.watch(never(), 200).catch(() => undefined);
    expect(clock.sleeping).toEqual([200, 200]);
    answer();
    await earlier;
    expect(clock.sleeping).toEqual([200]);
    const asked = deadlines.watch(never(), 5_000);
    deadlines.rejectAll(new Error("away"));
    await expect(asked).rejects.toThrow("away");
    expect(clock.sleeping).toEqual([]);
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
