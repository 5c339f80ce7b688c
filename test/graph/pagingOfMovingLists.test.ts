import { describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { human } from "../support/worlds.js";
import { pagingWorld, pagingWorldFacts } from "./pagingWorld.js";
import { keysOf, type List, readPage, walk } from "./walkPages.js";

const { members, crowdId } = pagingWorldFacts;
const group = [`group(groupId: "${crowdId}")`];
const oneSpace = ['space(key: "S1")'];

describe("a list that changes while it is walked", () => {
  /** Changes the site as its administrators would, by its own API. */
  function changing(stack: Stack) {
    const { email, apiToken } = stack.sandbox.credential;
    const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
    return async (method: string, path: string, body?: unknown): Promise<void> => {
      const response = await fetch(`${stack.sandbox.url}/wiki/rest/api${path}`, {
        method,
        headers: { authorization, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    };
  }
  const memberPath = (accountId: string) =>
    `/group/userByGroupId?groupId=${crowdId}&accountId=${encodeURIComponent(accountId)}`;
  const everyMember = Array.from({ length: members }, (_, index) => human(index + 1).accountId).sort();
  const memberList: List = { parents: group, field: "members", key: "accountId" };

  it("still gives each member that stays once when members leave: behind, ahead, and the one the cursor names", async () => {
    await using stack = await startStack({ world: pagingWorld() });
    const change = changing(stack);
    const leavers = [everyMember[2], everyMember[6], everyMember[9], everyMember[20]].flatMap((id) => id ?? []);
    const seen = await walk(stack, memberList, 7, async (pagesRead) => {
      if (pagesRead === 1) for (const id of leavers) await change("DELETE", memberPath(id));
    });
    // The first page was read before they left; of the others, those who left are gone and nobody else.
    const [first, rest] = [everyMember.slice(0, 7), everyMember.slice(7)];
    expect(seen).toEqual([...first, ...rest.filter((id) => !leavers.includes(id))]);
  });

  it("gives those who join ahead of the cursor, repeats nobody for those who join behind it", async () => {
    await using stack = await startStack({ world: pagingWorld() });
    const change = changing(stack);
    const joiners = [everyMember[1], everyMember[15]].flatMap((id) => id ?? []);
    for (const id of joiners) await change("DELETE", memberPath(id));
    const seen = await walk(stack, memberList, 7, async (pagesRead) => {
      if (pagesRead !== 1) return;
      for (const accountId of joiners) await change("POST", `/group/userByGroupId?groupId=${crowdId}`, { accountId });
    });
    expect(seen).toEqual(everyMember.filter((id) => id !== joiners[0]));
  });

  it("survives the loss of everything ahead", async () => {
    await using stack = await startStack({ world: pagingWorld() });
    const change = changing(stack);
    const seen = await walk(stack, memberList, 7, async (pagesRead) => {
      if (pagesRead === 2) for (const id of everyMember.slice(10)) await change("DELETE", memberPath(id));
    });
    expect(seen).toEqual(everyMember.slice(0, 14));
  });

  it("gives each group once while groups are made and deleted between all pages", async () => {
    await using stack = await startStack({ world: pagingWorld() });
    const change = changing(stack);
    const list: List = { parents: [], field: "groups", key: "name" };
    const before = keysOf(await readPage(stack, list, { first: 1_000 }));
    const seen = await walk(stack, list, 5, async (pagesRead, seen) => {
      await change("POST", "/group", { name: `!made before ${pagesRead}` });
      await change("POST", "/group", { name: `ﬀ made behind ${pagesRead}` });
      if (pagesRead === 1) await change("DELETE", "/group/by-id?id=group-02");
      expect(new Set(seen).size).toBe(seen.length);
    });
    const made = seen.filter((name) => name.includes("made"));
    expect(made.every((name) => name.startsWith("ﬀ"))).toBe(true);
    expect(made.length).toBeGreaterThan(1);
    expect(seen.filter((name) => !made.includes(name))).toEqual(before.filter((name) => name !== "zebra"));
  });

  it("gives each grant once when a space's permissions change between pages", async () => {
    await using stack = await startStack({ world: pagingWorld() });
    const change = changing(stack);
    const list: List = {
      ...{ parents: oneSpace, field: "grants", key: "id" },
      args: "filter: { entitlements: [SPACE_PERMISSION] }",
    };
    const before = keysOf(await readPage(stack, list, { first: 1_000 }));
    const rowIds = await permissionIds(stack);
    const gone = [before[3], before[6], before[12]].flatMap((id) => id ?? []);
    const seen = await walk(stack, list, 7, async (pagesRead) => {
      if (pagesRead !== 1) return;
      for (const id of gone) await change("DELETE", `/space/S1/permission/${rowIds.get(id)}`);
    });
    expect(seen).toEqual(before.filter((id, index) => index < 7 || !gone.includes(id)));
  });

  async function permissionIds(stack: Stack): Promise<Map<string, string>> {
    const { data } = await stack.query(
      '{ space(key: "S1") { grants(first: 1000) { nodes { id entitlement { ... on SpacePermission { permissionId } } } } } }',
    );
    return new Map(
      data.space.grants.nodes.map((grant: { id: string; entitlement: { permissionId: string } }) => [
        grant.id,
        grant.entitlement.permissionId,
      ]),
    );
  }

  it("shows a row once that Confluence's own pages show twice, because the list moved under the reading", async () => {
    await using stack = await startStack({ world: pagingWorld() });
    const user = (number: number) => ({ type: "known", ...human(number) });
    const repeated = [1, 2, 3, 3, 3, 4, 5].map(user);
    await stack.fail({
      match: `GET /wiki/rest/api/group/${crowdId}/membersByGroupId`,
      times: 1,
      status: 200,
      body: { results: repeated, start: 0, limit: 200, size: repeated.length, _links: {} },
    });
    const whole = await readPage(stack, memberList, { first: 1_000 });
    expect(keysOf(whole)).toEqual([1, 2, 3, 4, 5].map((number) => human(number).accountId));
    expect(whole.totalCount).toBe(5);
    expect(await walk(stack, memberList, 3)).toEqual(keysOf(whole));
  });
});
