import { describe, expect, it } from "vitest";
import { defaultWorld } from "../../../../sandbox/src/world/generation/defaultWorld.js";
import { generateWorld } from "../../../../sandbox/src/world/generation/generateWorld.js";
import { parseWorld } from "../../../../sandbox/src/world/loadWorld.js";
import {
  type DataCenterGroup,
  type DataCenterWorld,
  InvalidWorld,
  type World,
} from "../../../../sandbox/src/world/World.js";
import { cpuMs } from "../../../support/cpuMs.js";
import {
  dcGroups,
  dcSpacePermissions,
  dcSpaces,
  dcUsers,
  smallDataCenterWorld,
} from "../../../support/dataCenterWorlds.js";
import { groupDepth } from "./groupDepth.js";

function dataCenterOf({ dataCenter }: World): DataCenterWorld {
  if (dataCenter === undefined) throw new Error("no Data Center half");
  return dataCenter;
}

const plain = (world: World): unknown => JSON.parse(JSON.stringify(world));
const names = (operations: readonly { operationKey: string; targetType: string }[]): Set<string> =>
  new Set(operations.map(({ operationKey, targetType }) => `${operationKey}/${targetType}`));
const membersOf = ({ groups }: DataCenterWorld, name: string): readonly string[] =>
  groups.find((group) => group.name === name)?.members ?? [];

/** People with an e-mail on both halves: whom `identity(email)` joins. */
function joinable({ cloud, dataCenter }: World): string[] {
  const known = new Set(cloud?.accounts.map(({ email }) => email ?? ""));
  return (dataCenter?.users ?? []).map(({ email }) => email).filter((email) => email !== "" && known.has(email));
}

/** What every Data Center world that shows everything holds. */
function expectEveryKind({ users, groups, spaces, globalPermissions }: DataCenterWorld): void {
  const userKeys = new Set(users.map(({ userKey }) => userKey));
  const groupNames = new Set(groups.map(({ name }) => name));
  const rows = spaces.flatMap(({ permissions }) => permissions);
  expect(new Set(users.map(({ status }) => status))).toEqual(
    new Set(["current", "deactivated", "externally_deleted", "unlicensed"]),
  );
  const current = users.filter(({ status }) => status === "current");
  expect(current.some(({ lastLogin }) => lastLogin === undefined)).toBe(true);
  expect(current.some(({ lastLogin = "9" }) => lastLogin < "2026-08-01")).toBe(true);
  expect(current.some(({ lastLogin = "" }) => lastLogin > "2026-11-01")).toBe(true);
  expect(groups.some(({ members, groups: children = [] }) => members.length + children.length === 0)).toBe(true);
  expect(new Set(spaces.map(({ type }) => type))).toEqual(new Set(["global", "personal"]));
  expect(new Set(spaces.map(({ status }) => status))).toEqual(new Set(["current", "archived"]));
  expect(spaces.every(({ type, key }) => (type === "personal") === key.startsWith("~"))).toBe(true);
  expect(spaces.some(({ creator }) => creator === undefined)).toBe(true);
  expect(new Set(rows.map(({ subject }) => subject.type))).toEqual(
    new Set(["user", "group", "anonymous", "unlicensed"]),
  );
  expect(rows.some(({ subject }) => subject.userKey !== undefined && !userKeys.has(subject.userKey))).toBe(true);
  expect(rows.some(({ subject }) => subject.type === "group" && !groupNames.has(subject.name ?? ""))).toBe(true);
  expect(names(rows.map(({ operation }) => operation))).toEqual(new Set([...dcSpacePermissions, "export/page"]));
  expect(names(globalPermissions.map(({ operation }) => operation))).toEqual(
    new Set([
      "use/application",
      "use_unlicensed/application",
      "administer/application",
      "administer/system",
      "create/space",
      "create/personal_space",
    ]),
  );
}

