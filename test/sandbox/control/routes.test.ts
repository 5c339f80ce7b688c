import { describe, expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { MovableClock } from "../support/MovableClock.js";
import { openSandbox } from "../support/openSandbox.js";
import { smallWorld } from "../support/smallWorld.js";

const faults = "/__sandbox/faults";
const spaces = "/wiki/api/v2/spaces";

describe("the journal", () => {
  it("holds every request with its query, status and time, but not those to the control routes", async () => {
    const { get, raw } = await openSandbox();
    await get(`${spaces}?limit=2`);
    await get("/ex/confluence/cloud-1/wiki/rest/api/group/by-id?id=nope");
    await raw(spaces);
    const { body } = await raw("/__sandbox/journal");
    expect(body).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        method: "GET",
        path: `${spaces}?limit=2`,
        status: 200,
        ms: expect.any(Number),
        deployment: "cloud",
      },
      expect.objectContaining({ path: "/ex/confluence/cloud-1/wiki/rest/api/group/by-id?id=nope", status: 404 }),
      expect.objectContaining({ status: 401 }),
    ]);
    expect((await raw("/__sandbox/journal", { method: "DELETE" })).status).toBe(204);
    expect((await raw("/__sandbox/journal")).body).toEqual([]);
  });

  it("keeps what was sent to change something, and lets go of what was read alone", async () => {
    const { get, raw, sandbox } = await openSandbox();
    await get(spaces);
    await raw(`${spaces}?limit=1`, { method: "POST", body: "{}" });
    await get(`${spaces}?limit=2`);
    expect(sandbox.journal().map(({ method, body }) => [method, body])).toEqual([
      ["GET", undefined],
      ["POST", "{}"],
      ["GET", undefined],
    ]);
    await raw("/__sandbox/journal?first=2", { method: "DELETE" });
    expect(sandbox.journal().map(({ path }) => path)).toEqual([`${spaces}?limit=2`]);
  });

  it("is there in process too", async () => {
    const { get, sandbox } = await openSandbox();
    await get(spaces);
    expect(sandbox.journal().map(({ method, path }) => `${method} ${path}`)).toEqual([`GET ${spaces}`]);
  });
});

