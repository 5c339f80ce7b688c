import { describe, expect, it } from "vitest";
import { boundless, Caller } from "../../../src/callers/Caller.js";
import { Callers } from "../../../src/callers/Callers.js";
import { digestOf } from "../../../src/callers/TokenTable.js";
import { systemClock } from "../../../src/compose/systemClock.js";
import { Secret } from "../../../src/config/Secret.js";
import { heldScopes } from "../../../src/domain/Scope.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { readMetrics, sumOf } from "../../support/readMetrics.js";
import { startTestServer, type TestServer } from "./startTestServer.js";

const logger = createLogger({ level: "silent" });

async function scrape(server: TestServer, token?: string) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}/metrics`, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return readMetrics(await response.text());
}

/** The numbers of a request are added when it is over, which may be a moment after its client has its answer. */
async function scrapeWhen(
  server: TestServer,
  name: string,
  labels: Record<string, string>,
  value: number,
  token?: string,
) {
  await expect.poll(async () => sumOf(await scrape(server, token), name, labels)).toBe(value);
  return scrape(server, token);
}

describe("/metrics", () => {
  it("counts requests by route and status, operations by what they are, and errors by their code", async () => {
    const server = await startTestServer();
    for (let time = 0; time < 3; time += 1) await server.post({ query: "{ hello }" });
    await server.post([{ query: "{ hello }" }, { query: "mutation { change }" }]);
    await server.post({ query: "{ broken }" });
    await server.post("{");
    await fetch(`${server.url}/no/such/page/4711`);
    await fetch(`${server.url}/graphiql`);
    const read = await scrapeWhen(server, "access_graph_requests_total", { route: "/graphiql" }, 1);
    expect(sumOf(read, "access_graph_requests_total", { route: "/graphql", status: "200" })).toBe(5);
    expect(sumOf(read, "access_graph_requests_total", { route: "/graphql", status: "400" })).toBe(1);
    expect(sumOf(read, "access_graph_requests_total", { route: "other", status: "404" })).toBe(1);
    expect(sumOf(read, "access_graph_operations_total", { type: "query" })).toBe(5);
    expect(sumOf(read, "access_graph_operations_total", { type: "mutation" })).toBe(1);
    expect(
      sumOf(read, "access_graph_request_errors_total", { code: "MALFORMED_JSON", caller: "nobody" }),
    ).toBeUndefined();
    expect(sumOf(read, "access_graph_request_errors_total", { code: "MALFORMED_JSON", caller: "anyone" })).toBe(1);
    expect(sumOf(read, "access_graph_request_errors_total", { code: "INTERNAL_SERVER_ERROR" })).toBe(1);
    expect(sumOf(read, "access_graph_request_seconds_count", { route: "/graphql", kind: "mutation" })).toBe(1);
    expect(sumOf(read, "access_graph_request_seconds_count", { route: "/graphql", kind: "query" })).toBe(4);
    // The one that asks.
    expect(sumOf(read, "access_graph_requests_in_flight")).toBe(1);
  });

  it("tells what is counted below the server as well", async () => {
    const server = await startTestServer({
      metrics: () => [{ name: "below", help: "Something.", type: "gauge", samples: () => [{ labels: {}, value: 7 }] }],
    });
    expect(sumOf(await scrape(server), "below")).toBe(7);
  });

  it("is shown to who presents the scraper's token and to nobody else, whoever they are otherwise", async () => {
    const [scraper, caller] = ["s".repeat(40), "c".repeat(40)];
    const server = await startTestServer({
      config: { callerToken: new Secret(caller), metrics: { token: new Secret(scraper), ownPort: null } },
    });
    const statusFor = async (authorization?: string) =>
      (await fetch(`${server.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })).status;
    expect(await statusFor()).toBe(401);
    expect(await statusFor(`Bearer ${caller}`)).toBe(401);
    expect(await statusFor(`Basic ${scraper}`)).toBe(401);
    expect(await statusFor(`Bearer ${scraper}`)).toBe(200);
    // It opens nothing else.
    expect((await server.post({ query: "{ hello }" }, { authorization: `Bearer ${scraper}` })).status).toBe(401);
    const read = await scrapeWhen(server, "access_graph_requests_total", { route: "/graphql" }, 1, scraper);
    expect(sumOf(read, "access_graph_request_errors_total", { code: "UNAUTHENTICATED", caller: "nobody" })).toBe(4);
  });

  it("is shown, where no scraper has a token, to callers with every scope and not to others", async () => {
    const [all, some] = ["a".repeat(40), "b".repeat(40)];
    const entry = (name: string, token: string, scopes: readonly string[]) => ({
      ...{ name, scopes: heldScopes(scopes), accounts: [], limits: {}, operations: null },
      digest: digestOf(token).toString("hex"),
    });
    const entries = [entry("gateway", some, ["read"])];
    const callers = new Callers({
      config: {
        file: { path: "", text: "", entries, siteIds: null, areOperationsListed: false },
        ...{ jwt: null, limits: boundless, operations: "any" },
      },
      token: new Secret(all),
      ...{ clock: systemClock, logger },
    });
    const server = await startTestServer({ callers });
    const status = async (token: string) =>
      (await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await status(all), await status(some), await status("d".repeat(40))]).toEqual([200, 403, 401]);
  });

  it("names no person: who signs in with an identity provider is one of many", async () => {
    const signed = new Caller({
      name: "jwt:jane.doe@example.com",
      scopes: heldScopes(["read"]),
      accounts: [],
      limits: boundless,
    });
    const callers = new Callers({
      config: { file: null, jwt: null, limits: boundless, operations: "any" },
      token: null,
      clock: systemClock,
      logger,
    });
    callers.identify = () => ({ kind: "known", caller: signed });
    const server = await startTestServer({
      callers,
      config: { metrics: { token: new Secret("s".repeat(40)), ownPort: null } },
    });
    await server.post({ query: "{ broken }" });
    const read = await scrapeWhen(
      server,
      "access_graph_request_errors_total",
      { code: "INTERNAL_SERVER_ERROR", caller: "jwt" },
      1,
      "s".repeat(40),
    );
    expect(JSON.stringify([...read])).not.toContain("jane");
  });
});
