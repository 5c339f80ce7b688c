import type { Found } from "../confluence/fetchMany.js";
import { batchSizes } from "../confluence/limits.js";
import type { ActivityAsker, LastActive, Organization } from "../confluence/organizationPort.js";
import type { ChangeEvent } from "../domain/Change.js";
import type { AccountId } from "../domain/ids.js";
import { type DirectoryPerson, lastUseOf, type OrganizationUser } from "../domain/Organization.js";
import { outcomeOf, SiteError } from "../domain/SiteError.js";
import { accountChanges, changedAccount, touchedById, touchedLicence, touchedOnlyOne } from "./effects.js";
import { defineListLoader, defineLoader, type FetchReader, type OnlyOne, onlyOne } from "./engine/LoaderDeclaration.js";
import { heapEstimates } from "./limits.js";

/** What the organization knows of an account; absent where it does not know it, or where none is configured. */
export const organizationUser = defineLoader<AccountId, OrganizationUser>({
  name: "organizationUser",
  upstream: { bulk: batchSizes.organizationUsers },
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    if (site.organization === null) return [];
    const told = changedAccount(event);
    return told === null ? touchedLicence(event, site) : touchedById(told);
  },
  fetch: async (reader, ids) => (await reader.site.organization?.usersByIds(ids)) ?? new Map(),
  sizeOf: () => heapEstimates.account,
});

/**
 * Everyone whom the organization suspended or deactivated; absent where none is configured. What the search says of each
 * also answers for the account. It lives as long as memberships do: it is what makes lists of members whole.
 */
export const suspendedPeople = defineListLoader<OnlyOne, AccountId>({
  name: "suspendedPeople",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event, { site }) => (site.organization === null ? [] : touchedOnlyOne(event, accountChanges)),
  fetch: async (reader) => {
    const list = await reader.site.organization?.suspendedUsers();
    if (list === undefined) return new Map();
    for (const user of list.items) reader.prime(organizationUser, user.accountId, user, list.asOfMs);
    return new Map([[onlyOne, { ...list, items: list.items.map(({ accountId }) => accountId) }]]);
  },
  bytesPerItem: heapEstimates.id,
});

/** Everyone in the synchronised directory. SCIM cannot be searched by account id, so it is read whole. */
export const directoryPeople = defineListLoader<OnlyOne, DirectoryPerson>({
  name: "directoryPeople",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) => (site.organization === null ? [] : touchedOnlyOne(event, accountChanges)),
  fetch: async (reader) => {
    const list = await reader.site.organization?.directoryPeople?.();
    return new Map(list === undefined ? [] : [[onlyOne, list]]);
  },
  bytesPerItem: heapEstimates.account,
});

/**
 * When an account last used the site, as the organization knows: out of the row that its search gives of the account, or by a
 * call of its own where that leaves it out. Absent for an account that the organization does not list (apps, people of
 * elsewhere); of one that it lists a 404 says nothing.
 */
export const lastActive = defineLoader<AccountId, LastActive>({
  name: "lastActive",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: touchedActivity,
  fetch: (reader, ids) => fetchLastActive(reader, ids, "people"),
  sizeOf: () => heapEstimates.id,
});

/** The same for questions about all accounts: what is asked by itself goes behind people, and is a share of what may be asked. */
export const lastActiveSurveyed = defineLoader<AccountId, LastActive>({
  ...lastActive,
  name: "lastActiveSurveyed",
  fetch: async (reader, ids) => {
    const found = await fetchLastActive(reader, ids, "surveys");
    const now = reader.clock.now();
    for (const [id, outcome] of found) if (!(outcome instanceof Error)) reader.prime(lastActive, id, outcome, now);
    return found;
  },
});

/** When somebody was there stays what it was; that there is a product to be in may be new. */
function touchedActivity(event: ChangeEvent): readonly AccountId[] | "all" {
  if (event.kind === "productRoleChanged") return [event.accountId];
  return event.kind === "accountCreated" || event.kind === "accountRemoved" ? touchedById(event) : [];
}

async function fetchLastActive(
  reader: FetchReader<AccountId>,
  ids: readonly AccountId[],
  asker: ActivityAsker,
): Promise<Found<AccountId, LastActive>> {
  const { organization } = reader.site;
  if (organization === null) return new Map();
  const [resource, users] = await Promise.all([organization.siteResource(), reader.readEach(organizationUser, ids)]);
  const found = new Map<AccountId, LastActive | SiteError>();
  const unsaid: AccountId[] = [];
  for (const id of ids) {
    const user = users.get(id);
    if (user === undefined) continue;
    const atMs = user instanceof SiteError ? null : lastUseOf(user, resource);
    if (atMs === null) unsaid.push(id);
    else found.set(id, { atMs });
  }
  for (const [id, outcome] of await organization.lastActiveOf(unsaid, asker)) found.set(id, outcome);
  return found;
}

/** When those were last active of whom the organization's search says so by the way. */
export async function toldLastActivity(
  organization: Organization,
  users: readonly (OrganizationUser | null | Error)[],
): Promise<readonly { readonly accountId: AccountId; readonly atMs: number }[]> {
  // Where it is not known which site this is nothing is told, and those who want to know ask by themselves.
  const resource = await outcomeOf(organization.siteResource());
  if (resource === null || resource instanceof Error) return [];
  return users.flatMap((user) => {
    const atMs = user === null || user instanceof Error ? null : lastUseOf(user, resource);
    return user === null || user instanceof Error || atMs === null ? [] : [{ accountId: user.accountId, atMs }];
  });
}
