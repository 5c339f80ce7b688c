import type { Account } from "../../domain/Account.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Found } from "../Found.js";
import { forEachAtOnce } from "../forEachAtOnce.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { pathName } from "./pathName.js";
import { profileWire } from "./wire/profileWire.js";

/**
 * E-mail addresses by the mobile app's call, one an account: `GET /rest/mobile/1.0/profile/{username}`. It takes a user
 * name in its path, so an account whose name holds a slash, or is not told, cannot be asked for (`Unsupported`).
 */
export async function fetchEmails(
  context: DataCenterContext,
  accounts: readonly Account[],
): Promise<Found<AccountId, string>> {
  const found = new Map<AccountId, string | SiteError>();
  await forEachAtOnce(accounts, context.client.concurrency, async (account) => {
    try {
      const email = account.email ?? (await fetchEmail(context, account));
      if (email !== null) found.set(account.accountId, email);
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
      found.set(account.accountId, error);
    }
  });
  return found;
}

async function fetchEmail({ client, features }: DataCenterContext, { username }: Account): Promise<string | null> {
  const call = "GET /rest/mobile/1.0/profile/{username}";
  if (username === null) {
    throw new SiteError("Unsupported", `${call} was not sent: the site does not tell the account's user name.`, {
      call,
    });
  }
  const path = `/rest/mobile/1.0/profile/${pathName("user", username, call)}`;
  const profile = await features.whereOffered("profiles", () =>
    client.fetchOne({ method: "GET", call, path }, profileWire),
  );
  return profile.email ? profile.email : null;
}
