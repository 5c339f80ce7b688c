import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Turns } from "../../../src/callers/Turns.js";
import type { AccountId, SiteId, SpaceId } from "../../../src/domain/ids.js";
import { encodeGlobalId } from "../../../src/graph/schema/GlobalId.js";
import { dataCenterIds } from "../../provisioning/dataCenterIds.js";
import { idsOf } from "../../provisioning/ids.js";
import { dcUsers, smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../../support/startDataCenterStack.js";
import { startProvisioning } from "../../support/startProvisioning.js";
import { type Stack, startStack } from "../../support/startStack.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const rows = [
  permission("user", human(1).accountId),
  permission("user", human(1).accountId, "administer/space"),
  permission("group", "g-readers"),
  permission("group", "g-writers"),
  permission("group", "g-writers", "create/page"),
  permission("user", human(4).accountId, "create/page"),
  permission("access-class", "all-product-admins"),
];
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [
    ...[human(1), human(2), human(3), human(4)],
    { ...human(5), accountStatus: "closed" },
    { ...human(6), displayName: "Ann Admin" },
  ],
  groups: [
    { id: "g-readers", name: "readers", members: [human(2).accountId, human(3).accountId, human(5).accountId] },
    { id: "g-writers", name: "writers", members: [human(2).accountId] },
    { id: "g-admins", name: "confluence-admins", accessType: "admin", members: [human(6).accountId] },
  ],
  roles: [
    { id: "role-1", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] },
    { id: "role-2", type: "CUSTOM", name: "Pilot", description: "", spacePermissions: ["launch_rockets/pad"] },
  ],
  spaces: [
    ...Array.from({ length: 20 }, (_, index) => space(index + 1, { permissions: rows })),
    space(21, {
      status: "trashed",
      permissions: [permission("user", human(1).accountId)],
      roleAssignments: [{ principal: { principalType: "USER", principalId: human(1).accountId }, roleId: "role-1" }],
    }),
  ],
});

const check = `query ($input: CheckAccessInput!) { checkAccess(input: $input) {
  decision reason explanation pathCount hasMorePaths assumptions asOf
  permission { operation target } account { displayName } space { key }
  paths { isSuperUser ...Chain belongsBy { ...Step } } ineffective { ...Chain } licencePaths { ...Chain }
  completeness { isComplete gaps { missing code } }
} }
fragment Chain on AccessPath { grants { ...Step } }
fragment Step on Grant { principal { ... on Account { displayName } ... on Group { name } ... on AccessClass { classId } }
  resource { ... on Group { name } ... on Space { key } ... on Site { siteId } } }`;
const checkMany = `query ($inputs: [CheckAccessInput!]!) { checkAccesses(inputs: $inputs) { decision reason } }`;
/** The calls for questions, without the two that a site begins with. */
const callsFor = ({ calls }: Pick<Stack, "calls">): string[] =>
  calls()
    .map((call) => call.split("?")[0] ?? "")
    .filter((call) => !/user\/current$|space-role-mode$/.test(call))
    .sort();
const read = { operation: "read", target: "space" };
const write = { operation: "create", target: "page" };

