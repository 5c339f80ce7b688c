import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dcGroups, dcSpaces, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { readWholeList } from "./readWholeList.js";
import { startPatientStack } from "./startPatientStack.js";
import { startProxy } from "./startProxy.js";

const world = smallDataCenterWorld();
const forEver = "9223372036854775807";
const completeness = "completeness { isComplete gaps { code reason retryAfterMs } }";

/** The small world with more groups: one more call a group for its members, and one for the groups in it. */
function worldOfGroups(count: number) {
  const names = Array.from({ length: count }, (_, index) => `team-${index + 1}`);
  const more = names.map((name, index) => ({ name, members: index % 2 === 0 ? ["ben"] : ["cara", "dan"] }));
  return smallDataCenterWorld("10.2.0", { groups: [...world.dataCenter.groups.slice(0, 2), ...more] });
}

describe("lists of a site that clamps the limit", () => {
  it("lose nobody where it gives 7 for every 200 or 1,000 that are asked for", async () => {
    const rewrite = (target: string) => target.replace(/\blimit=\d+/, "limit=7");
    const users = Array.from({ length: 40 }, (_, index) => ({
      userKey: `2c958083${String(5_000 + index).padStart(24, "0")}`,
      username: `more-${index}`,
      displayName: `More ${index}`,
      email: `more-${index}@example.com`,
      status: "current" as const,
    }));
    const [first, ...others] = world.dataCenter.groups;
    const changed = smallDataCenterWorld("10.2.0", {
      users: [...world.dataCenter.users, ...users],
      groups: [
        { name: dcGroups.users, members: [...(first?.members ?? []), ...users.map(({ username }) => username)] },
        ...others,
      ],
      spaces: [
        ...world.dataCenter.spaces,
        ...users.map((_, index) => ({
          id: 900_000 + index,
          key: `X${index}`,
          name: `X ${index}`,
          type: "global" as const,
          status: "current" as const,
          permissions: [],
        })),
      ],
    });
    await using stack = await startDataCenterStack({
      world: changed,
      through: (url) => startProxy(() => url, { rewrite }),
    });
    const accounts = await readWholeList(stack, "accounts", { selection: "accountId lastActiveAt", first: 1_000 });
    const groups = await readWholeList(stack, "groups", { selection: "name", first: 1_000 });
    const spaces = await readWholeList(stack, "spaces", { selection: "key", first: 1_000 });
    const members = await readWholeList(stack, "members", {
      parent: `group(name: "${dcGroups.users}")`,
      selection: "accountId",
      first: 1_000,
    });
    expect(
      [accounts, groups, spaces, members].map((list) => new Set(list.map((item) => JSON.stringify(item))).size),
    ).toEqual([53, 10, 43, 49]);
    expect(stack.countCalls("GET", /user\/list$/)).toBe(8);
  });

  it("are read by position alone: no link is followed, and no address that one names", async () => {
    await using elsewhere = await startDataCenterStack({ world });
    await using stack = await startDataCenterStack({ world });
    await elsewhere.forgetCalls();
    await stack.forgetCalls();
    await stack.fail({
      match: "GET /rest/api/group?limit=1000",
      times: 1,
      body: {
        results: [{ type: "group", name: dcGroups.a }],
        start: 0,
        limit: 1,
        size: 1,
        _links: { base: elsewhere.dataCenter.url, next: `${elsewhere.dataCenter.url}/rest/api/group?limit=1&start=1` },
      },
    });
    const groups = await readWholeList<{ name: string }>(stack, "groups", { selection: "name", first: 100 });
    expect(groups.map(({ name }) => name).sort()).toEqual(world.dataCenter.groups.map(({ name }) => name).sort());
    expect(stack.calls()).toEqual([
      "GET /confluence/rest/api/group?limit=1000",
      "GET /confluence/rest/api/group?start=1&limit=1000",
    ]);
    expect(elsewhere.calls()).toEqual([]);
  });
});

