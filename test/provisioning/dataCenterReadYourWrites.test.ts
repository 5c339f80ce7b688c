import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";
import type { Way } from "./dataCenterMutations.js";
import { recordCalls } from "./recordCalls.js";

const everything = `{
  spaces(filter: { statuses: [CURRENT, ARCHIVED] }) { nodes { key grants { totalCount } } }
  groups { nodes { name members { nodes { accountId } } memberGroups { nodes { name } } allMembers { totalCount } } }
  accounts { nodes { accountId displayName status groups { nodes { name } } } }
}`;

/** A server that has read everything once. */
async function warm(version: string, sandbox: Readonly<Record<string, unknown>> = {}) {
  const stack = await startDataCenterStack({
    world: smallDataCenterWorld(version),
    sandbox: { dataCenter: { longTaskMs: 0, ...sandbox } },
  });
  const { data } = await stack.query(everything);
  expect(data).not.toBeNull();
  const sent = recordCalls(stack.dataCenter.url);
  return {
    ...stack,
    sent,
    ids: dataCenterIds(stack.siteId),
    grantsOf: async (key: string): Promise<number> =>
      (await stack.query(`{ space(key: "${key}") { grants { totalCount } } }`)).data.space.grants.totalCount,
    [Symbol.asyncDispose]: async () => {
      sent[Symbol.dispose]();
      await stack[Symbol.asyncDispose]();
    },
  };
}

const versions: readonly (readonly [version: string, way: Way])[] = [
  ["8.3.0", "rpc"],
  ["9.2.0", "rest"],
  ["10.2.0", "rest"],
];
const part = (name: string, ids: ReturnType<typeof dataCenterIds>, principal: string, more = "") =>
  `${name}SpaceAccess(input: { space: "${ids.space("OLD")}", ${principal}, permissions: [{ operation: "read", target: "space" }] }) { outcome ${more} }`;
const api = "/confluence/rest/api";
const rpc = "POST /confluence/rpc/json-rpc/confluenceservice-v2";
const body = '[{"targetType":"space","operationKey":"read"}]';

