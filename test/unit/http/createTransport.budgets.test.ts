import { describe, expect, it } from "vitest";
import { httpLimits } from "../../../src/http/limits.js";
import { answers } from "./answers.js";
import { calls } from "./calls.js";
import { openTransport } from "./openTransport.js";
import { startUpstream } from "./startUpstream.js";

const noPauses = { ...httpLimits, retryBaseMs: 0 };
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("the time of a question that is asked in several forms", () => {
  it("is one: a call has what those before it left, and adds what it took", async () => {
    const upstream = await startUpstream(() => undefined);
    const { errorOf, clock } = openTransport(upstream.url);
    const tries = { spentMs: 18_000 };
    const error = errorOf({ ...calls.read, tries });
    await upstream.whenReceived(1);
    await clock.whenSleeping(12_000);
    await clock.advance(12_000);
    expect(await error).toMatchObject({ kind: "Unreachable" });
    expect(tries.spentMs).toBe(30_000);
  });

  it("is not spent by what the call waits behind others", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    const { transport, clock, concurrencyLimit } = openTransport(upstream.url, { concurrency: 1 });
    const { signal } = new AbortController();
    const slot = await concurrencyLimit.enter({ call: "early", deadlineMs: 1e15, allowanceMs: 1e15, signal });
    const tries = { spentMs: 0 };
    const answer = transport.send({ ...calls.read, tries });
    await clock.advance(50_000);
    slot?.leave(true);
    expect(await answer).toMatchObject({ status: 200 });
    expect(tries.spentMs).toBe(0);
  });
});

describe("the time of calls that are under way together", () => {
  it("is over for each at its own moment, and one timer tells all of them", async () => {
    const upstream = await startUpstream(() => undefined);
    const { errorOf, clock } = openTransport(upstream.url);
    const ended: string[] = [];
    const ask = (name: string) => errorOf(calls.read).then(({ kind }) => ended.push(`${name} ${kind}`));
    const first = ask("first");
    await upstream.whenReceived(1);
    await clock.advance(10_000);
    const second = ask("second");
    await upstream.whenReceived(2);
    expect(clock.sleeping).toEqual([30_000]);
    await clock.advance(20_000);
    await first;
    expect([ended, clock.sleeping]).toEqual([["first Unreachable"], [10_000]]);
    await clock.advance(9_999);
    expect(ended).toHaveLength(1);
    await clock.advance(1);
    await second;
    expect([ended[1], clock.sleeping]).toEqual(["second Unreachable", []]);
  });

  it("is its own too where the one that began first was answered, and nothing is timed when all are over", async () => {
    let answerFirst: () => void = () => undefined;
    const upstream = await startUpstream((_request, response, count) => {
      if (count === 1) answerFirst = () => answers.json(response, {});
    });
    const { transport, errorOf, clock } = openTransport(upstream.url);
    const first = transport.send(calls.read);
    await upstream.whenReceived(1);
    await clock.advance(10_000);
    let isOver = false;
    const second = errorOf(calls.read).finally(() => {
      isOver = true;
    });
    await upstream.whenReceived(2);
    answerFirst();
    expect(await first).toMatchObject({ status: 200 });
    await clock.advance(29_999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await second).toMatchObject({ kind: "Unreachable", isAnswerLost: true });
    expect(clock.sleeping).toEqual([]);
  });

  it("is told anew where a call waits less long for its credential than for its turn", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    let give: (header: string) => void = () => undefined;
    const header = () =>
      new Promise<string>((resolve) => {
        give = resolve;
      });
    const { errorOf, clock, concurrencyLimit } = openTransport(upstream.url, {
      concurrency: 1,
      authorization: { header },
    });
    const { signal } = new AbortController();
    await concurrencyLimit.enter({ call: "early", deadlineMs: 1e15, allowanceMs: 1e15, signal });
    const error = errorOf(calls.read);
    let isOver = false;
    void error.finally(() => {
      isOver = true;
    });
    await clock.advance(20_000);
    give("Bearer late");
    await clock.advance(0);
    // The time for credentials is over at 30 s, and says nothing of who has one; the turn does not come within its own.
    await clock.advance(httpLimits.queueTimeoutMs - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await error).toMatchObject({ kind: "Overloaded" });
    expect([upstream.received.length, clock.sleeping]).toEqual([0, []]);
  });
});

describe("the repetitions at a site", () => {
  it("are some to begin with, and then a tenth of what is asked", async () => {
    let fails = true;
    const upstream = await startUpstream((_request, response, count) =>
      answers.json(response, {}, fails || count % 2 === 0 ? 500 : 200),
    );
    const { transport, clock } = openTransport(upstream.url, { concurrency: 4, limits: noPauses });
    const ask = async (count: number) => {
      const before = upstream.received.length;
      for (const _each of many(count)) {
        const answer = transport.send(calls.read).catch(() => null);
        let isOver = false;
        void answer.then(() => {
          isOver = true;
        });
        while (!isOver) await clock.advance(0);
      }
      return upstream.received.length - before - count;
    };
    // Every call of one route fails: the first five spend what there is.
    expect(await ask(40)).toBe(20 + 3);
    fails = false;
    expect(await ask(100)).toBeLessThanOrEqual(11);
  });

  it("are not counted where the site told when to ask again", async () => {
    const upstream = await startUpstream((_request, response, count) =>
      count % 2 === 1 ? answers.json(response, {}, 429, { "retry-after": "1" }) : answers.json(response, {}),
    );
    const { transport, clock } = openTransport(upstream.url, { concurrency: 4 });
    for (const _each of many(30)) {
      const answer = transport.send(calls.read);
      await clock.whenSleeping(1_000);
      await clock.advance(1_000);
      expect(await answer).toMatchObject({ status: 200 });
    }
    expect(upstream.received).toHaveLength(60);
  });
});
