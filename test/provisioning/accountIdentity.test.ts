import { describe, expect, it } from "vitest";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startAccounts } from "../support/startAccounts.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const [admin, ada, bob, eve] = [human(1), human(2), human(3), human(4)];
const adas = ada.email ?? "";

const world = (accounts: readonly unknown[] = []) =>
  cloudWorld({
    accounts: [
      { ...admin, managed: true },
      { ...ada, managed: true, productRoles: ["atlassian/user"] },
      { ...bob, managed: true, productRoles: ["atlassian/user"] },
      ...accounts,
    ],
    groups: [{ id: "g-team", name: "team", members: [admin.accountId] }],
    spaces: [space(1, { permissions: [permission("user", admin.accountId, "administer/space")] })],
  });

const provision = `mutation ($input: ProvisionAccountInput!) {
  provisionAccount(input: $input) {
    outcome plan decidedBy userErrors { code field message } account { accountId } invitation { status }
    changes { outcome }
  }
}`;
type Started = Awaited<ReturnType<typeof startAccounts>>;

async function run(stack: Pick<Started, "query">, input: Readonly<Record<string, unknown>>) {
  const { data, errors } = await stack.query(provision, { input });
  expect(errors).toBeUndefined();
  return data.provisionAccount;
}

const moved = { op: "replace", path: "emails" };
const patch = (email: string) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: [{ ...moved, value: [{ value: email, type: "work", primary: true }] }],
});
const membersOf = (stack: Started) =>
  stack
    .sandboxOf("a")
    .world()
    .cloud?.groups.find(({ id }) => id === "g-team")?.members;

