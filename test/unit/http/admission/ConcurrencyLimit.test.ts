import { describe, expect, it } from "vitest";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { ConcurrencyLimit } from "../../../../src/http/admission/ConcurrencyLimit.js";
import type { Slot } from "../../../../src/http/admission/slots.js";
import { ManualClock } from "../../../support/ManualClock.js";

async function openLimit(concurrency: number) {
  const clock = new ManualClock();
  const concurrencyLimit = new ConcurrencyLimit({ concurrency, clock });
  const admitted: { readonly name: string; readonly slot: Slot }[] = [];
  const refused: { readonly name: string; readonly error: unknown }[] = [];
  const enter = (name: string, budgetMs = 30_000, signal = new AbortController().signal, allowanceMs = budgetMs) => {
    concurrencyLimit.enter({ call: name, deadlineMs: clock.now() + budgetMs, allowanceMs, signal }).then(
      (slot) => slot !== null && admitted.push({ name, slot }),
      (error: unknown) => refused.push({ name, error }),
    );
  };
  const settle = () => clock.advance(0);
  // A call of long ago, by which the site may be heard to ask for a pause at any time.
  const { signal } = new AbortController();
  const early = await concurrencyLimit.enter({ call: "early", deadlineMs: 1e15, allowanceMs: 1e15, signal });
  early?.leave(true);
  const pause = (retryAfterMs: number) => early?.throttled({ status: 503, retryAfterMs, told: null });
  const leave = (name: string, isAnswered = true) =>
    admitted.find((each) => each.name === name)?.slot.leave(isAnswered);
  return {
    clock,
    concurrencyLimit,
    admitted,
    refused,
    enter,
    leave,
    settle,
    pause,
    throttle: (name: string, retryAfterMs: number | null, facts: { readonly status?: number } = {}) => {
      const slot = admitted.find((each) => each.name === name)?.slot;
      slot?.throttled({ status: 429, retryAfterMs, told: null, ...facts });
      slot?.leave(false);
    },
    names: () => admitted.map(({ name }) => name),
  };
}

