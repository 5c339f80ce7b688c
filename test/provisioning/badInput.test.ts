import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2)],
  groups: [
    { id: "g-team", name: "team", members: [] },
    { id: "g-scim", name: "synchronised", managedBy: "EXTERNAL", members: [human(2).accountId] },
  ],
  roles: [{ id: "reader", type: "SYSTEM", name: "Reader", description: "", spacePermissions: ["read/space"] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
    space(2, { status: "trashed" }),
  ],
});

type Ids = ReturnType<typeof idsOf>;
type Error_ = readonly [code: string, ...field: string[]];
type Case = readonly [
  name: string,
  kind: string,
  input: (ids: Ids, other: Ids) => Record<string, unknown>,
  errors: readonly Error_[],
];

const read = [{ operation: "read", target: "space" }];
const types: Readonly<Record<string, string>> = {
  grantSpaceAccess: "GrantSpaceAccessInput",
  revokeSpaceAccess: "RevokeSpaceAccessInput",
  grantGroupMembership: "GrantGroupMembershipInput",
  revokeGroupMembership: "RevokeGroupMembershipInput",
  revokeGrants: "RevokeGrantsInput",
  applyAccessChanges: "ApplyAccessChangesInput",
  createGroup: "CreateGroupInput",
  deleteGroup: "DeleteGroupInput",
};
const isList = (kind: string) => /Membership|Grants|Changes/.test(kind);

const space_ = (ids: Ids, parts: Record<string, unknown> = {}) => ({
  spaceId: ids.space(1),
  principalId: ids.account(2),
  permissions: read,
  ...parts,
});