/** The same row twice would be one after a walk through the sandbox. */
function expectEachOnce(dataCenter: DataCenterWorld): void {
  for (const { key, permissions } of dataCenter.spaces) {
    expect(new Set(permissions.map((row) => JSON.stringify(row))).size, key).toBe(permissions.length);
  }
  for (const { name, members } of dataCenter.groups) {
    expect(new Set(members.map((member) => member.toLowerCase())).size, name).toBe(members.length);
  }
}

/** Every member and every child group is somebody. */
function expectNoStrangers({ users, groups }: DataCenterWorld): void {
  const usernames = new Set(users.map(({ username }) => username.toLowerCase()));
  const groupNames = new Set(groups.map(({ name }) => name));
  expect(groups.flatMap(({ members }) => members).filter((name) => !usernames.has(name.toLowerCase()))).toEqual([]);
  expect(groups.flatMap(({ groups: children = [] }) => children).filter((name) => !groupNames.has(name))).toEqual([]);
}

describe("the Data Center half of the default world", () => {
  const world = defaultWorld();
  const dataCenter = dataCenterOf(world);

  it("is valid, the same every time, and shows everything", () => {
    expect(defaultWorld().dataCenter).toEqual(dataCenter);
    expect(parseWorld(plain(world))).toEqual(world);
    expect([dataCenter.version, dataCenter.contextPath]).toEqual(["10.2.0", "/confluence"]);
    expectEveryKind(dataCenter);
    expectEachOnce(dataCenter);
    expectNoStrangers(dataCenter);
    expect(dataCenter.users.length).toBeGreaterThan(190);
    expect(dataCenter.groups.length).toBeGreaterThan(26);
    expect(dataCenter.spaces.length).toBeGreaterThan(29);
  });

  it("has one administrator by name, in both default groups", () => {
    expect(dataCenter.administrators).toEqual(["confluence-administrators"]);
    expect(membersOf(dataCenter, "confluence-administrators")).toEqual(["admin"]);
    expect(membersOf(dataCenter, "confluence-users")).toContain("admin");
    expect(dataCenter.users[0]).toMatchObject({ username: "admin", status: "current", email: "admin@sandbox.test" });
  });

  it("shares at least sixty active people with the Cloud half, by e-mail, not by name of account", () => {
    const active = dataCenter.users.filter(({ status }) => status === "current");
    expect(joinable({ ...world, dataCenter: { ...dataCenter, users: active } }).length).toBeGreaterThanOrEqual(60);
    expect(joinable(world).length).toBeLessThan(dataCenter.users.length);
    const suspended = world.cloud?.accounts.filter(({ orgStatus }) => orgStatus === "suspended") ?? [];
    expect(suspended.some(({ email }) => active.some((user) => user.email === email))).toBe(true);
  });

  it("nests its groups five deep, with people whom nesting alone puts into a group, and one cycle", () => {
    expect(groupDepth(dataCenter.groups)).toEqual({ depth: 5, isCyclic: true });
    const without = dataCenter.groups.filter(({ name }) => !name.startsWith("docs-"));
    expect(groupDepth(without)).toEqual({ depth: 5, isCyclic: false });
    const nested = membersOf(dataCenter, "platform-oncall-primary");
    const direct = membersOf(dataCenter, "engineering");
    expect(nested.some((member) => !direct.includes(member))).toBe(true);
  });

  it("has the names that make trouble", () => {
    const usernames = dataCenter.users.map(({ username }) => username);
    const groupNames = dataCenter.groups.map(({ name }) => name);
    expect(usernames.filter((username) => groupNames.includes(username))).toEqual(["webmaster"]);
    // A group whose members cannot be asked for would make every reading of the first minutes incomplete.
    expect(groupNames.filter((name) => name.includes("/"))).toEqual([]);
    const cased = usernames.filter((username) => username !== username.toLowerCase() && username.includes("@"));
    expect(cased).toHaveLength(1);
    expect(membersOf(dataCenter, "marketing")).toContain(cased[0]?.toLowerCase());
    expect(membersOf(dataCenter, "marketing")).not.toContain(cased[0]);
  });

  it("has a space whose only administrator is deactivated", () => {
    const statuses = new Map(dataCenter.users.map(({ userKey, status }) => [userKey, status]));
    const administrators = dataCenter.spaces
      .find(({ key }) => key === "LEGACY")
      ?.permissions.filter(({ operation }) => operation.operationKey === "administer");
    expect(administrators?.map(({ subject }) => statuses.get(subject.userKey ?? ""))).toEqual(["deactivated"]);
  });

  it("lets anonymous and unlicensed people in, and licenses users by their group", () => {
    const holders = (name: string) =>
      dataCenter.globalPermissions
        .filter(({ operation }) => `${operation.operationKey}/${operation.targetType}` === name)
        .map(({ subject }) => subject.name ?? subject.type);
    expect(holders("use/application")).toEqual(["confluence-users", "confluence-administrators", "anonymous"]);
    expect(holders("use_unlicensed/application")).toEqual(["unlicensed"]);
    expect(holders("administer/system")).toEqual(["confluence-administrators"]);
    const unlicensed = dataCenter.users.filter(({ status }) => status === "unlicensed");
    const users = membersOf(dataCenter, "confluence-users");
    expect(unlicensed.some(({ username }) => users.includes(username))).toBe(false);
  });
});

