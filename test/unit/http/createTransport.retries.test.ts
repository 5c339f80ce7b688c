import { describe, expect, it } from "vitest";
import { httpLimits } from "../../../src/http/limits.js";
import { answers } from "./answers.js";
import { calls } from "./calls.js";
import { openTransport } from "./openTransport.js";
import { startUpstream } from "./startUpstream.js";

describe("the retries of a transport", () => {
  it("waits the whole Retry-After before it repeats, and warns", async () => {
    const upstream = await startUpstream((_request, response, count) =>
      count === 1 ? answers.json(response, {}, 429, { "retry-after": "20" }) : answers.json(response, "done"),
    );
    const { transport, clock, log } = openTransport(upstream.url);
    const answer = transport.send(calls.read);
    await clock.whenSleeping(20_000);
    await clock.advance(19_999);
    expect(upstream.received).toHaveLength(1);
    await clock.advance(1);
    expect(await answer).toMatchObject({ body: "done" });
    expect(log.map(({ level, fields }) => ({ level, ...fields }))).toEqual([
      {
        level: "warn",
        call: "GET /things/{id}",
        status: 429,
        kind: "Throttled",
        networkCode: null,
        attempt: 1,
        delayMs: 20_000,
      },
      { level: "debug", call: "GET /things/{id}", status: 200, bytes: 6, ms: 20_000, attempt: 2 },
    ]);
  });

  it("never sleeps through half an hour: fails at once and says when to ask again", async () => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, {}, 429, { "retry-after": "1800" }),
    );
    const { errorOf, clock } = openTransport(upstream.url);
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "Throttled", status: 429, retryAfterMs: 1_800_000 });
    expect(error.message).toContain("Ask again in 1800 s.");
    expect(clock.sleeping).toEqual([]);
    expect(await errorOf(calls.read)).toMatchObject({ kind: "Throttled", status: null, retryAfterMs: 1_800_000 });
    expect(upstream.received).toHaveLength(1);
  });

  it("repeats a write that a 429 refused", async () => {
    const upstream = await startUpstream((_request, response, count) =>
      count === 1 ? answers.json(response, {}, 429, { "retry-after": "1" }) : answers.json(response, {}, 201),
    );
    const { transport, clock } = openTransport(upstream.url);
    const answer = transport.send(calls.write);
    await clock.whenSleeping(1_000);
    await clock.advance(1_000);
    expect((await answer).status).toBe(201);
    expect(upstream.received.map(({ body }) => body)).toEqual(['{"name":"new"}', '{"name":"new"}']);
  });

  it("gives up after four repetitions", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, { message: "down" }, 500));
    const { errorOf, clock } = openTransport(upstream.url, { random: () => 0.5 });
    const error = errorOf(calls.read);
    for (const delayMs of [125, 250, 500, 1_000]) {
      await clock.whenSleeping(delayMs);
      await clock.advance(delayMs);
    }
    expect(await error).toMatchObject({ kind: "UpstreamFailed", status: 500 });
    expect(upstream.received).toHaveLength(5);
  });

  it.each<[string, Record<string, string>]>([
    ["of a known length", { "content-length": "100" }],
    ["of a known length on a connection to be closed", { "content-length": "100", connection: "close" }],
    ["in chunks", {}],
    ["in chunks on a connection to be closed", { connection: "close" }],
  ])("repeats a read whose connection broke in the middle of a body %s", async (_kind, headers) => {
    const upstream = await startUpstream((_request, response, count) => {
      if (count > 1) return answers.json(response, "whole");
      response.writeHead(200, headers);
      response.write('{"id":', () => response.destroy());
    });
    const { transport, clock } = openTransport(upstream.url, { random: () => 0.5 });
    const answer = transport.send(calls.read);
    await clock.whenSleeping(125);
    await clock.advance(125);
    expect(await answer).toMatchObject({ body: "whole" });
  });

  it("repeats a POST that only reads", async () => {
    const upstream = await startUpstream((_request, response, count) =>
      count === 1 ? answers.reset(response) : answers.json(response, []),
    );
    const { transport, clock } = openTransport(upstream.url, { random: () => 0.5 });
    const answer = transport.send(calls.readingPost);
    await clock.whenSleeping(125);
    await clock.advance(125);
    expect(await answer).toMatchObject({ body: [] });
  });

  it.each(["POST", "PUT", "DELETE"] as const)("never sends a %s twice when its answer was lost", async (method) => {
    const upstream = await startUpstream((_request, response) => answers.reset(response));
    const { errorOf } = openTransport(upstream.url);
    expect(await errorOf({ ...calls.write, method })).toMatchObject({ kind: "Unreachable", isAnswerLost: true });
    expect(upstream.received).toHaveLength(1);
  });

  it("never sends a write twice on a kept connection that breaks", async () => {
    const upstream = await startUpstream(({ method }, response) =>
      method === "GET" ? answers.json(response, {}) : answers.reset(response),
    );
    const { transport, errorOf } = openTransport(upstream.url, { concurrency: 1 });
    await transport.send(calls.read);
    expect(await errorOf(calls.write)).toMatchObject({ kind: "Unreachable", isAnswerLost: true });
    expect(upstream.received.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect(upstream.connections).toBe(1);
  });

  it("says that a write which failed with 5xx must be settled by reading, and does not repeat it", async () => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, {}, 503, { "retry-after": "1" }),
    );
    const { errorOf } = openTransport(upstream.url);
    expect(await errorOf(calls.write)).toMatchObject({ kind: "Throttled", isAnswerLost: true, retryAfterMs: 1_000 });
    expect(upstream.received).toHaveLength(1);
  });

  it("ends with the budget, whatever the upstream does", async () => {
    const upstream = await startUpstream(() => undefined);
    const { errorOf, clock } = openTransport(upstream.url);
    const error = errorOf(calls.read);
    await upstream.whenReceived(1);
    await clock.advance(httpLimits.requestTimeoutMs);
    expect(await error).toMatchObject({ kind: "Unreachable", status: null, isAnswerLost: true });
    expect((await error).message).toContain("no answer within 30 s");
    expect(upstream.received).toHaveLength(1);
  });

  it("ends with the budget while a body drips, with an answer that is lost", async () => {
    let hasBegun: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => hasBegun());
    });
    const { errorOf, clock } = openTransport(upstream.url);
    const error = errorOf(calls.write);
    await begun;
    await clock.advance(httpLimits.requestTimeoutMs);
    expect(await error).toMatchObject({ kind: "Unreachable", isAnswerLost: true });
  });

  it("ends with the budget while it waits for a credential", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    const header = () => new Promise<string>(() => undefined);
    const { errorOf, clock } = openTransport(upstream.url, { authorization: { header } });
    const error = errorOf(calls.write);
    await clock.advance(httpLimits.requestTimeoutMs);
    expect(await error).toMatchObject({ kind: "Unreachable", isAnswerLost: false });
    expect(upstream.received).toHaveLength(0);
  });

  it("renews a rejected credential once and repeats the call, a write too", async () => {
    const upstream = await startUpstream((request, response) =>
      answers.json(response, {}, request.headers.authorization === "Bearer second" ? 200 : 401),
    );
    let token = "Bearer first";
    const rejected: (string | undefined)[] = [];
    const { transport, log } = openTransport(upstream.url, {
      authorization: {
        header: () => token,
        renew: async (value) => {
          rejected.push(value);
          token = "Bearer second";
          return true;
        },
      },
    });
    expect((await transport.send(calls.write)).status).toBe(200);
    expect(rejected).toEqual(["Bearer first"]);
    expect(upstream.received).toHaveLength(2);
    expect(JSON.stringify(log)).not.toMatch(/first|second/);
  });

  it("renews once only, and reports the second rejection", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}, 401));
    let renewals = 0;
    const renew = async () => {
      renewals += 1;
      return true;
    };
    const { errorOf } = openTransport(upstream.url, { authorization: { header: () => "Bearer same", renew } });
    expect(await errorOf(calls.read)).toMatchObject({ kind: "CredentialRejected", status: 401 });
    expect(renewals).toBe(1);
    expect(upstream.received).toHaveLength(2);
  });

  it("does not count the renewal among the four repetitions", async () => {
    const upstream = await startUpstream((_request, response, count) =>
      answers.json(response, {}, count === 1 ? 401 : count < 6 ? 500 : 200),
    );
    const { transport, clock } = openTransport(upstream.url, {
      random: () => 0.5,
      authorization: { header: () => "Bearer same", renew: async () => true },
    });
    const answer = transport.send(calls.read);
    for (const delayMs of [125, 250, 500, 1_000]) {
      await clock.whenSleeping(delayMs);
      await clock.advance(delayMs);
    }
    expect((await answer).status).toBe(200);
    expect(upstream.received).toHaveLength(6);
  });

  it("does not repeat when there is no other credential", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}, 401));
    const { errorOf } = openTransport(upstream.url, {
      authorization: { header: () => "Bearer same", renew: async () => false },
    });
    expect(await errorOf(calls.read)).toMatchObject({ kind: "CredentialRejected" });
    expect(upstream.received).toHaveLength(1);
  });

  it("does not renew for a missing scope, which a new token lacks as well", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}, 401));
    let renewals = 0;
    const renew = async () => {
      renewals += 1;
      return true;
    };
    const { errorOf } = openTransport(upstream.url, {
      authorization: { header: () => "Bearer same", renew },
      classifyError: () => ({ kind: "ScopeMissing" }),
    });
    expect(await errorOf(calls.read)).toMatchObject({ kind: "ScopeMissing" });
    expect(renewals).toBe(0);
  });

  it("leaves no timer behind, answered or not", async () => {
    const upstream = await startUpstream(({ method }, response) =>
      answers.json(response, {}, method === "GET" ? 200 : 400),
    );
    const { transport, errorOf, clock } = openTransport(upstream.url);
    await transport.send(calls.read);
    await errorOf(calls.write);
    expect(clock.sleeping).toEqual([]);
  });
});