const cases: readonly Case[] = [
  [
    "malformed ids",
    "grantSpaceAccess",
    () => ({ spaceId: "?", principalId: "nonsense", permissions: read }),
    [
      ["INVALID_INPUT", "spaceId"],
      ["INVALID_INPUT", "principalId"],
    ],
  ],
  ["an empty id", "revokeSpaceAccess", (ids) => space_(ids, { spaceId: "" }), [["INVALID_INPUT", "spaceId"]]],
  [
    "an id of another type as space",
    "grantSpaceAccess",
    (ids) => space_(ids, { spaceId: ids.group("g-team") }),
    [["INVALID_INPUT", "spaceId"]],
  ],
  [
    "an id of another type as principal",
    "grantSpaceAccess",
    (ids) => space_(ids, { principalId: ids.space(1) }),
    [["INVALID_INPUT", "principalId"]],
  ],
  [
    "an id of another type as role",
    "grantSpaceAccess",
    (ids) => space_(ids, { permissions: null, roleId: ids.space(1) }),
    [["INVALID_INPUT", "roleId"]],
  ],
  [
    "an unknown account",
    "grantSpaceAccess",
    (ids) => space_(ids, { principalId: ids.account(99) }),
    [["PRINCIPAL_NOT_FOUND", "principalId"]],
  ],
  [
    "an unknown group as principal",
    "grantSpaceAccess",
    (ids) => space_(ids, { principalId: ids.group("nobody") }),
    [["PRINCIPAL_NOT_FOUND", "principalId"]],
  ],
  [
    "an unknown account for a role",
    "grantSpaceAccess",
    (ids) => space_(ids, { principalId: ids.account(99), permissions: null, roleId: ids.role("reader") }),
    [["PRINCIPAL_NOT_FOUND", "principalId"]],
  ],
  [
    "an unknown space",
    "grantSpaceAccess",
    (ids) => space_(ids, { spaceId: ids.space(77) }),
    [["SPACE_NOT_FOUND", "spaceId"]],
  ],
  [
    "an unknown space to revoke in",
    "revokeSpaceAccess",
    (ids) => space_(ids, { spaceId: ids.space(77) }),
    [["SPACE_NOT_FOUND", "spaceId"]],
  ],
  [
    "a space in the trash",
    "grantSpaceAccess",
    (ids) => space_(ids, { spaceId: ids.space(2) }),
    [["SPACE_NOT_FOUND", "spaceId"]],
  ],
  [
    "a pair that does not exist",
    "grantSpaceAccess",
    (ids) => space_(ids, { permissions: [...read, { operation: "fly", target: "page" }] }),
    [["UNKNOWN_PERMISSION", "permissions", "1"]],
  ],
  [
    "an empty operation",
    "grantSpaceAccess",
    (ids) => space_(ids, { permissions: [...read, { operation: " ", target: "page" }] }),
    [["INVALID_INPUT", "permissions", "1"]],
  ],
  [
    "permissions and a role",
    "grantSpaceAccess",
    (ids) => space_(ids, { roleId: ids.role("reader") }),
    [["INVALID_INPUT", "permissions"]],
  ],
  [
    "neither permissions nor a role",
    "grantSpaceAccess",
    (ids) => space_(ids, { permissions: null }),
    [["INVALID_INPUT", "permissions"]],
  ],
  [
    "an empty list of permissions",
    "grantSpaceAccess",
    (ids) => space_(ids, { permissions: [] }),
    [["INVALID_INPUT", "permissions"]],
  ],
  [
    "a principal and an access class",
    "grantSpaceAccess",
    (ids) => space_(ids, { accessClassId: "all-licensed-users" }),
    [["INVALID_INPUT", "principalId"]],
  ],
  ["no principal", "grantSpaceAccess", (ids) => space_(ids, { principalId: null }), [["INVALID_INPUT", "principalId"]]],
  [
    "a role of another site",
    "grantSpaceAccess",
    (ids, other) => space_(ids, { permissions: null, roleId: other.role("reader") }),
    [["ROLE_NOT_FOUND", "roleId"]],
  ],
  [
    "an account of another site",
    "grantSpaceAccess",
    (ids, other) => space_(ids, { principalId: other.account(2) }),
    [["PRINCIPAL_NOT_FOUND", "principalId"]],
  ],
  ["a space of a site that is not served", "grantSpaceAccess", (_ids, other) => space_(other), [["INVALID_INPUT"]]],
  [
    "an unknown group",
    "grantGroupMembership",
    (ids) => ({ groupId: ids.group("nobody"), accountIds: [ids.account(2)] }),
    [["GROUP_NOT_FOUND", "groupId"]],
  ],
  [
    "an unknown account for a group",
    "grantGroupMembership",
    (ids) => ({ groupId: ids.group("g-team"), accountIds: [ids.account(99)] }),
    [["ACCOUNT_NOT_FOUND", "accountIds", "0"]],
  ],
  [
    "a malformed group id",
    "grantGroupMembership",
    (ids) => ({ groupId: "?", accountIds: [ids.account(2)] }),
    [["INVALID_INPUT", "groupId"]],
  ],
  [
    "an account of another site for a group",
    "revokeGroupMembership",
    (ids, other) => ({ groupId: ids.group("g-team"), accountIds: [other.account(2)] }),
    [["ACCOUNT_NOT_FOUND", "accountIds", "0"]],
  ],
  [
    "a malformed account id for a group",
    "revokeGroupMembership",
    (ids) => ({ groupId: ids.group("g-team"), accountIds: ["?"] }),
    [["INVALID_INPUT", "accountIds", "0"]],
  ],
  [
    "no accounts",
    "grantGroupMembership",
    (ids) => ({ groupId: ids.group("g-team"), accountIds: [] }),
    [["INVALID_INPUT", "accountIds"]],
  ],
  [
    "a member for a group that is managed outside",
    "grantGroupMembership",
    (ids) => ({ groupId: ids.group("g-scim"), accountIds: [ids.account(1)] }),
    [["GROUP_MANAGED_EXTERNALLY", "groupId"]],
  ],
  [
    "a member less for a group that is managed outside",
    "revokeGroupMembership",
    (ids) => ({ groupId: ids.group("g-scim"), accountIds: [ids.account(2)] }),
    [["GROUP_MANAGED_EXTERNALLY", "groupId"]],
  ],
  [
    "the end of a group that is managed outside",
    "deleteGroup",
    (ids) => ({ groupId: ids.group("g-scim") }),
    [["GROUP_MANAGED_EXTERNALLY", "groupId"]],
  ],
  ["a malformed grant id", "revokeGrants", () => ({ grantIds: ["?"] }), [["INVALID_INPUT", "grantIds", "0"]]],
  [
    "an id of another type as grant",
    "revokeGrants",
    (ids) => ({ grantIds: [ids.space(1)] }),
    [["INVALID_INPUT", "grantIds", "0"]],
  ],
  [
    "a grant in an unknown space",
    "revokeGrants",
    (ids) => ({ grantIds: [ids.permissionRow(77, "1")] }),
    [["SPACE_NOT_FOUND", "grantIds", "0"]],
  ],
  [
    "a grant of a group that is managed outside",
    "revokeGrants",
    (ids) => ({ grantIds: [ids.membership("g-scim", 2)] }),
    [["GROUP_MANAGED_EXTERNALLY", "grantIds", "0"]],
  ],
  ["no grants", "revokeGrants", () => ({ grantIds: [] }), [["INVALID_INPUT", "grantIds"]]],
  ["no changes", "applyAccessChanges", () => ({ changes: [] }), [["INVALID_INPUT", "changes"]]],
  [
    "ten thousand changes",
    "applyAccessChanges",
    (ids) => ({ changes: Array.from({ length: 10_000 }, () => ({ revokeGrant: ids.permissionRow(1, "1") })) }),
    [["TOO_MANY_CHANGES", "changes"]],
  ],
  [
    "201 changes",
    "applyAccessChanges",
    (ids) => ({ changes: Array.from({ length: 201 }, () => ({ grantSpaceAccess: space_(ids) })) }),
    [["TOO_MANY_CHANGES", "changes"]],
  ],
  [
    "two kinds in one change",
    "applyAccessChanges",
    (ids) => ({ changes: [{ grantSpaceAccess: space_(ids), revokeSpaceAccess: space_(ids) }] }),
    [["INVALID_INPUT", "changes", "0"]],
  ],
  ["no kind in a change", "applyAccessChanges", () => ({ changes: [{}] }), [["INVALID_INPUT", "changes", "0"]]],
  [
    "a malformed id in a change",
    "applyAccessChanges",
    (ids) => ({ changes: [{ grantSpaceAccess: space_(ids, { spaceId: "?" }) }] }),
    [["INVALID_INPUT", "changes", "0", "grantSpaceAccess", "spaceId"]],
  ],
  [
    "an unknown pair in a change",
    "applyAccessChanges",
    (ids) => ({
      changes: [{ grantSpaceAccess: space_(ids, { permissions: [{ operation: "fly", target: "page" }] }) }],
    }),
    [["UNKNOWN_PERMISSION", "changes", "0", "grantSpaceAccess", "permissions", "0"]],
  ],
  [
    "an unknown account in a change",
    "applyAccessChanges",
    (ids) => ({ changes: [{ grantGroupMembership: { groupId: ids.group("g-team"), accountId: ids.account(99) } }] }),
    [["ACCOUNT_NOT_FOUND", "changes", "0", "grantGroupMembership", "accountId"]],
  ],
  [
    "a malformed grant in a change",
    "applyAccessChanges",
    () => ({ changes: [{ revokeGrant: "?" }] }),
    [["INVALID_INPUT", "changes", "0", "revokeGrant"]],
  ],
  ["a group without a name", "createGroup", () => ({ name: "  " }), [["INVALID_INPUT", "name"]]],
  ["a group with too long a name", "createGroup", () => ({ name: "n".repeat(256) }), [["INVALID_INPUT", "name"]]],
  [
    "a group on an unknown site",
    "createGroup",
    () => ({ name: "new", siteId: "elsewhere" }),
    [["INVALID_INPUT", "siteId"]],
  ],
  ["a malformed id of a group to delete", "deleteGroup", () => ({ groupId: "?" }), [["INVALID_INPUT", "groupId"]]],
  [
    "a group of a site that is not served",
    "deleteGroup",
    (_ids, other) => ({ groupId: other.group("g-team") }),
    [["INVALID_INPUT", "groupId"]],
  ],
];

