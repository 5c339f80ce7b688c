import { describe, expect, it } from "vitest";
import { startAccounts } from "../support/startAccounts.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const [admin, ada, bob, eve] = [human(1), human(2), human(3), human(4)];

const world = cloudWorld({
  accounts: [
    { ...admin, managed: true },
    { ...ada, productRoles: ["atlassian/user"] },
    { ...bob, productRoles: [] },
    { ...eve, orgStatus: "suspended", productRoles: ["atlassian/user"] },
  ],
  groups: [
    { id: "g-team", name: "team", members: [admin.accountId] },
    {
      id: "g-scim",
      name: "synchronised",
      managedBy: "EXTERNAL",
      members: [ada.accountId, bob.accountId, eve.accountId],
    },
  ],
  spaces: [
    space(1, {
      permissions: [permission("user", admin.accountId), permission("user", admin.accountId, "administer/space")],
    }),
  ],
});

const provision = `mutation ($input: ProvisionAccountInput!) {
  provisionAccount(input: $input) {
    outcome plan userErrors { code field message }
    account { accountId displayName email status isLicensed groups { totalCount } }
    invitation { email status groups { name } }
    changes { outcome plan userErrors { code field } resource { ... on Group { name } ... on Space { key } } }
  }
}`;
const email = "grace@example.com";
const names = { givenName: "Grace", familyName: "Hopper" };
type Started = Awaited<ReturnType<typeof startAccounts>>;

function everything(stack: Started) {
  return {
    groups: [stack.idOf("team"), stack.idOf("synchronised")],
    access: [{ space: stack.idOf("S1"), permissions: [{ operation: "create", target: "page" }] }],
  };
}

async function run(stack: Started, input: Readonly<Record<string, unknown>>) {
  const { data, errors } = await stack.query(provision, { input: { reason: "joins", ...input } });
  expect(errors).toBeUndefined();
  return data.provisionAccount;
}

describe("provisioning an account where the site has a synchronised directory", () => {
  it("writes nothing where the organization does not tell which products the person has", async () => {
    const untold = { ...human(5), managed: true, untold: ["productAccess"] };
    await using stack = await startAccounts(
      cloudWorld({ ...world.cloud, accounts: [{ ...admin, managed: true }, untold] }),
    );
    expect(await run(stack, { email: untold.email, ...names })).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }],
    });
    expect(stack.writes()).toEqual([]);
  });

  it("plans the same in a dry run, creates with both names, gives the role, grants, and writes nothing the second time", async () => {
    await using stack = await startAccounts(world);
    const input = { email, ...names, ...everything(stack) };
    const planned = await run(stack, { ...input, dryRun: true });
    expect(planned).toMatchObject({ outcome: "PLANNED", account: null, userErrors: [] });
    expect(stack.writes()).toEqual([]);

    const first = await run(stack, input);
    expect(first).toMatchObject({
      outcome: "CREATED",
      userErrors: [],
      invitation: null,
      account: { displayName: "Grace Hopper", email, status: "ACTIVE", isLicensed: true, groups: { totalCount: 1 } },
      changes: [
        { outcome: "CREATED", plan: ["add the member"], resource: { name: "team" } },
        { outcome: "FAILED", userErrors: [{ code: "GROUP_MANAGED_EXTERNALLY", field: ["groups", "1"] }] },
        { outcome: "CREATED", plan: ["grant read/space", "grant create/page"], resource: { key: "S1" } },
      ],
    });
    expect(first.plan).toEqual([
      `create ${email} in the synchronised directory`,
      `give ${email} the role atlassian/user on the site`,
      `where the directory refuses the domain of the address instead: invite ${email} with the role atlassian/user and the groups g-team`,
    ]);
    expect(planned.plan).toEqual(first.plan);
    expect(planned.changes.map((each: { plan: string[] }) => each.plan)).toEqual(
      first.changes.map((each: { plan: string[] }) => each.plan),
    );
    expect(stack.writes()).toHaveLength(5);
    const people = await stack.query("{ accounts { nodes { email givenName familyName } } }");
    expect(people.data.accounts.nodes).toContainEqual({ email, ...names });

    await stack.forgetCalls("a");
    const second = await run(stack, input);
    expect(second).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [], userErrors: [], account: { email } });
    expect(second.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "ALREADY_EXISTS",
      "FAILED",
      "ALREADY_EXISTS",
    ]);
    expect(stack.writes()).toEqual([]);
    const audit = await stack.audit();
    expect(
      audit.filter(({ action }) => action === "provisionAccount").map(({ phase, outcome }) => [phase, outcome]),
    ).toEqual([
      ["attempt", null],
      ["result", "CREATED"],
      ["result", "ALREADY_EXISTS"],
    ]);
    expect(audit[0]).toMatchObject({ subject: { email }, reason: "joins", callerRequestId: null, before: [] });
    expect(audit.some(({ action, outcome }) => action === "grantMembership" && outcome === "CREATED")).toBe(true);
  });

  it("settles a creation whose answer was lost by reading, and does not create again", async () => {
    await using stack = await startAccounts(world);
    await stack.fail({ match: "POST /scim/**", times: 1, reset: true, after: true });
    expect(await run(stack, { email, ...names })).toMatchObject({ outcome: "CREATED", userErrors: [] });
    expect(stack.writes().filter((call) => call.startsWith("POST /scim"))).toHaveLength(1);
    await stack.fail({ match: "POST /scim/**", times: 1, reset: true });
    const lost = await run(stack, { email: "lost@example.com" });
    expect(lost).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "ANSWER_LOST" }], changes: [] });
    expect(stack.writes().filter((call) => call.startsWith("POST /scim"))).toHaveLength(2);
  });

  it("creates once however many ask at the same time", async () => {
    await using stack = await startAccounts(world);
    const answers = await Promise.all(Array.from({ length: 6 }, () => run(stack, { email, ...names })));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual([...Array(5).fill("ALREADY_EXISTS"), "CREATED"]);
    expect(stack.writes()).toHaveLength(2);
  });

  it("takes back in whom it removed", async () => {
    await using stack = await startAccounts(world);
    await run(stack, { email, ...names });
    const { data } = await stack.query("{ accounts { nodes { id email } } }");
    const { id } = data.accounts.nodes.find((each: { email: string }) => each.email === email);
    const removal = `mutation ($id: ID!) { removeAccount(input: { account: $id, acknowledgeOrganizationWide: true }) { outcome } }`;
    expect((await stack.query(removal, { id })).data.removeAccount.outcome).toBe("REMOVED");
    expect(await run(stack, { email, ...names })).toMatchObject({
      outcome: "CREATED",
      account: { status: "ACTIVE", isLicensed: true },
    });
  });
});

