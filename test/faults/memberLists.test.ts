import { describe, expect, it } from "vitest";
import { human } from "../support/worlds.js";
import { crowd, crowdWorld } from "./crowdWorld.js";
import { startFaultyStack } from "./startFaultyStack.js";

const call = "GET /wiki/rest/api/group/{groupId}/membersByGroupId";
const path = `GET /wiki/rest/api/group/${crowd.id}/membersByGroupId`;
const document = `{ groups { nodes { groupId members(first: 1000) {
  totalCount nodes { accountId } edges { cursor } pageInfo { hasNextPage }
  completeness { isComplete gaps { missing code reason call retryAfterMs } } } } } }`;

const failures = [
  { what: "500", fault: { status: 500 }, code: "UPSTREAM_FAILED" },
  { what: "403", fault: { status: 403 }, code: "UPSTREAM_FORBIDDEN" },
  { what: "a cut connection", fault: { reset: true }, code: "UPSTREAM_UNREACHABLE" },
];

describe("the third page of a member list that fails for good", () => {
  it.each(failures)("keeps the 400 members read so far and declares the gap: $what", async ({ fault, code }) => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: `${path}?start=400`, times: "always", ...fault });
    const { data, errors, extensions } = await stack.query(document);
    expect(errors).toBeUndefined();
    const [large, small] = data.groups.nodes;
    expect(large.members.nodes).toEqual(
      Array.from({ length: 400 }, (_, index) => ({ accountId: human(index + 1).accountId })),
    );
    expect(large.members.edges).toHaveLength(400);
    expect(large.members.totalCount).toBeNull();
    const gap = {
      missing: `members of group ${crowd.id} after the first 400`,
      code,
      reason: expect.stringContaining(call),
      call,
      retryAfterMs: null,
    };
    expect(large.members.completeness).toEqual({ isComplete: false, gaps: [gap] });
    expect(extensions).toEqual({ completeness: { isComplete: false, gaps: [gap] } });
    expect(small.members).toMatchObject({ totalCount: 3, completeness: { isComplete: true, gaps: [] } });
  });

  it("is told in the response's extensions to a query that did not ask", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: `${path}?start=400`, times: "always", status: 403 });
    const { data, extensions } = await stack.query(
      "{ groups { nodes { members(first: 1000) { nodes { accountId } } } } }",
    );
    expect(data.groups.nodes[0].members.nodes).toHaveLength(400);
    expect(extensions).toMatchObject({ completeness: { isComplete: false, gaps: [{ code: "UPSTREAM_FORBIDDEN" }] } });
  });

  it("is not remembered: the next query reads the list whole", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: `${path}?start=400`, times: 1, status: 403 });
    const partial = await stack.query(document);
    expect(partial.data.groups.nodes[0].members.totalCount).toBeNull();
    const whole = await stack.query(document);
    expect(whole.data.groups.nodes[0].members).toMatchObject({
      totalCount: crowd.size,
      completeness: { isComplete: true, gaps: [] },
    });
    expect(whole.extensions).toBeUndefined();
  });

  it("does not take from those unread their group: memberof is asked for them", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: `${path}?start=400`, times: "always", status: 403 });
    const { data } = await stack.query(
      "{ accounts(first: 1000) { nodes { accountId groups { nodes { groupId } completeness { isComplete } } } } }",
    );
    expect(data.accounts.nodes[399].groups).toEqual({
      nodes: [{ groupId: crowd.id }],
      completeness: { isComplete: true },
    });
    expect(data.accounts.nodes[449]).toEqual({
      accountId: human(450).accountId,
      groups: { nodes: [{ groupId: crowd.id }], completeness: { isComplete: true } },
    });
    expect(stack.calls().filter((made) => made.includes("/memberof") && made.includes("start=0"))).toHaveLength(50);
  });

  it("makes a gap of the group's grants in a list of all grants", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: `${path}?start=400`, times: "always", status: 403 });
    const { data } = await stack.query(
      "{ grants(first: 1000) { totalCount nodes { id } completeness { isComplete gaps { missing } } } }",
    );
    expect(data.grants.nodes).toHaveLength(403);
    expect(data.grants).toMatchObject({
      totalCount: null,
      completeness: {
        isComplete: false,
        gaps: [{ missing: `members of group ${crowd.id} after the first 400` }],
      },
    });
  });
});

describe("the first page of a member list that fails", () => {
  it.each(failures)("is null with a stable code and a gap, never an empty list: $what", async ({ fault, code }) => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: path, times: "always", ...fault });
    const { data, errors, extensions } = await stack.query(document);
    const [large, small] = data.groups.nodes;
    expect(large.members).toMatchObject({
      nodes: null,
      edges: null,
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: `members of group ${crowd.id}`, code, call }] },
    });
    expect(errors?.map(({ path: at, extensions: facts }) => ({ at, code: facts.code, call: facts.call }))).toEqual(
      ["nodes", "edges"].map((field) => ({ at: ["groups", "nodes", 0, "members", field], code, call })),
    );
    expect(extensions).toMatchObject({ completeness: { isComplete: false, gaps: [{ code }] } });
    expect(small.members).toMatchObject({ totalCount: 3, completeness: { isComplete: true } });
  });
});

describe("the groups of an account, when one group's member list failed", () => {
  it("are those it was seen in, with the other group as a gap", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: path, times: "always", status: 403 });
    const { data } = await stack.query(`{ groups { nodes { groupId members { nodes { accountId groups {
      totalCount nodes { groupId } completeness { isComplete gaps { missing code } } } } } } } }`);
    expect(data.groups.nodes[1].members.nodes).toHaveLength(3);
    expect(data.groups.nodes[1].members.nodes[0]).toEqual({
      accountId: human(1).accountId,
      groups: {
        totalCount: null,
        nodes: [{ groupId: "g-small" }],
        completeness: {
          isComplete: false,
          gaps: [{ missing: `whether the account is a member of group ${crowd.id}`, code: "UPSTREAM_FORBIDDEN" }],
        },
      },
    });
  });
});

describe("a group list that fails", () => {
  it("is null with a stable code and a gap, never an empty list", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: "always", status: 403 });
    const { data, errors } = await stack.query(
      "{ groups { totalCount nodes { name } completeness { isComplete gaps { missing code } } } }",
    );
    expect(data.groups).toEqual({
      totalCount: null,
      nodes: null,
      completeness: { isComplete: false, gaps: [{ missing: "groups", code: "UPSTREAM_FORBIDDEN" }] },
    });
    expect(errors).toMatchObject([{ path: ["groups", "nodes"], extensions: { code: "UPSTREAM_FORBIDDEN" } }]);
  });

  it("makes a gap of memberships among all accounts, and keeps those that search knows", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: "always", status: 403 });
    const { data, errors } = await stack.query(
      "{ accounts(first: 1000) { totalCount nodes { accountId } completeness { isComplete gaps { missing } } } }",
    );
    expect(errors).toBeUndefined();
    expect(data.accounts.nodes).toHaveLength(crowd.size);
    expect(data.accounts).toMatchObject({
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: "accounts that only group memberships name" }] },
    });
  });

  it("does not pass for the absence of a group looked up by name", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: "always", status: 403 });
    const { data, errors } = await stack.query('{ group(name: "Small") { groupId } }');
    expect(data.group).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_FORBIDDEN" } }]);
  });
});
