import { describe, expect, it } from "vitest";
import { SiteError, type SiteErrorKind } from "../../../src/domain/SiteError.js";
import { Dice } from "../../model/Dice.js";
import { ManualClock } from "../../support/ManualClock.js";
import { openReadThrough, usualMs } from "./openReadThrough.js";
import { settleTurn } from "./settleTurn.js";

const failure = (kind: SiteErrorKind, retryAfterMs: number | null = null) =>
  new SiteError(kind, "no answer", { call: "GET /things", retryAfterMs });
const down = failure("UpstreamFailed");

/** A read-through that remembers one thing, whose time is over. */
async function openOverdue(options: Parameters<typeof openReadThrough>[0] = {}) {
  const opened = openReadThrough({ clock: new ManualClock(0), ...options });
  const { readThrough, clock, fetches, fetchAt } = opened;
  const first = readThrough.readMany(["a"], 0);
  fetchAt(0).answer({ a: "A" });
  await first;
  await clock.advance(2 * (options.lifetimeMs ?? usualMs.lifetime));
  return {
    ...opened,
    /** Reads as a query does; whatever is asked upstream for it ends so. */
    async ask(outcome: Error | string | null, mayBeOverdue = true, notBeforeMs = 0) {
      const before = fetches.length;
      const reading = readThrough.readManyDated(["a"], notBeforeMs, mayBeOverdue);
      await settleTurn();
      for (const fetch of fetches.slice(before)) {
        if (outcome instanceof Error) fetch.fail(outcome);
        else fetch.answer(outcome === null ? {} : { a: outcome });
      }
      const [read] = await reading;
      await settleTurn();
      return { read, asked: fetches.length - before };
    },
  };
}

const stale = { value: "A (stale)", readAtMs: 0, isCurrent: false };

describe("what is remembered and whose time is over", () => {
  it.each(["UpstreamFailed", "Unreachable", "Throttled", "Overloaded"] as const)(
    "is answered with where a read fails with %s, marked, with its age, and as nothing that is current",
    async (kind) => {
      const { ask } = await openOverdue();
      const { read, asked } = await ask(failure(kind));
      expect(asked).toBe(1);
      expect(read).toMatchObject({ ...stale, overdue: { error: { kind } } });
    },
  );

  it.each(["CredentialRejected", "ScopeMissing", "AccessRefused", "NotVisible", "ContractDrift"] as const)(
    "is not after %s, nor when the site fails after that",
    async (kind) => {
      const { ask, clock } = await openOverdue();
      expect((await ask(failure(kind))).read).toMatchObject({ kind });
      await clock.advance(60_000);
      expect((await ask(down)).read).toBe(down);
    },
  );

  it("is not once the site said that there is no such thing, whether that is remembered or not", async () => {
    for (const missLifetimeMs of [0, usualMs.miss]) {
      const { ask, clock } = await openOverdue({ missLifetimeMs });
      expect((await ask(null)).read).toMatchObject({ value: null });
      await clock.advance(60_000);
      expect((await ask(down)).read).toBe(down);
    }
  });

  it("is not while the site refuses the credential", async () => {
    let isAllowed = true;
    const { ask } = await openOverdue({ isOverdueAllowed: () => isAllowed });
    expect((await ask(down)).read).toMatchObject(stale);
    isAllowed = false;
    expect((await ask(down)).read).toBe(down);
  });

  it("is not for who wants what is true now: a plan, or a fresh read", async () => {
    const { ask } = await openOverdue();
    expect((await ask(down)).read).toMatchObject(stale);
    expect(await ask(down, false)).toEqual({ read: down, asked: 1 });
    expect(await ask(down, true, 1)).toEqual({ read: down, asked: 1 });
  });

  it("is not beyond its bound", async () => {
    const { ask, clock } = await openOverdue({ maxOverdueMs: 5 * 60_000 });
    await clock.advance(3 * 60_000);
    expect((await ask(down)).read).toMatchObject(stale);
    await clock.advance(1);
    expect((await ask(down)).read).toBe(down);
  });

  it("is not after a change of our own, whatever kind of", async () => {
    const changes: ((opened: ReturnType<typeof openReadThrough>) => void)[] = [
      ({ readThrough }) => readThrough.drop("a"),
      ({ readThrough }) => readThrough.forget("all"),
      ({ readThrough }) => readThrough.forget({ revise: "a", to: (value) => `${value}, changed` }),
    ];
    for (const change of changes) {
      const opened = await openOverdue();
      change(opened);
      expect((await opened.ask(down)).read).toBe(down);
    }
  });

  it("is not where it does not count any more", async () => {
    let isTrusted = true;
    const { ask } = await openOverdue({ isTrusted: () => isTrusted });
    expect((await ask(down)).read).toMatchObject(stale);
    isTrusted = false;
    expect((await ask(down)).read).toBe(down);
  });
});

