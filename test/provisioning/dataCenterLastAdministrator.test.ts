import { describe, expect, it } from "vitest";
import type { DataCenterPermission } from "../../sandbox/src/world/World.js";
import { dcGroups, dcUsers, granted, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

const both = ["read/space", "administer/space"] as const;
const user = (userKey: string, ...operations: readonly string[]) =>
  granted({ type: "user", userKey }, ...(operations.length === 0 ? both : operations));
const group = (name: string, ...operations: readonly string[]) =>
  granted({ type: "group", name }, ...(operations.length === 0 ? both : operations));

/** `ENG` is administered by Ben and some others. */
function worldOf(version: string, others: readonly DataCenterPermission[]) {
  const world = smallDataCenterWorld(version);
  const spaces = world.dataCenter.spaces.map((space) =>
    space.key === "ENG" ? { ...space, permissions: [...user(dcUsers.ben), ...others] } : space,
  );
  return { dataCenter: { ...world.dataCenter, spaces } };
}

const last = { outcome: "FAILED", userErrors: [{ code: "LAST_ADMINISTRATOR", field: ["principal"] }] };
const removed = { outcome: "REMOVED", userErrors: [] };

async function revoke(stack: Awaited<ReturnType<typeof startDataCenterStack>>, operation = "administer") {
  const ids = dataCenterIds(stack.siteId);
  const { data, errors } = await stack.query(
    `mutation ($input: RevokeSpaceAccessInput!) { revokeSpaceAccess(input: $input) { outcome userErrors { code field message } } }`,
    {
      input: {
        space: ids.space("ENG"),
        principal: ids.account(dcUsers.ben),
        permissions: [{ operation, target: "space" }],
      },
    },
  );
  expect(errors).toBeUndefined();
  return data.revokeSpaceAccess;
}

describe.each(["8.3.0", "10.2.0"])("who remains to administer a space of Data Center %s", (version) => {
  it.each([
    ["another active user", user(dcUsers.cara), removed],
    ["a group with a member", group(dcGroups.c), removed],
    ["a group with members in the groups below alone", group(dcGroups.b), removed],
    ["groups in a circle", group(dcGroups.d), removed],
    ["nobody but the super group's members, who may do everything", [], last],
    ["a super user to whom it is granted", user(dcUsers.admin), removed],
    ["a deactivated user", user(dcUsers.fay), last],
    ["a user deleted outside", user(dcUsers.hal), last],
    ["a user who is gone", user(dcUsers.gone), last],
    ["a group without members", group(dcGroups.empty), last],
    ["a group that is gone", group(dcGroups.gone), last],
    ["a user who may not read", user(dcUsers.cara, "administer/space"), last],
    [
      "a user who reads by a group",
      [...user(dcUsers.cara, "administer/space"), ...group(dcGroups.a, "read/space")],
      removed,
    ],
  ] satisfies readonly (readonly [string, readonly DataCenterPermission[], object])[])(
    "%s",
    async (_who, others, expected) => {
      await using stack = await startDataCenterStack({ world: worldOf(version, others) });
      expect(await revoke(stack)).toMatchObject(expected);
      expect(stack.writes()).toHaveLength(expected === last ? 0 : 1);
    },
  );

  it("is refused for the read of the last, which is held in vain afterwards", async () => {
    await using stack = await startDataCenterStack({ world: worldOf(version, []) });
    expect(await revoke(stack, "read")).toMatchObject(last);
  });

  it("is unknown where a group that remains cannot be read", async () => {
    await using stack = await startDataCenterStack({ world: worldOf(version, group(dcGroups.c)) });
    await stack.fail({ match: "GET /confluence/rest/api/group/c/member*", status: 503, times: -1 });
    const { outcome, userErrors } = await revoke(stack);
    expect([outcome, userErrors[0].code]).toEqual(["FAILED", "STATE_UNKNOWN"]);
    expect(stack.writes()).toEqual([]);
  });
});

describe("a licence, which tells whether anybody can do anything", () => {
  it("is needed where the version tells it (10.2), and assumed where it does not (8.3)", async () => {
    await using telling = await startDataCenterStack({ world: worldOf("10.2.0", user(dcUsers.kim)) });
    expect(await revoke(telling)).toMatchObject(last);
    await using silent = await startDataCenterStack({ world: worldOf("8.3.0", user(dcUsers.kim)) });
    expect(await revoke(silent)).toMatchObject(removed);
  });
});
