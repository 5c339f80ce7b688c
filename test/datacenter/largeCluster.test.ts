import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateWorld } from "../../sandbox/src/world/generation/generateWorld.js";
import type { DataCenterWorld } from "../../sandbox/src/world/World.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { distancesBelow } from "./distancesBelow.js";
import { readWholeList } from "./readWholeList.js";

const whole = "completeness { isComplete gaps { missing reason } }";

interface ShownGroup {
  readonly name: string;
  readonly members: { readonly totalCount: number };
  readonly memberGroups: { readonly totalCount: number; readonly nodes: readonly { readonly name: string }[] };
}

interface ShownSpace {
  readonly key: string;
  readonly status: string;
  readonly grants: { readonly totalCount: number; readonly nodes: readonly ShownGrant[] };
}

interface ShownGrant {
  readonly principal: {
    readonly __typename: string;
    readonly accountId?: string;
    readonly groupId?: string;
    readonly classId?: string;
  };
  readonly entitlement: { readonly permission: { readonly operation: string; readonly target: string } };
}

interface ShownMember {
  readonly account: { readonly accountId: string; readonly username: string };
  readonly path: readonly { readonly name: string }[];
}

/** 10,000 users, 800 groups in one another, 1,500 spaces with some 73,000 permissions. */
describe("a large cluster", () => {
  let world: DataCenterWorld;
  let stack: DataCenterStack;
  beforeAll(async () => {
    const { dataCenter } = generateWorld("random:cluster:dc-users=10000,dc-groups=800,dc-spaces=1500,dc-version=9.2.0");
    if (dataCenter === undefined) throw new Error("the world has no Data Center half");
    world = dataCenter;
    stack = await startDataCenterStack({ world: { dataCenter } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  /** Reads the list twice: the second time must cost no call and give the same. Answers what the first time took. */
  async function readTwice<Item>(read: () => Promise<readonly Item[]>) {
    await stack.forgetCalls();
    const items = await read();
    const calls = countByRoute(stack.calls());
    await stack.forgetCalls();
    // As text: what compares part by part takes seconds for so many grants.
    expect(JSON.stringify(await read()) === JSON.stringify(items)).toBe(true);
    expect(stack.calls()).toEqual([]);
    return { items, calls };
  }

  it("gives all 10,000 accounts with their facts in 50 calls", async () => {
    const selection = "accountId username displayName status";
    const { items, calls } = await readTwice(() =>
      readWholeList<Readonly<Record<string, string>>>(stack, "accounts", { selection, first: 1_000 }),
    );
    expect(calls).toEqual({ "GET /rest/api/user/list": 10_000 / 200 });
    const statuses = {
      current: "ACTIVE",
      unlicensed: "ACTIVE",
      deactivated: "DEACTIVATED",
      externally_deleted: "CLOSED",
    };
    const expected = world.users.map(({ userKey, username, displayName, status }) => ({
      accountId: userKey,
      username,
      displayName,
      status: statuses[status],
    }));
    expect([...items].sort(byAccountId)).toEqual(expected.sort(byAccountId));
  });

  it("gives all 800 groups with how many members each has and the groups in it, in one chain of calls a list", async () => {
    const selection = `name members(first: 1) { totalCount ${whole} }
      memberGroups(first: 1000) { totalCount nodes { name } ${whole} }`;
    const { items, calls } = await readTwice(() =>
      readWholeList<ShownGroup>(stack, "groups", { selection, first: 1_000 }),
    );
    expect(calls).toEqual({
      "GET /rest/api/group": 1,
      "GET /rest/api/group/{name}/groupmember": 800,
      "GET /rest/api/group/{name}/member": sum(world.groups, ({ members }) =>
        Math.max(1, Math.ceil(members.length / 200)),
      ),
    });
    expect(new Map(items.map(({ name, members }) => [name, members.totalCount]))).toEqual(
      new Map(world.groups.map(({ name, members }) => [name, members.length])),
    );
    const childrenOf = new Map(
      items.map(({ name, memberGroups }) => [name, memberGroups.nodes.map((child) => child.name).sort()]),
    );
    expect(childrenOf).toEqual(new Map(world.groups.map(({ name, groups = [] }) => [name, [...groups].sort()])));
  });

  it("gives all 1,500 spaces with every permission, in one call a space", async () => {
    const selection = `key status grants(first: 1000) { totalCount ${whole} nodes {
      principal { __typename ... on Account { accountId } ... on Group { groupId } ... on AccessClass { classId } }
      entitlement { ... on SpacePermission { permission { operation target } } }
    } }`;
    const args = "filter: { statuses: [CURRENT, ARCHIVED] }";
    const { items, calls } = await readTwice(() =>
      readWholeList<ShownSpace>(stack, "spaces", { args, selection, first: 500 }),
    );
    const pagesOf = (status: string) => Math.ceil(world.spaces.filter((each) => each.status === status).length / 200);
    expect(calls).toEqual({
      "GET /rest/api/space": pagesOf("current") + pagesOf("archived"),
      "GET /rest/api/space/{key}/permissions": 1_500,
    });
    expect(new Map(items.map(({ key, status }) => [key, status]))).toEqual(
      new Map(world.spaces.map(({ key, status }) => [key, status.toUpperCase()])),
    );
    const shown = items.flatMap(({ key, grants }) => grants.nodes.map((grant) => showGrant(key, grant)));
    expect(shown.length).toBeGreaterThan(60_000);
    expect(shown.sort()).toEqual(world.spaces.flatMap(showRows).sort());
  });

  it("counts every grant of the site in one list: permissions, memberships, and groups in groups", async () => {
    const { data } = await stack.query(`{
      permissions: grants(first: 1, filter: { entitlements: [SPACE_PERMISSION] }) { totalCount ${whole} }
      memberships: grants(first: 1, filter: { entitlements: [GROUP_MEMBERSHIP] }) { totalCount ${whole} }
    }`);
    const isWhole = { isComplete: true, gaps: [] };
    expect(data).toEqual({
      permissions: { totalCount: sum(world.spaces, ({ permissions }) => permissions.length), completeness: isWhole },
      memberships: {
        totalCount: sum(world.groups, ({ members, groups = [] }) => members.length + groups.length),
        completeness: isWhole,
      },
    });
  });

  it("reaches everyone below a five storeys' nesting by the shortest way, each once, and the way is really there", async () => {
    const depths = world.groups.map(({ name }) => ({
      name,
      storeys: Math.max(...distancesBelow(world.groups, name).values()) + 1,
    }));
    const top = depths.find(({ storeys }) => storeys === 5)?.name ?? "";
    expect(top).not.toBe("");
    const members = await expectWholeNest(top);
    expect(Math.max(...members.map(({ path }) => path.length))).toBe(5);
  });

  it("ends where groups are in each other", async () => {
    const inItself = world.groups.find(({ name, groups = [] }) =>
      groups.some((child) => world.groups.find((each) => each.name === child)?.groups?.includes(name)),
    );
    expect(inItself).toBeDefined();
    await expectWholeNest(inItself?.name ?? "");
  });

  async function expectWholeNest(top: string): Promise<readonly ShownMember[]> {
    const selection = "account { accountId username } path { name }";
    const parent = `group(name: ${JSON.stringify(top)})`;
    const members = await readWholeList<ShownMember>(stack, "allMembers", { parent, selection, first: 1_000 });
    const distances = distancesBelow(world.groups, top);
    const groupNamed = new Map(world.groups.map((group) => [group.name, group]));
    /** How far away each user is: that of the nearest group that holds them. */
    const expected = new Map<string, number>();
    for (const [name, distance] of distances) {
      for (const username of groupNamed.get(name)?.members ?? []) {
        expected.set(username, Math.min(distance, expected.get(username) ?? Number.POSITIVE_INFINITY));
      }
    }
    expect(new Map(members.map(({ account, path }) => [account.username, path.length - 1]))).toEqual(expected);
    expect(members).toHaveLength(expected.size);
    const broken = members.filter(({ account, path }) => {
      const names = path.map(({ name }) => name);
      const isHeld = groupNamed.get(names[0] ?? "")?.members.includes(account.username) === true;
      const isChain = names.every(
        (name, at) => at === 0 || groupNamed.get(name)?.groups?.includes(names[at - 1] ?? ""),
      );
      return !isHeld || !isChain || names.at(-1) !== top;
    });
    expect(broken).toEqual([]);
    return members;
  }
});

function sum<Item>(items: readonly Item[], sizeOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + sizeOf(item), 0);
}

function byAccountId(left: { readonly accountId?: string }, right: { readonly accountId?: string }): number {
  return (left.accountId ?? "") < (right.accountId ?? "") ? -1 : 1;
}

/** Calls by method and path, names left out. */
function countByRoute(calls: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const call of calls) {
    const [method = "", path = ""] = (call.split("?")[0] ?? "").split(/ (.*)/);
    const route = path
      .replace("/confluence", "")
      .replace(/(\/group)\/.+(\/\w+)$/, "$1/{name}$2")
      .replace(/(\/space)\/.+(\/\w+)$/, "$1/{key}$2");
    counts[`${method} ${route}`] = (counts[`${method} ${route}`] ?? 0) + 1;
  }
  return counts;
}

function showGrant(key: string, { principal, entitlement }: ShownGrant): string {
  const { operation, target } = entitlement.permission;
  return `${key}: ${operation}/${target} to ${principal.__typename} ${principal.accountId ?? principal.groupId ?? principal.classId}`;
}

/** Two operations that go by Cloud's names here. */
const renamed: Readonly<Record<string, string>> = {
  "delete_own/space": "delete/space",
  "restrict/space": "restrict_content/space",
};

function showRows({ key, permissions }: DataCenterWorld["spaces"][number]): string[] {
  return permissions.map(({ subject, operation }) => {
    const pair = `${operation.operationKey}/${operation.targetType}`;
    const holder =
      subject.type === "user"
        ? `Account ${subject.userKey}`
        : subject.type === "group"
          ? `Group ${subject.name}`
          : `AccessClass ${subject.type === "anonymous" ? "anonymous-users" : subject.type}`;
    return `${key}: ${renamed[pair] ?? pair} to ${holder}`;
  });
}