describe("bad input", () => {
  let stack: Awaited<ReturnType<typeof startProvisioning>>;
  beforeAll(async () => {
    stack = await startProvisioning(world, { BODY_LIMIT_KB: "4096" });
  });
  afterEach(() => stack.forgetCalls());
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(cases)(
    "%s (%s): named by code and path, nothing written, and the next request is served",
    async (_name, kind, input, wanted) => {
      const selection = isList(kind)
        ? "changes { outcome userErrors { code field message } } userErrors { code field message }"
        : "outcome userErrors { code field message }";
      const { data, errors } = await stack.query(
        `mutation ($input: ${types[kind]}!) { it: ${kind}(input: $input) { ${selection} } }`,
        {
          input: input(idsOf(stack.siteId), idsOf("another-site")),
        },
      );
      expect(errors).toBeUndefined();
      const ending = data.it.changes?.[0] ?? data.it;
      const found: { code: string; field: string[]; message: string }[] = [
        ...(data.it.changes === undefined ? [] : data.it.userErrors),
        ...(ending === data.it && data.it.changes !== undefined ? [] : ending.userErrors),
      ];
      expect(found.map(({ code, field }) => [code, ...field])).toEqual(wanted);
      for (const { message } of found) expect(message).toMatch(/^[A-Za-z"].{20,}\.?$/s);
      if (ending.outcome !== undefined) expect(ending.outcome).toBe("FAILED");
      expect(stack.writes()).toEqual([]);
      expect((await stack.query(`{ space(key: "S1") { key } }`)).data.space.key).toBe("S1");
    },
  );

  it("one bad change leaves the others alone, each with its own outcome at its own place", async () => {
    const ids = idsOf(stack.siteId);
    const { data } = await stack.query(
      `mutation ($input: ApplyAccessChangesInput!) { applyAccessChanges(input: $input) { changes { outcome userErrors { code field } } } }`,
      {
        input: {
          changes: [
            { grantSpaceAccess: space_(ids, { spaceId: ids.space(77) }) },
            { grantSpaceAccess: space_(ids) },
            { revokeGrant: "?" },
            { grantGroupMembership: { groupId: ids.group("g-team"), accountId: ids.account(2) } },
            { revokeSpaceAccess: space_(ids) },
            { grantSpaceAccess: space_(ids, { permissions: null, roleId: ids.role("reader") }) },
            { revokeGroupMembership: { groupId: ids.group("g-team"), accountId: ids.account(2) } },
          ],
        },
      },
    );
    expect(data.applyAccessChanges.changes).toEqual([
      {
        outcome: "FAILED",
        userErrors: [{ code: "SPACE_NOT_FOUND", field: ["changes", "0", "grantSpaceAccess", "spaceId"] }],
      },
      { outcome: "CREATED", userErrors: [] },
      { outcome: "FAILED", userErrors: [{ code: "INVALID_INPUT", field: ["changes", "2", "revokeGrant"] }] },
      { outcome: "CREATED", userErrors: [] },
      { outcome: "REMOVED", userErrors: [] },
      { outcome: "CREATED", userErrors: [] },
      { outcome: "REMOVED", userErrors: [] },
    ]);
  });
});
