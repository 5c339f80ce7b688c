import { describe, expect, it } from "vitest";
import { cloudWorld, human, space } from "../support/worlds.js";
import { crowd, crowdWorld } from "./crowdWorld.js";
import { startFaultyStack } from "./startFaultyStack.js";

const spacesDocument =
  "{ spaces { totalCount nodes { key } completeness { isComplete gaps { missing code reason } } } }";
const row = (number: number) => ({ id: String(1000 + number), key: `S${number}`, type: "global", status: "current" });

describe("next links that cannot be trusted", () => {
  const world = cloudWorld({ accounts: [human(1)], spaces: [space(1), space(2)] });

  it("ends on a cursor that was read already, with a gap, instead of reading in circles", async () => {
    await using stack = await startFaultyStack({ world });
    const next = "/wiki/api/v2/spaces?status=current&cursor=again&limit=250";
    await stack.fail(
      {
        match: "GET /wiki/api/v2/spaces?cursor=again",
        times: "always",
        body: { results: [row(2)], _links: { next } },
      },
      { match: "GET /wiki/api/v2/spaces", times: "always", body: { results: [row(1)], _links: { next } } },
    );
    const { data } = await stack.query(spacesDocument);
    expect(stack.calls()).toHaveLength(2);
    expect(data.spaces).toEqual({
      totalCount: null,
      nodes: [{ key: "S1" }, { key: "S2" }],
      completeness: {
        isComplete: false,
        gaps: [
          {
            missing: "current spaces after the first 2",
            code: "INCOMPLETE",
            reason: expect.stringContaining("named a page again that was read already"),
          },
        ],
      },
    });
  });

  it("does not follow a link to another origin: the credential stays here, and the rest is a gap", async () => {
    await using elsewhere = await startFaultyStack({ world });
    await using stack = await startFaultyStack({ world });
    const next = `${elsewhere.sandbox.url}/wiki/api/v2/spaces?cursor=abc`;
    await stack.fail({
      match: "GET /wiki/api/v2/spaces",
      times: "always",
      body: { results: [row(1)], _links: { next } },
    });
    const { data } = await stack.query(spacesDocument);
    expect(elsewhere.calls()).toEqual([]);
    expect(stack.calls()).toHaveLength(1);
    expect(data.spaces).toEqual({
      totalCount: null,
      nodes: [{ key: "S1" }],
      completeness: {
        isComplete: false,
        gaps: [
          {
            missing: "current spaces after the first 1",
            code: "UPSTREAM_CONTRACT",
            reason: expect.stringContaining("points to another origin and is not followed"),
          },
        ],
      },
    });
  });

  it("does not end a list whole at a link without a position", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({
      match: "GET /wiki/api/v2/spaces",
      times: "always",
      body: { results: [row(1)], _links: { next: "/wiki/api/v2/spaces?page=2" } },
    });
    const { data } = await stack.query(spacesDocument);
    expect(data.spaces).toMatchObject({ totalCount: null, nodes: [{ key: "S1" }] });
    expect(data.spaces.completeness.gaps[0].reason).toContain('carries no "cursor"');
  });
});

describe("a page that holds somebody twice", () => {
  const world = cloudWorld({ accounts: [1, 2, 3].map(human), spaces: [] });
  const document = "{ accounts { nodes { accountId } completeness { isComplete } } }";
  const found = (...numbers: number[]) => ({
    results: numbers.map((number) => ({ user: { accountId: human(number).accountId } })),
  });
  const all = { nodes: [1, 2, 3].map((number) => ({ accountId: human(number).accountId })) };

  it.each([
    ["as one", { 0: [1, 1], 1: [2], 2: [3] }],
    ["as two", { 0: [1, 1], 1: [1, 2], 3: [3] }],
  ])("loses nobody where the site counts it %s", async (_how, pages) => {
    await using stack = await startFaultyStack({ world });
    const match = "GET /wiki/rest/api/search/user";
    await stack.fail(
      ...Object.entries(pages).map(([start, numbers]) => ({
        ...{ match: `${match}?start=${start}`, times: "always" as const, body: found(...numbers) },
      })),
      { match, times: "always", body: found() },
    );
    const { data } = await stack.query(document);
    expect(data.accounts).toEqual({ ...all, completeness: { isComplete: true } });
  });
});

describe("pages too large for the site", () => {
  const path = `/wiki/rest/api/group/${crowd.id}/membersByGroupId`;
  const document = `{ group(groupId: "${crowd.id}") { members(first: 1000) { totalCount completeness { isComplete } } } }`;

  it("are asked for at half the size on repeated 5xx, until they fit, and nobody is lost", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: `GET ${path}?limit=200`, times: "always", status: 502 });
    const { data, errors } = await stack.query(document);
    expect(errors).toBeUndefined();
    expect(data.group.members).toEqual({ totalCount: crowd.size, completeness: { isComplete: true } });
    const limits = stack
      .calls()
      .filter((call) => call.includes("membersByGroupId"))
      .map((call) => new URL(call.split(" ")[1] ?? "", "http://site").searchParams.get("limit"));
    expect(limits).toEqual(["200", "200", "200", "200", "200", "100", "100", "100", "100", "100"]);
  });

  it("are halved in the middle of a list too, from where it stood", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    await stack.fail({ match: `GET ${path}?limit=200&start=200`, times: "always", status: 500 });
    const { data } = await stack.query(document);
    expect(data.group.members).toEqual({ totalCount: crowd.size, completeness: { isComplete: true } });
  });
});

describe("a lost connection", () => {
  const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g-1", name: "Designers", members: [] }] });

  it("is asked again and answered, without a word to the client", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, reset: true });
    const { data, errors, extensions } = await stack.query("{ groups { totalCount nodes { name } } }");
    expect(errors).toBeUndefined();
    expect(extensions).toBeUndefined();
    expect(data.groups).toEqual({ totalCount: 1, nodes: [{ name: "Designers" }] });
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(2);
  });

  it("is asked again for a POST that only reads", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", times: 1, reset: true });
    const { data } = await stack.query(`{ account(accountId: "${human(1).accountId}") { displayName } }`);
    expect(data.account).toEqual({ displayName: "Human 1" });
  });

  it("for good is an error with a stable code", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: "always", reset: true });
    const { data, errors } = await stack.query("{ groups { nodes { name } } }");
    expect(data.groups.nodes).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_UNREACHABLE" } }]);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(5);
  });
});
