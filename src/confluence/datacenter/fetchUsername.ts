import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUser } from "./fetchUser.js";

/**
 * The name that an account has now, read afresh: calls that take a name must not meet whom it was given to since. JSON-RPC asks
 * for each write: revoking there rests on permissions alone, so that no plan has just read the account.
 */
export async function fetchUsername(context: DataCenterContext, accountId: AccountId): Promise<string> {
  const { username } = await fetchUser(context, { key: accountId });
  if (username !== null) return username;
  const call = "GET /rest/api/user";
  const message = `${call} does not tell the user name of the account, without which it cannot be changed.`;
  throw new SiteError("Unsupported", message, { call });
}