describe("provisioning an account through the organization's invitation", () => {
  it("sends another one for groups that the first did not carry", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    expect(await run(stack, { email })).toMatchObject({ outcome: "CREATED", invitation: { groups: [] } });
    const more = await run(stack, { email, groups: [stack.idOf("team")] });
    expect(more).toMatchObject({ outcome: "CREATED", invitation: { groups: [{ name: "team" }] } });
    expect(stack.writes().filter((call) => call.includes("/invite"))).toHaveLength(2);
  });

  it("sends what groups it can along, says what has to wait, sends nothing twice, and completes when the person came", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    const input = { email, ...everything(stack), sendNotification: false };
    const planned = await run(stack, { ...input, dryRun: true });
    expect(stack.writes()).toEqual([]);
    const first = await run(stack, input);
    expect(first).toMatchObject({
      outcome: "CREATED",
      account: null,
      invitation: { email, status: "INVITED", groups: [{ name: "team" }] },
      userErrors: [{ code: "ACCOUNT_PENDING", field: ["email"] }],
      changes: [
        { outcome: "FAILED", userErrors: [{ code: "GROUP_MANAGED_EXTERNALLY", field: ["groups", "1"] }] },
        { outcome: "FAILED", userErrors: [{ code: "ACCOUNT_PENDING", field: ["access", "0"] }] },
      ],
    });
    expect(planned).toMatchObject({ outcome: "PLANNED", plan: first.plan, changes: first.changes });
    expect(stack.writes()).toHaveLength(1);

    const pending = await run(stack, input);
    expect(pending).toMatchObject({ outcome: "ALREADY_EXISTS", invitation: { status: "PENDING" }, account: null });
    expect(stack.writes()).toHaveLength(1);

    await stack.accept(email);
    const completed = await run(stack, input);
    expect(completed).toMatchObject({
      outcome: "ALREADY_EXISTS",
      invitation: null,
      account: { email, groups: { totalCount: 1 } },
      changes: [
        { outcome: "ALREADY_EXISTS", resource: { name: "team" } },
        { outcome: "FAILED", userErrors: [{ code: "GROUP_MANAGED_EXTERNALLY" }] },
        { outcome: "CREATED", resource: { key: "S1" } },
      ],
    });
    expect(stack.writes().filter((call) => call.includes("/invite"))).toHaveLength(1);
  });

  it("gives the role to an account that the organization has already, and refuses one that is suspended", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    expect(await run(stack, { email: bob.email })).toMatchObject({
      outcome: "CREATED",
      account: { accountId: bob.accountId, isLicensed: true },
    });
    expect(await run(stack, { email: bob.email?.toUpperCase() })).toMatchObject({ outcome: "ALREADY_EXISTS" });
    expect(stack.writes()).toHaveLength(1);
    expect(await run(stack, { email: eve.email })).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "ACKNOWLEDGEMENT_REQUIRED", field: ["email"] }],
      changes: [],
    });
    expect(stack.writes()).toHaveLength(1);
  });

  it("claims nothing about an invitation whose answer was lost, and does not send it again", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    await stack.fail({ match: "POST /admin/**/invite", times: 1, reset: true, after: true });
    expect(await run(stack, { email })).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
    expect(stack.writes()).toHaveLength(1);
  });
});

