import { describe, expect, it } from "vitest";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const [ada, bob, eve, kit, sam] = [human(1), human(2), human(3), human(4), human(5)];
const suspended = { ...eve, orgStatus: "suspended" };
const deactivated = { ...kit, orgStatus: "deactivated" };

/** One group holds a suspended person alone, one a mixture, one nobody whom a list leaves out. */
const world = cloudWorld({
  cloudId: "cloud-1",
  accounts: [ada, bob, suspended, deactivated, { ...sam, orgStatus: "suspended" }],
  groups: [
    { id: "g-alone", name: "alone", members: [eve.accountId] },
    { id: "g-mixed", name: "mixed", members: [ada.accountId, eve.accountId, kit.accountId] },
    { id: "g-plain", name: "plain", members: [bob.accountId] },
  ],
  spaces: [space(1, { permissions: [permission("user", bob.accountId)] })],
});

const trust = "completeness { isComplete assumptions gaps { code missing } }";
const members = `{ groups { nodes { groupId members { nodes { accountId } ${trust} } } } }`;
const search = "POST /admin/v2/orgs/*/directories/*/users/search";

function startSite(hasOrganization: boolean, from: unknown = world) {
  return startSites([{ id: "a", world: from, credential: "api-token", hasOrganization, hasScim: false }]);
}

type Site = Awaited<ReturnType<typeof startSite>>;

async function ask(stack: Site, document: string, headers: Readonly<Record<string, string>> = {}) {
  const { data, errors } = await stack.query(document, {}, headers);
  return { data, codes: errors?.map(({ extensions }) => extensions.code) ?? [] };
}

function idsIn({ nodes }: { readonly nodes: readonly { readonly accountId: string }[] }) {
  return nodes.map(({ accountId }) => accountId);
}

const whole = { isComplete: true, assumptions: [], gaps: [] };
const assumed = { isComplete: true, assumptions: ["SUSPENDED_MEMBERS_HIDDEN"], gaps: [] };

/** Whose groups were asked for: each is a chain of pages, and only an empty page ends it. */
const chains = (stack: Site) =>
  stack
    .sandboxOf("a")
    .journal()
    .flatMap(({ path }) => /memberof\?accountId=([^&]+)&start=0&/.exec(path)?.[1] ?? []);

const counts = (stack: Site) => ({
  searches: stack.countCalls("a", "POST", /users\/search/),
  memberships: chains(stack).length,
});

