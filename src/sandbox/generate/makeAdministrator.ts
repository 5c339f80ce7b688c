import type { Random } from "../random/Random.js";
import type { WorldAccount } from "../world/World.js";

/** The account behind the default credential. */
export function makeAdministrator(random: Random): WorldAccount {
  return {
    accountId: `712020:${random.uuid()}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: "Robin Adeyemi",
    email: "admin@sandbox.test",
    orgStatus: "active",
    productRoles: ["atlassian/user", "atlassian/admin"],
    lastActive: "2026-11-20",
    managed: true,
    givenName: "Robin",
    familyName: "Adeyemi",
    department: "IT",
    externalId: "E100000",
  };
}
