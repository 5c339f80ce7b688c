import { describe, expect, it } from "vitest";
import type { Group } from "../../src/domain/Group.js";
import type { AccountId, RoleId, SpaceId } from "../../src/domain/ids.js";
import type { PermissionModel } from "../../src/domain/PermissionModel.js";
import type { Principal } from "../../src/domain/Principal.js";
import type { Space } from "../../src/domain/Space.js";
import type { SpaceGrant } from "../../src/domain/SpaceGrant.js";
import { administratorsLost } from "../../src/provisioning/administratorsLost.js";
import { describeStep } from "../../src/provisioning/describeStep.js";
import type { Plan } from "../../src/provisioning/Plan.js";
import { planMembership } from "../../src/provisioning/planMembership.js";
import { planPermissions } from "../../src/provisioning/planPermissions.js";
import { planRole } from "../../src/provisioning/planRole.js";
import type { SpaceState } from "../../src/provisioning/SpaceState.js";

const spaceId = "1" as SpaceId;
const somebody: Principal = { kind: "account", accountId: "a" as AccountId };
const other: Principal = { kind: "account", accountId: "b" as AccountId };

function operationOf(name: string) {
  const [key = "", target = ""] = name.split("/");
  return { key, target };
}

/** Rows are numbered in the order given: `read/space` first is row 1. */
const rows = (principal: Principal, names: readonly string[], from = 1): SpaceGrant[] =>
  names.map((name, index) => ({
    kind: "permission",
    permissionId: String(from + index),
    principal,
    operation: operationOf(name),
  }));
const role = (principal: Principal, roleId: string): SpaceGrant => ({
  kind: "role",
  principal,
  roleId: roleId as RoleId,
});

function stateOf(model: PermissionModel, grants: readonly SpaceGrant[]): SpaceState {
  const definition = (roleId: string, names: readonly string[]) => ({
    roleId: roleId as RoleId,
    name: roleId,
    description: null,
    reportedType: "SYSTEM",
    permissions: names.map(operationOf),
  });
  return {
    space: { spaceId } as Space,
    grants,
    model,
    roles: [
      definition("big", ["read/space", "create/page", "delete/page", "export/space"]),
      definition("admin", ["read/space", "administer/space"]),
      definition("writer", ["read/space", "create/page"]),
    ],
    grantableOperations: ["read/space", "create/page", "delete/page", "administer/space"].map(operationOf),
    grantableClasses: new Set(),
    administratorsLeaving: new Set(),
  };
}

/** A plan in one line: its outcome or code, and its calls. */
function brief(plan: Plan): string[] {
  switch (plan.kind) {
    case "settled":
      return [plan.outcome];
    case "refused":
      return [plan.fault.code];
    case "steps":
      return [plan.outcome, ...plan.steps.map(describeStep)];
  }
}

const permissions = (
  kind: "grantPermissions" | "revokePermissions",
  names: readonly string[],
  principal = somebody,
) => ({
  kind,
  spaceId,
  principal,
  operations: names.map(operationOf),
});
const aRole = (kind: "grantRole" | "revokeRole", roleId: string, principal = somebody) => ({
  kind,
  spaceId,
  principal,
  roleId: roleId as RoleId,
});

