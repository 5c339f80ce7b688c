import { describe, expect, it } from "vitest";
import { dataCenterIds } from "../../provisioning/dataCenterIds.js";
import { dcGroups, smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { startAccounts } from "../../support/startAccounts.js";
import { startDataCenterStack } from "../../support/startDataCenterStack.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const licensed = { productRoles: ["atlassian/user"] };
const id = (number: number) => human(number).accountId;
const world = cloudWorld({
  accounts: [1, 2, 3].map((number) => ({ ...human(number), ...licensed })).concat({ ...human(4), productRoles: [] }),
  groups: [
    { id: "g-team", name: "team", members: [id(2), id(3)] },
    { id: "g-late", name: "late", members: [] },
  ],
  spaces: [
    space(1, {
      permissions: [
        permission("user", id(1)),
        permission("user", id(1), "administer/space"),
        permission("user", id(2)),
        permission("group", "g-team"),
        permission("group", "g-late"),
      ],
    }),
    space(2, {
      permissions: [
        permission("user", id(1)),
        permission("user", id(1), "administer/space"),
        permission("access-class", "all-licensed-users"),
      ],
    }),
  ],
});

const preview = `preview { accountCount completeness { isComplete }
  effects { account { accountId } space { key } permissions { effect permission { operation target } } } }`;
const asked = `query ($space: ID!, $account: ID!) {
  space(id: $space) { effectiveAccess { totalCount nodes { accountId } completeness { isComplete } } }
  account(id: $account) { effectiveAccess { nodes { key } } }
  site { findings(kinds: [GRANT_TO_VANISHED_GROUP, GRANT_TO_EMPTY_GROUP]) { nodes { kind principals { ... on Group { groupId } } } completeness { gaps { missing reason } } } }
}`;
interface Answer {
  readonly accounts: readonly string[];
  readonly spaces: readonly string[];
  readonly findings: readonly string[];
  /** What the findings may be short of. */
  readonly missing: readonly string[];
}
type Stack = Awaited<ReturnType<typeof startAccounts>>;

async function ask(stack: Stack, number: number): Promise<Answer> {
  const { data, errors } = await stack.query(asked, { space: stack.idOf("S1"), account: stack.idOf(id(number)) });
  expect(errors).toBeUndefined();
  const { effectiveAccess } = data.space;
  const { findings } = data.site;
  expect(effectiveAccess.completeness).toEqual({ isComplete: true });
  type Missing = { missing: string };
  type Found = { kind: string; principals: readonly { groupId: string }[] };
  return {
    accounts: effectiveAccess.nodes.map(({ accountId }: { accountId: string }) => accountId),
    spaces: (data.account?.effectiveAccess.nodes ?? []).map(({ key }: { key: string }) => key),
    missing: findings.completeness.gaps.map(({ missing }: Missing) => missing),
    findings: findings.nodes.map(({ kind, principals }: Found) => `${kind} ${principals[0]?.groupId}`),
  };
}

describe("what is answered after changes of our own", () => {
  it("knows that a group is gone, and what its members had by it", async () => {
    await using stack = await startAccounts(world);
    expect(await ask(stack, 3)).toEqual({
      ...{ accounts: [id(1), id(2), id(3)], spaces: ["S1", "S2"] },
      findings: ["GRANT_TO_EMPTY_GROUP g-late"],
      missing: [],
    });
    const { data } = await stack.query(
      "mutation ($group: ID!) { deleteGroup(input: { group: $group, acknowledgeOrganizationWide: true }) { outcome } }",
      { group: stack.idOf("team") },
    );
    expect(data.deleteGroup.outcome).toBe("REMOVED");
    const after = await ask(stack, 3);
    expect(after).toMatchObject({ accounts: [id(1), id(2)], spaces: ["S2"] });
    // Whether its grants went with it is not read yet.
    expect(after.missing).toEqual(["what group g-team is still granted in space 1001"]);
    expect(after.findings).toEqual(["GRANT_TO_EMPTY_GROUP g-late"]);
  });

  it("knows that an account has left the organization, as a single question does", async () => {
    await using stack = await startAccounts(world);
    await ask(stack, 2);
    const { data } = await stack.query(
      "mutation ($account: ID!) { removeAccount(input: { account: $account, acknowledgeOrganizationWide: true }) { outcome } }",
      { account: stack.idOf(id(2)) },
    );
    expect(data.removeAccount.outcome).toBe("REMOVED");
    // Confluence still calls it active, and nobody tells its licence any more: what is left to it is its own grant.
    expect(await ask(stack, 2)).toEqual({
      ...{ accounts: [id(1), id(2), id(3)], spaces: ["S1", "S2"] },
      findings: ["GRANT_TO_EMPTY_GROUP g-late"],
      missing: [`what account ${id(2)} is still granted in space 1001`],
    });
    const again = await stack.query(
      `query ($space: ID!, $account: ID!, $permission: PermissionInput!) {
        space(id: $space) { effectiveAccess(filter: { text: "human 2" }) { edges { decision pathCount why { assumptions } } } }
        checkAccess(input: { space: $space, account: $account, permission: $permission }) { decision pathCount assumptions } }`,
      {
        ...{ space: stack.idOf("S1"), account: stack.idOf(id(2)) },
        permission: { operation: "read", target: "space" },
      },
    );
    const alone = { decision: "ALLOWED", pathCount: 1 };
    expect(again.data.space.effectiveAccess.edges).toEqual([{ ...alone, why: { assumptions: ["LICENSED"] } }]);
    expect(again.data.checkAccess).toEqual({ ...alone, assumptions: ["LICENSED"] });
  });
});

interface Told {
  readonly space: { readonly key: string };
  readonly permissions: readonly {
    readonly effect: string;
    readonly permission: { readonly operation: string; readonly target: string };
  }[];
}

/** By the keys of spaces. */
function whatIsGained(effects: readonly Told[]) {
  return effects
    .map(({ space: { key }, permissions }) => {
      const gained = permissions.filter(({ effect }) => effect === "GAINED");
      return [key, gained.map(({ permission: { operation, target } }) => `${operation}/${target}`)] as const;
    })
    .filter(([, gained]) => gained.length > 0);
}

describe("the previews of dry runs", () => {
  const provision = `mutation ($email: String!, $groups: [ID!]!) {
    provisionAccount(input: { email: $email, groups: $groups, dryRun: true }) { outcome userErrors { code } changes { outcome } ${preview} } }`;

  it("of a new group say that nobody gains anything", async () => {
    await using stack = await startAccounts(world);
    const create = `mutation ($dryRun: Boolean!) { createGroup(input: { name: "new", dryRun: $dryRun }) { outcome ${preview} } }`;
    const dry = await stack.query(create, { dryRun: true });
    expect(dry.data.createGroup).toEqual({
      outcome: "PLANNED",
      preview: { accountCount: 0, completeness: { isComplete: true }, effects: [] },
    });
    const run = await stack.query(create, { dryRun: false });
    expect(run.data.createGroup).toEqual({ outcome: "CREATED", preview: null });
  });

  it("of an account that is provisioned tell what its groups and its licence give it", async () => {
    await using stack = await startAccounts(world);
    const { data, errors } = await stack.query(provision, { email: human(4).email, groups: [stack.idOf("late")] });
    expect(errors).toBeUndefined();
    expect(data.provisionAccount).toMatchObject({
      outcome: "PLANNED",
      userErrors: [],
      changes: [{ outcome: "PLANNED" }],
    });
    const read = [{ effect: "GAINED", permission: { operation: "read", target: "space" } }];
    expect(data.provisionAccount.preview).toEqual({
      ...{ accountCount: 1, completeness: { isComplete: true } },
      effects: ["S1", "S2"].map((key) => ({ account: { accountId: id(4) }, space: { key }, permissions: read })),
    });
  });

  const asNewcomer = `mutation ($email: String!, $groups: [ID!]!, $access: [AccountAccessInput!]!, $name: String, $generate: Boolean!) {
    provisionAccount(input: { email: $email, displayName: $name, generatePassword: $generate, groups: $groups, access: $access, dryRun: true }) { outcome userErrors { code }
      preview { accountCount completeness { isComplete assumptions gaps { missing } }
        effects { account { accountId } space { key } permissions { effect explanation permission { operation target } } } } } }`;

  it.each([true, false])(
    "of a newcomer tell all that it will have, made by the directory (%s) or invited, and that groups of its role are not told",
    async (hasScim) => {
      await using stack = await startAccounts(world, { hasScim });
      const { data, errors } = await stack.query(asNewcomer, {
        ...{ email: "new@example.com", name: "Nell", generate: false, groups: [stack.idOf("late")] },
        access: [{ space: stack.idOf("S2"), permissions: [{ operation: "create", target: "page" }] }],
      });
      expect(errors).toBeUndefined();
      const { preview: told, outcome } = data.provisionAccount;
      expect(outcome).toBe("PLANNED");
      expect(told.accountCount).toBe(1);
      expect(told.completeness).toEqual({
        ...{ isComplete: false, assumptions: [] },
        gaps: [{ missing: "what the groups give that come with the product role" }],
      });
      const read = "read/space";
      // Who is invited is given spaces when the invitation is accepted, and groups along with it.
      const inSecond = hasScim ? ["create/page", "export_content/space", read, "update/page"] : [read];
      expect(whatIsGained(told.effects)).toEqual([
        ["S1", [read]],
        ["S2", inSecond],
      ]);
      const [{ account, permissions }] = told.effects;
      expect(account).toBeNull();
      expect(permissions[0].explanation).toBe("Nell has read/space in S1: through membership of late.");
      // Nobody is asked for who is not there yet.
      expect(
        stack
          .sandboxOf("a")
          .journal()
          .filter(({ path }) => path.includes("newcomer")),
      ).toEqual([]);
    },
  );

  it("of a newcomer to a site that keeps its own accounts count the group that all are put in, and say that they assume so", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
    const ids = dataCenterIds(stack.siteId);
    const { data, errors } = await stack.query(asNewcomer, {
      ...{ email: "nell@example.com", name: "Nell", generate: true, groups: [ids.group(dcGroups.c)], access: [] },
    });
    expect(errors).toBeUndefined();
    const { effects, completeness } = data.provisionAccount.preview;
    expect(completeness.assumptions).toEqual(["DEFAULT_GROUP"]);
    // `a` holds `c`, and `confluence-users` licenses and reads.
    expect(whatIsGained(effects)).toEqual([
      ["ENG", ["create/page", "read/space"]],
      ["DOCS", ["create/comment", "read/space"]],
      ["OLD", ["read/space"]],
    ]);
  });

  it("look at 2,000 pairs of an account and a space, and say how many they left out", async () => {
    const members = Array.from({ length: 45 }, (_, at) => human(at + 1));
    const many = cloudWorld({
      accounts: members.map((member) => ({ ...member, ...licensed })),
      groups: [{ id: "g-many", name: "many", members: members.map(({ accountId }) => accountId) }],
      spaces: Array.from({ length: 46 }, (_, at) => space(at + 1, { permissions: [permission("group", "g-many")] })),
    });
    await using stack = await startAccounts(many);
    const { data, errors } = await stack.query(
      `mutation ($group: ID!) { deleteGroup(input: { group: $group, dryRun: true }) { outcome preview {
        accountCount effects { permissions { effect } } completeness { isComplete gaps { missing reason } } } } }`,
      { group: stack.idOf("many") },
    );
    expect(errors).toBeUndefined();
    const { effects, ...rest } = data.deleteGroup.preview;
    expect(effects).toHaveLength(2_000);
    expect(rest).toEqual({
      accountCount: 44,
      completeness: {
        isComplete: false,
        gaps: [
          {
            missing: "what becomes of 70 more pairs of an account and a space",
            reason: "A preview looks at 2000 pairs of an account and a space at most.",
          },
        ],
      },
    });
  });
});
