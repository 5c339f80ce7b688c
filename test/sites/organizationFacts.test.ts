import { describe, expect, it } from "vitest";
import { Organizations } from "../../src/compose/Organizations.js";
import { Secret } from "../../src/config/Secret.js";
import { createLogger } from "../../src/observability/Logger.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const here = "ari:cloud:confluence::site/cloud-1";
const elsewhere = "ari:cloud:confluence::site/cloud-2";

const untold = { ...human(1), untold: ["productAccess", "platformRoles"] };
const licensed = { ...human(2), productRoles: ["atlassian/user", "atlassian/org-admin"] };
const administratorElsewhere = {
  ...human(3),
  productRoles: ["atlassian/user"],
  rolesElsewhere: [{ role: "atlassian/admin", resource: elsewhere }],
};
const administratorHere = {
  ...human(4),
  productRoles: ["atlassian/admin"],
  rolesElsewhere: [{ role: "atlassian/user", resource: elsewhere }],
};
const guest = { ...human(5), isExternalCollaborator: true, productRoles: ["atlassian/guest"] };
const guestUntold = { ...human(6), isExternalCollaborator: true, untold: ["productAccess"] };
const accounts = [untold, licensed, administratorElsewhere, administratorHere, guest, guestUntold];

function startOrganization(sandboxAccounts: readonly Readonly<Record<string, unknown>>[] = accounts) {
  const world = cloudWorld({
    cloudId: "cloud-1",
    accounts: sandboxAccounts,
    spaces: [space(1, { permissions: [permission("access-class", "all-product-admins")] })],
  });
  return startSites([{ id: "a", world, credential: "api-token", hasOrganization: true, hasScim: false }]);
}

type Organization = Awaited<ReturnType<typeof startOrganization>>;

const search = "POST /admin/v2/orgs/*/directories/*/users/search";

async function factsOf(stack: Organization, accountId: string) {
  const { data, errors } = await stack.query(
    `{ account(accountId: "${accountId}") { status statusSource statusAsReported isLicensed lastActiveAt roles { name resource isOnThisSite } } }`,
  );
  return { account: data.account, errors: errors?.map(({ extensions, path }) => [path?.join("."), extensions.code]) };
}

describe("what the organization leaves out", () => {
  it("knows no licence and no roles of somebody whose row leaves them out: absent is not none", async () => {
    await using stack = await startOrganization();
    expect(await factsOf(stack, untold.accountId)).toMatchObject({ account: { isLicensed: null, roles: null } });
    expect((await factsOf(stack, untold.accountId)).errors).toBeUndefined();
    expect((await factsOf(stack, licensed.accountId)).account).toMatchObject({
      isLicensed: true,
      roles: [
        { name: "atlassian/user", resource: null, isOnThisSite: true },
        { name: "atlassian/org-admin", resource: null, isOnThisSite: true },
      ],
    });
  });

  it("tells roles with what they are on, so that an administrator of another site is none here", async () => {
    await using stack = await startOrganization();
    expect((await factsOf(stack, administratorElsewhere.accountId)).account.roles).toEqual([
      { name: "atlassian/user", resource: here, isOnThisSite: true },
      { name: "atlassian/admin", resource: elsewhere, isOnThisSite: false },
    ]);
    expect((await factsOf(stack, administratorHere.accountId)).account.roles).toEqual([
      { name: "atlassian/admin", resource: here, isOnThisSite: true },
      { name: "atlassian/user", resource: elsewhere, isOnThisSite: false },
    ]);
  });

  it("licenses no guest, whether or not the organization lists the product for them", async () => {
    await using stack = await startOrganization();
    expect((await factsOf(stack, guest.accountId)).account).toMatchObject({ isLicensed: false });
    expect((await factsOf(stack, guestUntold.accountId)).account).toMatchObject({ isLicensed: false });
    await stack.fail("a", { match: search, times: -1, status: 503, body: {} });
    const { data } = await stack.query(
      `{ account(accountId: "${guest.accountId}") { isLicensed } }`,
      {},
      { "cache-control": "no-cache" },
    );
    expect(data.account).toEqual({ isLicensed: false });
  });

  it("fails the roles of a row that names one without saying which, instead of showing the others as all", async () => {
    await using stack = await startOrganization();
    const row = (platformRoles: unknown) => ({
      match: search,
      times: 1,
      status: 200,
      body: { data: [{ accountId: licensed.accountId, platformRoles, productAccess: [{ key: "confluence" }] }] },
    });
    await stack.fail("a", row(["atlassian/user", { resource: here }]));
    expect(await factsOf(stack, licensed.accountId)).toMatchObject({
      account: { roles: null, isLicensed: null },
      errors: [["account.roles", "INCOMPLETE"]],
    });
  });
});

