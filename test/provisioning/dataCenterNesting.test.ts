import { describe, expect, it } from "vitest";
import { writeCallersFile } from "../support/callersFile.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

/** `a` holds `b`, which holds `c`, where Cara is; `inA` are members of `a` beside Ben. */
function start(membersFollowNested: boolean, inA: readonly string[] = []) {
  const { dataCenter } = smallDataCenterWorld("10.2.0");
  const groups = dataCenter.groups.map((group) =>
    group.name === dcGroups.a ? { ...group, members: [...group.members, ...inA] } : group,
  );
  const world = smallDataCenterWorld("10.2.0", { groups });
  return startDataCenterStack({ world, sandbox: { dataCenter: { membersFollowNested } } });
}

async function change(stack: DataCenterStack, kind: "grant" | "revoke", group: string, userKey: string, more = "") {
  const ids = dataCenterIds(stack.siteId);
  const { data, errors } = await stack.query(
    `mutation { it: ${kind}GroupMembership(input: { group: "${ids.group(group)}", accounts: ["${ids.account(userKey)}"] ${more} }) { changes { outcome plan userErrors { code field message } } } }`,
  );
  expect(errors).toBeUndefined();
  return data.it.changes[0];
}

const membersOfA = (stack: DataCenterStack) =>
  stack.sandbox.world().dataCenter?.groups.find(({ name }) => name === dcGroups.a)?.members;
const put = "PUT /confluence/rest/api/user/cara/group/a";
const remove = "DELETE /confluence/rest/api/user/cara/group/a";

describe("a member of a group in a group, where lists follow nested groups", () => {
  it("is granted the group above, and that is sent whenever it is asked: no list tells whether it was so", async () => {
    await using stack = await start(true);
    expect(await change(stack, "grant", dcGroups.a, dcUsers.cara, "dryRun: true")).toMatchObject({
      outcome: "PLANNED",
      plan: ["add the member"],
    });
    expect(stack.writes()).toEqual([]);
    for (const sent of [[put], [put, put]]) {
      expect(await change(stack, "grant", dcGroups.a, dcUsers.cara)).toMatchObject({
        outcome: "CREATED",
        userErrors: [],
      });
      expect(stack.writes()).toEqual(sent);
      expect(membersOfA(stack)).toEqual(["ben", "cara"]);
    }
  });

  it("is taken out of the group above, and stays there by the group below: INHERITED whenever it is asked and accepted", async () => {
    await using stack = await start(true, ["cara"]);
    for (const sent of [[remove], [remove, remove]]) {
      expect(await change(stack, "revoke", dcGroups.a, dcUsers.cara)).toMatchObject({
        outcome: "INHERITED",
        userErrors: [],
      });
      expect(stack.writes()).toEqual(sent);
      expect(membersOfA(stack)).toEqual(["ben"]);
    }
    const results = (await stack.audit()).filter(({ phase }) => phase === "result");
    expect(results.map(({ before, after }) => [before, after])).toEqual([
      [["member"], ["listed because of a group in it"]],
      [["member"], ["listed because of a group in it"]],
    ]);
  });

  it("claims nothing when the answer is lost, and says that it may be asked again", async () => {
    await using stack = await start(true);
    await stack.fail({ match: "PUT /rest/api/user/*/group/*", times: 1, reset: true, after: true });
    const lost = await change(stack, "grant", dcGroups.a, dcUsers.cara);
    expect(lost).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
    expect(lost.userErrors[0].message).toContain("safe to repeat");
    expect(stack.writes()).toEqual([put]);
  });

  it.each([500, 503])(
    "claims nothing after a %i, which may have come after it was carried out, and sends it no second time",
    async (status) => {
      await using stack = await start(true);
      await stack.fail({ match: "PUT /rest/api/user/*/group/*", times: -1, status, after: true });
      const unclear = await change(stack, "grant", dcGroups.a, dcUsers.cara);
      expect(unclear).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
      expect(stack.writes()).toEqual([put]);
      expect(membersOfA(stack)).toEqual(["ben", "cara"]);
    },
  );

  it("is FAILED when the site refuses, whatever its list says", async () => {
    await using stack = await start(true);
    const body = { statusCode: 403, data: {}, message: "no" };
    await stack.fail({ match: "PUT /rest/api/user/*/group/*", times: 1, status: 403, body });
    const refused = await change(stack, "grant", dcGroups.a, dcUsers.cara);
    expect(refused).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "UPSTREAM_REFUSED" }] });
  });

  it("changes nothing while the groups below cannot be read", async () => {
    await using stack = await start(true);
    const body = { statusCode: 403, data: {}, message: "no" };
    await stack.fail({ match: "GET /rest/api/group/b/member", times: 1, status: 403, body });
    const unknown = await change(stack, "grant", dcGroups.a, dcUsers.cara);
    expect(unknown).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
    expect(stack.writes()).toEqual([]);
  });

  it("leaves others alone: who is in no group below is a member by the list", async () => {
    await using stack = await start(true);
    expect(await change(stack, "grant", dcGroups.a, dcUsers.ben)).toMatchObject({ outcome: "ALREADY_EXISTS" });
    expect(await change(stack, "revoke", dcGroups.a, dcUsers.ben)).toMatchObject({ outcome: "REMOVED" });
    expect(await change(stack, "revoke", dcGroups.a, dcUsers.ben)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(await change(stack, "revoke", dcGroups.a, dcUsers.dan)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toHaveLength(1);
  });
});

