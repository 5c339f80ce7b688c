import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { forEachAtOnce } from "../forEachAtOnce.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUser } from "./fetchUser.js";

/** Who has which user name, by the name in lower case; `null` for nobody. Names that were not read yet are asked for, one call each. */
export async function fetchUserKeys(
  context: DataCenterContext,
  names: readonly string[],
): Promise<ReadonlyMap<string, AccountId | SiteError | null>> {
  const { client, usernames } = context;
  const found = new Map<string, AccountId | SiteError | null>();
  await forEachAtOnce([...new Set(names.map((name) => name.toLowerCase()))], client.concurrency, async (username) => {
    const known = usernames.find(username);
    found.set(username, known === undefined ? await ask(context, username) : known);
  });
  return found;
}

async function ask(context: DataCenterContext, username: string): Promise<AccountId | SiteError | null> {
  try {
    return (await fetchUser(context, { username })).accountId;
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    if (error.kind !== "NotVisible") return error;
    context.usernames.learn(username, null);
    return null;
  }
}
