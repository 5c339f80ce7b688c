import { describe, expect, it } from "vitest";
import { writeCallersFile } from "../support/callersFile.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human } from "../support/worlds.js";

const [ada, bob] = [human(1), human(2)];
const cloud = (id: string, accounts: readonly Readonly<Record<string, unknown>>[], hiddenEmails: string[] = []) => ({
  ...{ id, credential: "api-token" as const, sandbox: { hiddenEmails } },
  world: cloudWorld({ cloudId: `cloud-${id}`, accounts }),
});

type Sites = Awaited<ReturnType<typeof startSites>>;

/** The keys of a person, and the codes of what could not be told. */
async function keysOf(stack: Sites, person: string, fields = "email atlassianAccountId", headers = {}) {
  const { data, errors = [] } = await stack.query(`{ identity(${person}) { ${fields} } }`, {}, headers);
  return { ...data.identity, codes: errors.map(({ path, extensions }) => `${path?.join(".")} ${extensions.code}`) };
}
const byId = `atlassianAccountId: "${ada.accountId}"`;
const byEmail = `email: "HUMAN-1@example.com"`;
const calls = (stack: Sites, id: string) => stack.sandboxOf(id).journal().length;

describe("the key that a person was not named by", () => {
  it("is told by the accounts of all Cloud sites, and Data Center is not asked", async () => {
    await using stack = await startSites([
      cloud("a", [ada, bob], [ada.accountId]),
      cloud("b", [ada, bob]),
      { id: "c", world: smallDataCenterWorld("10.2.0"), credential: "personal-access-token" },
    ]);
    for (const id of ["a", "b", "c"]) await stack.forgetCalls(id);
    // One site hides the address, the other tells it.
    expect(await keysOf(stack, byId)).toEqual({ email: ada.email, atlassianAccountId: ada.accountId, codes: [] });
    expect([calls(stack, "a"), calls(stack, "b"), calls(stack, "c")]).toEqual([1, 1, 0]);
    expect(await keysOf(stack, 'atlassianAccountId: "nobody"')).toMatchObject({ email: null, codes: [] });
    // Whose address site a hides may be anybody's.
    expect(await keysOf(stack, byEmail)).toEqual({
      ...{ email: "HUMAN-1@example.com", atlassianAccountId: null },
      codes: ["identity.atlassianAccountId INCOMPLETE"],
    });
  });

  it("costs nothing until it is asked for, and then what the accounts cost", async () => {
    await using stack = await startSites([cloud("a", [ada, bob])]);
    await stack.forgetCalls("a");
    await keysOf(stack, byEmail, "email");
    await keysOf(stack, byId, "atlassianAccountId");
    expect(calls(stack, "a")).toBe(0);
    expect(await keysOf(stack, byEmail)).toMatchObject({ atlassianAccountId: ada.accountId, codes: [] });
    const asked = calls(stack, "a");
    await keysOf(stack, byEmail, "atlassianAccountId accounts { totalCount }");
    expect(calls(stack, "a")).toBe(asked);
    expect(await keysOf(stack, 'email: "nobody@example.com"')).toMatchObject({ atlassianAccountId: null, codes: [] });
  });

  it("is null where the accounts differ, for then nobody says which is the person's", async () => {
    const renamed = { ...ada, email: "ada@example.com" };
    await using stack = await startSites([cloud("a", [ada]), cloud("b", [renamed, { ...bob, email: ada.email }])]);
    expect(await keysOf(stack, byId)).toMatchObject({ email: null, codes: [] });
    expect(await keysOf(stack, byEmail)).toMatchObject({ atlassianAccountId: null, codes: [] });
  });

  it("fails where a site did, unless another tells an address", async () => {
    await using stack = await startSites([cloud("a", [ada]), cloud("b", [ada])]);
    const down = { match: "POST /wiki/api/v2/users-bulk", status: 403, times: -1 };
    await stack.fail("a", down, { ...down, match: "GET /wiki/rest/api/search/user" });
    expect(await keysOf(stack, byId)).toMatchObject({ email: ada.email, codes: [] });
    expect(await keysOf(stack, byEmail)).toMatchObject({
      ...{ atlassianAccountId: null, codes: [expect.stringMatching(/^identity\.atlassianAccountId /)] },
    });
    await stack.fail("b", down);
    const answer = await keysOf(stack, `atlassianAccountId: "${bob.accountId}"`, "email");
    expect(answer).toMatchObject({ email: null, codes: [expect.stringMatching(/^identity\.email /)] });
  });

  it("needs the scope for addresses, on each site that tells one", async () => {
    const callers = writeCallersFile([
      { name: "reader", scopes: ["read"] },
      { name: "of-one", scopes: ["read", "read:personal@a"] },
    ]);
    await using stack = await startSites([cloud("a", [bob]), cloud("b", [ada])], { CALLERS_FILE: callers.path });
    const asked = (name: string, person: string, fields?: string) =>
      keysOf(stack, person, fields, callers.headersOf(name));
    for (const id of ["a", "b"]) await stack.forgetCalls(id);
    expect(await asked("reader", byId)).toMatchObject({ email: null, codes: ["identity.email FORBIDDEN"] });
    expect([calls(stack, "a"), calls(stack, "b")]).toEqual([0, 0]);
    expect(await asked("of-one", byId)).toMatchObject({ email: null });
    expect([calls(stack, "a"), calls(stack, "b")]).toEqual([1, 0]);
    expect(await asked("of-one", byEmail, "atlassianAccountId")).toMatchObject({
      ...{ atlassianAccountId: null, codes: ["identity.atlassianAccountId INCOMPLETE"] },
    });
    await callers[Symbol.asyncDispose]();
  });

  it("of many is read together", async () => {
    const people = Array.from({ length: 60 }, (_, index) => human(index + 1));
    await using stack = await startSites([cloud("a", people)]);
    await stack.forgetCalls("a");
    const { data, errors } = await stack.query(
      "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Identity { email } } }",
      { refs: people.map(({ accountId }) => ({ __typename: "Identity", atlassianAccountId: accountId })) },
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual(people.map(({ email }) => ({ email })));
    expect(calls(stack, "a")).toBe(1);
  });
});
