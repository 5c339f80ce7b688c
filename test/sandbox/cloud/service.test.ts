import { describe, expect, it } from "vitest";
import { openSandbox } from "../support/openSandbox.js";
import { smallWorld } from "../support/smallWorld.js";

describe("where a call goes", () => {
  it("tells the cloud id to anybody", async () => {
    const { raw } = await openSandbox();
    expect((await raw("/_edge/tenant_info")).body).toEqual({ cloudId: "cloud-1" });
  });

  it("answers the same API behind the gateway, in both versions, with no prefix in any next link", async () => {
    const { get } = await openSandbox();
    const v2 = await get("/ex/confluence/cloud-1/wiki/api/v2/spaces/100/permissions?limit=1");
    expect(v2.body).toMatchObject({
      _links: { next: expect.stringMatching(/^\/wiki\/api\/v2\/spaces\/100\/permissions\?/) },
    });
    expect(v2.headers.get("link")).toMatch(
      /^<\/wiki\/api\/v2\/spaces\/100\/permissions\?[^>]+>; rel="next", <[^>]+\/wiki>; rel="base"$/,
    );
    const v1 = await get("/ex/confluence/cloud-1/wiki/rest/api/group?limit=1");
    expect(v1.body).toMatchObject({ _links: { next: "/rest/api/group?limit=1&start=1" } });
  });

  it("answers a wrong cloud id in the gateway's own words, which are no 'no such object'", async () => {
    const { raw } = await openSandbox();
    const path = "/ex/confluence/cloud-2/wiki/api/v2/spaces";
    const { status, body } = await raw(path);
    expect(status).toBe(404);
    expect(body).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      status: 404,
      error: "Not Found",
      path,
      message: expect.any(String),
    });
  });

  it("bases links on the address it listens on, whatever the world's site URL, so that they can be followed", async () => {
    const { get, sandbox } = await openSandbox({ world: smallWorld({ siteUrl: "https://elsewhere.example" }) });
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await get("/wiki/rest/api/group")).body).toMatchObject({ _links: { base: `${sandbox.url}/wiki` } });
    expect((await get("/wiki/api/v2/spaces")).body).toMatchObject({ _links: { base: `${sandbox.url}/wiki` } });
  });

  it.each([
    ["GET", "/wiki/api/v2/pages"],
    ["POST", "/wiki/api/v2/spaces"],
    ["GET", "/wiki/rest/api/content"],
    ["GET", "/admin/v2/orgs"],
    ["GET", "/wiki/api/v2/spaces/"],
  ])("answers 501 to %s %s, which names itself, so that it never looks like a missing object", async (method, path) => {
    const { raw } = await openSandbox();
    const { status, text } = await raw(path, { method });
    expect(status).toBe(501);
    expect(text).toContain(`${method} ${path}`);
  });
});

describe("credentials", () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

  it.each([
    ["none", {}],
    ["a wrong token", basic("admin@sandbox.test:wrong")],
    ["a wrong e-mail", basic("other@sandbox.test:sandbox-token")],
    ["the token as Bearer", { authorization: "Bearer sandbox-token" }],
    ["garbage", { authorization: "Basic ***" }],
  ])("refuses %s with 401, worded as each version words it", async (_, headers) => {
    const { raw } = await openSandbox();
    const v1 = await raw("/wiki/rest/api/user/current", { headers });
    expect(v1.status).toBe(401);
    expect(v1.body).toEqual({ statusCode: 401, message: expect.any(String) });
    const v2 = await raw("/wiki/api/v2/spaces", { headers });
    expect(v2.status).toBe(401);
    expect(v2.body).toEqual({
      errors: [{ status: 401, code: "UNAUTHORIZED", title: expect.any(String), detail: null }],
    });
  });

  it("takes the credential it was started with, and only that", async () => {
    const { get, raw } = await openSandbox({ credential: { email: "me@x.test", apiToken: "t:with:colons" } });
    expect((await get("/wiki/rest/api/group")).status).toBe(200);
    expect((await raw("/wiki/rest/api/group", { headers: basic("admin@sandbox.test:sandbox-token") })).status).toBe(
      401,
    );
  });

  it("accepts a write without X-Atlassian-Token: it should be sent, nothing says it must", async () => {
    const { post } = await openSandbox();
    expect((await post("/wiki/rest/api/group", { name: "new" })).status).toBe(201);
  });
});

describe("bodies", () => {
  it("refuses what is not JSON with 400, another media type with 415 and more than 5 MB with 413", async () => {
    const { post } = await openSandbox();
    expect((await post("/wiki/api/v2/users-bulk", "{oops")).status).toBe(400);
    expect((await post("/wiki/api/v2/users-bulk", "{}", { "content-type": "text/plain" })).status).toBe(415);
    expect((await post("/wiki/api/v2/users-bulk", JSON.stringify("x".repeat(6_000_000)))).status).toBe(413);
    expect((await post("/wiki/api/v2/users-bulk", { accountIds: ["ann"] })).status).toBe(200);
  });
});