describe("one question on Cloud", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world });
  });
  afterAll(() => stack.close());
  beforeEach(() => stack.forgetCalls());
  const ask = async (account: number, permissionAsked: object, more: object = {}) => {
    const ids = idsOf(stack.siteId);
    const input = { account: ids.account(account), space: ids.space(1), permission: permissionAsked, ...more };
    return stack.query(check, { input });
  };

  it("costs the calls that it needs, and asked again none", async () => {
    const { data, errors } = await ask(2, read);
    expect(errors).toBeUndefined();
    expect(data.checkAccess.decision).toBe("ALLOWED");
    // Memberships until a page is empty; they tell what the groups are called. Of the groups those that administer.
    expect(callsFor(stack)).toEqual([
      "GET /wiki/api/v2/spaces",
      "GET /wiki/api/v2/spaces/1001/permissions",
      "GET /wiki/api/v2/spaces/1001/role-assignments",
      "GET /wiki/rest/api/group",
      "GET /wiki/rest/api/user/memberof",
      "GET /wiki/rest/api/user/memberof",
      "POST /wiki/api/v2/users-bulk",
    ]);
    await stack.forgetCalls();
    expect((await ask(2, read)).data).toEqual(data);
    expect(stack.calls()).toEqual([]);
  });

  it("is answered with every chain of grants, and in a sentence", async () => {
    const { data } = await ask(2, { operation: "READ", target: "Space" });
    expect(data.checkAccess).toMatchObject({
      decision: "ALLOWED",
      reason: null,
      permission: read,
      account: { displayName: "Human 2" },
      space: { key: "S1" },
      explanation:
        "Human 2 has read/space in S1: through membership of readers, and on 1 other path, assuming that the account has a licence.",
      pathCount: 2,
      hasMorePaths: false,
      assumptions: ["LICENSED"],
      ineffective: [],
      licencePaths: [],
      completeness: { isComplete: true, gaps: [] },
    });
    const chains = data.checkAccess.paths.map((path: { grants: { resource: object }[] }) =>
      path.grants.map(({ resource }) => Object.values(resource)[0]),
    );
    expect(chains).toEqual([
      ["readers", "S1"],
      ["writers", "S1"],
    ]);
  });

  it("tells the way by which an account belongs to the class that holds the grant", async () => {
    const { data } = await ask(6, read);
    expect(data.checkAccess.paths).toEqual([
      {
        isSuperUser: false,
        grants: [{ principal: { classId: "all-product-admins" }, resource: { key: "S1" } }],
        belongsBy: [{ principal: { displayName: "Ann Admin" }, resource: { name: "confluence-admins" } }],
      },
    ]);
  });

  it.each([
    [3, write, "NO_GRANT", 0],
    [4, write, "INEFFECTIVE", 1],
    [5, read, "ACCOUNT_NOT_ACTIVE", 1],
  ])("of account %i about %o is DENIED: %s", async (account, asked, reason, ineffective) => {
    const { data } = await ask(account, asked);
    expect(data.checkAccess).toMatchObject({ decision: "DENIED", reason, paths: [], pathCount: 0 });
    expect(data.checkAccess.ineffective).toHaveLength(ineffective);
  });

  it("is DENIED in a space in the trash", async () => {
    const { data } = await ask(1, read, { space: idsOf(stack.siteId).space(21) });
    expect(data.checkAccess).toMatchObject({ decision: "DENIED", reason: "SPACE_TRASHED" });
  });

  it("names accounts and spaces by their own ids and keys as well", async () => {
    const input = { accountId: human(2).accountId, spaceKey: "S1", permission: write, siteId: stack.siteId };
    const { data } = await stack.query(check, { input });
    expect(data.checkAccess).toMatchObject({ decision: "ALLOWED", pathCount: 1 });
    expect(data).toEqual((await ask(2, write)).data);
  });

  it.each([
    [{ operation: "raed", target: "space" }, "UNKNOWN_OPERATION", /operation "raed".*"read"/],
    [{ operation: "read", target: "spcae" }, "UNKNOWN_TARGET", /target "spcae".*"space"/],
    [{ operation: "archive", target: "space" }, "UNKNOWN_OPERATION", /permission "archive\/space".*"archive\/page"/],
  ])("about the mistyped %o is refused with the nearest that is known", async (asked, reason, message) => {
    const { data, errors } = await ask(2, asked);
    expect(data.checkAccess).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(message), extensions: { code: "BAD_USER_INPUT", reason } },
    ]);
  });

  it("about an operation that only a role of the site gives is taken", async () => {
    await stack.query("{ site { spaceRoles { nodes { permissions { operation } } } } }");
    const { data } = await ask(2, { operation: "Launch_Rockets", target: "pad" });
    expect(data.checkAccess).toMatchObject({ decision: "DENIED", permission: { operation: "launch_rockets" } });
  });

  it("is refused where it names nobody, nothing, or two sites at once", async () => {
    const ids = idsOf(stack.siteId);
    const foreign = encodeGlobalId({ type: "Space", siteId: "other" as SiteId, spaceId: "1" as SpaceId });
    const base = { account: ids.account(2), space: ids.space(1), permission: read };
    const inputs = [
      { ...base, space: undefined },
      { ...base, accountId: "x" },
      { ...base, space: foreign },
      { ...base, account: ids.space(1) },
      { ...base, space: undefined, spaceKey: "NOPE" },
      { ...base, siteId: "elsewhere", account: undefined, accountId: "x", space: undefined, spaceKey: "S1" },
      base,
    ];
    const { data, errors } = await stack.query(checkMany, { inputs });
    expect(data.checkAccesses).toEqual([...Array(6).fill(null), { decision: "ALLOWED", reason: null }]);
    const told = errors?.map(({ path, extensions }) => [path?.[1], extensions?.reason ?? extensions?.code]);
    expect(told?.sort()).toEqual([
      [0, "AMBIGUOUS_LOOKUP"],
      [1, "AMBIGUOUS_LOOKUP"],
      [2, "INVALID_ID"],
      [3, "INVALID_ID"],
      [4, "UPSTREAM_NOT_VISIBLE"],
      [5, "UNKNOWN_SITE"],
    ]);
  });

  it("about who or what is not shown is UNKNOWN, never DENIED", async () => {
    const { siteId } = stack;
    const account = encodeGlobalId({ type: "Account", siteId: siteId as SiteId, accountId: "nobody" as AccountId });
    const gone = await ask(1, read, { account });
    expect(gone.data.checkAccess.decision).toBe("UNKNOWN");
    const spaceId = "9999" as SpaceId;
    const hidden = await ask(1, read, { space: encodeGlobalId({ type: "Space", siteId: siteId as SiteId, spaceId }) });
    expect(hidden.data.checkAccess).toMatchObject({
      decision: "UNKNOWN",
      reason: "INCOMPLETE",
      completeness: {
        isComplete: false,
        gaps: [{ missing: "what space 9999 grants", code: "UPSTREAM_NOT_VISIBLE" }, { missing: "the space" }],
      },
    });
  });

  it("is one of at most 500 in one field", async () => {
    const input = { accountId: "x", spaceKey: "S1", permission: read };
    const { data, errors } = await stack.query(checkMany, { inputs: Array(501).fill(input) });
    expect(data.checkAccesses).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "BATCH_TOO_LARGE", maxQuestions: 500 } }]);
    expect(callsFor(stack)).toEqual([]);
  });
});