describe("a made-up Data Center", () => {
  const spec = "random:seed-1:dc-users=300,dc-groups=40,dc-spaces=60";

  it("is the same for the same seed, and another for another", () => {
    expect(generateWorld(spec)).toEqual(generateWorld(spec));
    expect(generateWorld(spec)).not.toEqual(generateWorld(spec.replace("seed-1", "seed-2")));
  });

  it("has the sizes and the version asked for, stands alone and is a valid world file", () => {
    const world = generateWorld(`${spec},dc-version=9.2.0`);
    const { users, groups, spaces, version } = dataCenterOf(world);
    expect([users.length, groups.length, spaces.length, version]).toEqual([300, 40, 60, "9.2.0"]);
    expect(world).not.toHaveProperty("cloud");
    expect(parseWorld(plain(world))).toEqual(world);
  });

  it("holds every kind of user, group, space, subject and permission, nested five deep with a cycle", () => {
    const dataCenter = dataCenterOf(generateWorld(spec));
    expectEveryKind(dataCenter);
    expectEachOnce(dataCenter);
    expectNoStrangers(dataCenter);
    expect(groupDepth(dataCenter.groups)).toEqual({ depth: 5, isCyclic: true });
  });

  it.each(["dc-users=10", "dc-groups=3", "dc-spaces=0", "dc-version=8.3"])("is asked for by %s alone", (word) => {
    const world = generateWorld(`random:s:${word}`);
    expect(Object.keys(world)).toEqual(["dataCenter"]);
    expect(parseWorld(plain(world))).toEqual(world);
  });

  it("may be tiny, and has its defaults", () => {
    const tiny = generateWorld("random:s:dc-users=1,dc-groups=2,dc-spaces=1");
    expect(parseWorld(plain(tiny))).toEqual(tiny);
    expect(dataCenterOf(tiny).groups.map(({ name }) => name)).toEqual([
      "confluence-users",
      "confluence-administrators",
    ]);
    const { users, groups, spaces, version } = dataCenterOf(generateWorld("random:s:dc-version=10.2.0"));
    expect([users.length, groups.length, spaces.length, version]).toEqual([1_000, 100, 200, "10.2.0"]);
  });

  it("leaves a Cloud half beside it as it was, and shares people with it", () => {
    const cloudWords = "accounts=300,groups=40,spaces=60";
    const both = generateWorld(`random:seed-1:${cloudWords},dc-users=200`);
    expect(both.cloud).toEqual(generateWorld(`random:seed-1:${cloudWords}`).cloud);
    expect(generateWorld(`random:seed-1:${cloudWords}`)).not.toHaveProperty("dataCenter");
    const shared = joinable(both);
    expect(shared.length).toBeGreaterThan(60);
    expect(shared.length).toBeLessThan(200);
    expect(parseWorld(plain(both))).toEqual(both);
  });

  it("is made in a time that grows with its size and not with its square, up to a large company", () => {
    const make = (size: number) =>
      dataCenterOf(generateWorld(`random:1:dc-users=${size * 1_000},dc-groups=${size * 80},dc-spaces=${size * 150}`));
    const { users, groups, spaces } = make(10);
    expect([users.length, groups.length, spaces.length]).toEqual([10_000, 800, 1_500]);
    expect(groups.reduce((sum, { members }) => sum + members.length, 0)).toBeGreaterThan(50_000);
    expect(cpuMs(() => make(10), 2)).toBeLessThan(cpuMs(() => make(1)) * 40);
  });

  it("is refused with every fault at once, in either half", () => {
    try {
      generateWorld("random:s:dc-users=0,dc-groups=1,dc-spaces=x,dc-version=10,dc-people=3,mode=NEW,dc-users=4");
      expect.unreachable();
    } catch (error) {
      expect(error instanceof InvalidWorld && error.faults).toEqual([
        "dc-people: unknown; known are accounts, groups, spaces, memberships, dc-users, dc-groups, dc-spaces, mode and dc-version",
        "dc-users: given twice",
        "mode: must be one of PRE_ROLES, ROLES_TRANSITION, ROLES, not 'NEW'",
        "dc-groups: must be a whole number from 2 to 20000, not '1'",
        "dc-spaces: must be a whole number from 0 to 20000, not 'x'",
        "dc-version: must look like 9.2.0, not '10'",
      ]);
    }
  });
});

