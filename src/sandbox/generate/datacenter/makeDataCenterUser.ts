import type { Random } from "../../random/Random.js";
import type { DataCenterUser } from "../../world/World.js";
import { makeEmail } from "../makeEmail.js";
import { personNames } from "../personNames.js";
import { makeLastLogin } from "./makeLastLogin.js";
import { makeUserKey } from "./makeUserKey.js";

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