describe("ConcurrencyLimit", () => {
  it("lets no more than its concurrency through and serves the rest in order", async () => {
    const { concurrencyLimit, enter, leave, names, settle } = await openLimit(2);
    for (const name of ["a", "b", "c", "d"]) enter(name);
    await settle();
    expect(names()).toEqual(["a", "b"]);
    expect(concurrencyLimit.state).toMatchObject({ concurrency: 2, inFlight: 2, waiting: 2, pausedUntilMs: null });
    leave("b");
    await settle();
    leave("a");
    await settle();
    expect(names()).toEqual(["a", "b", "c", "d"]);
  });

  it("gives the place of one that fails when it is told of it to the next", async () => {
    const { concurrencyLimit, enter, leave, names, settle } = await openLimit(1);
    enter("a");
    await settle();
    const failing = concurrencyLimit.enter({
      ...{ call: "b", deadlineMs: 1e15, allowanceMs: 1e15, signal: new AbortController().signal },
      onAdmitted: () => {
        throw new Error("it cannot be sent");
      },
    });
    const failed = expect(failing).rejects.toThrow("it cannot be sent");
    for (const name of ["c", "d"]) enter(name);
    leave("a");
    await failed;
    await settle();
    leave("c");
    await settle();
    expect(names()).toEqual(["a", "c", "d"]);
    expect(concurrencyLimit.state).toMatchObject({ inFlight: 1, waiting: 0 });
  });

  it("frees one place for a slot that is left twice", async () => {
    const { enter, leave, names, settle, concurrencyLimit } = await openLimit(1);
    for (const name of ["a", "b", "c"]) enter(name);
    await settle();
    leave("a");
    leave("a");
    await settle();
    expect(names()).toEqual(["a", "b"]);
    expect(concurrencyLimit.state.inFlight).toBe(1);
  });

  it("lets nobody through before the Retry-After is over", async () => {
    const { clock, concurrencyLimit, enter, names, pause } = await openLimit(4);
    pause(5_000);
    enter("a");
    await clock.advance(4_999);
    expect(names()).toEqual([]);
    expect(concurrencyLimit.state.pausedUntilMs).toBe(clock.now() + 1);
    await clock.advance(1);
    expect(names()).toEqual(["a"]);
    expect(concurrencyLimit.state.pausedUntilMs).toBeNull();
  });

  it("keeps the later of two Retry-Afters", async () => {
    const { clock, enter, names, pause } = await openLimit(4);
    pause(5_000);
    enter("a");
    pause(8_000);
    pause(1_000);
    await clock.advance(7_999);
    expect(names()).toEqual([]);
    await clock.advance(1);
    expect(names()).toEqual(["a"]);
  });

  it("lets half as many through after a throttle, and none more for what was in flight before it", async () => {
    const { concurrencyLimit, enter, throttle, leave, names, settle } = await openLimit(8);
    for (let number = 1; number <= 20; number += 1) enter(`c${number}`);
    await settle();
    expect(names()).toHaveLength(8);
    throttle("c1", null);
    throttle("c2", null);
    for (const name of ["c3", "c4"]) leave(name);
    await settle();
    // Two throttles of one round trip halve it once.
    expect(concurrencyLimit.state).toMatchObject({ allowed: 4, inFlight: 4, throttled: 2 });
    expect(names()).toHaveLength(8);
    leave("c5");
    await settle();
    expect(concurrencyLimit.state).toMatchObject({ allowed: 4, inFlight: 4 });
    expect(names()).toHaveLength(9);
  });

  it("does not open further for a call that failed", async () => {
    const { concurrencyLimit, enter, throttle, leave, names, settle } = await openLimit(4);
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) enter(name);
    await settle();
    throttle("a", null);
    for (const name of ["b", "c", "d"]) leave(name);
    await settle();
    expect(names().slice(4)).toEqual(["e", "f"]);
    leave("e", false);
    await settle();
    expect(concurrencyLimit.state).toMatchObject({ allowed: 2, inFlight: 2 });
    leave("f");
    leave("g");
    expect(concurrencyLimit.state.allowed).toBe(4);
  });

  it("refuses at once, and says when to ask again, what could not wait for the reopening", async () => {
    const { concurrencyLimit, enter, pause, refused, names, settle } = await openLimit(1);
    enter("running");
    enter("waiting", 30_000);
    enter("patient", 61_000);
    await settle();
    pause(60_000);
    enter("late", 30_000);
    await settle();
    expect(refused.map(({ name }) => name)).toEqual(["waiting", "late"]);
    for (const { error } of refused) {
      expect(error).toBeInstanceOf(SiteError);
      expect(error).toMatchObject({ kind: "Throttled", retryAfterMs: 60_000, status: null, isAnswerLost: false });
    }
    expect(names()).toEqual(["running"]);
    expect(concurrencyLimit.state.waiting).toBe(1);
  });

  it("refuses a call once it was closed, all in all, for longer than the call has time, however open its queue is", async () => {
    const { clock, enter, names, refused, pause } = await openLimit(1);
    enter("running");
    enter("a", 120_000, undefined, 30_000);
    for (let round = 0; round < 4; round += 1) {
      pause(6_000);
      await clock.advance(10_000);
    }
    expect([names(), refused]).toEqual([["running"], []]);
    pause(6_000);
    await clock.advance(0);
    expect(refused).toMatchObject([{ name: "a", error: { kind: "Throttled", retryAfterMs: 6_000 } }]);
  });

  it("tells how long it was closed while a call waited, also from before it came", async () => {
    const { clock, enter, admitted, pause } = await openLimit(1);
    pause(5_000);
    await clock.advance(2_000);
    enter("a");
    await clock.advance(1_000);
    pause(4_000);
    await clock.advance(4_000);
    expect(admitted).toMatchObject([{ name: "a", slot: { pausedMs: 5_000 } }]);
  });

  it("does not stay closed for a Retry-After beyond any quota's window", async () => {
    const { clock, enter, names, pause } = await openLimit(1);
    pause(2_147_483_647);
    enter("a", 3_700_000);
    await clock.advance(3_600_000);
    expect(names()).toEqual(["a"]);
  });

  it("forgets a caller that stopped waiting, and leaves no timer behind", async () => {
    const { clock, concurrencyLimit, enter, refused, settle, pause } = await openLimit(1);
    pause(1_000);
    const caller = new AbortController();
    enter("a", 30_000, caller.signal);
    await settle();
    expect(clock.sleeping).toEqual([1_000]);
    caller.abort("gone");
    await settle();
    expect(refused).toEqual([{ name: "a", error: "gone" }]);
    expect(concurrencyLimit.state.waiting).toBe(0);
    expect(clock.sleeping).toEqual([]);
  });

  it("does not let through a call whose time is over, though a place comes free", async () => {
    const { clock, enter, leave, names, settle } = await openLimit(1);
    enter("a");
    enter("late", 1_000);
    enter("b", 2_000);
    await clock.advance(1_000);
    leave("a");
    await settle();
    expect(names()).toEqual(["a", "b"]);
  });

  it("refuses a caller that stopped before it came", async () => {
    const { enter, refused, concurrencyLimit, settle } = await openLimit(1);
    enter("a", 30_000, AbortSignal.abort("gone"));
    await settle();
    expect(refused).toEqual([{ name: "a", error: "gone" }]);
    expect(concurrencyLimit.state.inFlight).toBe(0);
  });

  it("keeps the last budget it was told, through answers that say nothing", async () => {
    const { concurrencyLimit } = await openLimit(1);
    expect(concurrencyLimit.state.rateLimit).toBeNull();
    concurrencyLimit.observe({ "x-ratelimit-limit": "100", "x-ratelimit-remaining": "9" });
    concurrencyLimit.observe({ "content-type": "application/json" });
    expect(concurrencyLimit.state.rateLimit).toMatchObject({ limit: 100, remaining: 9, isNearLimit: true });
  });
});
