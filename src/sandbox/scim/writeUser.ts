import { Refusal } from "../http/Refusal.js";
import type { WorldAccount } from "../world/World.js";
import type { ScimUserInput } from "./readUserInput.js";
import type { ScimCall } from "./ScimCall.js";

/** Makes an account be what a client wrote; attributes that it left out are gone. Refuses names and addresses of others. */
export function writeUser(call: ScimCall, account: WorldAccount, input: ScimUserInput): WorldAccount {
  const { directory, state, now } = call;
  const others = directory.users().filter(({ accountId }) => accountId !== account.accountId);
  const userName = input.userName.toLowerCase();
  if (others.some((other) => directory.userNameOf(other).toLowerCase() === userName)) {
    throw new Refusal(409, `A user with the userName ${input.userName} exists already.`, "uniqueness");
  }
  const owner = input.email === undefined ? undefined : state.accounts.byEmail(input.email);
  if (owner !== undefined && owner.accountId !== account.accountId) {
    throw new Refusal(409, `The e-mail address ${input.email} belongs to another user.`, "uniqueness");
  }
  if (input.email !== undefined && input.email !== account.email && !directory.isVerified(input.email)) {
    throw new Refusal(400, `The domain of ${input.email} is not verified for this organization.`, "invalidValue");
  }
  const { givenName, familyName, department, externalId, ...rest } = account;
  const written: WorldAccount = {
    ...rest,
    displayName: input.displayName,
    email: input.email ?? null,
    managed: true,
    ...given("givenName", input.givenName),
    ...given("familyName", input.familyName),
    ...given("department", input.department),
    ...given("externalId", input.externalId),
    ...activity(account, directory.isActive(account), input.active),
  };
  const isAddress = input.email !== undefined && input.email.toLowerCase() === userName;
  directory.putUser(written, { ...(isAddress ? {} : { userName: input.userName }), attributes: input.attributes }, now);
  return written;
}

/** Coming back from a deactivation does not end a suspension; writing what is so already changes nothing. */
function activity({ orgStatus }: WorldAccount, wasActive: boolean, active: boolean): Partial<WorldAccount> {
  if (active === wasActive) return {};
  if (!active) return { accountStatus: "inactive", orgStatus: "deactivated" };
  return { accountStatus: "active", orgStatus: orgStatus === "suspended" ? "suspended" : "active" };
}

function given<K extends keyof WorldAccount>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  if (value !== undefined) found[key] = value;
  return found;
}
