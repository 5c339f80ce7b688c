import { anonymousUsers } from "./anonymousUsers.js";
import type { Holder } from "./Holder.js";
import { groupIdOf } from "./names/dataCenterNames.js";
import { operationNames } from "./operationNames.js";
import type { PermissionHolding } from "./PermissionHolding.js";
import type { PermissionSetsWire } from "./wire/permissionSetWire.js";

/** The rows of JSON-RPC's sets: users come by name alone, and anonymous as nobody. */
export function mapPermissionSets(sets: PermissionSetsWire): PermissionHolding[] {
  return sets.flatMap(({ type, spacePermissions }) =>
    (spacePermissions ?? []).map((row) => ({
      holder: holderOf(row),
      operation: operationNames.fromRemote(row.type || type),
    })),
  );
}

function holderOf({
  userName,
  groupName,
}: {
  readonly userName?: string | null | undefined;
  readonly groupName?: string | null | undefined;
}): Holder {
  if (userName) return { kind: "username", username: userName };
  if (groupName) return { kind: "group", groupId: groupIdOf(groupName) };
  return anonymousUsers;
}