const classes = `query ($accountId: ID, $username: String) { account(accountId: $accountId, username: $username) { accessClasses {
  accessClass { classId } decision reason explanation belongsBy { ...Step } completeness { isComplete assumptions }
} } }
fragment Step on Grant { resource { ... on Group { name } } }`;
type Belonging = { accessClass: { classId: string }; decision: string; reason: string | null };
const shown = ({ accessClass, decision, reason }: Belonging) =>
  [accessClass.classId, decision, ...(reason === null ? [] : [reason])].join(" ");

describe("the classes of an account", () => {
  it("on Cloud are told with the groups that make it belong", async () => {
    await using stack = await startStack({ world });
    const of = async (account: number) => {
      const { data, errors } = await stack.query(classes, { accountId: human(account).accountId });
      expect(errors).toBeUndefined();
      return data.account.accessClasses;
    };
    const ofAdmin = await of(6);
    expect(ofAdmin.map(shown)).toEqual([
      "anonymous-users ALLOWED",
      "authenticated-users ALLOWED",
      "all-licensed-users ALLOWED",
      "all-product-admins ALLOWED",
    ]);
    expect(ofAdmin[2].completeness).toEqual({ isComplete: true, assumptions: ["LICENSED"] });
    expect(ofAdmin[3]).toMatchObject({
      explanation:
        "Ann Admin belongs to All Confluence administrators: through membership of confluence-admins, assuming that the account has a licence.",
      belongsBy: [{ resource: { name: "confluence-admins" } }],
    });
    expect(callsFor(stack).filter((call) => /spaces/.test(call))).toEqual([]);
    expect((await of(5)).map(shown)).toContain("all-licensed-users DENIED ACCOUNT_NOT_ACTIVE");
    const [, , , admins] = await of(2);
    expect(admins).toMatchObject({
      ...{ decision: "DENIED", reason: null, belongsBy: [] },
      explanation: "Human 2 does not belong to All Confluence administrators.",
    });
  });

  it("are UNKNOWN where what decides could not be read", async () => {
    await using stack = await startStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/user/memberof", times: 9, status: 403 });
    const { data } = await stack.query(classes, { accountId: human(2).accountId });
    expect(data.account.accessClasses.map(shown)).toContain("all-product-admins UNKNOWN INCOMPLETE");
    expect(data.account.accessClasses.at(-1).completeness.isComplete).toBe(false);
  });
});