describe("the small Data Center world of the tests", () => {
  it.each(["8.3", "8.6.1", "9.2.0", "10.2.0"])("is a valid world file of version %s", (version) => {
    const world = smallDataCenterWorld(version);
    expect(parseWorld(plain(world))).toEqual(world);
    expect(world.dataCenter.version).toBe(version);
  });

  it("shows everything", () => {
    const { dataCenter } = smallDataCenterWorld();
    expectEveryKind(dataCenter);
    expectEachOnce(dataCenter);
    expectNoStrangers(dataCenter);
    const isChain = ({ name }: DataCenterGroup) => ["a", "b", "c"].includes(name);
    expect(groupDepth(dataCenter.groups.filter(isChain))).toEqual({ depth: 3, isCyclic: false });
    expect(groupDepth(dataCenter.groups)).toEqual({ depth: 3, isCyclic: true });
  });

  it("is what its constants say", () => {
    const { users, groups, spaces } = smallDataCenterWorld().dataCenter;
    const { gone, ...userKeys } = dcUsers;
    const { gone: goneGroup, ...groupNames } = dcGroups;
    expect(users.map(({ userKey }) => userKey)).toEqual(Object.values(userKeys));
    expect(groups.map(({ name }) => name)).toEqual(Object.values(groupNames));
    expect(Object.fromEntries(spaces.map(({ key, id }) => [key, id]))).toEqual(dcSpaces);
    const subjects = spaces.flatMap(({ permissions }) => permissions.map(({ subject }) => subject));
    expect(subjects).toContainEqual({ type: "user", userKey: gone });
    expect(subjects).toContainEqual({ type: "group", name: goneGroup });
  });

  it("takes whole lists in exchange", () => {
    const { dataCenter } = smallDataCenterWorld("9.2.0", { spaces: [], contextPath: "" });
    expect([dataCenter.spaces.length, dataCenter.contextPath, dataCenter.users.length]).toEqual([0, "", 13]);
  });
});
