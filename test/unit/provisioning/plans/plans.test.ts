import { describe, expect, it } from "vitest";
import type { SpaceGrant } from "../../../../src/domain/Grant.js";
import type { AccountId, RoleId, SpaceId } from "../../../../src/domain/ids.js";
import type { Group, Principal } from "../../../../src/domain/Principal.js";
import type { PermissionModel } from "../../../../src/domain/Site.js";
import type { Space } from "../../../../src/domain/Space.js";
import { takesAdministration } from "../../../../src/provisioning/guards/lastAdministrator.js";
import { type CallPlan, describeCall } from "../../../../src/provisioning/plans/Call.js";
import { planPermissions } from "../../../../src/provisioning/plans/planPermissions.js";
import { planRole } from "../../../../src/provisioning/plans/planRole.js";
import { afterCalls, type SpaceState } from "../../../../src/provisioning/plans/SpaceState.js";
import { planMembership } from "../../../../src/provisioning/targets/group.js";

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
    trust: { gaps: [], asOfMs: 0, assumptions: [] },
    grants,
    model,
    roles: [
      definition("big", ["read/space", "create/page", "delete/page", "export/space"]),
      definition("admin", ["read/space", "administer/space"]),
      definition("writer", ["read/space", "create/page"]),
    ],
    grantableOperations: ["read/space", "create/page", "delete/page", "administer/space"].map(operationOf),
    grantableClasses: new Set(),
    roleClasses: new Set(),
    hasCascades: true,
  };
}

