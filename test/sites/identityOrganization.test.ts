import { describe, expect, it } from "vitest";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const [ada, bob, gil, joe] = [human(1), human(2), human(3), human(4)];

function startSite(
  accounts: readonly Readonly<Record<string, unknown>>[],
  hiddenEmails: readonly string[] = [],
  parts: Readonly<Record<string, unknown>> = {},
) {
  const world = cloudWorld({ cloudId: "cloud-1", accounts, ...parts });
  return startSites([
    { id: "a", world, credential: "api-token", hasOrganization: true, hasScim: false, sandbox: { hiddenEmails } },
  ]);
}

type Site = Awaited<ReturnType<typeof startSite>>;

async function accountsOf(stack: Site, email: string, headers: Readonly<Record<string, string>> = {}) {
  const { data, errors } = await stack.query(
    `{ identity(email: "${email}") { accounts { nodes { accountId } completeness { isComplete gaps { code missing } } } } }`,
    {},
    headers,
  );
  expect(errors?.filter(({ extensions }) => extensions.code !== "INCOMPLETE") ?? []).toEqual([]);
  const { nodes, completeness } = data.identity.accounts;
  return {
    ids: nodes?.map(({ accountId }: { accountId: string }) => accountId) ?? null,
    isComplete: completeness.isComplete,
    missing: completeness.gaps.map(({ missing }: { missing: string }) => missing),
  };
}

const hiddenGap = (count: number) => [
  `whether an account that hides its e-mail address is this person's (${count} such)`,
];

describe("a person by e-mail where an organization is configured", () => {
  it.each([
    { name: "people who hide their address", account: bob },
    { name: "guests who hide theirs", account: { ...bob, isExternalCollaborator: true } },
    { name: "accounts that the organization does not list", account: { ...bob, orgStatus: "not_invited" } },
  ])("may be one of $name: a gap, never 'no account'", async ({ account }) => {
    await using stack = await startSite([ada, account], [bob.accountId], {
      groups: [{ id: "g", name: "team", members: [bob.accountId] }],
    });
    expect(await accountsOf(stack, bob.email ?? "")).toEqual({ ids: null, isComplete: false, missing: hiddenGap(1) });
    expect(await accountsOf(stack, ada.email ?? "")).toEqual({
      ids: [ada.accountId],
      isComplete: false,
      missing: hiddenGap(1),
    });
  });

  it("may be somebody suspended who hides the address, whom user search leaves out", async () => {
    await using stack = await startSite([ada, { ...bob, orgStatus: "suspended" }], [bob.accountId]);
    expect(await accountsOf(stack, "nobody@example.com")).toMatchObject({ isComplete: false, missing: hiddenGap(1) });
  });

  it("is nobody, complete, where everyone's address is told", async () => {
    await using stack = await startSite([ada, { ...bob, managed: true }], [bob.accountId]);
    expect(await accountsOf(stack, "nobody@example.com")).toEqual({ ids: [], isComplete: true, missing: [] });
    expect(await accountsOf(stack, bob.email ?? "")).toEqual({ ids: [bob.accountId], isComplete: true, missing: [] });
  });

  it("is found where only the site tells the address, of an account that the organization does not list", async () => {
    await using stack = await startSite([ada, { ...gil, orgStatus: "not_invited" }], [], {
      groups: [{ id: "g", name: "team", members: [gil.accountId] }],
    });
    expect(await accountsOf(stack, gil.email ?? "")).toMatchObject({ ids: [gil.accountId], isComplete: true });
  });

  it("may be somebody whom only a grant names", async () => {
    await using stack = await startSite(
      [ada, { ...joe, orgStatus: "not_invited", productRoles: [] }],
      [joe.accountId],
      {
        spaces: [space(1, { permissions: [permission("user", joe.accountId)] })],
      },
    );
    expect(await accountsOf(stack, joe.email ?? "")).toMatchObject({ isComplete: false, missing: hiddenGap(1) });
  });

  it("is found by an address that the organization matched and does not show, alone and among many", async () => {
    const blank = { ...bob, managed: true, untold: ["email"] };
    await using stack = await startSite([ada, blank, { ...gil, managed: true }], [bob.accountId]);
    expect(await accountsOf(stack, bob.email ?? "")).toEqual({ ids: [bob.accountId], isComplete: true, missing: [] });
    const { data } = await stack.query(
      "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Identity { accounts { nodes { accountId } } } } }",
      {
        refs: [ada, bob, gil].map(({ email }) => ({ __typename: "Identity", email })),
      },
      { "cache-control": "no-cache" },
    );
    expect(
      data._entities.map(({ accounts }: { accounts: { nodes: { accountId: string }[] } }) =>
        accounts.nodes.map(({ accountId }) => accountId),
      ),
    ).toEqual([ada, bob, gil].map(({ accountId }) => [accountId]));
  });

  it("costs user search, facts and the searches of the organization, and neither groups nor grants once the answer is open", async () => {
    await using stack = await startSite([ada, bob], [bob.accountId], {
      groups: [{ id: "g", name: "team", members: [ada.accountId] }],
      spaces: [space(1)],
    });
    await stack.forgetCalls("a");
    await accountsOf(stack, ada.email ?? "");
    expect(stack.countCalls("a", "GET", /search\/user$/)).toBe(2);
    expect(stack.countCalls("a", "GET", /\/group|\/spaces|memberof/)).toBe(0);
    // One for the address, two for whom the organization suspended, one for the facts of who was not found by address.
    expect(stack.countCalls("a", "POST", /users\/search$/)).toBe(4);
    await stack.forgetCalls("a");
    await accountsOf(stack, bob.email ?? "");
    expect(stack.sandboxOf("a").journal().length).toBe(1);
  });
});
