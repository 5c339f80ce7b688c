import type { SpaceGrant, SpaceRole } from "../../domain/Grant.js";
import { type Operation, operationName, readSpace } from "../../domain/Operation.js";
import { principalKey } from "../../domain/Principal.js";
import type { Change } from "../Change.js";
import { refuse } from "../reconcile/Task.js";
import { type Call, type CallPlan, rowName } from "./Call.js";
import { afterCalls, type SpaceState, withoutCompanions } from "./SpaceState.js";

type PermissionChange = Extract<Change, { kind: "grantPermissions" | "revokePermissions" }>;
type PermissionRow = Extract<SpaceGrant, { kind: "permission" }>;

/** Plans a change of granular permissions: `read/space` first when granting, last when revoking. */
export function planPermissions(change: PermissionChange, state: SpaceState): CallPlan {
  const held = rowsOf(change, state);
  return change.kind === "grantPermissions" ? planGrant(change, state, held) : planRevocation(change, state, held);
}

function planGrant(
  { operations, principal }: PermissionChange,
  state: SpaceState,
  held: readonly PermissionRow[],
): CallPlan {
  const has = new Set(held.map((row) => operationName(row.operation)));
  const wanted = withReadFirst(operations);
  const absent = wanted.filter((operation) => !has.has(operationName(operation)));
  const missing = withoutCompanions(absent, (operation) => operation);
  const [first, ...rest] = missing.map((operation): Call => ({ kind: "addPermission", operation }));
  if (first === undefined) return { kind: "noop", outcome: "ALREADY_EXISTS" };

  if (state.model === "ROLES") {
    const role = smallestRoleFor(wanted, state.roles);
    const names = wanted.map(operationName).join(", ");
    const advice =
      role === null
        ? "No role of the site gives them all."
        : `Grant the role "${role.name}" (${role.roleId}), the smallest that gives them.`;
    return refuse(
      "GRANULAR_ON_ROLES_SITE",
      ["permissions"],
      `This site knows roles only and refuses single permissions (${names}). ${advice}`,
    );
  }
  if (principal.kind === "accessClass" && !state.grantableClasses.has(principal.classId)) {
    return refuse(
      "PRINCIPAL_NOT_SUPPORTED",
      ["principal"],
      `This Confluence takes single permissions for ${["accounts", "groups", ...state.grantableClasses].join(", ")} only. An access class can be given a role where the site has roles.`,
    );
  }
  const grantable = new Set(state.grantableOperations.map(operationName));
  const foreign = missing.findIndex((operation) => !grantable.has(operationName(operation)));
  if (foreign >= 0) {
    const name = operationName(missing[foreign] ?? readSpace);
    const index = operations.findIndex((operation) => operationName(operation) === name);
    return refuse(
      "UNKNOWN_PERMISSION",
      ["permissions", String(Math.max(0, index))],
      `${name} cannot be granted. These can: ${[...grantable].join(", ")}.`,
    );
  }
  return { kind: "steps", calls: [first, ...rest], cascades: [], outcome: "CREATED" };
}

function planRevocation(change: PermissionChange, state: SpaceState, held: readonly PermissionRow[]): CallPlan {
  const unwanted = new Set(change.operations.map(operationName));
  const { permissionId } = change;
  const rows = held.filter(
    (row) =>
      unwanted.has(operationName(row.operation)) && (permissionId === undefined || row.permissionId === permissionId),
  );
  const [first, ...rest] = withoutCompanions(withReadLast(rows), (row) => row.operation).map(
    (row): Call => ({ kind: "removePermission", permissionId: row.permissionId, operation: row.operation }),
  );
  if (first === undefined) return { kind: "noop", outcome: "NOT_PRESENT" };

  if (state.model === "ROLES") {
    return refuse(
      "NOT_REVOCABLE",
      ["permissions"],
      "This site knows roles only and refuses every change of a single permission.",
    );
  }
  const calls = [first, ...rest] as const;
  return { kind: "steps", calls, cascades: cascadesOf(change, state, { held, calls }), outcome: "REMOVED" };
}

function rowsOf({ principal }: PermissionChange, { grants }: SpaceState): PermissionRow[] {
  const key = principalKey(principal);
  return grants.filter(
    (grant): grant is PermissionRow => grant.kind === "permission" && principalKey(grant.principal) === key,
  );
}

function withReadFirst(operations: readonly Operation[]): Operation[] {
  const named = new Map([readSpace, ...operations].map((operation) => [operationName(operation), operation]));
  return [...named.values()];
}

/** The rows that go with others, unasked: what a revocation takes beyond what it names. */
function cascadesOf(
  { principal, operations }: PermissionChange,
  state: SpaceState,
  { held, calls }: { readonly held: readonly PermissionRow[]; readonly calls: readonly Call[] },
): string[] {
  const asked = new Set(operations.map(operationName));
  const stay = new Set(afterCalls(state, principal, calls).grants);
  return held
    .filter((row) => !stay.has(row) && !asked.has(operationName(row.operation)))
    .map((row) => `with it goes ${operationName(row.operation)} (${rowName(row.permissionId)})`);
}

function withReadLast(rows: readonly PermissionRow[]): PermissionRow[] {
  const isRead = (row: PermissionRow) => operationName(row.operation) === operationName(readSpace);
  return [...rows.filter((row) => !isRead(row)), ...rows.filter(isRead)];
}

/** The role with the fewest permissions that gives all of these; `null` when none does. */
function smallestRoleFor(operations: readonly Operation[], roles: readonly SpaceRole[]): SpaceRole | null {
  const wanted = operations.map(operationName);
  const giving = roles.filter(({ permissions }) => {
    const given = new Set(permissions.map(operationName));
    return wanted.every((name) => given.has(name));
  });
  return giving.reduce<SpaceRole | null>(
    (smallest, role) => (smallest === null || role.permissions.length < smallest.permissions.length ? role : smallest),
    null,
  );
}
