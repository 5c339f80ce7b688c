import { describe, expect, it } from "vitest";
import { dcSpacePermissions, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

type SpaceName = Parameters<ReturnType<typeof dataCenterIds>["space"]>[0];
type Permission = readonly [operation: string, target: string];

interface Left {
  readonly permission: { readonly operation: string; readonly target: string };
  readonly decision: string;
  readonly explanation: string;
  readonly paths: readonly {
    readonly isSuperUser: boolean;
    readonly grants: readonly {
      readonly principal: { readonly name?: string; readonly username?: string; readonly classId?: string };
      readonly resource: { readonly name?: string; readonly key?: string };
    }[];
  }[];
}

const input = (stack: DataCenterStack, space: SpaceName, userKey: string, permissions: readonly Permission[]) => {
  const ids = dataCenterIds(stack.siteId);
  return {
    ...{ space: ids.space(space), principal: ids.account(userKey) },
    permissions: permissions.map(([operation, target]) => ({ operation, target })),
  };
};

/** Grants something, takes it away again, and asks what is left. */
async function comeAndGo(
  stack: DataCenterStack,
  ...[space, userKey, permissions]: readonly [SpaceName, string, readonly Permission[]]
) {
  const given = await stack.query(
    "mutation ($input: GrantSpaceAccessInput!) { change: grantSpaceAccess(input: $input) { outcome } }",
    { input: input(stack, space, userKey, permissions) },
  );
  expect(given.data.change.outcome).toBe("CREATED");
  const { data, errors } = await stack.query(
    `mutation ($input: RevokeSpaceAccessInput!) {
      change: revokeSpaceAccess(input: $input) {
        outcome
        residualAccess {
          permissions {
            permission { operation target } decision explanation
            paths { isSuperUser grants {
              principal { ... on Account { username } ... on Group { name } ... on AccessClass { classId } }
              resource { ... on Group { name } ... on Space { key } }
            } }
          }
          completeness { isComplete gaps { missing } }
        }
      }
    }`,
    { input: input(stack, space, userKey, permissions) },
  );
  expect(errors).toBeUndefined();
  expect(data.change.outcome).toBe("REMOVED");
  const { permissions: left, completeness } = data.change.residualAccess;
  return { left: left as readonly Left[], completeness };
}

const startAt = (...world: Parameters<typeof smallDataCenterWorld>) =>
  startDataCenterStack({ world: smallDataCenterWorld(...world) });
const names = (left: readonly Left[]) => left.map(({ permission }) => `${permission.operation}/${permission.target}`);
/** `cara > c > b > a > ENG`: who is in what, and what is granted where. */
const chains = ({ paths }: Left) =>
  paths.map(({ grants }) =>
    [
      ...grants.map(({ principal }) => principal.username ?? principal.name ?? principal.classId),
      grants.at(-1)?.resource.key ?? grants.at(-1)?.resource.name,
    ].join(" > "),
  );
const whole = { isComplete: true, gaps: [] };
const read: Permission = ["read", "space"];
const page: Permission = ["create", "page"];

describe.each(["8.3.0", "9.2.0", "10.2.0"])("what is left after a revocation on Data Center %s", (version) => {
  it("comes through a group in a group, by every membership on the way", async () => {
    await using stack = await startAt(version);
    const { left, completeness } = await comeAndGo(stack, "ENG", dcUsers.cara, [read]);
    expect(completeness).toEqual(whole);
    expect(names(left)).toEqual(["create/page", "read/space"]);
    for (const each of left) {
      expect([each.decision, chains(each)]).toEqual(["ALLOWED", ["cara > c > b > a > ENG"]]);
      expect(each.explanation).toContain("through membership of c, which is in b, which is in a");
    }
  });

  it("is everything for whoever is in the super group, what nobody else holds in the space too", async () => {
    await using stack = await startAt(version);
    const { left, completeness } = await comeAndGo(stack, "OLD", dcUsers.admin, [read, page]);
    expect(completeness).toEqual(whole);
    expect(left).toHaveLength(dcSpacePermissions.length);
    for (const each of left) {
      expect([each.decision, chains(each)]).toEqual(["ALLOWED", ["admin > confluence-administrators"]]);
      expect(each.paths.every(({ isSuperUser }) => isSuperUser)).toBe(true);
    }
    expect(names(left)).toContain("create/page");
  });
});

describe("what is left to who is in no group", () => {
  it("is what anonymous users may do, while they may use the site", async () => {
    await using open = await startAt("10.2.0");
    const { left, completeness } = await comeAndGo(open, "DOCS", dcUsers.lee, [read, page]);
    expect(completeness).toEqual(whole);
    expect(names(left)).toEqual(["read/space"]);
    expect(left.map(chains)).toEqual([["anonymous-users > DOCS"]]);
    expect(left[0]?.decision).toBe("ALLOWED");

    const { dataCenter } = smallDataCenterWorld();
    const globalPermissions = dataCenter.globalPermissions.filter(({ subject }) => subject.type !== "anonymous");
    await using closed = await startAt("10.2.0", { globalPermissions });
    expect(await comeAndGo(closed, "DOCS", dcUsers.lee, [read, page])).toEqual({ left: [], completeness: whole });
  });

  it("is nothing without a licence, though the space still grants it", async () => {
    await using stack = await startAt("10.2.0");
    expect(await comeAndGo(stack, "ENG", dcUsers.kim, [page])).toEqual({ left: [], completeness: whole });
    const { data } = await stack.query(
      `{ account(username: "kim") { grants { nodes { entitlement { ... on SpacePermission { permission { operation } } } } } } }`,
    );
    expect(data.account.grants.nodes).toContainEqual({ entitlement: { permission: { operation: "read" } } });
  });

  it("is told as an assumption where the version does not tell who may use the site", async () => {
    await using stack = await startAt("9.2.0");
    const { left } = await comeAndGo(stack, "ENG", dcUsers.kim, [page]);
    expect(left.map(chains)).toEqual([["kim > ENG"]]);
    expect(left[0]?.explanation).toContain("assuming that the account has a licence");
  });

  it("is not said to be nothing when the nesting of groups cannot be read", async () => {
    await using stack = await startAt("10.2.0");
    await stack.fail({
      ...{ match: "GET /rest/api/group/*/groupmember", times: -1, status: 403 },
      body: { statusCode: 403, data: {}, message: "No." },
    });
    const { left, completeness } = await comeAndGo(stack, "ENG", dcUsers.cara, [read]);
    expect(completeness.isComplete).toBe(false);
    expect(left.map(({ decision }) => decision)).toContain("UNKNOWN");
    expect(names(left)).toContain("read/space");
  });
});

it("is found through groups whatever the case that rows spell their names in, the super group's too", async () => {
  const { dataCenter } = smallDataCenterWorld();
  const spaces = dataCenter.spaces.map((space) => ({
    ...space,
    permissions: space.permissions.map((row) =>
      row.subject.name === "a" ? { ...row, subject: { ...row.subject, name: "A" } } : row,
    ),
  }));
  await using stack = await startDataCenterStack({
    world: smallDataCenterWorld("10.2.0", { spaces }),
    env: { CONFLUENCE_SUPER_GROUP: "Confluence-Administrators" },
  });
  const { left } = await comeAndGo(stack, "ENG", dcUsers.cara, [read]);
  expect(names(left)).toEqual(["create/page", "read/space"]);
  expect(left.map(({ decision }) => decision)).toEqual(["ALLOWED", "ALLOWED"]);
  const ofAdministrator = await comeAndGo(stack, "OLD", dcUsers.admin, [read]);
  expect(ofAdministrator.left).toHaveLength(dcSpacePermissions.length);
});
