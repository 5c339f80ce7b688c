import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

describe("groups", () => {
  const world = cloudWorld({
    accounts: [human(1)],
    groups: [{ id: "g-empty", name: "Empty", members: [] }],
    spaces: [space(1, { permissions: [permission("group", "g-gone")] })],
  });

  it("that do not exist have no known members: Cloud's empty page is not believed", async () => {
    await using stack = await startStack({ world });
    const { data, errors } = await stack.query(`{ space(spaceId: "1001") { grants { nodes { principal {
      ... on Group { groupId members { totalCount nodes { accountId } completeness { isComplete gaps { code } } } } } } } } }`);
    expect(data.space.grants.nodes[0].principal).toEqual({
      groupId: "g-gone",
      members: {
        totalCount: null,
        nodes: null,
        completeness: { isComplete: false, gaps: [{ code: "UPSTREAM_NOT_VISIBLE" }] },
      },
    });
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_NOT_VISIBLE" } }]);
    expect(stack.countCalls("GET", /\/group\/by-id$/)).toBe(1);
  });

  it("that exist and have no members are empty, and surely so", async () => {
    await using stack = await startStack({ world });
    const { data, errors } = await stack.query(
      '{ group(groupId: "g-empty") { members { totalCount nodes { accountId } completeness { isComplete } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.group.members).toEqual({ totalCount: 0, nodes: [], completeness: { isComplete: true } });
  });

  it("that were created a moment ago are found, because lists are read and search, which lags writes, is not asked", async () => {
    await using stack = await startStack({ world });
    const { email, apiToken } = stack.sandbox.credential;
    const headers = {
      authorization: `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`,
      "content-type": "application/json",
    };
    const url = `${stack.sandbox.url}/wiki/rest/api/group`;
    await fetch(url, { method: "POST", headers, body: JSON.stringify({ name: "Brand new" }) });
    const searched = await fetch(`${url}/picker?query=Brand`, { headers });
    expect(await searched.json()).toMatchObject({ results: [] });
    const { data } = await stack.query(
      '{ group(name: "Brand new") { name } groups(filter: { text: "brand" }) { totalCount } }',
    );
    expect(data).toEqual({ group: { name: "Brand new" }, groups: { totalCount: 1 } });
  });

  it("keep words for manager and usage that nobody knows yet", async () => {
    await using stack = await startStack({ world });
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: "always",
      body: {
        results: [
          { id: "g-1", name: "One", managedBy: "ROBOTS", usageType: "PROJECT" },
          { id: "g-2", name: "Two", managedBy: "external", usageType: "team_collaboration" },
        ],
      },
    });
    const { data } = await stack.query("{ groups { nodes { managedBy managedByAsReported usage usageAsReported } } }");
    expect(data.groups.nodes).toEqual([
      { managedBy: "UNKNOWN", managedByAsReported: "ROBOTS", usage: "UNKNOWN", usageAsReported: "PROJECT" },
      {
        managedBy: "EXTERNAL",
        managedByAsReported: "external",
        usage: "TEAM_COLLABORATION",
        usageAsReported: "team_collaboration",
      },
    ]);
  });
});