describe("whose account an address is", () => {
  it.each([
    ["without an organization", false],
    ["with one", true],
  ])(
    "is nobody's where two accounts have it, %s: both are named, and nothing is granted",
    async (_how, hasOrganization) => {
      await using stack = await startAccounts(world([{ ...eve, email: adas }]), { hasOrganization, hasScim: false });
      const refused = await run(stack, { email: adas, groups: [stack.idOf("team")] });
      expect(refused).toMatchObject({
        ...{ outcome: "FAILED", account: null, decidedBy: null, changes: [] },
        userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }],
      });
      expect(refused.userErrors[0].message).toContain(ada.accountId);
      expect(refused.userErrors[0].message).toContain(eve.accountId);
      expect(stack.writes()).toEqual([]);
    },
  );

  it.each([
    ["without an organization", false],
    ["with one", true],
  ])("is read anew where it went to somebody else since it was remembered, %s", async (_how, hasOrganization) => {
    await using stack = await startAccounts(world(), { hasOrganization, hasScim: false });
    const before = await stack.query(`{ accounts(filter: { emails: ["${adas}"] }) { nodes { accountId } } }`);
    expect(before.data.accounts.nodes).toEqual([{ accountId: ada.accountId }]);
    expect((await stack.scim("PATCH", adas, patch("elsewhere@example.com"))).status).toBe(200);
    expect((await stack.scim("PATCH", bob.email ?? "", patch(adas))).status).toBe(200);
    const done = await run(stack, { email: adas, groups: [stack.idOf("team")] });
    expect(done).toMatchObject({
      ...{ outcome: "ALREADY_EXISTS", account: { accountId: bob.accountId }, decidedBy: "EMAIL" },
      changes: [{ outcome: "CREATED" }],
    });
    expect(membersOf(stack)).toEqual([admin.accountId, bob.accountId]);
  });

  it("is not the name that it has in the synchronised directory: a stranger whose name it is gets nothing, and stops nobody", async () => {
    await using stack = await startAccounts(world());
    // From now on a stranger's name there is an address that is nobody's.
    expect((await stack.scim("PATCH", adas, patch("now@example.com"))).status).toBe(200);
    const invited = await run(stack, { email: adas, groups: [stack.idOf("team")] });
    expect(invited).toMatchObject({ outcome: "CREATED", account: null, invitation: { status: "INVITED" } });
    expect(invited.plan).toEqual([`invite ${adas} with the role atlassian/user and the groups g-team`]);
    expect(membersOf(stack)).toEqual([admin.accountId]);
    expect(await run(stack, { email: "now@example.com" })).toMatchObject({
      ...{ outcome: "ALREADY_EXISTS", account: { accountId: ada.accountId } },
    });
  });

  it("is not refused to an active person because a stranger of that name is inactive", async () => {
    await using stack = await startAccounts(world());
    await stack.scim("PATCH", adas, patch("elsewhere@example.com"));
    await stack.scim("PATCH", adas, {
      ...patch(""),
      Operations: [{ op: "replace", path: "active", value: false }],
    });
    await stack.scim("PATCH", bob.email ?? "", patch(adas));
    expect(await run(stack, { email: adas })).toMatchObject({
      ...{ outcome: "ALREADY_EXISTS", userErrors: [], account: { accountId: bob.accountId } },
    });
  });

  it.each([true, false])(
    "is asked of the site where the organization hides it (with a directory: %s): nobody who has access gets a mail",
    async (hasScim) => {
      const hidden = { ...eve, hiddenEmail: true, productRoles: ["atlassian/user"] };
      await using stack = await startAccounts(world([hidden]), { hasScim });
      const input = { email: eve.email, groups: [stack.idOf("team")] };
      for (const _again of [1, 2]) {
        expect(await run(stack, input)).toMatchObject({
          ...{ outcome: "ALREADY_EXISTS", account: null, decidedBy: null, changes: [] },
          userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }],
        });
      }
      expect(await run(stack, { ...input, productRole: "atlassian/admin" })).toMatchObject({
        userErrors: [{ code: "STATE_UNKNOWN", field: ["productRole"] }],
      });
      expect(stack.writes()).toEqual([]);
    },
  );

  it("that is hidden is told by the answer to an invitation, and what decided is said", async () => {
    await using stack = await startAccounts(world([{ ...eve, hiddenEmail: true, productRoles: [] }]), {
      hasScim: false,
    });
    const body = { data: [{ email: eve.email, accountId: eve.accountId }] };
    await stack.fail({ match: "POST /admin/**/invite", times: 1, status: 200, body, after: true });
    expect(await run(stack, { email: eve.email })).toMatchObject({
      ...{ outcome: "CREATED", account: { accountId: eve.accountId }, decidedBy: "ACCOUNT_ID" },
    });
  });
});

