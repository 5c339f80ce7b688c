import { z } from "zod";
import { type Account, type AccountStatus, withoutOrganization } from "../../domain/Account.js";
import { type Complete, type Gap, knownEmpty, mergeGaps } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { type Found, fetchEach, lookUpEach } from "../fetchMany.js";
import type { ActiveAccount, ListedAccount } from "../port.js";
import { textOrNull } from "../readShape.js";
import type { DataCenterContext } from "./context.js";
import { dataCenterLimits } from "./limits.js";
import { pathName } from "./names.js";
import { activeUserWire, profileWire, type UserWire, userKeyWire, userWire } from "./wire.js";

/** Facts of accounts, one call each. */
export function fetchAccountsByIds(
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

/** Accounts by user name, in any letter case, one call each; found under the name as it was asked for. */
export function fetchAccountsByUsernames(
  context: DataCenterContext,
  names: readonly string[],
): Promise<Found<string, Account>> {
  const asked = names.filter((name) => name !== "");
  return lookUpEach(asked, context.client.concurrency, (username) => fetchUser(context, { username }));
}

/** One user, by key or by name: `GET /rest/api/user`. Rejects with `NotVisible` for an unknown one. */
export async function fetchUser(
  { client }: DataCenterContext,
  by: { readonly key: string } | { readonly username: string },
): Promise<Account> {
  const call = "GET /rest/api/user";
  const query = { ...by, expand: "status" };
  return mapAccount(await client.fetchOne({ method: "GET", call, path: "/rest/api/user", query }, userWire));
}

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

/**
 * Every registered user, disabled ones included; with `take` handed over page by page, and the answer holds none. Rejects with
 * `Unsupported` before 8.4.
 */
export async function fetchAccountList(
  { client, features }: DataCenterContext,
  take?: (accounts: readonly ListedAccount[]) => void,
): Promise<Complete<ListedAccount>> {
  const call = "GET /rest/api/user/list";
  const about = { call, what: "users of the site" };
  const ofPages: Gap[] = [];
  const takePage = (rows: readonly unknown[]) => {
    const page = readListedAccounts({ ...knownEmpty(client.clock.now()), items: rows }, about);
    ofPages.push(...page.gaps);
    take?.(page.items);
  };
  const list = await features.whereOffered("userList", () =>
    client.listPages({
      call,
      path: "/rest/api/user/list",
      query: { expand: "status" },
      row: z.unknown(),
      pageSize: dataCenterLimits.users,
      missing: (count) => `users after the first ${count}`,
      ...(take === undefined ? {} : { take: takePage }),
    }),
  );
  const read = readListedAccounts(list, about);
  return { ...read, gaps: mergeGaps(read.gaps, ofPages) };
}

/**
 * The accounts of a list of users. A row of unknown shape is kept by its user key, and its facts are left to be asked for;
 * one without even that is nobody that could be named, and a gap.
 *
 * @param what the list, in a person's words: `members of group x`.
 */
export function readListedAccounts(
  list: Complete<unknown>,
  { call, what }: { readonly call: string; readonly what: string },
): Complete<ListedAccount> {
  const items = list.items.flatMap((row): ListedAccount[] => {
    const user = userWire.safeParse(row);
    if (user.success) {
      const facts = mapAccount(user.data);
      return [{ accountId: facts.accountId, facts }];
    }
    const known = userKeyWire.safeParse(row);
    return known.success ? [{ accountId: known.data.userKey as AccountId, facts: null }] : [];
  });
  const lost = list.items.length - items.length;
  if (lost === 0) return { ...list, items };
  const gap = {
    missing: `${lost} of the ${what}`,
    kind: "ContractDrift",
    reason: `${call} listed ${lost === 1 ? "a user" : `${lost} users`} without a user key.`,
    call,
    retryAfterMs: null,
  } as const;
  return { ...list, items, gaps: [...list.gaps, gap] };
}

/**
 * The users who count for the licence; since 10.2 with their e-mail and last login. Rejects with `Unsupported` before 9.3.
 */
export async function fetchActiveAccounts({ client, features }: DataCenterContext): Promise<Complete<ActiveAccount>> {
  const list = await features.whereOffered("activeUsers", () =>
    client.listPages({
      call: "GET /rest/api/admin/users/list/active",
      path: "/rest/api/admin/users/list/active",
      query: { expand: "lastLogin,status" },
      row: activeUserWire,
      pageSize: dataCenterLimits.users,
      missing: (count) => `users who count for the licence after the first ${count}`,
    }),
  );
  const items = list.items.map(({ userKey, email, lastLogin }) => ({
    accountId: userKey as AccountId,
    email: email ? email : null,
    lastActiveAtMs: timeOf(lastLogin),
  }));
  return { ...list, items };
}

/** A text (ISO 8601) or milliseconds; `null` for never. */
function timeOf(lastLogin: string | number | null | undefined): number | null {
  if (lastLogin === null || lastLogin === undefined) return null;
  const timeMs = new Date(lastLogin).getTime();
  return Number.isNaN(timeMs) || timeMs <= 0 ? null : timeMs;
}

/**
 * E-mail addresses by the mobile app's call, one an account: `GET /rest/mobile/1.0/profile/{username}`. It takes a user
 * name in its path, so an account whose name holds a slash, or is not told, cannot be asked for (`Unsupported`).
 */
export async function fetchEmails(
  context: DataCenterContext,
  accounts: readonly Account[],
): Promise<Found<AccountId, string>> {
  const found = await fetchEach(
    accounts,
    context.client.concurrency,
    async (account) => account.email ?? fetchEmail(context, account),
  );
  return new Map([...found].flatMap(([{ accountId }, email]) => (email === null ? [] : [[accountId, email] as const])));
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

const statuses: ReadonlyMap<string, AccountStatus> = new Map([
  ["current", "ACTIVE"],
  // May sign in as far as its account goes; what it lacks is said by `isLicensed`.
  ["unlicensed", "ACTIVE"],
  ["deactivated", "DEACTIVATED"],
  ["externally_deleted", "CLOSED"],
]);

/** A user as an account. Its identity is the user key: user names can be given to somebody else. */
export function mapAccount(user: UserWire): Account {
  const status = statusOf(user);
  const reportedStatus = textOrNull(user.status);
  return {
    accountId: user.userKey as AccountId,
    username: textOrNull(user.username),
    displayName: textOrNull(user.displayName),
    publicName: null,
    email: textOrNull(user.email),
    kind: user.type === "known" ? "HUMAN" : "UNKNOWN",
    reportedKind: textOrNull(user.type),
    status,
    statusSource: status === "UNKNOWN" ? "NONE" : "CONFLUENCE",
    reportedStatus,
    personalSpaceId: null,
    picturePath: textOrNull(user.profilePicture?.path),
    ...withoutOrganization,
    isLicensed: reportedStatus?.toLowerCase() === "unlicensed" ? false : null,
  };
}

/**
 * A deleted user is left with its key for a name: that is closed, whatever else is said. A user that the site itself does
 * not know (`type: "unknown"`) is never active by its word, and where it gives no other, nobody knows.
 */
function statusOf({ type, status, username, userKey }: UserWire): AccountStatus {
  if (username === userKey) return "CLOSED";
  const told = statuses.get(status?.toLowerCase() ?? "") ?? "UNKNOWN";
  return type === "unknown" && told === "ACTIVE" ? "UNKNOWN" : told;
}
