import { describe, expect, it } from "vitest";
import { answers } from "./answers.js";
import { calls } from "./calls.js";
import { openTransport } from "./openTransport.js";
import { startUpstream } from "./startUpstream.js";

describe("what a transport sends and reads", () => {
  it("goes below the base URL's path, asks for JSON and sends its credential", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, { id: "41" }));
    const { transport } = openTransport(`${upstream.url}/ex/confluence/cloud-1/`, {
      defaultHeaders: { "User-Agent": "tester", ACCEPT: "text/html" },
    });
    const answer = await transport.send({ ...calls.read, query: { limit: 5 } });
    expect(answer).toMatchObject({ status: 200, body: { id: "41" }, bytes: 11 });
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(upstream.received[0]).toMatchObject({
      method: "GET",
      url: "/ex/confluence/cloud-1/things/41?limit=5",
      headers: { accept: "application/json", authorization: "Bearer token-of-a-test", "user-agent": "tester" },
    });
    expect(upstream.received[0]?.headers).not.toHaveProperty("content-type");
  });

  it("sends a body as JSON", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}, 201));
    const { transport } = openTransport(upstream.url);
    expect((await transport.send(calls.write)).status).toBe(201);
    expect(upstream.received[0]).toMatchObject({
      body: '{"name":"new"}',
      headers: { "content-type": "application/json" },
    });
  });

  it("sends no Authorization where the source has none", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    const { transport } = openTransport(upstream.url, { authorization: { header: () => undefined } });
    await transport.send(calls.read);
    expect(upstream.received[0]?.headers).not.toHaveProperty("authorization");
  });

  it.each([201, 204])("reads an empty %i as no body", async (status) => {
    const upstream = await startUpstream((_request, response) => void response.writeHead(status).end());
    const { transport } = openTransport(upstream.url);
    expect(await transport.send(calls.write)).toMatchObject({ status, body: undefined, bytes: 0 });
  });

  it("measures a body in bytes, not in characters", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, "ä"));
    const { transport } = openTransport(upstream.url);
    expect((await transport.send(calls.read)).bytes).toBe(4);
  });

  it("changes nothing for a Retry-After: 0 on a success", async () => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, {}, 200, { "retry-after": "0" }),
    );
    const { transport, concurrencyLimit } = openTransport(upstream.url);
    await transport.send(calls.read);
    await transport.send(calls.read);
    expect(concurrencyLimit.state).toMatchObject({
      pausedUntilMs: null,
      allowed: concurrencyLimit.concurrency,
      inFlight: 0,
    });
  });

  it("keeps what answers say of the upstream's limits", async () => {
    const headers = { "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "9" };
    const upstream = await startUpstream((_request, response) => answers.json(response, {}, 200, headers));
    const { transport, concurrencyLimit } = openTransport(upstream.url);
    await transport.send(calls.read);
    expect(concurrencyLimit.state.rateLimit).toMatchObject({ limit: 100, remaining: 9, isNearLimit: true });
  });

  it("logs each finished call by its template, without ids, query or credential", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, { id: "41" }));
    const { transport, log } = openTransport(upstream.url);
    await transport.send({ ...calls.read, query: { text: "private" } });
    expect(log).toEqual([
      {
        level: "debug",
        fields: { call: "GET /things/{id}", status: 200, bytes: 11, ms: 0, attempt: 1 },
        message: "upstream call finished",
      },
    ]);
  });

  it("never mixes the credentials of two transports that share a concurrency limit and an origin", async () => {
    const upstream = await startUpstream((request, response) => answers.json(response, request.headers.authorization));
    const first = openTransport(upstream.url, { authorization: { header: () => "Bearer first-caller" } });
    const second = openTransport(upstream.url, {
      authorization: { header: () => "Bearer second-caller" },
      concurrencyLimit: first.concurrencyLimit,
      clock: first.clock,
    });
    const bodies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? first : second).transport.send(calls.read)),
    );
    expect(bodies.map(({ body }) => body)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? "Bearer first-caller" : "Bearer second-caller")),
    );
  });
});
