import { describe, expect, it } from "vitest";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { MovableClock } from "../support/MovableClock.js";
import { openDataCenter } from "../support/openDataCenter.js";
import { openSandbox } from "../support/openSandbox.js";

const org = "/admin/v2/orgs/sandbox-organization/directories/-";
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

describe("what released clients send", () => {
  it.each([
    "/wiki/rest/api/group?start=&limit=200",
    "/wiki/rest/api/group?start=0&limit=&accessType=",
    "/wiki/rest/api/group/picker?query=e&start=&limit=",
    "/wiki/rest/api/group/g-eng/membersByGroupId?start=&limit=200&expand=",
    "/wiki/rest/api/user/memberof?accountId=bob&start=&limit=",
    "/wiki/rest/api/search/user?cql=type=user&start=&limit=&sitePermissionTypeFilter=",
    "/wiki/api/v2/spaces?limit=&status=&type=&sort=&include-icon=&description-format=",
    "/wiki/api/v2/spaces/100/permissions?limit=",
  ])("without a value is what was left out: %s", async (path) => {
    const { get } = await openSandbox({ clock: new MovableClock() });
    const [asked, plain] = await Promise.all([get(path), get(withoutEmpty(path))]);
    expect([asked.status, plain.status]).toEqual([200, 200]);
    expect(fieldOf(asked.body, "results")).toEqual(fieldOf(plain.body, "results"));
    expect(fieldOf(asked.body, "results")).not.toEqual([]);
  });

  it.each([
    ["sandbox-organization-key", `${org}/users?limit=&searchTerm=&groupIds=`, "data"],
    ["sandbox-scim-key", "/scim/directory/sandbox-directory/Users?startIndex=&count=", "Resources"],
  ])("without a value is what was left out, to the organization as well: %s %s", async (key, path, rows) => {
    const { raw } = await openSandbox();
    const [asked, plain] = await Promise.all([raw(path, bearer(key)), raw(withoutEmpty(path), bearer(key))]);
    expect([asked.status, plain.status]).toEqual([200, 200]);
    expect(fieldOf(asked.body, rows)).toEqual(fieldOf(plain.body, rows));
  });

  it.each(["/rest/api/group", "/rest/api/group/a/member", "/rest/api/user/list", "/rest/api/space"])(
    "on Data Center may be without a value too, and expand what nobody knows: %s",
    async (path) => {
      const { get } = await openDataCenter();
      const asked = await get(`${path}?start=&limit=&expand=nonsense,body.storage`);
      expect([asked.status, fieldOf(asked.body, "results")]).toEqual([200, fieldOf((await get(path)).body, "results")]);
    },
  );

  it("may expand what nobody knows, beside what is known", async () => {
    const { get } = await openSandbox();
    for (const path of ["user/current?", "user?accountId=bob&", "user/bulk?accountId=bob&"]) {
      expect((await get(`/wiki/rest/api/${path}expand=details.personal,status`)).status).toBe(200);
    }
    const found = await get("/wiki/rest/api/search/user?cql=type=user&expand=user.status,operations");
    expect(columnOf(found.body, "user.operations")[0]).toBeDefined();
  });
});

function withoutEmpty(path: string): string {
  const [base = "", query = ""] = path.split("?");
  const kept = query.split("&").filter((part) => !part.endsWith("="));
  return kept.length === 0 ? base : `${base}?${kept.join("&")}`;
}

describe("a method that a path does not take", () => {
  it.each([
    ["PATCH", "/wiki/api/v2/spaces", "GET, HEAD, POST"],
    ["POST", "/wiki/api/v2/spaces/100/permissions", "GET, HEAD"],
    ["PUT", "/wiki/rest/api/group", "GET, HEAD, POST"],
    ["GET", "/wiki/rest/api/group/userByGroupId", "DELETE, POST"],
    ["GET", "/wiki/api/v2/users-bulk", "POST"],
  ])("is 405 on Cloud, with those that it takes in Allow: %s %s", async (method, path, allow) => {
    const { raw, get, sandbox } = await openSandbox();
    const { email, apiToken } = sandbox.credential;
    const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
    const { status, headers, body } = await raw(path, { method, headers: { authorization } });
    expect([status, headers.get("allow")]).toEqual([405, allow]);
    if (path.includes("/v2/")) expect(fieldOf(body, "errors")).toMatchObject([{ code: "METHOD_NOT_ALLOWED" }]);
    expect((await raw(path, { method })).status).toBe(401);
    expect((await get("/wiki/rest/api/content")).status).toBe(501);
  });

  it("is 405 at the organization, SCIM and the token endpoint", async () => {
    const { raw } = await openSandbox();
    const ask = async (method: string, path: string, key: string) => {
      const { status, headers } = await raw(path, { method, ...bearer(key) });
      return [status, headers.get("allow")];
    };
    expect(await ask("PUT", `${org}/users`, "sandbox-organization-key")).toEqual([405, "GET, HEAD"]);
    const scim = "/scim/directory/sandbox-directory";
    expect(await ask("PATCH", `${scim}/Users`, "sandbox-scim-key")).toEqual([405, "GET, HEAD, POST"]);
    expect(await ask("POST", `${scim}/Schemas`, "sandbox-scim-key")).toEqual([405, "GET, HEAD"]);
    expect(await ask("GET", "/oauth/token", "")).toEqual([405, "POST"]);
  });

  it("is not HEAD where there is GET: that is GET without its body", async () => {
    const { raw, sandbox } = await openSandbox();
    const { email, apiToken } = sandbox.credential;
    const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
    const head = await raw("/wiki/api/v2/spaces", { method: "HEAD", headers: { authorization } });
    expect([head.status, head.text]).toEqual([200, ""]);
  });
});
