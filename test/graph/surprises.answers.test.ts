import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, space } from "../support/worlds.js";

describe("the role mode", () => {
  const world = cloudWorld({ mode: "PRE_ROLES", accounts: [human(1)], spaces: [space(1)] });
  const modes = [
    {
      what: "PRE_ROLES where the site has no such route, nor any other of roles",
      fault: { status: 404 },
      model: "PRE_ROLES",
    },
    { what: "UNKNOWN where the mode is one to come", fault: { body: { mode: "ROLES_2" } }, model: "UNKNOWN" },
  ];

  it.each(modes)("is $what", async ({ fault, model }) => {
    await using stack = await startStack({ world });
    await stack.fail({ match: "GET /wiki/api/v2/space-role-mode", times: "always", ...fault });
    const { data, errors } = await stack.query("{ site { permissionModel } }", {}, { "cache-control": "no-cache" });
    expect(errors).toBeUndefined();
    expect(data.site.permissionModel).toBe(model);
  });
});

describe("what errors mean", () => {
  const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g-1", name: "One", members: [] }] });
  const document = '{ group(groupId: "g-1") { name } }';
  const meanings = [
    {
      what: "the gateway's 404 for a wrong cloud id is a fault of the configuration, not 'no such object'",
      status: 404,
      body: {
        timestamp: "2026-11-20T00:00:00Z",
        status: 404,
        error: "Not Found",
        path: "/ex/confluence/x",
        message: "",
      },
      code: "UPSTREAM_MISCONFIGURED",
      says: "cloud id",
    },
    {
      what: "a 401 that speaks of scopes wants another scope, not another token",
      status: 401,
      body: { code: 401, message: "Unauthorized; scope does not match" },
      code: "UPSTREAM_AUTH",
      says: "scope that this call needs",
    },
  ];

  it.each(meanings)("$what", async ({ status, body, code, says }) => {
    await using stack = await startStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group/by-id", times: "always", status, body });
    const { data, errors } = await stack.query(document);
    expect(data.group).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(errors?.[0]?.message).toContain(says);
  });

  it("a 404 is missing or hidden, nobody can tell: null without an error", async () => {
    await using stack = await startStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group/by-id", times: "always", status: 404 });
    const { data, errors } = await stack.query(document);
    expect({ data, errors }).toEqual({ data: { group: null }, errors: undefined });
  });
});
