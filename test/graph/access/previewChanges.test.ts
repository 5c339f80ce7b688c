import { describe, expect, it } from "vitest";
import { dataCenterIds } from "../../provisioning/dataCenterIds.js";
import { idsOf } from "../../provisioning/ids.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../../support/startDataCenterStack.js";
import { startProvisioning } from "../../support/startProvisioning.js";
import { startStack } from "../../support/startStack.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const own = (number: number, ...operations: string[]) =>
  operations.map((operation) => permission("user", human(number).accountId, operation));
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2), human(3), { ...human(4), accountStatus: "inactive" }],
  groups: [
    { id: "g-writers", name: "writers", members: [human(2).accountId, human(4).accountId] },
    { id: "g-late", name: "late", members: [human(1).accountId, human(2).accountId, human(4).accountId] },
  ],
  roles: [{ id: "viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] }],
  spaces: [
    space(1, {
      permissions: [
        ...own(1, "read/space", "administer/space"),
        ...own(3, "read/space", "create/page"),
        permission("group", "g-writers"),
        permission("group", "g-writers", "create/page"),
      ],
    }),
    space(2, { permissions: [...own(1, "read/space", "administer/space"), permission("group", "g-writers")] }),
    space(3, { permissions: own(1, "read/space", "administer/space") }),
  ],
});

const preview = `effects { account { displayName } space { key } permissions { permission { operation target } effect before after explanation } }
  accountCount completeness { isComplete gaps { missing } }`;
const ask = `query ($changes: [AccessChangeInput!]!) { previewChanges(changes: $changes) {
  userErrors { code } changes { outcome plan userErrors { code } } preview { ${preview} } } }`;

type Effect = {
  account: { displayName: string };
  space: { key: string };
  permissions: { permission: { operation: string; target: string }; effect: string }[];
};
const told = (effects: readonly Effect[]) =>
  effects.flatMap(({ account, space, permissions }) =>
    permissions.map(
      ({ permission: { operation, target }, effect }) =>
        `${account.displayName} ${effect} ${operation}/${target} in ${space.key}`,
    ),
  );
const read = { operation: "read", target: "space" };