describe.each(versions)("what was changed on Data Center %s is seen at once", (version, way) => {
  it("and costs what the change rests on, two readings of the permissions, the writing, and what JSON-RPC needs of names", async () => {
    await using stack = await warm(version);
    const { ids, sent } = stack;
    const readings = { rest: `GET ${api}/space/OLD/permissions`, rpc: `${rpc}/getSpacePermissionSets ["OLD"]` };
    const nameOfCara = `GET ${api}/user?key=${dcUsers.cara}&expand=status`;
    const userCalledD = `GET ${api}/user?username=d&expand=status`;
    // JSON-RPC names users by names, which can go to somebody else: who they are is asked for after each reading of rows.
    const holder = (name: string) => `GET ${api}/user?username=${name}&expand=status`;
    const fay = holder("fay");
    const both = [fay, holder("cara")];
    const reading = readings[way];
    // What the plan rests on, read just now: the space with its key, and whether there is such a principal.
    const ofSpace = ["current", "archived"].map(
      (status) => `GET ${api}/space?spaceKey=OLD&status=${status}&expand=creator&limit=200`,
    );
    const cases = [
      [
        `principal: "${ids.account(dcUsers.cara)}"`,
        [nameOfCara],
        // A name can go to somebody else: it is asked for just before it is used.
        way === "rest"
          ? [reading, `PUT ${api}/space/OLD/permissions/user/${dcUsers.cara}/grant ${body}`, reading]
          : [reading, fay, nameOfCara, `${rpc}/addPermissionsToSpace [["VIEWSPACE"],"cara","OLD"]`, reading, ...both],
      ],
      [
        `principal: "${ids.group(dcGroups.d)}"`,
        [`GET ${api}/group/d`],
        // Whether a user is called like the group is asked for planning, and once more just before it matters.
        way === "rest"
          ? [reading, `PUT ${api}/space/OLD/permissions/group/d/grant ${body}`, reading]
          : [
              ...[reading, ...both, userCalledD, userCalledD],
              ...[`${rpc}/addPermissionsToSpace [["VIEWSPACE"],"d","OLD"]`, reading, ...both],
            ],
      ],
      [
        'accessClassId: "anonymous-users"',
        [],
        way === "rest"
          ? [reading, `PUT ${api}/space/OLD/permissions/anonymous/grant ${body}`, reading]
          : [reading, ...both, `${rpc}/addAnonymousPermissionToSpace ["VIEWSPACE","OLD"]`, reading, ...both],
      ],
    ] as const;
    const held = await stack.grantsOf("OLD");
    // Nothing grows old while a slow machine works, and none of what was read is of this very moment.
    stack.clock.stop();
    for (const [index, [principal, ofPrincipal, calls]] of cases.entries()) {
      stack.clock.shift(1_000);
      sent.forget();
      const selection = "grants { id } resource { ... on Space { grants { totalCount } } }";
      const { data, errors } = await stack.query(`mutation { it: ${part("grant", ids, principal, selection)} }`);
      expect(errors).toBeUndefined();
      expect(data.it).toMatchObject({
        outcome: "CREATED",
        grants: [{}],
        resource: { grants: { totalCount: held + index + 1 } },
      });
      expect([...sent.calls].sort()).toEqual([...ofSpace, ...ofPrincipal, ...calls].sort());
      sent.forget();
      expect(await stack.grantsOf("OLD")).toBe(held + index + 1);
      expect(sent.calls).toEqual([]);
    }
  });

  it("by the next change of the same document, and by the next query of the same batch", async () => {
    await using stack = await warm(version);
    const { ids } = stack;
    const held = await stack.grantsOf("OLD");
    const principal = `principal: "${ids.account(dcUsers.cara)}"`;
    const counted = "resource { ... on Space { grants { totalCount } } }";
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([
        {
          query: `mutation {
            a: ${part("grant", ids, principal, counted)}
            b: ${part("revoke", ids, principal, counted)}
            c: ${part("grant", ids, principal, counted)}
          }`,
        },
        { query: `{ space(key: "OLD") { grants { totalCount } } }` },
      ]),
    });
    const resource = (count: number) => ({ grants: { totalCount: count } });
    expect(await response.json()).toMatchObject([
      {
        data: {
          a: { outcome: "CREATED", resource: resource(held + 1) },
          b: { outcome: "REMOVED", resource: resource(held) },
          c: { outcome: "CREATED", resource: resource(held + 1) },
        },
      },
      { data: { space: { grants: { totalCount: held + 1 } } } },
    ]);
  });

  it("by both ends of a membership, and by the groups above, where lists follow nested groups too", async () => {
    for (const membersFollowNested of [false, true]) {
      await using stack = await warm(version, { membersFollowNested });
      const { ids } = stack;
      const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);
      const look = `{
        a: group(name: "a") { members { totalCount } allMembers { totalCount } }
        c: group(name: "c") { members { totalCount } }
        dan: account(username: "dan") { groups { nodes { name } } }
      }`;
      const before = (await stack.query(look)).data;
      const change = (kind: string) =>
        `${kind}GroupMembership(input: { group: "${ids.group(dcGroups.c)}", accounts: ["${ids.account(dcUsers.dan)}"] }) { changes { outcome } }`;
      const given = await stack.query(`mutation { it: ${change("grant")} }`);
      expect(given.data.it.changes).toEqual([{ outcome: "CREATED" }]);
      const { a, c, dan } = (await stack.query(look)).data;
      expect([c.members.totalCount, a.allMembers.totalCount]).toEqual([
        before.c.members.totalCount + 1,
        before.a.allMembers.totalCount + 1,
      ]);
      expect(a.members.totalCount).toBe(before.a.members.totalCount + (membersFollowNested ? 1 : 0));
      expect(names(dan.groups.nodes)).toContain("c");
      await stack.query(`mutation { it: ${change("revoke")} }`);
      expect((await stack.query(look)).data).toEqual(before);
    }
  });

  it("of groups that come and go, whoever holds them or asked for them before", async () => {
    await using stack = await warm(version);
    const { ids } = stack;
    const look = `{
      b: group(name: "b") { memberGroups { nodes { name } } }
      a: group(name: "a") { allMembers { totalCount } }
      cara: account(username: "cara") { groups { nodes { name } } }
    }`;
    await stack.query(look);
    const newId = ids.group("new");
    expect((await stack.query(`{ group(id: "${newId}") { name } }`)).data.group).toBeNull();
    const done = await stack.query(`mutation {
      deleteGroup(input: { group: "${ids.group(dcGroups.c)}" }) { outcome }
      createGroup(input: { name: "new" }) { outcome group { name members { totalCount } } }
      grantGroupMembership(input: { group: "${newId}", accounts: ["${ids.account(dcUsers.cara)}"] }) { changes { outcome userErrors { code } } }
    }`);
    expect(done.data).toEqual({
      deleteGroup: { outcome: "REMOVED" },
      createGroup: { outcome: "CREATED", group: { name: "new", members: { totalCount: 0 } } },
      grantGroupMembership: { changes: [{ outcome: "CREATED", userErrors: [] }] },
    });
    expect((await stack.query(look)).data).toEqual({
      b: { memberGroups: { nodes: [] } },
      a: { allMembers: { totalCount: 1 } },
      cara: { groups: { nodes: [{ name: "confluence-users" }, { name: "new" }] } },
    });
    expect((await stack.query(`{ group(id: "${newId}") { name } }`)).data.group).toEqual({ name: "new" });
    // Deleting leaves on Data Center what was granted: it is shown, for a group that is not there.
    expect(await stack.grantsOf("OLD")).toBe(3);
    const again = await stack.query(
      `mutation { createGroup(input: { name: "C" }) { outcome group { groupId name } } }`,
    );
    expect(again.data.createGroup).toEqual({
      outcome: "CREATED",
      group: { groupId: "c", name: "C" },
    });
  });

  it("of an account that comes, is suspended and goes, in every list that was read before", async () => {
    await using stack = await warm(version);
    const { ids } = stack;
    // Before 8.4 there is no list of accounts, and so no whole answer to a search.
    const list = version.startsWith("8.") ? "spaces { totalCount }" : "accounts { nodes { accountId status } }";
    const look = `{
      ${list}
      account(username: "GRACE") { status }
      group(name: "${dcGroups.users}") { members { totalCount } }
      d: group(name: "d") { members { totalCount } }
    }`;
    const none = (await stack.query(look)).data;
    expect(none).toMatchObject({ account: null });
    const made = await stack.query(`mutation {
      provisionAccount(input: { email: "grace@example.com", displayName: "Grace", username: "grace", generatePassword: true, groups: ["${ids.group(dcGroups.d)}"] }) {
        outcome account { accountId } changes { outcome }
      }
    }`);
    expect(made.data.provisionAccount).toMatchObject({ outcome: "CREATED", changes: [{ outcome: "CREATED" }] });
    const { accountId } = made.data.provisionAccount.account;
    const count = { totalCount: none.group.members.totalCount + 1 };
    const withGrace = (status: string) =>
      none.accounts && { nodes: expect.arrayContaining([...none.accounts.nodes, { accountId, status }]) };
    expect((await stack.query(look)).data).toEqual({
      ...none,
      ...(none.accounts && { accounts: withGrace("ACTIVE") }),
      account: { status: "ACTIVE" },
      group: { members: count },
      d: { members: { totalCount: none.d.members.totalCount + 1 } },
    });
    const change = (name: string) =>
      stack.query(`mutation { ${name}(input: { account: "${ids.account(accountId)}" }) { outcome } }`);
    await change("suspendAccount");
    expect((await stack.query(look)).data).toMatchObject({
      ...(none.accounts && { accounts: withGrace("DEACTIVATED") }),
      account: { status: "DEACTIVATED" },
      group: { members: count },
    });
    await change("removeAccount");
    expect((await stack.query(look)).data).toEqual(none);
  });
});
