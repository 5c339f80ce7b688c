import { describe, expect, it } from "vitest";
import { startAccounts } from "../support/startAccounts.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const resource = "ari:cloud:confluence::site/11111111-2222-3333-4444-555555555555";
const [admin, ada, bob, eve] = [human(1), human(2), human(3), human(4)];

const world = cloudWorld({
  accounts: [
    admin,
    { ...ada, productRoles: ["atlassian/user"] },
    { ...bob, managed: true, givenName: "Bob", productRoles: ["atlassian/user"] },
    { ...eve, orgStatus: "suspended", productRoles: ["atlassian/user"] },
  ],
  groups: [{ id: "g", name: "team", members: [admin, ada, bob].map(({ accountId }) => accountId) }],
  spaces: [space(1, { permissions: [permission("user", ada.accountId), permission("user", eve.accountId)] })],
});

const change = (name: string) => `mutation ($id: ID!, $yes: Boolean! = true, $dry: Boolean! = false) {
  change: ${name}(input: { account: $id, acknowledgeOrganizationWide: $yes, dryRun: $dry, reason: "left" }) {
    outcome plan affectedResources userErrors { code field message } account { accountId status statusSource isLicensed groups { totalCount } }
  }
}`;
const suspendPath = `POST /admin/v2/orgs/${"{org}"}/directories/-/users/${ada.accountId}/suspend`;
const withoutOrg = (calls: readonly string[]) => calls.map((call) => call.replace(/orgs\/[^/]+/, "orgs/{org}"));