describe("previewChanges on Cloud", () => {
  const start = async () => {
    const stack = await startStack({ world });
    const ids = idsOf(stack.siteId);
    return {
      ...stack,
      ids,
      preview: async (...changes: object[]) => {
        const { data, errors } = await stack.query(ask, { changes });
        expect(errors).toBeUndefined();
        return data.previewChanges;
      },
    };
  };

  it("tells what goes with a revocation unasked, and what somebody still has on another path, also where changes are switched off", async () => {
    await using stack = await start();
    const { ids } = stack;
    const of = (number: number) => ({
      revokeSpaceAccess: { space: ids.space(1), principal: ids.account(number), permissions: [read] },
    });
    const answer = await stack.preview(of(3));
    expect(answer).toMatchObject({ userErrors: [], changes: [{ outcome: "PLANNED", userErrors: [] }] });
    expect(told(answer.preview.effects)).toEqual(["Human 3 LOST create/page in S1", "Human 3 LOST read/space in S1"]);
    expect(answer.preview).toMatchObject({ accountCount: 1, completeness: { isComplete: true } });
    expect(answer.preview.effects[0].permissions[1]).toMatchObject({
      ...{ before: "ALLOWED", after: "DENIED" },
      explanation: "Human 3 does not have read/space in S1: no grant gives it.",
    });
    // Nothing was written, and what is about one account in one space needs no index.
    expect(stack.calls().filter((call) => !/^GET |users-bulk/.test(call))).toEqual([]);
    expect(stack.countCalls("GET", /\/membersByGroupId$/)).toBe(0);
  });

  it("looks at everybody in a group that is granted something, and at those alone whom it makes a difference to", async () => {
    await using stack = await start();
    const { ids } = stack;
    const late = (spaceNumber: number, what: object) => ({
      grantSpaceAccess: { space: ids.space(spaceNumber), principal: ids.group("g-late"), ...what },
    });
    // Human 1 and 2 can read there already, and 4 is not active.
    const nobody = await stack.preview(late(1, { role: ids.role("viewer") }));
    expect(nobody).toMatchObject({ changes: [{ outcome: "PLANNED" }], preview: { effects: [], accountCount: 0 } });
    expect(nobody.preview.completeness).toEqual({ isComplete: true, gaps: [] });
    // What Confluence grants along with reading is part of it.
    const { preview: some } = await stack.preview(late(3, { permissions: [read] }));
    expect(told(some.effects)).toEqual([
      "Human 1 GAINED export_content/space in S3",
      "Human 2 GAINED export_content/space in S3",
      "Human 2 GAINED read/space in S3",
    ]);
  });

  it("finds every space that a membership reaches, and takes all changes together", async () => {
    await using stack = await start();
    const { ids } = stack;
    const member = (number: number) => ({ group: ids.group("g-writers"), account: ids.account(number) });
    const leave = { revokeGroupMembership: member(2) };
    const first = await stack.preview(leave, { grantGroupMembership: member(3) });
    expect(told(first.preview.effects)).toEqual([
      "Human 2 LOST create/page in S1",
      "Human 2 LOST read/space in S1",
      "Human 2 LOST read/space in S2",
      "Human 3 GAINED read/space in S2",
    ]);
    expect(first.preview).toMatchObject({ accountCount: 2, completeness: { isComplete: true } });
    const kept = { grantSpaceAccess: { space: ids.space(1), principal: ids.account(2), permissions: [read] } };
    const second = await stack.preview(kept, leave);
    expect(told(second.preview.effects)).toEqual([
      "Human 2 LOST create/page in S1",
      "Human 2 GAINED export_content/space in S1",
      "Human 2 LOST read/space in S2",
    ]);
  });

  it("finds everybody whom a class stands for", async () => {
    await using stack = await start();
    const { ids } = stack;
    const grantSpaceAccess = { space: ids.space(3), accessClassId: "all-licensed-users", role: ids.role("viewer") };
    const { preview: found } = await stack.preview({ grantSpaceAccess });
    expect(told(found.effects)).toEqual(["Human 2 GAINED read/space in S3", "Human 3 GAINED read/space in S3"]);
  });

  it("says what it could not look at", async () => {
    await using stack = await start();
    const { ids } = stack;
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/permissions", times: 99, status: 403 });
    const revokeGroupMembership = { group: ids.group("g-writers"), account: ids.account(2) };
    const { preview: found } = await stack.preview({ revokeGroupMembership });
    expect(told(found.effects)).toEqual(["Human 2 LOST create/page in S1", "Human 2 LOST read/space in S1"]);
    expect(found.completeness.isComplete).toBe(false);
    expect(JSON.stringify(found.completeness.gaps)).toContain("what 1 spaces grant");
  });

  it("refuses a list that is empty or too long, and tells what is wrong with a change", async () => {
    await using stack = await start();
    expect(await stack.preview()).toMatchObject({ userErrors: [{ code: "INVALID_INPUT" }], preview: null });
    const unusable = { revokeGrant: "nonsense" };
    const long = await stack.preview(...Array(201).fill(unusable));
    expect(long).toMatchObject({ userErrors: [{ code: "TOO_MANY_CHANGES" }], preview: null });
    expect(await stack.preview(unusable)).toMatchObject({
      ...{ userErrors: [], preview: null },
      changes: [{ outcome: "FAILED", userErrors: [{ code: "INVALID_INPUT" }] }],
    });
  });

  it("is what a mutation's dry run answers too, and nothing after a real run", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const revoke = `mutation ($dryRun: Boolean!) { revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(3)}",
      permissions: [{ operation: "create", target: "page" }], dryRun: $dryRun }) { outcome preview { ${preview} } } }`;
    const dry = await stack.query(revoke, { dryRun: true });
    expect(dry.data.revokeSpaceAccess.outcome).toBe("PLANNED");
    expect(told(dry.data.revokeSpaceAccess.preview.effects)).toEqual(["Human 3 LOST create/page in S1"]);
    const leave = `mutation { revokeGroupMembership(input: { group: "${ids.group("g-writers")}", accounts: ["${ids.account(2)}"], dryRun: true }) {
      preview { ${preview} } } }`;
    expect(told((await stack.query(leave)).data.revokeGroupMembership.preview.effects)).toHaveLength(3);
    const real = await stack.query(revoke, { dryRun: false });
    expect(real.data.revokeSpaceAccess).toEqual({ outcome: "REMOVED", preview: null });
  });
});

