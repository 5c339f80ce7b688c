import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const viewer = { id: "role-viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] };
const writer = {
  id: "role-writer",
  type: "CUSTOM",
  name: "Writer",
  description: "",
  spacePermissions: ["read/space", "create/page"],
};

/** 25 spaces of a site in transition, each with a granular row and two role assignments. */
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2)],
  groups: [{ id: "g-1", name: "Writers", members: [human(1).accountId] }],
  roles: [viewer, writer],
  spaces: Array.from({ length: 25 }, (_, index) =>
    space(index + 1, {
      permissions: [permission("user", human(1).accountId)],
      roleAssignments: [
        { principal: { principalType: "USER", principalId: human(2).accountId }, roleId: viewer.id },
        { principal: { principalType: "GROUP", principalId: "g-1" }, roleId: writer.id },
      ],
    }),
  ),
});

describe("25 spaces of a site in role transition", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world });
    await stack.forgetCalls();
  });
  afterAll(() => stack.close());

  it("needs no account, group or role call for the ids of its principals", async () => {
    const { data, errors } = await stack.query(`{ spaces { nodes { grants { totalCount nodes {
      id principal { __typename ... on Account { id accountId } ... on Group { id groupId } } } } } } }`);
    expect(errors).toBeUndefined();
    expect(data.spaces.nodes.map((each: { grants: { totalCount: number } }) => each.grants.totalCount)).toEqual(
      Array.from({ length: 25 }, () => 3),
    );
    expect(stack.countCalls("GET", /\/spaces$/)).toBe(1);
    expect(stack.countCalls("GET", /\/permissions$/)).toBe(25);
    expect(stack.countCalls("GET", /\/role-assignments$/)).toBe(25);
    expect(stack.calls()).toHaveLength(51);
  });

  it("reads the role definitions once to expand 50 assignments of two roles", async () => {
    await stack.forgetCalls();
    const { data, errors } = await stack.query(`{ spaces { nodes { grants { nodes {
      permissions { operation target } entitlement { __typename ... on SpaceRoleAssignment { role { name } } } } } } } }`);
    expect(errors).toBeUndefined();
    const [{ grants }] = data.spaces.nodes;
    expect(grants.nodes).toEqual(
      expect.arrayContaining([
        {
          permissions: [{ operation: "read", target: "space" }],
          entitlement: { __typename: "SpacePermission" },
        },
        {
          permissions: [{ operation: "read", target: "space" }],
          entitlement: { __typename: "SpaceRoleAssignment", role: { name: "Viewer" } },
        },
        {
          permissions: [
            { operation: "read", target: "space" },
            { operation: "create", target: "page" },
          ],
          entitlement: { __typename: "SpaceRoleAssignment", role: { name: "Writer" } },
        },
      ]),
    );
    expect(stack.calls()).toEqual([expect.stringMatching(/^GET \/wiki\/api\/v2\/space-roles\?/)]);
  });

  it("asks nothing the second time", async () => {
    await stack.forgetCalls();
    await stack.query("{ spaces { nodes { roleAssignments { nodes { permissions { operation } } } } } }");
    expect(stack.calls()).toEqual([]);
  });
});
