import { describe, expect, it } from "vitest";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const viewer = { id: "role-viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] };

const world = (mode: string) =>
  cloudWorld({
    mode,
    accounts: [human(1), human(2)],
    roles: [viewer],
    spaces: [1, 2, 3].map((number) =>
      space(number, {
        permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "create/page")],
        roleAssignments: [{ principal: { principalType: "USER", principalId: human(2).accountId }, roleId: viewer.id }],
      }),
    ),
  });

const connection = "totalCount nodes { id } completeness { isComplete gaps { missing code call } }";

describe("one space whose permissions answer 403", () => {
  it("makes its grants a gap, while the other spaces are whole", async () => {
    await using stack = await startFaultyStack({ world: world("PRE_ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/permissions", times: "always", status: 403 });
    const { data, errors, extensions } = await stack.query(`{ spaces { nodes { spaceId grants { ${connection} } } } }`);
    const [first, second, third] = data.spaces.nodes;
    for (const whole of [first, third]) {
      expect(whole.grants).toMatchObject({ totalCount: 2, completeness: { isComplete: true, gaps: [] } });
    }
    const gap = {
      missing: "what space 1002 grants",
      code: "UPSTREAM_FORBIDDEN",
      call: "GET /wiki/api/v2/spaces/{id}/permissions",
    };
    expect(second.grants).toEqual({ totalCount: null, nodes: null, completeness: { isComplete: false, gaps: [gap] } });
    expect(errors).toMatchObject([
      { path: ["spaces", "nodes", 1, "grants", "nodes"], extensions: { code: "UPSTREAM_FORBIDDEN" } },
    ]);
    expect(extensions).toMatchObject({ completeness: { isComplete: false, gaps: [gap] } });
  });

  it("is told short where two different permissions have one id, and whole where one is told twice", async () => {
    await using stack = await startFaultyStack({ world: world("PRE_ROLES") });
    const row = (id: string, operation: string) => ({
      ...{ id, principal: { type: "user", id: human(1).accountId } },
      operation: { key: operation, targetType: "space" },
    });
    const match = (number: number) => `GET /wiki/api/v2/spaces/${number}/permissions`;
    const first = row("7", "read");
    await stack.fail(
      {
        match: match(1001),
        times: "always",
        body: { results: [first, row("7", "export"), row("8", "export"), first] },
      },
      { match: match(1002), times: "always", body: { results: [first, row("8", "export"), first] } },
    );
    const { data } = await stack.query(
      `{ spaces(first: 2) { nodes { grants { nodes { permissions { operation } } completeness { gaps { missing code call } } } } } }`,
    );
    const [short, whole] = data.spaces.nodes;
    const nodes = [{ permissions: [{ operation: "read" }] }, { permissions: [{ operation: "export" }] }];
    const gap = {
      missing: "another granular permission 7 of space 1001",
      code: "UPSTREAM_CONTRACT",
      call: "GET /wiki/api/v2/spaces/{id}/permissions",
    };
    expect(short.grants).toEqual({ nodes, completeness: { gaps: [gap] } });
    expect(whole.grants).toEqual({ nodes, completeness: { gaps: [] } });
  });

  it("makes it a gap in a list across spaces, which keeps what the others grant", async () => {
    await using stack = await startFaultyStack({ world: world("PRE_ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/permissions", times: "always", status: 403 });
    const { data, errors } = await stack.query(`{ grants { ${connection} }
      account(accountId: "${human(1).accountId}") { grants { ${connection} } } }`);
    expect(errors).toBeUndefined();
    for (const grants of [data.grants, data.account.grants]) {
      expect(grants.nodes).toHaveLength(4);
      expect(grants).toMatchObject({
        totalCount: null,
        completeness: {
          isComplete: false,
          gaps: [{ missing: "what space 1002 grants", code: "UPSTREAM_FORBIDDEN" }],
        },
      });
    }
  });

  it("does not pass for the absence of a grant looked up by id", async () => {
    await using stack = await startFaultyStack({ world: world("PRE_ROLES") });
    const { data } = await stack.query('{ space(spaceId: "1002") { grants(first: 1) { nodes { id } } } }');
    const [{ id }] = data.space.grants.nodes;
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/permissions", times: "always", status: 403 });
    const lookup = await stack.query(
      "query ($id: ID!) { grant(id: $id) { id } }",
      { id },
      { "cache-control": "no-cache" },
    );
    expect(lookup.data.grant).toBeNull();
    expect(lookup.errors).toMatchObject([{ path: ["grant"], extensions: { code: "UPSTREAM_FORBIDDEN" } }]);
  });
});

describe("a space with roles, when one of its two lists fails", () => {
  it("keeps the permissions when the role assignments fail", async () => {
    await using stack = await startFaultyStack({ world: world("ROLES_TRANSITION") });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/role-assignments", times: "always", status: 403 });
    const { data, errors } = await stack.query(
      `{ space(spaceId: "1002") { grants { ${connection} } roleAssignments { ${connection} } } }`,
    );
    const gap = {
      missing: "role assignments of space 1002",
      code: "UPSTREAM_FORBIDDEN",
      call: "GET /wiki/api/v2/spaces/{id}/role-assignments",
    };
    expect(data.space.grants.nodes).toHaveLength(2);
    expect(data.space.grants).toMatchObject({ totalCount: null, completeness: { isComplete: false, gaps: [gap] } });
    // Of the role assignments alone nothing was read: that is no empty list.
    expect(data.space.roleAssignments).toMatchObject({
      nodes: null,
      totalCount: null,
      completeness: { isComplete: false, gaps: [gap] },
    });
    expect(errors).toMatchObject([
      { path: ["space", "roleAssignments", "nodes"], extensions: { code: "UPSTREAM_FORBIDDEN" } },
    ]);
  });

  it("keeps the role assignments when the permissions fail", async () => {
    await using stack = await startFaultyStack({ world: world("ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/permissions", times: "always", status: 403 });
    const { data, errors } = await stack.query(`{ space(spaceId: "1002") { grants { ${connection} } } }`);
    expect(errors).toBeUndefined();
    expect(data.space.grants.nodes).toHaveLength(1);
    expect(data.space.grants).toMatchObject({
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: "granular permissions of space 1002" }] },
    });
  });

  it("is null with an error when both fail", async () => {
    await using stack = await startFaultyStack({ world: world("ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/*", times: "always", status: 403 });
    const { data, errors } = await stack.query(`{ space(spaceId: "1002") { spaceId grants { ${connection} } } }`);
    expect(data.space).toMatchObject({ spaceId: "1002", grants: { nodes: null, totalCount: null } });
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_FORBIDDEN" } }]);
  });
});

describe("a permission model that cannot be read", () => {
  it("is null with an error, and grants are read as of a site that may have roles", async () => {
    await using stack = await startFaultyStack({ world: world("ROLES_TRANSITION") });
    await stack.fail({ match: "GET /wiki/api/v2/space-role-mode", times: "always", status: 403 });
    const { data, errors } = await stack.query(
      `{ site { permissionModel } space(spaceId: "1002") { grants { ${connection} } } }`,
      {},
      { "cache-control": "no-cache" },
    );
    expect(data.site.permissionModel).toBeNull();
    expect(errors).toMatchObject([
      { path: ["site", "permissionModel"], extensions: { code: "UPSTREAM_FORBIDDEN", upstreamStatus: 403 } },
    ]);
    expect(data.space.grants).toMatchObject({ totalCount: 3, completeness: { isComplete: true } });
  });

  it("makes the assignments a gap where the site then refuses them: nobody knows that there are none", async () => {
    await using stack = await startFaultyStack({ world: world("PRE_ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/space-role-mode", times: "always", status: 500 });
    const { data } = await stack.query(
      `{ space(spaceId: "1002") { grants { ${connection} } } }`,
      {},
      { "cache-control": "no-cache" },
    );
    expect(data.space.grants.nodes).toHaveLength(2);
    expect(data.space.grants).toMatchObject({
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: "role assignments of space 1002" }] },
    });
  });
});