describe("many questions on Cloud", () => {
  it("are decided ten in a piece, with the turns of others between, however many aliases ask them", async () => {
    await using stack = await startStack({ world });
    const ids = idsOf(stack.siteId);
    const inputs = Array.from({ length: 45 }, () => ({
      account: ids.account(1),
      space: ids.space(1),
      permission: read,
    }));
    const asked = vi.spyOn(Turns.prototype, "wait");
    const document = `query ($inputs: [CheckAccessInput!]!) { a: checkAccesses(inputs: $inputs) { explanation } b: checkAccesses(inputs: $inputs) { explanation } }`;
    const { data, errors } = await stack.query(document, { inputs });
    const pieces = asked.mock.calls.length;
    asked.mockRestore();
    expect(errors).toBeUndefined();
    expect([data.a.length, data.b.length]).toEqual([45, 45]);
    expect(pieces).toBeGreaterThanOrEqual(2 * 5);
  });

  it.each([
    ["of the first", "1020"],
    ["of the second", "1040"],
  ])(
    "of several aliases, decided one after the other, have what follows from them read together, also where what one rests on comes late: %s",
    async (_, late) => {
      const everyone = Array.from({ length: 40 }, (_, at) => human(at + 1));
      const spaces = Array.from({ length: 40 }, (_, at) =>
        space(at + 1, { permissions: [permission("user", everyone[at]?.accountId ?? "")] }),
      );
      await using stack = await startStack({ world: cloudWorld({ accounts: everyone, spaces }) });
      const ids = idsOf(stack.siteId);
      const part = (from: number) =>
        Array.from({ length: 20 }, (_, at) => ({
          account: ids.account(1),
          space: ids.space(from + at),
          permission: read,
        }));
      const rows = "{ space { grants { nodes { principal { ... on Account { displayName } } } } } }";
      // The groups of the account come between.
      await stack.fail({ match: "GET /wiki/rest/api/user/memberof", times: 1, delayMs: 100 });
      await stack.fail({ match: `GET /wiki/api/v2/spaces/${late}/permissions`, times: 1, delayMs: 200 });
      const { data, errors } = await stack.query(
        `query ($a: [CheckAccessInput!]!, $b: [CheckAccessInput!]!) { a: checkAccesses(inputs: $a) ${rows} b: checkAccesses(inputs: $b) ${rows} }`,
        { a: part(1), b: part(21) },
      );
      expect(errors).toBeUndefined();
      expect(data.b[19].space.grants.nodes).toEqual([{ principal: { displayName: "Human 40" } }]);
      // The account that is asked about, and all that hold something in the spaces.
      expect(callsFor(stack).filter((call) => call.startsWith("POST /wiki/api/v2/users-bulk"))).toHaveLength(2);
    },
  );

  it("about 5 accounts in 20 spaces read each of them once", async () => {
    await using stack = await startStack({ world });
    const ids = idsOf(stack.siteId);
    const inputs = Array.from({ length: 100 }, (_, index) => ({
      account: ids.account((index % 5) + 1),
      space: ids.space(Math.floor(index / 5) + 1),
      permission: read,
    }));
    const { data, errors } = await stack.query(checkMany, { inputs });
    expect(errors).toBeUndefined();
    const decisions = data.checkAccesses.map(({ decision }: { decision: string }) => decision);
    expect(decisions).toEqual(Array(20).fill(["ALLOWED", "ALLOWED", "ALLOWED", "DENIED", "DENIED"]).flat());
    const counts: Record<string, number> = {};
    for (const call of callsFor(stack)) {
      const name = call.replace(/\/10\d\d(?=\/)/, "/{id}");
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts).toEqual({
      "GET /wiki/api/v2/spaces": 1,
      "GET /wiki/api/v2/spaces/{id}/permissions": 20,
      "GET /wiki/api/v2/spaces/{id}/role-assignments": 20,
      "GET /wiki/rest/api/group": 1,
      "GET /wiki/rest/api/user/memberof": 5 + 3,
      "POST /wiki/api/v2/users-bulk": 1,
    });
    await stack.forgetCalls();
    expect((await stack.query(checkMany, { inputs })).data).toEqual(data);
    expect(stack.calls()).toEqual([]);
  });
});

