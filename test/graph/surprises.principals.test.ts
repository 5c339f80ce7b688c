import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const app = { ...human(90), accountId: "712020:app", accountType: "app", displayName: "Build bot", email: "" };
const principalsOf = `{ space(spaceId: "1001") { grants { totalCount nodes { principal { __typename
  ... on Account { accountId displayName kind status statusSource }
  ... on Group { groupId name }
  ... on AccessClass { classId name typeAsReported } } permissions { operation target } } } } }`;

/** A space of a site without roles that grants what is given. */
const granting = (permissions: readonly unknown[], parts: Record<string, unknown> = {}) =>
  cloudWorld({ accounts: [human(1), app], spaces: [space(1, { permissions })], ...parts });

describe("who holds grants", () => {
  it("are access classes too, which no document of permissions names, and principals of type role", async () => {
    await using stack = await startStack({
      world: granting([
        permission("access-class", "all-licensed-users"),
        permission("access-class", "anonymous-users"),
        permission("access-class", "a-class-to-come"),
        permission("role", "role-1"),
      ]),
    });
    const { data, errors } = await stack.query(principalsOf);
    expect(errors).toBeUndefined();
    expect(data.space.grants.nodes.map((each: { principal: unknown }) => each.principal)).toEqual(
      [
        ["all-licensed-users", "Everyone with a Confluence licence", "access-class"],
        ["anonymous-users", "Anyone, without signing in", "access-class"],
        ["a-class-to-come", "a-class-to-come", "access-class"],
        ["role-1", "role-1", "role"],
      ].map(([classId, name, typeAsReported]) => ({ __typename: "AccessClass", classId, name, typeAsReported })),
    );
  });

  it("are principals of a type that nobody knows yet: none is dropped", async () => {
    await using stack = await startStack({ world: granting([]) });
    await stack.fail({
      match: "GET /wiki/api/v2/spaces/1001/permissions",
      times: "always",
      body: {
        results: [
          { id: "1", principal: { type: "team", id: "team-7" }, operation: { key: "read", targetType: "space" } },
        ],
      },
    });
    const { data } = await stack.query(principalsOf);
    expect(data.space.grants.nodes).toMatchObject([
      { principal: { __typename: "AccessClass", classId: "team-7", typeAsReported: "team" } },
    ]);
  });

  it("are one access class, however permissions and role assignments spell its type", async () => {
    const role = { id: "r-1", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] };
    await using stack = await startStack({
      world: cloudWorld({
        mode: "ROLES_TRANSITION",
        roles: [role],
        accounts: [human(1)],
        spaces: [
          space(1, {
            permissions: [permission("access-class", "all-licensed-users")],
            roleAssignments: [
              { principal: { principalType: "ACCESS_CLASS", principalId: "all-licensed-users" }, roleId: role.id },
            ],
          }),
        ],
      }),
    });
    const { data } = await stack.query(`{ space(spaceId: "1001") { grants { nodes {
      entitlement { __typename } principal { ... on AccessClass { id } } } } } }`);
    const [first, second] = data.space.grants.nodes;
    expect([first.entitlement.__typename, second.entitlement.__typename]).toEqual([
      "SpacePermission",
      "SpaceRoleAssignment",
    ]);
    expect(first.principal.id).toBe(second.principal.id);
    const held = await stack.query("query ($id: ID!) { grants(filter: { principals: [$id] }) { totalCount } }", {
      id: first.principal.id,
    });
    expect(held.data.grants.totalCount).toBe(2);
  });

  it("are apps too, shown as what they are", async () => {
    await using stack = await startStack({ world: granting([permission("user", app.accountId)]) });
    const { data } = await stack.query(principalsOf);
    expect(data.space.grants.nodes).toMatchObject([
      { principal: { __typename: "Account", displayName: "Build bot", kind: "APP", status: "ACTIVE" } },
    ]);
    const apps = await stack.query("{ accounts(filter: { kinds: [APP] }) { nodes { accountId } } }");
    expect(apps.data.accounts.nodes).toEqual([{ accountId: app.accountId }]);
  });

  it("are left over from accounts and groups that were deleted: kept by id, with nothing invented", async () => {
    await using stack = await startStack({
      world: granting([permission("user", "712020:gone"), permission("group", "g-gone")]),
    });
    const { data, errors } = await stack.query(principalsOf);
    expect(errors).toBeUndefined();
    expect(data.space.grants).toMatchObject({
      totalCount: 2,
      nodes: [
        {
          principal: {
            accountId: "712020:gone",
            displayName: null,
            kind: "UNKNOWN",
            status: "UNKNOWN",
            statusSource: "NONE",
          },
        },
        { principal: { groupId: "g-gone", name: null } },
      ],
    });
    const everyone = await stack.query("{ accounts { nodes { accountId } } }");
    expect(everyone.data.accounts.nodes).toContainEqual({ accountId: "712020:gone" });
  });
});

describe("operations", () => {
  const undocumented = [
    "export_content/space",
    "archive_space/space",
    "delete_space/space",
    "manage_content/space",
    "manage_guest_users/space",
    "manage_look_and_feel/space",
    "manage_nonlicensed_users/space",
    "manage_public_links/space",
    "manage_templates/space",
    "manage_users/space",
    "an_operation_to_come/a-target-to-come",
  ];

  it("are kept beyond the documented ones, key and target, and can be filtered by", async () => {
    await using stack = await startStack({
      world: granting(undocumented.map((operation) => permission("user", human(1).accountId, operation))),
    });
    const { data } = await stack.query(principalsOf);
    const seen = data.space.grants.nodes.flatMap((each: { permissions: { operation: string; target: string }[] }) =>
      each.permissions.map(({ operation, target }) => `${operation}/${target}`),
    );
    expect(seen.sort()).toEqual([...undocumented].sort());
    const filtered = await stack.query('{ grants(filter: { operations: ["an_operation_to_come"] }) { totalCount } }');
    expect(filtered.data.grants.totalCount).toBe(1);
  });
});
