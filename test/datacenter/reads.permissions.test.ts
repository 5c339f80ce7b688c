import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";

const versions = ["8.3.0", "8.6.0", "9.2.0", "10.2.0"] as const;
const isWhole = { isComplete: true, gaps: [] };
const completeness = "completeness { isComplete gaps { missing code reason } }";
const principal = `principal { __typename
  ... on Account { accountId } ... on Group { groupId } ... on AccessClass { classId typeAsReported }
}`;

interface ShownGrant {
  readonly principal: Readonly<Record<string, string>>;
  readonly entitlement: { readonly permission: { readonly operation: string; readonly target: string } };
}

/** Grants as `operation/target to holder`, in order. */
function show(grants: readonly ShownGrant[]): string[] {
  return grants
    .map(({ principal: { __typename, ...holder }, entitlement: { permission } }) => {
      return `${permission.operation}/${permission.target} to ${__typename} ${Object.values(holder).join(" ")}`;
    })
    .sort();
}

async function readSpaceGrants(stack: DataCenterStack): Promise<Readonly<Record<string, readonly string[]>>> {
  const { data, errors } = await stack.query(`{ spaces(filter: { statuses: [CURRENT, ARCHIVED] }) { nodes {
    key grants { ${completeness} nodes { ${principal} entitlement { ... on SpacePermission { permission { operation target } } } } }
  } } }`);
  expect(errors).toBeUndefined();
  for (const { grants } of data.spaces.nodes) expect(grants.completeness).toEqual(isWhole);
  return Object.fromEntries(
    data.spaces.nodes.map(({ key, grants }: { key: string; grants: { nodes: readonly ShownGrant[] } }) => [
      key,
      show(grants.nodes),
    ]),
  );
}

describe("the permissions of spaces", () => {
  it("are the same by REST and by JSON-RPC, but for what JSON-RPC has no word for", async () => {
    const told: Record<string, Readonly<Record<string, readonly string[]>>> = {};
    for (const version of versions) {
      await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
      await stack.forgetCalls();
      told[version] = await readSpaceGrants(stack);
      const isRemote = version.startsWith("8.");
      expect(stack.countCalls("POST", /getSpacePermissionSets$/)).toBe(isRemote ? 4 : 0);
    }
    expect(told["8.6.0"]).toEqual(told["8.3.0"]);
    expect(told["10.2.0"]).toEqual(told["9.2.0"]);
    const [remote, rest] = [told["8.3.0"] ?? {}, told["10.2.0"] ?? {}];
    for (const key of ["ENG", "~ben", "OLD"]) expect(remote[key]).toEqual(rest[key]);
    const without = (rows: readonly string[] = [], others: readonly string[] = []) =>
      rows.filter((row) => !others.includes(row));
    expect(without(rest.DOCS, remote.DOCS)).toEqual([
      "create/comment to AccessClass unlicensed unlicensed",
      "read/space to AccessClass unlicensed unlicensed",
    ]);
    expect(without(remote.DOCS, rest.DOCS)).toEqual([]);
  });

  it.each(versions)(
    "of %s keep every row: anonymous, left-over, unknown operations, a user and a group of one name",
    async (version) => {
      await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
      const { DOCS = [], ENG = [], OLD = [] } = await readSpaceGrants(stack);
      expect(DOCS).toEqual(
        expect.arrayContaining([
          "read/space to AccessClass anonymous-users anonymous",
          `read/space to Account ${dcUsers.gone}`,
          `create/page to Group ${dcGroups.gone}`,
          `administer/space to Group ${dcGroups.support}`,
          `create/page to Account ${dcUsers.support}`,
          `read/space to Group ${dcGroups.slash}`,
          `read/space to Account ${dcUsers.jo}`,
        ]),
      );
      expect(DOCS).toHaveLength(version.startsWith("8.") ? 13 : 15);
      expect(ENG).toHaveLength(22);
      // Two that Data Center has other words for than Cloud.
      expect(ENG).toContain(`delete/space to Account ${dcUsers.admin}`);
      expect(ENG).toContain(`restrict_content/space to Account ${dcUsers.admin}`);
      expect(OLD).toEqual([
        `administer/space to Account ${dcUsers.fay}`,
        `read/space to Account ${dcUsers.fay}`,
        "read/space to Group c",
      ]);
    },
  );

  it("name anonymous and the unlicensed as classes of people", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld() });
    const { data } = await stack.query(`{ space(key: "DOCS") { grants(filter: { operations: ["read"] }) { nodes {
      principal { ... on AccessClass { classId name } }
    } } } }`);
    const classes = data.space.grants.nodes.map((grant: { principal: object }) => grant.principal);
    expect(classes.filter((each: object) => "classId" in each)).toEqual([
      { classId: "anonymous-users", name: "Anyone, without signing in" },
      { classId: "unlicensed", name: "People without a Confluence licence" },
    ]);
  });

  it("that neither way tells are a gap that names both", async () => {
    const sandbox = { dataCenter: { rpcDisabled: true } };
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("8.6.0"), sandbox });
    const { data, errors } = await stack.query(`{ space(key: "OLD") { grants { nodes { id } ${completeness} } }
      sites { capabilities { name isAvailable reason } } }`);
    const both = expect.stringMatching(/needs Confluence Data Center 9\.1; this site is 8\.6\.0\..*JSON-RPC API/);
    expect(data.space.grants).toEqual({
      nodes: null,
      completeness: {
        isComplete: false,
        gaps: [{ missing: "what space 131076 grants", code: "UNSUPPORTED", reason: both }],
      },
    });
    expect(errors).toMatchObject([{ message: both, extensions: { code: "UNSUPPORTED" } }]);
    const again = await stack.query(
      "{ sites { capabilities { name isAvailable reason } } }",
      {},
      { "cache-control": "no-cache" },
    );
    expect(again.data.sites[0].capabilities).toContainEqual({
      name: "GRANULAR_SPACE_PERMISSIONS",
      isAvailable: false,
      reason: both,
    });
  });
});

