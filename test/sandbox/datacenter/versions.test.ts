import { describe, expect, it } from "vitest";
import { columnOf } from "../support/columnOf.js";
import { openDataCenter } from "../support/openDataCenter.js";
import { readableWorld } from "../support/readableWorld.js";

const always = ["server-information", "user/current", "user?username=cy", "user/memberof?key=key-cy", "group", "space"];
const sinceUserList = ["user/list"];
const sinceSpacePermissions = ["", "/anonymous", "/group/a", "/user/key-bob"].map(
  (end) => `space/ENG/permissions${end}`,
);
const sinceGlobals = [
  "permissions",
  "permissions/anonymous",
  "permissions/unlicensed",
  "permissions/group/a",
  "permissions/user/bob",
  "admin/users/list/active",
];
const all = [...always, ...sinceUserList, ...sinceSpacePermissions, ...sinceGlobals];

describe("a version", () => {
  it.each([
    ["8.3", always],
    ["8.4", [...always, ...sinceUserList]],
    ["8.6", [...always, ...sinceUserList]],
    ["9.0.9", [...always, ...sinceUserList]],
    ["9.1.0", [...always, ...sinceUserList, ...sinceSpacePermissions]],
    ["9.2", [...always, ...sinceUserList, ...sinceSpacePermissions]],
    ["9.3", all],
    ["9.10", all],
    ["10.2", all],
  ])("%s has its routes and misses the others", async (version, there) => {
    const { get, sandbox } = await openDataCenter({ dataCenter: { version } });
    expect(sandbox.dataCenter?.version).toBe(version);
    for (const path of all) {
      const { status, body } = await get(`/rest/api/${path}`);
      if (there.includes(path)) expect([path, status]).toEqual([path, 200]);
      else expect([path, status, body]).toEqual([path, 404, expect.not.objectContaining({ statusCode: 404 })]);
    }
  });

  it("is the world's unless told otherwise, and what the instance says of itself", async () => {
    const { get, sandbox } = await openDataCenter({ world: readableWorld({ version: "9.2.4" }) });
    expect(sandbox.dataCenter?.version).toBe("9.2.4");
    expect((await get("/rest/api/server-information")).body).toEqual({
      baseUrl: "https://wiki.internal.example/confluence",
      version: "9.2.4",
      buildNumber: expect.any(Number),
      marketplaceBuildNumber: expect.any(Number),
      buildDate: expect.any(String),
    });
  });

  it("before 10.2 keeps e-mail and last login off the active-user list", async () => {
    const { get } = await openDataCenter({ dataCenter: { version: "9.3" } });
    const { body } = await get("/rest/api/admin/users/list/active?expand=lastLogin,status");
    expect(columnOf(body, "username")).toHaveLength(3);
    expect(columnOf(body, "status")).toEqual(["current", "current", "current"]);
    expect([...columnOf(body, "email"), ...columnOf(body, "lastLogin")]).toEqual(Array(6).fill(undefined));
  });
});
