import { describe, expect, it } from "vitest";
import { ConcurrencyLimit } from "../../../../src/http/admission/ConcurrencyLimit.js";
import type { Slot } from "../../../../src/http/admission/slots.js";
import { ManualClock } from "../../../support/ManualClock.js";

function openLimit(concurrency: number, backgroundShare = 0.25) {
  const clock = new ManualClock();
  const limit = new ConcurrencyLimit({ concurrency, clock, backgroundShare });
  const admitted: { readonly name: string; readonly slot: Slot }[] = [];
  const refused: unknown[] = [];
  const { signal } = new AbortController();
  const ask = (name: string, isBackground: boolean) => {
    const deadlineMs = clock.now() + 10_000_000;
    limit.enter({ call: name, deadlineMs, allowanceMs: 30_000, signal, isBackground }).then(
      (slot) => slot !== null && admitted.push({ name, slot }),
      (error: unknown) => refused.push(error),
    );
  };
  /** What the site says with an answer. */
  const answered = (name: string, remaining: number, resetInMs: number | null) => {
    limit.observe(
      {
        "x-ratelimit-remaining": String(remaining),
        ...(resetInMs === null ? {} : { "x-ratelimit-reset": new Date(clock.now() + resetInMs).toISOString() }),
      },
      name.startsWith("crawl"),
    );
    admitted.find((each) => each.name === name)?.slot.leave(true);
  };
  return {
    clock,
    limit,
    refused,
    answered,
    person: (name: string) => ask(name, false),
    crawl: (name: string) => ask(name, true),
    throttle: (name: string, retryAfterMs: number) => {
      const slot = admitted.find((each) => each.name === name)?.slot;
      slot?.throttled({ status: 503, retryAfterMs, told: null });
      slot?.leave(false);
    },
    leave: (name: string) => admitted.find((each) => each.name === name)?.slot.leave(true),
    settle: () => clock.advance(0),
    names: () => admitted.map(({ name }) => name),
  };
}

describe("calls that nobody waits for", () => {
  it("go behind every other, however long they have waited", async () => {
    const { crawl, person, leave, names, settle } = openLimit(1);
    crawl("crawl-1");
    crawl("crawl-2");
    person("person-1");
    await settle();
    person("person-2");
    leave("crawl-1");
    await settle();
    leave("person-1");
    await settle();
    leave("person-2");
    await settle();
    expect(names()).toEqual(["crawl-1", "person-1", "person-2", "crawl-2"]);
  });

  it("take no more than their share of the concurrency, at least one, so that others find a place at once", async () => {
    const { crawl, person, names, settle, limit } = openLimit(8);
    for (const name of ["crawl-1", "crawl-2", "crawl-3"]) crawl(name);
    await settle();
    expect(names()).toEqual(["crawl-1", "crawl-2"]);
    expect(limit.state).toMatchObject({ inFlight: 2, waiting: 1 });
    person("person-1");
    await settle();
    expect(names()).toEqual(["crawl-1", "crawl-2", "person-1"]);
  });

  it("take no more than their share of what the site says remains, in its own units, until it begins anew", async () => {
    const { clock, crawl, person, answered, names, settle } = openLimit(8);
    person("person-1");
    for (const number of [1, 2, 3, 4, 5]) crawl(`crawl-${number}`);
    await settle();
    answered("person-1", 1_000, 60_000);
    answered("crawl-1", 900, 60_000);
    answered("crawl-2", 800, 60_000);
    await settle();
    // 200 are used, and one more call would make it 300 of the 1,000: more than a quarter.
    expect(names()).toEqual(["person-1", "crawl-1", "crawl-2"]);
    person("person-2");
    await settle();
    expect(names()).toEqual(["person-1", "crawl-1", "crawl-2", "person-2"]);
    await clock.advance(59_999);
    expect(names()).toHaveLength(4);
    await clock.advance(1);
    expect(names()).toEqual(["person-1", "crawl-1", "crawl-2", "person-2", "crawl-3", "crawl-4"]);
  });

  it("do not count what others use as their own, and stop earlier for it", async () => {
    const { crawl, person, answered, names, settle } = openLimit(4);
    person("person-1");
    await settle();
    answered("person-1", 40, 60_000);
    crawl("crawl-1");
    await settle();
    answered("crawl-1", 39, 60_000);
    person("person-2");
    await settle();
    answered("person-2", 4, 60_000);
    crawl("crawl-2");
    await settle();
    // One of the five that remain or were used by the crawl is a fifth; two would be more than a quarter.
    expect(names()).toEqual(["person-1", "crawl-1", "person-2"]);
  });

  it("try one at a time where a bucket fills up and nothing says when", async () => {
    const { clock, crawl, answered, names, settle } = openLimit(4);
    for (const number of [1, 2, 3, 4, 5]) crawl(`crawl-${number}`);
    await settle();
    answered("crawl-1", 4, null);
    await settle();
    answered("crawl-2", 3, null);
    await settle();
    expect(names()).toEqual(["crawl-1", "crawl-2"]);
    await clock.advance(1_000);
    expect(names()).toEqual(["crawl-1", "crawl-2", "crawl-3"]);
    // Filled up meanwhile: what had been used is there again.
    answered("crawl-3", 8, null);
    await settle();
    expect(names()).toEqual(["crawl-1", "crawl-2", "crawl-3", "crawl-4"]);
  });

  it("wait out the site's own pause like all others, and go behind them after it", async () => {
    const { clock, limit, crawl, person, names, throttle, settle } = openLimit(1);
    person("person-1");
    await settle();
    throttle("person-1", 5_000);
    crawl("crawl-1");
    person("person-2");
    await clock.advance(4_999);
    expect(names()).toEqual(["person-1"]);
    await clock.advance(1);
    expect(names()).toEqual(["person-1", "person-2"]);
    expect(limit.state.waiting).toBe(1);
  });
});
