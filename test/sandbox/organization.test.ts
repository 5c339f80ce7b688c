import { describe, expect, it } from "vitest";
import type { SandboxOptions } from "../../sandbox/src/startSandbox.js";
import { defaultWorld } from "../../sandbox/src/world/generation/defaultWorld.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { basic, callAs } from "./support/callAs.js";
import { columnOf } from "./support/columnOf.js";
import { fieldOf } from "./support/fieldOf.js";
import { MovableClock } from "./support/MovableClock.js";
import { openSandbox } from "./support/openSandbox.js";
import { crowd, group, person, smallWorld } from "./support/smallWorld.js";

const org = "/admin/v2/orgs/sandbox-organization";
const users = `${org}/directories/-/users`;
const groups = `${org}/directories/sandbox-directory/groups`;
const site = "ari:cloud:confluence::site/cloud-1";

/** A sandbox and a client with the organization's key. */
async function openOrganization(options: Partial<SandboxOptions> = {}) {
  const open = await openSandbox(options);
  const call = callAs(open, `Bearer ${open.sandbox.credentials.organization.apiKey}`);
  const search = async (body: unknown) => (await call("POST", `${users}/search`, body)).body;
  const ids = async (body: unknown) => idsOf(await search(body));
  /** One account as the organization shows it, everything expanded. */
  const user = async (accountId: string) =>
    fieldOf(
      await search({
        accountIds: [accountId],
        expand: ["platformRoles", "counts.resources", "productAccess", "groups"],
      }),
      "data.0",
    );
  return { ...open, call, search, ids, user };
}

function idsOf(body: unknown): unknown[] {
  return columnOf({ results: fieldOf(body, "data") }, "accountId");
}

describe("the organization's key", () => {
  it.each([
    ["none", () => ""],
    ["another key", () => "Bearer wrong"],
    ["the site's credential", () => basic({ email: "admin@sandbox.test", apiToken: "sandbox-token" })],
    ["the service account's token", () => "Bearer sandbox-service-account-token"],
    ["the SCIM key", () => "Bearer sandbox-scim-key"],
  ])("is not %s: 401 in the words of the admin API", async (_, header) => {
    const open = await openSandbox();
    const { status, body } = await callAs(open, header())("GET", `${org}/directories`);
    expect(status).toBe(401);
    expect(body).toEqual({
      errors: [
        {
          id: expect.stringMatching(/^[\da-f-]{36}$/),
          status: "401",
          code: expect.stringMatching(/^ADMIN-401-/),
          title: "Unauthorized",
          detail: expect.any(String),
        },
      ],
    });
  });

  it("opens no admin call for an OAuth access token", async () => {
    const open = await openSandbox();
    const token = await callAs(open, "")("POST", "/oauth/token", {
      grant_type: "client_credentials",
      client_id: "sandbox-client",
      client_secret: "sandbox-client-secret",
    });
    const bearer = `Bearer ${String(fieldOf(token.body, "access_token"))}`;
    expect((await callAs(open, bearer)("GET", `${org}/directories`)).status).toBe(401);
  });

  it("opens one organization and its one directory", async () => {
    const { call } = await openOrganization();
    expect((await call("GET", `${org}/directories`)).body).toMatchObject({
      data: [{ directoryId: "sandbox-directory" }],
    });
    expect((await call("GET", "/admin/v2/orgs/other/directories")).status).toBe(404);
    expect((await call("POST", `${org}/directories/other/users/search`, {})).status).toBe(404);
    expect((await call("GET", `${org}/policies`)).status).toBe(501);
  });
});

