import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const rows = ["read/space", "export_content/space", "create/page", "update/page"];
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [human(3).accountId] }],
  roles: [{ id: "reader", type: "SYSTEM", name: "Reader", description: "", spacePermissions: ["read/space"] }],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        ...rows.map((name, index) => ({ id: String(900 + index), ...permission("user", human(3).accountId, name) })),
      ],
      roleAssignments: [{ principal: { principalType: "USER", principalId: human(3).accountId }, roleId: "reader" }],
    }),
  ],
});

type Ids = ReturnType<typeof idsOf>;
const one = "outcome plan userErrors { code field }";
const many = `changes { ${one} } userErrors { code }`;

/** Every mutation with something to do, and what it answers when it is asked again. */
const mutations: readonly (readonly [
  name: string,
  type: string,
  selection: string,
  input: (ids: Ids) => Record<string, unknown>,
  done: readonly string[],
  again: readonly string[],
  writes: number,
])[] = [
  [
    "grantSpaceAccess",
    "GrantSpaceAccessInput",
    one,
    (ids) => ({
      space: ids.space(1),
      principal: ids.account(2),
      permissions: [{ operation: "create", target: "page" }],
    }),
    ["CREATED"],
    ["ALREADY_EXISTS"],
    2,
  ],
  [
    "revokeSpaceAccess",
    "RevokeSpaceAccessInput",
    one,
    (ids) => ({ space: ids.space(1), principal: ids.account(3), role: ids.role("reader") }),
    ["REMOVED"],
    ["NOT_PRESENT"],
    1,
  ],
  [
    "grantGroupMembership",
    "GrantGroupMembershipInput",
    many,
    (ids) => ({ group: ids.group("g-team"), accounts: [ids.account(2), ids.account(3)] }),
    ["CREATED", "ALREADY_EXISTS"],
    ["ALREADY_EXISTS", "ALREADY_EXISTS"],
    1,
  ],
  [
    "revokeGroupMembership",
    "RevokeGroupMembershipInput",
    many,
    (ids) => ({ group: ids.group("g-team"), accounts: [ids.account(2), ids.account(3)] }),
    ["NOT_PRESENT", "REMOVED"],
    ["NOT_PRESENT", "NOT_PRESENT"],
    1,
  ],
  [
    "revokeGrants",
    "RevokeGrantsInput",
    many,
    (ids) => ({ grants: [ids.permissionRow(1, "902"), ids.membership("g-team", 3), ids.roleGrant(1, "reader", 3)] }),
    ["REMOVED", "REMOVED", "REMOVED"],
    ["NOT_PRESENT", "NOT_PRESENT", "NOT_PRESENT"],
    3,
  ],
  [
    "applyAccessChanges",
    "ApplyAccessChangesInput",
    many,
    (ids) => ({
      changes: [
        { revokeGrant: ids.permissionRow(1, "902") },
        { grantGroupMembership: { group: ids.group("g-team"), account: ids.account(1) } },
        { grantSpaceAccess: { space: ids.space(1), principal: ids.group("g-team"), role: ids.role("reader") } },
      ],
    }),
    ["REMOVED", "CREATED", "CREATED"],
    ["NOT_PRESENT", "ALREADY_EXISTS", "ALREADY_EXISTS"],
    3,
  ],
  ["createGroup", "CreateGroupInput", one, () => ({ name: "new" }), ["CREATED"], ["ALREADY_EXISTS"], 1],
  ["deleteGroup", "DeleteGroupInput", one, (ids) => ({ group: ids.group("g-team") }), ["REMOVED"], ["NOT_PRESENT"], 1],
];

interface Ending {
  readonly outcome: string;
  readonly plan: readonly string[];
  readonly userErrors: readonly { readonly code: string }[];
}

type Provisioning = Awaited<ReturnType<typeof startProvisioning>>;

async function ask(
  stack: Provisioning,
  [name, type, selection, input]: (typeof mutations)[number],
  parts: object = {},
) {
  const { data, errors } = await stack.query(
    `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${selection} } }`,
    { input: { ...input(idsOf(stack.siteId)), ...parts } },
    { "x-requested-by": "the-gateway" },
  );
  expect(errors).toBeUndefined();
  return (data.it.changes ?? [data.it]) as Ending[];
}

const outcomes = (endings: readonly Ending[]) => endings.map(({ outcome }) => outcome);

