import type { Random } from "../../random/Random.js";
import type { DataCenterUser, WorldAccount } from "../../world/World.js";
import { makeEmail } from "../makeEmail.js";
import { personNames } from "../personNames.js";

/** Whether an account is a colleague's and shows the e-mail by which another site's account is found to be theirs. */
export function isReachablePerson(account: WorldAccount): account is WorldAccount & { readonly email: string } {
  return account.accountType === "atlassian" && account.isExternalCollaborator !== true && Boolean(account.email);
}

/** 32 hexadecimal digits; those of one installation begin alike. */
export function makeUserKey(random: Random): string {
  return `2c958083${random.uuid().replaceAll("-", "").slice(0, 24)}`;
}

const dayMs = 86_400_000;

/** When a user was last there: some never, some long ago, whoever may not come any more long ago at best. */
export function makeLastLogin(random: Random, status: DataCenterUser["status"]): Pick<DataCenterUser, "lastLogin"> {
  if (random.isLikely(0.1)) return {};
  const isLongAgo = status !== "current" || random.isLikely(0.15);
  const days = isLongAgo ? 91 + random.below(900) : random.below(60);
  // Counted back from one fixed moment: a world must be the same whenever it is made.
  const at = Date.UTC(2026, 10, 20, 18) - days * dayMs - random.below(600) * 60_000;
  return { lastLogin: new Date(at).toISOString() };
}

/** The user of somebody who has an account on the Cloud site as well: nothing but the e-mail says that they are one person. */
export function makeSharedUser(
  random: Random,
  { displayName, email }: WorldAccount & { readonly email: string },
  status: DataCenterUser["status"],
): DataCenterUser {
  return {
    userKey: makeUserKey(random),
    username: email.slice(0, email.indexOf("@")),
    displayName,
    email,
    status,
    ...makeLastLogin(random, status),
  };
}

/** Somebody whom only the Data Center site knows. `number` makes user name and address one of a kind. */
export function makeDataCenterUser(random: Random, status: DataCenterUser["status"], number: number): DataCenterUser {
  const givenName = random.pick(personNames.given);
  const familyName = random.pick(personNames.family);
  // Two parts and not three: no account of a Cloud half is named so.
  const email = makeEmail([givenName.slice(0, 1), `${familyName}${number}`], "northwind.example");
  return {
    userKey: makeUserKey(random),
    username: email.slice(0, email.indexOf("@")),
    displayName: `${givenName} ${familyName}`,
    email,
    status,
    ...makeLastLogin(random, status),
  };
}
