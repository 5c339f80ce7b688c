import { describe, expect, it } from "vitest";
import { startAccounts } from "../support/startAccounts.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const [admin, ada, bob] = [human(1), human(2), human(3)];
const adas = ada.email ?? "";

const world = cloudWorld({
  accounts: [
    { ...admin, managed: true },
    { ...ada, managed: true, productRoles: ["atlassian/user"] },
    { ...bob, managed: true, productRoles: ["atlassian/user"] },
  ],
  groups: [{ id: "g-team", name: "team", members: [admin.accountId, ada.accountId] }],
  spaces: [space(1, { permissions: [permission("user", admin.accountId, "administer/space")] })],
});

type Started = Awaited<ReturnType<typeof startAccounts>>;

async function change(stack: Started, name: string, accountId: string, dryRun = false) {
  const { data, errors } = await stack.query(
    `mutation ($id: ID!, $dryRun: Boolean!) {
      change: ${name}(input: { account: $id, acknowledgeOrganizationWide: true, dryRun: $dryRun }) {
        outcome plan userErrors { code message } account { status displayName }
      }
    }`,
    { id: stack.idOf(accountId), dryRun },
  );
  expect(errors).toBeUndefined();
  return data.change;
}

async function provision(stack: Started, input: Readonly<Record<string, unknown>>) {
  const { data, errors } = await stack.query(
    `mutation ($input: ProvisionAccountInput!) {
      it: provisionAccount(input: $input) {
        outcome plan userErrors { code field message } account { accountId status } invitation { status }
      }
    }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.it;
}

const patch = (path: string, value: unknown) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: [{ op: "replace", path, value }],
});
const organizationSays = (accountId: string, status: string) => ({
  status: 200,
  body: {
    data: [
      { accountId, email: adas, status, accountStatus: status, membershipStatus: "active", claimStatus: "managed" },
    ],
  },
});

describe("a synchronised directory and an organization that differ", () => {
  it("suspends in the organization whom the directory has inactive and the organization active", async () => {
    await using stack = await startAccounts(world);
    await stack.scim("PATCH", adas, patch("active", false));
    const search = "POST /admin/**/users/search";
    await stack.fail({ match: search, times: 1, ...organizationSays(ada.accountId, "active") });
    const planned = await change(stack, "suspendAccount", ada.accountId, true);
    expect(planned).toMatchObject({ outcome: "PLANNED", plan: [`suspend account ${ada.accountId}`] });
    expect(stack.writes().filter((call) => !call.startsWith("PATCH"))).toEqual([]);
  });

  it("suspends there as well whom it deactivated in the directory alone", async () => {
    await using stack = await startAccounts(world);
    const search = "POST /admin/**/users/search";
    await stack.fail({ match: "PATCH /scim/**", times: 1, status: 200, body: {} });
    await stack.fail({ match: search, times: 2, ...organizationSays(ada.accountId, "active") });
    const found = {
      status: 200,
      body: {
        totalResults: 1,
        Resources: [
          {
            ...{ id: "s-1", userName: adas, emails: [{ value: adas, primary: true }] },
            "urn:scim:schemas:extension:atlassian-external:1.0": { atlassianAccountId: ada.accountId },
          },
        ],
      },
    };
    const as = (active: boolean) => ({
      ...found,
      body: { ...found.body, Resources: found.body.Resources.map((each) => ({ ...each, active })) },
    });
    await stack.fail({ match: "GET /scim/**", times: 1, ...as(true) });
    await stack.fail({ match: "GET /scim/**", times: -1, ...as(false) });
    expect(await change(stack, "suspendAccount", ada.accountId)).toMatchObject({
      ...{ outcome: "REPLACED", userErrors: [], account: { status: "SUSPENDED" } },
      plan: [
        `deactivate account ${ada.accountId} in the synchronised directory`,
        `where the organization goes on having it active: suspend account ${ada.accountId}`,
      ],
    });
    expect(stack.writes().map((call) => call.split(" ")[0])).toEqual(["PATCH", "POST"]);
  });

  it("removes whom the directory goes on showing as inactive, and takes them in again", async () => {
    await using stack = await startAccounts(world, { scimShowsDeleted: true });
    expect(await change(stack, "removeAccount", ada.accountId)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    expect(stack.accountNamed(ada.accountId)).toMatchObject({ orgStatus: "not_invited" });
    expect(await change(stack, "removeAccount", ada.accountId)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toHaveLength(2);

    expect((await change(stack, "restoreAccount", ada.accountId)).userErrors).toMatchObject([
      { code: "ACCOUNT_NOT_FOUND" },
    ]);
    const again = await provision(stack, { email: adas });
    expect(again).toMatchObject({
      ...{ outcome: "CREATED", userErrors: [], account: { accountId: ada.accountId, status: "ACTIVE" } },
      plan: [`reactivate ${adas} in the synchronised directory`, `give ${adas} the role atlassian/user on the site`],
    });
  });

  it("removes in the organization alone whom the identity provider deactivated", async () => {
    await using stack = await startAccounts(world);
    await stack.scim("PATCH", adas, patch("active", false));
    await stack.forgetCalls("a");
    expect(await change(stack, "removeAccount", ada.accountId)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    expect(stack.writes().map((call) => call.split(" ")[0])).toEqual(["DELETE"]);
    expect(stack.writes()[0]).toContain("/admin/");
  });
});

describe("whom the directory deleted and shows no more", () => {
  it("is restored by creating them there again, as provisioning says", async () => {
    await using stack = await startAccounts(world);
    expect((await stack.scim("DELETE", adas)).status).toBe(204);
    await stack.forgetCalls("a");
    const refused = await provision(stack, { email: adas });
    expect(refused).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "ACKNOWLEDGEMENT_REQUIRED" }] });
    expect(refused.userErrors[0].message).toContain("restoreAccount");
    const planned = await change(stack, "restoreAccount", ada.accountId, true);
    expect(stack.writes()).toEqual([]);
    const back = await change(stack, "restoreAccount", ada.accountId);
    expect(back).toMatchObject({
      ...{ outcome: "REPLACED", userErrors: [], plan: planned.plan },
      account: { status: "ACTIVE", displayName: ada.displayName },
    });
    expect(stack.writes().map((call) => call.split(" ")[0])).toEqual(["POST"]);
    expect(await provision(stack, { email: adas })).toMatchObject({ outcome: "ALREADY_EXISTS" });
  });

  it("is not sent to a mutation that cannot restore them where there is no directory", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    await stack.scim("DELETE", adas);
    const refused = await provision(stack, { email: adas });
    expect(refused).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "UNSUPPORTED" }] });
    expect(refused.userErrors[0].message).not.toContain("restoreAccount");
    expect((await change(stack, "restoreAccount", ada.accountId)).userErrors).toMatchObject([{ code: "UNSUPPORTED" }]);
  });
});

describe("what is remembered of the directory", () => {
  it("decides no write: who came in since, under another name, is found", async () => {
    await using stack = await startAccounts(world);
    await stack.query("{ accounts { nodes { givenName } } }");
    const list = stack.countCalls("a", "GET", /\/scim\/.*Users$/);
    await stack.scim("PATCH", adas, patch("userName", "ada-the-first"));
    expect(await change(stack, "suspendAccount", ada.accountId)).toMatchObject({
      outcome: "REPLACED",
      plan: [
        `deactivate account ${ada.accountId} in the synchronised directory`,
        `where the organization goes on having it active: suspend account ${ada.accountId}`,
      ],
    });
    expect(stack.countCalls("a", "GET", /\/scim\/.*Users$/)).toBeGreaterThan(list);
  });
});

describe("an address outside the domains of the directory", () => {
  it("is invited instead, as the plan says, once", async () => {
    await using stack = await startAccounts(world);
    const input = { email: "grace@partner.example", givenName: "Grace", groups: [stack.idOf("team")] };
    const planned = await provision(stack, { ...input, dryRun: true });
    expect(stack.writes()).toEqual([]);
    const done = await provision(stack, input);
    expect(done).toMatchObject({ outcome: "CREATED", account: null, invitation: { status: "INVITED" } });
    expect(done.plan).toEqual(planned.plan);
    expect(done.plan.at(-1)).toContain(`invite ${input.email} with the role atlassian/user and the groups g-team`);
    expect(stack.writes().map((call) => call.split("/")[1])).toEqual(["scim", "admin"]);
    expect(await provision(stack, input)).toMatchObject({
      outcome: "ALREADY_EXISTS",
      invitation: { status: "PENDING" },
    });
    expect(stack.writes()).toHaveLength(2);
    await stack.accept(input.email);
    expect(await provision(stack, input)).toMatchObject({ outcome: "ALREADY_EXISTS", invitation: null });
  });

  it("carries no group along that was handed to an identity provider since it was remembered", async () => {
    await using stack = await startAccounts(world);
    await stack.query(`query ($id: ID!) { group(id: $id) { managedBy } }`, { id: stack.idOf("team") });
    const body = { type: "group", name: "team", id: "g-team", managedBy: "EXTERNAL" };
    await stack.fail({ match: "GET /wiki/rest/api/group/by-id", times: -1, status: 200, body });
    const invited = await provision(stack, { email: "grace@partner.example", groups: [stack.idOf("team")] });
    expect(invited).toMatchObject({ outcome: "CREATED", invitation: { status: "INVITED" } });
    expect(invited.plan.at(-1)).not.toContain("g-team");
  });

  it("is not, where the directory refuses something else", async () => {
    await using stack = await startAccounts(world);
    await stack.fail({ match: "POST /scim/**", times: 1, status: 400, body: { detail: "displayName is too long" } });
    expect(await provision(stack, { email: "grace@example.com" })).toMatchObject({
      ...{ outcome: "FAILED", userErrors: [{ code: "UPSTREAM_REFUSED" }] },
    });
    expect(stack.writes()).toHaveLength(1);
  });
});
