import type { Organization, ScimUser } from "../../confluence/organizationPort.js";
import type { Gap } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { hasProduct, holdsRole, type OrganizationUser } from "../../domain/Organization.js";
import { isOfKind } from "../../domain/SiteError.js";
import { accountIdsByEmail } from "../../loaders/accountEmails.js";
import { account } from "../../loaders/accounts.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { organizationUser } from "../../loaders/organization.js";
import type { DecidedBy } from "./AccountRequest.js";
import { isSameEmail, readEmailOwners, readSiteAccess, type SiteAccess } from "./emailOnSite.js";
import type { SentInvitation, SentInvitations } from "./remembered.js";

/** What the organization knows of an e-mail address, freshly read. */
export interface OrganizationPerson {
  readonly user: OrganizationUser | null;
  /** What says that it is the person's account; `null` where none was found. */
  readonly decidedBy: DecidedBy | null;
  /** All accounts that may be meant, where they are several. */
  readonly candidates: readonly AccountId[];
  /** Whether the account may use this site; `null` where the organization does not say. */
  readonly hasProduct: boolean | null;
  /** Whether it has what the role asked for gives; `null` where the organization does not say. */
  readonly holdsRole: boolean | null;
  /** What the synchronised directory holds under the address. */
  readonly person: ScimUser | null;
  /** The directory has somebody else, or somebody whose address it does not tell, under a name that is this address. */
  readonly isNameTaken: boolean;
  /** What was sent already. */
  readonly invitation: SentInvitation | null;
  /** What the site itself says of an address that nobody was found by; `null` where it was not asked, or has the call off. */
  readonly siteAccess: SiteAccess;
  /** Why nobody was found by an address that has access. */
  readonly gap: Gap | null;
}

interface PersonReading {
  readonly store: SiteStore;
  readonly organization: Organization;
  readonly invitations: SentInvitations;
}

/**
 * Reads who has an address: by the organization, which hides the addresses of accounts that it does not own; by the
 * synchronised directory, whose user *names* look like addresses and need not be; by the account that the answer to an
 * invitation named; and where nobody was found by the site, which tells whether the address has access.
 */
export async function readOrganizationPerson(
  { email, productRole }: { readonly email: string; readonly productRole: string },
  { store, organization, invitations }: PersonReading,
): Promise<OrganizationPerson> {
  const key = email.toLowerCase();
  const [found, named, resource, invitation] = await Promise.all([
    store.readAnew(accountIdsByEmail, key),
    organization.scim?.byUserName(email) ?? null,
    organization.siteResource(),
    invitations.get(email),
  ]);
  const ids = found ?? [];
  const isPerson = named !== null && isOfAddress(named, email, ids);
  const person = isPerson ? named : null;
  const byAddress = [...new Set([...ids, ...(person?.accountId ? [person.accountId] : [])])];
  const isUnknown = byAddress.length === 0 && person === null && !invitation?.accountId;
  const site = isUnknown ? await readFromSite(store, email) : nobodyAsked;
  const candidates = [...byAddress, ...site.ids];
  const accountId = candidates[0] ?? invitation?.accountId ?? null;
  if (accountId !== null) store.of(account).drop(accountId);
  const user = accountId === null ? null : await store.readAnew(organizationUser, accountId);
  const isMember = user?.isMember === true;
  const { siteAccess, gap } = site;
  return {
    ...{ user, candidates, person, invitation, siteAccess, gap },
    decidedBy: accountId === null ? null : candidates.length > 0 ? "EMAIL" : "ACCOUNT_ID",
    hasProduct: isMember && hasProduct(user, resource),
    holdsRole: isMember && holdsRole(user, productRole, resource),
    isNameTaken: named !== null && !isPerson,
  };
}

/** The address decides, and where the directory tells none the account that the organization has for the address. */
function isOfAddress(named: ScimUser, email: string, ids: readonly AccountId[]): boolean {
  if (named.accountId !== null && ids.includes(named.accountId)) return true;
  return isSameEmail(named.email, email);
}

interface SiteAnswer {
  readonly ids: readonly AccountId[];
  readonly siteAccess: SiteAccess;
  readonly gap: Gap | null;
}

const nobodyAsked: SiteAnswer = { ids: [], siteAccess: null, gap: null };

async function readFromSite(store: SiteStore, email: string): Promise<SiteAnswer> {
  const siteAccess = await readSiteAccess(store, email).catch((error: unknown) => {
    // An organization can invite without it: a credential of the site that may not ask does not stand in its way.
    if (isOfKind(error, "ScopeMissing", "AccessRefused")) return null;
    throw error;
  });
  if (siteAccess !== "has-access") return { ids: [], siteAccess, gap: null };
  const { owners, gap } = await readEmailOwners(store, email, true);
  return { ids: owners.map(({ accountId }) => accountId), siteAccess, gap };
}
