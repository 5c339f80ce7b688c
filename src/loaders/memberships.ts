import type { Found } from "../confluence/fetchMany.js";
import type { ListedAccount } from "../confluence/port.js";
import type { Account } from "../domain/Account.js";
import { type Complete, withItems } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { notVisible, orSiteError, SiteError } from "../domain/SiteError.js";
import { compareText, sortedDistinct } from "../domain/textOrder.js";
import { account, primeAccounts } from "./accounts.js";
import { changedAccount, touchedById } from "./effects.js";
import { defineListLoader, type FetchReader, onlyOne, type Remembered } from "./engine/LoaderDeclaration.js";
import { group, groupChildren, groupList, primeGroups } from "./groups.js";
import { heapEstimates } from "./limits.js";

/**
 * The direct members of a group, ordered by account id: as the site lists them, and some Data Center directories list the
 * members of child groups too. A group that is not shown is a failure (`NotVisible`), not an empty list.
 */
export const groupMembers = defineListLoader<GroupId, AccountId>({
  name: "groupMembers",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event, known) => {
    switch (event.kind) {
      case "membershipChanged":
      case "groupDeleted": {
        // Some directories list the members of child groups too.
        const above = groupsAbove(known, event.groupId);
        return above === null ? "all" : [event.groupId, ...above];
      }
      case "groupCreated":
        return event.groupId === null ? [] : [event.groupId];
      case "accountCreated":
        // Default groups come with an account, and nothing tells which. Who was only asked in has none yet.
        return event.accountId === null && event.username === null && event.email !== null ? [] : "all";
      case "productRoleChanged":
        return "all";
      case "accountStatusChanged":
        return known.site.groups.leavesOutSuspended ? "all" : [];
      case "accountRemoved": {
        const { accountId } = event;
        return accountId === null ? "all" : { where: ({ items }) => items.includes(accountId) };
      }
      case "accountUpdated":
      case "spaceGrantsChanged":
        return [];
    }
  },
  fetch: fetchMembers,
  bytesPerItem: heapEstimates.id,
});

async function fetchMembers(
  reader: FetchReader<GroupId>,
  ids: readonly GroupId[],
  handOn: (id: GroupId, members: Complete<AccountId>) => void,
): Promise<Found<GroupId, Complete<AccountId>>> {
  const found = new Map<GroupId, Complete<AccountId> | SiteError>();
  const primed = new Set<Account>();
  const take = async (id: GroupId, outcome: Complete<ListedAccount> | SiteError) => {
    if (outcome instanceof SiteError) {
      found.set(id, outcome);
      return;
    }
    const told = await primeAccounts(reader, outcome, primed);
    const members = withItems(told, sortedDistinct(told.items, compareText));
    found.set(id, members);
    if (members.items.length > 0 && members.gaps.length === 0) handOn(id, members);
    await reader.giveWay(members.items.length);
  };
  // Each as it comes, while the next are awaited.
  for (const [id, outcome] of await reader.site.groups.membersOf(ids, take))
    if (!found.has(id)) await take(id, outcome);
  // Cloud answers an empty page for a group that does not exist, so an empty list is believed only of a group that does.
  const empty = ids.filter((id) => {
    const members = found.get(id);
    return members !== undefined && !(members instanceof SiteError) && members.items.length === 0;
  });
  const existing = await reader.readEach(group, empty);
  for (const id of empty) {
    const outcome = existing.get(id);
    if (outcome === undefined) found.set(id, notVisible(`group ${id}`, "GET /wiki/rest/api/group/by-id"));
    else if (outcome instanceof SiteError) found.set(id, outcome);
  }
  return found;
}

/**
 * The groups of one account by its own chain of calls, ordered by id. `readings/groups.ts` decides when this is the cheaper
 * way. An account that nobody knows is a failure (`NotVisible`), and in no group only who is known.
 */
export const memberOf = defineListLoader<AccountId, GroupId>({
  name: "memberOf",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event) => {
    const told = changedAccount(event);
    if (told !== null) return touchedById(told);
    if (event.kind === "membershipChanged" || event.kind === "productRoleChanged") return [event.accountId];
    if (event.kind !== "groupDeleted") return [];
    const gone = event.groupId;
    return { where: ({ items }) => items.includes(gone) };
  },
  fetch: fetchGroupsOf,
  bytesPerItem: heapEstimates.id,
});

async function fetchGroupsOf(
  reader: FetchReader<AccountId>,
  ids: readonly AccountId[],
): Promise<Found<AccountId, Complete<GroupId>>> {
  const found = new Map(await primeGroups(reader, await reader.site.groups.ofAccounts(ids)));
  // Cloud answers an empty page for an account that nobody knows, so "in no group" is believed only of one that somebody does.
  const empty = [...found].flatMap(([id, list]) =>
    list instanceof SiteError || list.items.length + list.gaps.length > 0 ? [] : [id],
  );
  const known = await reader.consult(account, empty);
  empty.forEach((id, index) => {
    const outcome = orSiteError(known[index] ?? null);
    if (outcome === null) found.set(id, notVisible(`account ${id}`, "GET /wiki/rest/api/user/memberof"));
    else if (outcome instanceof SiteError) found.set(id, outcome);
  });
  return found;
}

/**
 * The groups that hold a group, directly or through others, by what is remembered of nesting, however old: only what is remembered
 * can be out of date. Asks nobody. `null` where the groups themselves are not remembered, so that nobody can say.
 */
function groupsAbove(known: Remembered, groupId: GroupId): ReadonlySet<GroupId> | null {
  const above = new Set<GroupId>();
  if (known.site.groups.childrenOf === null) return above;
  const parentsOf = invertChildren(known);
  if (parentsOf === null) return null;
  const waiting = [groupId];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const parent of parentsOf.get(next) ?? []) {
      if (above.has(parent)) continue;
      above.add(parent);
      waiting.push(parent);
    }
  }
  return above;
}

type Parents = ReadonlyMap<GroupId, readonly GroupId[]>;

/** Inverted once for many changes: it is the same until more is remembered. What was forgotten since does no harm. */
const inverted = new WeakMap<Remembered, { readonly stamp: string; readonly parentsOf: Parents }>();

function invertChildren(known: Remembered): Parents | null {
  const groups = known.lastRead(groupList, onlyOne);
  if (groups === null || groups === undefined) return null;
  const stamp = `${known.versionOf(groupList)} ${known.versionOf(groupChildren)}`;
  const before = inverted.get(known);
  if (before?.stamp === stamp) return before.parentsOf;
  const parentsOf = new Map<GroupId, GroupId[]>();
  for (const { groupId: parent } of groups.items) {
    for (const child of known.lastRead(groupChildren, parent)?.items ?? []) {
      const parents = parentsOf.get(child);
      if (parents === undefined) parentsOf.set(child, [parent]);
      else parents.push(parent);
    }
  }
  inverted.set(known, { stamp, parentsOf });
  return parentsOf;
}
