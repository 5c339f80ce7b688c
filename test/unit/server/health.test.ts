import { describe, expect, it } from "vitest";
import type { ReadinessReport } from "../../../src/server/lifecycle/health.js";
import { startTestServer } from "./startTestServer.js";

describe("health", () => {
  it("is live from the start, and ready when every site is", async () => {
    let report: ReadinessReport = {
      isReady: false,
      sites: [{ siteId: "acme", isReady: false, reason: "CREDENTIAL_REJECTED" }],
    };
    const server = await startTestServer({ readiness: () => report });
    const notReady = await fetch(`${server.url}/health/ready`);
    expect(notReady.status).toBe(503);
    expect(notReady.headers.get("cache-control")).toBe("no-store");
    expect(await notReady.json()).toEqual({ status: "not ready", sites: report.sites });
    const live = await fetch(`${server.url}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { status: "live" }]);

    report = { isReady: true, sites: [{ siteId: "acme", isReady: true, reason: null }] };
    const ready = await fetch(`${server.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready", sites: report.sites }]);
  });

  it("tells at /health which version answers, whether it is ready or not", async () => {
    const server = await startTestServer({ readiness: () => ({ isReady: false, sites: [] }) });
    const response = await fetch(`${server.url}/health`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { version: "1.2.3", status: "not ready", sites: [] },
    ]);
  });

  it("answers GraphQL also while a site is not ready: the others can still be asked", async () => {
    const server = await startTestServer({ readiness: () => ({ isReady: false, sites: [] }) });
    expect((await server.post({ query: "{ hello }" })).status).toBe(200);
  });
});
