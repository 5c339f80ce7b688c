import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf } from "../../provisioning/ids.js";
import { dcUsers, smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../../support/startDataCenterStack.js";
import { startProvisioning } from "../../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const id = (number: number) => human(number).accountId;
const keeper = [permission("user", id(1)), permission("user", id(1), "administer/space")];
const world = cloudWorld({
  accounts: [
    ...[human(1), human(2)],
    { ...human(3), accountStatus: "closed" },
    { ...human(4), isExternalCollaborator: true },
  ],
  groups: [
    { id: "g-out", name: "out", members: [id(4)] },
    { id: "g-none", name: "none", members: [] },
  ],
  spaces: [
    space(1, {
      permissions: [...keeper, permission("access-class", "anonymous-users"), permission("group", "g-none")],
    }),
    space(2, { permissions: [permission("user", id(3)), permission("user", id(3), "administer/space")] }),
    space(3, {
      permissions: [...keeper, permission("group", "g-out"), permission("group", "g-out", "create/page")],
    }),
  ],
});

const document = `query ($first: Int, $after: String, $kinds: [FindingKind!]) { site { findings(first: $first, after: $after, kinds: $kinds) {
  totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor }
  completeness { isComplete gaps { missing } assumptions }
  nodes { findingId kind severity sentence spaceCount hasMoreGrants assumptions
    principals { __typename ... on Account { displayName } ... on Group { name } ... on AccessClass { classId } }
    space { key } grants { id principal { __typename } resource { __typename } } remedy { mutation input } } } } }`;
type Node = {
  readonly kind: string;
  readonly findingId: string;
  readonly grants: readonly { readonly id: string }[];
  readonly remedy: { readonly mutation: string; readonly input: { readonly grants: readonly string[] } };
};

describe("the findings of a site", () => {
  let stack: Awaited<ReturnType<typeof startProvisioning>>;
  beforeAll(async () => {
    stack = await startProvisioning(world);
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  const ask = async (variables: Readonly<Record<string, unknown>> = {}) => {
    const { data, errors } = await stack.query(document, variables);
    expect(errors).toBeUndefined();
    const { findings } = data.site as {
      findings: { nodes: Node[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    };
    return findings;
  };

  it("are told with their subjects, the grants behind them and what ends them, the gravest first", async () => {
    const ids = idsOf(stack.siteId);
    expect(await ask()).toMatchObject({
      totalCount: 5,
      completeness: { isComplete: true, gaps: [], assumptions: ["SUSPENDED_MEMBERS_HIDDEN"] },
      nodes: [
        {
          ...{ kind: "ANONYMOUS_ACCESS", severity: "HIGH", spaceCount: 1, hasMoreGrants: false, assumptions: [] },
          sentence: "Anyone, without signing in, can read space S1.",
          principals: [{ __typename: "AccessClass", classId: "anonymous-users" }],
          space: { key: "S1" },
          grants: [{ principal: { __typename: "AccessClass" }, resource: { __typename: "Space" } }],
          remedy: { mutation: "revokeGrants" },
        },
        {
          ...{ kind: "NO_ACTIVE_ADMINISTRATOR", principals: [], space: { key: "S2" } },
          remedy: {
            mutation: "grantSpaceAccess",
            input: {
              space: ids.space(2),
              principal: null,
              permissions: [
                { operation: "read", target: "space" },
                { operation: "administer", target: "space" },
              ],
            },
          },
        },
        { kind: "GRANT_TO_INACTIVE_ACCOUNT", sentence: "Human 3 is closed and still holds access to space S2." },
        {
          ...{ kind: "GUEST_CAN_WRITE", space: null, spaceCount: 1 },
          principals: [{ __typename: "Account", displayName: "Human 4" }],
          grants: [{ id: ids.membership("g-out", 4), resource: { __typename: "Group" } }],
          remedy: { mutation: "revokeGrants", input: { grants: [ids.membership("g-out", 4)] } },
        },
        {
          ...{ kind: "GRANT_TO_EMPTY_GROUP", assumptions: ["SUSPENDED_MEMBERS_HIDDEN"] },
          principals: [{ __typename: "Group", name: "none" }],
        },
      ],
    });
  });

  it("are paged by cursors of their own list, of some kinds alone, with exact counts", async () => {
    const all = await ask();
    const walked: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<typeof ask>> = await ask({ first: 2, after });
      walked.push(...page.nodes.map(({ findingId }) => findingId));
      expect(page).toMatchObject({ totalCount: 5, pageInfo: { hasPreviousPage: after !== null } });
      more = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    }
    expect(walked).toEqual(all.nodes.map(({ findingId }) => findingId));
    const kinds = ["GUEST_CAN_WRITE", "GRANT_TO_EMPTY_GROUP"];
    expect(await ask({ kinds })).toMatchObject({ totalCount: 2 });
    const { errors } = await stack.query(document, { kinds, after: all.pageInfo.endCursor });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", reason: "CURSOR_OF_ANOTHER_LIST" });
    for (const first of [0, 1_001]) {
      const { errors: refused } = await stack.query(document, { first });
      expect(refused?.[0]?.extensions).toMatchObject({ reason: "INVALID_PAGE_SIZE", argument: "first" });
    }
    const { errors: impatient } = await stack.query("{ site { findings(wait: 31) { totalCount } } }");
    expect(impatient?.[0]?.extensions).toMatchObject({ reason: "INVALID_WAIT", argument: "wait" });
  });

  it("cost no call once the index is there, and are ended by what they name", async () => {
    await ask();
    await stack.forgetCalls();
    const [found] = (await ask({ kinds: ["ANONYMOUS_ACCESS"] })).nodes;
    expect(stack.calls()).toEqual([]);
    expect(found?.remedy.input.grants).toEqual(found?.grants.map((grant) => grant.id));
    const { data } = await stack.query(
      "mutation ($input: RevokeGrantsInput!) { revokeGrants(input: $input) { changes { outcome userErrors { code } } } }",
      { input: found?.remedy.input },
    );
    expect(data.revokeGrants).toEqual({ changes: [{ outcome: "REMOVED", userErrors: [] }] });
    expect(await ask({ kinds: ["ANONYMOUS_ACCESS"] })).toMatchObject({ totalCount: 0, nodes: [] });
    expect(await ask()).toMatchObject({ totalCount: 4 });
  });
});

it("of a site of which nothing was read yet are not known, and never none", async () => {
  await using stack = await startProvisioning(world);
  const routes = [1001, 1002, 1003].map((each) => `GET /wiki/api/v2/spaces/${each}/permissions`);
  await stack.fail(...routes.map((match) => ({ match, times: 9, status: 403 })));
  const { data, errors } = await stack.query(document, { kinds: ["ANONYMOUS_ACCESS"] });
  expect(data.site).toMatchObject({ findings: { nodes: null, totalCount: null, completeness: { isComplete: false } } });
  expect(errors?.[0]?.message).toContain("Not known: findings.");
});

it("of administrators who were long away rest on the list of active users of a Data Center", async () => {
  const small = smallDataCenterWorld();
  const users = small.dataCenter.users.map((user) =>
    user.userKey === dcUsers.ben ? { ...user, lastLogin: "2020-01-01T00:00:00.000Z" } : user,
  );
  await using stack = await startDataCenterStack({ world: { ...small, dataCenter: { ...small.dataCenter, users } } });
  const { data, errors } = await stack.query(
    "{ site { findings(kinds: [DORMANT_ADMINISTRATOR]) { completeness { isComplete } nodes { sentence } } } }",
  );
  expect(errors).toBeUndefined();
  expect(data.site).toMatchObject({
    findings: { nodes: [{ sentence: "Ben Boateng administers 2 spaces and was not active for over 90 days." }] },
  });
});
