import { describe, expect, it } from "vitest";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { expectNeverHit } from "../support/deadFaults.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";

describe("memberships as grants", () => {
  it.each([
    ["ACCOUNT", 9, 0],
    ["GROUP", 0, 9],
  ])("held by principals of kind %s cost no call for the others", async (kind, ofMembers, ofGroups) => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld() });
    await stack.forgetCalls();
    const { data } = await stack.query(
      `{ grants(filter: { entitlements: [GROUP_MEMBERSHIP], principalKinds: [${kind}] }) { nodes { principal { __typename } } } }`,
    );
    expect(data.grants.nodes.length).toBeGreaterThan(2);
    expect(stack.countCalls("GET", /\/member$/)).toBe(ofMembers);
    expect(stack.countCalls("GET", /\/groupmember$/)).toBe(ofGroups);
  });

  it("of accounts are whole though the groups in groups are not told", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0", withoutSlash()) });
    const match = "GET /rest/api/group/*/groupmember";
    expectNeverHit(match, "the groups in groups are no part of accounts' memberships, and are not asked for");
    await stack.fail({ match, status: 403, times: 1_000 });
    const { data } = await stack.query(
      "{ grants(filter: { entitlements: [GROUP_MEMBERSHIP], principalKinds: [ACCOUNT] }) { totalCount completeness { isComplete } } }",
    );
    expect(data.grants.completeness.isComplete).toBe(true);
    expect(data.grants.totalCount).toBeGreaterThan(2);
  });

  it("cost one call an account for a page of accounts where nothing may be remembered", async () => {
    const { dataCenter } = smallDataCenterWorld();
    const [first] = dataCenter.users;
    const more = Array.from({ length: 17 }, (_, index) => ({
      ...first,
      userKey: `more-${index}`,
      username: `more-${index}`,
    }));
    await using stack = await startDataCenterStack({
      world: { dataCenter: { ...dataCenter, users: [...dataCenter.users, ...more] } },
      env: { CACHE_TTL_ACCOUNTS: "0" },
    });
    await stack.forgetCalls();
    await stack.query("{ accounts { nodes { displayName } } }");
    expect(stack.countCalls("GET", /\/user\/list$/)).toBe(1);
    expect(stack.countCalls("GET", /\/api\/user$/)).toBe(30);
  });
});

function withoutSlash() {
  const { dataCenter } = smallDataCenterWorld();
  return { groups: dataCenter.groups.filter(({ name }) => !name.includes("/")) };
}
