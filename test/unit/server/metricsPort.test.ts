import { request } from "undici";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/config/Secret.js";
import { startTestServer } from "./startTestServer.js";

const ownPort = { host: "127.0.0.1", port: 0 };
const [token, callerToken] = [new Secret("s".repeat(40)), new Secret("c".repeat(40))];

async function statusOf(url: string, headers: Record<string, string> = {}) {
  const { statusCode, body } = await request(url, { headers });
  await body.dump();
  return statusCode;
}

describe("a port for metrics alone", () => {
  it("has them, and the other has them no more; who reaches it on this machine is asked for nothing", async () => {
    const server = await startTestServer({ config: { callerToken, metrics: { token: null, ownPort } } });
    expect(new URL(server.metricsUrl).port).not.toBe(String(server.port));
    const answer = await fetch(server.metricsUrl);
    expect(await answer.text()).toContain("access_graph_requests_total");
    expect(await statusOf(`${server.url}/metrics`, { authorization: `Bearer ${callerToken.reveal()}` })).toBe(404);
    const own = new URL(server.metricsUrl).origin;
    expect([await statusOf(`${own}/graphql`), await statusOf(`${own}/health`)]).toEqual([404, 404]);
    // A page whose name was rebound to this machine.
    expect(await statusOf(server.metricsUrl, { host: "evil.example" })).toBe(403);
    await server.close();
    await expect(fetch(server.metricsUrl)).rejects.toThrow();
  });

  it("asks for the scraper's token where there is one", async () => {
    const server = await startTestServer({ config: { metrics: { token, ownPort } } });
    const presented = { authorization: `Bearer ${token.reveal()}`, host: "graph.internal:9464" };
    expect([await statusOf(server.metricsUrl), await statusOf(server.metricsUrl, presented)]).toEqual([401, 200]);
  });

  it("that is taken says so by its own variable, and nothing is left listening", async () => {
    const first = await startTestServer({ config: { metrics: { token: null, ownPort } } });
    const port = Number(new URL(first.metricsUrl).port);
    const second = startTestServer({ config: { metrics: { token: null, ownPort: { ...ownPort, port } } } });
    await expect(second).rejects.toThrow(/is in use.*METRICS_PORT/);
  });
});