/** A plan in one line: its outcome or code, and its calls. */
function brief(plan: CallPlan): string[] {
  switch (plan.kind) {
    case "noop":
      return [plan.outcome];
    case "refused":
      return [plan.fault.code];
    case "steps":
      return [plan.outcome, ...plan.calls.map(describeCall), ...plan.cascades];
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
const grantOf = (roleId: string, onExistingRole: "KEEP" | "REPLACE" | "REFUSE", principal = somebody) => ({
  ...{ kind: "grantRole" as const, spaceId, principal, roleId: roleId as RoleId, onExistingRole },
});
const revocationOf = (roleId: string, principal = somebody) => ({
  ...{ kind: "revokeRole" as const, spaceId, principal, roleId: roleId as RoleId },
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
    [["create/page"], ["REMOVED", "revoke create/page (row 3)", "with it goes update/page (row 4)"]],
    [["update/page"], ["REMOVED", "revoke update/page (row 4)"]],
    [
      ["update/page", "create/page"],
      ["REMOVED", "revoke create/page (row 3)"],
    ],
    [
      ["read/space", "delete/page"],
      [
        "REMOVED",
        "revoke delete/page (row 5)",
        "revoke read/space (row 1)",
        "with it goes export_content/space (row 2)",
        "with it goes create/page (row 3)",
        "with it goes update/page (row 4)",
      ],
    ],
    [
      ["read/space"],
      [
        "REMOVED",
        "revoke read/space (row 1)",
        "with it goes export_content/space (row 2)",
        "with it goes create/page (row 3)",
        "with it goes update/page (row 4)",
        "with it goes delete/page (row 5)",
      ],
    ],
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

describe("a space after some calls", () => {
  const held = (state: SpaceState) =>
    state.grants.map((grant) =>
      grant.kind === "role" ? grant.roleId : `${grant.operation.key}/${grant.operation.target}`,
    );

  it("has what comes along with a permission, and loses what goes with it, where the site cascades", () => {
    const empty = stateOf("PRE_ROLES", []);
    const granted = afterCalls(empty, somebody, [
      { kind: "addPermission", operation: operationOf("read/space") },
      { kind: "addPermission", operation: operationOf("create/page") },
    ]);
    expect(held(granted)).toEqual(["read/space", "export_content/space", "create/page", "update/page"]);
    const read = {
      kind: "removePermission",
      permissionId: "planned read/space",
      operation: operationOf("read/space"),
    } as const;
    expect(held(afterCalls(granted, somebody, [read]))).toEqual([]);
    expect(held(afterCalls({ ...granted, hasCascades: false }, somebody, [read]))).toEqual([
      ...["export_content/space", "create/page", "update/page"],
    ]);
  });

  it("holds one role of a principal at most, and leaves others alone", () => {
    const state = stateOf("ROLES", [role(somebody, "big"), role(other, "big")]);
    const replaced = afterCalls(state, somebody, [{ kind: "setRole", roleId: "admin" as RoleId }]);
    expect(held(replaced)).toEqual(["big", "admin"]);
    expect(held(afterCalls(replaced, somebody, [{ kind: "setRole", roleId: null }]))).toEqual(["big"]);
  });
});

describe("planning roles", () => {
  it.each([
    ["ROLES", "writer", [], "REFUSE", ["CREATED", "assign role writer"]],
    ["ROLES_TRANSITION", "writer", [role(somebody, "big")], "REPLACE", ["REPLACED", "assign role writer"]],
    ["ROLES_TRANSITION", "writer", [role(somebody, "big")], "REFUSE", ["OTHER_ROLE_HELD"]],
    ["ROLES_TRANSITION", "writer", [role(somebody, "big")], "KEEP", ["KEPT"]],
    ["ROLES", "writer", [role(somebody, "writer")], "REFUSE", ["ALREADY_EXISTS"]],
    ["ROLES", "emperor", [], "REFUSE", ["ROLE_NOT_FOUND"]],
    ["PRE_ROLES", "writer", [], "REFUSE", ["ROLES_NOT_AVAILABLE"]],
  ] as const)("in mode %s grants %s over %j, told to %s", (mode, roleId, grants, onExistingRole, wanted) => {
    expect(brief(planRole(grantOf(roleId, onExistingRole), stateOf(mode, grants)))).toEqual(wanted);
  });

  it("revokes the role that is held, and no other", () => {
    const state = stateOf("ROLES", [role(somebody, "writer")]);
    expect(brief(planRole(revocationOf("writer"), state))).toEqual(["REMOVED", "take the role away"]);
    expect(brief(planRole(revocationOf("big"), state))).toEqual(["NOT_PRESENT"]);
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

describe("whether a change takes administration", () => {
  const after = (state: SpaceState, plan: CallPlan) =>
    plan.kind === "steps" ? afterCalls(state, somebody, plan.calls) : state;

  it("is asked of changes that take it, or the read that it needs, and of no others", () => {
    const state = stateOf("ROLES", [role(somebody, "admin"), role(other, "writer")]);
    const takes = (plan: CallPlan) => takesAdministration(state, after(state, plan));
    expect(takes(planRole(revocationOf("admin"), state))).toBe(true);
    expect(takes(planRole(grantOf("writer", "REPLACE"), state))).toBe(true);
    expect(takes(planRole(grantOf("writer", "KEEP"), state))).toBe(false);
    const written = stateOf("ROLES", [role(somebody, "writer"), role(other, "admin")]);
    expect(takesAdministration(written, after(written, planRole(revocationOf("writer"), written)))).toBe(false);
  });

  it("is so of a read that others administer by, and not of one that nobody needs", () => {
    const without = (grants: readonly SpaceGrant[]) => {
      const state = { ...stateOf("PRE_ROLES", grants), hasCascades: false };
      return takesAdministration(state, { ...state, grants: grants.slice(1) });
    };
    expect(without([...rows(somebody, ["read/space"]), ...rows(other, ["administer/space"])])).toBe(true);
    expect(without([...rows(somebody, ["read/space"]), ...rows(other, ["read/space", "administer/space"])])).toBe(
      false,
    );
  });

  it("is so of a role that nobody can read: it may have given it", () => {
    const state = stateOf("ROLES", [role(somebody, "unheard-of"), role(other, "admin")]);
    expect(takesAdministration(state, { ...state, grants: state.grants.slice(1) })).toBe(true);
  });

  it("is so of the last single permission to administer, which Cloud keeps whatever roles give", () => {
    const grants = [...rows(somebody, ["administer/space"]), role(somebody, "admin")];
    const state = stateOf("ROLES_TRANSITION", grants);
    expect(takesAdministration(state, { ...state, grants: grants.slice(1) })).toBe(true);
    expect(takesAdministration({ ...state, hasCascades: false }, { ...state, grants: grants.slice(1) })).toBe(false);
  });
});
