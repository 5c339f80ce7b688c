import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeGlobalId, type GlobalId } from "../../src/graph/schema/GlobalId.js";
import { writeCallersFile } from "../support/callersFile.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const viewer = { id: "role-viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] };

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: Array.from({ length: 300 }, (_, index) => human(index + 1)),
  groups: [{ id: "g-1", name: "Writers", members: [human(1).accountId] }],
  roles: [viewer],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("access-class", "anonymous-users")],
      roleAssignments: [{ principal: { principalType: "GROUP", principalId: "g-1" }, roleId: viewer.id }],
    }),
  ],
});

const callers = writeCallersFile([
  { name: "everybody", scopes: ["read", "read:personal", "grant", "grant:administration", "lifecycle", "audit"] },
  { name: "reader", scopes: ["read"] },
  { name: "auditor", scopes: ["audit"] },
]);

describe("anything by its id alone", () => {
  let stack: Awaited<ReturnType<typeof startProvisioning>>;
  beforeAll(async () => {
    stack = await startProvisioning(world, { CALLERS_FILE: callers.path });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await callers[Symbol.asyncDispose]();
  });
  const ask = (query: string, variables: Record<string, unknown> = {}, who = "everybody"): Promise<GraphAnswer> =>
    stack.query(query, variables, callers.headersOf(who));
  const idOf = (id: object): string => encodeGlobalId({ siteId: stack.siteId, ...id } as GlobalId);
  const accountId = (number: number): string => idOf({ type: "Account", accountId: human(number).accountId });

  const nodes = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
    ... on Site { url } ... on Account { displayName email } ... on Group { group: name } ... on Space { key }
    ... on SpaceRole { role: name } ... on AccessClass { class: name } ... on Grant { isRevocable } ... on Change { state } } }`;

  it("is what its look-up answers, each with its type, in the order of the ids", async () => {
    const found = await ask(
      `{ grants { nodes { id resource { __typename } principal { ... on AccessClass { id } } } } }`,
    );
    const grants: { id: string; principal: { id?: string } }[] = found.data.grants.nodes;
    const given = await ask(
      `mutation { grantSpaceAccess(input: { space: "${idOf({ type: "Space", spaceId: "1001" })}", principal: "${accountId(2)}", permissions: [{ operation: "read", target: "space" }] }) { outcome } }`,
    );
    expect(given.data.grantSpaceAccess.outcome).toBe("CREATED");
    const { data } = await ask("{ changes { nodes { id } } }");
    const ids = [
      idOf({ type: "Site" }),
      accountId(1),
      data.changes.nodes[0].id,
      idOf({ type: "Group", groupId: "g-1" }),
      ...grants.map(({ id }) => id),
      ...grants.flatMap(({ principal }) => principal.id ?? []),
      idOf({ type: "Space", spaceId: "1001" }),
      idOf({ type: "SpaceRole", roleId: viewer.id }),
    ];
    const answer = await ask(nodes, { ids });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    const types = answer.data.nodes.map(({ __typename }: { __typename: string }) => __typename);
    expect(new Set(types)).toEqual(
      new Set(["Site", "Account", "Change", "Group", "Grant", "AccessClass", "Space", "SpaceRole"]),
    );
    for (const id of ids) {
      const single = await ask(nodes.replace("$ids: [ID!]!", "$id: ID!").replace("nodes(ids: $ids)", "node(id: $id)"), {
        id,
      });
      expect(single.data.node).toEqual(answer.data.nodes[ids.indexOf(id)]);
    }
  });

  it("reads 300 accounts in two calls, and again in none", async () => {
    await stack.forgetCalls();
    const ids = Array.from({ length: 300 }, (_, index) => accountId(index + 1)).reverse();
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Account { displayName } } }";
    const answer = await ask(query, { ids });
    expect(answer.data.nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(2);
    expect(stack.calls()).toHaveLength(2);
    expect((await ask(query, { ids })).data).toEqual(answer.data);
    expect(stack.calls()).toHaveLength(2);
  });

  it("is null where it is not there, and null with its own error where the id is none of ours", async () => {
    const elsewhere = encodeGlobalId({ type: "Account", siteId: "elsewhere", accountId: "x" } as GlobalId);
    const ids = [accountId(9_999), "nonsense", accountId(1), elsewhere, idOf({ type: "SpaceRole", roleId: "gone" })];
    const { data, errors } = await ask(nodes, { ids });
    expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual([null, null, ids[2], null, null]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code, extensions.reason])).toEqual([
      [["nodes", 1], "BAD_USER_INPUT", "INVALID_ID"],
      [["nodes", 3], "BAD_USER_INPUT", "UNKNOWN_SITE"],
    ]);
    const one = await ask(`{ node(id: "nonsense") { id } }`);
    expect(one.data).toEqual({ node: null });
    expect(one.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", reason: "INVALID_ID", argument: "id" });
    const tooMany = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {
      ids: Array.from({ length: 20_001 }, () => ids[2]),
    });
    expect(tooMany.errors?.[0]?.extensions.code).toMatch(/^(BATCH_TOO_LARGE|QUERY_TOO_EXPENSIVE)$/);
  });

  it("shows no more than the look-up of its type would: of a change to who holds audit, of an account to who may read its site", async () => {
    const { data } = await ask("{ changes { nodes { id } } }");
    const ids = [accountId(1), data.changes.nodes[0].id];
    const asReader = await ask(nodes.replace(" email", ""), { ids }, "reader");
    expect(asReader.data.nodes).toEqual([expect.objectContaining({ displayName: "Human 1" }), null]);
    expect(asReader.errors?.map(({ extensions }) => [extensions.code, extensions.scope])).toEqual([
      ["FORBIDDEN", "audit"],
      ["FORBIDDEN", "audit"],
    ]);
    const personal = await ask(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { id email } } }",
      { ids },
      "reader",
    );
    expect(personal.data.nodes[0]).toEqual({ id: ids[0], email: null });
    expect(personal.errors?.map(({ extensions }) => extensions.scope)).toContain("read:personal");
    const often = await ask(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
      { ids: [ids[1], ids[0], ids[1], ids[1]] },
      "reader",
    );
    expect(often.data.nodes).toEqual([null, { id: ids[0] }, null, null]);
    expect(often.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[["nodes", 0], "FORBIDDEN"]]);
    const refused = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids }, "auditor");
    expect(refused.data).toEqual({ nodes: null });
    expect(refused.errors?.map(({ extensions }) => [extensions.code, extensions.scope])).toEqual([
      ["FORBIDDEN", "read"],
    ]);
  });
});
