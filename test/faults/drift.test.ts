import { describe, expect, it } from "vitest";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1)],
  groups: [{ id: "g-1", name: "Designers", members: [human(1).accountId] }],
  spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
});

const malformedRows = [
  {
    call: "GET /wiki/rest/api/group",
    body: { results: [{ id: "g-1", name: "Designers" }, { name: "No id" }] },
    field: "results.1.id",
    document: "{ groups { nodes { name } } }",
    at: ["groups", "nodes"],
  },
  {
    call: "GET /wiki/rest/api/group/{groupId}/membersByGroupId",
    match: "GET /wiki/rest/api/group/g-1/membersByGroupId",
    body: { results: [{ accountId: 42 }] },
    field: "results.0.accountId",
    document: "{ groups { nodes { members { nodes { accountId } } } } }",
    at: ["groups", "nodes", 0, "members", "nodes"],
  },
  {
    call: "POST /wiki/api/v2/users-bulk",
    body: { results: [{ displayName: "Nobody" }] },
    field: "results.0.accountId",
    document: `{ account(accountId: "${human(1).accountId}") { displayName } }`,
    at: ["account"],
  },
  {
    call: "GET /wiki/api/v2/spaces",
    body: { results: [{ id: "1001", key: "S1", name: "Space 1", type: "global" }] },
    field: "results.0.status",
    document: "{ spaces { nodes { name } } }",
    at: ["spaces", "nodes"],
  },
  {
    call: "GET /wiki/api/v2/spaces",
    body: { spaces: [] },
    field: "results",
    document: "{ spaces { nodes { name } } }",
    at: ["spaces", "nodes"],
  },
  {
    call: "GET /wiki/api/v2/spaces/{id}/permissions",
    match: "GET /wiki/api/v2/spaces/1001/permissions",
    body: { results: [{ id: "1", principal: { type: "user", id: "a" }, operation: "read/space" }] },
    field: "results.0.operation",
    document: '{ space(spaceId: "1001") { grants(filter: { entitlements: [SPACE_PERMISSION] }) { nodes { id } } } }',
    at: ["space", "grants", "nodes"],
  },
  {
    call: "GET /wiki/api/v2/space-roles",
    body: { results: [{ id: "r", type: "SYSTEM", name: "Viewer" }] },
    field: "results.0.spacePermissions",
    document: "{ site { spaceRoles { nodes { name } } } }",
    at: ["site", "spaceRoles", "nodes"],
  },
  {
    call: "GET /wiki/api/v2/space-role-mode",
    body: { permissionMode: "ROLES" },
    field: "mode",
    document: "{ site { permissionModel } }",
    at: ["site", "permissionModel"],
  },
];

describe("an answer of another shape", () => {
  it.each(malformedRows)(
    "is an error that names $call and $field",
    async ({ call, match, body, field, document, at }) => {
      await using stack = await startFaultyStack({ world });
      await stack.fail({ match: match ?? call, times: "always", body });
      const { errors } = await stack.query(document, {}, { "cache-control": "no-cache" });
      const [error] = errors ?? [];
      expect(error).toMatchObject({ path: at, extensions: { code: "UPSTREAM_CONTRACT", call } });
      expect(error?.message).toContain(call);
      expect(error?.message).toContain(`${field}:`);
    },
  );

  it("on the second page keeps the first page and declares the gap", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail(
      { match: "GET /wiki/rest/api/group?start=1", times: "always", body: { results: [{ id: "g-2" }] } },
      {
        match: "GET /wiki/rest/api/group",
        times: "always",
        body: { results: [{ id: "g-1", name: "Designers" }], _links: { next: "/rest/api/group?start=1&limit=200" } },
      },
    );
    const { data } = await stack.query(
      "{ groups { totalCount nodes { name } completeness { gaps { missing code reason } } } }",
    );
    expect(data.groups).toEqual({
      totalCount: null,
      nodes: [{ name: "Designers" }],
      completeness: {
        gaps: [
          {
            missing: "groups after the first 1",
            code: "UPSTREAM_CONTRACT",
            reason: expect.stringContaining("results.0.name:"),
          },
        ],
      },
    });
  });

  it("does not fail for fields that nobody reads", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: "always",
      body: { results: [{ id: "g-1", name: "Designers", invented: { deep: [1] } }], size: "many" },
    });
    const { data } = await stack.query("{ groups { nodes { name } } }");
    expect(data.groups.nodes).toEqual([{ name: "Designers" }]);
  });
});

describe("an answer that is not JSON", () => {
  const document = "{ groups { nodes { name } completeness { gaps { code } } } }";

  it("is an error when it is cut", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: "always", body: '{"results":[{"id":"g-1"' });
    const { data, errors } = await stack.query(document);
    expect(data.groups).toEqual({ nodes: null, completeness: { gaps: [{ code: "UPSTREAM_CONTRACT" }] } });
    expect(errors?.[0]?.message).toContain("GET /wiki/rest/api/group answered 200 with something that is not JSON");
  });

  it("is told for a sign-in page when it is a web page", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: "always",
      headers: { "content-type": "text/html" },
      body: "<!doctype html><html><body><h1>Log in to continue</h1></body></html>",
    });
    const { data, errors } = await stack.query(document);
    expect(data.groups).toEqual({ nodes: null, completeness: { gaps: [{ code: "UPSTREAM_CONTRACT" }] } });
    expect(errors?.[0]?.message).toContain("sign-in page");
  });

  it("says of nothing that it is not there when it is a web page with 404", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({
      match: "GET /wiki/rest/api/group/by-id",
      times: 1,
      status: 404,
      headers: { "content-type": "text/html" },
      body: "<!DOCTYPE html><html><title>Not here</title></html>",
    });
    const { data, errors } = await stack.query('{ group(groupId: "g-9") { name } }');
    expect([data.group, errors?.[0]?.extensions?.code]).toEqual([null, "UPSTREAM_MISCONFIGURED"]);
    expect(await stack.query('{ group(groupId: "g-9") { name } }')).toEqual({ data: { group: null } });
  });

  it("is an error when it is empty: no body is no empty list", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: "always", body: "" });
    const { data } = await stack.query(document);
    expect(data.groups).toEqual({ nodes: null, completeness: { gaps: [{ code: "UPSTREAM_CONTRACT" }] } });
  });
});
