import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const modes = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"] as const;
type Mode = (typeof modes)[number];
const kinds = ["account", "group", "accessClass"] as const;
type Kind = (typeof kinds)[number];

const nativeIds: Record<Kind, string> = {
  account: human(2).accountId,
  group: "g-team",
  accessClass: "all-licensed-users",
};
const wireTypes: Record<Kind, string> = { account: "user", group: "group", accessClass: "access-class" };
const roleTypes: Record<Kind, string> = { account: "USER", group: "GROUP", accessClass: "ACCESS_CLASS" };

const readerHolds = ["export_content/space", "read/space"];
const writerHolds = ["create/page", "export_content/space", "read/space", "update/page"];

/** What a case expects: `code` where it fails, and the calls that reach Confluence. */
interface Expected {
  readonly outcome: string;
  readonly code?: string;
  readonly field?: readonly string[];
  readonly says?: RegExp;
  readonly writes: number;
  readonly holds: readonly string[];
}

/** Space 1 holds nothing of the principal, space 2 a row or a role, in space 3 it is the only administrator, in space 4 the only one by its role. */
function worldOf(mode: Mode, kind: Kind) {
  const type = wireTypes[kind];
  const id = nativeIds[kind];
  const admins = [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")];
  const role = (roleId: string, principalType = roleTypes[kind], principalId = id) => ({
    principal: { principalType, principalId },
    roleId,
  });
  const adminRole = role("admin", "USER", human(1).accountId);
  const hasRoles = mode !== "PRE_ROLES";
  return cloudWorld({
    mode,
    accounts: [human(1), human(2)],
    groups: [{ id: "g-team", name: "team", members: [human(2).accountId] }],
    roles: [
      {
        id: "everything",
        type: "CUSTOM",
        name: "Everything",
        description: "",
        spacePermissions: ["read/space", "create/page", "update/page", "delete/page", "delete/blogpost"],
      },
      {
        id: "writer",
        type: "SYSTEM",
        name: "Writer",
        description: "",
        spacePermissions: ["read/space", "create/page", "update/page"],
      },
      { id: "reader", type: "SYSTEM", name: "Reader", description: "", spacePermissions: ["read/space"] },
      {
        id: "admin",
        type: "SYSTEM",
        name: "Admin",
        description: "",
        spacePermissions: ["read/space", "administer/space"],
      },
    ],
    spaces: [
      space(1, { permissions: admins, roleAssignments: hasRoles ? [adminRole] : [] }),
      space(2, {
        permissions: [
          ...admins,
          ...["read/space", "export_content/space", "create/page", "update/page"].map((name) =>
            permission(type, id, name),
          ),
        ],
        roleAssignments: hasRoles ? [adminRole, role("writer")] : [],
      }),
      space(3, {
        permissions: [permission(type, id), permission(type, id, "administer/space")],
        roleAssignments: hasRoles ? [role("admin")] : [],
      }),
      space(4, { roleAssignments: hasRoles ? [role("admin")] : [] }),
    ],
  });
}

const roleHeld = (mode: Mode, id: string) => (mode === "PRE_ROLES" ? [] : [`role ${id}`]);

type Case = readonly [
  situation: string,
  spaceNumber: number,
  mutation: string,
  input: Record<string, unknown>,
  (mode: Mode, kind: Kind) => Expected,
];

const createPage = { permissions: [{ operation: "create", target: "page" }] };
const granularRefused: Pick<Expected, "outcome" | "code" | "field" | "writes"> = {
  outcome: "FAILED",
  code: "GRANULAR_ON_ROLES_SITE",
  field: ["permissions"],
  writes: 0,
};
const classRefused = {
  outcome: "FAILED",
  code: "PRINCIPAL_NOT_SUPPORTED",
  field: ["principal"],
  writes: 0,
  holds: [],
};

/** Space 4 is administered by a role alone; where there are no roles, by nobody. */
function lastAdministratorByRole(mode: Mode): Expected {
  if (mode === "PRE_ROLES") return { outcome: "NOT_PRESENT", writes: 0, holds: [] };
  return { outcome: "FAILED", code: "LAST_ADMINISTRATOR", field: ["principal"], writes: 0, holds: ["role admin"] };
}

const cases: readonly Case[] = [
  [
    "a permission that is absent",
    1,
    "grantSpaceAccess",
    createPage,
    (mode, kind) => {
      if (mode === "ROLES") return { ...granularRefused, says: /"Writer" \(writer\), the smallest/, holds: [] };
      if (kind === "accessClass") return classRefused;
      return { outcome: "CREATED", writes: 2, holds: writerHolds };
    },
  ],
  [
    "a permission and its companions",
    1,
    "grantSpaceAccess",
    {
      permissions: [
        { operation: "update", target: "page" },
        { operation: "create", target: "page" },
        { operation: "export_content", target: "space" },
      ],
    },
    (mode, kind) => {
      if (mode === "ROLES") return { ...granularRefused, says: /No role of the site gives them all/, holds: [] };
      if (kind === "accessClass") return classRefused;
      return { outcome: "CREATED", writes: 2, holds: writerHolds };
    },
  ],
  [
    "a permission that is already there",
    2,
    "grantSpaceAccess",
    createPage,
    (mode) => ({ outcome: "ALREADY_EXISTS", writes: 0, holds: [...writerHolds, ...roleHeld(mode, "writer")] }),
  ],
  [
    "a pair that does not exist",
    1,
    "grantSpaceAccess",
    {
      permissions: [
        { operation: "create", target: "page" },
        { operation: "fly", target: "space" },
      ],
    },
    (mode, kind) => {
      if (mode === "ROLES") return { ...granularRefused, says: /No role of the site gives them all/, holds: [] };
      if (kind === "accessClass") return classRefused;
      return {
        outcome: "FAILED",
        code: "UNKNOWN_PERMISSION",
        field: ["permissions", "1"],
        says: /fly\/space cannot be granted. These can: .*create\/page/,
        writes: 0,
        holds: [],
      };
    },
  ],
  [
    "revoking a permission that is there, with its companion",
    2,
    "revokeSpaceAccess",
    createPage,
    (mode) =>
      mode === "ROLES"
        ? {
            outcome: "FAILED",
            code: "NOT_REVOCABLE",
            field: ["permissions"],
            writes: 0,
            holds: [...writerHolds, "role writer"],
          }
        : { outcome: "REMOVED", writes: 1, holds: [...readerHolds, ...roleHeld(mode, "writer")] },
  ],
  [
    "revoking everything, read/space last",
    2,
    "revokeSpaceAccess",
    {
      permissions: [
        { operation: "read", target: "space" },
        { operation: "create", target: "page" },
        { operation: "update", target: "page" },
      ],
    },
    (mode) =>
      mode === "ROLES"
        ? {
            outcome: "FAILED",
            code: "NOT_REVOCABLE",
            field: ["permissions"],
            writes: 0,
            holds: [...writerHolds, "role writer"],
          }
        : { outcome: "REMOVED", writes: 2, holds: roleHeld(mode, "writer") },
  ],
  [
    "revoking a permission that is not there",
    1,
    "revokeSpaceAccess",
    createPage,
    () => ({ outcome: "NOT_PRESENT", writes: 0, holds: [] }),
  ],
  [
    "revoking the last administrator's permission",
    3,
    "revokeSpaceAccess",
    { permissions: [{ operation: "administer", target: "space" }] },
    (mode) => ({
      outcome: "FAILED",
      ...(mode === "ROLES"
        ? { code: "NOT_REVOCABLE", field: ["permissions"] }
        : { code: "LAST_ADMINISTRATOR", field: ["principal"] }),
      writes: 0,
      holds: ["administer/space", "read/space", ...roleHeld(mode, "admin")],
    }),
  ],
  [
    "revoking read/space of the last administrator",
    3,
    "revokeSpaceAccess",
    { permissions: [{ operation: "read", target: "space" }] },
    (mode) => ({
      outcome: "FAILED",
      ...(mode === "ROLES"
        ? { code: "NOT_REVOCABLE", field: ["permissions"] }
        : { code: "LAST_ADMINISTRATOR", field: ["principal"] }),
      writes: 0,
      holds: ["administer/space", "read/space", ...roleHeld(mode, "admin")],
    }),
  ],
  [
    "a role where there is none",
    1,
    "grantSpaceAccess",
    { role: "reader" },
    (mode) =>
      mode === "PRE_ROLES"
        ? { outcome: "FAILED", code: "ROLES_NOT_AVAILABLE", field: ["role"], writes: 0, holds: [] }
        : { outcome: "CREATED", writes: 1, holds: ["role reader"] },
  ],
  [
    "the role that is there",
    2,
    "grantSpaceAccess",
    { role: "writer" },
    (mode) =>
      mode === "PRE_ROLES"
        ? { outcome: "FAILED", code: "ROLES_NOT_AVAILABLE", field: ["role"], writes: 0, holds: writerHolds }
        : { outcome: "ALREADY_EXISTS", writes: 0, holds: [...writerHolds, "role writer"] },
  ],
  [
    "another role than the one that is there",
    2,
    "grantSpaceAccess",
    { role: "reader", onExistingRole: "REPLACE" },
    (mode) =>
      mode === "PRE_ROLES"
        ? { outcome: "FAILED", code: "ROLES_NOT_AVAILABLE", field: ["role"], writes: 0, holds: writerHolds }
        : { outcome: "REPLACED", writes: 1, holds: [...writerHolds, "role reader"] },
  ],
  [
    "another role than the one that is there, which is to be kept",
    2,
    "grantSpaceAccess",
    { role: "reader", onExistingRole: "KEEP" },
    (mode) =>
      mode === "PRE_ROLES"
        ? { outcome: "FAILED", code: "ROLES_NOT_AVAILABLE", field: ["role"], writes: 0, holds: writerHolds }
        : { outcome: "KEPT", writes: 0, holds: [...writerHolds, "role writer"] },
  ],
  [
    "another role than the one that is there, without a word about that",
    2,
    "grantSpaceAccess",
    { role: "reader" },
    (mode) =>
      mode === "PRE_ROLES"
        ? { outcome: "FAILED", code: "ROLES_NOT_AVAILABLE", field: ["role"], writes: 0, holds: writerHolds }
        : {
            outcome: "FAILED",
            code: "OTHER_ROLE_HELD",
            says: /holds the role "Writer" \(writer\)/,
            field: ["role"],
            writes: 0,
            holds: [...writerHolds, "role writer"],
          },
  ],
  [
    "a role that the site does not have",
    1,
    "grantSpaceAccess",
    { role: "emperor" },
    (mode) => ({
      outcome: "FAILED",
      ...(mode === "PRE_ROLES"
        ? { code: "ROLES_NOT_AVAILABLE" }
        : { code: "ROLE_NOT_FOUND", says: /It has: .*Reader \(reader\)/ }),
      field: ["role"],
      writes: 0,
      holds: [],
    }),
  ],
  [
    "revoking the role that is there",
    2,
    "revokeSpaceAccess",
    { role: "writer" },
    (mode) =>
      mode === "PRE_ROLES"
        ? { outcome: "NOT_PRESENT", writes: 0, holds: writerHolds }
        : { outcome: "REMOVED", writes: 1, holds: writerHolds },
  ],
  [
    "revoking the last administrator's role",
    4,
    "revokeSpaceAccess",
    { role: "admin" },
    (mode) => lastAdministratorByRole(mode),
  ],
  [
    "another role for the last administrator",
    4,
    "grantSpaceAccess",
    { role: "reader", onExistingRole: "REPLACE" },
    (mode) =>
      mode === "PRE_ROLES"
        ? { ...lastAdministratorByRole(mode), outcome: "FAILED", code: "ROLES_NOT_AVAILABLE", field: ["role"] }
        : lastAdministratorByRole(mode),
  ],
  [
    "revoking a role other than the one that is there",
    2,
    "revokeSpaceAccess",
    { role: "reader" },
    (mode) => ({ outcome: "NOT_PRESENT", writes: 0, holds: [...writerHolds, ...roleHeld(mode, "writer")] }),
  ],
];

describe.each(modes.flatMap((mode) => kinds.map((kind) => [mode, kind] as const)))(
  "access to a space on a site in mode %s, for the principal kind %s",
  (mode, kind) => {
    let stack: Awaited<ReturnType<typeof startProvisioning>>;
    beforeAll(async () => {
      stack = await startProvisioning(worldOf(mode, kind));
    });
    beforeEach(() => stack.sandbox.reset());
    afterAll(() => stack[Symbol.asyncDispose]());

    it.each(cases)("%s", async (_situation, spaceNumber, mutation, input, expecting) => {
      const ids = idsOf(stack.siteId);
      const principal = {
        account: ids.account(2),
        group: ids.group("g-team"),
        accessClass: ids.accessClass("all-licensed-users"),
      }[kind];
      const expected = expecting(mode, kind);
      const { role } = input;
      const asked = {
        space: ids.space(spaceNumber),
        principal,
        ...input,
        ...(typeof role === "string" ? { role: ids.role(role) } : {}),
      };
      const type = mutation === "grantSpaceAccess" ? "GrantSpaceAccessInput" : "RevokeSpaceAccessInput";
      const { data, errors } = await stack.query(
        `mutation ($input: ${type}!) { ${mutation}(input: $input) { outcome plan userErrors { code field message } } }`,
        { input: asked },
      );
      expect(errors).toBeUndefined();
      const answer = data[mutation];
      expect(answer.outcome).toBe(expected.outcome);
      expect(answer.userErrors.map(({ code, field }: { code: string; field: string[] }) => ({ code, field }))).toEqual(
        expected.code === undefined ? [] : [{ code: expected.code, field: expected.field }],
      );
      if (expected.says !== undefined) expect(answer.userErrors[0].message).toMatch(expected.says);
      expect(stack.writes()).toHaveLength(expected.writes);
      const calls = answer.plan.filter((line: string) => !line.startsWith("with it goes"));
      expect(calls).toHaveLength(expected.writes);
      expect(heldIn(stack.sandbox.world(), spaceNumber, nativeIds[kind])).toEqual([...expected.holds].sort());
    });
  },
);
