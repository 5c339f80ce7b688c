import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

const start = (sandbox: Readonly<Record<string, unknown>> = {}) =>
  startDataCenterStack({ world: smallDataCenterWorld("10.2.0"), sandbox: { dataCenter: sandbox } });

const shown = `{
  lower: group(groupId: "empty") { name members { totalCount } }
  upper: group(groupId: "EMPTY") { name members { totalCount } }
  groups { nodes { name } }
}`;
const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);

describe("a group that a caller spells in another case than the site", () => {
  it("is gone under every spelling once it is deleted", async () => {
    await using stack = await start();
    expect((await stack.query(shown)).data.lower).toMatchObject({ name: "empty" });
    const id = dataCenterIds(stack.siteId).group("EMPTY");
    const gone = await stack.query(
      `mutation { it: deleteGroup(input: { group: "${id}" }) { outcome group { groupId } } }`,
    );
    expect(gone.data.it).toEqual({ outcome: "REMOVED", group: { groupId: "empty" } });
    const { lower, upper, groups } = (await stack.query(shown)).data;
    expect([lower, upper]).toEqual([null, null]);
    expect(names(groups.nodes)).not.toContain("empty");
  });

  it("has its new members under every spelling, in the payload too", async () => {
    await using stack = await start();
    await stack.query(shown);
    const ids = dataCenterIds(stack.siteId);
    const change = (kind: string) =>
      `${kind}GroupMembership(input: { group: "${ids.group("EMPTY")}", accounts: ["${ids.account(dcUsers.ben)}"] }) {
        changes { outcome grants { id } resource { ... on Group { groupId members { totalCount } } } }
      }`;
    const given = await stack.query(`mutation { it: ${change("grant")} }`);
    expect(given.data.it.changes).toEqual([
      {
        outcome: "CREATED",
        grants: [{ id: expect.any(String) }],
        resource: { groupId: "empty", members: { totalCount: 1 } },
      },
    ]);
    const filled = (await stack.query(shown)).data;
    expect([filled.lower.members.totalCount, filled.upper.members.totalCount]).toEqual([1, 1]);
    const taken = await stack.query(`mutation { it: ${change("revoke")} }`);
    expect(taken.data.it.changes).toMatchObject([{ outcome: "REMOVED", grants: [] }]);
    const emptied = (await stack.query(shown)).data;
    expect([emptied.lower.members.totalCount, emptied.upper.members.totalCount]).toEqual([0, 0]);
  });

  it("is one place, and who is changed there twice in one request is changed in order", async () => {
    await using stack = await start();
    const ids = dataCenterIds(stack.siteId);
    const part = (kind: string, name: string) =>
      `{ ${kind}GroupMembership: { group: "${ids.group(name)}", account: "${ids.account(dcUsers.ben)}" } }`;
    const { data } = await stack.query(
      `mutation { applyAccessChanges(input: { changes: [${part("grant", "EMPTY")} ${part("revoke", "Empty")} ${part("grant", "empty")}] }) { changes { outcome userErrors { message } } } }`,
    );
    expect(data.applyAccessChanges.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "CREATED",
      "REMOVED",
      "CREATED",
    ]);
    expect(stack.writes()).toHaveLength(3);
  });

  it("lets the groups above know, where lists follow nested groups too", async () => {
    await using stack = await start({ membersFollowNested: true });
    const look = `{ a: group(groupId: "a") { members { totalCount } allMembers { totalCount } } groups { totalCount } }`;
    const before = (await stack.query(look)).data.a;
    const ids = dataCenterIds(stack.siteId);
    await stack.query(
      `mutation { grantGroupMembership(input: { group: "${ids.group("C")}", accounts: ["${ids.account(dcUsers.dan)}"] }) { changes { outcome } } }`,
    );
    expect((await stack.query(look)).data.a).toEqual({
      members: { totalCount: before.members.totalCount + 1 },
      allMembers: { totalCount: before.allMembers.totalCount + 1 },
    });
  });

  it("holds in a space what its rows say, however they spell it", async () => {
    await using stack = await start();
    const ids = dataCenterIds(stack.siteId);
    const access = (kind: string, name: string) =>
      `${kind}SpaceAccess(input: { space: "${ids.space("ENG")}", principal: "${ids.group(name)}", permissions: [{ operation: "create", target: "page" }] }) { outcome userErrors { code message } grants { id } }`;
    const { data } = await stack.query(`mutation {
      there: ${access("grant", "A")}
      gone: ${access("revoke", "A")}
      back: ${access("grant", "A")}
    }`);
    expect([data.there.outcome, data.gone.outcome, data.back.outcome]).toEqual([
      "ALREADY_EXISTS",
      "REMOVED",
      "CREATED",
    ]);
    expect(data.back.grants).toHaveLength(2);
    // Deleted, so that only the rows spell it.
    const left = await stack.query(
      `mutation { it: revokeSpaceAccess(input: { space: "${ids.space("DOCS")}", principal: "${ids.group("Events-2019")}", permissions: [{ operation: "create", target: "page" }], dryRun: true }) { outcome plan } }`,
    );
    expect(left.data.it).toMatchObject({ outcome: "PLANNED", plan: [expect.stringContaining("revoke create/page")] });
  });
});

describe("a group that was asked for before it was there", () => {
  it("is shown whole in the answer that created it", async () => {
    await using stack = await start();
    const look = `{ group(groupId: "new") { name } }`;
    const id = dataCenterIds(stack.siteId).group("new");
    const parts = "members { totalCount } memberGroups { totalCount } allMembers { totalCount }";
    // Its facts, its members and its groups are remembered as not there.
    expect((await stack.query(look)).data.group).toBeNull();
    const asked = await stack.query(`{ grants(filter: { groups: ["${id}"] }) { totalCount } }`);
    // Whose members nobody can see are not "none".
    expect(asked.data.grants.totalCount).toBeNull();
    const made = await stack.query(
      `mutation { it: createGroup(input: { name: "new" }) { outcome group { name ${parts} } } }`,
    );
    expect(made.errors).toBeUndefined();
    expect(made.data.it).toEqual({
      outcome: "CREATED",
      group: {
        name: "new",
        members: { totalCount: 0 },
        memberGroups: { totalCount: 0 },
        allMembers: { totalCount: 0 },
      },
    });
  });
});

describe("a new account of a site whose lists follow nested groups", () => {
  it("is seen in the groups above the default group as well", async () => {
    const { dataCenter } = smallDataCenterWorld("10.2.0");
    const groups = dataCenter.groups.map((group) =>
      group.name === dcGroups.empty ? { ...group, groups: [dcGroups.users] } : group,
    );
    await using stack = await startDataCenterStack({
      world: smallDataCenterWorld("10.2.0", { groups }),
      sandbox: { dataCenter: { membersFollowNested: true } },
    });
    const look = `{ groups { nodes { name members { totalCount } memberGroups { totalCount } } } }`;
    const count = async () =>
      (await stack.query(look)).data.groups.nodes.find(({ name }: { name: string }) => name === dcGroups.empty).members
        .totalCount;
    const before = await count();
    const made = await stack.query(
      `mutation { it: provisionAccount(input: { email: "grace@example.com", username: "grace", displayName: "Grace", generatePassword: true }) { outcome } }`,
    );
    expect(made.data.it.outcome).toBe("CREATED");
    expect(await count()).toBe(before + 1);
  });
});