describe("faults", () => {
  it("match the whole path whatever the query, and no path below it", async () => {
    const { get, post } = await openSandbox();
    await post(faults, [{ match: `GET ${spaces}`, times: 5, status: 503 }]);
    expect((await get(`${spaces}?limit=250`)).status).toBe(503);
    expect((await get(`${spaces}/100/permissions`)).status).toBe(200);
    expect((await get(`/ex/confluence/cloud-1${spaces}`)).status).toBe(503);
    expect((await post(spaces, {})).status).toBe(501);
  });

  it.each([
    [`GET ${spaces}/*/permissions`, `${spaces}/100/permissions`, true],
    [`GET ${spaces}/*/permissions`, `${spaces}/1/0/permissions`, false],
    [`GET ${spaces}/*`, `${spaces}/100/permissions`, false],
    ["GET /wiki/**", `${spaces}/100/permissions`, true],
    ["* /wiki/**", spaces, true],
    ["POST /wiki/**", spaces, false],
    [`GET ${spaces}?limit=250`, `${spaces}?status=current&limit=250`, true],
    [`GET ${spaces}?limit=250`, `${spaces}?limit=25`, false],
    [`GET ${spaces}?limit=250`, spaces, false],
    [`GET ${spaces}?cursor=*`, `${spaces}?cursor=abc`, true],
    ["GET /wiki/rest/api/group/a b*/membersByGroupId", "/wiki/rest/api/group/a%20b/membersByGroupId", false],
    ["GET /wiki/rest/api/group/a%20b/membersByGroupId", "/wiki/rest/api/group/a%20b/membersByGroupId", true],
    ["GET /wiki/rest/api/group/a:b/membersByGroupId", "/wiki/rest/api/group/a%3Ab/membersByGroupId", true],
    ["GET /wiki/api/v2/space.", "/wiki/api/v2/spaces", false],
  ])("of '%s' act on %s: %s", async (match, path, acts) => {
    const { get, post } = await openSandbox();
    const posted = await post(faults, [{ match, status: 418 }]);
    expect(posted.status).toBe(match.includes("a b") ? 400 : 200);
    expect((await get(path)).status === 418).toBe(acts);
  });

  it("act as often as they say, in the order they were posted, and list what is left", async () => {
    const { get, post, raw } = await openSandbox();
    await post(faults, [
      { match: `GET ${spaces}`, times: 2, status: 429, headers: { "Retry-After": "1" } },
      { match: `GET ${spaces}`, status: 500, body: { odd: true } },
    ]);
    const first = await get(spaces);
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await raw(faults)).body).toMatchObject([{ times: 1 }, { times: 1 }]);
    expect((await get(spaces)).status).toBe(429);
    const third = await get(spaces);
    expect([third.status, third.body]).toEqual([500, { odd: true }]);
    expect((await get(spaces)).status).toBe(200);
    expect((await raw(faults)).body).toEqual([]);
  });

  it("tell how often each acted, and which never did: nothing came for them, or another stood before", async () => {
    const { get, post, raw, sandbox } = await openSandbox();
    const dead = { match: "GET /wiki/api/v2/spacs", times: 1, status: 500 };
    const shadowed = { match: `GET ${spaces}`, times: 1, status: 502 };
    await post(faults, [{ match: "GET /wiki/**", times: -1, status: 503 }, dead, shadowed]);
    await get(spaces);
    await get(spaces);
    expect((await raw(faults)).body).toMatchObject([{ hits: 2 }, { hits: 0 }, { hits: 0 }]);
    expect((await raw(`${faults}/unhit`)).body).toEqual([dead, shadowed]);
    await raw(faults, { method: "DELETE" });
    expect(sandbox.unhitFaults()).toEqual([dead, shadowed]);
    await raw("/__sandbox/reset", { method: "POST" });
    expect((await raw(`${faults}/unhit`)).body).toEqual([]);
  });

  it("of chance acted where their chance was asked, whatever it said", async () => {
    const { get, post, sandbox } = await openSandbox();
    await post(faults, [{ match: "GET /wiki/**", status: 503, probability: 0 }]);
    expect((await get(spaces)).status).toBe(200);
    expect(sandbox.unhitFaults()).toEqual([]);
  });

  it.each([-1, "always"])("act for good with times %s, until they are deleted", async (times) => {
    const { get, post, raw } = await openSandbox();
    await post(faults, [{ match: "GET /wiki/**", times, status: 500 }]);
    for (let call = 0; call < 3; call += 1) expect((await get(spaces)).status).toBe(500);
    expect((await raw(faults, { method: "DELETE" })).status).toBe(204);
    expect((await get(spaces)).status).toBe(200);
  });

  it("word an error as the version of the path does when they bring no body of their own", async () => {
    const { get, post } = await openSandbox();
    await post(faults, [{ match: "GET /wiki/**", times: 2, status: 403 }]);
    expect((await get(spaces)).body).toMatchObject({ errors: [{ status: 403, code: "FORBIDDEN" }] });
    expect((await get("/wiki/rest/api/group")).body).toMatchObject({ statusCode: 403, message: expect.any(String) });
  });

  it("send a text as it is, with the headers they give", async () => {
    const { get, post } = await openSandbox();
    await post(faults, [{ match: "GET /wiki/**", body: "<html>", headers: { "Content-Type": "text/html" } }]);
    const { status, text, headers } = await get(spaces);
    expect([status, text, headers.get("content-type")]).toEqual([200, "<html>", "text/html"]);
  });

  it("only delay, or only add headers, when they replace nothing", async () => {
    const clock = new MovableClock();
    const { get, post } = await openSandbox({ clock, latencyMs: 30 });
    await post(faults, [{ match: "GET /wiki/**", delayMs: 5_000, headers: { "X-Odd": "1" } }]);
    const { status, headers } = await get(spaces);
    expect([status, headers.get("x-odd")]).toEqual([200, "1"]);
    expect(clock.sleeps).toEqual([5_030]);
  });

  it("cut the connection before a write, which is then not applied, or after it, which is", async () => {
    const { get, post, sandbox } = await openSandbox();
    const names = async () => columnOf((await get("/wiki/rest/api/group")).body, "name");
    await post(faults, [{ match: "POST /wiki/rest/api/group", reset: true }]);
    await expect(post("/wiki/rest/api/group", { name: "lost" })).rejects.toThrow();
    expect(await names()).not.toContain("lost");
    expect(sandbox.journal()).toContainEqual(expect.objectContaining({ method: "POST", status: null }));
    await post(faults, [{ match: "POST /wiki/rest/api/group", reset: true, after: true }]);
    await expect(post("/wiki/rest/api/group", { name: "kept" })).rejects.toThrow();
    expect(await names()).toContain("kept");
  });

  it("apply a write and answer an error instead with after", async () => {
    const { get, post } = await openSandbox();
    await post(faults, [{ match: "POST /wiki/rest/api/group", status: 502, after: true }]);
    expect((await post("/wiki/rest/api/group", { name: "kept" })).status).toBe(502);
    expect(columnOf((await get("/wiki/rest/api/group")).body, "name")).toContain("kept");
  });

  it("act by chance in the same sequence for every run", async () => {
    const run = async () => {
      const { get, post } = await openSandbox();
      await post(faults, [{ match: "GET /wiki/**", times: -1, status: 500, probability: 0.5 }]);
      const statuses: number[] = [];
      for (let call = 0; call < 30; call += 1) statuses.push((await get(spaces)).status);
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });

  it("are refused with the path of each fault, and none of them is taken", async () => {
    const { post, raw } = await openSandbox();
    const { status, body } = await post(faults, [
      { match: `GET ${spaces}`, status: 500 },
      { status: 99, tims: 3 },
      { match: "nonsense", times: 0, delayMs: -1, headers: { a: 1 }, probability: 2, reset: "yes" },
      "x",
      { match: `GET ${spaces}` },
      { match: `GET ${spaces}`, reset: true, status: 500 },
      { match: `GET ${spaces}`, delayMs: 1, after: true },
    ]);
    expect(status).toBe(400);
    const lines = fieldOf(body, "faults");
    expect(Array.isArray(lines) && lines.map((line: unknown) => String(line).split(":")[0])).toEqual([
      "[1].match",
      "[1].status",
      "[1].tims",
      "[2].match",
      "[2].times",
      "[2].delayMs",
      "[2].headers",
      "[2].probability",
      "[2].reset",
      "[3]",
      "[4]",
      "[5].reset",
      "[6].after",
    ]);
    expect((await raw(faults)).body).toEqual([]);
    expect((await post(faults, "{oops")).status).toBe(400);
    expect((await post(faults, { match: "GET /x", status: 500 })).status).toBe(400);
  });
});

