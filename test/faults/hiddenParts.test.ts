import { describe, expect, it } from "vitest";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const [ann, ben] = [human(1), human(2)];
const designers = { id: "g-1", name: "Designers", members: [ann.accountId] };
const admins = { id: "g-2", name: "Admins", members: [ann.accountId, ben.accountId] };

function worldOf(mode: "PRE_ROLES" | "ROLES_TRANSITION") {
  return cloudWorld({
    mode,
    accounts: [ann, ben],
    groups: [designers, admins],
    spaces: [
      space(1, { permissions: [permission("user", ann.accountId)] }),
      space(2, { permissions: [permission("user", ben.accountId)] }),
    ],
  });
}

const trust = "totalCount completeness { isComplete assumptions gaps { missing code } }";
const notVisible = { isComplete: false, gaps: [{ code: "UPSTREAM_NOT_VISIBLE" }] };

describe("a 404 on a part of what was listed", () => {
  const parts = [
    {
      what: "the permissions of a space",
      match: "GET /wiki/api/v2/spaces/1002/permissions",
      query: `{ grants { ${trust} } }`,
    },
    {
      what: "the members of a group",
      match: "GET /wiki/rest/api/group/g-2/membersByGroupId",
      query: `{ grants { ${trust} } }`,
    },
    {
      what: "the members of a group, of everyone",
      match: "GET /wiki/rest/api/group/g-2/membersByGroupId",
      query: `{ accounts { ${trust} } }`,
    },
  ];

  it.each(parts)("is a gap, and not nothing: $what", async ({ match, query }) => {
    await using stack = await startFaultyStack({ world: worldOf("ROLES_TRANSITION") });
    await stack.fail({ match, times: "always", status: 404 });
    const { data } = await stack.query(query);
    const [answer] = Object.values(data);
    expect(answer).toMatchObject({ totalCount: null, completeness: notVisible });
  });

  it("fails the list where it is all that was asked for: the groups of a known account", async () => {
    await using stack = await startFaultyStack({ world: worldOf("ROLES_TRANSITION") });
    await stack.fail({ match: "GET /wiki/rest/api/user/memberof", times: "always", status: 404 });
    const { data, errors } = await stack.query(
      `{ account(accountId: "${ann.accountId}") { groups { nodes { groupId } ${trust} } grants { nodes { id } ${trust} } } }`,
    );
    expect(data.account.groups).toMatchObject({ nodes: null, totalCount: null, completeness: notVisible });
    expect(data.account.grants).toMatchObject({ totalCount: null, completeness: notVisible });
    expect(data.account.grants.nodes).toHaveLength(1);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain("UPSTREAM_NOT_VISIBLE");
  });

  it("is null by a look-up by id, which alone may say that something is not there", async () => {
    await using stack = await startFaultyStack({ world: worldOf("ROLES_TRANSITION") });
    const { data, errors } = await stack.query(
      '{ space(spaceId: "9999") { key } group(groupId: "no-such") { name } account(accountId: "nobody") { status } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ space: null, group: null, account: null });
  });
});

describe("a role mode that answers 404", () => {
  const mode = { match: "GET /wiki/api/v2/space-role-mode", times: "always", status: 404 };
  const noCache = { "cache-control": "no-cache" };
  const query = `{ site { permissionModel } space(spaceId: "1001") { grants { ${trust} } } }`;

  it("is PRE_ROLES by assumption where nothing of roles is shown, asked once for all spaces and believed for a minute", async () => {
    await using stack = await startFaultyStack({ world: worldOf("PRE_ROLES") });
    await stack.fail(
      mode,
      { match: "GET /wiki/api/v2/spaces/*/role-assignments", times: "always", status: 404 },
      { match: "GET /wiki/api/v2/space-roles", times: "always", status: 404 },
    );
    await stack.forgetCalls();
    const { data, errors } = await stack.query(
      `{ spaces { nodes { grants { ${trust} } } } site { permissionModel } }`,
      {},
      noCache,
    );
    expect(errors).toBeUndefined();
    expect(data.site.permissionModel).toBe("PRE_ROLES");
    for (const { grants } of data.spaces.nodes) {
      expect(grants).toMatchObject({
        totalCount: 1,
        completeness: { isComplete: true, gaps: [], assumptions: ["NO_SPACE_ROLES"] },
      });
    }
    expect(stack.countCalls("GET", /role-assignments$/)).toBe(1);
    stack.clock.shift(2 * 60_000 + 1);
    await stack.forgetCalls();
    await stack.query("{ site { permissionModel } }");
    expect(stack.countCalls("GET", /space-role-mode$/)).toBe(1);
  });

  it("means roles where a space answers for its assignments, also with none", async () => {
    await using stack = await startFaultyStack({ world: worldOf("ROLES_TRANSITION") });
    await stack.fail(mode);
    const { data, errors } = await stack.query(query, {}, noCache);
    expect(errors).toBeUndefined();
    expect(data.site.permissionModel).toBe("UNKNOWN");
    expect(data.space.grants.completeness).toEqual({ isComplete: true, gaps: [], assumptions: [] });
  });

  it("asks another space where the permissions of the first are hidden", async () => {
    await using stack = await startFaultyStack({ world: worldOf("ROLES_TRANSITION") });
    await stack.fail(mode, { match: "GET /wiki/api/v2/spaces/1001/*", times: "always", status: 404 });
    const { data } = await stack.query("{ site { permissionModel } }", {}, noCache);
    expect(data.site.permissionModel).toBe("UNKNOWN");
  });

  it("leaves role assignments a gap where the site knows definitions, but no space shows its assignments", async () => {
    await using stack = await startFaultyStack({ world: worldOf("ROLES_TRANSITION") });
    await stack.fail(mode, { match: "GET /wiki/api/v2/spaces/*/role-assignments", times: "always", status: 404 });
    const { data, errors } = await stack.query(query, {}, noCache);
    expect(data.site.permissionModel).toBeNull();
    expect(errors).toMatchObject([{ path: ["site", "permissionModel"], extensions: { code: "UPSTREAM_NOT_VISIBLE" } }]);
    expect(data.space.grants).toMatchObject({
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: "role assignments of space 1001" }] },
    });
  });
});
