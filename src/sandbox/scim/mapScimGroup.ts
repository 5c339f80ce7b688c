import type { WorldGroup } from "../world/World.js";
import type { ScimCall } from "./ScimCall.js";
import { schemas } from "./schemas.js";

/** A group as SCIM shows it, with those of its members that the directory knows. */
export function mapScimGroup({ directory, state, base }: ScimCall, group: WorldGroup): Record<string, unknown> {
  const id = directory.groupIdOf(group);
  const externalId = directory.groupExternalIdOf(group);
  return {
    schemas: [schemas.group],
    id,
    ...(externalId === undefined ? {} : { externalId }),
    displayName: group.name,
    members: group.members.flatMap((accountId) => {
      const account = state.accounts.get(accountId);
      if (account === undefined) return [];
      const value = directory.userIdOf(account);
      if (directory.user(value) === undefined) return [];
      return [{ type: "User", value, display: directory.userNameOf(account), $ref: `${base}/Users/${value}` }];
    }),
    meta: { resourceType: "Group", location: `${base}/Groups/${id}`, ...directory.timesOf(group.id) },
  };
}
