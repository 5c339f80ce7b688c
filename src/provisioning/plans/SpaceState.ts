import type { Trust } from "../../domain/Complete.js";
import type { SpaceGrant, SpaceRole } from "../../domain/Grant.js";
import { type Operation, operationName, readSpace } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import type { PermissionModel } from "../../domain/Site.js";
import type { Space } from "../../domain/Space.js";
import { type Call, plannedRow } from "./Call.js";

/** What a space change is planned on, freshly read. */
export interface SpaceState {
  readonly space: Space;
  readonly grants: readonly SpaceGrant[];
  /** How far that can be trusted; without gaps, or nothing would be planned on it. */
  readonly trust: Trust;
  readonly model: PermissionModel;
  /** Empty where the site has none. */
  readonly roles: readonly SpaceRole[];
  readonly grantableOperations: readonly Operation[];
  /** The access classes, by id, that single permissions can be granted to. */
  readonly grantableClasses: ReadonlySet<string>;
  /** The access classes, by id, that a role can be given to. */
  readonly roleClasses: ReadonlySet<string>;
  /** True where `read/space` takes all other permissions of its holder with it, and some permissions bring others (Cloud). */
  readonly hasCascades: boolean;
}

/** A space as it will be when some calls about a principal were carried out, with what comes and goes with them. */
export function afterCalls(state: SpaceState, principal: Principal, calls: readonly Call[]): SpaceState {
  let now = state;
  for (const call of calls) now = { ...now, grants: afterCall(now, principal, call) };
  return now;
}

function afterCall(state: SpaceState, principal: Principal, call: Call): readonly SpaceGrant[] {
  const { grants, hasCascades } = state;
  const isTheirs = (grant: SpaceGrant) => principalKey(grant.principal) === principalKey(principal);
  switch (call.kind) {
    case "addPermission": {
      const added = [call.operation, ...(hasCascades ? companionsOf(call.operation) : [])];
      const held = new Set(
        grants.flatMap((grant) =>
          isTheirs(grant) && grant.kind === "permission" ? [operationName(grant.operation)] : [],
        ),
      );
      return [
        ...grants,
        ...added
          .filter((operation) => !held.has(operationName(operation)))
          .map(
            (operation): SpaceGrant => ({
              kind: "permission",
              permissionId: plannedRow(operation),
              principal,
              operation,
            }),
          ),
      ];
    }
    case "removePermission": {
      const isRead = operationName(call.operation) === operationName(readSpace);
      return grants.filter((grant) => {
        if (!isTheirs(grant) || grant.kind !== "permission") return true;
        if (hasCascades && (isRead || isCompanionOf(grant.operation, call.operation))) return false;
        return grant.permissionId !== call.permissionId;
      });
    }
    case "setRole": {
      const rest = grants.filter((grant) => !(isTheirs(grant) && grant.kind === "role"));
      return call.roleId === null ? rest : [...rest, { kind: "role", principal, roleId: call.roleId }];
    }
    case "addMember":
    case "removeMember":
      return grants;
  }
}

/** What comes and goes with an operation, unasked (2026-11-20, test "a permission and its companions"). */
const primaries: Readonly<Record<string, string>> = {
  "export_content/space": operationName(readSpace),
  "update/page": "create/page",
};

/** The operation that brings this one with it, and takes it away again; `null` when none does. */
function primaryOf(operation: Operation): string | null {
  return primaries[operationName(operation)] ?? null;
}

/** True when one operation comes and goes with another. */
export function isCompanionOf(operation: Operation, primary: Operation): boolean {
  return primaryOf(operation) === operationName(primary);
}

/** Leaves out what comes or goes with another one of them: asking for it as well would be refused. */
export function withoutCompanions<Item>(items: readonly Item[], operationOf: (item: Item) => Operation): Item[] {
  const names = new Set(items.map((item) => operationName(operationOf(item))));
  return items.filter((item) => !names.has(primaryOf(operationOf(item)) ?? ""));
}

/** What is granted along with an operation where the site grants companions. */
function companionsOf(primary: Operation): Operation[] {
  return Object.entries(primaries).flatMap(([name, primaryName]) => {
    const [key, target] = name.split("/");
    return primaryName === operationName(primary) && key !== undefined && target !== undefined ? [{ key, target }] : [];
  });
}
