import { describe, expect, it } from "vitest";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "g-1", name: "Designers", members: [human(1).accountId] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("group", "g-1")],
      spaceOwnerId: human(2).accountId,
    }),
  ],
});

describe("accounts whose facts cannot be read", () => {
  it("keep their ids; their names are null with an error, their kind and status UNKNOWN", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", times: "always", status: 403 });
    const { data, errors } = await stack.query(`{ spaces { nodes { grants { totalCount nodes { principal {
      __typename ... on Account { id accountId displayName email kind status statusSource } ... on Group { name }
    } } } } } }`);
    const [{ grants }] = data.spaces.nodes;
    expect(grants.totalCount).toBe(2);
    expect(grants.nodes).toEqual(
      expect.arrayContaining([
        {
          principal: {
            __typename: "Account",
            id: expect.any(String),
            accountId: human(1).accountId,
            displayName: null,
            email: null,
            kind: "UNKNOWN",
            status: "UNKNOWN",
            statusSource: "NONE",
          },
        },
        { principal: { __typename: "Group", name: "Designers" } },
      ]),
    );
    expect(errors?.map(({ path, extensions }) => ({ field: path?.at(-1), code: extensions.code }))).toEqual([
      { field: "displayName", code: "UPSTREAM_FORBIDDEN" },
      { field: "email", code: "UPSTREAM_FORBIDDEN" },
      ...["kind", "status", "statusSource"].map((field) => ({ field, code: "UPSTREAM_FORBIDDEN" })),
    ]);
  });

  it("are an error, not null for 'nobody', when looked up by id", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", times: "always", status: 500 });
    const { data, errors } = await stack.query(`{ account(accountId: "${human(1).accountId}") { displayName } }`);
    expect(data.account).toBeNull();
    expect(errors).toMatchObject([{ path: ["account"], extensions: { code: "UPSTREAM_FAILED", upstreamStatus: 500 } }]);
  });

  it("make a gap of a filter by what only they tell: nobody knows whether they fit", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", times: "always", status: 403 });
    const { data } = await stack.query(`{ accounts(filter: { statuses: [ACTIVE] }) {
      totalCount nodes { accountId } completeness { isComplete gaps { missing code } } } }`);
    expect(data.accounts).toEqual({
      totalCount: null,
      nodes: null,
      completeness: {
        isComplete: false,
        gaps: [
          {
            missing: "whether accounts fit the filter whose facts could not be read (2 such)",
            code: "UPSTREAM_FORBIDDEN",
          },
        ],
      },
    });
  });

  it("keep a space's owner known by id", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", times: "always", status: 403 });
    const { data, errors } = await stack.query('{ space(spaceId: "1001") { key owner { accountId displayName } } }');
    expect(data.space).toEqual({ key: "S1", owner: { accountId: human(2).accountId, displayName: null } });
    expect(errors).toMatchObject([{ path: ["space", "owner", "displayName"] }]);
  });
});

describe("groups whose facts cannot be read", () => {
  it("keep their ids as principals; their names are null with an error", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group/by-id", times: "always", status: 403 });
    const { data, errors } = await stack.query(`{ spaces { nodes { grants { totalCount nodes { principal {
      ... on Group { groupId name managedBy } } } } } } }`);
    expect(data.spaces.nodes[0].grants.totalCount).toBe(2);
    expect(data.spaces.nodes[0].grants.nodes).toContainEqual({
      principal: { groupId: "g-1", name: null, managedBy: "UNKNOWN" },
    });
    expect(errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ["name", "UPSTREAM_FORBIDDEN"],
      ["managedBy", "UPSTREAM_FORBIDDEN"],
    ]);
  });
});

describe("one source of all accounts that fails", () => {
  it("is a gap when it is user search, and the others are listed", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/search/user", times: "always", status: 403 });
    const { data, errors } = await stack.query(
      "{ accounts { totalCount nodes { accountId } completeness { isComplete gaps { missing } } } }",
    );
    expect(errors).toBeUndefined();
    expect(data.accounts).toEqual({
      totalCount: null,
      nodes: [{ accountId: human(1).accountId }],
      completeness: { isComplete: false, gaps: [{ missing: "accounts that only user search knows" }] },
    });
  });

  it("is null with an error when all of them failed", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "* /wiki/**", times: "always", status: 403 });
    const { data, errors } = await stack.query("{ accounts { totalCount nodes { accountId } } }");
    expect(data.accounts).toEqual({ totalCount: null, nodes: null });
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_FORBIDDEN" } }]);
  });
});