describe("which of several sources counts", () => {
  const row = (facts: Readonly<Record<string, unknown>>) => ({
    match: search,
    times: 1,
    status: 200,
    body: { data: [{ accountId: human(1).accountId, platformRoles: [], productAccess: [], ...facts }] },
  });

  it("keeps an account inactive that Confluence calls inactive, whatever the organization says", async () => {
    await using stack = await startOrganization([{ ...human(1), accountStatus: "inactive" }]);
    await stack.fail("a", row({ status: "active", accountStatus: "active", membershipStatus: "active" }));
    expect((await factsOf(stack, human(1).accountId)).account).toMatchObject({
      status: "INACTIVE",
      statusSource: "CONFLUENCE",
    });
  });

  it.each([
    [{ status: "active", membershipStatus: "suspended" }, "SUSPENDED"],
    [{ membershipStatus: "suspended" }, "SUSPENDED"],
    [{ status: "suspended", membershipStatus: "active" }, "SUSPENDED"],
    [{ status: "active", accountStatus: "closed" }, "CLOSED"],
    [{ status: "active", accountStatus: "inactive" }, "INACTIVE"],
    [{ status: "for_deletion", accountStatus: "active" }, "DEACTIVATED"],
    [{ status: "SUSPENDED", accountStatus: "ACTIVE" }, "SUSPENDED"],
    [{ status: "active", accountStatus: "active", membershipStatus: "Suspended" }, "SUSPENDED"],
  ])("takes whichever field of the organization says not active: %j is %s", async (facts, status) => {
    await using stack = await startOrganization([human(1)]);
    await stack.fail("a", row(facts));
    expect((await factsOf(stack, human(1).accountId)).account).toMatchObject({
      status,
      statusSource: "ORGANIZATION",
    });
  });

  it.each([
    [{ status: "locked", accountStatus: "active" }, "locked"],
    [{ status: "active", accountStatus: "frozen" }, "frozen"],
    [{ status: "active", accountStatus: "active", membershipStatus: "on_hold" }, "on_hold"],
  ])("does not call active of whom a field says what nobody knows: %j", async (facts, word) => {
    await using stack = await startOrganization([human(1)]);
    await stack.fail("a", row(facts));
    expect((await factsOf(stack, human(1).accountId)).account).toMatchObject({
      status: "UNKNOWN",
      statusSource: "NONE",
      statusAsReported: word,
    });
  });

  it("takes last activity on this site alone, not on another that was used later", async () => {
    await using stack = await startOrganization([human(1)]);
    const lastActive = (rows: readonly unknown[]) => ({
      match: "GET /admin/v1/orgs/*/directory/users/*/last-active-dates",
      times: 1,
      status: 200,
      body: { data: { product_access: rows } },
    });
    await stack.fail(
      "a",
      lastActive([
        { id: elsewhere, key: "confluence", last_active: "2026-11-01" },
        { id: here, key: "confluence", last_active: "2026-02-01" },
        { id: "ari:cloud:jira::site/cloud-1", key: "jira", last_active: "2026-10-01" },
      ]),
    );
    expect((await factsOf(stack, human(1).accountId)).account).toMatchObject({
      lastActiveAt: "2026-02-01T00:00:00.000Z",
    });
  });
});

describe("two keys of one organization", () => {
  it("are two connections: the right one does not answer for the wrong one, in either order", async () => {
    await using sandbox = await startOrganization([human(1)]);
    const { url, credentials } = sandbox.sandboxOf("a");
    const logger = createLogger({ level: "error", destination: { write: () => undefined } });
    const organizations = new Organizations({ clock: new ShiftableClock(), random: Math.random, logger });
    const open = (apiKey: string) =>
      organizations.of(
        { orgId: credentials.organization.orgId, apiKey: new Secret(apiKey), scim: null },
        url,
        async () => "cloud-1",
      );
    const [right, wrong] = [open(credentials.organization.apiKey), open("wrong")];
    await right.checkKey();
    await expect(wrong.checkKey()).rejects.toMatchObject({ kind: "CredentialRejected" });
    await right.checkKey();
    await organizations.close();
  });
});

describe("a list of groups", () => {
  it("proves no absence once it is older than a miss is believed: a newer group is found by its id", async () => {
    await using stack = await startOrganization([human(1)]);
    await stack.query("{ groups { nodes { name } } }");
    const created = await fetch(`${stack.sandboxOf("a").url}/wiki/rest/api/group`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-atlassian-token": "no-check",
        authorization: `Basic ${Buffer.from(
          `${stack.sandboxOf("a").credentials.basic.email}:${stack.sandboxOf("a").credentials.basic.apiToken}`,
        ).toString("base64")}`,
      },
      body: JSON.stringify({ name: "newcomers" }),
    });
    const { id } = (await created.json()) as { id: string };
    stack.clock.shift(16_000);
    const { data } = await stack.query(`{ group(groupId: "${id}") { name } }`);
    expect(data.group).toEqual({ name: "newcomers" });
  });
});
