import type { Complete } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { DirectoryPerson, OrganizationUser } from "../domain/Organization.js";
import type { Found } from "./fetchMany.js";

/** When an account last used a site: `null` is "never, as far as the organization knows". */
export interface LastActive {
  readonly atMs: number | null;
}

/** Who wants to know when accounts were last active: people of some accounts, or a survey of all, which goes behind them and takes a small share. */
export type ActivityAsker = "people" | "surveys";

/** What the product needs of the Atlassian organization that a site belongs to. */
export interface Organization {
  readonly orgId: string;
  /** Many accounts in few calls; ids that are not in its directories are left out. */
  usersByIds(ids: readonly AccountId[]): Promise<Found<AccountId, OrganizationUser>>;
  /** Accounts by e-mail, lower-cased; an address that nobody has is left out. */
  usersByEmails(emails: readonly string[]): Promise<Found<string, readonly OrganizationUser[]>>;
  /**
   * Everyone in its directories who is suspended or deactivated, of all its sites: two searches, because either of two
   * fields may say so. Lists of group members leave these people out.
   */
  suspendedUsers(): Promise<Complete<OrganizationUser>>;
  /** One call an account, paced to what the organization allows; lags up to a day. For whom its own row does not tell it. */
  lastActiveOf(ids: readonly AccountId[], asker: ActivityAsker): Promise<Found<AccountId, LastActive>>;
  /** Everyone in the synchronised directory; `null` where the organization has none configured. */
  readonly directoryPeople: (() => Promise<Complete<DirectoryPerson>>) | null;
  readonly writer: OrganizationWriter;
  /** The synchronised directory as something to write to; `null` where none is configured. */
  readonly scim: ScimDirectory | null;
  /** The site as the organization names it. */
  siteResource(): Promise<string>;
  /** Reads one page of its directories, to prove the key. */
  checkKey(): Promise<void>;
}

/**
 * What provisioning writes to the organization. Each is one call, sent at most once: a rejection whose `isAnswerLost` is
 * true may have been applied all the same, and is settled by reading.
 */
export interface OrganizationWriter {
  /** Asks somebody in. Answers the account where there is one already; others have none until they accept. */
  invite(invitation: OrganizationInvitation): Promise<AccountId | null>;
  /** Gives an account of the organization a product role on this site. */
  assignRole(accountId: AccountId, role: string): Promise<void>;
  /** Takes every product of the organization away; groups and roles stay. 409 when it is suspended already. */
  suspend(accountId: AccountId): Promise<void>;
  /** Ends a suspension. 409 when there is none. */
  restore(accountId: AccountId): Promise<void>;
  /** Removes from the organization, with groups and roles. 404 when it is not there. */
  remove(accountId: AccountId): Promise<void>;
}

interface OrganizationInvitation {
  readonly email: string;
  /** A role on this site: `atlassian/user`. */
  readonly role: string;
  /** None that a system outside Atlassian manages. */
  readonly groupIds: readonly GroupId[];
  readonly sendsNotification: boolean;
  readonly notificationText: string | null;
}

/** The synchronised directory (SCIM). What an identity provider synchronises, it may write again. */
export interface ScimDirectory {
  /** A user's name need not be an address of the user: compare `email` before it is taken for one. */
  byUserName(userName: string): Promise<ScimUser | null>;
  byId(scimId: string): Promise<ScimUser | null>;
  /** 409 when there is such a user; 400 where the domain is not verified. Brings back whom `remove` took away. */
  create(person: NewPerson): Promise<void>;
  /** False deactivates: the account can use no product of the organization until it is made active again. */
  setActive(scimId: string, isActive: boolean): Promise<void>;
  /** Deactivates; some directories then forget the user until it is created again, some go on showing it as inactive. */
  remove(scimId: string): Promise<void>;
}

/** A user of the synchronised directory, as far as provisioning needs it. */
export interface ScimUser {
  readonly scimId: string;
  /** `null` while Atlassian has not joined an account to it. */
  readonly accountId: AccountId | null;
  readonly isActive: boolean;
  /** The primary address; `null` where none is told. */
  readonly email: string | null;
}

interface NewPerson {
  readonly email: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
}