describe("provisioning an account without an organization", () => {
  it("invites by Confluence, which is done later, and completes when repeated", async () => {
    await using stack = await startAccounts(world, { hasOrganization: false });
    const input = { email, ...everything(stack) };
    const first = await run(stack, input);
    expect(first).toMatchObject({
      outcome: "CREATED",
      plan: [`invite ${email} to the site`],
      account: null,
      invitation: { status: "INVITED", groups: [] },
      userErrors: [{ code: "ACCOUNT_PENDING" }],
    });
    expect(first.changes.map(({ userErrors }: { userErrors: { code: string }[] }) => userErrors[0]?.code)).toEqual([
      "ACCOUNT_PENDING",
      "GROUP_MANAGED_EXTERNALLY",
      "ACCOUNT_PENDING",
    ]);
    expect((await run(stack, input)).invitation).toMatchObject({ status: "PENDING" });
    expect(stack.writes()).toEqual(["POST /wiki/api/v2/user/access/invite-by-email"]);
    stack.clock.shift(10_000);
    const completed = await run(stack, input);
    expect(completed).toMatchObject({ outcome: "ALREADY_EXISTS", invitation: null, account: { email } });
    expect(completed.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "CREATED",
      "FAILED",
      "CREATED",
    ]);
    expect(stack.countCalls("a", "POST", /invite-by-email/)).toBe(1);
  });

  it("cannot prove absence where addresses are hidden and the site does not say who has access", async () => {
    await using stack = await startAccounts(world, { hasOrganization: false, hiddenEmails: [bob.accountId] });
    await stack.fail({ match: "POST /wiki/api/v2/user/access/check-access-by-email", times: -1, status: 503 });
    const unknown = await run(stack, { email });
    expect(unknown).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }] });
    expect(unknown.userErrors[0].message).toContain("hide their e-mail");
    // Having an account is not having access: the account is named, so that it can be granted something by its id.
    const untold = await run(stack, { email: ada.email });
    expect(untold).toMatchObject({
      outcome: "FAILED",
      account: { accountId: ada.accountId },
      userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }],
    });
    expect(untold.userErrors[0].message).toContain(ada.accountId);
    expect(stack.writes()).toEqual([]);
  });

  it("takes an answer that leaves out who has no access for none: nobody is said to have it", async () => {
    await using stack = await startAccounts(world, { hasOrganization: false, hiddenEmails: [bob.accountId] });
    await stack.fail({
      match: "POST /wiki/api/v2/user/access/check-access-by-email",
      times: -1,
      status: 200,
      body: {},
    });
    expect(await run(stack, { email })).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }],
    });
    expect(stack.writes()).toEqual([]);
  });

  it("believes the site that a hidden account has access, and says that it cannot tell which to grant to", async () => {
    await using stack = await startAccounts(world, { hasOrganization: false, hiddenEmails: [ada.accountId] });
    const known = await run(stack, { email: ada.email, ...everything(stack) });
    expect(known).toMatchObject({ outcome: "ALREADY_EXISTS", account: null, userErrors: [{ code: "STATE_UNKNOWN" }] });
    expect(stack.writes()).toEqual([]);
  });
});

describe("input that cannot be used", () => {
  it.each([
    ["no @", { email: "grace" }, ["email"]],
    ["an empty address", { email: "  " }, ["email"]],
    ["an address that is too long", { email: `${"g".repeat(320)}@x.example` }, ["email"]],
    ["something that is no group", { email, groups: ["nonsense"] }, ["groups", "0"]],
    ["an access to nothing", { email, access: [{ space: "nonsense", permissions: [] }] }, ["access", "0", "space"]],
    ["too much", { email, groups: Array.from({ length: 201 }, () => "x") }, ["groups"]],
  ])("refuses %s with the path of the field, and calls nobody", async (_what, input, field) => {
    await using stack = await startAccounts(world);
    const refused = await run(stack, input);
    expect(refused.outcome).toBe("FAILED");
    expect(refused.userErrors[0].field).toEqual(field);
    expect(stack.sandboxOf("a").journal()).toEqual([]);
  });
});