describe("suspending, restoring and removing an account", () => {
  it("needs the acknowledgement that every product is reached, and shows in a dry run which and what it would do", async () => {
    await using stack = await startAccounts(world);
    const id = stack.idOf(ada.accountId);
    const refused = await stack.query(change("suspendAccount"), { id, yes: false });
    expect(refused.data.change).toMatchObject({
      outcome: "FAILED",
      affectedResources: [resource],
      userErrors: [{ code: "ACKNOWLEDGEMENT_REQUIRED", field: ["acknowledgeOrganizationWide"] }],
      account: { status: "ACTIVE" },
    });
    const planned = await stack.query(change("suspendAccount"), { id, yes: false, dry: true });
    expect(planned.data.change).toMatchObject({ outcome: "PLANNED", affectedResources: [resource], userErrors: [] });
    expect(stack.writes()).toEqual([]);
    const done = await stack.query(change("suspendAccount"), { id });
    expect(done.data.change.plan).toEqual(planned.data.change.plan);
    expect(withoutOrg(stack.writes())).toEqual([suspendPath]);
  });

  it("writes nothing about a person whom the synchronised directory counts and does not show", async () => {
    await using stack = await startAccounts(world);
    await stack.fail({
      match: "GET /scim/directory/*/Users?filter=*",
      times: -1,
      status: 200,
      body: { totalResults: 1, Resources: [] },
    });
    const { data } = await stack.query(change("suspendAccount"), { id: stack.idOf(bob.accountId) });
    expect(data.change).toMatchObject({ outcome: "FAILED", account: { status: "ACTIVE" } });
    expect(stack.writes()).toEqual([]);
  });

  it("keeps who was suspended in the lists of members, which Cloud leaves them out of from then on", async () => {
    await using stack = await startAccounts(world);
    const members = '{ group(name: "team") { members { nodes { accountId } completeness { isComplete } } } }';
    const before = await stack.query(members);
    const { data } = await stack.query(change("suspendAccount"), { id: stack.idOf(ada.accountId) });
    expect(data.change).toMatchObject({ outcome: "REPLACED" });
    expect((await stack.query(members)).data).toEqual(before.data);
    expect((await stack.query(members, {}, { "cache-control": "no-cache" })).data).toEqual(before.data);
  });

  it("suspends once, shows it at once in this request and the next, restores, and writes nothing when asked twice", async () => {
    await using stack = await startAccounts(world);
    const id = stack.idOf(ada.accountId);
    const first = await stack.query(change("suspendAccount"), { id }, { "x-requested-by": "gateway" });
    expect(first.errors).toBeUndefined();
    expect(first.data.change).toMatchObject({
      outcome: "REPLACED",
      plan: [`suspend account ${ada.accountId}`],
      userErrors: [],
      account: { status: "SUSPENDED", statusSource: "ORGANIZATION", isLicensed: false },
    });
    await stack.forgetCalls("a");
    const next = await stack.query("query ($id: ID!) { node: account(id: $id) { status } }", { id });
    expect(next.data.node).toEqual({ status: "SUSPENDED" });
    expect(stack.sandboxOf("a").journal()).toEqual([]);
    const again = await stack.query(change("suspendAccount"), { id });
    expect(again.data.change).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [], userErrors: [] });
    expect(stack.writes()).toEqual([]);

    const back = await stack.query(change("restoreAccount"), { id });
    expect(back.data.change).toMatchObject({
      outcome: "REPLACED",
      affectedResources: [resource],
      account: { status: "ACTIVE", isLicensed: true },
    });
    expect((await stack.query(change("restoreAccount"), { id })).data.change.outcome).toBe("ALREADY_EXISTS");
    expect(stack.writes()).toHaveLength(1);
    const audit = await stack.audit();
    expect(audit.map(({ phase, action, outcome }) => [phase, action, outcome])).toEqual([
      ["attempt", "suspendAccount", null],
      ["result", "suspendAccount", "REPLACED"],
      ["result", "suspendAccount", "ALREADY_EXISTS"],
      ["attempt", "restoreAccount", null],
      ["result", "restoreAccount", "REPLACED"],
      ["result", "restoreAccount", "ALREADY_EXISTS"],
    ]);
    expect(audit[1]).toMatchObject({
      subject: { accountId: ada.accountId },
      before: ["status active", "role atlassian/user", `product ${resource}`],
      after: ["status suspended", "role atlassian/user"],
      requestedBy: "gateway",
      reason: "left",
      callerRequestId: null,
    });
  });

  it("goes through SCIM for an account that the synchronised directory holds, both ways", async () => {
    await using stack = await startAccounts(world);
    const id = stack.idOf(bob.accountId);
    const off = await stack.query(change("suspendAccount"), { id });
    expect(off.data.change).toMatchObject({
      outcome: "REPLACED",
      plan: [
        `deactivate account ${bob.accountId} in the synchronised directory`,
        `where the organization goes on having it active: suspend account ${bob.accountId}`,
      ],
    });
    expect(off.data.change.account.status).toMatch(/INACTIVE|DEACTIVATED/);
    expect((await stack.query(change("suspendAccount"), { id })).data.change.outcome).toBe("ALREADY_EXISTS");
    const on = await stack.query(change("restoreAccount"), { id });
    expect(on.data.change).toMatchObject({ outcome: "REPLACED", account: { status: "ACTIVE" } });
    expect(stack.writes().map((call) => call.split("/")[0])).toEqual(["PATCH ", "PATCH "]);
  });

  it.each([
    ["by the admin API", ada, 1],
    ["and from the synchronised directory, which would bring it back", bob, 2],
  ])("removes an account with its memberships, %s", async (_how, person, writes) => {
    await using stack = await startAccounts(world);
    const id = stack.idOf(person.accountId);
    const members = `{ groups { nodes { members { totalCount } } } }`;
    expect((await stack.query(members)).data.groups.nodes[0].members.totalCount).toBe(3);
    const gone = await stack.query(change("removeAccount"), { id });
    expect(gone.data.change).toMatchObject({ outcome: "REMOVED", affectedResources: [resource], userErrors: [] });
    expect(gone.data.change.account.groups.totalCount).toBe(0);
    expect(stack.writes()).toHaveLength(writes);
    expect((await stack.query(members)).data.groups.nodes[0].members.totalCount).toBe(2);
    const again = await stack.query(change("removeAccount"), { id });
    expect(again.data.change).toMatchObject({ outcome: "NOT_PRESENT", plan: [], userErrors: [] });
    expect(stack.writes()).toHaveLength(writes);
  });

  it("settles a lost answer by reading, and says so when it was not carried out; it never sends again", async () => {
    await using stack = await startAccounts(world);
    const id = stack.idOf(ada.accountId);
    await stack.fail({ match: "POST /admin/**/suspend", times: 1, reset: true, after: true });
    expect((await stack.query(change("suspendAccount"), { id })).data.change).toMatchObject({
      outcome: "REPLACED",
      userErrors: [],
    });
    expect(stack.writes()).toHaveLength(1);
    await stack.fail({ match: "POST /admin/**/restore", times: 1, reset: true });
    expect((await stack.query(change("restoreAccount"), { id })).data.change).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "ANSWER_LOST" }],
    });
    expect(stack.writes()).toHaveLength(2);
    expect((await stack.query(change("restoreAccount"), { id })).data.change.outcome).toBe("REPLACED");
  });

  it("takes a 409 for so already only when reading shows it", async () => {
    await using stack = await startAccounts(world);
    const seen = {
      status: 200,
      body: {
        data: [{ accountId: eve.accountId, status: "active", accountStatus: "active", membershipStatus: "active" }],
      },
    };
    await stack.fail({ match: "POST /admin/**/users/search", times: 1, ...seen });
    const raced = await stack.query(change("suspendAccount"), { id: stack.idOf(eve.accountId) });
    expect(raced.data.change).toMatchObject({ outcome: "ALREADY_EXISTS", userErrors: [] });
    await stack.fail({ match: "POST /admin/**/suspend", times: 1, status: 409, body: { errors: [] } });
    const refused = await stack.query(change("suspendAccount"), { id: stack.idOf(ada.accountId) });
    expect(refused.data.change).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "UPSTREAM_REFUSED" }] });
  });

  it("changes nothing that it cannot read first, that no organization holds, or that is switched off", async () => {
    await using stack = await startAccounts(world);
    await stack.fail({ match: "POST /admin/**/users/search", times: -1, status: 403, body: { errors: [] } });
    const unread = await stack.query(change("suspendAccount"), { id: stack.idOf(ada.accountId) });
    expect(unread.data.change).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
    const bad = await stack.query(change("suspendAccount"), { id: stack.idOf("team") });
    expect(bad.data.change.userErrors).toMatchObject([{ code: "INVALID_INPUT", field: ["account"] }]);
    expect(stack.writes()).toEqual([]);

    await using alone = await startAccounts(world, { hasOrganization: false });
    const unsupported = await alone.query(change("removeAccount"), { id: alone.idOf(ada.accountId) });
    expect(unsupported.data.change.userErrors[0].code).toBe("UNSUPPORTED");
    expect(unsupported.data.change.userErrors[0].message).toContain("ATLASSIAN_ORG_API_KEY");

    await using off = await startAccounts(world, { isOn: false });
    const disabled = await off.query(change("restoreAccount"), { id: off.idOf(ada.accountId) });
    expect(disabled.data.change.userErrors[0].code).toBe("PROVISIONING_DISABLED");
    expect([...alone.writes(), ...off.writes()]).toEqual([]);
  });
});
