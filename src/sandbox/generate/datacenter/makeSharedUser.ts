import type { Random } from "../../random/Random.js";
import type { DataCenterUser, WorldAccount } from "../../world/World.js";
import { makeLastLogin } from "./makeLastLogin.js";
import { makeUserKey } from "./makeUserKey.js";

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
