import { describe, expect, it } from "vitest";
import { columnOf } from "../support/columnOf.js";
import { openDataCenter } from "../support/openDataCenter.js";
import { openWorld, readableWorld, user } from "../support/readableWorld.js";

const current = "/rest/api/user/current";
const asJson = (authorization?: string): RequestInit => ({
  headers: { accept: "application/json", ...(authorization === undefined ? {} : { authorization }) },
});
const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
const token = "Bearer sandbox-personal-access-token";

describe("a caller", () => {
  it.each([
    ["a personal access token", token, "admin"],
    ["name and password", basic("Admin", "sandbox-password"), "admin"],
    ["the reader's token", "Bearer sandbox-reader-token", "Bob"],
    ["both, of which the token wins", `${basic("admin", "wrong")}, Bearer sandbox-reader-token`, "Bob"],
  ])("is known by %s", async (_, authorization, username) => {
    const { raw } = await openDataCenter();
    const { status, body } = await raw(`${current}?expand=status`, asJson(authorization));
    expect(status).toBe(200);
    expect(body).toMatchObject({ type: "known", username, status: "current" });
  });

  it("runs a bad token as anonymous where anonymous may use the site", async () => {
    const { raw } = await openDataCenter({ world: openWorld() });
    const bad = asJson("Bearer nonsense");
    const { status, body } = await raw(current, bad);
    expect([status, body]).toEqual([200, expect.objectContaining({ type: "anonymous", displayName: "Anonymous" })]);
    expect(body).not.toHaveProperty("userKey");
    expect(columnOf((await raw("/rest/api/space", bad)).body, "key")).toEqual(["ENG"]);
    expect((await raw("/rest/api/server-information", bad)).status).toBe(401);
    expect((await raw("/rest/api/user/list", bad)).status).toBe(403);
    expect((await raw("/rest/api/group/a/member", bad)).status).toBe(401);
    for (const path of ["space/ENG/permissions", "space/ENG/permissions/user/key-cy", "permissions"]) {
      const answer = await raw(`/rest/api/${path}`, bad);
      expect([answer.status, answer.body]).toMatchObject([401, { statusCode: 401, reason: "Unauthorized" }]);
    }
  });

  it("is refused with a bad token where anonymous may not", async () => {
    const { raw } = await openDataCenter();
    const { status, body } = await raw("/rest/api/group", asJson("Bearer nonsense"));
    expect([status, body]).toEqual([
      401,
      { message: "Client must be authenticated to access this resource.", "status-code": 401 },
    ]);
  });

  it.each([basic("admin", "nope"), basic("cy", "sandbox-password"), "Basic bm9ib2R5"])(
    "is refused with the bad password of %s even where anonymous may use the site",
    async (authorization) => {
      const { raw } = await openDataCenter({ world: openWorld() });
      expect((await raw(current, asJson(authorization))).status).toBe(401);
    },
  );

  it("without a credential may do nothing where anonymous may not", async () => {
    const { raw } = await openDataCenter();
    expect((await raw("/rest/api/server-information", asJson())).status).toBe(401);
    const { status, body } = await raw(current, asJson());
    expect([status, body]).toEqual([403, expect.objectContaining({ statusCode: 403, reason: "Forbidden" })]);
    for (const path of ["space/ENG/permissions", "permissions", "permissions/anonymous"]) {
      expect((await raw(`/rest/api/${path}`, asJson())).status).toBe(401);
    }
    expect((await raw("/rest/api/space", asJson())).status).toBe(403);
  });

  it("is told that passwords are switched off, whatever it accepts, while tokens go on", async () => {
    const { raw } = await openDataCenter({ dataCenter: { basicDisabled: true } });
    const { status, body } = await raw(current, { headers: { authorization: basic("admin", "sandbox-password") } });
    expect([status, body]).toEqual([403, { message: "Basic Authentication has been disabled on this instance." }]);
    expect((await raw(current, asJson(token))).status).toBe(200);
  });

  it("acts as the first administrator where nobody has the name", async () => {
    const { dataCenter } = readableWorld();
    const world = readableWorld({
      users: dataCenter.users.map((each) => (each.username === "admin" ? user("Zoe") : each)),
      groups: [
        { name: "confluence-administrators", members: [], groups: ["inner"] },
        { name: "inner", members: ["zoe"] },
      ],
    });
    const { raw } = await openDataCenter({ world });
    for (const authorization of [token, basic("admin", "sandbox-password")]) {
      expect((await raw(current, asJson(authorization))).body).toMatchObject({ username: "Zoe" });
    }
    expect((await raw("/rest/api/permissions", asJson(token))).status).toBe(200);
  });

  it("uses the secrets that the sandbox was told", async () => {
    const credentials = { personalAccessToken: "mine", username: "cy", password: "p:w" };
    const { raw, sandbox } = await openDataCenter({ dataCenter: { credentials } });
    expect(sandbox.dataCenter?.credentials).toEqual({ ...credentials, readerToken: "sandbox-reader-token" });
    expect((await raw(current, asJson("Bearer mine"))).body).toMatchObject({ username: "cy" });
    expect((await raw(current, asJson(basic("cy", "p:w")))).status).toBe(200);
    expect((await raw(current, asJson(token))).status).toBe(401);
  });

  it("that was deactivated has no credential any more", async () => {
    const { dataCenter } = readableWorld();
    const users = dataCenter.users.map((each) =>
      each.username === "admin" ? { ...each, status: "deactivated" as const } : each,
    );
    const { raw } = await openDataCenter({ world: readableWorld({ users }) });
    expect((await raw(current, asJson(token))).status).toBe(401);
    expect((await raw(current, asJson(basic("admin", "sandbox-password")))).status).toBe(401);
  });
});

describe("somebody who is no administrator", () => {
  it("answers 401 on members to who is no administrator", async () => {
    const { read } = await openDataCenter();
    for (const path of ["/rest/api/group/a/member", "/rest/api/group/a/groupmember"]) {
      const { status, body } = await read(path);
      expect([status, body]).toEqual([401, expect.objectContaining({ statusCode: 401, reason: "Unauthorized" })]);
    }
    expect((await read("/rest/api/user/current")).status).toBe(200);
  });

  it("answers 500 on space permissions to who is no administrator", async () => {
    const { read } = await openDataCenter();
    const path = "/rest/api/space/ENG/permissions";
    for (const each of [path, `${path}/anonymous`, `${path}/group/a`, `${path}/user/key-bob`]) {
      expect((await read(each)).status).toBe(500);
    }
  });

  it("gets 403 on what belongs to administrators", async () => {
    const { read } = await openDataCenter();
    const own = ["permissions", "permissions/anonymous", "permissions/unlicensed", "permissions/group/a"];
    for (const path of [...own, "permissions/user/key-bob", "admin/users/list/active"]) {
      expect((await read(`/rest/api/${path}`)).status).toBe(403);
    }
  });

  it("finds people and groups", async () => {
    const { read } = await openDataCenter();
    for (const path of ["user/list", "user?username=cy", "user/memberof?key=key-cy", "group", "group/a"]) {
      expect((await read(`/rest/api/${path}`)).status).toBe(200);
    }
    expect((await read("/rest/mobile/1.0/profile/cy")).status).toBe(200);
  });
});
