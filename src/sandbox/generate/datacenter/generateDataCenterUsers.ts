import type { Random } from "../../random/Random.js";
import type { DataCenterUser, WorldAccount } from "../../world/World.js";
import { isReachablePerson, makeDataCenterUser, makeSharedUser } from "./makeUser.js";

type Status = DataCenterUser["status"];

const rareStatuses: readonly Status[] = ["deactivated", "unlicensed", "externally_deleted"];

/** Users of every status, an administrator first; every second one has one of `accounts`, while there are any left. */
export function generateDataCenterUsers(
  random: Random,
  count: number,
  accounts: readonly WorldAccount[],
): DataCenterUser[] {
  const people = accounts.slice(1).filter(isReachablePerson);
  return Array.from({ length: count }, (_, at) => {
    const status = statusOf(at, random);
    const person = at % 2 === 0 ? people[at / 2 - 1] : undefined;
    const user = person === undefined ? makeDataCenterUser(random, status, at) : makeSharedUser(random, person, status);
    return at === 0 ? { ...user, username: "admin", displayName: "Robin Adeyemi", email: "admin@sandbox.test" } : user;
  });
}

/** One of each rare status early on, so that small worlds have them too; then about one in ten. */
function statusOf(at: number, random: Random): Status {
  if (at === 0) return "current";
  const early = at % 2 === 1 ? rareStatuses[(at - 1) / 2] : undefined;
  if (early !== undefined) return early;
  if (!random.isLikely(0.1)) return "current";
  return random.isLikely(0.7) ? "deactivated" : random.isLikely(0.7) ? "unlicensed" : "externally_deleted";
}
