import type { Account } from "../../domain/Account.js";
import type { Found } from "../Found.js";
import { lookUpEach } from "../fetchEach.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUser } from "./fetchUser.js";

/** Accounts by user name, in any letter case, one call each; found under the name as it was asked for. */
export function fetchAccountsByUsernames(
  context: DataCenterContext,
  names: readonly string[],
): Promise<Found<string, Account>> {
  const asked = names.filter((name) => name !== "");
  return lookUpEach(asked, context.client.concurrency, (username) => fetchUser(context, { username }));
}