describe("a member of a group and of a group in it, where lists prove that they do not follow nested groups", () => {
  it("is ALREADY_EXISTS, REMOVED and NOT_PRESENT by the list, with no write too many", async () => {
    await using stack = await start(false, ["cara"]);
    expect(await change(stack, "grant", dcGroups.a, dcUsers.cara)).toMatchObject({ outcome: "ALREADY_EXISTS" });
    expect(stack.writes()).toEqual([]);
    expect(await change(stack, "revoke", dcGroups.a, dcUsers.cara)).toMatchObject({ outcome: "REMOVED" });
    expect(await change(stack, "revoke", dcGroups.a, dcUsers.cara)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(await change(stack, "grant", dcGroups.a, dcUsers.cara)).toMatchObject({ outcome: "CREATED" });
    expect(await change(stack, "grant", dcGroups.a, dcUsers.cara)).toMatchObject({ outcome: "ALREADY_EXISTS" });
    expect(stack.writes()).toEqual([remove, put]);
  });

  it.each([false, true])(
    "costs a group that is known to hold no groups no call for what is in them, lists following: %s",
    async (follows) => {
      await using stack = await start(follows);
      await stack.query("{ groups { nodes { name memberGroups { totalCount } } } }");
      const members = "GET /confluence/rest/api/group/c/member?expand=status&limit=200";
      for (const [kind, userKey, outcome] of [
        ["grant", dcUsers.cara, "ALREADY_EXISTS"],
        ["revoke", dcUsers.dan, "NOT_PRESENT"],
      ] as const) {
        await stack.forgetCalls();
        expect(await change(stack, kind, dcGroups.c, userKey)).toMatchObject({ outcome });
        // Side by side: whichever arrives first.
        expect([...stack.calls()].sort()).toEqual(["GET /confluence/rest/api/group/c", members]);
      }
    },
  );
});

describe("a change, on a site whose groups were all read long ago", () => {
  it("asks for no other group than its own", async () => {
    await using stack = await start(true);
    await stack.query("{ groups { nodes { name members { totalCount } memberGroups { totalCount } } } }");
    // Stale, and still served.
    stack.clock.shift(90_000);
    await stack.forgetCalls();
    await change(stack, "grant", dcGroups.c, dcUsers.dan);
    const ids = dataCenterIds(stack.siteId);
    await stack.query(
      `mutation { removeAccount(input: { account: "${ids.account(dcUsers.eve)}", acknowledgeAdministration: true }) { outcome } }`,
    );
    await stack.query(`mutation { deleteGroup(input: { group: "${ids.group(dcGroups.empty)}" }) { outcome } }`);
    await stack.query("{ __typename }");
    const asked = stack.calls().filter((call) => /\/(member|groupmember)\b/.test(call));
    expect(asked.filter((call) => !/group\/(c\/member|empty\/)/.test(call))).toEqual([]);
  });
});

describe("a group that one of administrators may hold", () => {
  const join = (stack: DataCenterStack, headers: Readonly<Record<string, string>>) => {
    const ids = dataCenterIds(stack.siteId);
    const input = `{ group: "${ids.group(dcGroups.c)}", accounts: ["${ids.account(dcUsers.ben)}"] }`;
    return stack.query(
      `mutation { it: grantGroupMembership(input: ${input}) { changes { outcome userErrors { code } } } }`,
      {},
      headers,
    );
  };

  it.each([
    ["can be read", [], "CREATED", []],
    ["cannot be read", [403], "FAILED", [{ code: "FORBIDDEN" }]],
  ])(
    "is given no member without grant:administration unless what that one holds %s",
    async (_how, statuses, outcome, userErrors) => {
      await using callers = writeCallersFile([{ name: "granter", scopes: ["read", "grant"] }]);
      const world = smallDataCenterWorld("10.2.0");
      await using stack = await startDataCenterStack({ world, env: { CALLERS_FILE: callers.path } });
      const match = `GET /rest/api/group/${dcGroups.administrators}/groupmember`;
      await stack.fail(...statuses.map((status) => ({ match, times: -1, status })));
      const { data } = await join(stack, callers.headersOf("granter"));
      expect(data.it.changes).toEqual([{ outcome, userErrors }]);
    },
  );
});
