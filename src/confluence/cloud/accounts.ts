import { type Account, type AccountKind, type AccountStatus, withoutOrganization } from "../../domain/Account.js";
import type { Complete, Gap } from "../../domain/Complete.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import type { SiteError } from "../../domain/SiteError.js";
import type { Found } from "../fetchMany.js";
import { type AskedFor, NamedCalls } from "../NamedCalls.js";
import type { ListedAccount } from "../port.js";
import { textOrNull } from "../readShape.js";
import type { CloudClient } from "./client.js";
import { cloudLimits } from "./limits.js";
import { type MemberWire, type UserWire, userSearchWire, usersWire } from "./wire.js";

/** Facts of accounts, at most 250 in one call; ids that the site does not know are left out of its answer. */
export function accountsByIds(client: CloudClient): (ids: readonly AccountId[]) => Promise<Found<AccountId, Account>> {
  const room = { count: cloudLimits.accountsByIds, length: Number.POSITIVE_INFINITY };
  const calls = new NamedCalls<AccountId, Account>(room, (asked) => fetchAccounts(client, asked));
  // No ids at all are a 400.
  return async (ids) => (ids.length === 0 ? new Map() : calls.read(ids));
}

async function fetchAccounts(client: CloudClient, asked: AskedFor<AccountId>): Promise<Found<AccountId, Account>> {
  const content = () => ({ body: { accountIds: asked.names } });
  const { answer, cutOff } = await client.fetchWhole(
    {
      method: "POST",
      call: "POST /wiki/api/v2/users-bulk",
      path: "/wiki/api/v2/users-bulk",
      ...content(),
      isReplaySafe: true,
      tries: asked.tries,
      ...asked.boarding(content),
    },
    usersWire,
  );
  client.mayReadFacts = true;
  const found = new Map<AccountId, Account | SiteError>();
  for (const user of answer.results) found.set(user.accountId as AccountId, mapAccount(user));
  if (cutOff !== null) for (const id of asked.names) if (!found.has(id)) found.set(id, cutOff);
  return found;
}

/** An account of a list. What the list tells is of use only as long as nobody knows that the facts can be read. */
export function listedAccount(client: CloudClient, member: MemberWire): ListedAccount {
  const accountId = member.accountId as AccountId;
  return client.mayReadFacts ? { accountId, facts: null } : { accountId, facts: null, told: mapMember(member) };
}

/**
 * From here on a list may have been cut: "near" is all that is known, so the last page before the cap counts as at it
 * (2026-11-20, test "ends without a word: whoever is beyond the $listed listed of $size is a declared gap").
 */
const suspectedCap = cloudLimits.userSearchCap - cloudLimits.userSearch;

/**
 * Everyone whom user search knows. Without `all` it would list licensed people only
 * and leave guests out.
 */
export async function fetchAccountList(
  client: CloudClient,
  take?: (accounts: readonly ListedAccount[]) => void,
): Promise<Complete<ListedAccount>> {
  const call = "GET /wiki/rest/api/search/user";
  const items: ListedAccount[] = [];
  let count = 0;
  const list = await client.listByOffset(
    {
      call,
      path: "/wiki/rest/api/search/user",
      query: { cql: "type=user", sitePermissionTypeFilter: "all" },
      shape: userSearchWire,
      idOf: ({ user }) => user?.accountId,
      pageSize: cloudLimits.userSearch,
      missing: (read) => `accounts that user search lists after the first ${read}`,
    },
    (rows) => {
      count += rows.length;
      // A page at a time: ten thousand at once would hold others up.
      const accounts = rows.flatMap(({ user }) => (user ? [listedAccount(client, user)] : []));
      if (take === undefined) items.push(...accounts);
      else take(accounts);
    },
  );
  return { ...list, items, gaps: count > suspectedCap ? [...list.gaps, capReached(call, count)] : list.gaps };
}

function capReached(call: string, count: number): Gap {
  return {
    missing: `accounts beyond the first ${count} that user search lists, unless a group or a grant names them`,
    kind: "ReadIncomplete",
    reason: `${call} ends near ${cloudLimits.userSearchCap} results, whatever there is.`,
    call,
    retryAfterMs: null,
  };
}

const statuses: ReadonlyMap<string, AccountStatus> = new Map([
  ["active", "ACTIVE"],
  ["inactive", "INACTIVE"],
  ["closed", "CLOSED"],
]);

const kinds: ReadonlyMap<string, AccountKind> = new Map([
  ["atlassian", "HUMAN"],
  ["app", "APP"],
  ["customer", "CUSTOMER"],
]);

/** A row of `users-bulk` as an account. Empty text means "hidden" there and is null here. */
function mapAccount(user: UserWire): Account {
  const kind = kinds.get(user.accountType?.toLowerCase() ?? "") ?? "UNKNOWN";
  const status = statuses.get(user.accountStatus?.toLowerCase() ?? "") ?? "UNKNOWN";
  const isGuest = kind === "HUMAN" && user.isExternalCollaborator === true;
  return {
    accountId: user.accountId as AccountId,
    username: null,
    displayName: textOrNull(user.displayName),
    publicName: textOrNull(user.publicName),
    email: textOrNull(user.email),
    kind: isGuest ? "GUEST" : kind,
    reportedKind: textOrNull(user.accountType),
    status,
    statusSource: status === "UNKNOWN" ? "NONE" : "CONFLUENCE",
    reportedStatus: textOrNull(user.accountStatus),
    personalSpaceId: textOrNull(user.personalSpaceId?.toString()) as SpaceId | null,
    picturePath: textOrNull(user.profilePicture?.path),
    ...withoutOrganization,
    // What an organization lists among a guest's products is no full licence.
    ...(isGuest ? { isLicensed: false } : {}),
  };
}

/** What a list tells of an account where `users-bulk` is refused: who it is, and nothing of its status. */
function mapMember(member: MemberWire): Account {
  const { isExternalCollaborator, isGuest } = member;
  // It overrides what is there, or is new: either way behind what it is copied from.
  return mapAccount(Object.assign({}, member, { isExternalCollaborator: isExternalCollaborator ?? isGuest }));
}
