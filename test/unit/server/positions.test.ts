import { describe, expect, it } from "vitest";
import { AnswerStore } from "../../../src/server/answers/AnswerStore.js";
import type { Footing, Freshness, ServerContext } from "../../../src/server/ServerOptions.js";
import { startTestServer } from "./startTestServer.js";

/** A server between processes of which a test tells how far they are. */
async function start(
  footing: (presented: string | undefined) => Footing | Promise<Footing>,
  corsOrigins: string[] = [],
) {
  const presented: (string | undefined)[] = [];
  const settling: string[] = [];
  const freshness: Freshness<ServerContext> = {
    footing: (position) => {
      presented.push(position);
      return footing(position);
    },
    mayHaveChanged: () => settling.length > 0,
    settle: async () => settling.shift() ?? "none",
  };
  const store = new AnswerStore({ maxBytes: 10_000, now: () => 0 });
  const standing = { size: 1, isStanding: () => true };
  const server = await startTestServer({
    freshness,
    answers: { store, mayRepeat: () => true, standingOf: () => standing },
    config: { corsOrigins },
  });
  return { server, presented, settling, store };
}

const query = "{ hello }";

describe("an answer that must not be behind others", () => {
  it("is what is remembered as bytes only where that may be given", async () => {
    let footing: Footing | Promise<Footing> = "remembered";
    const { server, store, presented } = await start(() => footing);
    for (let times = 0; times < 5; times += 1) await server.post({ query });
    const { given } = store.counters();
    expect(given).toBeGreaterThan(0);
    footing = Promise.resolve("remembered");
    expect(await (await server.post({ query })).json()).toEqual({ data: { hello: "world" } });
    expect(store.counters().given).toBe(given + 1);
    footing = { notBeforeMs: 7 };
    expect(await (await server.post({ query })).json()).toEqual({ data: { hello: "world" } });
    footing = Promise.resolve({ notBeforeMs: 7 });
    await server.post({ query });
    expect(store.counters().given).toBe(given + 1);
    expect(server.contexts.slice(-2).map(({ isFreshWanted }) => isFreshWanted)).toEqual([true, true]);
    expect(new Set(presented)).toEqual(new Set([undefined]));
  });

  it("waits before it is looked for", async () => {
    let go: (footing: Footing) => void = () => undefined;
    const { server, presented } = await start(
      () =>
        new Promise((resolve) => {
          go = resolve;
        }),
    );
    const answered = server.post({ query });
    await expect.poll(() => presented.length).toBe(1);
    expect(server.contexts).toEqual([]);
    go("remembered");
    expect((await answered).status).toBe(200);
    expect(server.contexts).toHaveLength(1);
  });

  it("is asked for by each position that is presented, and by no more than those", async () => {
    const { server, presented } = await start((position) => (position === "old" ? { notBeforeMs: 7 } : "remembered"));
    await server.post([
      { query, extensions: { position: "a" } },
      { query, extensions: { position: "old" } },
      { query, extensions: { position: "a" } },
    ]);
    expect(presented).toEqual(["a", "old"]);
    expect(server.contexts.at(-1)?.isFreshWanted).toBe(true);
    await server.post({ query, extensions: { position: "b" } }, { "x-access-graph-position": "b" });
    expect(presented.slice(2)).toEqual(["b"]);
    await server.post({ query, extensions: { position: "" } }, { "x-access-graph-position": "" });
    expect(presented.slice(3)).toEqual([undefined]);
  });
});

describe("a change", () => {
  it("is answered with its position, beside what else there is to say", async () => {
    const { server, settling } = await start(() => "remembered");
    settling.push("epoch.7");
    const response = await server.post({ query: "mutation { change }" });
    expect(response.headers.get("x-access-graph-position")).toBe("epoch.7");
    expect(await response.json()).toEqual({ data: { change: "changed" }, extensions: { position: "epoch.7" } });
    const planned = await server.post({ query: "mutation { change }" });
    expect(planned.headers.get("x-access-graph-position")).toBeNull();
    expect(await planned.json()).toEqual({ data: { change: "changed" } });
  });

  it("may be followed by a page of another origin", async () => {
    const origin = "https://review.example.com";
    const { server, settling } = await start(() => "remembered", [origin]);
    settling.push("epoch.7");
    const asked = {
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-access-graph-position",
    };
    const before = await fetch(server.graphqlUrl, { method: "OPTIONS", headers: { origin, ...asked } });
    expect(before.headers.get("access-control-allow-headers")).toContain("x-access-graph-position");
    const answered = await server.post({ query: "mutation { change }" }, { origin });
    expect(answered.headers.get("access-control-expose-headers")).toContain("x-access-graph-position");
    expect(answered.headers.get("x-access-graph-position")).toBe("epoch.7");
  });
});

it("is nothing to a process that has no others", async () => {
  const server = await startTestServer();
  const response = await server.post({ query, extensions: { position: "x".repeat(1_000) } });
  expect(await response.json()).toEqual({ data: { hello: "world" } });
  expect(server.contexts.at(-1)?.isFreshWanted).toBe(false);
});
