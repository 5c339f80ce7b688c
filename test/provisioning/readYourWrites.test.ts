import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const admin = [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")];
const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [
    { id: "g-team", name: "team", members: [human(1).accountId] },
    { id: "g-other", name: "other", members: [human(3).accountId] },
  ],
  spaces: [1, 2, 3].map((number) => space(number, { permissions: admin })),
});

const everything = `{
  spaces { nodes { key grants { totalCount } } }
  groups { nodes { name members { nodes { accountId } } } }
  accounts { nodes { accountId displayName groups { nodes { name } } } }
}`;

async function warm() {
  const stack = await startProvisioning(world);
  const { errors } = await stack.query(everything);
  expect(errors).toBeUndefined();
  await stack.forgetCalls();
  return stack;
}

/** Reads that are no more than what a change itself needs. */
const reads = (stack: Awaited<ReturnType<typeof startProvisioning>>) =>
  stack.calls().filter((call) => !stack.writes().includes(call));

describe("what was changed is seen at once", () => {
  it("by the rest of the same operation and by the next one, and read again is what the change rests on, and the space's permissions", async () => {
    await using stack = await warm();
    const ids = idsOf(stack.siteId);
    const { data, errors } = await stack.query(`mutation {
      grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) {
        outcome
        grants { permissions { operation target } }
        principal { ... on Account { accountId groups { nodes { name } } } }
        resource { ... on Space { key grants { totalCount } } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.grantSpaceAccess).toMatchObject({ outcome: "CREATED", resource: { grants: { totalCount: 4 } } });
    const permissions = "GET /wiki/api/v2/spaces/1001/permissions?limit=250";
    expect(reads(stack).sort()).toEqual(
      [
        // What the plan rests on: the space with its key, the model, whether there is such an account. Nothing of it is older.
        ...["GET /wiki/api/v2/spaces?ids=1001&status=current&limit=250", "GET /wiki/api/v2/space-role-mode"],
        ...["POST /wiki/api/v2/users-bulk", permissions, permissions],
      ].sort(),
    );

    await stack.forgetCalls();
    const next = await stack.query(everything);
    expect(next.data.spaces.nodes).toEqual([
      { key: "S1", grants: { totalCount: 4 } },
      { key: "S2", grants: { totalCount: 2 } },
      { key: "S3", grants: { totalCount: 2 } },
    ]);
    expect(stack.calls()).toEqual([]);
  });

  it("by two changes and a selection in one document, each after the other", async () => {
    await using stack = await warm();
    const ids = idsOf(stack.siteId);
    const part = (kind: string) =>
      `${kind}SpaceAccess(input: { space: "${ids.space(2)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) { outcome resource { ... on Space { grants { totalCount } } } }`;
    const { data, errors } = await stack.query(
      `mutation { a: ${part("grant")} b: ${part("revoke")} c: ${part("grant")} }`,
    );
    expect(errors).toBeUndefined();
    const counts = [data.a, data.b, data.c].map(({ outcome, resource }) => [outcome, resource.grants.totalCount]);
    expect(counts).toEqual([
      ["CREATED", 4],
      ["REMOVED", 2],
      ["CREATED", 4],
    ]);
  });

  it("by a query that follows in the same batch of one HTTP request", async () => {
    await using stack = await warm();
    const ids = idsOf(stack.siteId);
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([
        {
          query: `mutation { grantSpaceAccess(input: { space: "${ids.space(3)}", principal: "${ids.group("g-team")}", permissions: [{ operation: "read", target: "space" }] }) { outcome grants { permissions { operation } } } }`,
        },
        { query: `{ space(key: "S3") { grants { totalCount } } }` },
      ]),
    });
    expect(await response.json()).toMatchObject([
      { data: { grantSpaceAccess: { outcome: "CREATED", grants: [{}, {}] } } },
      { data: { space: { grants: { totalCount: 4 } } } },
    ]);
  });

  it("by both ends of a membership: the group's members and the account's groups", async () => {
    await using stack = await warm();
    const ids = idsOf(stack.siteId);
    const { data, errors } = await stack.query(`mutation {
      grantGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(2)}", "${ids.account(3)}"] }) {
        changes {
          outcome
          principal { ... on Account { groups { nodes { name } } } }
          resource { ... on Group { members { totalCount } } }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.grantGroupMembership.changes).toEqual([
      {
        outcome: "CREATED",
        principal: { groups: { nodes: [{ name: "team" }] } },
        resource: { members: { totalCount: 3 } },
      },
      {
        outcome: "CREATED",
        principal: { groups: { nodes: [{ name: "other" }, { name: "team" }] } },
        resource: { members: { totalCount: 3 } },
      },
    ]);
    expect(stack.countCalls("GET", /g-other\/membersByGroupId$/)).toBe(0);
    expect(stack.countCalls("GET", /\/permissions$/)).toBe(0);

    await stack.query(`mutation {
      revokeGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(2)}"] }) { changes { outcome } }
    }`);
    await stack.forgetCalls();
    const next = await stack.query(everything);
    expect(
      next.data.groups.nodes.map(({ name, members }: { name: string; members: { nodes: unknown[] } }) => [
        name,
        members.nodes.length,
      ]),
    ).toEqual([
      ["other", 1],
      ["team", 2],
    ]);
    expect(
      next.data.accounts.nodes.map(({ groups }: { groups: { nodes: { name: string }[] } }) =>
        groups.nodes.map(({ name }) => name),
      ),
    ).toEqual([["team"], [], ["other", "team"]]);
    expect(stack.calls().filter((call) => !call.includes("memberof"))).toEqual([]);
  });

  it("of groups that come and go", async () => {
    await using stack = await warm();
    const ids = idsOf(stack.siteId);
    const made = await stack.query(
      `mutation { createGroup(input: { name: "new" }) { outcome group { name members { totalCount } } } }`,
    );
    expect(made.data.createGroup).toEqual({ outcome: "CREATED", group: { name: "new", members: { totalCount: 0 } } });
    expect((await stack.query("{ groups { nodes { name } } }")).data.groups.nodes).toHaveLength(3);

    const gone = await stack.query(`mutation { deleteGroup(input: { group: "${ids.group("g-team")}" }) { outcome } }`);
    expect(gone.data.deleteGroup.outcome).toBe("REMOVED");
    const { data, errors } = await stack.query(everything);
    expect(errors).toBeUndefined();
    expect(data.groups.nodes.map(({ name }: { name: string }) => name)).toEqual(["new", "other"]);
    expect(data.accounts.nodes[0]).toEqual({
      accountId: human(1).accountId,
      displayName: "Human 1",
      groups: { nodes: [] },
    });
    const again = await stack.query(`mutation { deleteGroup(input: { group: "${ids.group("g-team")}" }) { outcome } }`);
    expect(again.data.deleteGroup.outcome).toBe("NOT_PRESENT");
  });
});
