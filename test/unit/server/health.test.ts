import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/config/Secret.js";
import { registerSecret } from "../../../src/observability/redact.js";
import type { ReadinessReport } from "../../../src/server/health.js";
import { startTestServer } from "./startTestServer.js";

describe("health", () => {
  it("is live from the start, and ready when every site is", async () => {
    let report: ReadinessReport = {
      isReady: false,
      sites: [{ siteId: "acme", name: "acme.atlassian.net", isReady: false, reason: "The API token was rejected." }],
    };
    const server = await startTestServer({ readiness: () => report });
    const notReady = await fetch(`${server.url}/health/ready`);
    expect(notReady.status).toBe(503);
    expect(notReady.headers.get("cache-control")).toBe("no-store");
    expect(await notReady.json()).toEqual({ status: "not ready", sites: report.sites });
    const live = await fetch(`${server.url}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { status: "live" }]);

    report = { isReady: true, sites: [{ siteId: "acme", name: "acme.atlassian.net", isReady: true, reason: null }] };
    const ready = await fetch(`${server.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready", sites: report.sites }]);
  });

  it("shows no secret, whatever a reason says", async () => {
    registerSecret(new Secret("health-page-secret"));
    const site = { siteId: "acme", name: "acme", isReady: false, reason: "sent health-page-secret, got 401" };
    const server = await startTestServer({ readiness: () => ({ isReady: false, sites: [site] }) });
    expect(await (await fetch(`${server.url}/health/ready`)).text()).not.toContain("health-page-secret");
  });

  it("answers GraphQL also while a site is not ready: the others can still be asked", async () => {
    const server = await startTestServer({ readiness: () => ({ isReady: false, sites: [] }) });
    expect((await server.post({ query: "{ hello }" })).status).toBe(200);
  });
});
