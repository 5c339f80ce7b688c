import { describe, expect, it } from "vitest";
import { dcGroups, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const role = (id: string, ...spacePermissions: string[]) => ({
  ...{ id, type: "SYSTEM", name: id, description: "" },
  spacePermissions,
});
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [] }],
  roles: [role("reader", "read/space"), role("writer", "read/space", "create/page")],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        ...["read/space", "export_content/space", "create/page", "update/page", "delete/page"].map((name, index) => ({
          id: String(500 + index),
          ...permission("user", human(2).accountId, name),
        })),
      ],
      roleAssignments: [{ principal: { principalType: "USER", principalId: human(2).accountId }, roleId: "writer" }],
    }),
    space(2, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});

const apply = `mutation ($changes: [AccessChangeInput!]!, $dryRun: Boolean) {
  applyAccessChanges(input: { changes: $changes, dryRun: $dryRun }) {
    changes { outcome plan userErrors { code field message } otherRole { roleId name } }
    userErrors { code }
  }
}`;
type Ids = ReturnType<typeof idsOf>;
interface Ended {
  readonly outcome: string;
  readonly plan: readonly string[];
  readonly userErrors: readonly { readonly code: string }[];
  readonly otherRole: { readonly roleId: string } | null;
}

/** A dry run and the run after it. The dry run writes nothing; what it plans the run does, row ids of new rows left aside. */
async function bothOf(changesOf: (ids: Ids) => readonly Record<string, unknown>[]) {
  await using stack = await startProvisioning(world);
  const ids = idsOf(stack.siteId);
  const ask = async (dryRun: boolean): Promise<Ended[]> => {
    const { data, errors } = await stack.query(apply, { changes: changesOf(ids), dryRun });
    expect(errors).toBeUndefined();
    return data.applyAccessChanges.changes;
  };
  const dry = await ask(true);
  expect(stack.writes()).toEqual([]);
  const run = await ask(false);
  const steps = (ended: readonly Ended[]) =>
    ended.map(({ plan, userErrors, otherRole }) => ({
      plan: plan.map((line) => line.replace(/\((row \d+|the row granted before)\)/, "(row)")),
      codes: userErrors.map(({ code }) => code),
      otherRole: otherRole?.roleId ?? null,
    }));
  expect(steps(dry)).toEqual(steps(run));
  dry.forEach(({ outcome }, index) => {
    // What writes nothing ends alike; what would write is planned.
    if (run[index]?.plan.length === 0) expect(outcome).toBe(run[index]?.outcome);
    else expect(outcome).toBe("PLANNED");
  });
  return { dry, run, world: stack.sandbox.world(), audit: await stack.audit() };
}

const outcomes = (ended: readonly Ended[]) => ended.map(({ outcome }) => outcome);
const permissions = (...names: string[]) => ({
  permissions: names.map((name) => ({ operation: name.split("/")[0], target: name.split("/")[1] })),
});

describe("a dry run plans what the run does", () => {
  it("where one subject is granted and then revoked", async () => {
    const {
      dry,
      run,
      world: after,
    } = await bothOf((ids) => {
      const what = { space: ids.space(1), principal: ids.account(3), ...permissions("read/space") };
      return [{ grantSpaceAccess: what }, { revokeSpaceAccess: what }, { revokeSpaceAccess: what }];
    });
    expect(outcomes(dry)).toEqual(["PLANNED", "PLANNED", "NOT_PRESENT"]);
    expect(outcomes(run)).toEqual(["CREATED", "REMOVED", "NOT_PRESENT"]);
    expect(dry[1]?.plan).toEqual([
      "revoke read/space (the row granted before)",
      "with it goes export_content/space (the row granted before)",
    ]);
    expect(heldIn(after, 1, human(3).accountId)).toEqual([]);
  });

  it("where revoking read/space takes everything with it", async () => {
    const { dry, world: after } = await bothOf((ids) => [
      { revokeSpaceAccess: { space: ids.space(1), principal: ids.account(2), ...permissions("read/space") } },
    ]);
    expect(dry[0]?.plan).toEqual([
      "revoke read/space (row 500)",
      "with it goes export_content/space (row 501)",
      "with it goes create/page (row 502)",
      "with it goes update/page (row 503)",
      "with it goes delete/page (row 504)",
    ]);
    expect(heldIn(after, 1, human(2).accountId)).toEqual(["role writer"]);
  });

  it("where a space is handed over in one request", async () => {
    const {
      dry,
      run,
      world: after,
    } = await bothOf((ids) => [
      { grantSpaceAccess: { space: ids.space(2), principal: ids.account(2), ...permissions("administer/space") } },
      { revokeSpaceAccess: { space: ids.space(2), principal: ids.account(1), ...permissions("administer/space") } },
    ]);
    expect(outcomes(dry)).toEqual(["PLANNED", "PLANNED"]);
    expect(outcomes(run)).toEqual(["CREATED", "REMOVED"]);
    expect(heldIn(after, 2, human(1).accountId)).toEqual(["read/space"]);
  });

  it("where the handover is asked for the wrong way round", async () => {
    const { run } = await bothOf((ids) => [
      { revokeSpaceAccess: { space: ids.space(2), principal: ids.account(1), ...permissions("administer/space") } },
      { grantSpaceAccess: { space: ids.space(2), principal: ids.account(2), ...permissions("administer/space") } },
    ]);
    expect(outcomes(run)).toEqual(["FAILED", "CREATED"]);
    expect(run[0]?.userErrors).toMatchObject([{ code: "LAST_ADMINISTRATOR" }]);
  });

  it.each(["role", "permissions"])("where an access class is unknown (%s)", async (what) => {
    const { run } = await bothOf((ids) => [
      {
        grantSpaceAccess: {
          ...{ space: ids.space(1), accessClassId: "everybody-and-his-dog" },
          ...(what === "role" ? { role: ids.role("reader") } : permissions("read/space")),
        },
      },
    ]);
    expect(run[0]?.userErrors).toMatchObject([
      what === "role"
        ? {
            code: "PRINCIPAL_NOT_FOUND",
            field: ["changes", "0", "grantSpaceAccess", "principal"],
            message: expect.stringContaining("all-licensed-users"),
          }
        : { code: "PRINCIPAL_NOT_SUPPORTED" },
    ]);
  });

  it("where somebody comes into a group and goes again", async () => {
    const { dry, run } = await bothOf((ids) => {
      const membership = { group: ids.group("g-team"), account: ids.account(3) };
      return [
        { grantGroupMembership: membership },
        { grantGroupMembership: membership },
        { revokeGroupMembership: membership },
      ];
    });
    expect(outcomes(dry)).toEqual(["PLANNED", "ALREADY_EXISTS", "PLANNED"]);
    expect(outcomes(run)).toEqual(["CREATED", "ALREADY_EXISTS", "REMOVED"]);
  });
});

