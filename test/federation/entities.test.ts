import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { entityWorld, entityWorldFacts, everyReference, type Representation } from "./entityWorld.js";

const document = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename
  ... on Account { id displayName }
  ... on Group { id name }
  ... on Space { id key name }
  ... on Grant { id principal { ... on Account { accountId } } resource { ... on Space { spaceId } } }
} }`;
const fresh = { "cache-control": "no-cache" };

function ask(stack: Stack, representations: readonly Representation[], headers = {}) {
  return stack.query(document, { representations }, headers);
}

/** What stands in `errors`, as `index → code`. */
function failures(answer: Awaited<ReturnType<typeof ask>>) {
  return (answer.errors ?? []).map(({ path, extensions }) => [
    path?.join("."),
    extensions.code,
    ...(extensions.reason === undefined ? [] : [extensions.reason]),
  ]);
}

describe("references to entities", () => {
  let stack: Stack;
  let references: ReturnType<typeof everyReference>;
  beforeAll(async () => {
    stack = await startStack({ world: entityWorld() });
    references = everyReference(stack.siteId);
  });
  afterAll(() => stack.close());

  it("are 250 of four types and every key, answered in their order with one call a batch", async () => {
    expect(references).toHaveLength(250);
    await stack.forgetCalls();
    const { data, errors } = await ask(
      stack,
      references.map(({ representation }) => representation),
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual(references.map(({ answer }) => answer));

    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(1);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
    const spaceCalls = stack.calls().filter((call) => /\/spaces\?/.test(call));
    expect(spaceCalls.filter((call) => call.includes("ids="))).toHaveLength(1);
    expect(spaceCalls.filter((call) => call.includes("keys="))).toHaveLength(1);
    expect(stack.countCalls("GET", /\/spaces\/\d+\/permissions$/)).toBe(entityWorldFacts.spacesOfGrants);
    expect(stack.calls()).toHaveLength(1 + 1 + 2 + entityWorldFacts.spacesOfGrants);
  });

  it("cost no call while what they name is known", async () => {
    await stack.forgetCalls();
    const { data } = await ask(stack, references.map(({ representation }) => representation).reverse());
    expect(data._entities).toEqual(references.map(({ answer }) => answer).reverse());
    expect(stack.calls()).toEqual([]);
  });

  it("leave the others answered when nobody knows one and one is malformed: a stub, and null with an error", async () => {
    const unknown = { __typename: "Account", siteId: stack.siteId, accountId: "712020:nobody" };
    const stub = { __typename: "Account", id: expect.any(String), displayName: null };
    const malformed = { __typename: "Group", id: "not an id of ours" };
    const mixed = references.map(({ representation }) => representation as Representation);
    mixed.splice(100, 0, unknown);
    mixed.splice(200, 0, malformed);
    const expected: (object | null)[] = references.map(({ answer }) => answer);
    expected.splice(100, 0, stub);
    expected.splice(200, 0, null);

    await stack.forgetCalls();
    const answer = await ask(stack, mixed, fresh);
    expect(answer.data._entities).toEqual(expected);
    expect(failures(answer)).toEqual([["_entities.200", "BAD_USER_INPUT", "INVALID_ID"]]);
    expect(answer.errors?.[0]?.message).toContain('"not an id of ours" is not an id of this graph');
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(1);
    expect(stack.countCalls("GET", /\/rest\/api\/group/)).toBe(1);
  });

  it("name what is wrong with each: a key of another type, no key, half a key, a key that is no text", async () => {
    const { siteId } = stack;
    const accountId = human(1).accountId;
    const spaceNode = encodeGlobalId({ type: "Space", siteId: siteId as SiteId, spaceId: "1001" as SpaceId });
    const wrong: [Representation, RegExp][] = [
      [{ __typename: "Account", id: spaceNode }, /an id of type Space; an id of type Account is needed here/],
      [{ __typename: "Account" }, /needs one of the keys id, siteId accountId/],
      [{ __typename: "Account", siteId }, /needs one of the keys id, siteId accountId/],
      [{ __typename: "Account", accountId }, /needs one of the keys id, siteId accountId/],
      [{ __typename: "Account", siteId, accountId: 7 }, /key field accountId of a reference must be text/],
      [{ __typename: "Group", siteId }, /needs one of the keys id, siteId groupId/],
      [{ __typename: "Space", siteId }, /needs one of the keys id, siteId spaceId, siteId key/],
      [{ __typename: "Space", siteId, key: "" }, /key field key of a reference must be text/],
      [{ __typename: "Grant", siteId }, /needs one of the keys id/],
      [{ __typename: "Site" }, /needs one of the keys id, siteId/],
    ];
    const answer = await ask(stack, [
      { __typename: "Account", siteId, accountId },
      ...wrong.map(([representation]) => representation),
    ]);
    expect(answer.data._entities).toEqual([
      { __typename: "Account", id: expect.any(String), displayName: "Human 1" },
      ...wrong.map(() => null),
    ]);
    expect(failures(answer)).toEqual(
      wrong.map((_, index) => [`_entities.${index + 1}`, "BAD_USER_INPUT", "INVALID_ID"]),
    );
    wrong.forEach(([, message], index) => {
      expect(answer.errors?.[index]?.message).toMatch(message);
    });
  });

  it("are null where they name a site that is not configured, like any other unknown reference", async () => {
    const elsewhere = "another-site";
    const id = encodeGlobalId({
      type: "Account",
      siteId: elsewhere as SiteId,
      accountId: human(1).accountId as AccountId,
    });
    const { data, errors } = await ask(stack, [
      { __typename: "Account", siteId: elsewhere, accountId: human(1).accountId },
      { __typename: "Account", id },
      { __typename: "Group", siteId: elsewhere, groupId: "group-001" },
      { __typename: "Space", siteId: elsewhere, key: "S1" },
      { __typename: "Space", siteId: elsewhere, spaceId: "1001" },
      { __typename: "Site", siteId: elsewhere },
    ]);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([null, null, null, null, null, null]);
  });

  it("keep who they are when the look-up failed: the fields that needed it fail, the others are answered", async () => {
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", status: 403, times: 1 });
    const answer = await ask(
      stack,
      [references[0], references[80], references[1], references[140]].flatMap((each) => each?.representation ?? []),
      fresh,
    );
    const unread = (index: number) => ({ ...references[index]?.answer, displayName: null });
    expect(answer.data._entities).toEqual([unread(0), references[80]?.answer, unread(1), references[140]?.answer]);
    expect(failures(answer)).toEqual([
      ["_entities.0.displayName", "UPSTREAM_FORBIDDEN"],
      ["_entities.2.displayName", "UPSTREAM_FORBIDDEN"],
    ]);
  });

  it("fail each by itself where nothing stands for what could not be read", async () => {
    await stack.fail({ match: "GET /wiki/api/v2/spaces", status: 403, times: 1 });
    const answer = await ask(
      stack,
      [references[140], references[80]].flatMap((each) => each?.representation ?? []),
      fresh,
    );
    expect(answer.data._entities).toEqual([null, references[80]?.answer]);
    expect(failures(answer)).toEqual([["_entities.0", "UPSTREAM_FORBIDDEN"]]);
  });

  it("are answered by the thousands, as gateways send them, up to the bound", async () => {
    const one = { __typename: "Account", siteId: stack.siteId, accountId: human(1).accountId };
    const atLimit = await ask(
      stack,
      Array.from({ length: 10_000 }, () => one),
    );
    expect(atLimit.errors).toBeUndefined();
    expect(atLimit.data._entities).toHaveLength(10_000);

    const beyond = await ask(
      stack,
      Array.from({ length: 10_001 }, () => one),
    );
    expect(beyond.data ?? null).toBeNull();
    expect(failures(beyond)).toEqual([["_entities", "BATCH_TOO_LARGE"]]);
    expect(beyond.errors?.[0]?.message).toMatch(
      /at most 10000 representations; 10001 were sent\. Send them in several/,
    );
    expect((await ask(stack, [one])).errors).toBeUndefined();
  });

  it("find a site by its id and by its siteId", async () => {
    const { siteId } = stack;
    const { data, errors } = await stack.query(
      "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Site { id siteId deployment permissionModel } } }",
      {
        r: [
          { __typename: "Site", id: encodeGlobalId({ type: "Site", siteId: siteId as SiteId }) },
          { __typename: "Site", siteId },
        ],
      },
    );
    expect(errors).toBeUndefined();
    const site = { id: expect.any(String), siteId, deployment: "CLOUD", permissionModel: "PRE_ROLES" };
    expect(data._entities).toEqual([site, site]);
  });
});

describe("references to grants of other kinds", () => {
  const member = human(1).accountId;
  const group = { id: "group-1", name: "Group", members: [member] };
  const assignment = { principal: { principalType: "GROUP", principalId: group.id }, roleId: "role-1" };
  const world = cloudWorld({
    mode: "ROLES_TRANSITION",
    accounts: [human(1), human(2)],
    groups: [group],
    roles: [{ id: "role-1", type: "CUSTOM", name: "Reader", description: "Reads.", spacePermissions: ["read/space"] }],
    spaces: [space(1, { permissions: [permission("user", member)], roleAssignments: [assignment] })],
  });
  const grantDocument = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Grant {
    entitlement { __typename ... on SpaceRoleAssignment { role { name } } ... on GroupMembership { group { name } } } } } }`;

  it("find memberships and role assignments where they are, and are null once they are gone", async () => {
    await using stack = await startStack({ world });
    const siteId = stack.siteId as SiteId;
    const [groupId, accountId] = [group.id as GroupId, member as AccountId];
    const [spaceId, roleId] = ["1001" as SpaceId, "role-1" as RoleId];
    const grants = [
      { kind: "membership", groupId, accountId },
      { kind: "role", spaceId, roleId, principal: { kind: "group", groupId } },
      { kind: "membership", groupId, accountId: human(2).accountId as AccountId },
      { kind: "role", spaceId, roleId, principal: { kind: "account", accountId } },
      { kind: "permission", spaceId, permissionId: "no-such-row" },
    ] as const;
    const { data, errors } = await stack.query(grantDocument, {
      r: grants.map((grant) => ({ __typename: "Grant", id: encodeGlobalId({ type: "Grant", siteId, ...grant }) })),
    });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { entitlement: { __typename: "GroupMembership", group: { name: "Group" } } },
      { entitlement: { __typename: "SpaceRoleAssignment", role: { name: "Reader" } } },
      null,
      null,
      null,
    ]);
  });
});
