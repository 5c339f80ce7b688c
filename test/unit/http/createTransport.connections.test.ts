import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ConcurrencyLimit } from "../../../src/http/admission/ConcurrencyLimit.js";
import { httpLimits } from "../../../src/http/limits.js";
import { workFor } from "../../../src/http/Waiting.js";
import { ManualClock } from "../../support/ManualClock.js";
import { answers } from "./answers.js";
import { calls } from "./calls.js";
import { openTransport } from "./openTransport.js";
import { type Respond, startUpstream } from "./startUpstream.js";

/** Holds each answer until `size` requests are there together: fewer at once would never be answered. */
function inGroupsOf(size: number): Respond {
  const held: Parameters<Respond>[1][] = [];
  return (_request, response) => {
    held.push(response);
    if (held.length === size) for (const each of held.splice(0)) answers.json(each, {});
  };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("the connections of a transport", () => {
  it("opens no more sockets than the limit lets calls through, however many wait", async () => {
    const upstream = await startUpstream(inGroupsOf(3));
    const { transport, concurrencyLimit } = openTransport(upstream.url, { concurrency: 3 });
    await Promise.all(many(60).map(() => transport.send(calls.read)));
    expect(upstream.received).toHaveLength(60);
    expect(upstream.connections).toBe(3);
    expect(upstream.mostAtOnce).toBe(3);
    expect(concurrencyLimit.state).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it("has the next call go before it reads the reply that its lane was taken by", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, { reply: true }));
    const { transport } = openTransport(upstream.url, { concurrency: 1 });
    const done: string[] = [];
    const parse = JSON.parse;
    const reading = vi.spyOn(JSON, "parse").mockImplementation((text: string) => {
      if (text === '{"reply":true}') done.push("read");
      return parse(text);
    });
    onTestFinished(() => reading.mockRestore());
    const board = () => {
      done.push("gone");
      return {};
    };
    const boarding = { board, taken: new AbortController().signal };
    await Promise.all([transport.send(calls.read), transport.send({ ...calls.read, boarding })]);
    expect(done).toEqual(["gone", "read", "read"]);
  });

  it("listens no longer to whoever waits for it, once it is over", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    const { transport } = openTransport(upstream.url);
    const listeners = new Set<() => void>();
    const waiter = {
      ...{ isGone: false, errand: null },
      onGone: (hear: () => void) => {
        listeners.add(hear);
        return () => listeners.delete(hear);
      },
    };
    const call = workFor(waiter, () => transport.send(calls.read));
    expect(listeners.size).toBe(1);
    await call;
    expect(listeners.size).toBe(0);
  });

  it("opens no more sockets than it may, where the limit would let more through", async () => {
    const upstream = await startUpstream(inGroupsOf(2));
    const { transport } = openTransport(upstream.url, { concurrency: 8, connections: 2 });
    await Promise.all(many(20).map(() => transport.send(calls.read)));
    expect(upstream.connections).toBe(2);
  });

  it("uses a connection again, after an error of the upstream too", async () => {
    const upstream = await startUpstream((_request, response, count) =>
      answers.json(response, { message: "no" }, count === 2 ? 404 : 200),
    );
    const { transport, errorOf } = openTransport(upstream.url, { concurrency: 1 });
    await transport.send(calls.read);
    await errorOf(calls.read);
    await transport.send(calls.read);
    expect(upstream.connections).toBe(1);
  });

  it("shares one concurrency limit among several transports of a site", async () => {
    const upstream = await startUpstream(inGroupsOf(2));
    const clock = new ManualClock();
    const concurrencyLimit = new ConcurrencyLimit({ concurrency: 2, clock });
    const first = openTransport(upstream.url, { concurrencyLimit, clock });
    const second = openTransport(upstream.url, { concurrencyLimit, clock });
    await Promise.all(many(20).map((index) => (index % 2 === 0 ? first : second).transport.send(calls.read)));
    expect(upstream.mostAtOnce).toBe(2);
  });

  it("sends nothing during a pause though 50 callers wait, and comes back with half as many calls at once at first", async () => {
    let isPaused = true;
    const atOnce: number[] = [];
    const upstream = await startUpstream((_request, response) => {
      atOnce.push(concurrencyLimit.state.inFlight);
      if (isPaused) answers.json(response, {}, 429, { "retry-after": "5" });
      else answers.json(response, "done");
    });
    const { transport, clock, concurrencyLimit } = openTransport(upstream.url, { concurrency: 4 });
    const results = many(50).map(() => transport.send(calls.read));
    await clock.whenSleeping(5_000, 5);
    expect(upstream.received).toHaveLength(4);
    expect(concurrencyLimit.state).toMatchObject({ waiting: 46, inFlight: 0, allowed: 2 });

    await clock.advance(4_999);
    expect(upstream.received).toHaveLength(4);
    isPaused = false;
    atOnce.length = 0;
    await clock.advance(1);
    expect((await Promise.all(results)).map(({ body }) => body)).toEqual(many(50).map(() => "done"));
    expect(upstream.received).toHaveLength(54);
    expect(Math.max(...atOnce.slice(0, 2))).toBeLessThanOrEqual(2);
    expect(Math.max(...atOnce)).toBe(4);
    expect(clock.sleeping).toEqual([]);
  });

  it("fails what waits fast when the pause is longer than its budget, with the time to ask again", async () => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, {}, 429, { "retry-after": "60" }),
    );
    const { errorOf } = openTransport(upstream.url, { concurrency: 1 });
    const errors = await Promise.all(many(50).map(() => errorOf(calls.read)));
    expect(errors.every(({ kind, retryAfterMs }) => kind === "Throttled" && retryAfterMs === 60_000)).toBe(true);
    expect(upstream.received).toHaveLength(1);
  });

  it("does not count what a call waits behind others as its own time: the last of 28 is answered after 70 s", async () => {
    const clock = new ManualClock();
    const upstream = await startUpstream(async (_request, response) => {
      await clock.sleep(5_000);
      answers.json(response, {});
    });
    const { transport, log } = openTransport(upstream.url, { concurrency: 2, clock });
    const results = many(28).map(() => transport.send(calls.readingPost));
    for (let round = 0; round < 14; round += 1) {
      await clock.whenSleeping(5_000, 2);
      await clock.advance(5_000);
    }
    expect((await Promise.all(results)).map(({ status }) => status)).toEqual(many(28).map(() => 200));
    expect(upstream.received).toHaveLength(28);
    expect(log.at(-1)?.fields).toMatchObject({ ms: 70_000, queuedMs: 65_000, attempt: 1 });
    expect(clock.sleeping).toEqual([]);
  });

  it("gives a call its whole time once it is sent, however long it waited", async () => {
    const clock = new ManualClock();
    const upstream = await startUpstream(async (_request, response, count) => {
      await clock.sleep(count === 1 ? 20_000 : 29_000);
      answers.json(response, count);
    });
    const { transport } = openTransport(upstream.url, { concurrency: 1, clock });
    const results = [transport.send(calls.read), transport.send(calls.read)];
    await clock.whenSleeping(20_000);
    await clock.advance(20_000);
    await clock.whenSleeping(29_000);
    await clock.advance(29_000);
    expect((await Promise.all(results)).map(({ body }) => body)).toEqual([1, 2]);
  });

  it("counts what it waits because the site said so as its own time", async () => {
    const upstream = await startUpstream(() => undefined);
    const { errorOf, clock, concurrencyLimit } = openTransport(upstream.url);
    const { signal } = new AbortController();
    const early = await concurrencyLimit.enter({ call: "early", deadlineMs: 1e15, allowanceMs: 1e15, signal });
    early?.throttled({ status: 503, retryAfterMs: 12_000, told: null });
    early?.leave(false);
    const error = errorOf(calls.read);
    await clock.whenSleeping(12_000);
    await clock.advance(12_000);
    await upstream.whenReceived(1);
    expect(clock.sleeping).toEqual([18_000]);
    await clock.advance(18_000);
    expect(await error).toMatchObject({ kind: "Unreachable", isAnswerLost: true });
  });

  it("says that nothing was sent, and why, when no turn came within the time for waiting", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    const { errorOf, clock, concurrencyLimit, log } = openTransport(upstream.url, { concurrency: 1 });
    const signal = new AbortController().signal;
    const slot = await concurrencyLimit.enter({
      call: "GET /slow",
      deadlineMs: Infinity,
      allowanceMs: Infinity,
      signal,
    });
    const error = errorOf(calls.write);
    await clock.whenSleeping(httpLimits.queueTimeoutMs);
    await clock.advance(httpLimits.queueTimeoutMs);
    expect(await error).toMatchObject({ kind: "Overloaded", retryAfterMs: 120_000, isAnswerLost: false });
    expect((await error).message).toBe(
      "POST /things was not sent: it waited 120 s for its turn behind other calls to this site. Ask for less at once, ask again later, or raise the site's concurrency.",
    );
    slot?.leave(true);
    expect(upstream.received).toHaveLength(0);
    expect(log.filter(({ level }) => level === "debug")).toHaveLength(1);
    expect(clock.sleeping).toEqual([]);
  });

  it("lets calls on the wire end when it is closed, rejects those that wait, and any after", async () => {
    let answerFirst: () => void = () => undefined;
    const upstream = await startUpstream((_request, response) => {
      answerFirst = () => answers.json(response, "ended");
    });
    const { transport, errorOf, clock } = openTransport(upstream.url, { concurrency: 1 });
    const running = transport.send(calls.read);
    await upstream.whenReceived(1);
    const waiting = errorOf(calls.write);
    const closed = transport.close();
    expect(await waiting).toMatchObject({ kind: "Unreachable", isAnswerLost: false });
    answerFirst();
    expect(await running).toMatchObject({ body: "ended" });
    await closed;
    await transport.close();
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "Unreachable", isAnswerLost: false });
    expect(error.message).toContain("closed");
    expect(upstream.received).toHaveLength(1);
    expect(clock.sleeping).toEqual([]);
  });

  it("wakes a call that pauses before its repetition when it is closed", async () => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, {}, 429, { "retry-after": "20" }),
    );
    const { transport, errorOf, clock } = openTransport(upstream.url);
    const error = errorOf(calls.read);
    await clock.whenSleeping(20_000);
    await transport.close();
    expect(await error).toMatchObject({ kind: "Unreachable" });
    expect(clock.sleeping).toEqual([]);
  });
});
