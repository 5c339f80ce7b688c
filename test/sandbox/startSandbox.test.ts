import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { MovableClock } from "./support/MovableClock.js";
import { openDataCenter } from "./support/openDataCenter.js";
import { openSandbox } from "./support/openSandbox.js";
import { readableWorld } from "./support/readableWorld.js";
import { smallWorld } from "./support/smallWorld.js";

const both = { ...smallWorld(), ...readableWorld() };
const cloudCall = "/wiki/api/v2/spaces";
const cloudHeaders = { authorization: `Basic ${Buffer.from("admin@sandbox.test:sandbox-token").toString("base64")}` };
const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

describe("a sandbox", () => {
  it("opens no second address for a world without a Data Center half", async () => {
    const { sandbox, get } = await openSandbox();
    expect(sandbox.dataCenter).toBeNull();
    expect((await get("/confluence/rest/api/group")).status).toBe(501);
  });

  it("works with a Data Center half alone, on one address, whatever stands on the port of the other half", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const { sandbox, get } = await openDataCenter({ port: (taken.address() as AddressInfo).port });
    expect(sandbox.cloudId).toBeNull();
    expect(sandbox.dataCenter?.url).toBe(`${sandbox.url}/confluence`);
    expect((await get("/rest/api/user/current")).body).toMatchObject({ username: "admin" });
    expect((await fetch(`${sandbox.url}${cloudCall}`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/__sandbox/journal`)).status).toBe(200);
    expect(Object.keys(sandbox.world())).toEqual(["dataCenter"]);
  });

  it("answers each half on its own address, over one journal", async () => {
    const { sandbox, get, root } = await openDataCenter({ world: both });
    expect((await get("/rest/api/group?limit=1")).status).toBe(200);
    expect((await fetch(`${sandbox.url}${cloudCall}`, { headers: cloudHeaders })).status).toBe(200);
    expect((await fetch(`${sandbox.url}/confluence/rest/api/group`, { headers: cloudHeaders })).status).toBe(501);
    const journal = (await root("/__sandbox/journal")).body;
    expect(journal).toEqual(await (await fetch(`${sandbox.url}/__sandbox/journal`)).json());
    expect(journal).toMatchObject([
      { deployment: "datacenter", method: "GET", path: "/confluence/rest/api/group?limit=1", status: 200 },
      { deployment: "cloud", path: cloudCall, status: 200 },
      { deployment: "cloud", path: "/confluence/rest/api/group", status: 501 },
    ]);
  });

  it("gives both halves of its world, as they went in", async () => {
    const { root } = await openDataCenter({ world: both });
    const { body } = await root("/__sandbox/world");
    const { cloud, dataCenter } = parseWorld(body);
    expect(cloud?.cloudId).toBe("cloud-1");
    expect(dataCenter).toEqual(both.dataCenter);
  });

  it("resets both halves at once, at either address", async () => {
    const { get, root, raw, sandbox } = await openDataCenter({ world: both });
    const authorization = "Bearer sandbox-personal-access-token";
    const left = await raw("/rest/api/user/bob/group/a", {
      method: "DELETE",
      headers: { authorization, "x-atlassian-token": "no-check" },
    });
    expect(left.status).toBe(204);
    await fetch(`${sandbox.url}/wiki/rest/api/group/by-id?id=g-eng`, { method: "DELETE", headers: cloudHeaders });
    await root("/__sandbox/faults", post([{ match: "GET /**", status: 500 }]));
    expect(sandbox.world()).not.toEqual(both);
    expect((await root("/__sandbox/reset", { method: "POST" })).status).toBe(204);
    expect([sandbox.world().dataCenter, sandbox.journal()]).toEqual([both.dataCenter, []]);
    expect(sandbox.world().cloud?.groups).toHaveLength(3);
    expect((await get("/rest/api/group")).status).toBe(200);
  });

  it("takes its latency for both and its rate for Cloud", async () => {
    const clock = new MovableClock();
    const { get, sandbox } = await openDataCenter({ world: both, clock, latencyMs: 30, ratePerSecond: 1 });
    for (let call = 0; call < 3; call += 1) expect((await get("/rest/api/group")).status).toBe(200);
    expect((await fetch(`${sandbox.url}${cloudCall}`, { headers: cloudHeaders })).status).toBe(200);
    expect((await fetch(`${sandbox.url}${cloudCall}`, { headers: cloudHeaders })).status).toBe(429);
    expect(clock.sleeps).toEqual([30, 30, 30, 30, 30]);
  });

  it("opens neither address where the second one is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const dcPort = (taken.address() as AddressInfo).port;
    await expect(startSandbox({ world: both, dcPort })).rejects.toThrow("EADDRINUSE");
  });
});

describe("a fault", () => {
  it.each([
    ["GET /rest/api/group", true],
    ["GET /confluence/rest/api/group", true],
    ["GET /**", true],
    ["GET /rest/api/group/a", false],
    ["GET /wiki/rest/api/group", false],
  ])("on '%s' acts on a group list: %s", async (match, acts) => {
    const { get, root } = await openDataCenter({ world: both });
    await root("/__sandbox/faults", post([{ match, status: 503 }]));
    expect((await get("/rest/api/group")).status).toBe(acts ? 503 : 200);
  });

  it("is worded as Data Center words it", async () => {
    const { get, root, sandbox } = await openDataCenter();
    const faults = [
      { match: "GET /rest/api/group", status: 404 },
      { match: "GET /rest/api/group", status: 429, headers: { "Retry-After": "9223372036854775807" } },
    ];
    await fetch(`${sandbox.url}/__sandbox/faults`, post(faults));
    expect((await get("/rest/api/group")).body).toMatchObject({ statusCode: 404, reason: "Not Found" });
    const limited = await get("/rest/api/group");
    expect([limited.status, limited.body]).toEqual([429, { message: "Rate limit exceeded." }]);
    expect(limited.headers.get("retry-after")).toBe("9223372036854775807");
    expect((await root("/__sandbox/faults")).body).toEqual([]);
  });

  it("comes as XML to a caller that does not ask for JSON, unless it brings a body", async () => {
    const { raw, root } = await openDataCenter();
    const headers = { authorization: "Bearer sandbox-personal-access-token" };
    const faults = [{ status: 503 }, { status: 503, body: { odd: true } }, { status: 429 }];
    await root("/__sandbox/faults", post(faults.map((fault) => ({ match: "GET /rest/api/group", ...fault }))));
    const worded = await raw("/rest/api/group", { headers });
    expect([worded.status, worded.headers.get("content-type")]).toEqual([
      503,
      expect.stringMatching(/^application\/xml/),
    ]);
    expect(worded.text).toContain("<status><status-code>503</status-code>");
    expect((await raw("/rest/api/group", { headers })).body).toEqual({ odd: true });
    expect((await raw("/rest/api/group", { headers })).body).toEqual({ message: "Rate limit exceeded." });
    await root("/__sandbox/faults", post([{ match: "GET /elsewhere", status: 503 }]));
    expect((await root("/elsewhere", { headers })).text).toContain("HTTP Status 503");
  });

  it("carries the headers of the bucket, and takes from it where the call is carried out; its own headers win", async () => {
    const { get, root } = await openDataCenter({
      clock: new MovableClock(),
      dataCenter: { rate: { capacity: 3, fillRate: 1, intervalSeconds: 10 } },
    });
    const match = "GET /rest/api/group";
    await root(
      "/__sandbox/faults",
      post([
        { match, status: 503 },
        { match, status: 500, body: "", after: true, headers: { "retry-after": "7" } },
      ]),
    );
    const told = async (): Promise<unknown[]> => {
      const { status, headers } = await get("/rest/api/group");
      return [status, headers.get("x-ratelimit-remaining"), headers.get("retry-after")];
    };
    expect([await told(), await told(), await told()]).toEqual([
      [503, "3", "0"],
      [500, "2", "7"],
      [200, "1", "0"],
    ]);
  });

  it("in one half leaves the other alone", async () => {
    const { get, root, sandbox } = await openDataCenter({ world: both });
    await root("/__sandbox/faults", post([{ match: `GET ${cloudCall}`, times: -1, status: 500 }]));
    expect((await get("/rest/api/group")).status).toBe(200);
    expect((await fetch(`${sandbox.url}${cloudCall}`, { headers: cloudHeaders })).status).toBe(500);
  });
});