describe("planning permissions", () => {
  const all = ["read/space", "export_content/space", "create/page", "update/page", "delete/page"];

  it.each([
    [["create/page"], [], ["CREATED", "grant read/space", "grant create/page"]],
    [["create/page", "create/page", "read/space"], [], ["CREATED", "grant read/space", "grant create/page"]],
    [["update/page", "create/page", "export_content/space"], [], ["CREATED", "grant read/space", "grant create/page"]],
    [["delete/page"], ["read/space"], ["CREATED", "grant delete/page"]],
    [["create/page", "update/page"], all, ["ALREADY_EXISTS"]],
    [["update/page"], ["read/space"], ["UNKNOWN_PERMISSION"]],
    [["export_content/space"], ["read/space"], ["UNKNOWN_PERMISSION"]],
  ])("grants %j over %j", (names, held, wanted) => {
    const state = stateOf("PRE_ROLES", [...rows(somebody, held), ...rows(other, all, 50)]);
    expect(brief(planPermissions(permissions("grantPermissions", names), state))).toEqual(wanted);
  });

  it.each([
    [["create/page"], ["REMOVED", "revoke create/page (row 3)"]],
    [["update/page"], ["REMOVED", "revoke update/page (row 4)"]],
    [
      ["update/page", "create/page"],
      ["REMOVED", "revoke create/page (row 3)"],
    ],
    [
      ["read/space", "delete/page"],
      ["REMOVED", "revoke delete/page (row 5)", "revoke read/space (row 1)"],
    ],
    [["read/space"], ["REMOVED", "revoke read/space (row 1)"]],
    [["archive/page"], ["NOT_PRESENT"]],
  ])("revokes %j, what reads last", (names, wanted) => {
    const state = stateOf("PRE_ROLES", [...rows(somebody, all), ...rows(other, all, 50)]);
    expect(brief(planPermissions(permissions("revokePermissions", names), state))).toEqual(wanted);
  });

  it("names the smallest of the roles that give what a roles-only site refuses", () => {
    const plan = planPermissions(permissions("grantPermissions", ["create/page"]), stateOf("ROLES", []));
    expect(plan.kind === "refused" && plan.fault.message).toContain('Grant the role "writer" (writer)');
  });
});

describe("planning roles", () => {
  it.each([
    ["ROLES", "writer", [], ["CREATED", "assign role writer"]],
    ["ROLES_TRANSITION", "writer", [role(somebody, "big")], ["REPLACED", "assign role writer"]],
    ["ROLES", "writer", [role(somebody, "writer")], ["ALREADY_EXISTS"]],
    ["ROLES", "emperor", [], ["ROLE_NOT_FOUND"]],
    ["PRE_ROLES", "writer", [], ["ROLES_NOT_AVAILABLE"]],
    ["ROLES", "writer", [role(somebody, "admin"), role(other, "writer")], ["LAST_ADMINISTRATOR"]],
    ["ROLES", "writer", [role(somebody, "admin"), role(other, "admin")], ["REPLACED", "assign role writer"]],
  ] as const)("in mode %s grants %s over %j", (mode, roleId, grants, wanted) => {
    expect(brief(planRole(aRole("grantRole", roleId), stateOf(mode, grants)))).toEqual(wanted);
  });
});

describe("planning memberships", () => {
  const group = { name: "team", managedBy: "ADMINS" } as Group;
  const external = { name: "team", managedBy: "EXTERNAL" } as Group;

  it.each([
    ["grantMembership", group, false, ["CREATED", "add the member"]],
    ["grantMembership", group, true, ["ALREADY_EXISTS"]],
    ["revokeMembership", group, true, ["REMOVED", "remove the member"]],
    ["revokeMembership", group, false, ["NOT_PRESENT"]],
    ["grantMembership", external, false, ["GROUP_MANAGED_EXTERNALLY"]],
    ["revokeMembership", external, true, ["GROUP_MANAGED_EXTERNALLY"]],
    ["grantMembership", external, true, ["ALREADY_EXISTS"]],
  ] as const)("%s in %j, a member already: %s", (kind, where, isMember, wanted) => {
    expect(brief(planMembership(kind, { group: where, isMember }))).toEqual(wanted);
  });
});

describe("who administers a space afterwards", () => {
  it("counts a role beside single permissions in transition, and not on a roles-only site", () => {
    const grants = [role(somebody, "admin"), ...rows(other, ["administer/space"])];
    const change = aRole("revokeRole", "admin");
    expect(administratorsLost(change, stateOf("ROLES_TRANSITION", grants)).isLast).toBe(false);
    expect(administratorsLost(change, stateOf("ROLES", grants)).isLast).toBe(true);
  });

  it("does not count those whom changes planned on the same reading take away", () => {
    const state = stateOf("ROLES", [role(somebody, "admin"), role(other, "admin")]);
    const first = administratorsLost(aRole("revokeRole", "admin"), state);
    expect(first.isLast).toBe(false);
    for (const key of first.keys) state.administratorsLeaving.add(key);
    expect(administratorsLost(aRole("revokeRole", "admin", other), state).isLast).toBe(true);
  });
});
