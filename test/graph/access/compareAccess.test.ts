import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf } from "../../provisioning/ids.js";
import { type Stack, startStack } from "../../support/startStack.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2), human(3), human(4)],
  groups: [{ id: "g-writers", name: "writers", members: [human(1).accountId, human(2).accountId] }],
  roles: [{ id: "viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] }],
  spaces: [
    // By a group, and by a permission and a role of one's own: the same.
    space(1, {
      permissions: [permission("group", "g-writers"), permission("user", human(3).accountId)],
    }),
    space(2, {
      permissions: [
        permission("group", "g-writers"),
        permission("user", human(3).accountId),
        permission("user", human(1).accountId, "administer/space"),
      ],
    }),
    space(3, { permissions: [permission("user", human(3).accountId), permission("user", human(2).accountId)] }),
    // Held in vain.
    space(4, { permissions: [permission("user", human(1).accountId, "create/page")] }),
  ],
});

const compare = `query ($accounts: [ID!]!, $first: Int, $after: String, $wait: Int! = 5) {
  compareAccess(accounts: $accounts, first: $first, after: $after, wait: $wait) {
    totalCount pageInfo { hasNextPage endCursor } completeness { isComplete gaps { missing } }
    nodes { space { key } permissions { permission { operation target }
      allowed { displayName } denied { displayName } unknown { displayName } } }
  }
}`;
type Named = readonly { displayName: string }[];
type Difference = {
  space: { key: string };
  permissions: { permission: { operation: string; target: string }; allowed: Named; denied: Named; unknown: Named }[];
};
const told = (nodes: readonly Difference[]) =>
  nodes.flatMap(({ space: { key }, permissions }) =>
    permissions.map(({ permission: { operation, target }, allowed, denied, unknown }) => {
      const names = (some: Named) => some.map(({ displayName }) => displayName.replace("Human ", "")).join(" ");
      return `${key} ${operation}/${target}: ${names(allowed)} | ${names(denied)} | ${names(unknown)}`;
    }),
  );

describe("compareAccess", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world });
  });
  afterAll(() => stack.close());
  const ask = (accounts: readonly number[], more: object = {}) => {
    const ids = idsOf(stack.siteId);
    return stack.query(compare, { accounts: accounts.map((number) => ids.account(number)), ...more });
  };

  it("tells by space and permission what one has and another has not, however it is granted", async () => {
    const { data, errors } = await ask([1, 2, 3]);
    expect(errors).toBeUndefined();
    expect(data.compareAccess).toMatchObject({ totalCount: 2, completeness: { isComplete: true, gaps: [] } });
    expect(told(data.compareAccess.nodes)).toEqual(["S2 administer/space: 1 | 2 3 | ", "S3 read/space: 2 3 | 1 | "]);
  });

  it("finds nothing between an account and itself, and nothing in what is held in vain", async () => {
    const { data } = await ask([4, 4, 1]);
    expect(told(data.compareAccess.nodes)).toEqual([
      "S1 read/space: 1 | 4 | ",
      "S2 administer/space: 1 | 4 | ",
      "S2 read/space: 1 | 4 | ",
    ]);
  });

  it("is told page by page, by cursors of these accounts alone", async () => {
    const first = await ask([1, 4], { first: 1 });
    const { pageInfo, nodes } = first.data.compareAccess;
    expect(told(nodes)).toEqual(["S1 read/space: 1 | 4 | "]);
    const next = await ask([1, 4], { first: 1, after: pageInfo.endCursor });
    expect(next.data.compareAccess.pageInfo.hasNextPage).toBe(false);
    expect(next.data.compareAccess.nodes).toMatchObject([{ space: { key: "S2" } }]);
    const { errors } = await ask([2, 4], { after: pageInfo.endCursor });
    expect(errors).toMatchObject([{ extensions: { reason: "CURSOR_OF_ANOTHER_LIST" } }]);
  });

  it.each([
    [[1], {}, "INVALID_LIST_SIZE"],
    [[1, 1], {}, "INVALID_LIST_SIZE"],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], {}, "INVALID_LIST_SIZE"],
    [[1, 2], { wait: 31 }, "INVALID_WAIT"],
    [[1, 2], { wait: -1 }, "INVALID_WAIT"],
  ])("of %j with %j is refused: %s", async (accounts, more, reason) => {
    const { data, errors } = await ask(accounts, more);
    expect(data.compareAccess).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", reason } }]);
  });

  it("says that a space could not be read, where nobody knows who differs", async () => {
    await using other = await startStack({ world });
    await other.fail({ match: "GET /wiki/api/v2/spaces/1002/permissions", times: 99, status: 403 });
    const ids = idsOf(other.siteId);
    const { data } = await other.query(compare, { accounts: [ids.account(1), ids.account(4)] });
    expect(data.compareAccess.completeness.isComplete).toBe(false);
    expect(told(data.compareAccess.nodes)).toEqual(["S1 read/space: 1 | 4 | "]);
  });
});