describe("another role than the one that is held", () => {
  const grantReader = (ids: Ids, parts: object) => [
    { grantSpaceAccess: { space: ids.space(1), principal: ids.account(2), role: ids.role("reader"), ...parts } },
  ];

  it("is told, and stands in the record, where it is replaced", async () => {
    const { dry, run, audit } = await bothOf((ids) => grantReader(ids, { onExistingRole: "REPLACE" }));
    const otherRole = { roleId: "writer", name: "writer" };
    expect(dry).toMatchObject([{ outcome: "PLANNED", otherRole }]);
    expect(run).toMatchObject([{ outcome: "REPLACED", otherRole }]);
    expect(audit.find(({ phase }) => phase === "attempt")).toMatchObject({ undo: { formerRoleId: "writer" } });
  });

  it.each([
    ["KEEP", "KEPT", []],
    ["REFUSE", "FAILED", ["OTHER_ROLE_HELD"]],
    [undefined, "FAILED", ["OTHER_ROLE_HELD"]],
  ])("is told where it stays (%s)", async (onExistingRole, outcome, codes) => {
    const { run, world: after } = await bothOf((ids) => grantReader(ids, { onExistingRole }));
    expect(run).toMatchObject([{ outcome, otherRole: { roleId: "writer" } }]);
    expect(run[0]?.userErrors.map(({ code }) => code)).toEqual(codes);
    expect(heldIn(after, 1, human(2).accountId)).toContain("role writer");
  });

  it("is none where the same one is held, or none", async () => {
    const { run } = await bothOf((ids) => [
      ...grantReader(ids, { role: ids.role("writer") }),
      ...grantReader(ids, { principal: ids.account(3) }),
    ]);
    expect(run).toMatchObject([
      { outcome: "ALREADY_EXISTS", otherRole: null },
      { outcome: "CREATED", otherRole: null },
    ]);
  });
});

describe("what provisionAccount grants", () => {
  const provision = `mutation ($input: ProvisionAccountInput!) {
    provisionAccount(input: $input) { outcome changes { outcome plan userErrors { code field } otherRole { roleId } } }
  }`;

  it.each([
    ["REPLACE", "REPLACED"],
    ["KEEP", "KEPT"],
    [undefined, "FAILED"],
  ])("minds the role that is held (%s)", async (onExistingRole, outcome) => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const access = [{ space: ids.space(1), role: ids.role("reader"), onExistingRole }];
    const input = { email: human(2).email, access };
    const { data, errors } = await stack.query(provision, { input });
    expect(errors).toBeUndefined();
    expect(data.provisionAccount.changes).toMatchObject([{ outcome, otherRole: { roleId: "writer" } }]);
  });
});

it("plans the grants of an account that is still to be made as the run carries them out", async () => {
  await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
  const ids = dataCenterIds(stack.siteId);
  const input = {
    ...{ email: "grace@example.com", displayName: "Grace Hopper", password: "correct horse" },
    groups: [ids.group(dcGroups.users), ids.group("c")],
    access: [
      { space: ids.space("ENG"), ...permissions("create/page") },
      { space: ids.space("DOCS"), ...permissions("fly/space") },
    ],
  };
  const provision = `mutation ($input: ProvisionAccountInput!) {
    provisionAccount(input: $input) { outcome changes { outcome plan userErrors { code field } } }
  }`;
  const ask = async (dryRun: boolean) => {
    const { data, errors } = await stack.query(provision, { input: { ...input, dryRun } });
    expect(errors).toBeUndefined();
    return data.provisionAccount.changes as Ended[];
  };
  const dry = await ask(true);
  expect(stack.writes()).toEqual([]);
  const run = await ask(false);
  // Whoever is new is in the group of all users already: the site puts them there.
  expect(outcomes(dry)).toEqual(["PLANNED", "PLANNED", "PLANNED", "FAILED"]);
  expect(outcomes(run)).toEqual(["ALREADY_EXISTS", "CREATED", "CREATED", "FAILED"]);
  expect(dry.slice(1).map(({ plan, userErrors }) => ({ plan, userErrors }))).toEqual(
    run.slice(1).map(({ plan, userErrors }) => ({ plan, userErrors })),
  );
});
