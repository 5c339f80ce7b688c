import type { Found } from "../confluence/Found.js";
import type { Complete } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { notVisible, SiteError } from "../domain/SiteError.js";
import { account } from "./account.js";
import { accountOf, touchedById } from "./effects/touches.js";
import type { FetchReader } from "./FetchReader.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { primeGroups } from "./primeGroups.js";

/**
 * The groups of one account by its own chain of calls, ordered by id. `AccountGroups` decides when this is the cheaper
 * way. An account that nobody knows is a failure (`NotVisible`), and in no group only who is known.
 */
export const memberOf = defineListLoader<AccountId, GroupId>({
  name: "memberOf",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event) => {
    const told = accountOf(event);
    if (told !== null) return touchedById(told);
    if (event.kind === "membershipChanged" || event.kind === "productRoleChanged") return [event.accountId];
    if (event.kind !== "groupDeleted") return [];
    const gone = event.groupId;
    return { where: ({ items }) => items.includes(gone) };
  },
  fetch: fetchGroups,
  bytesPerItem: heapEstimates.id,
});

async function fetchGroups(
  reader: FetchReader<AccountId>,
  ids: readonly AccountId[],
): Promise<Found<AccountId, Complete<GroupId>>> {
  const found = new Map(primeGroups(reader, await reader.site.groups.ofAccounts(ids)));
  // Cloud answers an empty page for an account that nobody knows, so "in no group" is believed only of one that somebody does.
  const empty = [...found].flatMap(([id, list]) =>
    list instanceof SiteError || list.items.length + list.gaps.length > 0 ? [] : [id],
  );
  const known = await reader.consult(account, empty);
  empty.forEach((id, index) => {
    const outcome = known[index] ?? null;
    if (outcome instanceof Error && !(outcome instanceof SiteError)) throw outcome;
    if (outcome === null) found.set(id, notVisible(`account ${id}`, "GET /wiki/rest/api/user/memberof"));
    else if (outcome instanceof SiteError) found.set(id, outcome);
  });
  return found;
}
