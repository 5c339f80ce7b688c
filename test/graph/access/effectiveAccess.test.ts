import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { idsOf } from "../../provisioning/ids.js";
import { type Stack, startStack } from "../../support/startStack.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const everybody = Array.from({ length: 60 }, (_, index) => human(index + 1).accountId);
const guest = { ...human(61), displayName: "Gail Guest", isExternalCollaborator: true };
const role = (principalType: string, principalId: string, roleId: string) => ({
  principal: { principalType, principalId },
  roleId,
});
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [...everybody.map((_, index) => human(index + 1)), guest, { ...human(62), accountStatus: "closed" }],
  groups: [
    { id: "g-readers", name: "readers", members: everybody.slice(0, 50) },
    { id: "g-writers", name: "writers", members: everybody.slice(0, 2) },
  ],
  roles: [
    { id: "role-1", type: "SYSTEM", name: "Writer", description: "", spacePermissions: ["read/space", "create/page"] },
  ],
  spaces: [
    space(1, {
      permissions: [
        permission("group", "g-readers"),
        permission("group", "g-writers", "create/page"),
        permission("user", everybody[0] ?? ""),
        permission("user", everybody[0] ?? "", "administer/space"),
        permission("user", guest.accountId),
        permission("user", human(62).accountId),
      ],
      roleAssignments: [role("USER", everybody[59] ?? "", "role-1")],
    }),
    space(2, { key: "ALL", permissions: [permission("access-class", "all-licensed-users")] }),
    space(3, { key: "OLD", status: "archived", permissions: [permission("user", everybody[0] ?? "")] }),
    space(4, { permissions: [permission("user", everybody[0] ?? "", "create/page")] }),
  ],
});

const whoCan = `query ($id: ID!, $first: Int = 100, $after: String, $filter: EffectiveAccountFilter, $orderBy: EffectiveAccountOrder, $wait: Int) {
  space(id: $id) { effectiveAccess(first: $first, after: $after, filter: $filter, orderBy: $orderBy, wait: $wait) {
    totalCount allowedCount unknownCount completeness { isComplete gaps { missing code } } pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor decision permission { operation target } permissions { operation target } unknownPermissions { operation } mayHoldMore
      isDirect pathCount node { accountId } }
  } } }`;
const whatCan = `query ($id: ID!, $filter: EffectiveSpaceFilter, $orderBy: EffectiveSpaceOrder) { account(id: $id) { effectiveAccess(filter: $filter, orderBy: $orderBy) {
  totalCount edges { decision isDirect pathCount permissions { operation } node { spaceId } }
} } }`;
const names = (permissions: readonly { operation: string; target: string }[]) =>
  permissions.map(({ operation, target }) => `${operation}/${target}`);
type Edge = { node: { accountId: string }; cursor: string };
const numbersOf = (edges: readonly Edge[]) => edges.map(({ node }) => Number(node.accountId.slice(-5)));

/** Gail comes before all the humans, whose numbers are words here. */
const byName = (numbers: number[]) => [61, ...numbers.filter((one) => one !== 61).sort()];
const accountIdOf = ({ node }: { readonly node: { readonly accountId: string } }) => node.accountId;

