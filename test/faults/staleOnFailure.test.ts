import { describe, expect, it } from "vitest";
import type { GraphAnswer } from "../support/sendQuery.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { crowd, crowdWorld } from "./crowdWorld.js";
import { startFaultyStack } from "./startFaultyStack.js";

const minuteMs = 60_000;
const [ada, ben] = [human(1), human(2)];

const world = cloudWorld({
  accounts: [ada, ben],
  groups: [
    { id: "g-1", name: "Designers", members: [ada.accountId] },
    { id: "g-2", name: "Writers", members: [ben.accountId] },
  ],
  spaces: [
    space(1, { permissions: [permission("group", "g-1"), permission("user", ben.accountId, "delete/page")] }),
    space(2, { permissions: [permission("user", ada.accountId)] }),
  ],
});

const everything = `query everything($ada: ID!, $ben: ID!) {
  account(accountId: $ada) { displayName }
  spaces { nodes { key grants { totalCount completeness { isComplete isStale asOf assumptions } } } completeness { isStale } }
  groups { nodes { name members { nodes { displayName } completeness { isStale } } } completeness { isStale } }
  grants { totalCount completeness { isComplete isStale asOf } }
  yes: checkAccess(input: { accountId: $ada, spaceKey: "S1", permission: { operation: "read", target: "space" } }) { ...decided }
  no: checkAccess(input: { accountId: $ben, spaceKey: "S1", permission: { operation: "read", target: "space" } }) { ...decided }
}
fragment decided on AccessDecision { decision assumptions explanation completeness { isComplete isStale asOf } }`;
const people = { ada: ada.accountId, ben: ben.accountId };

/** A site that was asked everything at the start, and of which every call fails ten minutes later. */
async function startAfterwards(fault: Readonly<Record<string, unknown>> = { status: 503 }) {
  const stack = await startFaultyStack({ world });
  stack.clock.stop();
  const first = await stack.query(everything, people);
  expect(first.errors).toBeUndefined();
  const readAt = new Date(stack.clock.now()).toISOString();
  stack.clock.shift(10 * minuteMs);
  await stack.fail({ match: "* /**", times: "always", ...fault });
  await stack.forgetCalls();
  return Object.assign(stack, { first, readAt });
}

/** Several operations in one request. */
async function batch({ server }: Awaited<ReturnType<typeof startFaultyStack>>, queries: readonly string[]) {
  const response = await fetch(server.graphqlUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(queries.map((query) => ({ query, variables: query.includes("$ada") ? people : {} }))),
  });
  return (await response.json()) as GraphAnswer[];
}

/** What an answer says but for how far it can be trusted. */
function said(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each) =>
      ["completeness", "assumptions", "explanation"].includes(key) ? undefined : each,
    ),
  );
}

/** Every `isStale` and every `asOf` in an answer. */
function told(value: unknown): { stale: boolean[]; asOf: string[] } {
  const found = { stale: [] as boolean[], asOf: [] as string[] };
  JSON.stringify(value, (key, each: unknown) => {
    if (key === "isStale") found.stale.push(each === true);
    if (key === "asOf") found.asOf.push(String(each));
    return each;
  });
  return found;
}

