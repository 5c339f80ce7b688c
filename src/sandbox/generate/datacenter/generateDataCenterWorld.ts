import { Random } from "../../random/Random.js";
import type { DataCenterWorld, WorldAccount } from "../../world/World.js";
import type { DataCenterSize } from "../parseRandomSpec.js";
import { generateDataCenterGroups } from "./generateDataCenterGroups.js";
import { generateDataCenterSpaces } from "./generateDataCenterSpaces.js";
import { generateDataCenterUsers } from "./generateDataCenterUsers.js";
import { globalPermissions } from "./permissionProfiles.js";

/**
 * Makes up a Data Center site, the same for the same seed, sizes and `accounts`. About half of its users are people behind
 * `accounts`, as far as those reach. It holds every kind of user, nesting, space, subject and permission as soon as it is
 * large enough for them.
 */
export function generateDataCenterWorld(
  seed: string,
  { version, ...sizes }: DataCenterSize,
  accounts: readonly WorldAccount[],
): DataCenterWorld {
  const users = generateDataCenterUsers(new Random(`${seed} dc-users`), sizes.users, accounts);
  const groups = generateDataCenterGroups(new Random(`${seed} dc-groups`), users, sizes.groups);
  const spaces = generateDataCenterSpaces(new Random(`${seed} dc-spaces`), { users, groups, count: sizes.spaces });
  return {
    version,
    contextPath: "/confluence",
    users,
    groups,
    spaces,
    globalPermissions,
    administrators: ["confluence-administrators"],
  };
}