describe("a user of the organization", () => {
  it("has every field of an account, roles, products, counts and groups only where they are expanded", async () => {
    const world = smallWorld({
      accounts: [
        person("ann", {
          displayName: "Ann Lee",
          managed: true,
          department: "IT",
          lastActive: "2026-10-01",
          productRoles: ["atlassian/user", "atlassian/org-admin"],
        }),
      ],
    });
    const { user, search } = await openOrganization({ world });
    const plain = {
      accountId: "ann",
      accountType: "atlassian",
      status: "active",
      accountStatus: "active",
      membershipStatus: "active",
      addedToOrg: expect.stringMatching(/Z$/),
      name: "Ann Lee",
      nickname: "Ann Lee",
      email: "ann@example.com",
      emailVerified: true,
      claimStatus: "managed",
      mfaEnabled: false,
      jobTitle: null,
      department: "IT",
      organization: null,
      location: null,
      timeZone: null,
    };
    expect(await search({ accountIds: ["ann"] })).toEqual({ data: [plain], links: {} });
    expect(await user("ann")).toEqual({
      ...plain,
      platformRoles: ["atlassian/user", "atlassian/org-admin"],
      counts: { resources: 1 },
      productAccess: [{ key: "confluence", id: site, lastActiveTimestamp: "2026-10-01T00:00:00.000Z" }],
      groups: [
        { id: "g-ext", name: "directory" },
        { id: "g-eng", name: "engineering" },
      ],
    });
  });

  it("names neither first nor last name: nobody but SCIM knows them", async () => {
    const world = smallWorld({ accounts: [person("ann", { givenName: "Zoe", familyName: "Quux", managed: true })] });
    const { user } = await openOrganization({ world });
    expect(JSON.stringify(await user("ann"))).not.toMatch(/Zoe|Quux/);
  });

  it("shows the address of a managed account that Confluence hides, of an unmanaged one not, and makes none up", async () => {
    const accounts = [
      person("managed", { managed: true }),
      person("free"),
      person("nobody-knows", { managed: true, email: null }),
      person("open"),
    ];
    const { user, ids, post } = await openOrganization({
      world: smallWorld({ accounts, groups: [] }),
      hiddenEmails: ["managed", "free"],
    });
    const shown = await post("/wiki/api/v2/users-bulk", { accountIds: accounts.map(({ accountId }) => accountId) });
    expect(fieldOf(shown.body, "results")).toEqual([
      expect.objectContaining({ accountId: "free", email: "" }),
      expect.objectContaining({ accountId: "managed", email: "" }),
      expect.objectContaining({ accountId: "nobody-knows", email: "" }),
      expect.objectContaining({ accountId: "open", email: "open@example.com" }),
    ]);
    const emails = await Promise.all(accounts.map(async ({ accountId }) => fieldOf(await user(accountId), "email")));
    expect(emails).toEqual(["managed@example.com", null, null, "open@example.com"]);
    expect(await ids({ emails: ["Managed@Example.com", "free@example.com", "open@example.com"] })).toEqual([
      "managed",
      "open",
    ]);
  });

  it("is a person: apps, customers and erased accounts are in no directory", async () => {
    const { ids } = await openOrganization();
    expect(await ids({})).toEqual(["ann", "bob", "deact", "guest", "inactive", "sus", "unlicensed"]);
  });

  it("has a status of its own, whatever Confluence says", async () => {
    const { user } = await openOrganization();
    const facts = async (accountId: string) => {
      const row = await user(accountId);
      return ["status", "accountStatus", "membershipStatus"].map((name) => fieldOf(row, name));
    };
    expect(await facts("ann")).toEqual(["active", "active", "active"]);
    expect(await facts("sus")).toEqual(["suspended", "active", "suspended"]);
    expect(await facts("deact")).toEqual(["deactivated", "inactive", "active"]);
    expect(await facts("inactive")).toEqual(["deactivated", "inactive", "active"]);
    expect(fieldOf(await user("guest"), "platformRoles")).toEqual(["atlassian/guest"]);
    expect(fieldOf(await user("sus"), "productAccess")).toEqual([]);
    expect(fieldOf(await user("unlicensed"), "productAccess")).toEqual([]);
  });
});

describe("the default world", () => {
  it("has something to show in every field that only the organization and SCIM know, and a space ENG", () => {
    const { accounts = [], spaces = [] } = defaultWorld().cloud ?? {};
    const fields = ["orgStatus", "productRoles", "lastActive", "givenName", "familyName", "department", "externalId"];
    for (const field of fields)
      expect(
        accounts.some((account) => fieldOf(account, field) !== undefined),
        field,
      ).toBe(true);
    for (const managed of [true, false]) expect(accounts.some((account) => account.managed === managed)).toBe(true);
    const suspended = accounts.filter(({ orgStatus }) => orgStatus === "suspended");
    expect(suspended.some(({ accountStatus }) => accountStatus === "active")).toBe(true);
    expect(spaces.some(({ key }) => key === "ENG")).toBe(true);
  });
});

