import type { Account, AccountStatus, OrganizationRole, Told } from "./Account.js";
import type { AccountId } from "./ids.js";

/** What only the Atlassian organization knows of an account. `null` is "asked, and it does not say". */
export interface OrganizationUser {
  readonly accountId: AccountId;
  /** Filled for managed accounts; empty for others. */
  readonly email: string | null;
  /** `UNKNOWN` where it says something that nobody knows the meaning of; `null` where it says nothing about it. */
  readonly status: AccountStatus | null;
  /** The organization's own word for what decided the status. */
  readonly reportedStatus: string | null;
  /** Whether it is in the organization: false for one that was removed, of which only its identity is kept. */
  readonly isMember: boolean;
  /** Whether the organization owns the account. */
  readonly isManaged: boolean | null;
  /** Organization and product roles, those on other resources too. */
  readonly roles: Told<OrganizationRole>;
  /** The resources (`ari:cloud:confluence::site/…`) that the account may use. */
  readonly resources: Told<string>;
  /** When it last used which of them, as far as the list of them tells; it lags up to a day. */
  readonly lastUses: readonly LastUse[];
  readonly jobTitle: string | null;
  readonly department: string | null;
}

interface LastUse {
  readonly resource: string;
  readonly atMs: number;
}

/** When somebody last used a site; `null` where what the organization lists does not say: then it can be asked by itself. */
export function lastUseOf({ lastUses }: OrganizationUser, siteResource: string): number | null {
  const told = lastUses.filter(({ resource }) => resource === siteResource).map(({ atMs }) => atMs);
  return told.length === 0 ? null : Math.max(...told);
}

/** What an identity provider synchronised about a person; joined to an account by its Atlassian account id. */
export interface DirectoryPerson {
  readonly accountId: AccountId;
  /** The id that the synchronised directory has for the person. */
  readonly scimId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly department: string | null;
  readonly externalId: string | null;
}

/**
 * What Confluence says of an account, completed by the organization. Where they disagree about the status, the one that
 * says "not active" wins: a suspension often shows in one of them only (access rule 2).
 */
export function mergeOrganizationUser(account: Account, user: OrganizationUser, siteResource: string): Account {
  const { items, isWhole } = user.roles;
  return {
    ...account,
    ...statusOf(account, user),
    email: account.email ?? user.email,
    isLicensed: account.isLicensed ?? hasProduct(user, siteResource),
    isManaged: user.isManaged,
    roles: { items: items.map((role) => ({ ...role, isOnThisSite: isOn(role, siteResource) })), isWhole },
    jobTitle: user.jobTitle,
    department: user.department,
  };
}

/** Whether somebody may use a site; `null` where the organization does not say. */
export function hasProduct({ resources }: OrganizationUser, siteResource: string): boolean | null {
  if (resources.items.includes(siteResource)) return true;
  return resources.isWhole ? false : null;
}

/**
 * Whether somebody has what a product role on a site gives; `null` where the organization does not say. Who may use the site
 * has what its users have, unless a guest; who has more than a guest has what guests have.
 */
export function holdsRole(user: OrganizationUser, role: string, siteResource: string): boolean | null {
  const { roles } = user;
  const wanted = role.toLowerCase();
  const held = new Set(roles.items.filter((each) => isOn(each, siteResource)).map(({ name }) => name.toLowerCase()));
  if (held.has(wanted)) return true;
  const isFull = held.has(fullRole) || held.has("atlassian/admin");
  if (wanted === guestRole && isFull) return true;
  if (wanted === fullRole && hasProduct(user, siteResource) === true) return isFull || !held.has(guestRole);
  return roles.isWhole ? false : null;
}

const fullRole = "atlassian/user";
const guestRole = "atlassian/guest";

/** A role without a resource, or on the organization, counts on each of its sites; one on a site only there. */
function isOn({ resource }: OrganizationRole, siteResource: string): boolean {
  if (resource === null || resource === siteResource || resource.startsWith("ari:cloud:platform::org/")) return true;
  const cloudId = siteResource.slice(siteResource.lastIndexOf("/") + 1);
  return resource === `ari:cloud:platform::site/${cloudId}`;
}

function statusOf(account: Account, user: OrganizationUser): Partial<Account> {
  const isConfluenceSure = account.status !== "ACTIVE" && account.status !== "UNKNOWN";
  if (isConfluenceSure || user.status === null) return {};
  if (user.status === "ACTIVE" && account.status === "ACTIVE") return {};
  if (user.status === "UNKNOWN")
    return { status: "UNKNOWN", statusSource: "NONE", reportedStatus: user.reportedStatus };
  return { status: user.status, statusSource: "ORGANIZATION", reportedStatus: user.reportedStatus };
}