describe("the permissions of the site as a whole", () => {
  const document = `{ grants(filter: { entitlements: [SITE_PERMISSION] }) { totalCount ${completeness} nodes {
    ${principal} entitlement { ... on SitePermission { permission { operation target } } }
    resource { __typename ... on Site { siteId } }
  } } }`;

  it("are grants on the site where the version tells them", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
    const { data, errors } = await stack.query(document);
    expect(errors).toBeUndefined();
    expect(data.grants).toMatchObject({ totalCount: 9, completeness: isWhole });
    expect(show(data.grants.nodes)).toEqual(
      [
        `create/personal_space to Group ${dcGroups.users}`,
        `use/application to Group ${dcGroups.users}`,
        ...["use/application", "create/space", "administer/application", "administer/system"].map(
          (pair) => `${pair} to Group ${dcGroups.administrators}`,
        ),
        `use/application to Account ${dcUsers.lee}`,
        "use/application to AccessClass anonymous-users anonymous",
        "use_unlicensed/application to AccessClass unlicensed unlicensed",
      ].sort(),
    );
    const resources = new Set(data.grants.nodes.map((grant: { resource: object }) => JSON.stringify(grant.resource)));
    expect([...resources]).toEqual([JSON.stringify({ __typename: "Site", siteId: stack.siteId })]);
    const held = await stack.query(`{ account(accountId: "${dcUsers.lee}") { grants { nodes {
      entitlement { ... on SitePermission { permission { operation target } } }
    } ${completeness} } } }`);
    expect(held.data.account.grants.nodes).toEqual([
      { entitlement: { permission: { operation: "use", target: "application" } } },
    ]);
  });

  it.each(["8.3.0", "8.6.0", "9.2.0"])(
    "are not there on %s, without a gap: its capabilities say why",
    async (version) => {
      await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
      const { data, errors } = await stack.query(document);
      expect(errors).toBeUndefined();
      expect(data.grants).toEqual({ totalCount: 0, nodes: [], completeness: isWhole });
      const { data: asked } = await stack.query("{ sites { capabilities { name isAvailable reason } } }");
      expect(asked.sites[0].capabilities).toContainEqual({
        name: "GLOBAL_PERMISSIONS",
        isAvailable: false,
        reason: expect.stringContaining(`needs Confluence Data Center 9.3; this site is ${version}.`),
      });
    },
  );

  it("that could not be read are a gap, and no answer", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
    await stack.fail({ match: "GET /rest/api/permissions", times: "always", status: 403, body: { message: "No." } });
    const { data } = await stack.query(document);
    expect(data.grants).toMatchObject({
      totalCount: null,
      nodes: null,
      completeness: { isComplete: false, gaps: [{ code: "UPSTREAM_FORBIDDEN" }] },
    });
  });
});

describe("what a version cannot do", () => {
  const always = ["ORGANIZATION_FACTS", "PERSON_NAMES", "SPACE_ROLES"];
  it.each([
    [
      "8.3.0",
      [...always, "ACCOUNT_UPDATE", "ALL_ACCOUNTS", "GLOBAL_PERMISSIONS", "LAST_ACTIVITY", "UNLICENSED_GRANTS"],
    ],
    ["8.6.0", [...always, "ACCOUNT_UPDATE", "GLOBAL_PERMISSIONS", "LAST_ACTIVITY", "UNLICENSED_GRANTS"]],
    ["9.2.0", [...always, "GLOBAL_PERMISSIONS", "LAST_ACTIVITY"]],
    ["10.2.0", always],
  ])("is said on %s, each with a reason", async (version, lacking) => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    const { data } = await stack.query("{ sites { permissionModel capabilities { name isAvailable reason } } }");
    const [{ permissionModel, capabilities }] = data.sites;
    expect(permissionModel).toBe("PRE_ROLES");
    expect(capabilities).toHaveLength(12);
    const missing = capabilities.filter(({ isAvailable }: { isAvailable: boolean }) => !isAvailable);
    expect(missing.map(({ name }: { name: string }) => name).sort()).toEqual([...lacking].sort());
    expect(missing.filter(({ reason }: { reason: string | null }) => !reason)).toEqual([]);
    expect(capabilities.filter(({ isAvailable, reason }: Record<string, unknown>) => isAvailable && reason)).toEqual(
      [],
    );
  });

  it("is not said, and that is an error, where the site cannot even be asked who we are", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("8.3.0") });
    stack.clock.shift(11_000);
    await stack.fail({ match: "GET /rest/api/user/current", times: "always", status: 404 });
    const { data, errors } = await stack.query("{ sites { siteId capabilities { name isAvailable reason } } }");
    expect(data.sites).toMatchObject([{ capabilities: null }]);
    expect(errors).toMatchObject([
      { path: ["sites", 0, "capabilities"], extensions: { code: "UPSTREAM_MISCONFIGURED" } },
    ]);
  });
});