describe("user search", () => {
  it("pages by a bare cursor, 50 at a time unless told, at most 100, and names no next after the last", async () => {
    const { search } = await openOrganization({ world: smallWorld({ accounts: crowd(250), groups: [] }) });
    expect(idsOf(await search({}))).toHaveLength(50);
    const seen: unknown[] = [];
    let body = await search({ limit: 100 });
    const sizes: number[] = [];
    for (;;) {
      const page = idsOf(body);
      seen.push(...page);
      sizes.push(page.length);
      const next = fieldOf(body, "links.next");
      if (next === undefined) break;
      expect(String(next)).not.toMatch(/[/?]/);
      body = await search({ limit: 100, cursor: next });
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(new Set(seen).size).toBe(250);
  });

  it.each([
    [{ limit: 101 }],
    [{ limit: 0 }],
    [{ limit: "10" }],
    [{ emails: ["a@b.c"], searchTerm: "a" }],
    [{ status: ["asleep"] }],
    [{ expand: ["everything"] }],
    [{ accountIds: "ann" }],
    [{ accountIds: [] }],
    [{ accountIds: Array.from({ length: 101 }, (_, at) => `a-${at}`) }],
    [{ accountId: ["ann"] }],
    [{ cursor: "nonsense" }],
    [[]],
  ])("refuses %j with 400", async (body) => {
    const { call } = await openOrganization();
    expect((await call("POST", `${users}/search`, body)).status).toBe(400);
  });

  it("refuses the cursor of another search", async () => {
    const { search, call } = await openOrganization();
    const cursor = fieldOf(await search({ limit: 1 }), "links.next");
    expect((await call("POST", `${users}/search`, { limit: 1, cursor, status: ["active"] })).status).toBe(400);
    expect((await call("POST", `${users}/search`, { limit: 2, cursor })).status).toBe(200);
  });

  it("filters by ids, addresses, groups, products, roles and every status; the values of one filter are alternatives", async () => {
    const { ids } = await openOrganization();
    expect(await ids({ accountIds: ["sus", "nobody", "ann", "bot"] })).toEqual(["ann", "sus"]);
    expect(await ids({ emails: ["SUS@example.com", "nobody@example.com"] })).toEqual(["sus"]);
    expect(await ids({ groupIds: ["g-eng"], status: ["suspended", "deactivated"] })).toEqual([
      "deact",
      "inactive",
      "sus",
    ]);
    expect(await ids({ accountStatus: ["inactive"] })).toEqual(["deact", "inactive"]);
    expect(await ids({ membershipStatus: ["suspended"] })).toEqual(["sus"]);
    expect(await ids({ roleIds: ["atlassian/guest"], resourceIds: [site] })).toEqual(["guest"]);
    expect(await ids({ resourceIds: ["ari:cloud:jira::site/cloud-1"] })).toEqual([]);
    expect(await ids({ searchTerm: "JONES" })).toEqual(["bob"]);
    expect(await ids({ accountIds: ["ann", "bob"], emails: ["admin@sandbox.test"] })).toEqual(["ann"]);
  });

  it("has a deprecated GET twin that takes the same filters as parameters", async () => {
    const { call } = await openOrganization();
    const answer = await call("GET", `${users}?accountIds=sus,ann&status=suspended&expand=groups&limit=10`);
    expect(idsOf(answer.body)).toEqual(["sus"]);
    expect(fieldOf(answer.body, "data.0.groups.0.id")).toBe("g-eng");
    expect((await call("GET", `${users}?limit=101`)).status).toBe(400);
    expect((await call("GET", `${users}?limit=ten`)).status).toBe(400);
    const page = await call("GET", `${users}?limit=1`);
    const next = encodeURIComponent(String(fieldOf(page.body, "links.next")));
    expect(idsOf((await call("GET", `${users}?limit=1&cursor=${next}`)).body)).toEqual(["bob"]);
  });
});

describe("suspending, restoring and removing", () => {
  const members = "/wiki/rest/api/group/g-eng/membersByGroupId";

  it("keeps groups and roles through a suspension and loses them with a deletion", async () => {
    const { call, user, get, post, sandbox, ids } = await openOrganization();
    const shown = async () => columnOf((await get(members)).body, "accountId");
    expect((await call("POST", `${users}/bob/suspend`)).status).toBe(204);
    expect(await shown()).not.toContain("bob");
    const bulk = await post("/wiki/api/v2/users-bulk", { accountIds: ["bob"] });
    expect(fieldOf(bulk.body, "results.0.accountStatus")).toBe("active");
    expect(await user("bob")).toMatchObject({
      status: "suspended",
      productAccess: [],
      platformRoles: ["atlassian/user"],
      groups: [{ id: "g-eng" }],
    });
    expect(sandbox.world().cloud?.accounts.find(({ accountId }) => accountId === "bob")?.orgStatus).toBe("suspended");
    expect((await call("POST", `${users}/bob/suspend`)).status).toBe(409);
    expect((await call("POST", `${users}/bob/restore`)).status).toBe(204);
    expect(await shown()).toContain("bob");
    expect((await call("POST", `${users}/bob/restore`)).status).toBe(409);

    expect((await call("DELETE", `${users}/bob`)).status).toBe(204);
    expect(await shown()).not.toContain("bob");
    expect(await ids({ accountIds: ["bob"] })).toEqual([]);
    expect((await call("DELETE", `${users}/bob`)).status).toBe(404);
    expect((await call("POST", `${users}/bob/restore`)).status).toBe(404);
    const state = sandbox.world().cloud;
    expect(state?.groups.some((each) => each.members.includes("bob"))).toBe(false);
    expect(state?.accounts.find(({ accountId }) => accountId === "bob")).toMatchObject({
      orgStatus: "not_invited",
      productRoles: [],
      accountStatus: "active",
    });
  });

  it("leaves a managed account that was removed in sight, as not invited", async () => {
    const { call, user } = await openOrganization({
      world: smallWorld({ accounts: [person("ann", { managed: true })] }),
    });
    await call("DELETE", `${users}/ann`);
    expect(await user("ann")).toMatchObject({ status: "not_invited", membershipStatus: "no_membership", groups: [] });
  });

  it("answers 404 for anybody the organization does not know, apps among them", async () => {
    const { call } = await openOrganization();
    for (const id of ["nobody", "bot"]) expect((await call("POST", `${users}/${id}/suspend`)).status).toBe(404);
  });

  it("survives a round trip through the world file", async () => {
    const one = await openOrganization();
    await one.call("POST", `${users}/bob/suspend`);
    const world = parseWorld((await one.raw("/__sandbox/world")).body);
    const two = await openOrganization({ world });
    expect(await two.user("bob")).toEqual(await one.user("bob"));
  });
});

describe("product roles", () => {
  const roles = "/admin/v1/orgs/sandbox-organization/users";

  it("are assigned and revoked on the site, and decide who has it", async () => {
    const { call, user } = await openOrganization();
    const body = { role: "atlassian/user", resource: site };
    expect((await call("POST", `${roles}/unlicensed/roles/assign`, body)).status).toBe(204);
    expect(await user("unlicensed")).toMatchObject({
      platformRoles: ["atlassian/user"],
      productAccess: [{ key: "confluence", id: site }],
    });
    expect((await call("POST", `${roles}/unlicensed/roles/assign`, body)).status).toBe(409);
    expect((await call("POST", `${roles}/unlicensed/roles/revoke`, body)).status).toBe(204);
    expect(await user("unlicensed")).toMatchObject({ platformRoles: [], productAccess: [] });
    expect((await call("POST", `${roles}/unlicensed/roles/revoke`, body)).status).toBe(404);
  });

  it("turn a licensed user into a guest and back", async () => {
    const { call, post } = await openOrganization();
    const isGuest = async () => {
      const bulk = await post("/wiki/api/v2/users-bulk", { accountIds: ["bob"] });
      return fieldOf(bulk.body, "results.0.isExternalCollaborator");
    };
    await call("POST", `${roles}/bob/roles/assign`, { role: "atlassian/guest", resource: site });
    expect(await isGuest()).toBe(false);
    await call("POST", `${roles}/bob/roles/revoke`, { role: "atlassian/user", resource: site });
    expect(await isGuest()).toBe(true);
  });

  it.each([
    [{ role: "atlassian/king", resource: site }],
    [{ role: "atlassian/user", resource: "ari:cloud:jira::site/cloud-1" }],
    [{ role: "atlassian/user" }],
    [[]],
  ])("refuse %j with 400", async (body) => {
    const { call } = await openOrganization();
    expect((await call("POST", `${roles}/bob/roles/assign`, body)).status).toBe(400);
  });
});

describe("groups of the organization", () => {
  it("are searched by id, account and name, and tell whether an identity provider writes them", async () => {
    const { call } = await openOrganization();
    const names = async (body: unknown) => {
      const answer = await call("POST", `${groups}/search`, body);
      return columnOf({ results: fieldOf(answer.body, "data") }, "name");
    };
    expect(await names({})).toEqual(["Confluence-Users", "directory", "engineering"]);
    expect(await names({ accountIds: ["ann"] })).toEqual(["directory", "engineering"]);
    expect(await names({ groupIds: ["g-users", "nope"] })).toEqual(["Confluence-Users"]);
    expect(await names({ searchTerm: "ENGIN" })).toEqual(["engineering"]);
    const page = await call("GET", `${groups}?limit=2`);
    expect(page.body).toEqual({
      data: [
        {
          id: "g-users",
          name: "Confluence-Users",
          description: "",
          directoryId: "sandbox-directory",
          externalSynced: false,
        },
        { id: "g-ext", name: "directory", description: "", directoryId: "sandbox-directory", externalSynced: true },
      ],
      links: { next: expect.any(String) },
    });
  });

  it("take and lose members: 204, then 409 for who is there and 404 for who is not", async () => {
    const { call, get } = await openOrganization();
    const path = `${groups}/g-users/memberships`;
    expect((await call("POST", path, { accountId: "bob" })).status).toBe(204);
    const again = await call("POST", path, { accountId: "bob" });
    expect(again.status).toBe(409);
    expect(fieldOf(again.body, "errors.0")).toMatchObject({
      status: "409",
      code: "ADMIN-409-28",
      detail: expect.stringContaining("already"),
    });
    const members = await get("/wiki/rest/api/group/g-users/membersByGroupId");
    expect(columnOf(members.body, "accountId")).toEqual(["bob"]);
    expect((await call("DELETE", `${path}/bob`)).status).toBe(204);
    expect((await call("DELETE", `${path}/bob`)).status).toBe(404);
    expect((await call("POST", path, { accountId: "nobody" })).status).toBe(404);
    expect((await call("POST", path, {})).status).toBe(400);
    expect((await call("POST", `${groups}/nope/memberships`, { accountId: "bob" })).status).toBe(404);
  });

  it("are read-only where an identity provider writes them", async () => {
    const { call, sandbox } = await openOrganization();
    expect((await call("POST", `${groups}/g-ext/memberships`, { accountId: "bob" })).status).toBe(403);
    expect((await call("DELETE", `${groups}/g-ext/memberships/ann`)).status).toBe(403);
    expect(sandbox.world().cloud?.groups.find(({ id }) => id === "g-ext")?.members).toEqual(["ann"]);
  });
});

describe("last-active dates", () => {
  const path = (accountId: string) =>
    `/admin/v1/orgs/sandbox-organization/directory/users/${accountId}/last-active-dates`;

  it("come one account a call, and empty for who never came", async () => {
    const world = smallWorld({ accounts: [person("ann", { lastActive: "2026-10-01" }), person("bob")] });
    const { call } = await openOrganization({ world });
    expect((await call("GET", path("ann"))).body).toMatchObject({
      data: {
        product_access: [{ id: site, key: "confluence", last_active: "2026-10-01" }],
        added_to_org: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      },
    });
    expect((await call("GET", path("bob"))).body).toMatchObject({ data: { product_access: [] } });
    expect((await call("GET", path("nobody"))).status).toBe(404);
  });

  it("are refused beyond 200 calls a minute with a Retry-After that is true", async () => {
    const clock = new MovableClock();
    const { call } = await openOrganization({ clock });
    for (let made = 0; made < 200; made += 1) expect((await call("GET", path("ann"))).status).toBe(200);
    clock.advance(20_000);
    const refused = await call("GET", path("ann"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "40"]);
    expect(fieldOf(refused.body, "errors.0.status")).toBe("429");
    expect((await call("GET", `${users}?limit=1`)).status).toBe(200);
    clock.advance(39_999);
    expect((await call("GET", path("ann"))).status).toBe(429);
    clock.advance(1);
    expect((await call("GET", path("ann"))).status).toBe(200);
  });
});

describe("invitations", () => {
  const invite = `${org}/users/invite`;
  const body = {
    emails: ["New.Person@example.com", "sus@example.com", "ann@example.com"],
    permissionRules: [{ role: "atlassian/admin", resource: site }],
    additionalGroups: ["g-users"],
    sendNotification: false,
  };
  const world = () => smallWorld({ accounts: [person("ann"), person("sus", { orgStatus: "suspended" })] });

  it("name an account id only where the account exists, and give it roles and groups soon after", async () => {
    const clock = new MovableClock();
    const { call, user } = await openOrganization({ world: world(), clock });
    expect((await call("POST", invite, body)).body).toEqual({
      data: [
        { email: "new.person@example.com" },
        { email: "sus@example.com", accountId: "sus" },
        { email: "ann@example.com", accountId: "ann" },
      ],
    });
    expect(await user("ann")).toMatchObject({ platformRoles: ["atlassian/user"] });
    clock.advance(1_000);
    expect(await user("ann")).toMatchObject({ platformRoles: ["atlassian/user", "atlassian/admin"] });
    expect(fieldOf(await user("ann"), "groups")).toContainEqual({ id: "g-users", name: "Confluence-Users" });
    expect(await user("sus")).toMatchObject({ status: "suspended" });
  });

  it("stay pending until the person accepts, which the control route stands for", async () => {
    const clock = new MovableClock();
    const { call, ids, raw, post, user } = await openOrganization({ world: world(), clock });
    await call("POST", invite, body);
    clock.advance(86_400_000);
    expect(await ids({ emails: ["new.person@example.com"] })).toEqual([]);
    expect((await raw("/__sandbox/invitations")).body).toEqual([
      {
        email: "new.person@example.com",
        roles: ["atlassian/admin"],
        groupIds: ["g-users"],
        invitedAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect((await post("/__sandbox/invitations", { accept: ["other@example.com"] })).status).toBe(400);
    expect((await post("/__sandbox/invitations", {})).status).toBe(400);
    expect((await post("/__sandbox/invitations", { accept: ["new.person@example.com"] })).body).toEqual([]);
    const [accountId] = await ids({ emails: ["new.person@example.com"] });
    expect(await user(String(accountId))).toMatchObject({
      status: "active",
      platformRoles: ["atlassian/admin"],
      groups: [{ id: "g-users" }],
      productAccess: [{ id: site }],
    });
  });

  it.each([
    [{ ...body, emails: [] }],
    [{ ...body, emails: ["nonsense"] }],
    [{ ...body, emails: Array.from({ length: 101 }, (_, at) => `p${at}@example.com`) }],
    [{ ...body, permissionRules: [{ role: "atlassian/king", resource: site }] }],
    [{ ...body, permissionRules: [{ role: "atlassian/user", resource: "elsewhere" }] }],
    [{ ...body, additionalGroups: ["nope"] }],
    [{ ...body, additionalGroups: ["g-ext"] }],
  ])("are refused whole when anything is wrong (%#)", async (wrong) => {
    const { call, raw } = await openOrganization();
    expect((await call("POST", invite, wrong)).status).toBe(400);
    expect((await raw("/__sandbox/invitations")).body).toEqual([]);
  });
});

describe("beside Confluence", () => {
  it("goes through journal, faults and rate, worded as the admin API words them", async () => {
    const { call, post, sandbox } = await openOrganization({ clock: new MovableClock(), ratePerSecond: 2 });
    await post("/__sandbox/faults", [{ match: "POST /admin/v2/orgs/*/directories/-/users/search", status: 503 }]);
    const failed = await call("POST", `${users}/search`, {});
    expect(fieldOf(failed.body, "errors.0.status")).toBe("503");
    await call("POST", `${users}/search`, {});
    await call("POST", `${users}/search`, {});
    const limited = await call("POST", `${users}/search`, {});
    expect([limited.status, fieldOf(limited.body, "errors.0.status")]).toEqual([429, "429"]);
    expect(sandbox.journal().map(({ status }) => status)).toEqual([503, 200, 200, 429]);
  });

  it("pages through 20,000 accounts, each of them once", async () => {
    const world = smallWorld({ accounts: crowd(20_000), groups: [group("g", [])] });
    const { search } = await openOrganization({ world });
    const seen = new Set<unknown>();
    let cursor: unknown;
    let pages = 0;
    do {
      const body = await search({ limit: 100, status: ["active"], ...(cursor === undefined ? {} : { cursor }) });
      for (const id of idsOf(body)) seen.add(id);
      cursor = fieldOf(body, "links.next");
      pages += 1;
    } while (cursor !== undefined);
    expect([pages, seen.size]).toEqual([200, 20_000]);
  });
});
