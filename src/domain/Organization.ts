import type { AccountStatus, OrganizationRole, Told } from "./Account.js";
import type { AccountId } from "./ids.js";

/** What only the Atlassian organization knows of an account. `null` is "asked, and it does not say". */
export interface OrganizationUser {
  readonly accountId: AccountId;
  /** Filled for managed accounts; empty for others. */
  readonly email: string | null;
  /** `ACTIVE` unless the organization says otherwise; `null` where it says nothing about it. */
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
  readonly jobTitle: string | null;
  readonly department: string | null;
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