describe("what a question rests on", () => {
  const asking = (more: object, account = 3) => ({
    input: { accountId: human(account).accountId, spaceKey: "S1", permission: read, ...more },
  });

  it("that failed leaves it UNKNOWN, by itself, and says why", async () => {
    await using stack = await startStack({ world });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1001/permissions", times: 5, status: 403 });
    const inputs = [asking({}).input, { ...asking({}).input, spaceKey: "S2" }];
    const { data, errors } = await stack.query(checkMany, { inputs });
    expect(data.checkAccesses).toEqual([
      { decision: "UNKNOWN", reason: "INCOMPLETE" },
      { decision: "ALLOWED", reason: null },
    ]);
    // Nobody asked how complete it is.
    expect(errors).toMatchObject([{ path: ["checkAccesses", 0], extensions: { code: "INCOMPLETE" } }]);
  });

  it("is told among the errors only where it could change the answer, or paths are looked at", async () => {
    await using stack = await startStack({ world });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1001/role-assignments", times: 5, status: 403 });
    const plain = `query ($input: CheckAccessInput!) { checkAccess(input: $input) { decision } }`;
    expect(await stack.query(plain, asking({}))).toMatchObject({ data: { checkAccess: { decision: "ALLOWED" } } });
    expect((await stack.query(plain, asking({}))).errors).toBeUndefined();
    const { data } = await stack.query(check, asking({}));
    expect(data.checkAccess).toMatchObject({ decision: "ALLOWED", completeness: { isComplete: false } });
    const withPaths = plain.replace("decision }", "decision paths { isSuperUser } }");
    expect((await stack.query(withPaths, asking({}))).errors).toMatchObject([{ extensions: { code: "INCOMPLETE" } }]);
  });

  it("is read anew for a FRESH question, once for all of a request, and is as old as its oldest part", async () => {
    await using stack = await startStack({ world });
    const first = await stack.query(check, asking({}));
    stack.clock.shift(30_000);
    await stack.forgetCalls();
    const cached = await stack.query(check, asking({}));
    expect(stack.calls()).toEqual([]);
    expect(cached.data.checkAccess.asOf).toBe(first.data.checkAccess.asOf);
    const inputs = Array(10).fill(asking({ consistency: "FRESH" }).input);
    const { errors } = await stack.query(checkMany, { inputs });
    expect(errors).toBeUndefined();
    const calls = stack.calls();
    expect(callsFor(stack)).toContain("GET /wiki/api/v2/spaces/1001/permissions");
    expect(new Set(calls).size).toBe(calls.length);
    const later = await stack.query(check, asking({}));
    expect(Date.parse(later.data.checkAccess.asOf)).toBeGreaterThan(Date.parse(first.data.checkAccess.asOf));
  });

  it.each(["CACHED", "FRESH"])("is what a mutation of the same request made of it (%s)", async (consistency) => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const question = { query: check, variables: asking({ consistency }) };
    const revoke = `mutation { revokeGroupMembership(input: { group: "${ids.group("g-readers")}", accounts: ["${ids.account(3)}"] }) { changes { outcome } } }`;
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([question, { query: revoke }, question]),
    });
    const answers = (await response.json()) as { data: Record<string, { decision: string }> }[];
    const decisions = answers.map(({ data }) => data.checkAccess?.decision);
    expect(decisions).toEqual(["ALLOWED", undefined, "DENIED"]);
  });
});

