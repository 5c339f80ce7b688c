import { describe, expect, it } from "vitest";
import { defaultWorld } from "../../../../sandbox/src/world/generation/defaultWorld.js";
import { generateWorld } from "../../../../sandbox/src/world/generation/generateWorld.js";
import { parseWorld } from "../../../../sandbox/src/world/loadWorld.js";
import { type CloudWorld, InvalidWorld, type World } from "../../../../sandbox/src/world/World.js";

function cloudOf(world: World): CloudWorld {
  if (world.cloud === undefined) throw new Error("no cloud half");
  return world.cloud;
}

const plain = (world: World): unknown => JSON.parse(JSON.stringify(world));
const kinds = <T>(values: readonly T[]): Set<T> => new Set(values);

/** What every world that shows everything holds. */
function expectEveryKind({ accounts, groups, spaces, roles }: CloudWorld): void {
  const accountIds = kinds(accounts.map(({ accountId }) => accountId));
  const groupIds = kinds(groups.map(({ id }) => id));
  const rows = spaces.flatMap((space) => space.permissions);
  expect(kinds(accounts.map(({ accountType }) => accountType))).toEqual(
    kinds(["atlassian", "app", "customer", "unknown"]),
  );
  expect(kinds(accounts.map(({ accountStatus }) => accountStatus))).toEqual(
    kinds(["active", "inactive", "closed", "unknown"]),
  );
  expect(accounts.some(({ isExternalCollaborator }) => isExternalCollaborator === true)).toBe(true);
  expect(accounts.some(({ orgStatus }) => orgStatus === "suspended")).toBe(true);
  expect(accounts.some(({ orgStatus }) => orgStatus === "deactivated")).toBe(true);
  expect(accounts.some(({ email, accountType }) => email === null && accountType === "atlassian")).toBe(true);
  expect(accounts.some(({ productRoles }) => productRoles?.length === 0)).toBe(true);
  expect(groups.some(({ managedBy }) => managedBy === "EXTERNAL")).toBe(true);
  expect(groups.some(({ usageType }) => usageType === "TEAM_COLLABORATION")).toBe(true);
  expect(groups.some(({ members }) => members.length === 0)).toBe(true);
  expect(kinds(spaces.map(({ status }) => status))).toEqual(kinds(["current", "archived", "trashed"]));
  expect(kinds(spaces.map(({ type }) => type))).toEqual(
    kinds(["global", "personal", "collaboration", "knowledge_base"]),
  );
  expect(spaces.filter(({ type }) => type === "personal").every(({ key }) => key.startsWith("~"))).toBe(true);
  const classes = kinds(
    rows.filter(({ principal }) => principal.type === "access-class").map(({ principal }) => principal.id),
  );
  for (const id of ["anonymous-users", "all-licensed-users", "authenticated-users", "partner-portal-users"]) {
    expect(classes.has(id), id).toBe(true);
  }
  expect(rows.some(({ principal }) => principal.type === "user" && !accountIds.has(principal.id))).toBe(true);
  expect(rows.some(({ principal }) => principal.type === "group" && !groupIds.has(principal.id))).toBe(true);
  expect(rows.some(({ operation }) => operation.key === "manage_guest_users")).toBe(true);
  expect(kinds(roles.map(({ type }) => type))).toEqual(kinds(["SYSTEM", "CUSTOM"]));
  const known = kinds(roles.map(({ id }) => id));
  const assignments = spaces.flatMap((space) => space.roleAssignments);
  expect(assignments.length).toBeGreaterThan(0);
  expect(assignments.every(({ roleId }) => known.has(roleId))).toBe(true);
  // A space that has granular rows has an administrator, as Confluence sees to.
  for (const { key, permissions } of spaces.filter((space) => space.permissions.length > 0)) {
    expect(
      permissions.some(({ operation }) => operation.key === "administer"),
      key,
    ).toBe(true);
  }
}

describe("a made-up world", () => {
  const spec = "random:seed-1:accounts=300,groups=40,spaces=60";

  it("is the same for the same seed, and another for another", () => {
    expect(generateWorld(spec)).toEqual(generateWorld(spec));
    expect(generateWorld(spec)).not.toEqual(generateWorld(spec.replace("seed-1", "seed-2")));
  });

  it("has the sizes asked for and is a valid world file", () => {
    const world = generateWorld(`${spec},memberships=3000`);
    const { accounts, groups, spaces } = cloudOf(world);
    expect([accounts.length, groups.length, spaces.length]).toEqual([300, 40, 60]);
    expect(groups.reduce((sum, { members }) => sum + members.length, 0)).toBe(3_000);
    expect(parseWorld(plain(world))).toEqual(world);
  });

  it("holds every kind of account, group, space, principal and grant", () => {
    const cloud = cloudOf(generateWorld(spec));
    expect(cloud.mode).toBe("ROLES_TRANSITION");
    expectEveryKind(cloud);
  });

  it.each(["PRE_ROLES", "ROLES"])("takes the mode %s", (mode) => {
    const world = generateWorld(`${spec},mode=${mode}`);
    expect(cloudOf(world).mode).toBe(mode);
    expect(cloudOf(world).spaces.some(({ roleAssignments }) => roleAssignments.length > 0)).toBe(mode === "ROLES");
    expect(parseWorld(plain(world))).toEqual(world);
  });

  it("may be tiny", () => {
    expect(parseWorld(plain(generateWorld("random:s:accounts=1,groups=0,spaces=1")))).toBeTruthy();
    expect(cloudOf(generateWorld("random:s")).accounts).toHaveLength(2_000);
  });

  it.each([
    "random",
    "random:",
    "rnd:1",
    "random:s:accounts=x",
    "random:s:accounts=0",
    "random:s:users=3,mode=NEW,groups=1,groups=2",
  ])("is refused for %s", (wrong) => {
    expect(() => generateWorld(wrong)).toThrow(InvalidWorld);
  });

  it("is refused with every fault at once", () => {
    try {
      generateWorld("random:s:users=3,mode=NEW,accounts=-1");
      expect.unreachable();
    } catch (error) {
      expect(error instanceof InvalidWorld && error.faults.map((fault) => fault.split(":")[0])).toEqual([
        "users",
        "accounts",
        "mode",
      ]);
    }
  });
});

describe("the default world", () => {
  it("is valid, the same every time, and shows everything", () => {
    const world = defaultWorld();
    expect(defaultWorld()).toEqual(world);
    expect(parseWorld(plain(world))).toEqual(world);
    const cloud = cloudOf(world);
    expectEveryKind(cloud);
    expect(cloud.mode).toBe("ROLES_TRANSITION");
    expect(cloud.accounts.length).toBeGreaterThan(280);
    expect(cloud.groups.length).toBeGreaterThan(38);
    expect(cloud.spaces.length).toBeGreaterThan(38);
    expect(cloud.accounts.some(({ email }) => email === "admin@sandbox.test")).toBe(true);
  });

  it("names every group and role that it uses", () => {
    const { spaces } = cloudOf(defaultWorld());
    const ids = spaces.flatMap(({ permissions, roleAssignments }) => [
      ...permissions.map(({ principal }) => principal.id),
      ...roleAssignments.map(({ roleId }) => roleId),
    ]);
    expect(ids).not.toContain("");
  });
});
