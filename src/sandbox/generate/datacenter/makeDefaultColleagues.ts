import type { Random } from "../../random/Random.js";
import type { DataCenterUser, WorldAccount } from "../../world/World.js";
import { isReachablePerson, makeDataCenterUser, makeSharedUser, makeUserKey } from "./makeUser.js";

/** A user of the default world, and the department that their groups follow from. */
export interface Colleague {
  readonly user: DataCenterUser;
  readonly department: string;
}

const departments = ["Engineering", "People", "Finance", "Legal", "Marketing", "Sales", "Support", "IT"] as const;
const counts: readonly (readonly [status: DataCenterUser["status"], count: number])[] = [
  ["current", 80],
  ["deactivated", 8],
  ["externally_deleted", 2],
  ["unlicensed", 2],
];

/**
 * Two hundred users, the administrator first. Half of them have an account on the Cloud site too, some suspended there and
 * active here, some the other way round.
 */
export function makeDefaultColleagues(random: Random, accounts: readonly WorldAccount[]): Colleague[] {
  const known = accounts.slice(1).filter(isReachablePerson);
  const shared = known
    .filter((_, at) => at % 2 === 0)
    .map((account, at): Colleague => {
      const status = at % 25 === 7 ? "deactivated" : "current";
      return { user: makeSharedUser(random, account, status), department: account.department ?? "IT" };
    });
  const own = counts.flatMap(([status, count]) => Array.from({ length: count }, () => status));
  return [
    ...makeNamed(random),
    ...shared,
    ...own.map((status, at): Colleague => {
      return { user: makeDataCenterUser(random, status, at + 1), department: random.pick(departments) };
    }),
  ];
}

function makeNamed(random: Random): Colleague[] {
  const make = (username: string, displayName: string, email: string, lastLogin?: string): DataCenterUser => ({
    userKey: makeUserKey(random),
    username,
    displayName,
    email,
    status: "current",
    ...(lastLogin === undefined ? {} : { lastLogin }),
  });
  return [
    { user: make("admin", "Robin Adeyemi", "admin@sandbox.test", "2026-11-20T16:05:00.000Z"), department: "IT" },
    // A group has the same name.
    { user: make("webmaster", "Web master", "webmaster@northwind.example"), department: "IT" },
    // From a directory that names people by their address and keeps the case in which it was typed.
    {
      user: make(
        "Ines.Weber@Northwind.example",
        "Ines Weber",
        "ines.weber@northwind.example",
        "2026-11-19T09:12:00.000Z",
      ),
      department: "Marketing",
    },
  ];
}