describe("people whom Cloud leaves out of member lists because they are suspended", () => {
  it("are members of their groups where an organization says who they are", async () => {
    await using stack = await startSite(true);
    const { data } = await ask(stack, members);
    const byId = new Map(data.groups.nodes.map((group: { groupId: string }) => [group.groupId, group]));
    const membersOf = (id: string) => (byId.get(id) as { members: never }).members;
    expect(membersOf("g-alone")).toEqual({ nodes: [{ accountId: eve.accountId }], completeness: whole });
    expect(idsIn(membersOf("g-mixed"))).toEqual([ada.accountId, eve.accountId, kit.accountId]);
    expect(idsIn(membersOf("g-plain"))).toEqual([bob.accountId]);
  });

  it("hold memberships among grants and are accounts, in a group or not", async () => {
    await using stack = await startSite(true);
    const { data } = await ask(
      stack,
      `{ grants(filter: { entitlements: [GROUP_MEMBERSHIP] }) { nodes { principal { ... on Account { accountId } } resource { ... on Group { groupId } } } ${trust} }
         accounts { nodes { accountId } ${trust} } }`,
    );
    expect(data.grants.nodes).toHaveLength(5);
    expect(data.grants.nodes).toContainEqual({
      principal: { accountId: eve.accountId },
      resource: { groupId: "g-alone" },
    });
    expect(data.grants.completeness).toEqual(whole);
    expect(idsIn(data.accounts)).toEqual([ada, bob, eve, kit, sam].map(({ accountId }) => accountId));
    expect(data.accounts.completeness).toEqual(whole);
  });

  it("are reached by the group with the way there", async () => {
    await using stack = await startSite(true);
    const { data } = await ask(
      stack,
      `{ group(groupId: "g-alone") { allMembers { nodes { account { accountId } } ${trust} } } }`,
    );
    expect(data.group.allMembers).toEqual({ nodes: [{ account: { accountId: eve.accountId } }], completeness: whole });
  });

  it("cost two searches and one memberof each, and nothing when asked again", async () => {
    await using stack = await startSite(true);
    await stack.forgetCalls("a");
    await ask(stack, members);
    expect(counts(stack)).toEqual({ searches: 2, memberships: 3 });
    await stack.forgetCalls("a");
    await ask(stack, members);
    await ask(stack, '{ group(groupId: "g-alone") { members { totalCount } allMembers { totalCount } } }');
    expect(counts(stack)).toEqual({ searches: 0, memberships: 0 });
  });

  it.each([
    "{ spaces { nodes { grants { nodes { principal { __typename } } } } } }",
    "{ groups { nodes { name grants { totalCount } } } }",
    "{ grants(filter: { principalKinds: [GROUP] }) { totalCount } }",
    `{ account(accountId: "${ada.accountId}") { displayName grants { totalCount } } }`,
  ])("are asked for by nobody where neither members nor accounts are wanted: %s", async (document) => {
    await using stack = await startSite(true);
    await stack.forgetCalls("a");
    const { codes } = await ask(stack, document);
    expect(codes).toEqual([]);
    expect(chains(stack)).toEqual(document.includes("account(") ? [encodeURIComponent(ada.accountId)] : []);
    expect(stack.countCalls("a", "POST", /users\/search/)).toBe(document.includes("displayName") ? 1 : 0);
  });

  it("are an assumption of the lists that may lack them where no organization is configured, and no gap", async () => {
    await using stack = await startSite(false);
    const { data } = await ask(
      stack,
      `{ group(groupId: "g-alone") { members { nodes { accountId } ${trust} } allMembers { ${trust} } grants { ${trust} } }
         accounts { ${trust} } grants(filter: { entitlements: [GROUP_MEMBERSHIP] }) { ${trust} }
         spaces { nodes { grants { ${trust} } } ${trust} } account(accountId: "${ada.accountId}") { groups { ${trust} } } }`,
    );
    expect(data.group.members).toEqual({ nodes: [], completeness: assumed });
    expect(data.group.allMembers.completeness).toEqual(assumed);
    expect(data.accounts.completeness).toEqual(assumed);
    expect(data.grants.completeness).toEqual(assumed);
    expect(data.group.grants.completeness).toEqual(whole);
    expect(data.spaces).toEqual({ nodes: [{ grants: { completeness: whole } }], completeness: whole });
    expect(data.account.groups.completeness).toEqual(whole);
  });

  it("are a gap where the organization cannot be asked, and the list is asked for again", async () => {
    await using stack = await startSite(true);
    await stack.fail("a", { match: search, times: -1, status: 403, body: { errors: [] } });
    const one = `{ group(groupId: "g-alone") { members { nodes { accountId } ${trust} } } }`;
    expect((await ask(stack, one)).data.group.members).toEqual({
      nodes: null,
      completeness: {
        isComplete: false,
        assumptions: [],
        gaps: [{ code: "UPSTREAM_FORBIDDEN", missing: "suspended people, whom lists of members leave out" }],
      },
    });
    await stack.heal("a");
    await stack.forgetCalls("a");
    expect((await ask(stack, one)).data.group.members).toEqual({
      nodes: [{ accountId: eve.accountId }],
      completeness: whole,
    });
    expect(stack.countCalls("a", "GET", /membersByGroupId$/)).toBe(0);
  });

  it.each([
    { status: 404, code: "UPSTREAM_NOT_VISIBLE" },
    { status: 403, code: "UPSTREAM_FORBIDDEN" },
  ])("are a gap where the memberof of one answers $status although the site knows them", async ({ status, code }) => {
    await using stack = await startSite(true);
    await stack.fail("a", {
      match: `GET /wiki/rest/api/user/memberof?accountId=${encodeURIComponent(eve.accountId)}`,
      times: -1,
      status,
      body: {},
    });
    const { data } = await ask(stack, `{ group(groupId: "g-mixed") { members { nodes { accountId } ${trust} } } }`);
    expect(idsIn(data.group.members)).toEqual([ada.accountId, kit.accountId]);
    expect(data.group.members.completeness).toMatchObject({ isComplete: false, gaps: [{ code }] });
  });

  it("are none of this site's where it knows neither them nor groups of theirs", async () => {
    await using stack = await startSite(true);
    const row = { accountId: "712020:stranger", status: "suspended", platformRoles: [], productAccess: [] };
    await stack.fail(
      "a",
      { match: search, times: 2, status: 200, body: { data: [row] } },
      { match: "GET /wiki/rest/api/user/memberof?accountId=712020%3Astranger", times: 1, status: 404, body: {} },
    );
    const { data } = await ask(
      stack,
      `{ accounts { nodes { accountId } ${trust} } group(groupId: "g-plain") { members { ${trust} } } }`,
    );
    expect(idsIn(data.accounts)).toEqual([ada.accountId, bob.accountId]);
    expect(data.accounts.completeness).toEqual(whole);
    expect(data.group.members.completeness).toEqual(whole);
  });

  it("are found by either field of the organization that says so", async () => {
    await using stack = await startSite(true);
    const row = (facts: Readonly<Record<string, unknown>>) => ({ platformRoles: [], productAccess: [], ...facts });
    await stack.fail(
      "a",
      {
        match: search,
        times: 1,
        status: 200,
        body: { data: [row({ accountId: kit.accountId, status: "deactivated" })] },
      },
      {
        match: search,
        times: 1,
        status: 200,
        body: { data: [row({ accountId: eve.accountId, status: "active", membershipStatus: "suspended" })] },
      },
    );
    const { data } = await ask(stack, '{ group(groupId: "g-mixed") { members { nodes { accountId } } } }');
    expect(idsIn(data.group.members)).toEqual([ada.accountId, eve.accountId, kit.accountId]);
  });

  it("are found beyond the first page of the organization's search", async () => {
    const crowd = Array.from({ length: 130 }, (_, index) => ({ ...human(index + 1), orgStatus: "suspended" }));
    await using stack = await startSite(
      true,
      cloudWorld({
        cloudId: "cloud-1",
        accounts: crowd,
        groups: [{ id: "g-crowd", name: "crowd", members: crowd.map(({ accountId }) => accountId) }],
      }),
    );
    await stack.forgetCalls("a");
    const document = `{ group(groupId: "g-crowd") { members { totalCount ${trust} } } }`;
    expect((await ask(stack, document)).data.group.members).toEqual({ totalCount: 130, completeness: whole });
    expect(counts(stack)).toEqual({ searches: 4, memberships: 130 });
    await stack.fail(
      "a",
      { match: search, times: 2, headers: { "x-page": "first" } },
      { match: search, times: -1, status: 403, body: { errors: [] } },
    );
    const { data } = await ask(stack, document, { "cache-control": "no-cache" });
    expect(data.group.members.completeness).toMatchObject({
      isComplete: false,
      gaps: [{ code: "UPSTREAM_FORBIDDEN" }],
    });
  });
});
