import { describe, it, vi } from "vitest";
import { defaultWorld } from "../../sandbox/src/world/generation/defaultWorld.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { startServerProgram } from "./startServerProgram.js";

const patience = { timeout: 60_000, interval: 50 };

const siteAt = (url: string) => ({
  CONFLUENCE_URL: url,
  CONFLUENCE_DEPLOYMENT: "cloud",
  CONFLUENCE_EMAIL: "admin@sandbox.test",
  CONFLUENCE_API_TOKEN: "sandbox-token",
});

/** A sandbox with its control routes. */
async function openSandbox() {
  const sandbox = await startWatchedSandbox({ world: defaultWorld() });
  const control = async (method: "POST" | "DELETE", route: string, body?: unknown) => {
    const response = await fetch(`${sandbox.url}/__sandbox/${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${route} answered ${response.status}: ${await response.text()}`);
  };
  return { url: sandbox.url, close: () => sandbox.close(), control };
}

// Most of their time goes by in the pauses between two attempts, so they pass it together.
describe.concurrent("the built server over a site that is not there yet", () => {
  it("is up and not ready, says why there and in the log, and answers errors instead of empty lists", async ({
    expect,
    onTestFinished,
  }) => {
    // Port 1 takes no connections on any machine of today.
    const server = await startServerProgram(siteAt("http://127.0.0.1:1"));
    onTestFinished(() => server.dispose());
    await vi.waitFor(async () => {
      const { isReady, code, reason } = await server.ready();
      expect([isReady, code]).toEqual([false, "UNREACHABLE"]);
      expect(reason).toContain("found no way to http://127.0.0.1:1");
    }, patience);
    expect((await fetch(new URL("/health/live", server.graphqlUrl))).status).toBe(200);
    expect(server.log()).toContainEqual(
      expect.objectContaining({
        level: "error",
        msg: expect.stringContaining("site is not ready: GET /wiki/rest/api/user/current found no way"),
      }),
    );

    const { data, errors } = await server.query("{ spaces { nodes { key } completeness { isComplete } } }");
    expect(data.spaces).toEqual({ nodes: null, completeness: { isComplete: false } });
    expect(errors?.[0]?.extensions.code).toBe("UPSTREAM_UNREACHABLE");
    expect(server.err()).not.toContain("sandbox-token");
  });

  it("becomes ready without a restart when the site comes up", async ({ expect, onTestFinished }) => {
    const site = await openSandbox();
    await site.control("POST", "faults", [{ match: "* /**", times: -1, reset: true }]);
    const server = await startServerProgram(siteAt(site.url));
    onTestFinished(async () => {
      await server.dispose();
      await site.close();
    });
    await vi.waitFor(async () => expect((await server.ready()).reason).toContain("lost the connection"), patience);
    await site.control("DELETE", "faults");
    await vi.waitFor(async () => expect((await server.ready()).isReady).toBe(true), patience);
    const { data } = await server.query("{ spaces { totalCount } }");
    expect(data.spaces.totalCount).toBe(50);
  });

  it("says that the credential was rejected, and becomes ready when the site takes it", async ({
    expect,
    onTestFinished,
  }) => {
    const site = await openSandbox();
    await site.control("POST", "credentials", { apiToken: "another-token" });
    const server = await startServerProgram(siteAt(site.url));
    onTestFinished(async () => {
      await server.dispose();
      await site.close();
    });
    await vi.waitFor(async () => {
      const { code, reason } = await server.ready();
      expect(code).toBe("CREDENTIAL_REJECTED");
      expect(reason).toMatch(/^GET \/wiki\/rest\/api\/user\/current answered 401/);
    }, patience);
    expect(server.log()).toContainEqual(
      expect.objectContaining({ level: "error", msg: expect.stringContaining("answered 401") }),
    );
    expect(server.err()).not.toContain("sandbox-token");

    await site.control("POST", "credentials", { apiToken: "sandbox-token" });
    await vi.waitFor(async () => expect((await server.ready()).isReady).toBe(true), patience);
  });
});
