import { describe, expect, it } from "vitest";
import { startSites } from "../support/startSites.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human } from "../support/worlds.js";

const secondMs = 1_000;
const ann = human(1);

describe("what is put together from several readings", () => {
  it("does not take an account for active on the strength of an organization's answer that is older than promised", async () => {
    await using stack = await startSites([
      { id: "a", world: cloudWorld({ accounts: [ann] }), credential: "api-token", hasOrganization: true },
    ]);
    stack.clock.stop();
    const statusNow = async () =>
      (await stack.query(`{ account(accountId: "${ann.accountId}") { status } }`)).data.account.status;
    expect(await statusNow()).toBe("ACTIVE");
    await stack.fail("a", {
      match: "POST /admin/v2/orgs/*/directories/*/users/search",
      times: -1,
      body: {
        data: [
          { accountId: ann.accountId, status: "suspended", accountStatus: "active", membershipStatus: "suspended" },
        ],
        links: {},
      },
    });
    stack.clock.shift(595 * secondMs);
    expect(await statusNow()).toBe("ACTIVE");
    await expect.poll(() => stack.countCalls("a", "POST", /users-bulk$/)).toBe(2);
    stack.clock.shift(500 * secondMs);
    expect(await statusNow()).toBe("SUSPENDED");
  });

  const groups = Array.from({ length: 50 }, (_, index) => ({
    id: `g-${index + 1}`,
    name: `Group ${index + 1}`,
    members: index < 2 ? [ann.accountId] : [],
  }));

  it("reads the groups of one account in one call, however many member lists are at hand and stale", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [ann], groups }) });
    await stack.query("{ groups(first: 100) { nodes { members { totalCount } } } }");
    stack.clock.shift(90 * secondMs);
    await stack.forgetCalls();
    const { data } = await stack.query(`{ account(accountId: "${ann.accountId}") { groups { totalCount } } }`);
    expect(data.account.groups.totalCount).toBe(2);
    expect(stack.calls().filter((call) => /memberof\?.*start=0/.test(call))).toHaveLength(1);
    expect(stack.countCalls("GET", /membersByGroupId$/)).toBe(0);
  });

  it("gives the gaps of the group list to the groups of accounts that member lists told", async () => {
    const many = Array.from({ length: 201 }, (_, index) => ({
      id: `g-${index + 1}`,
      name: `Group ${index + 1}`,
      members: [ann.accountId],
    }));
    await using stack = await startStack({ world: cloudWorld({ accounts: [ann], groups: many }) });
    await stack.fail({ match: "GET /wiki/rest/api/group?start=200", times: "always", status: 403 });
    await stack.forgetCalls();
    const { data } = await stack.query(
      "{ accounts { nodes { groups { totalCount nodes { groupId } completeness { isComplete gaps { missing code } } } } } }",
      {},
      { "cache-control": "no-cache" },
    );
    const [{ groups: held }] = data.accounts.nodes;
    // The lists tell it, and `memberof` was not asked.
    expect(stack.countCalls("GET", /memberof$/)).toBe(0);
    expect(held).toMatchObject({ totalCount: null, completeness: { isComplete: false } });
    expect(held.nodes).toHaveLength(100);
    expect(held.completeness.gaps).toEqual([{ missing: "groups after the first 200", code: "UPSTREAM_FORBIDDEN" }]);
  });

  it("finds the members of a new group as soon as memberships are read again, however long the group list lives", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [ann], groups: groups.slice(0, 1) }) });
    const counted = "{ grants(filter: { entitlements: [GROUP_MEMBERSHIP] }) { totalCount completeness { asOf } } }";
    expect((await stack.query(counted)).data.grants.totalCount).toBe(1);
    await stack.forgetCalls();
    stack.clock.shift(60 * secondMs);
    expect((await stack.query(counted)).data.grants.totalCount).toBe(1);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(0);
    stack.clock.shift(61 * secondMs);
    await stack.query(counted);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
  });
});