describe("role definitions that cannot be read", () => {
  const document = `{ space(spaceId: "1002") { roleAssignments { totalCount completeness { isComplete } nodes {
    principal { ... on Account { accountId } } permissions { operation }
    entitlement { ... on SpaceRoleAssignment { role { roleId name } } } } } } }`;

  it.each([
    { what: "404 although the mode says ROLES", status: 404, code: "UNSUPPORTED" },
    { what: "403", status: 403, code: "UPSTREAM_FORBIDDEN" },
  ])("leave the roles listed by id, their permissions null with an error: $what", async ({ status, code }) => {
    await using stack = await startFaultyStack({ world: world("ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/space-roles", times: "always", status });
    const { data, errors } = await stack.query(document);
    expect(data.space.roleAssignments).toEqual({
      totalCount: 1,
      completeness: { isComplete: true },
      nodes: [
        {
          principal: { accountId: human(2).accountId },
          permissions: null,
          entitlement: { role: { roleId: viewer.id, name: null } },
        },
      ],
    });
    expect(errors?.map(({ path, extensions }) => ({ field: path?.at(-1), code: extensions.code }))).toEqual(
      expect.arrayContaining([
        { field: "permissions", code },
        { field: "name", code },
      ]),
    );
  });

  it("make a gap of a filter by operation: a role may or may not give it", async () => {
    await using stack = await startFaultyStack({ world: world("ROLES_TRANSITION") });
    await stack.fail({ match: "GET /wiki/api/v2/space-roles", times: "always", status: 404 });
    const { data, errors } = await stack.query(
      `{ space(spaceId: "1002") { grants(filter: { operations: ["read"] }) { ${connection} } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.space.grants.nodes).toHaveLength(1);
    expect(data.space.grants).toMatchObject({
      totalCount: null,
      completeness: {
        isComplete: false,
        gaps: [{ missing: `whether grants of role ${viewer.id} fit the filter`, code: "UNSUPPORTED" }],
      },
    });
  });

  it("make the site's own list of them null with an error", async () => {
    await using stack = await startFaultyStack({ world: world("ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/space-roles", times: "always", status: 404 });
    const { data, errors } = await stack.query("{ site { spaceRoles { totalCount nodes { name } } } }");
    expect(data.site.spaceRoles).toEqual({ totalCount: null, nodes: null });
    expect(errors).toMatchObject([{ extensions: { code: "UNSUPPORTED" } }]);
  });
});

describe("a space list that fails", () => {
  it("is null with an error, never an empty list", async () => {
    await using stack = await startFaultyStack({ world: world("PRE_ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/spaces", times: "always", status: 403 });
    const { data, errors } = await stack.query("{ spaces { totalCount nodes { key } completeness { isComplete } } }");
    expect(data.spaces).toEqual({ totalCount: null, nodes: null, completeness: { isComplete: false } });
    expect(errors).toMatchObject([{ path: ["spaces", "nodes"], extensions: { code: "UPSTREAM_FORBIDDEN" } }]);
  });

  it("of one status is a gap among all grants, which keep what the others grant", async () => {
    await using stack = await startFaultyStack({ world: world("PRE_ROLES") });
    await stack.fail({ match: "GET /wiki/api/v2/spaces?status=archived", times: "always", status: 403 });
    const { data, errors } = await stack.query(`{ grants { ${connection} } }`);
    expect(errors).toBeUndefined();
    expect(data.grants.nodes).toHaveLength(6);
    expect(data.grants).toMatchObject({
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: "all spaces with status ARCHIVED" }] },
    });
  });
});
