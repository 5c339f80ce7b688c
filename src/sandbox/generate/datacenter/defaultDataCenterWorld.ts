import { Random } from "../../random/Random.js";
import type { DataCenterPermission, DataCenterUser, DataCenterWorld, WorldAccount } from "../../world/World.js";
import { defaultDataCenterGroups } from "./defaultDataCenterGroups.js";
import { makeDefaultColleagues } from "./makeDefaultColleagues.js";
import { makeDefaultGroup } from "./makeDefaultGroup.js";
import { makeDefaultSpaces } from "./makeDefaultSpaces.js";
import { globalPermissions } from "./permissionProfiles.js";

/**
 * The Data Center half of the default world: two hundred users, half of them people of `accounts`, thirty groups and thirty
 * spaces that together show everything such a site can hold. The same at every start.
 */
export function defaultDataCenterWorld(accounts: readonly WorldAccount[]): DataCenterWorld {
  const random = new Random("the default Data Center");
  const colleagues = makeDefaultColleagues(random, accounts);
  const users = colleagues.map(({ user }) => user);
  return {
    version: "10.2.0",
    contextPath: "/confluence",
    users,
    groups: defaultDataCenterGroups.map((group) => makeDefaultGroup(random, group, colleagues)),
    spaces: makeDefaultSpaces(random, users),
    globalPermissions: [...globalPermissions, ...webmasters(users)],
    administrators: ["confluence-administrators"],
  };
}

/** One person holds a permission on the site as a whole by name, as on every site that has grown. */
function webmasters(users: readonly DataCenterUser[]): DataCenterPermission[] {
  return users
    .filter(({ username }) => username === "webmaster")
    .map(({ userKey }) => ({
      subject: { type: "user", userKey },
      operation: { operationKey: "create", targetType: "space" },
    }));
}
