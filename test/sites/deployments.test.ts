import { describe, expect, it } from "vitest";
import { dcSpaces, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

/** Ben of the Data Center world, as Cloud knows him. */
const ben = { ...human(1), displayName: "Ben Boateng", email: "ben@example.com" };

const cloud = {
  id: "cloud",
  world: cloudWorld({
    accounts: [ben, human(2)],
    groups: [{ id: "g1", name: "a", members: [ben.accountId] }],
    spaces: [space(1, { permissions: [permission("user", ben.accountId), permission("group", "g1", "create/page")] })],
  }),
  credential: "api-token",
} as const;
const dataCenter = {
  id: "datacenter",
  world: smallDataCenterWorld(),
  credential: "personal-access-token",
} as const;

interface OfSite {
  readonly siteId: string;
}

describe("a Cloud and a Data Center site in one process", () => {
  it("answer one query together, each in its own words", async () => {
    await using stack = await startSites([cloud, dataCenter]);
    const { data, errors } = await stack.query(`{
      sites { siteId deployment permissionModel superGroup { name } capabilities { name isAvailable } }
      spaces { nodes { siteId key } completeness { isComplete } }
      accounts { nodes { siteId displayName username } completeness { isComplete } }
      groups(filter: { text: "a" }) { nodes { siteId groupId name memberGroups { nodes { name } } allMembers { totalCount } } }
      grants(filter: { operations: ["create"], targets: ["page"] }) {
        nodes { principal { __typename ... on Group { siteId name } ... on Account { siteId displayName } } resource { ... on Space { siteId key } } }
        completeness { isComplete }
      }
      siteWide: grants(filter: { entitlements: [SITE_PERMISSION] }) {
        nodes { resource { ... on Site { siteId } } } completeness { isComplete }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(
      data.sites.map(({ siteId, deployment, permissionModel, superGroup }: Record<string, unknown>) => [
        siteId,
        deployment,
        permissionModel,
        superGroup,
      ]),
    ).toEqual([
      ["cloud", "CLOUD", "PRE_ROLES", null],
      ["datacenter", "DATA_CENTER", "PRE_ROLES", { name: "confluence-administrators" }],
    ]);
    const nested = { name: "NESTED_GROUPS", isAvailable: true };
    expect(data.sites[0].capabilities).toContainEqual({ ...nested, isAvailable: false });
    expect(data.sites[1].capabilities).toContainEqual(nested);

    expect(data.spaces).toEqual({
      nodes: [
        { siteId: "cloud", key: "S1" },
        { siteId: "datacenter", key: "DOCS" },
        { siteId: "datacenter", key: "ENG" },
        { siteId: "datacenter", key: "~ben" },
      ],
      completeness: { isComplete: true },
    });
    expect(data.accounts.completeness.isComplete).toBe(true);
    expect(data.accounts.nodes.filter(({ displayName }: { displayName: string }) => /Ben/.test(displayName))).toEqual([
      { siteId: "cloud", displayName: "Ben Boateng", username: null },
      { siteId: "datacenter", displayName: "Ben Boateng", username: "ben" },
    ]);
    // Two groups of one name are two groups, and only one of them can hold another.
    expect(data.groups.nodes.filter(({ name }: { name: string }) => name === "a")).toEqual([
      { siteId: "cloud", groupId: "g1", name: "a", memberGroups: { nodes: [] }, allMembers: { totalCount: 1 } },
      {
        siteId: "datacenter",
        groupId: "a",
        name: "a",
        memberGroups: { nodes: [{ name: "b" }] },
        allMembers: { totalCount: 2 },
      },
    ]);
    expect(data.grants.completeness.isComplete).toBe(true);
    const holders = data.grants.nodes.map(({ resource }: { resource: OfSite & { key: string } }) => resource.siteId);
    expect(new Set(holders)).toEqual(new Set(["cloud", "datacenter"]));
    for (const { principal, resource } of data.grants.nodes) {
      if (principal.siteId !== undefined) expect(principal.siteId).toBe(resource.siteId);
    }
    expect(data.siteWide.completeness.isComplete).toBe(true);
    expect(data.siteWide.nodes.length).toBeGreaterThan(0);
    for (const { resource } of data.siteWide.nodes) expect(resource.siteId).toBe("datacenter");
  });

  it.each([
    { stopped: "datacenter", answering: "cloud", keys: ["S1"] },
    { stopped: "cloud", answering: "datacenter", keys: ["DOCS", "ENG", "~ben"] },
  ])(
    "lose nothing of the $answering one when the $stopped one is stopped: its part is a gap",
    async ({ stopped, answering, keys }) => {
      await using stack = await startSites([cloud, dataCenter], { CACHE_TTL_SPACES: "0" });
      await stack.sandboxOf(stopped).close();
      const one = await stack.query(
        `{ site(siteId: "${answering}") { spaces { nodes { key } completeness { isComplete } } } }`,
      );
      expect(one.errors).toBeUndefined();
      expect(one.data.site.spaces).toEqual({ nodes: keys.map((key) => ({ key })), completeness: { isComplete: true } });

      const all = await stack.query(`{
      spaces { nodes { siteId key } totalCount completeness { isComplete gaps { missing code } } }
      identity(email: "ben@example.com") { accounts { nodes { siteId } completeness { isComplete gaps { code } } } }
    }`);
      expect(all.data.spaces).toEqual({
        nodes: keys.map((key) => ({ siteId: answering, key })),
        totalCount: null,
        completeness: {
          isComplete: false,
          gaps: [{ missing: `spaces of site ${stopped}`, code: "UPSTREAM_UNREACHABLE" }],
        },
      });
      const { nodes, completeness } = all.data.identity.accounts;
      expect(nodes).toEqual([{ siteId: answering }]);
      expect(completeness.isComplete).toBe(false);
      const codes = completeness.gaps.map(({ code }: { code: string }) => code);
      expect([...new Set(codes)]).toEqual(["UPSTREAM_UNREACHABLE"]);
      expect(all.extensions?.completeness).toMatchObject({ isComplete: false });
    },
  );

  it("join one person by e-mail, whatever its case, and nobody by an address that looks alike", async () => {
    await using stack = await startSites([cloud, dataCenter]);
    const of = async (email: string) =>
      (
        await stack.query(
          "query ($email: String!) { identity(email: $email) { accounts { nodes { siteId accountId email } completeness { isComplete } } } }",
          { email },
        )
      ).data.identity.accounts;
    expect(await of("Ben@Example.COM")).toEqual({
      nodes: [
        { siteId: "cloud", accountId: ben.accountId, email: "ben@example.com" },
        { siteId: "datacenter", accountId: dcUsers.ben, email: "ben@example.com" },
      ],
      completeness: { isComplete: true },
    });
    expect((await of("ben@looks-alike.example")).nodes).toEqual([]);
  });

  it("answer references of both, of every kind, in one call for entities", async () => {
    await using stack = await startSites([cloud, dataCenter]);
    const { data, errors } = await stack.query(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) {
        __typename
        ... on Account { siteId displayName }
        ... on Group { siteId name }
        ... on Space { siteId name }
        ... on Site { siteId deployment }
        ... on Identity { accounts { nodes { siteId } } }
      } }`,
      {
        refs: [
          { __typename: "Account", siteId: "cloud", accountId: ben.accountId },
          { __typename: "Account", siteId: "datacenter", accountId: dcUsers.ben },
          // A key of the one is nobody's on the other.
          { __typename: "Account", siteId: "cloud", accountId: dcUsers.ben },
          { __typename: "Group", siteId: "cloud", groupId: "g1" },
          { __typename: "Group", siteId: "datacenter", groupId: "a" },
          { __typename: "Space", siteId: "cloud", key: "S1" },
          { __typename: "Space", siteId: "datacenter", key: "OLD" },
          { __typename: "Space", siteId: "datacenter", spaceId: String(dcSpaces.ENG) },
          { __typename: "Site", siteId: "datacenter" },
          { __typename: "Identity", email: "ben@example.com" },
        ],
      },
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { __typename: "Account", siteId: "cloud", displayName: "Ben Boateng" },
      { __typename: "Account", siteId: "datacenter", displayName: "Ben Boateng" },
      { __typename: "Account", siteId: "cloud", displayName: null },
      { __typename: "Group", siteId: "cloud", name: "a" },
      { __typename: "Group", siteId: "datacenter", name: "a" },
      { __typename: "Space", siteId: "cloud", name: "Space 1" },
      { __typename: "Space", siteId: "datacenter", name: "Old intranet" },
      { __typename: "Space", siteId: "datacenter", name: "Engineering" },
      { __typename: "Site", siteId: "datacenter", deployment: "DATA_CENTER" },
      { __typename: "Identity", accounts: { nodes: [{ siteId: "cloud" }, { siteId: "datacenter" }] } },
    ]);
  });

  it("say which sites there are when a lookup could mean either", async () => {
    await using stack = await startSites([cloud, dataCenter]);
    const { errors } = await stack.query('{ group(name: "a") { name } }');
    expect(errors?.[0]?.message).toContain("pass siteId. Configured: cloud, datacenter.");
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", reason: "AMBIGUOUS_LOOKUP" });
    const { data } = await stack.query('{ group(siteId: "datacenter", name: "a") { siteId name } }');
    expect(data.group).toEqual({ siteId: "datacenter", name: "a" });
  });
});
