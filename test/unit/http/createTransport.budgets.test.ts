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
