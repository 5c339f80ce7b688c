import {
  type Complete,
  type Gap,
  gapFromError,
  mergeComplete,
  mergeGaps,
  unread,
  withItems,
} from "../../domain/Complete.js";
import type { PermissionGrant, SpaceGrant } from "../../domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { PermissionModel } from "../../domain/Site.js";
import { SiteError, siteErrorOf } from "../../domain/SiteError.js";
import { type Found, fetchEach, type Take } from "../fetchMany.js";
import type { CloudClient } from "./client.js";
import { cloudLimits } from "./limits.js";
import {
  type RoleAssignmentWire,
  roleAssignmentsWire,
  type SpacePermissionWire,
  spacePermissionsWire,
} from "./wire.js";

/**
 * What spaces grant: granular rows in every mode, role assignments in all but `PRE_ROLES`, which has none. Of two chains
 * one may fail: then what the other gave stands, with a gap. A space that neither chain can see is a failure, not a space without grants.
 */
export function fetchSpaceGrants(
  client: CloudClient,
  ids: readonly SpaceId[],
  model: PermissionModel,
  take?: Take<SpaceId, Complete<SpaceGrant>>,
): Promise<Found<SpaceId, Complete<SpaceGrant>>> {
  const told = new ToldParts();
  const fetchOne = async (id: SpaceId) => {
    if (model === "PRE_ROLES") return fetchPermissions(client, id, told);
    const [permissions, assignments] = await Promise.allSettled([
      fetchPermissions(client, id, told),
      fetchAssignments(client, id),
    ]);
    if (permissions.status === "rejected" && assignments.status === "rejected") throw permissions.reason;
    const now = client.clock.now();
    return mergeComplete(
      [
        partOf(permissions, `granular permissions of space ${id}`, now),
        partOf(assignments, `role assignments of space ${id}`, now),
      ],
      now,
    );
  };
  return fetchEach(ids, client.concurrency, fetchOne, take);
}

const permissionsCall = "GET /wiki/api/v2/spaces/{id}/permissions";

async function fetchPermissions(client: CloudClient, id: SpaceId, told: ToldParts): Promise<Complete<SpaceGrant>> {
  const list = await client.listByCursor({
    call: permissionsCall,
    path: `/wiki/api/v2/spaces/${encodeURIComponent(id)}/permissions`,
    shape: spacePermissionsWire,
    pageSize: cloudLimits.spacePermissions,
    missing: (count) => `granular permissions of space ${id} after the first ${count}`,
  });
  const byId = new Map<string, PermissionGrant>();
  const contradicted = new Set<string>();
  const items: SpaceGrant[] = [];
  for (const row of list.items) {
    const grant = mapSpacePermission(row, told);
    const { permissionId, principal, operation } = grant;
    const known = byId.get(permissionId);
    if (known === undefined) byId.set(permissionId, grant);
    else if (known.principal !== principal || known.operation !== operation) {
      contradicted.add(permissionId);
      continue;
    }
    items.push(grant);
  }
  const whole = withItems(list, items);
  if (contradicted.size === 0) return whole;
  const gaps = [...contradicted].map((permissionId) => toldTwice(id, permissionId));
  return { ...whole, gaps: mergeGaps(whole.gaps, gaps) };
}

/** A grant is known by its id: where two have one, the first is taken, and the list is without the other. */
function toldTwice(id: SpaceId, permissionId: string): Gap {
  const reason = `Two different permissions were told under the id ${permissionId}.`;
  const missing = `another granular permission ${permissionId} of space ${id}`;
  return gapFromError(missing, new SiteError("ContractDrift", reason, { call: permissionsCall }));
}

async function fetchAssignments(client: CloudClient, id: SpaceId): Promise<Complete<SpaceGrant>> {
  const list = await client.listByCursor({
    call: "GET /wiki/api/v2/spaces/{id}/role-assignments",
    path: `/wiki/api/v2/spaces/${encodeURIComponent(id)}/role-assignments`,
    shape: roleAssignmentsWire,
    pageSize: cloudLimits.roleAssignments,
    missing: (count) => `role assignments of space ${id} after the first ${count}`,
  });
  return withItems(list, list.items.map(mapRoleAssignment));
}

function partOf(
  outcome: PromiseSettledResult<Complete<SpaceGrant>>,
  missing: string,
  nowMs: number,
): Complete<SpaceGrant> {
  if (outcome.status === "fulfilled") return outcome.value;
  return unread(gapFromError(missing, siteErrorOf(outcome.reason)), nowMs);
}

/** A granular row as a grant. */
function mapSpacePermission({ id, principal, operation }: SpacePermissionWire, told: ToldParts): PermissionGrant {
  return {
    kind: "permission",
    permissionId: String(id),
    principal: told.principal(principal.type, principal.id),
    operation: told.operation(operation.key, operation.targetType),
  };
}

/**
 * The same holders and operations stand in thousands of rows that are read together, which are kept until the last of them is read:
 * each of these is one object, and each of their texts one text.
 */
class ToldParts {
  readonly #principals = new Map<string, Map<string, Principal>>();
  readonly #operations = new Map<string, Map<string, Operation>>();

  principal(type: string, id: string): Principal {
    return known(this.#principals, type, id, principalOf);
  }

  operation(key: string, target: string): Operation {
    return known(this.#operations, key, target, operationOf);
  }
}

function known<T>(
  all: Map<string, Map<string, T>>,
  first: string,
  second: string,
  make: (first: string, second: string) => T,
): T {
  let some = all.get(first);
  if (some === undefined) {
    some = new Map();
    all.set(first, some);
  }
  let one = some.get(second);
  if (one === undefined) {
    one = make(first, second);
    some.set(second, one);
  }
  return one;
}

function operationOf(key: string, target: string): Operation {
  return { key, target };
}

/** A role assignment as a grant. */
function mapRoleAssignment(row: RoleAssignmentWire): SpaceGrant {
  return {
    kind: "role",
    principal: principalOf(row.principal.principalType, row.principal.principalId),
    roleId: row.roleId as RoleId,
  };
}

/**
 * v2 permissions say `user`, `group`, `role` and, undocumented, `access-class`; assignments say `USER`, `GROUP`,
 * `ACCESS_CLASS`. Both spellings of an access class are one class; whatever else comes is kept under its own type.
 */
function principalOf(type: string, id: string): Principal {
  // Nearly every row is one of these, and need not be respelled.
  if (type === "user") return { kind: "account", accountId: id as AccountId };
  if (type === "group") return { kind: "group", groupId: id as GroupId };
  switch (type.toLowerCase().replaceAll("_", "-")) {
    case "user":
      return { kind: "account", accountId: id as AccountId };
    case "group":
      return { kind: "group", groupId: id as GroupId };
    case "access-class":
      return { kind: "accessClass", classId: id, reportedType: "access-class" };
    default:
      return { kind: "accessClass", classId: id, reportedType: type };
  }
}