describe("a Retry-After", () => {
  const warnings: string[] = [];
  const note = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);
  beforeEach(() => {
    warnings.length = 0;
    process.on("warning", note);
  });
  afterEach(() => {
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  it("that says to wait for ever fails its own call alone: others go on", async () => {
    await using stack = await startPatientStack({ world });
    await stack.fail({
      match: "GET /rest/api/group",
      times: "always",
      status: 429,
      headers: { "Retry-After": forEver },
      body: { message: "Rate limit exceeded." },
    });
    const { data, errors } = await stack.query(
      `{ groups { nodes { name } ${completeness} } spaces { totalCount ${completeness} } accounts { totalCount } }`,
    );
    expect(errors).toMatchObject([{ path: ["groups", "nodes"], extensions: { code: "UPSTREAM_THROTTLED" } }]);
    expect(data.groups).toEqual({
      nodes: null,
      completeness: {
        isComplete: false,
        gaps: [
          {
            code: "UPSTREAM_THROTTLED",
            reason: expect.stringContaining("Rate limit exceeded."),
            retryAfterMs: null,
          },
        ],
      },
    });
    expect(data.spaces).toEqual({ totalCount: 3, completeness: { isComplete: true, gaps: [] } });
    expect(data.accounts).toEqual({ totalCount: 13 });
    // The pauses of our own, four in all: nobody has slept on the header.
    expect(stack.pausesMs).toHaveLength(4);
    const later = await stack.query('{ space(key: "ENG") { name grants { totalCount } } }');
    expect(later.errors).toBeUndefined();
    expect(later.data.space).toEqual({ name: "Engineering", grants: { totalCount: 22 } });
    const budget = await stack.query("{ sites { upstreamBudget { pausedUntil } } }");
    expect(budget.data.sites).toEqual([{ upstreamBudget: { pausedUntil: null } }]);
  });

  it.each(["0", forEver])("of %s on every success changes nothing: no pause, nothing asked twice", async (header) => {
    await using stack = await startPatientStack({ world });
    await stack.fail({ match: "* /**", times: "always", headers: { "Retry-After": header } });
    const { data, errors } = await stack.query(
      "{ accounts { totalCount } groups { nodes { members { totalCount completeness { isComplete } } } } spaces { nodes { grants { totalCount } } } }",
    );
    expect(errors).toBeUndefined();
    expect(data.accounts.totalCount).toBe(13);
    expect(data.spaces.nodes.map((each: { grants: { totalCount: number } }) => each.grants.totalCount)).toHaveLength(3);
    expect(stack.pausesMs).toEqual([]);
    const calls = stack.calls();
    expect(new Set(calls).size).toBe(calls.length);
    expect(new Set(stack.sandbox.journal().map(({ status }) => status))).toEqual(new Set([200]));
  });

  it("rides on every success of the sandbox, as it does on the real thing", async () => {
    await using stack = await startDataCenterStack({ world });
    const { url, credentials } = stack.dataCenter;
    const answer = await fetch(`${url}/rest/api/group`, {
      headers: { authorization: `Bearer ${credentials.personalAccessToken}` },
    });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([200, "0"]);
  });
});

describe("a token bucket", () => {
  it("of 50 loses nobody in 200 calls", async () => {
    const rate = { capacity: 50, fillRate: 100, intervalSeconds: 1 };
    const large = worldOfGroups(100);
    await using stack = await startDataCenterStack({ world: large, sandbox: { dataCenter: { rate } } });
    const groups = await readWholeList<{ name: string; members: { totalCount: number } }>(stack, "groups", {
      selection:
        "name members { totalCount completeness { isComplete } } memberGroups { totalCount completeness { isComplete } }",
      first: 1_000,
    });
    expect(new Map(groups.map(({ name, members }) => [name, members.totalCount]))).toEqual(
      new Map(large.dataCenter.groups.map(({ name, members }) => [name, members.length])),
    );
    const journal = stack.sandbox.journal();
    expect(journal.filter(({ status }) => status === 200).length).toBeGreaterThan(200);
    // It tells what remains, so that it need not refuse what it has no tokens for.
    expect(journal.filter(({ status }) => status === 429).length).toBeLessThan(10);
    // All this is more than it holds at first, and what it was given since took time.
    const atMs = journal.map(({ at }) => Date.parse(at));
    expect(Math.max(...atMs) - Math.min(...atMs)).toBeGreaterThan(900);
  });
});

describe("an account without administrator's rights", () => {
  it("is no rejected credential: the site stays ready, and the gaps name the right that is missing", async () => {
    await using stack = await startPatientStack({
      world,
      env: { CONFLUENCE_PERSONAL_ACCESS_TOKEN: "sandbox-reader-token" },
    });
    const { data, errors } = await stack.query(`{
      accounts { totalCount ${completeness} }
      group(name: "${dcGroups.a}") { members { nodes { accountId } ${completeness} } }
      space(spaceId: "${dcSpaces.ENG}") { grants { nodes { id } ${completeness} } }
      siteWide: grants(filter: { entitlements: [SITE_PERMISSION] }) { nodes { id } ${completeness} }
    }`);
    expect(data.accounts).toEqual({ totalCount: 13, completeness: { isComplete: true, gaps: [] } });
    const right = expect.stringMatching(/administrator/);
    const gap = (code: string) => [{ code, reason: right, retryAfterMs: null }];
    expect(data.group.members).toEqual({
      nodes: null,
      completeness: { isComplete: false, gaps: gap("UPSTREAM_FORBIDDEN") },
    });
    expect(data.space.grants).toEqual({
      nodes: null,
      completeness: { isComplete: false, gaps: gap("UPSTREAM_FAILED") },
    });
    expect(data.siteWide.nodes).toBeNull();
    expect(data.siteWide.completeness.gaps).toMatchObject([{ code: "UPSTREAM_FORBIDDEN" }]);
    expect(errors?.map(({ extensions }) => extensions.code).sort()).toEqual([
      "UPSTREAM_FAILED",
      "UPSTREAM_FORBIDDEN",
      "UPSTREAM_FORBIDDEN",
    ]);
    await expect.poll(stack.readiness).toMatchObject({ status: "ready", sites: [{ isReady: true, reason: null }] });
  });
});

describe("what is not JSON", () => {
  const xml =
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><status><status-code>400</status-code><message>The index is being rebuilt, spaces cannot be listed</message></status>';
  const page = "<!doctype html><html><head><title>Maintenance</title></head><body><h1>Back at nine</h1></body></html>";

  it.each([
    ["an error in XML", 400, "application/xml", xml, /400: ".*The index is being rebuilt, spaces cannot be listed.*"/],
    ["a web page", 403, "text/html", page, /403: ".*Back at nine.*"/],
  ])("%s is told in its own words, without markup", async (_, status, type, body, words) => {
    await using stack = await startPatientStack({ world });
    await stack.fail({
      match: "GET /rest/api/space",
      times: "always",
      status,
      headers: { "content-type": type },
      body,
    });
    const { errors } = await stack.query("{ spaces { nodes { key } } }");
    expect(errors?.[0]?.message).toMatch(words);
    expect(errors?.[0]?.message).not.toMatch(/[<>]/);
  });

  it("a web page with status 200 is no empty list", async () => {
    await using stack = await startPatientStack({ world });
    await stack.fail({
      match: "GET /rest/api/space",
      times: "always",
      status: 200,
      headers: { "content-type": "text/html" },
      body: page,
    });
    const { data, errors } = await stack.query("{ spaces { nodes { key } } }");
    expect(data.spaces.nodes).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_CONTRACT" } }]);
  });
});
