import { batchSizes } from "../confluence/limits.js";
import type { LastActive } from "../confluence/organizationPort.js";
import type { AccountId } from "../domain/ids.js";
import type { DirectoryPerson, OrganizationUser } from "../domain/Organization.js";
import { isOfKind } from "../domain/SiteError.js";
import { accountChanges, changedAccount, touchedById, touchedLicence, touchedOnlyOne } from "./effects.js";
import { defineListLoader, defineLoader, type OnlyOne, onlyOne } from "./engine/LoaderDeclaration.js";
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
 * When an account last used the site, as the organization knows: one call an account, so only when it is asked for. Absent
 * for an account that the organization does not list (apps, people of elsewhere); of one that it lists a 404 says nothing.
 */
export const lastActive = defineLoader<AccountId, LastActive>({
  name: "lastActive",
  upstream: "call-per-key",
  lifetime: "accounts",
  // When somebody was there stays what it was; that there is a product to be in may be new.
  touchedBy: (event) => {
    if (event.kind === "productRoleChanged") return [event.accountId];
    return event.kind === "accountCreated" || event.kind === "accountRemoved" ? touchedById(event) : [];
  },
  fetch: async (reader, ids) => {
    const { organization } = reader.site;
    if (organization === null) return new Map();
    const found = new Map(await organization.lastActiveOf(ids));
    const notShown = [...found].flatMap(([id, outcome]) => (isOfKind(outcome, "NotVisible") ? [id] : []));
    const listed = await reader.readEach(organizationUser, notShown);
    for (const id of notShown) if (!listed.has(id)) found.delete(id);
    return found;
  },
  sizeOf: () => heapEstimates.id,
});
