import type { Random } from "../random/Random.js";
import type { WorldAccount, WorldGroup } from "../world/World.js";
import { shareOut } from "./shareOut.js";

const teams = [
  "platform",
  "payments",
  "mobile",
  "search",
  "people",
  "finance",
  "legal",
  "sales",
  "support",
  "data",
] as const;
const places = [
  "amsterdam",
  "austin",
  "bengaluru",
  "kraków",
  "lagos",
  "osaka",
  "são-paulo",
  "sydney",
  "global",
] as const;

/** Groups of every manager and size: one of everybody, large and small ones, and an empty one. */
export function generateGroups(
  random: Random,
  accounts: readonly WorldAccount[],
  count: number,
  memberships: number,
): WorldGroup[] {
  const people = accounts.filter((account) => account.accountType !== "customer" && account.accountType !== "unknown");
  const ids = people.map((account) => account.accountId);
  const licensed = people.filter((account) => account.productRoles?.includes("atlassian/user") === true);
  const fixed: WorldGroup[] = [
    {
      id: random.uuid(),
      name: "confluence-users",
      managedBy: "ADMINS",
      accessType: "user",
      members: licensed.map((account) => account.accountId).slice(0, memberships),
    },
    {
      id: random.uuid(),
      name: "confluence-admins",
      managedBy: "ADMINS",
      accessType: "admin",
      members: ids.slice(0, 1),
    },
    { id: random.uuid(), name: "site-admins", managedBy: "ADMINS", accessType: "site-admin", members: ids.slice(0, 1) },
    { id: random.uuid(), name: "nobody-yet", managedBy: "OPEN", members: [] },
  ];
  const groups = fixed.slice(0, count);
  const others = Math.max(0, count - groups.length);
  const left = memberships - groups.reduce((sum, group) => sum + group.members.length, 0);
  const sizes = shareOut(left, others, ids.length);
  return [
    ...groups,
    ...sizes.map((size, at) =>
      makeGroup(
        random,
        at,
        random.sample(size, ids.length).flatMap((i) => ids[i] ?? []),
      ),
    ),
  ];
}

function makeGroup(random: Random, at: number, members: readonly string[]): WorldGroup {
  const group = { id: random.uuid(), name: `${random.pick(teams)}-${random.pick(places)}-${at + 1}`, members };
  const dice = random.next();
  if (at === 0 || dice < 0.2) return { ...group, managedBy: "EXTERNAL" };
  if (at === 1 || dice < 0.3) return { ...group, usageType: "TEAM_COLLABORATION", managedBy: "TEAM_MEMBERS" };
  if (dice < 0.35) return { ...group, managedBy: "OPEN" };
  // The rest says nothing and is managed by administrators, the default.
  return dice < 0.7 ? { ...group, managedBy: "ADMINS" } : group;
}