describe("effective access on Cloud", () => {
  let stack: Stack;
  let ids: ReturnType<typeof idsOf>;
  beforeAll(async () => {
    stack = await startStack({ world });
    ids = idsOf(stack.siteId);
  });
  afterAll(() => stack.close());
  beforeEach(() => stack.forgetCalls());
  const ask = async (filter: object | null = null, more: object = {}) => {
    const { data, errors } = await stack.query(whoCan, { id: ids.space(1), filter, ...more });
    expect(errors).toBeUndefined();
    return data.space.effectiveAccess;
  };
  const refused = async (document: string, variables: object) => {
    const { errors } = await stack.query(document, { id: ids.space(1), ...variables });
    return errors?.[0]?.extensions;
  };
  const index =
    "{ sites { index { state isReadHere progress { done total estimateMs } asOf bytes ttlMs wantedTtlMs quotaShare isComplete gaps { missing } } } }";

  it("is there once the index was read, and says what is missing before", async () => {
    const before = await stack.query(index);
    expect(before.extensions?.completeness).toBeUndefined();
    expect(before.data.sites[0].index).toMatchObject({ state: "EMPTY", asOf: null, isComplete: false });
    const early = await stack.query(whoCan, { id: ids.space(1), wait: 0 });
    expect(early.data.space.effectiveAccess).toMatchObject({ totalCount: null, completeness: { isComplete: false } });
    const found = await ask();
    expect(found).toMatchObject({
      totalCount: 52,
      allowedCount: 52,
      unknownCount: 0,
      completeness: { isComplete: true },
    });
    const after = await stack.query(index);
    expect(after.errors).toBeUndefined();
    expect(after.data.sites[0].index).toMatchObject({
      state: "READY",
      isComplete: true,
      gaps: [],
      isReadHere: true,
      wantedTtlMs: 3_600_000,
      quotaShare: 0.25,
    });
    expect(after.data.sites[0].index.bytes).toBeGreaterThan(1_000);
    expect(Date.parse(after.data.sites[0].index.asOf)).toBeGreaterThan(0);
  });

  it("names everyone who can, with what and by how many ways: no call beside what the accounts' own fields need", async () => {
    await ask();
    await stack.forgetCalls();
    const { edges } = await ask();
    expect(stack.calls()).toEqual([]);
    expect(numbersOf(edges)).toEqual([...Array.from({ length: 50 }, (_, at) => at + 1), 60, 61]);
    expect(edges[0]).toMatchObject({ decision: "ALLOWED", isDirect: true, pathCount: 2, mayHoldMore: false });
    expect(names(edges[0].permissions)).toEqual(["administer/space", "create/page", "read/space"]);
    expect(edges[1]).toMatchObject({
      isDirect: false,
      pathCount: 1,
      permission: { operation: "read", target: "space" },
    });
    expect(names(edges[2].permissions)).toEqual(["read/space"]);
    expect(names(edges[50].permissions)).toEqual(["create/page", "read/space"]);
    const document = `query ($id: ID!) { space(id: $id) { effectiveAccess(first: 60) { nodes { displayName } edges { node { status } } } } }`;
    const { data } = await stack.query(document, { id: ids.space(1) });
    expect(data.space.effectiveAccess.nodes[51]).toEqual({ displayName: "Gail Guest" });
    expect(stack.calls().map((call) => call.split("?")[0])).toEqual(["POST /wiki/api/v2/users-bulk"]);
  });

  it("tells for those who ask through which grants, and why", async () => {
    await ask();
    const document = `query ($id: ID!) { space(id: $id) { effectiveAccess(first: 2) { edges {
      paths(first: 1) { grants { principal { ... on Account { accountId } ... on Group { groupId } } resource { ... on Space { spaceId } ... on Group { groupId } } } }
      all: paths { isSuperUser }
      why { decision pathCount assumptions completeness { isComplete } account { accountId } }
    } } } }`;
    const { data, errors } = await stack.query(document, { id: ids.space(1) });
    expect(errors).toBeUndefined();
    const [first, second] = data.space.effectiveAccess.edges;
    expect(first.paths).toEqual([
      { grants: [{ principal: { accountId: everybody[0] }, resource: { spaceId: "1001" } }] },
    ]);
    expect(first.all).toHaveLength(2);
    expect(second.paths[0].grants).toEqual([
      { principal: { accountId: everybody[1] }, resource: { groupId: "g-readers" } },
      { principal: { groupId: "g-readers" }, resource: { spaceId: "1001" } },
    ]);
    expect(second.why).toMatchObject({
      decision: "ALLOWED",
      pathCount: 1,
      assumptions: ["LICENSED"],
      completeness: { isComplete: true },
      account: { accountId: everybody[1] },
    });
  });

  it.each<[string, object, number[]]>([
    ["permission, in any letter case", { permissions: [{ operation: "CREATE", target: "page" }] }, [1, 2, 60]],
    [
      "any of several permissions",
      {
        permissions: [
          { operation: "administer", target: "space" },
          { operation: "create", target: "page" },
        ],
        isDirect: true,
      },
      [1, 60],
    ],
    ["kind", { kinds: ["GUEST"] }, [61]],
    ["status", { statuses: ["CLOSED"] }, []],
    ["text", { text: "gail" }, [61]],
    ["certainty", { decision: "UNKNOWN" }, []],
    ["not itself", { isDirect: false, text: "human 1" }, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]],
  ])("is narrowed by %s", async (_what, filter, wanted) => {
    const { edges, totalCount } = await ask(filter);
    expect(numbersOf(edges)).toEqual(wanted);
    expect(totalCount).toBe(wanted.length);
  });

  it("is narrowed by the group that somebody comes by it through, and shows of the permissions those asked for", async () => {
    const permissions = [{ operation: "create", target: "page" }];
    const { edges } = await ask({ permissions, viaGroup: ids.group("g-writers") });
    expect(numbersOf(edges)).toEqual([1, 2]);
    expect(edges.map((edge: { permissions: [] }) => names(edge.permissions))).toEqual([
      ["create/page"],
      ["create/page"],
    ]);
    expect(edges[0].permission).toEqual(permissions[0]);
  });

  it("comes in pages of one order, each cursor good for its own list", async () => {
    const seen: number[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const page: { edges: Edge[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = await ask(null, {
        first: 20,
        after,
      });
      seen.push(...numbersOf(page.edges));
      expect(page.pageInfo).toMatchObject({ hasPreviousPage: after !== null, endCursor: page.edges.at(-1)?.cursor });
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual([...Array.from({ length: 50 }, (_, at) => at + 1), 60, 61]);
    expect(await refused(whoCan, { after, filter: { text: "a" } })).toMatchObject({ reason: "CURSOR_OF_ANOTHER_LIST" });
    expect(await refused(whoCan, { first: 0 })).toMatchObject({ reason: "INVALID_PAGE_SIZE" });
  });

  it.each<[object, (from: number[]) => number[]]>([
    [{ field: "DISPLAY_NAME" }, byName],
    [{ field: "DISPLAY_NAME", direction: "DESC" }, (all) => byName(all).reverse()],
    [{ field: "ID", direction: "DESC" }, (all) => [...all].reverse()],
  ])("comes in the order %j, page by page, by cursors of that order alone", async (orderBy, order) => {
    const seen: number[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const page: { edges: Edge[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } } =
        await ask({ text: "a" }, { first: 20, after, orderBy });
      expect(page.totalCount).toBe(52);
      seen.push(...numbersOf(page.edges));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(order([...Array.from({ length: 50 }, (_, at) => at + 1), 60, 61]));
    const another = { after, filter: { text: "a" } };
    expect(await refused(whoCan, another)).toMatchObject({ reason: "CURSOR_OF_ANOTHER_LIST" });
  });

  it("refuses what was mistyped, and waits that are too long", async () => {
    await ask();
    const mistyped = { permissions: [{ operation: "raed", target: "space" }] };
    expect(await refused(whoCan, { filter: mistyped })).toMatchObject({
      code: "BAD_USER_INPUT",
      reason: "UNKNOWN_OPERATION",
      argument: "permissions",
    });
    expect(await refused(whoCan, { wait: 31 })).toMatchObject({ reason: "INVALID_WAIT", argument: "wait" });
    expect(await refused(whoCan, { filter: { viaGroup: ids.space(1) } })).toMatchObject({ reason: "INVALID_ID" });
  });

  it("tells where one account can do something, archived spaces too, and nothing where it may not read", async () => {
    const where = async (number: number, filter: object | null = null, orderBy: object | null = null) => {
      const { data, errors } = await stack.query(whatCan, { id: ids.account(number), filter, orderBy });
      expect(errors).toBeUndefined();
      return data.account.effectiveAccess.edges.map((edge: { node: { spaceId: string } }) => edge.node.spaceId);
    };
    expect(await where(1)).toEqual(["1001", "1002", "1003"]);
    expect(await where(1, { statuses: ["ARCHIVED"] })).toEqual(["1003"]);
    expect(await where(1, { text: "all" })).toEqual(["1002"]);
    expect(await where(1, { permissions: [{ operation: "create", target: "page" }] })).toEqual(["1001"]);
    expect(await where(1, null, { field: "ID", direction: "DESC" })).toEqual(["1003", "1002", "1001"]);
    expect(await where(1, null, { field: "KEY" })).toEqual(["1002", "1003", "1001"]);
    expect(await where(1, null, { field: "NAME", direction: "DESC" })).toEqual(["1003", "1002", "1001"]);
    expect(await where(1, { text: "s" }, { field: "KEY", direction: "DESC" })).toEqual(["1001", "1003", "1002"]);
    expect(await where(61)).toEqual(["1001"]);
    expect(await where(62)).toEqual([]);
    await stack.forgetCalls();
    const document = `query ($id: ID!) { account(id: $id) { effectiveAccess { nodes { key name } } } }`;
    const { data } = await stack.query(document, { id: ids.account(1) });
    expect(data.account.effectiveAccess.nodes.map(({ key }: { key: string }) => key)).toEqual(["S1", "ALL", "OLD"]);
    // One batch, asked for by status, as for any spaces by their ids.
    expect(stack.calls().every((call) => call.startsWith("GET /wiki/api/v2/spaces?ids="))).toBe(true);
    expect(stack.calls()).toHaveLength(3);
  });

  it("makes no row where only their number is asked for", async () => {
    const asked = vi.spyOn(AccessIndex.prototype, "whoCan");
    const document = `query ($id: ID!) { space(id: $id) { effectiveAccess(first: 1000) { totalCount allowedCount } } }`;
    const { data } = await stack.query(document, { id: ids.space(2) });
    const pages = asked.mock.calls.map(([, , page]) => page.first);
    asked.mockRestore();
    expect(data.space.effectiveAccess).toEqual({ totalCount: 60, allowedCount: 60 });
    expect(pages).toEqual([0]);
  });

  it("expands an access class", async () => {
    const document = `query ($id: ID!, $after: String) { space(id: $id) { holders { nodes { principal { ... on AccessClass { classId members(first: 2, after: $after) {
      totalCount allowedCount edges { decision node { accountId } } pageInfo { hasNextPage endCursor }
    } } } } } } }`;
    const { data, errors } = await stack.query(document, { id: ids.space(2) });
    expect(errors).toBeUndefined();
    expect(data.space.holders.nodes[0].principal).toMatchObject({
      classId: "all-licensed-users",
      members: {
        totalCount: 60,
        allowedCount: 60,
        edges: [
          { decision: "ALLOWED", node: { accountId: everybody[0] } },
          { decision: "ALLOWED", node: { accountId: everybody[1] } },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
    const after = data.space.holders.nodes[0].principal.members.pageInfo.endCursor;
    const next = await stack.query(document, { id: ids.space(2), after });
    expect(next.data.space.holders.nodes[0].principal.members.edges.map(accountIdOf)).toEqual(everybody.slice(2, 4));
  });

  it("tells the holders of a space, a row each, from the calls of its grants alone", async () => {
    await using fresh = await startStack({ world });
    const document = `query ($id: ID!, $filter: GrantFilter) { space(id: $id) { holders(filter: $filter) { totalCount completeness { isComplete } nodes {
      principal { ... on Account { accountId } ... on Group { groupId } } permissions { operation target } roles { name } grants { id }
    } } } }`;
    const { data, errors } = await fresh.query(document, { id: idsOf(fresh.siteId).space(1) });
    expect(errors).toBeUndefined();
    const rows = data.space.holders.nodes.map(
      (row: { principal: Record<string, string>; permissions: []; roles: { name: string }[]; grants: [] }) =>
        [
          Object.values(row.principal)[0],
          names(row.permissions).join(),
          row.roles.map(({ name }) => name).join(),
          row.grants.length,
        ].join(" "),
    );
    expect(rows).toEqual([
      `${everybody[0]} administer/space,read/space  2`,
      `${everybody[59]} create/page,read/space Writer 1`,
      `${guest.accountId} read/space  1`,
      `${human(62).accountId} read/space  1`,
      "g-readers read/space  1",
      "g-writers create/page  1",
    ]);
    expect(data.space.holders).toMatchObject({ totalCount: 6, completeness: { isComplete: true } });
    expect(fresh.countCalls("GET", /permissions$/)).toBe(1);
    expect(fresh.countCalls("GET", /role-assignments$/)).toBe(1);
    expect(fresh.countCalls("GET", /membersByGroupId$/)).toBe(0);
    const filter = { operations: ["administer"] };
    const narrowed = await fresh.query(document, { id: idsOf(fresh.siteId).space(1), filter });
    expect(narrowed.data.space.holders.nodes).toEqual([data.space.holders.nodes[0]]);
  });
});
