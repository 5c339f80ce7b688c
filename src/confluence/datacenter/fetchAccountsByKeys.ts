import type { Account } from "../../domain/Account.js";
import type { AccountId } from "../../domain/ids.js";
import type { Found } from "../Found.js";
import { lookUpEach } from "../fetchEach.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUser } from "./fetchUser.js";

/** Facts of accounts, one call each. */
export function fetchAccountsByKeys(
  context: DataCenterContext,
  ids: readonly AccountId[],
): Promise<Found<AccountId, Account>> {
  // An empty key would be a 400, and is nobody's.
  const asked = ids.filter((id) => id !== "");
  return lookUpEach(asked, context.client.concurrency, async (key) => {
    const askedAtMs = context.client.clock.now();
    const account = await fetchUser(context, { key });
    context.usernames.learn(key, account.username, askedAtMs);
    return account;
  });
}
