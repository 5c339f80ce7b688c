import { describe, expect, it } from "vitest";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const hidden = { ...human(4), email: "hidden@acme.example", managed: true, productRoles: ["atlassian/user"] };

function worldWith(accounts: readonly Readonly<Record<string, unknown>>[], cloudId = "cloud-1") {
  return cloudWorld({
    cloudId,
    accounts,
    groups: [{ id: "g", name: "all", members: accounts.map(({ accountId }) => accountId) }],
    spaces: [space(1, { permissions: accounts.map(({ accountId }) => permission("user", String(accountId))) })],
  });
}

const people = [
  {
    ...human(1),
    managed: true,
    productRoles: ["atlassian/user"],
    lastActive: "2026-10-01",
    givenName: "Ada",
    familyName: "Byron",
    department: "Engines",
    externalId: "hr-1",
  },
  { ...human(2), orgStatus: "suspended", productRoles: ["atlassian/user"] },
  { ...human(3), isExternalCollaborator: true, productRoles: ["atlassian/guest"] },
  hidden,
  { accountId: "app-1", accountType: "app", accountStatus: "active", displayName: "Bot", email: null },
];

const facts = `{ accounts { nodes {
  accountId kind status statusSource email isLicensed isManaged roles { name } department givenName familyName externalId lastActiveAt
} completeness { isComplete } } }`;

describe("what only the organization knows", () => {
  it("reports a suspension that Confluence does not show, with its source, and licence, roles, names and last activity", async () => {
    await using stack = await startSites([
      {
        id: "a",
        world: worldWith(people),
        credential: "api-token",
        hasOrganization: true,
        sandbox: { hiddenEmails: [hidden.accountId] },
      },
    ]);
    const { data, errors } = await stack.query(facts);
    expect(errors).toBeUndefined();
    const byId = new Map(data.accounts.nodes.map((each: { accountId: string }) => [each.accountId, each]));
    expect(byId.get(human(1).accountId)).toMatchObject({
      kind: "HUMAN",
      status: "ACTIVE",
      statusSource: "CONFLUENCE",
      isLicensed: true,
      isManaged: true,
      department: "Engines",
      givenName: "Ada",
      familyName: "Byron",
      externalId: "hr-1",
      lastActiveAt: "2026-10-01T00:00:00.000Z",
    });
    expect(byId.get(human(2).accountId)).toMatchObject({ status: "SUSPENDED", statusSource: "ORGANIZATION" });
    expect(byId.get(human(3).accountId)).toMatchObject({ kind: "GUEST", givenName: null });
    expect(byId.get(hidden.accountId)).toMatchObject({ email: "hidden@acme.example", lastActiveAt: null });
    expect(byId.get("app-1")).toMatchObject({ kind: "APP" });
    expect(data.accounts.completeness.isComplete).toBe(true);
    // The search says when they were last active; nobody is asked by a call of their own but whom it leaves out.
    const callsFor = (accountId: string) =>
      stack.countCalls("a", "GET", new RegExp(`${encodeURIComponent(accountId)}/last-active-dates`));
    expect([callsFor(human(1).accountId), callsFor(hidden.accountId)]).toEqual([0, 1]);
  });

  it("asks in pages of the largest size and by many ids at once; for last activity only when it is asked for", async () => {
    const accounts = Array.from({ length: 230 }, (_, index) => human(index + 1));
    await using stack = await startSites([
      { id: "a", world: worldWith(accounts), credential: "api-token", hasOrganization: true },
    ]);
    await stack.forgetCalls("a");
    await stack.query("{ accounts(first: 1000) { nodes { displayName status isLicensed } } }");
    expect(stack.countCalls("a", "POST", /users-bulk/)).toBe(1);
    // One search asks for 100 users; two more ask whom member lists leave out.
    expect(stack.countCalls("a", "POST", /users\/search/)).toBe(3 + 2);
    expect(stack.countCalls("a", "GET", /last-active-dates|scim/)).toBe(0);
    await stack.query("{ accounts(first: 5) { nodes { lastActiveAt } } }");
    expect(stack.countCalls("a", "GET", /last-active-dates/)).toBe(5);
  });

  it("never paces last activity beyond what the organization allows: the rest says when to ask again", async () => {
    const accounts = Array.from({ length: 190 }, (_, index) => human(index + 1));
    await using stack = await startSites([
      { id: "a", world: worldWith(accounts), credential: "api-token", hasOrganization: true },
    ]);
    const { data, errors } = await stack.query("{ accounts(first: 1000) { nodes { accountId lastActiveAt } } }");
    expect(data.accounts.nodes).toHaveLength(190);
    expect(stack.countCalls("a", "GET", /last-active-dates/)).toBe(180);
    expect(errors).toHaveLength(10);
    expect(errors?.[0]?.extensions).toMatchObject({ code: "UPSTREAM_THROTTLED", retryAfterMs: expect.any(Number) });
  });

  it("knows no status when the organization cannot be asked: an account that Confluence calls active may be suspended", async () => {
    await using stack = await startSites([
      { id: "a", world: worldWith(people), credential: "api-token", hasOrganization: true },
    ]);
    await stack.fail("a", {
      match: "POST /admin/v2/orgs/*/directories/*/users/search",
      times: -1,
      status: 403,
      body: { errors: [] },
    });
    const { data, errors } = await stack.query(
      `{ account(accountId: "${human(1).accountId}") { displayName status statusSource isLicensed } }`,
    );
    expect(data.account).toEqual({ displayName: "Human 1", status: "UNKNOWN", statusSource: "NONE", isLicensed: null });
    expect(errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ["isLicensed", "UPSTREAM_FORBIDDEN"],
      ["status", "UPSTREAM_FORBIDDEN"],
      ["statusSource", "UPSTREAM_FORBIDDEN"],
    ]);
    const filtered = await stack.query(
      "{ accounts(filter: { statuses: [SUSPENDED] }) { nodes { accountId } completeness { isComplete } } }",
    );
    expect(filtered.data.accounts).toEqual({ nodes: null, completeness: { isComplete: false } });
  });

  it("answers null without a key, and a capability says why", async () => {
    await using stack = await startSites([{ id: "a", world: worldWith(people), credential: "api-token" }]);
    const { data, errors } = await stack.query(
      `{ account(accountId: "${human(1).accountId}") { isLicensed roles { name } lastActiveAt givenName department } sites { capabilities { name isAvailable reason } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.account).toEqual({
      isLicensed: null,
      roles: null,
      lastActiveAt: null,
      givenName: null,
      department: null,
    });
    expect(data.sites[0].capabilities).toContainEqual({
      name: "ORGANIZATION_FACTS",
      isAvailable: false,
      reason: expect.stringContaining("ATLASSIAN_ORG_API_KEY"),
    });
  });
});
