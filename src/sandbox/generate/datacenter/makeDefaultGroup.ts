import type { Random } from "../../random/Random.js";
import type { DataCenterGroup } from "../../world/World.js";
import type { DefaultDataCenterGroup } from "./defaultDataCenterGroups.js";
import type { Colleague } from "./makeDefaultColleagues.js";

/** A group with its members. Whoever was deactivated keeps the memberships; whom the directory forgot has none. */
export function makeDefaultGroup(
  random: Random,
  { name, department, share = 0, members = [], isForUnlicensed = false, groups }: DefaultDataCenterGroup,
  colleagues: readonly Colleague[],
): DataCenterGroup {
  const found = colleagues.filter((colleague) => {
    const { status } = colleague.user;
    if (status === "externally_deleted" || (status === "unlicensed") !== isForUnlicensed) return false;
    if (department !== undefined && colleague.department !== department) return false;
    return random.isLikely(share);
  });
  const named = new Set(members.map((username) => username.toLowerCase()));
  const others = found.map(({ user }) => user.username).filter((username) => !named.has(username.toLowerCase()));
  return { name, members: [...members, ...others], ...(groups === undefined ? {} : { groups }) };
}