describe("the product role of who has access already", () => {
  it.each([
    ["atlassian/admin", ["atlassian/user"], "CREATED", ["atlassian/user", "atlassian/admin"]],
    ["atlassian/user", ["atlassian/guest"], "CREATED", ["atlassian/guest", "atlassian/user"]],
    ["atlassian/user", ["atlassian/admin"], "ALREADY_EXISTS", ["atlassian/admin"]],
    ["atlassian/guest", ["atlassian/user"], "ALREADY_EXISTS", ["atlassian/user"]],
    ["atlassian/user", ["atlassian/user"], "ALREADY_EXISTS", ["atlassian/user"]],
  ])("%s for who has %s is %s", async (productRole, held, outcome, roles) => {
    const isExternalCollaborator = held.includes("atlassian/guest");
    const person = { ...eve, isExternalCollaborator, productRoles: held };
    await using stack = await startAccounts(world([person]), { hasScim: false });
    const acknowledgeAdministration = productRole === "atlassian/admin";
    const input = { email: eve.email, productRole, acknowledgeAdministration };
    const planned = await run(stack, { ...input, dryRun: true });
    expect(stack.writes()).toEqual([]);
    const done = await run(stack, input);
    expect(done).toMatchObject({ outcome, userErrors: [], account: { accountId: eve.accountId } });
    expect(planned).toMatchObject({ outcome: outcome === "CREATED" ? "PLANNED" : outcome, plan: done.plan });
    expect(stack.accountNamed(eve.accountId)?.productRoles).toEqual(roles);
    expect(await run(stack, input)).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [] });
    expect(stack.writes()).toHaveLength(outcome === "CREATED" ? 1 : 0);
  });

  it("is not known where the organization does not tell all roles, and one on another site is none here", async () => {
    const elsewhere = [{ role: "atlassian/admin", resource: "ari:cloud:confluence::site/another" }];
    const sibling = { ...eve, productRoles: ["atlassian/user"], rolesElsewhere: elsewhere };
    const untold = { ...human(5), productRoles: ["atlassian/user"], untold: ["platformRoles"] };
    await using stack = await startAccounts(world([sibling, untold]), { hasScim: false });
    expect(await run(stack, { email: untold.email, productRole: "atlassian/admin" })).toMatchObject({
      userErrors: [{ code: "STATE_UNKNOWN", field: ["productRole"] }],
    });
    expect(await run(stack, { email: untold.email })).toMatchObject({ outcome: "ALREADY_EXISTS" });
    expect(stack.writes()).toEqual([]);
    const asAdministrator = { email: eve.email, productRole: "atlassian/admin", acknowledgeAdministration: true };
    expect(await run(stack, asAdministrator)).toMatchObject({ outcome: "CREATED" });
  });

  it("cannot be given or compared without an organization, nor on Data Center", async () => {
    await using stack = await startAccounts(world(), { hasOrganization: false });
    expect(await run(stack, { email: adas, productRole: "atlassian/admin" })).toMatchObject({
      ...{ outcome: "FAILED", userErrors: [{ code: "UNSUPPORTED", field: ["productRole"] }] },
    });
    expect(stack.writes()).toEqual([]);
    await using other = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
    const input = { email: "ben@example.com", username: "ben", productRole: "atlassian/admin" };
    expect(await run(other, input)).toMatchObject({ userErrors: [{ code: "UNSUPPORTED", field: ["productRole"] }] });
  });
});

describe("an account of a Data Center site", () => {
  it.each([
    ["8.3.0", "USERNAME"],
    ["10.2.0", "EMAIL"],
  ])("on %s is decided by %s where the profile tells no address, and says so", async (version, decidedBy) => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    await stack.fail({ match: "GET /rest/mobile/1.0/profile/*", times: -1, status: 404 });
    expect(await run(stack, { email: "ben@example.com", username: "ben" })).toMatchObject({
      ...{ outcome: "ALREADY_EXISTS", decidedBy, account: { accountId: dcUsers.ben } },
    });
  });
});

describe("an invitation that was answered by a failure", () => {
  it.each([500, 502, 503])("of %i may have gone out: nothing is claimed, and what to do is said", async (status) => {
    for (const hasOrganization of [true, false]) {
      await using stack = await startAccounts(world(), { hasOrganization, hasScim: false });
      for (const after of [true, false]) {
        await stack.fail({ match: "POST /**/invite*", times: 1, status, ...(after ? { after } : {}) });
        const told = await run(stack, { email: `grace-${after}@example.com` });
        expect(told).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
        expect(told.userErrors[0].message).toMatch(/[Rr]epeat the call/);
      }
      expect(stack.writes()).toHaveLength(2);
      await stack.fail({ match: "POST /**/invite*", times: 1, status: 403, body: { errors: [] } });
      expect(await run(stack, { email: "grace@example.com" })).toMatchObject({
        userErrors: [{ code: "UPSTREAM_REFUSED" }],
      });
    }
  });

  it("is told by the site once it was carried out, and not sent again", async () => {
    await using stack = await startAccounts(world(), { hasOrganization: false });
    await stack.fail({ match: "POST /**/invite*", times: 1, status: 503, after: true });
    await run(stack, { email: "grace@example.com" });
    stack.clock.shift(10_000);
    expect(await run(stack, { email: "grace@example.com" })).toMatchObject({ outcome: "ALREADY_EXISTS" });
    expect(stack.writes()).toHaveLength(1);
  });
});