describe("a site that fails when it is to be read again", () => {
  it("is told as it was, and each list and decision says so with its age; who asks no list is told by an error", async () => {
    await using stack = await startAfterwards();
    const { data, errors, extensions } = await stack.query(everything, people);
    expect(said(data)).toEqual(said(stack.first.data));
    expect(new Set(told(data).stale)).toEqual(new Set([true]));
    expect(new Set(told(data).asOf)).toEqual(new Set([stack.readAt]));
    expect(data.grants.completeness.isComplete).toBe(true);
    expect(data.yes).toMatchObject({ decision: "ALLOWED", assumptions: expect.arrayContaining(["STALE"]) });
    expect(data.no).toMatchObject({ decision: "DENIED", assumptions: expect.arrayContaining(["STALE"]) });
    expect(data.yes.explanation).toContain("assuming that what was read before the site failed still holds");
    expect(errors).toBeUndefined();
    expect(extensions?.stale).toContainEqual(
      expect.objectContaining({
        siteId: stack.siteId,
        reading: "account",
        asOf: stack.readAt,
        code: "UPSTREAM_FAILED",
      }),
    );

    const alone = await stack.query(`query($ada: ID!) { account(accountId: $ada) { displayName } }`, people);
    expect(alone.data.account).toEqual({ displayName: "Human 1" });
    expect(alone.errors).toMatchObject([
      { extensions: { code: "STALE", cause: "UPSTREAM_FAILED", siteId: stack.siteId, asOf: stack.readAt } },
    ]);
  });

  it("is told by each operation of a batch for what it is answered with itself, and for nothing of the others", async () => {
    await using stack = await startAfterwards();
    const account = "query($ada: ID!) { account(accountId: $ada) { displayName } }";
    const asked = [account, "{ sites { siteId } }", '{ group(groupId: "g-1") { name } }', account];
    const answers = await batch(stack, asked);
    const readings = answers.map(({ errors }) => errors?.map(({ extensions }) => extensions?.readings));
    expect(readings).toEqual([[["account"]], undefined, [["group"]], [["account"]]]);
    const stale = answers.map(({ extensions }) => (extensions?.stale as { reading: string }[] | undefined) ?? []);
    expect(stale.map((each) => each.map(({ reading }) => reading))).toEqual([["account"], [], ["group"], ["account"]]);
  });

  it("is asked by the operations of a batch together while it answers", async () => {
    await using stack = await startFaultyStack({ world });
    const named = ({ accountId }: typeof ada) => `{ account(accountId: "${accountId}") { displayName } }`;
    const answers = await batch(stack, [named(ada), named(ben), named(ada)]);
    expect(answers.map(({ data }) => data.account.displayName)).toEqual(["Human 1", "Human 2", "Human 1"]);
    expect(stack.countCalls("POST", /users-bulk$/)).toBe(1);
  });

  it("is not asked again by each reader: once a pause and thing; the next reader after that has what is new", async () => {
    await using stack = await startAfterwards();
    await stack.query(everything, people);
    await stack.forgetCalls();
    for (let times = 0; times < 5; times += 1) await stack.query(everything, people);
    expect(stack.calls()).toEqual([]);

    await fetch(`${stack.sandbox.url}/__sandbox/faults`, { method: "DELETE" });
    stack.clock.shift(2 * minuteMs);
    await stack.query(everything, people);
    await expect
      .poll(async () => {
        const { data, errors } = await stack.query(everything, people);
        return [errors, ...new Set(told(data).stale)];
      })
      .toEqual([undefined, false]);
  });

  it("is not told so to who asks for what is fresh, nor beyond the bound", async () => {
    await using stack = await startAfterwards();
    const fresh = await stack.query(everything, people, { "cache-control": "no-cache" });
    expect(fresh.data).toMatchObject({ account: null, grants: { totalCount: null }, yes: null });
    expect(told(fresh.data).stale).not.toContain(true);

    await stack.query(everything, people);
    stack.clock.shift(51 * minuteMs);
    const late = await stack.query(everything, people);
    expect(late.data).toMatchObject({ account: null, grants: { totalCount: null }, yes: null });
    expect(told(late.data).stale).not.toContain(true);
  });

  it.each([401, 403, 404])("is not told as it was where it answers %d", async (status) => {
    await using stack = await startAfterwards({ status });
    const { data } = await stack.query(everything, people);
    expect(told(data).stale).not.toContain(true);
    expect(data.account).toBeNull();
    expect(data.yes?.decision ?? "UNKNOWN").toBe("UNKNOWN");
  });

  it("is told as it was where it fails in the midst of a list that was read whole before, and in part after a refusal", async () => {
    await using stack = await startFaultyStack({ world: crowdWorld() });
    stack.clock.stop();
    const members = `query($group: ID!) { group(groupId: $group) { members(first: 1) { totalCount completeness { isComplete isStale asOf } } } }`;
    const ask = () => stack.query(members, { group: crowd.id });
    const match = `GET /wiki/rest/api/group/${crowd.id}/membersByGroupId?start=400`;
    expect((await ask()).data.group.members.totalCount).toBe(crowd.size);
    const readAt = new Date(stack.clock.now()).toISOString();
    stack.clock.shift(10 * minuteMs);
    await stack.fail({ match, times: "always", status: 503 });
    for (let times = 0; times < 2; times += 1) {
      const { members } = (await ask()).data.group;
      const completeness = { isComplete: true, isStale: true, asOf: readAt };
      expect(members).toEqual({ totalCount: crowd.size, completeness });
    }
    await fetch(`${stack.sandbox.url}/__sandbox/faults`, { method: "DELETE" });
    await stack.fail({ match, times: "always", status: 403 });
    stack.clock.shift(2 * minuteMs);
    await ask();
    await expect
      .poll(async () => (await ask()).data.group.members)
      .toMatchObject({ totalCount: null, completeness: { isComplete: false, isStale: false } });
  });

  it("plans nothing on what it was", async () => {
    await using stack = await startFaultyStack({ world, env: { PROVISIONING: "on" } });
    stack.clock.stop();
    await stack.query(everything, people);
    stack.clock.shift(10 * minuteMs);
    await stack.fail({ match: "* /**", times: "always", status: 503 });
    await stack.query(everything, people);
    const ids = await stack.query(
      `{ groups { nodes { id } } accounts(filter: { emails: ["${ben.email}"] }) { nodes { id } } }`,
    );
    const input = { group: ids.data.groups.nodes[0].id, accounts: [ids.data.accounts.nodes[0].id] };
    for (const dryRun of [true, false]) {
      const { data, errors } = await stack.query(
        `mutation($input: GrantGroupMembershipInput!) { grantGroupMembership(input: $input) {
          changes { outcome userErrors { code } } userErrors { code }
        } }`,
        { input: { ...input, dryRun } },
      );
      expect(errors).toBeUndefined();
      expect(data.grantGroupMembership.changes).toEqual([
        { outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] },
      ]);
    }
  });
});