describe("while a site fails", () => {
  it("it is asked once a pause, behind the answers, and every reader has the very same", async () => {
    const { ask, clock, fetches } = await openOverdue();
    const { read: first } = await ask(down);
    const again = await Promise.all(Array.from({ length: 5 }, () => ask(down)));
    expect(again.map(({ asked }) => asked)).toEqual([0, 0, 0, 0, 0]);
    for (const { read } of again) expect(read).toEqual(first);
    const before = fetches.length;
    for (let second = 0; second < 300; second += 1) {
      await clock.advance(1_000);
      expect((await ask(down)).read).toMatchObject(stale);
    }
    // After 5, 10, 20 and 40 seconds, and from then on each minute.
    expect(fetches.length - before).toBe(7);
  });

  it("it is not asked before it wants to be", async () => {
    const { ask, clock } = await openOverdue();
    await ask(failure("Throttled", 30_000));
    await clock.advance(29_999);
    expect((await ask(down)).asked).toBe(0);
    await clock.advance(1);
    expect((await ask(down)).asked).toBe(1);
  });

  it("the first answer is for the next reader once it is back", async () => {
    const { ask, clock } = await openOverdue();
    await ask(down);
    await clock.advance(5_000);
    expect((await ask("B")).read).toMatchObject(stale);
    expect((await ask(down)).read).toMatchObject({ value: "B", isCurrent: true });
  });
});

it("whatever fails, changes and passes, a value is what it was when it was read, and marked where it is overdue", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const dice = new Dice(`overdue ${seed}`);
    const { readThrough, clock, fetches } = openReadThrough({
      ...{ clock: new ManualClock(0), lifetimeMs: 10_000, maxOverdueMs: 60_000 },
    });
    /** What it was, from when on. */
    const history: { readonly fromMs: number; readonly value: string | null }[] = [{ fromMs: 0, value: "0" }];
    let noSinceMs = 0;
    const valueAt = (atMs: number) => history.findLast(({ fromMs }) => fromMs <= atMs)?.value ?? null;
    for (let step = 1; step <= 60; step += 1) {
      await clock.advance(1 + Math.floor(9_000 * dice.roll("time", step)));
      const nowMs = clock.now();
      if (dice.roll("change", step) < 0.25)
        history.push({ fromMs: nowMs, value: dice.roll("gone", step) < 0.2 ? null : String(step) });
      await clock.advance(1);
      const before = fetches.length;
      const reading = readThrough.readManyDated(["a"], 0, true);
      await settleTurn();
      const kinds = [null, null, "UpstreamFailed", "Unreachable", "UpstreamFailed", "AccessRefused"] as const;
      const kind = dice.pick(kinds, "kind", step);
      const isSaid = kind === null || kind === "AccessRefused";
      for (const fetch of fetches.slice(before)) {
        const value = valueAt(clock.now());
        if (kind !== null) fetch.fail(failure(kind));
        else fetch.answer(value === null ? {} : { a: value });
      }
      const [read] = await reading;
      await settleTurn();
      if (read === undefined || read instanceof Error) {
        expect(read).toMatchObject({ kind });
      } else if (read.overdue === undefined) {
        expect(read.value).toBe(valueAt(read.readAtMs));
        expect(clock.now() - read.readAtMs).toBeLessThan(20_000);
      } else {
        expect(read.value).toBe(`${valueAt(read.readAtMs)} (stale)`);
        expect(clock.now() - read.readAtMs).toBeLessThanOrEqual(60_000);
        // Nothing that was read before the site last said no.
        expect(read.readAtMs).toBeGreaterThanOrEqual(noSinceMs);
      }
      if (fetches.length > before && isSaid && (kind !== null || valueAt(clock.now()) === null))
        noSinceMs = clock.now();
    }
  }
});