describe.each(mutations)("%s", (...mutation) => {
  const [, , , , done, again, writes] = mutation;

  it("plans in a dry run without a write, and the real run does exactly that; asked twice it writes nothing", async () => {
    await using stack = await startProvisioning(world);
    const before = stack.sandbox.world();
    const dry = await ask(stack, mutation, { dryRun: true });
    expect(outcomes(dry)).toEqual(
      done.map((outcome) => (["ALREADY_EXISTS", "NOT_PRESENT"].includes(outcome) ? outcome : "PLANNED")),
    );
    expect(stack.writes()).toEqual([]);
    expect(stack.sandbox.world()).toEqual(before);
    expect(await stack.audit()).toEqual([]);

    const real = await ask(stack, mutation);
    expect(outcomes(real)).toEqual(done);
    expect(real.map(({ plan }) => plan)).toEqual(dry.map(({ plan }) => plan));
    const calls = dry.flatMap(({ plan }) => plan).filter((line) => !line.startsWith("with it goes"));
    expect(calls).toHaveLength(writes);
    expect(stack.writes()).toHaveLength(writes);

    await stack.forgetCalls();
    expect(outcomes(await ask(stack, mutation))).toEqual(again);
    expect(outcomes(await ask(stack, mutation, { dryRun: true }))).toEqual(again);
    expect(stack.writes()).toEqual([]);
  });

  it("leaves whole lines in the audit: who asked, why, what was there and what is there now, and no secret", async () => {
    await using stack = await startProvisioning(world);
    await ask(stack, mutation, { reason: "Request 4711", requestId: "R-4711" });
    const lines = await stack.audit();
    const attempts = lines.filter(({ phase }) => phase === "attempt");
    const results = lines.filter(({ phase }) => phase === "result");
    expect(attempts).toHaveLength(done.filter((outcome) => /CREATED|REMOVED/.test(outcome)).length);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([...done].sort());
    for (const line of lines) {
      expect(line).toMatchObject({
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        siteId: stack.siteId,
        requestId: expect.stringMatching(/.+/),
        callerRequestId: "R-4711",
        requestedBy: "the-gateway",
        reason: "Request 4711",
        subject: expect.any(Object),
        before: expect.any(Array),
        upstreamStatus: null,
        fault: null,
      });
    }
    for (const { outcome, before, after } of results) {
      if (/CREATED|REMOVED/.test(String(outcome))) expect(after).not.toEqual(before);
      else expect(after).toEqual(before);
    }
    expect(JSON.stringify(lines)).not.toContain(stack.sandbox.credential.apiToken);
  });
});

describe("where changes are switched off", () => {
  let stack: Provisioning;
  beforeAll(async () => {
    stack = await startProvisioning(world, { PROVISIONING: "off" });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(mutations)("%s reads and writes nothing", async (...mutation) => {
    await stack.forgetCalls();
    for (const { outcome, plan, userErrors } of await ask(stack, mutation)) {
      expect({ outcome, plan, codes: userErrors.map(({ code }) => code) }).toEqual({
        outcome: "FAILED",
        plan: [],
        codes: ["PROVISIONING_DISABLED"],
      });
    }
    expect(stack.calls()).toEqual([]);
    expect(await stack.audit()).toEqual([]);
  });
});

describe("where the audit cannot be written", () => {
  let stack: Provisioning;
  beforeAll(async () => {
    stack = await startProvisioning(world, { AUDIT_LOG: "/no/such/folder/audit.jsonl" });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(mutations)("%s changes nothing", async (...mutation) => {
    const before = stack.sandbox.world();
    for (const { outcome, userErrors } of await ask(stack, mutation)) {
      expect(["FAILED", "ALREADY_EXISTS", "NOT_PRESENT"]).toContain(outcome);
      expect(userErrors).toMatchObject([{ code: "AUDIT_UNAVAILABLE" }]);
    }
    expect(stack.writes()).toEqual([]);
    expect(stack.sandbox.world()).toEqual(before);
  });
});

describe("the audit of what Confluence refuses", () => {
  it("tells the status it answered", async () => {
    await using stack = await startProvisioning(world);
    await stack.fail({ match: "POST /wiki/rest/api/space/S1/permission", status: 403, times: -1 });
    const [mutation] = mutations;
    if (mutation === undefined) throw new Error("There are mutations.");
    expect(await ask(stack, mutation)).toMatchObject([
      { outcome: "FAILED", userErrors: [{ code: "UPSTREAM_REFUSED" }] },
    ]);
    expect((await stack.audit()).at(-1)).toMatchObject({
      phase: "result",
      outcome: "FAILED",
      upstreamStatus: 403,
      before: [],
      after: [],
      fault: expect.stringMatching(/^UPSTREAM_REFUSED: /),
    });
    expect(stack.writes()).toHaveLength(1);
  });
});
