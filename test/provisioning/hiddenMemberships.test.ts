import { describe, expect, it } from "vitest";
import { startAccounts } from "../support/startAccounts.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const people = Array.from({ length: 205 }, (_, index) => human(index + 1));
const [admin, , , left] = people;
const roles = { productRoles: ["atlassian/user"] };

/** Human 4 is suspended and a member; human 5 is suspended and in no group; the others are active, 1 to 3 members. */
const world = cloudWorld({
  accounts: people.map((person, index) =>
    index === 3 || index === 4 ? { ...person, ...roles, orgStatus: "suspended" } : { ...person, ...roles },
  ),
  groups: [{ id: "g", name: "team", members: people.slice(0, 4).map(({ accountId }) => accountId) }],
  spaces: [space(1, { permissions: [permission("user", admin?.accountId ?? "", "administer/space")] })],
});

/** With an organization that says who is suspended, and without one. */
const modes = [
  ["with an organization", startAccounts],
  ["without one", startProvisioning],
] as const;
type Stack = Awaited<ReturnType<typeof startAccounts>> | Awaited<ReturnType<typeof startProvisioning>>;

async function change(stack: Stack, kind: "grant" | "revoke", numbers: readonly number[], more = "") {
  const ids = idsOf("siteId" in stack ? stack.siteId : "a");
  const { data, errors } = await stack.query(
    `mutation ($accounts: [ID!]!) {
       it: ${kind}GroupMembership(input: { group: "${ids.group("g")}", accounts: $accounts ${more} }) { changes { outcome plan userErrors { code message } } }
     }`,
    { accounts: numbers.map((number) => ids.account(number)) },
  );
  expect(errors).toBeUndefined();
  return data.it.changes as { outcome: string; plan: string[]; userErrors: { code: string; message: string }[] }[];
}

const outcomes = (changes: readonly { outcome: string }[]) => changes.map(({ outcome }) => outcome);
const codes = (changes: Awaited<ReturnType<typeof change>>) =>
  changes.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
const sandboxOf = (stack: Stack) => ("sandbox" in stack ? stack.sandbox : stack.sandboxOf("a"));
const members = (stack: Stack) =>
  sandboxOf(stack)
    .world()
    .cloud?.groups.find(({ id }) => id === "g")?.members ?? [];
const isMember = (stack: Stack, number: number) => members(stack).includes(human(number).accountId);
const memberOf = "GET /wiki/rest/api/user/memberof";
/** One page, and the empty one that ends it. */
const callsOfMemberOf = 2;

const sandboxCalls = (stack: Stack) =>
  sandboxOf(stack)
    .journal()
    .map(({ method, path }) => `${method} ${path}`);

