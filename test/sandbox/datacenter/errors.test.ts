import { describe, expect, it } from "vitest";
import { openDataCenter } from "../support/openDataCenter.js";
import { readableWorld } from "../support/readableWorld.js";

const authorization = "Bearer sandbox-personal-access-token";

describe("an error", () => {
  it("tells a missing thing from a missing route", async () => {
    const { get, sandbox } = await openDataCenter({ dataCenter: { version: "8.3" } });
    expect(await get("/rest/api/space/x")).toMatchObject({
      status: 404,
      body: {
        statusCode: 404,
        data: { authorized: false, valid: true, errors: [], successful: false },
        message: "No space with key : x",
        reason: "Not Found",
      },
    });
    expect(await get("/rest/api/space/ENG/permissions")).toMatchObject({
      status: 404,
      body: {
        message: `null for uri: ${sandbox.dataCenter?.url}/rest/api/space/ENG/permissions`,
        "status-code": 404,
      },
    });
  });

  it.each([undefined, "*/*", "text/html"])("comes as XML to a caller that accepts %s", async (accept) => {
    const { raw } = await openDataCenter({ dataCenter: { version: "8.3" } });
    const headers = { authorization, ...(accept === undefined ? {} : { accept }) };
    const answers = [
      await raw("/rest/api/space/x%26y", { headers }),
      await raw("/rest/api/user/list", { headers }),
      await raw("/rest/api/user", { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 400]);
    for (const { headers: given, text } of answers) {
      expect(given.get("content-type")).toMatch(/^application\/xml/);
      expect(text).toMatch(/<status><status-code>4\d\d<\/status-code><message>[^<]+<\/message><\/status>$/);
    }
    expect(answers[0]?.text).toContain("No space with key : x&amp;y");
    const fine = await raw("/rest/api/group", { headers });
    expect([fine.status, fine.body]).toEqual([200, expect.objectContaining({ size: 7 })]);
  });

  it("says what is not emulated", async () => {
    const { get, raw } = await openDataCenter();
    const { status, body } = await get("/rest/api/content/123");
    expect([status, body]).toMatchObject([
      501,
      { message: "The sandbox does not emulate GET /confluence/rest/api/content/123." },
    ]);
    const written = await raw("/rest/api/space", { method: "POST", headers: { authorization } });
    expect(written.status).toBe(501);
  });

  it.each([
    ["9.2.0", "PATCH", "/rest/api/group", 405, "GET, HEAD"],
    ["9.2.0", "POST", "/rest/api/group/a/member", 405, "GET, HEAD"],
    ["9.2.0", "GET", "/rest/api/admin/user", 405, "POST"],
    ["9.2.0", "DELETE", "/rest/api/space", 405, "GET, HEAD, POST"],
    ["9.2.0", "GET", "/rpc/json-rpc/confluenceservice-v2", 405, "POST"],
    ["8.3", "PUT", "/rest/api/user/list", 404, null],
  ])("on %s is 405 with Allow to a wrong method, %s %s, and 404 where the version lacks the route", async (...row) => {
    const [version, method, path, status, allow] = row;
    const { raw } = await openDataCenter({ dataCenter: { version } });
    const json = { authorization, accept: "application/json" };
    const { status: answered, headers, body } = await raw(path, { method, headers: json });
    expect([answered, headers.get("allow")]).toEqual([status, allow]);
    expect(body).toMatchObject({ message: expect.any(String), "status-code": status });
  });

  it.each(["group/", "group/a/", "user/current/", "space/"])("takes %s for a route that is missing", async (path) => {
    const { get, raw, sandbox } = await openDataCenter();
    expect(await get(`/rest/api/${path}`)).toMatchObject({
      status: 404,
      body: { message: `null for uri: ${sandbox.dataCenter?.url}/rest/api/${path}`, "status-code": 404 },
    });
    const put = await raw(`/rest/api/${path}`, { method: "PUT", headers: { authorization } });
    expect(put.status).toBe(501);
  });

  it("to HEAD is that to GET without its body", async () => {
    const { get, raw } = await openDataCenter({ dataCenter: { version: "8.3" } });
    for (const path of ["/rest/api/group", "/rest/api/group/none", "/rest/api/user/list", "/rest/api/content/1"]) {
      const { status } = await get(path);
      const head = await raw(path, { method: "HEAD", headers: { authorization, accept: "application/json" } });
      expect([path, head.status, head.text]).toEqual([path, status, ""]);
    }
  });

  it("as XML holds no character that XML does not", async () => {
    const { raw } = await openDataCenter();
    const name = `a${encodeURIComponent("\u0000\u0001\u001f\uffffé😀\n")}b`;
    const { status, text } = await raw(`/rest/api/user?username=${name}`, { headers: { authorization } });
    expect(status).toBe(404);
    expect(text).toContain("username : a\ufffd\ufffd\ufffd\ufffdé😀\nb</message>");
  });

  it.each(["/rest/api/group", "/confluences/rest/api/group", "/", "/wiki/rest/api/group"])(
    "is a page outside the context path: %s",
    async (path) => {
      const { root } = await openDataCenter();
      const { status, headers, text } = await root(path, { headers: { authorization } });
      expect([status, headers.get("content-type")]).toEqual([404, expect.stringMatching(/^text\/html/)]);
      expect(text).toContain("HTTP Status 404");
    },
  );

  it("rejects an encoded slash", async () => {
    const { get } = await openDataCenter();
    for (const path of ["group/a%2Fb", "group/a%2fb/member", "space/x%2Fy"]) {
      const { status, text } = await get(`/rest/api/${path}`);
      expect([status, text]).toEqual([400, expect.stringContaining("HTTP Status 400 – Bad Request")]);
    }
    expect((await get("/rest/api/user?username=a%2Fb")).status).toBe(404);
  });

  it("is 403 for a write that a form could send", async () => {
    const { raw } = await openDataCenter();
    const call = (headers: Record<string, string>, body?: string) =>
      raw("/rest/api/user/cy/group/a", {
        method: "PUT",
        headers: { authorization, accept: "application/json", ...headers },
        ...(body === undefined ? {} : { body }),
      });
    expect(await call({})).toMatchObject({ status: 403, body: { message: "XSRF check failed" } });
    expect((await call({ "content-type": "application/x-www-form-urlencoded" }, "a=b")).status).toBe(403);
    expect((await call({ "x-atlassian-token": "no-check" })).status).not.toBe(403);
    expect((await call({ "content-type": "application/json" }, "{}")).status).not.toBe(403);
  });

  it("names no context path where there is none", async () => {
    const { get, root, sandbox } = await openDataCenter({ world: readableWorld({ contextPath: "" }) });
    expect(sandbox.dataCenter?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await get("/rest/api/group?limit=1")).body).toMatchObject({
      _links: { next: "/rest/api/group?limit=1&start=1", context: "", base: "https://wiki.internal.example" },
    });
    expect((await root("/rest/api/group", { headers: { authorization } })).status).toBe(200);
  });
});
