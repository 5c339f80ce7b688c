import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cloudRoutes } from "../../../sandbox/src/cloud/service.js";
import { scopes } from "../../../sandbox/src/oauth/credentials.js";
import { documents, isThere, whySkipped } from "../openapi/documents.js";
import { basic, callAs } from "../support/callAs.js";
import { fieldOf } from "../support/fieldOf.js";
import { openSandbox } from "../support/openSandbox.js";

const gateway = "/ex/confluence/cloud-1";
const mismatch = { code: 401, message: "Unauthorized; scope does not match" };

describe("credentials behind the gateway", () => {
  it("are the scoped API token as Basic and the service account's token as Bearer", async () => {
    const open = await openSandbox();
    const { scopedToken, serviceAccountToken } = open.sandbox.credentials;
    for (const header of [basic(scopedToken), `Bearer ${serviceAccountToken}`]) {
      expect((await callAs(open, header)("GET", `${gateway}/wiki/api/v2/spaces`)).status).toBe(200);
    }
  });

  it.each(["basic", "apiKey", "scim"] as const)(
    "are not the %s one, nor the other way round on the site",
    async (kind) => {
      const open = await openSandbox();
      const { basic: site, scopedToken, serviceAccountToken, organization, scim } = open.sandbox.credentials;
      const wrong = { basic: basic(site), apiKey: `Bearer ${organization.apiKey}`, scim: `Bearer ${scim.key}` }[kind];
      const refused = await callAs(open, wrong)("GET", `${gateway}/wiki/rest/api/group`);
      expect(refused.status).toBe(401);
      expect(refused.body).toEqual({ code: 401, message: "Unauthorized" });
      for (const header of [basic(scopedToken), `Bearer ${serviceAccountToken}`]) {
        const answer = await callAs(open, header)("GET", "/wiki/rest/api/group");
        expect(answer.status).toBe(401);
        expect(answer.body).toEqual({ statusCode: 401, message: expect.any(String) });
      }
    },
  );

  it("name a service account where there is one, and the person behind an API token", async () => {
    const open = await openSandbox();
    const { scopedToken, serviceAccountToken } = open.sandbox.credentials;
    const name = async (header: string) =>
      fieldOf((await callAs(open, header)("GET", `${gateway}/wiki/rest/api/user/current`)).body, "displayName");
    expect(await name(basic(scopedToken))).toBe("Ann Lee");
    expect(await name(`Bearer ${serviceAccountToken}`)).toBe("Sandbox service account");
  });

  it("do not matter where the cloud id is wrong: that is a 404 of the gateway itself", async () => {
    const open = await openSandbox();
    const call = callAs(open, basic(open.sandbox.credentials.scopedToken));
    const { status, body } = await call("GET", "/ex/confluence/cloud-9/wiki/api/v2/spaces");
    expect(status).toBe(404);
    expect(body).toMatchObject({ status: 404, error: "Not Found", path: "/ex/confluence/cloud-9/wiki/api/v2/spaces" });
  });

  it("share the e-mail of the site's credential, unless told otherwise", async () => {
    const { sandbox } = await openSandbox({
      credential: { email: "me@x.test", apiToken: "t" },
      credentials: { serviceAccountToken: "mine" },
    });
    expect(sandbox.credentials).toMatchObject({
      basic: { email: "me@x.test", apiToken: "t" },
      scopedToken: { email: "me@x.test", apiToken: "sandbox-scoped-token" },
      serviceAccountToken: "mine",
      oauth: { clientId: "sandbox-client" },
    });
    expect(sandbox.credential).toBe(sandbox.credentials.basic);
  });
});

describe("scopes", () => {
  it("are missed with a 401 that says so, alike in v1 and v2, and known by a header", async () => {
    const open = await openSandbox({ scopes: { scopedToken: ["read:space:confluence"] } });
    const call = callAs(open, basic(open.sandbox.credentials.scopedToken));
    expect((await call("GET", `${gateway}/wiki/api/v2/spaces`)).status).toBe(200);
    for (const path of ["/wiki/rest/api/user/current", "/wiki/api/v2/space-role-mode"]) {
      const { status, body, headers } = await call("GET", gateway + path);
      expect(status).toBe(401);
      expect(body).toEqual(mismatch);
      expect(headers.get("x-failure-category")).toBe("FAILURE_CLIENT_SCOPE_CHECK");
    }
  });

  it("are classic or granular, and the granular ones count only together", async () => {
    const open = await openSandbox();
    const call = callAs(open, `Bearer ${open.sandbox.credentials.serviceAccountToken}`);
    const members = async (list: string[]) => {
      await open.post("/__sandbox/credentials", { scopes: { serviceAccountToken: list } });
      return (await call("GET", `${gateway}/wiki/rest/api/group/g-eng/membersByGroupId`)).status;
    };
    expect(await members(["read:confluence-groups"])).toBe(200);
    expect(await members(["read:group:confluence"])).toBe(401);
    expect(await members(["read:user:confluence"])).toBe(401);
    expect(await members(["read:group:confluence", "read:user:confluence"])).toBe(200);
  });

  it("of reading do not allow writing, and nothing is written", async () => {
    const open = await openSandbox();
    await open.post("/__sandbox/credentials", { scopes: ["read:confluence-groups", "read:group:confluence"] });
    const call = callAs(open, basic(open.sandbox.credentials.scopedToken));
    expect((await call("POST", `${gateway}/wiki/rest/api/group`, { name: "new" })).body).toEqual(mismatch);
    expect((await open.get("/wiki/rest/api/group")).text).not.toContain('"new"');
  });

  it("do not bind the unscoped token of the site", async () => {
    const open = await openSandbox();
    await open.post("/__sandbox/credentials", { scopes: [] });
    expect((await open.get("/wiki/rest/api/group")).status).toBe(200);
  });

  it("are known for every emulated call, and for no other", () => {
    expect(Object.keys(scopes).sort()).toEqual(Object.keys(cloudRoutes).sort());
  });

  it("are those of Atlassian's documents", (context) => {
    const files = [documents.v1, documents.v2];
    context.skip(!isThere(...files), whySkipped);
    const documented: Record<string, unknown> = {};
    for (const { prefix, file } of files) {
      const paths = Object.entries(JSON.parse(readFileSync(file, "utf8")).paths as Record<string, object>);
      for (const [path, operations] of paths) {
        for (const [method, operation] of Object.entries(operations)) {
          const rows = fieldOf(operation, "x-atlassian-oauth2-scopes");
          if (Array.isArray(rows)) {
            const call = `${method.toUpperCase()} ${prefix}${path}`;
            documented[call] = rows.map((row: unknown) => fieldOf(row, "scopes"));
          }
        }
      }
    }
    for (const [call, lists] of Object.entries(scopes)) expect(documented[call], call).toEqual(lists);
  });
});
