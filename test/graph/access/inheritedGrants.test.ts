import { describe, expect, it } from "vitest";
import { dataCenterIds } from "../../provisioning/dataCenterIds.js";
import { idsOf } from "../../provisioning/ids.js";
import { dcUsers, smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../../support/startDataCenterStack.js";
import { startStack } from "../../support/startStack.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const document = `query ($id: ID!, $first: Int = 100, $after: String, $filter: GrantFilter, $includeInherited: Boolean = true) {
  account(id: $id) { grants(first: $first, after: $after, filter: $filter, includeInherited: $includeInherited) {
    totalCount completeness { isComplete gaps { missing } } pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { inheritance { decision memberships { resource { ... on Group { groupId } } } }
      node { id principal { ... on Account { accountId } ... on Group { groupId } ... on AccessClass { classId } }
        resource { ... on Group { groupId } ... on Space { spaceId } ... on Site { deployment } } permissions { operation target } } }
  } } }`;

interface Edge {
  readonly inheritance: { readonly decision: string; readonly memberships: { readonly resource: object }[] } | null;
  readonly node: {
    readonly id: string;
    readonly principal: object;
    readonly resource: object;
    readonly permissions: [];
  };
}

/** `a read/space 131073 by c>b>a`: who holds what where, and the way to it. */
function told({ inheritance, node }: Edge): string {
  const what = node.permissions.map(({ operation, target }) => `${operation}/${target}`).join();
  const [who, where] = [node.principal, node.resource].map((each) => Object.values(each)[0]);
  const way = inheritance?.memberships.map(({ resource }) => Object.values(resource)[0]).join(">");
  return `${who} ${what || "in"} ${where}${inheritance === null ? "" : ` by ${way || "itself"}`}`;
}

describe("the grants of an account with those that it inherits", () => {
  it("are on Data Center those of its groups, of groups that those are in, and of its classes, each with the way", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld() });
    const ids = dataCenterIds(stack.siteId);
    const me = dcUsers.cara;
    const { data, errors } = await stack.query(document, { id: ids.account(me) });
    expect(errors).toBeUndefined();
    const { edges, totalCount, completeness } = data.account.grants;
    expect(edges.map(told)).toEqual([
      "confluence-users create/personal_space DATA_CENTER by confluence-users",
      "anonymous-users use/application DATA_CENTER by itself",
      "confluence-users use/application DATA_CENTER by confluence-users",
      `${me} in c`,
      `${me} in confluence-users`,
      "b in a by c>b",
      "c in b by c",
      "a create/page 131073 by c>b>a",
      "a read/space 131073 by c>b>a",
      "confluence-users create/comment 131074 by confluence-users",
      "anonymous-users read/space 131074 by itself",
      "confluence-users read/space 131074 by confluence-users",
      "c read/space 131076 by c",
    ]);
    // Whether it is in the one group that no path can name, and what that gives, nobody can say.
    expect(completeness.gaps.map(({ missing }: { missing: string }) => missing)).toEqual([
      "members of group docs/web",
      "groups in group docs/web",
    ]);
    expect(totalCount).toBeNull();
    // What it holds itself is among them as it is without.
    const own = await stack.query(document, { id: ids.account(me), includeInherited: false });
    const idsIn = (list: readonly Edge[]) => list.map(({ node }) => node.id);
    expect(idsIn(own.data.account.grants.edges)).toEqual(
      idsIn(edges.filter(({ inheritance }: Edge) => inheritance === null)),
    );
    // A leaver still is in its groups, and belongs to no class.
    const left = await stack.query(document, {
      id: ids.account(dcUsers.fay),
      filter: { entitlements: ["SPACE_PERMISSION"] },
    });
    const ofLeaver = left.data.account.grants.edges.map(told);
    expect(ofLeaver).toContain("d read/space 131073 by d");
    expect(ofLeaver.filter((each: string) => each.startsWith("anonymous"))).toEqual([]);
  });

  it("come on Cloud in pages, without a call once the index is there, and only those that a filter wants", async () => {
    const me = human(1).accountId;
    const rows = [
      permission("group", "staff"),
      permission("user", me, "create/page"),
      permission("access-class", "all-licensed-users"),
    ];
    const world = cloudWorld({
      accounts: [human(1), human(2)],
      groups: [
        { id: "staff", name: "Staff", members: [me] },
        { id: "others", name: "Others", members: [human(2).accountId] },
      ],
      spaces: Array.from({ length: 20 }, (_, at) =>
        space(at + 1, { permissions: [...rows, permission("group", "others")] }),
      ),
    });
    await using stack = await startStack({ world });
    const ids = idsOf(stack.siteId);
    const ask = async (more: object = {}) => {
      const { data, errors } = await stack.query(document, { id: ids.account(1), ...more });
      expect(errors).toBeUndefined();
      return data.account.grants;
    };
    const all = await ask();
    expect(all).toMatchObject({ totalCount: 61, completeness: { isComplete: true } });
    expect(all.edges.map(told)).toContain("staff read/space 1020 by staff");
    await stack.forgetCalls();
    const seen: Edge[] = [];
    for (let after: string | null = null, hasMore = true; hasMore; ) {
      const page: Awaited<ReturnType<typeof ask>> = await ask({ first: 7, after });
      expect(page).toMatchObject({ totalCount: 61, pageInfo: { hasPreviousPage: after !== null } });
      seen.push(...page.edges);
      ({ endCursor: after, hasNextPage: hasMore } = page.pageInfo);
    }
    expect(seen).toEqual(all.edges);
    expect(stack.calls()).toEqual([]);
    const uncounted = document.replace("totalCount", "");
    const { data } = await stack.query(uncounted, {
      id: ids.account(1),
      first: 7,
      after: (await ask({ first: 7 })).pageInfo.endCursor,
    });
    expect(data.account.grants.edges).toEqual(all.edges.slice(7, 14));
    const toldBy = async (filter: object) => (await ask({ filter })).edges.map(told);
    expect(await toldBy({ spaces: [ids.space(3)] })).toEqual(
      [`${me} create/page 1003`, "staff read/space 1003 by staff", "all-licensed-users read/space 1003 by itself"]
        .sort((left, right) => Number(left < right) - Number(left > right))
        .reverse(),
    );
    expect(await toldBy({ principals: [ids.group("staff")], spaces: [ids.space(3)] })).toEqual([
      "staff read/space 1003 by staff",
    ]);
    expect(await toldBy({ groups: [ids.group("staff")] })).toEqual([`${me} in staff`]);
    expect(await toldBy({ operations: ["create"], spaces: [ids.space(3)] })).toEqual([`${me} create/page 1003`]);
  });
});