/** Calls by kind, without ids and pages. */
function countsOf(calls: readonly string[]) {
  const counts: Record<string, number> = {};
  for (const call of calls) {
    const name = call
      .replace(/\?.*/, "")
      .replace(/orgs\/[^/]+/, "orgs/*")
      .replace(/group\/[^/]+\/members/, "group/*/members");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe.each(modes)("memberships of people whom lists leave out, %s", (_mode, start) => {
  it("are ended as asked, and nothing brings them back", async () => {
    await using stack = await start(world);
    const ask = `{ account(accountId: "${left?.accountId}") { groups { nodes { groupId } } } }`;
    expect((await stack.query(ask)).data.account.groups.nodes).toEqual([{ groupId: "g" }]);
    expect(outcomes(await change(stack, "revoke", [4], "dryRun: true"))).toEqual(["PLANNED"]);
    expect(isMember(stack, 4)).toBe(true);
    expect(outcomes(await change(stack, "revoke", [4]))).toEqual(["REMOVED"]);
    expect(isMember(stack, 4)).toBe(false);
    expect((await stack.query(ask)).data.account.groups.nodes).toEqual([]);
    expect(outcomes(await change(stack, "revoke", [4]))).toEqual(["NOT_PRESENT"]);
    expect((await stack.audit()).filter(({ phase }) => phase === "result")[0]).toMatchObject({
      before: ["member, whom the list leaves out"],
      after: [],
      outcome: "REMOVED",
    });
  });

  it("are granted as asked, and found when asked again", async () => {
    await using stack = await start(world);
    expect(outcomes(await change(stack, "grant", [4, 5]))).toEqual(["ALREADY_EXISTS", "CREATED"]);
    expect(isMember(stack, 5)).toBe(true);
    expect(outcomes(await change(stack, "grant", [5]))).toEqual(["ALREADY_EXISTS"]);
  });

  it("are not taken for ended, nor for missing, while nothing tells them", async () => {
    await using stack = await start(world);
    await stack.fail({ match: memberOf, times: -1, status: 404, body: { message: "no" } });
    const revoked = await change(stack, "revoke", [4]);
    expect([outcomes(revoked), codes(revoked)]).toEqual([["FAILED"], ["STATE_UNKNOWN"]]);
    const granted = await change(stack, "grant", [5]);
    expect([outcomes(granted), codes(granted)]).toEqual([["FAILED"], ["STATE_UNKNOWN"]]);
    expect([isMember(stack, 4), isMember(stack, 5)]).toEqual([true, false]);
  });

  it("are not claimed to be ended where only the reading back fails", async () => {
    await using stack = await start(world);
    await stack.fail(
      { match: memberOf, times: callsOfMemberOf, delayMs: 0 },
      { match: memberOf, times: -1, status: 403, body: { message: "no" } },
    );
    const revoked = await change(stack, "revoke", [4]);
    expect([outcomes(revoked), codes(revoked)]).toEqual([["FAILED"], ["STATE_UNKNOWN"]]);
  });

  it.each([{ reset: true, after: true }, { reset: true }])(
    "are settled by reading when the answer is lost: %j",
    async (cut) => {
      await using stack = await start(world);
      await stack.fail({ match: "DELETE /wiki/rest/api/group/userByGroupId", times: 1, ...cut });
      const [revoked] = await change(stack, "revoke", [4]);
      expect(revoked?.outcome).toBe(cut.after ? "REMOVED" : "FAILED");
      expect(isMember(stack, 4)).toBe(!cut.after);
    },
  );

  it('of somebody put in meanwhile are looked at when Confluence says "already", and not believed to be ours', async () => {
    await using stack = await start(world);
    const already = { status: 400, body: { message: "The user is a member of the group already." } };
    await stack.fail({ match: "POST /wiki/rest/api/group/userByGroupId", times: 1, ...already });
    const refused = await change(stack, "grant", [5]);
    expect([outcomes(refused), codes(refused)]).toEqual([["FAILED"], ["UPSTREAM_REFUSED"]]);
    expect(isMember(stack, 5)).toBe(false);
    await stack.fail({ match: "POST /wiki/rest/api/group/userByGroupId", times: 1, after: true, ...already });
    expect(outcomes(await change(stack, "grant", [5]))).toEqual([isMember(stack, 5) ? "ALREADY_EXISTS" : "FAILED"]);
  });
});

describe.each(modes)("what is shown of a membership beside the outcome, %s", (mode, start) => {
  async function shown(stack: Stack, kind: "grant" | "revoke", number: number, more = "") {
    const ids = idsOf("siteId" in stack ? stack.siteId : "a");
    const { data, errors } = await stack.query(
      `mutation { it: ${kind}GroupMembership(input: { group: "${ids.group("g")}", accounts: ["${ids.account(number)}"] ${more} }) { changes { outcome grants { principal { ... on Account { accountId } } } } } }`,
    );
    const [{ outcome, grants }] = data.it.changes;
    return [outcome, grants?.length ?? null, errors?.[0]?.path?.at(-1) ?? null];
  }

  it("is what the outcome says, also of people whom lists leave out", async () => {
    await using stack = await start(world);
    expect(await shown(stack, "grant", 4)).toEqual(["ALREADY_EXISTS", 1, null]);
    expect(await shown(stack, "revoke", 4, "dryRun: true")).toEqual(["PLANNED", 1, null]);
    expect(await shown(stack, "grant", 5, "dryRun: true")).toEqual(["PLANNED", 0, null]);
    expect(await shown(stack, "grant", 5, 'requestId: "once"')).toEqual(["CREATED", 1, null]);
    expect(await shown(stack, "revoke", 4)).toEqual(["REMOVED", 0, null]);
    expect(await shown(stack, "revoke", 5)).toEqual(["REMOVED", 0, null]);
    // A repeat tells the outcome of then, and what is there now.
    expect(await shown(stack, "grant", 5, 'requestId: "once"')).toEqual(["CREATED", 0, null]);
  });

  it("is null, with the reason, where neither the list nor the account's own groups tell it", async () => {
    await using stack = await start(world);
    await stack.fail({ match: memberOf, times: -1, status: 403, body: { message: "no" } });
    // The organization names who is suspended, and what was remembered of their groups stands in the list.
    const told = mode === "with an organization" ? ["FAILED", 1, null] : ["FAILED", null, "grants"];
    expect(await shown(stack, "revoke", 4)).toEqual(told);
  });

  it("is null where the list cannot be read, and never taken for none", async () => {
    await using stack = await start(world);
    await stack.fail({
      ...{ match: "GET /wiki/rest/api/group/g/membersByGroupId*", times: -1 },
      ...{ status: 403, body: { message: "no" } },
    });
    expect(await shown(stack, "revoke", 2)).toEqual(["FAILED", null, "grants"]);
  });
});

describe("what changes of memberships cost", () => {
  const group = "GET /wiki/rest/api/group/by-id";
  const list = "GET /wiki/rest/api/group/*/membersByGroupId";
  const facts = "POST /wiki/api/v2/users-bulk";
  const search = "POST /admin/v2/orgs/*/directories/-/users/search";
  /** Nobody is to take away our own way in; asked once. */
  const whoAmI = "GET /wiki/rest/api/user/current";
  const add = "POST /wiki/rest/api/group/userByGroupId";
  const remove = "DELETE /wiki/rest/api/group/userByGroupId";

  it.each(modes)(
    "is a reading before and one after, and bulk calls for whom lists may leave out, %s",
    async (mode, start) => {
      await using stack = await start(world);
      const asked = async (kind: "grant" | "revoke", numbers: readonly number[]) => {
        await stack.forgetCalls("a");
        const done = await change(stack, kind, numbers);
        return { outcomes: [...new Set(outcomes(done))], calls: countsOf(sandboxCalls(stack)) };
      };
      const hasOrganization = mode === "with an organization";
      // Whom the organization calls active is shown by lists. Without one nobody says so, and each is asked for; that
      // somebody is in no group is believed of whom the site knows.
      const standing = (count: number) => ({
        [facts]: 1,
        ...(hasOrganization ? { [search]: Math.ceil(count / 100) } : { [memberOf]: count }),
      });

      // Who would be left to administer is looked at before anybody is taken out of a group.
      const guards = { [facts]: 1, ...(hasOrganization ? { [search]: 1 } : {}) };
      const one = await asked("revoke", [2]);
      expect(one).toEqual({
        outcomes: ["REMOVED"],
        calls: { [group]: 1, [list]: 2, ...guards, [whoAmI]: 1, [remove]: 1 },
      });
      const none = await asked("revoke", [2]);
      expect(none).toEqual({ outcomes: ["NOT_PRESENT"], calls: { [group]: 1, [list]: 1, ...standing(1) } });
      const granted = await asked("grant", [2]);
      const calls = { [group]: 1, [list]: 2, ...standing(1), [add]: 1 };
      expect(granted).toEqual({ outcomes: ["CREATED"], calls });

      // The list takes two pages by now.
      const many = Array.from({ length: 200 }, (_, index) => index + 6);
      const joined = await asked("grant", many);
      const pages = { [group]: expect.any(Number), [list]: 3 };
      expect(joined).toEqual({ outcomes: ["CREATED"], calls: { ...pages, ...standing(200), [add]: 200 } });
      const parted = await asked("revoke", many);
      // The guards look again as long as it takes, in bulk; nobody is asked for one by one who was listed.
      const { [facts]: bulk = 0, [remove]: removed, ...others } = parted.calls;
      expect([parted.outcomes, removed, others[memberOf]]).toEqual([["REMOVED"], 200, undefined]);
      expect(bulk).toBeLessThanOrEqual(20);
    },
  );
});