describe("one question on Data Center", () => {
  let stack: Awaited<ReturnType<typeof startDataCenterStack>>;
  beforeAll(async () => {
    stack = await startDataCenterStack({ world: smallDataCenterWorld() });
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  it("follows nested groups, and tells the way by which the account may use the site", async () => {
    const ids = dataCenterIds(stack.siteId);
    const input = { username: "CARA", spaceKey: "ENG", permission: write };
    const { data, errors } = await stack.query(check, { input });
    expect(errors).toBeUndefined();
    expect(data.checkAccess).toMatchObject({
      decision: "ALLOWED",
      explanation: "Cara Castro has create/page in ENG: through membership of c, which is in b, which is in a.",
      assumptions: [],
      paths: [{ isSuperUser: false, belongsBy: [] }],
      licencePaths: [
        {
          grants: [
            { principal: { displayName: "Cara Castro" }, resource: { name: "confluence-users" } },
            { principal: { name: "confluence-users" }, resource: { siteId: stack.siteId } },
          ],
        },
      ],
    });
    const calls = stack.calls().map((call) => (call.split("?")[0] ?? "").replace("/confluence/rest/api", ""));
    expect(calls.sort()).toEqual([
      "GET /group/a",
      "GET /group/a/groupmember",
      "GET /group/b/groupmember",
      "GET /group/c/groupmember",
      "GET /group/confluence-administrators/groupmember",
      "GET /group/confluence-users/groupmember",
      "GET /group/d/groupmember",
      "GET /group/e/groupmember",
      "GET /permissions",
      "GET /permissions/unlicensed",
      "GET /space",
      "GET /space/ENG/permissions",
      "GET /user",
      "GET /user/memberof",
    ]);
    await stack.forgetCalls();
    const again = { ...input, username: undefined, account: ids.account(dcUsers.cara) };
    expect((await stack.query(check, { input: again })).data).toEqual(data);
    expect(stack.calls()).toEqual([]);
  });

  it("knows who belongs to the class of those without a licence", async () => {
    const of = async (username: string) =>
      (await stack.query(classes, { username })).data.account.accessClasses.map(shown);
    expect(await of("ben")).toEqual(["anonymous-users ALLOWED", "unlicensed DENIED"]);
    expect(await of("kim")).toEqual(["anonymous-users DENIED NOT_LICENSED", "unlicensed UNKNOWN INCOMPLETE"]);
  });

  it.each([
    [dcUsers.admin, "DOCS", "administer", "ALLOWED", null],
    [dcUsers.kim, "ENG", "read", "DENIED", "NOT_LICENSED"],
    [dcUsers.lee, "DOCS", "read", "ALLOWED", null],
    [dcUsers.fay, "OLD", "administer", "DENIED", "ACCOUNT_NOT_ACTIVE"],
  ])("of %s in %s about %s is %s", async (accountId, spaceKey, operation, decision, reason) => {
    const input = { accountId, spaceKey, permission: { operation, target: "space" } };
    expect((await stack.query(check, { input })).data.checkAccess).toMatchObject({ decision, reason });
  });
});