describe("reset and world", () => {
  it("goes back to the loaded world and forgets journal, faults and accepted work", async () => {
    const clock = new MovableClock();
    const { get, post, raw, remove } = await openSandbox({ clock });
    const before = (await raw("/__sandbox/world")).text;
    await post("/wiki/rest/api/group", { name: "new" });
    await remove("/wiki/rest/api/group/userByGroupId?groupId=g-eng&accountId=bob");
    await remove("/wiki/rest/api/space/ENG/permission/4");
    await post("/wiki/api/v2/spaces/100/role-assignments", [
      { principal: { principalType: "USER", principalId: "bob" } },
    ]);
    await post("/wiki/api/v2/user/access/invite-by-email", { emails: ["x@y.org"] });
    await post(faults, [{ match: "GET /wiki/**", times: -1, status: 500 }]);
    expect((await raw("/__sandbox/world")).text).not.toBe(before);
    expect((await raw("/__sandbox/reset", { method: "POST" })).status).toBe(204);
    clock.advance(60_000);
    expect((await raw("/__sandbox/world")).text).toBe(before);
    expect((await raw("/__sandbox/journal")).body).toEqual([]);
    expect((await get(spaces)).status).toBe(200);
  });

  it("prints a world that loads into the same sandbox, permission rows numbered, the Data Center half kept", async () => {
    const dataCenter = {
      version: "9.2.0",
      contextPath: "/confluence",
      users: [],
      groups: [],
      spaces: [],
      globalPermissions: [],
      administrators: ["confluence-administrators"],
    };
    const one = await openSandbox({ world: { ...smallWorld(), dataCenter } });
    await one.post("/wiki/rest/api/group", { name: "new" });
    await one.post("/wiki/rest/api/space/ENG/permission", {
      subject: { type: "user", identifier: "bob" },
      operation: { key: "read", target: "space" },
    });
    const { body } = await one.raw("/__sandbox/world");
    expect(body).toEqual(JSON.parse(JSON.stringify(one.sandbox.world())));
    expect(fieldOf(body, "cloud.spaces.0.permissions.0.id")).toBe("1");
    expect(fieldOf(body, "dataCenter")).toEqual(dataCenter);
    const two = await openSandbox({ world: parseWorld(body) });
    expect((await two.raw("/__sandbox/world")).body).toEqual(body);
    for (const path of ["/wiki/rest/api/group", `${spaces}/100/permissions`, `${spaces}?limit=1`]) {
      const [left, right] = [await one.get(path), await two.get(path)];
      expect(left.text.replaceAll(one.sandbox.url, "")).toBe(right.text.replaceAll(two.sandbox.url, ""));
    }
  });

  it("never gives out an id again that a printed world holds already", async () => {
    const one = await openSandbox();
    const first = await one.post("/wiki/rest/api/group", { name: "first" });
    const two = await openSandbox({ world: one.sandbox.world() });
    const second = await two.post("/wiki/rest/api/group", { name: "second" });
    expect(fieldOf(second.body, "id")).not.toBe(fieldOf(first.body, "id"));
    expect(columnOf((await two.get("/wiki/rest/api/group")).body, "name")).toEqual(
      expect.arrayContaining(["first", "second"]),
    );
  });

  it("gives a snapshot that later writes do not change", async () => {
    const { post, sandbox } = await openSandbox();
    const before = sandbox.world();
    const copy = structuredClone(before);
    await post("/wiki/rest/api/group/userByGroupId?groupId=g-users", { accountId: "bob" });
    await post("/wiki/rest/api/space/ENG/permission", {
      subject: { type: "user", identifier: "bob" },
      operation: { key: "read", target: "space" },
    });
    expect(before).toEqual(copy);
    expect(sandbox.world()).not.toEqual(copy);
  });

  it("answers an unknown control route with the list of those there are", async () => {
    const { raw } = await openSandbox();
    const { status, body } = await raw("/__sandbox/jornal");
    expect(status).toBe(404);
    expect(fieldOf(body, "calls")).toContain("GET /__sandbox/journal");
  });
});
