import { describe, expect, it } from "vitest";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const world = cloudWorld({
  accounts: [human(1)],
  groups: [{ id: "g-1", name: "Designers", members: [human(1).accountId] }],
  spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
});
const document = "{ groups { totalCount nodes { name } completeness { gaps { code retryAfterMs } } } }";

describe("a 429", () => {
  it("with a short Retry-After is waited for whole, and answered", async () => {
    await using stack = await startFaultyStack({ world, hasRealPauses: true });
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: 1,
      status: 429,
      headers: { "Retry-After": "1" },
    });
    const { data, errors } = await stack.query(document);
    expect(errors).toBeUndefined();
    expect(data.groups).toEqual({ totalCount: 1, nodes: [{ name: "Designers" }], completeness: { gaps: [] } });
    const [first, second] = stack.sandbox.journal();
    expect([first?.status, second?.status]).toEqual([429, 200]);
    // The journal counts whole milliseconds, and so does a timer.
    expect(Date.parse(second?.at ?? "") - Date.parse(first?.at ?? "")).toBeGreaterThanOrEqual(995);
  });

  it("with half an hour fails at once, and says when to ask again", async () => {
    await using stack = await startFaultyStack({ world, hasRealPauses: true });
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: "always",
      status: 429,
      headers: { "Retry-After": "1800" },
    });
    const { data, errors } = await stack.query(document);
    expect(data.groups).toEqual({
      totalCount: null,
      nodes: null,
      completeness: { gaps: [{ code: "UPSTREAM_THROTTLED", retryAfterMs: 1_800_000 }] },
    });
    expect(errors).toMatchObject([
      { path: ["groups", "nodes"], extensions: { code: "UPSTREAM_THROTTLED", retryAfterMs: 1_800_000 } },
    ]);
    expect(stack.calls()).toHaveLength(1);
  });

  it("with half an hour keeps every other call back, each with its time, and cached answers flowing", async () => {
    await using stack = await startFaultyStack({ world, hasRealPauses: true });
    const cached = '{ space(spaceId: "1001") { grants { totalCount } } }';
    const before = await stack.query(cached);
    await stack.forgetCalls();
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: 1,
      status: 429,
      headers: { "Retry-After": "1800" },
    });
    await stack.query(document);
    const { data, errors } = await stack.query(`{ account(accountId: "${human(1).accountId}") { displayName } }`);
    expect(data.account).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_THROTTLED" } }]);
    expect(errors?.[0]?.extensions.retryAfterMs).toBeGreaterThan(1_790_000);
    expect(stack.calls()).toHaveLength(1);
    expect((await stack.query(cached)).data).toEqual(before.data);
  });

  it("in the middle of a list keeps what was read, with the time in the gap", async () => {
    await using stack = await startFaultyStack({ world, hasRealPauses: true });
    await stack.fail(
      {
        match: "GET /wiki/rest/api/group?start=1",
        times: "always",
        status: 429,
        headers: { "Retry-After": "1800" },
      },
      {
        match: "GET /wiki/rest/api/group",
        times: "always",
        body: { results: [{ id: "g-1", name: "Designers" }], _links: { next: "/rest/api/group?start=1" } },
      },
    );
    const { data, errors } = await stack.query(document);
    expect(errors).toBeUndefined();
    expect(data.groups).toEqual({
      totalCount: null,
      nodes: [{ name: "Designers" }],
      completeness: { gaps: [{ code: "UPSTREAM_THROTTLED", retryAfterMs: 1_800_000 }] },
    });
  });
});

describe("a 503 with a Retry-After", () => {
  it("is a throttle too", async () => {
    await using stack = await startFaultyStack({ world, hasRealPauses: true });
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: "always",
      status: 503,
      headers: { "Retry-After": "1800" },
    });
    const { errors } = await stack.query(document);
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_THROTTLED", retryAfterMs: 1_800_000 } }]);
  });
});