describe("ids", () => {
  const large = "9223372036854775807";
  const row = { principal: { type: "user", id: human(1).accountId }, operation: { key: "read", targetType: "space" } };

  it("beyond 2^53 stay what they are, end to end", async () => {
    const { id: _, ...rest } = space(1);
    await using stack = await startStack({
      world: cloudWorld({
        accounts: [human(1)],
        spaces: [{ ...rest, id: large, permissions: [{ ...row, id: "9007199254740993" }] }],
      }),
    });
    const fields = "spaceId grants { nodes { id entitlement { ... on SpacePermission { permissionId } } } }";
    const { data } = await stack.query(`{ space(spaceId: "${large}") { ${fields} } spaces { nodes { ${fields} } } }`);
    expect(data.space).toMatchObject({
      spaceId: large,
      grants: { nodes: [{ entitlement: { permissionId: "9007199254740993" } }] },
    });
    expect(data.spaces.nodes).toEqual([data.space]);
    const grant = await stack.query("query ($id: ID!) { grant(id: $id) { id } }", {
      id: data.space.grants.nodes[0].id,
    });
    expect(grant.data.grant).toEqual({ id: data.space.grants.nodes[0].id });
  });

  it("that come as numbers are read as the same ids", async () => {
    await using stack = await startStack({ world: cloudWorld({ spaces: [space(1)] }) });
    await stack.fail({
      match: "GET /wiki/api/v2/spaces",
      times: "always",
      body: { results: [{ id: 327684, key: "ENG", type: "global", status: "current" }] },
    });
    const { data } = await stack.query("{ spaces { nodes { spaceId } } }");
    expect(data.spaces.nodes).toEqual([{ spaceId: "327684" }]);
  });

  it("that come as numbers beyond 2^53 are those ids, and not the ones that parsing makes of them", async () => {
    await using stack = await startStack({ world: cloudWorld({ spaces: [space(1)] }) });
    await stack.fail({
      match: "GET /wiki/api/v2/spaces",
      times: "always",
      body: '{"results":[{"id":9007199254740993,"key":"ENG","type":"global","status":"current"}]}',
    });
    const { data, errors } = await stack.query("{ spaces { nodes { spaceId } } }");
    expect(errors).toBeUndefined();
    expect(data.spaces.nodes).toEqual([{ spaceId: "9007199254740993" }]);
  });

  it("that are no numbers name no space, and do not spoil the call for the others", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)], spaces: [space(1)] }) });
    const { data, errors } =
      await stack.query(`{ good: space(spaceId: "1001") { key } word: space(spaceId: "ENG") { key }
      two: space(spaceId: "1001,1002") { key } larger: space(spaceId: "9223372036854775808") { key } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ good: { key: "S1" }, word: null, two: null, larger: null });
  });
});

describe("spaces", () => {
  const world = cloudWorld({
    accounts: [human(1)],
    spaces: [
      space(1),
      space(2, { status: "archived" }),
      space(3, { status: "trashed" }),
      space(4, { key: "~712020abc", type: "personal" }),
    ],
  });

  it("are never listed without a status, because nobody documents what that would list", async () => {
    await using stack = await startStack({ world });
    await stack.query('{ spaces { nodes { key } } space(key: "NONE") { key } accounts { totalCount } }');
    const asked = stack.calls().filter((call) => call.includes("/api/v2/spaces?"));
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((call) => !/[?&]status=(current|archived|trashed)\b/.test(call))).toEqual([]);
  });

  it("are found by id and key whatever their status, with no further call for those in use", async () => {
    await using stack = await startStack({ world });
    await stack.forgetCalls();
    const inUse = await stack.query('{ space(spaceId: "1001") { status } }');
    expect(inUse.data.space.status).toBe("CURRENT");
    expect(stack.calls()).toHaveLength(1);
    const { data } =
      await stack.query(`{ a: space(spaceId: "1002") { key status } b: space(spaceId: "1003") { key status }
      c: space(key: "S2") { spaceId status } d: space(key: "S3") { spaceId status } }`);
    expect(data).toEqual({
      a: { key: "S2", status: "ARCHIVED" },
      b: { key: "S3", status: "TRASHED" },
      c: { spaceId: "1002", status: "ARCHIVED" },
      d: { spaceId: "1003", status: "TRASHED" },
    });
  });

  it("are found by key when it starts with a tilde, as personal ones do", async () => {
    await using stack = await startStack({ world });
    const { data } = await stack.query('{ space(key: "~712020abc") { spaceId kind homepageUrl } }');
    expect(data.space).toEqual({
      spaceId: "1004",
      kind: "PERSONAL",
      homepageUrl: `${stack.sandbox.url}/wiki/spaces/~712020abc`,
    });
  });

  it("keep their key when they are addressed by another alias", async () => {
    await using stack = await startStack({ world });
    await stack.fail({
      match: "GET /wiki/api/v2/spaces",
      times: "always",
      body: {
        results: [
          { id: "1001", key: "S1", type: "global", status: "current", currentActiveAlias: "design" },
          { id: "1002", key: "S2", type: "global", status: "current", currentActiveAlias: "S2" },
        ],
      },
    });
    const { data } = await stack.query("{ spaces { nodes { key alias } } }");
    expect(data.spaces.nodes).toEqual([
      { key: "S1", alias: "design" },
      { key: "S2", alias: null },
    ]);
  });

  it("keep words for kind and status that nobody knows yet", async () => {
    await using stack = await startStack({ world });
    await stack.fail({
      match: "GET /wiki/api/v2/spaces",
      times: "always",
      body: { results: [{ id: "1001", key: "S1", type: "whiteboard_hub", status: "frozen" }] },
    });
    const { data } = await stack.query("{ spaces { nodes { kind kindAsReported status statusAsReported } } }");
    expect(data.spaces.nodes).toEqual([
      { kind: "UNKNOWN", kindAsReported: "whiteboard_hub", status: "UNKNOWN", statusAsReported: "frozen" },
    ]);
  });
});