describe("what a preview tells", () => {
  const accounts = [1, 2, 3, 4];
  const keys = ["S1", "S2", "S3"];
  const asked = ["read/space", "create/page", "administer/space", "export_content/space", "update/page"];
  const questions = accounts.flatMap((number) =>
    keys.flatMap((spaceKey) =>
      asked.map((name) => {
        const [operation, target] = name.split("/");
        return { accountId: human(number).accountId, spaceKey, permission: { operation, target } };
      }),
    ),
  );

  it("is what comes of the change, of everybody everywhere, and nothing else", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const decide = async () => {
      const document = "query ($inputs: [CheckAccessInput!]!) { checkAccesses(inputs: $inputs) { decision } }";
      const { data } = await stack.query(document, { inputs: questions });
      return data.checkAccesses.map(({ decision }: { decision: string }) => decision) as string[];
    };
    const inSpace = (number: number, principal: string, what: object) => ({
      ...{ space: ids.space(number), principal },
      ...what,
    });
    const write = [{ operation: "create", target: "page" }];
    const member = (number: number) => ({ group: ids.group("g-writers"), account: ids.account(number) });
    const steps = [
      [{ grantSpaceAccess: inSpace(3, ids.group("g-late"), { permissions: write }) }],
      [{ grantGroupMembership: member(3) }, { revokeGroupMembership: member(2) }],
      [
        { revokeSpaceAccess: inSpace(1, ids.group("g-writers"), { permissions: [read] }) },
        { grantSpaceAccess: inSpace(1, ids.account(2), { role: ids.role("viewer") }) },
      ],
      [{ revokeSpaceAccess: inSpace(3, ids.group("g-late"), { permissions: write }) }],
    ];
    const apply =
      "mutation ($changes: [AccessChangeInput!]!) { applyAccessChanges(input: { changes: $changes }) { changes { outcome } } }";
    let before = await decide();
    for (const changes of steps) {
      const { data } = await stack.query(ask, { changes });
      expect(data.previewChanges.preview.completeness.isComplete).toBe(true);
      await stack.query(apply, { changes });
      const after = await decide();
      const changed = questions.flatMap(({ accountId, spaceKey, permission: { operation, target } }, index) => {
        if (before[index] === after[index]) return [];
        const name = `Human ${Number(accountId.slice(-5))}`;
        return [`${name} ${after[index] === "ALLOWED" ? "GAINED" : "LOST"} ${operation}/${target} in ${spaceKey}`];
      });
      expect(changed.length).toBeGreaterThan(0);
      expect(told(data.previewChanges.preview.effects).sort()).toEqual(changed.sort());
      before = after;
    }
  });
});

describe("previewChanges on Data Center", () => {
  it("follows groups in groups, and the group that licenses its members", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld() });
    const ids = dataCenterIds(stack.siteId);
    const change = (kind: string, group: string, user: string) => ({
      [kind]: { group: ids.group(group), account: ids.account(user) },
    });
    const answer = async (...changes: object[]) => {
      const { data, errors } = await stack.query(ask, { changes });
      expect(errors).toBeUndefined();
      return data.previewChanges;
    };
    const nested = await answer(change("revokeGroupMembership", dcGroups.c, dcUsers.cara));
    expect(told(nested.preview.effects)).toEqual([
      "Cara Castro LOST create/page in ENG",
      "Cara Castro LOST read/space in ENG",
      "Cara Castro LOST read/space in OLD",
    ]);
    const licensed = await answer(change("grantGroupMembership", dcGroups.users, dcUsers.kim));
    expect(told(licensed.preview.effects)).toContain("Kim Khan GAINED read/space in ENG");
    const superUser = await answer(change("grantGroupMembership", dcGroups.administrators, dcUsers.ben));
    expect(told(superUser.preview.effects)).toContain("Ben Boateng GAINED administer/space in OLD");
  });

  it("of a suspension, a removal and the end of a group tells what everybody concerned loses", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld() });
    const ids = dataCenterIds(stack.siteId);
    const dryRun = async (mutation: string, input: string) => {
      const document = `mutation { change: ${mutation}(input: { ${input}, dryRun: true }) { outcome preview { ${preview} } } }`;
      const { data, errors } = await stack.query(document);
      expect(errors).toBeUndefined();
      expect(data.change.outcome).toBe("PLANNED");
      // A name with a slash stands in no path, so nobody knows who is in that group.
      const missing = data.change.preview.completeness.gaps.map((gap: { missing: string }) => gap.missing);
      expect(missing.every((what: string) => what.includes(dcGroups.slash))).toBe(true);
      return told(data.change.preview.effects);
    };
    const suspended = await dryRun("suspendAccount", `account: "${ids.account(dcUsers.cara)}"`);
    const inDocs = ["create/comment", "read/space"].map((name) => `Cara Castro LOST ${name} in DOCS`);
    expect(suspended).toEqual(expect.arrayContaining([...inDocs, "Cara Castro LOST create/page in ENG"]));
    expect(await dryRun("removeAccount", `account: "${ids.account(dcUsers.cara)}"`)).toEqual(suspended);
    const restored = await dryRun("restoreAccount", `account: "${ids.account(dcUsers.fay)}"`);
    expect(restored).toEqual(
      expect.arrayContaining(
        ["administer/space in OLD", "delete/page in ENG"].map((what) => `Fay Fischer GAINED ${what}`),
      ),
    );
    // Those in `c` are in `b`, and so in `a`, by `b` alone.
    expect(await dryRun("deleteGroup", `group: "${ids.group(dcGroups.b)}", acknowledgeAdministration: true`)).toEqual([
      "Cara Castro LOST create/page in ENG",
      "Cara Castro LOST read/space in ENG",
    ]);
  });
});
