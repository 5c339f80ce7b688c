import { describe, expect, it } from "vitest";
import type { AccountId, GroupId, SpaceId } from "../../src/domain/ids.js";
import type { AskedChange } from "../../src/provisioning/Change.js";
import { wavesOf } from "../../src/provisioning/targets/waves.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const administer = { permissions: [{ operation: "administer", target: "space" }] };

function worldOf(holder: { readonly type: "user" | "group"; readonly id: string }, newcomers: readonly string[] = []) {
  return cloudWorld({
    mode: "PRE_ROLES",
    accounts: [1, 2, 3, 4].map(human),
    groups: [
      { id: "g-old", name: "old", members: [human(1).accountId] },
      { id: "g-new", name: "new", members: [...newcomers] },
    ],
    spaces: [
      space(1, {
        permissions: [holder, { type: "group", id: "g-new" } as const].flatMap(({ type, id }) => [
          permission(type, id),
          permission(type, id, "administer/space"),
        ]),
      }),
    ],
  });
}

type Stack = Awaited<ReturnType<typeof startProvisioning>>;

async function applyOnce(stack: Stack, changes: readonly object[], dryRun: boolean): Promise<string[]> {
  const { data, errors } = await stack.query(
    `mutation ($changes: [AccessChangeInput!]!, $dryRun: Boolean) { applyAccessChanges(input: { changes: $changes, dryRun: $dryRun }) { changes { outcome userErrors { code } } } }`,
    { changes, dryRun },
  );
  expect(errors).toBeUndefined();
  return data.applyAccessChanges.changes.map(
    ({ outcome, userErrors }: { outcome: string; userErrors: { code: string }[] }) => userErrors[0]?.code ?? outcome,
  );
}

const written = new Set(["CREATED", "REMOVED"]);

/** What changes come to, and that a dry run of them said so before. */
async function apply(stack: Stack, changes: readonly object[]): Promise<string[]> {
  const dry = await applyOnce(stack, changes, true);
  const outcomes = await applyOnce(stack, changes, false);
  expect(dry).toEqual(outcomes.map((outcome) => (written.has(outcome) ? "PLANNED" : outcome)));
  return outcomes;
}

describe("a space that is handed over in one request, over several places", () => {
  it("goes from a person to a group, from a group to a person, and from group to group", async () => {
    await using stack = await startProvisioning(
      worldOf({ type: "user", id: human(1).accountId }),
      {},
      { latencyMs: 2 },
    );
    const ids = idsOf(stack.siteId);
    const join = (number: number, group: string) => ({
      grantGroupMembership: { group: ids.group(group), account: ids.account(number) },
    });
    const leave = (number: number, group: string) => ({
      revokeGroupMembership: { group: ids.group(group), account: ids.account(number) },
    });
    const place = (principal: string) => ({ space: ids.space(1), principal, ...administer });
    const toGroup = [join(2, "g-new"), { revokeSpaceAccess: place(ids.account(1)) }];
    expect(await apply(stack, toGroup)).toEqual(["CREATED", "REMOVED"]);
    const toPerson = [{ grantSpaceAccess: place(ids.account(3)) }, leave(2, "g-new")];
    expect(await apply(stack, toPerson)).toEqual(["CREATED", "REMOVED"]);
    const toGroups = [
      { grantSpaceAccess: place(ids.group("g-old")) },
      join(4, "g-new"),
      leave(1, "g-old"),
      { revokeSpaceAccess: place(ids.account(3)) },
    ];
    expect(await apply(stack, toGroups)).toEqual(["CREATED", "CREATED", "REMOVED", "REMOVED"]);
    expect(await apply(stack, [leave(4, "g-new")])).toEqual(["LAST_ADMINISTRATOR"]);
  });

  it("reads no group more often where people move from one to another", async () => {
    await using stack = await startProvisioning(worldOf({ type: "user", id: human(1).accountId }));
    const ids = idsOf(stack.siteId);
    const moves = (from: string, to: string) =>
      [1, 2].flatMap((number) => [
        { grantGroupMembership: { group: ids.group(to), account: ids.account(number) } },
        { revokeGroupMembership: { group: ids.group(from), account: ids.account(number) } },
      ]);
    await stack.forgetCalls();
    const outcomes = ["CREATED", "REMOVED", "CREATED", "NOT_PRESENT"];
    const lists = () => stack.calls().filter((call) => call.includes("/g-new/membersByGroupId")).length;
    await applyOnce(stack, moves("g-old", "g-new"), true);
    expect(lists()).toBe(1);
    await stack.forgetCalls();
    expect(await applyOnce(stack, moves("g-old", "g-new"), false)).toEqual(outcomes);
    expect(lists()).toBe(2);
  });

  it("keeps its last administrator where two places are left at once, and a dry run says so", async () => {
    const world = worldOf({ type: "group", id: "g-old" }, [human(2).accountId]);
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const leave = (number: number, group: string) => ({
      revokeGroupMembership: { group: ids.group(group), account: ids.account(number) },
    });
    const both = await apply(stack, [leave(1, "g-old"), leave(2, "g-new")]);
    expect(both).toEqual(["REMOVED", "LAST_ADMINISTRATOR"]);
    const rejoin = { grantGroupMembership: { group: ids.group("g-old"), account: ids.account(3) } };
    expect(await apply(stack, [rejoin, leave(2, "g-new")])).toEqual(["CREATED", "REMOVED"]);
  });
});

describe("the waves of a request", () => {
  const [a, b] = ["a", "b"] as AccountId[] as [AccountId, AccountId];
  const membership = (kind: "grantMembership" | "revokeMembership", groupId: string, accountId: AccountId) => ({
    ...{ kind, groupId: groupId as GroupId, accountId },
  });
  const access = (kind: "grantPermissions" | "revokePermissions", spaceId: string, key: string) => ({
    ...{ kind, spaceId: spaceId as SpaceId, principal: { kind: "account", accountId: a } as const },
    operations: [{ key, target: key === "create" ? "page" : "space" }],
  });
  const [join, leave] = ["grantMembership", "revokeMembership"] as const;
  const [grant, revoke] = ["grantPermissions", "revokePermissions"] as const;
  it.each([
    ["grants alone", [membership(join, "g", a), access(grant, "s", "administer")], [0, 0]],
    ["revocations alone", [membership(leave, "g", a), membership(leave, "h", a)], [0, 0]],
    ["spaces alone", [access(grant, "s", "administer"), access(revoke, "t", "administer")], [0, 0]],
    ["a handover by a group", [membership(join, "g", a), access(revoke, "s", "administer")], [0, 1]],
    ["a handover from a group", [access(grant, "s", "administer"), membership(leave, "g", a)], [0, 1]],
    ["what gives no administration", [access(grant, "s", "create"), membership(leave, "g", a)], [0, 0]],
    [
      "people who change places",
      [membership(join, "g", a), membership(leave, "h", a), membership(join, "h", b), membership(leave, "g", b)],
      [0, 1, 0, 1],
    ],
    [
      "one account in one group",
      [membership(join, "h", a), membership(leave, "g", a), membership(join, "g", a)],
      [0, 1, 1],
    ],
  ] satisfies readonly (readonly [string, readonly AskedChange[], readonly number[]])[])(
    "%s",
    (_what, changes, waves) => {
      expect(wavesOf(changes)).toEqual(waves);
    },
  );
});
