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
  space: ids.space(1),
  principal: ids.account(2),
  permissions: read,
  ...parts,
});

const cases: readonly Case[] = [
  [
    "malformed ids",
    "grantSpaceAccess",
    () => ({ space: "?", principal: "nonsense", permissions: read }),
    [
      ["INVALID_INPUT", "space"],
      ["INVALID_INPUT", "principal"],
    ],
  ],
  ["an empty id", "revokeSpaceAccess", (ids) => space_(ids, { space: "" }), [["INVALID_INPUT", "space"]]],
  [
    "an id of another type as space",
    "grantSpaceAccess",
    (ids) => space_(ids, { space: ids.group("g-team") }),
    [["INVALID_INPUT", "space"]],
  ],
  [
    "an id of another type as principal",
    "grantSpaceAccess",
    (ids) => space_(ids, { principal: ids.space(1) }),
    [["INVALID_INPUT", "principal"]],
  ],
  [
    "an id of another type as role",
    "grantSpaceAccess",
    (ids) => space_(ids, { permissions: null, role: ids.space(1) }),
    [["INVALID_INPUT", "role"]],
  ],
  [
    "an unknown account",
    "grantSpaceAccess",
    (ids) => space_(ids, { principal: ids.account(99) }),
    [["PRINCIPAL_NOT_FOUND", "principal"]],
  ],
  [
    "an unknown group as principal",
    "grantSpaceAccess",
    (ids) => space_(ids, { principal: ids.group("nobody") }),
    [["PRINCIPAL_NOT_FOUND", "principal"]],
  ],
  [
    "an unknown account for a role",
    "grantSpaceAccess",
    (ids) => space_(ids, { principal: ids.account(99), permissions: null, role: ids.role("reader") }),
    [["PRINCIPAL_NOT_FOUND", "principal"]],
  ],
  [
    "an unknown space",
    "grantSpaceAccess",
    (ids) => space_(ids, { space: ids.space(77) }),
    [["SPACE_NOT_FOUND", "space"]],
  ],
  [
    "an unknown space to revoke in",
    "revokeSpaceAccess",
    (ids) => space_(ids, { space: ids.space(77) }),
    [["SPACE_NOT_FOUND", "space"]],
  ],
  [
    "a space in the trash",
    "grantSpaceAccess",
    (ids) => space_(ids, { space: ids.space(2) }),
    [["SPACE_NOT_FOUND", "space"]],
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
    (ids) => space_(ids, { role: ids.role("reader") }),
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
    [["INVALID_INPUT", "principal"]],
  ],
  ["no principal", "grantSpaceAccess", (ids) => space_(ids, { principal: null }), [["INVALID_INPUT", "principal"]]],
  [
    "a role of another site",
    "grantSpaceAccess",
    (ids, other) => space_(ids, { permissions: null, role: other.role("reader") }),
    [["ROLE_NOT_FOUND", "role"]],
  ],
  [
    "an account of another site",
    "grantSpaceAccess",
    (ids, other) => space_(ids, { principal: other.account(2) }),
    [["PRINCIPAL_NOT_FOUND", "principal"]],
  ],
  ["a space of a site that is not served", "grantSpaceAccess", (_ids, other) => space_(other), [["INVALID_INPUT"]]],
  [
    "an unknown group",
    "grantGroupMembership",
    (ids) => ({ group: ids.group("nobody"), accounts: [ids.account(2)] }),
    [["GROUP_NOT_FOUND", "group"]],
  ],
  [
    "an unknown account for a group",
    "grantGroupMembership",
    (ids) => ({ group: ids.group("g-team"), accounts: [ids.account(99)] }),
    [["ACCOUNT_NOT_FOUND", "accounts", "0"]],
  ],
  [
    "a malformed group id",
    "grantGroupMembership",
    (ids) => ({ group: "?", accounts: [ids.account(2)] }),
    [["INVALID_INPUT", "group"]],
  ],
  [
    "an account of another site for a group",
    "revokeGroupMembership",
    (ids, other) => ({ group: ids.group("g-team"), accounts: [other.account(2)] }),
    [["ACCOUNT_NOT_FOUND", "accounts", "0"]],
  ],
  [
    "a malformed account id for a group",
    "revokeGroupMembership",
    (ids) => ({ group: ids.group("g-team"), accounts: ["?"] }),
    [["INVALID_INPUT", "accounts", "0"]],
  ],
  [
    "no accounts",
    "grantGroupMembership",
    (ids) => ({ group: ids.group("g-team"), accounts: [] }),
    [["INVALID_INPUT", "accounts"]],
  ],
  [
    "a member for a group that is managed outside",
    "grantGroupMembership",
    (ids) => ({ group: ids.group("g-scim"), accounts: [ids.account(1)] }),
    [["GROUP_MANAGED_EXTERNALLY", "group"]],
  ],
  [
    "a member less for a group that is managed outside",
    "revokeGroupMembership",
    (ids) => ({ group: ids.group("g-scim"), accounts: [ids.account(2)] }),
    [["GROUP_MANAGED_EXTERNALLY", "group"]],
  ],
  [
    "the end of a group that is managed outside",
    "deleteGroup",
    (ids) => ({ group: ids.group("g-scim") }),
    [["GROUP_MANAGED_EXTERNALLY", "group"]],
  ],
  ["a malformed grant id", "revokeGrants", () => ({ grants: ["?"] }), [["INVALID_INPUT", "grants", "0"]]],
  [
    "an id of another type as grant",
    "revokeGrants",
    (ids) => ({ grants: [ids.space(1)] }),
    [["INVALID_INPUT", "grants", "0"]],
  ],
  [
    "a grant in an unknown space",
    "revokeGrants",
    (ids) => ({ grants: [ids.permissionRow(77, "1")] }),
    [["SPACE_NOT_FOUND", "grants", "0"]],
  ],
  [
    "a grant of a group that is managed outside",
    "revokeGrants",
    (ids) => ({ grants: [ids.membership("g-scim", 2)] }),
    [["GROUP_MANAGED_EXTERNALLY", "grants", "0"]],
  ],
  ["no grants", "revokeGrants", () => ({ grants: [] }), [["INVALID_INPUT", "grants"]]],
  ["no changes", "applyAccessChanges", () => ({ changes: [] }), [["INVALID_INPUT", "changes"]]],
  [
    "a thousand changes",
    "applyAccessChanges",
    (ids) => ({ changes: Array.from({ length: 1_000 }, () => ({ revokeGrant: ids.permissionRow(1, "1") })) }),
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
    (ids) => ({ changes: [{ grantSpaceAccess: space_(ids, { space: "?" }) }] }),
    [["INVALID_INPUT", "changes", "0", "grantSpaceAccess", "space"]],
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
    (ids) => ({ changes: [{ grantGroupMembership: { group: ids.group("g-team"), account: ids.account(99) } }] }),
    [["ACCOUNT_NOT_FOUND", "changes", "0", "grantGroupMembership", "account"]],
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
  ["a malformed id of a group to delete", "deleteGroup", () => ({ group: "?" }), [["INVALID_INPUT", "group"]]],
  [
    "a group of a site that is not served",
    "deleteGroup",
    (_ids, other) => ({ group: other.group("g-team") }),
    [["INVALID_INPUT", "group"]],
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
            { grantSpaceAccess: space_(ids, { space: ids.space(77) }) },
            { grantSpaceAccess: space_(ids) },
            { revokeGrant: "?" },
            { grantGroupMembership: { group: ids.group("g-team"), account: ids.account(2) } },
            { revokeSpaceAccess: space_(ids) },
            { grantSpaceAccess: space_(ids, { permissions: null, role: ids.role("reader") }) },
            { revokeGroupMembership: { group: ids.group("g-team"), account: ids.account(2) } },
          ],
        },
      },
    );
    expect(data.applyAccessChanges.changes).toEqual([
      {
        outcome: "FAILED",
        userErrors: [{ code: "SPACE_NOT_FOUND", field: ["changes", "0", "grantSpaceAccess", "space"] }],
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
