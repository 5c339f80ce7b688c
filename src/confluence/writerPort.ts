import type { Secret } from "../config/Secret.js";
import type { Account } from "../domain/Account.js";
import type { AccountId, Brand, GroupId, RoleId, SpaceId, SpaceKey } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Group, Principal } from "../domain/Principal.js";

/**
 * What provisioning writes to a site. Each is one call, sent at most once: a rejection whose `isAnswerLost` is true may
 * have been applied all the same, and is settled by reading.
 */
export interface SiteWriter {
  /** Adds a granular permission. Refused (400) when it is there already, or when `read/space` is not. */
  addPermission(space: SpaceAddress, principal: Principal, operation: Operation): Promise<void>;
  /** Removes a stored row. On Cloud removing `read/space` removes everything that its principal holds in the space. */
  removePermission(space: SpaceAddress, row: PermissionRow): Promise<void>;
  /** Gives a principal a role in a space, in place of the one it has; `null` takes it away. */
  setRole(space: SpaceAddress, principal: Principal, roleId: RoleId | null): Promise<void>;
  addMember(groupId: GroupId, accountId: AccountId): Promise<void>;
  removeMember(groupId: GroupId, accountId: AccountId): Promise<void>;
  createGroup(name: string): Promise<Group>;
  deleteGroup(groupId: GroupId): Promise<void>;
  /**
   * Which of these addresses have no access to the site, and which are no addresses. Experimental: a site may have it
   * switched off (503). At most 100 addresses.
   */
  checkAccessByEmail(emails: readonly string[]): Promise<EmailAccess>;
  /** Invites to Confluence itself. Accepted at once and done later; people who have access already are passed over. */
  inviteByEmail(emails: readonly string[]): Promise<void>;
  /** The operations that can be granted one by one; others exist, but the site gives no way to write them. */
  readonly grantableOperations: readonly Operation[];
  /** The access classes, by id, that single permissions can be granted to and revoked from. Others take none. */
  readonly grantableClasses: ReadonlySet<string>;
  /** The access classes, by id, that a role can be given to; those that hold one already can as well. */
  readonly roleClasses: ReadonlySet<string>;
  /** True where `read/space` takes all else that its holder has in the space with it, and some permissions bring others. */
  readonly hasCascades: boolean;
  /**
   * Why the site has no way to write single permissions of this principal in a space, for a person; `null` where it has. May
   * read. Itself `null` where there is a way for everybody (Cloud, which removes rows by their id).
   */
  readonly objectionTo: ((principal: Principal, space?: { readonly key: SpaceKey }) => Promise<string | null>) | null;
  /**
   * Why the site has no way to write this membership, for a person; `null` where it has. Asks nobody. Itself `null` where
   * nothing about an account stands in the way, so that its facts need not be read for it (Cloud).
   */
  readonly objectionToMembership: ((groupId: GroupId, account: Account) => string | null) | null;
  /** Why the site has no way to create or delete a group of this name, for a person; `null` where it has. Asks nobody. */
  objectionToGroup(name: string): string | null;
  /** Accounts that the site itself keeps (Data Center); `null` where an organization keeps them (Cloud). */
  readonly accounts: AccountWriter | null;
}

/** A granular row as it is stored: by its id, or where rows have none by who holds what. */
export interface PermissionRow {
  readonly permissionId: string;
  readonly principal: Principal;
  readonly operation: Operation;
}

/** What provisioning writes of the accounts of a site that keeps its own. Each is one call, sent at most once. */
export interface AccountWriter {
  /** How a new account can come by its password. `SET_BY_PERSON`: a notification e-mail leads there. May read. */
  passwordWays(): Promise<ReadonlySet<"GIVEN" | "SET_BY_PERSON">>;
  /** Whether names and e-mail can be updated; asks the site what it offers. `null`, or why not. */
  objectionToUpdate(): Promise<string | null>;
  /** Why no account of this name can be created, for a person: characters that are refused. Asks nobody. */
  objectionToNewUsername(username: string): string | null;
  /** Why an account of this name cannot be changed, for a person: a `/`, which no path takes. Asks nobody. */
  objectionToUsername(username: string): string | null;
  create(account: NewAccount): Promise<void>;
  /** Names and e-mail: both are written, so both are to be given. */
  update(username: string, facts: { readonly fullName: string; readonly email: string }): Promise<void>;
  disable(username: string): Promise<void>;
  enable(username: string): Promise<void>;
  /** Starts a removal that takes its time, and answers its task. */
  remove(username: string): Promise<LongTaskId>;
  /** How far a task is; `null` for one that the site does not know (any more). */
  taskOf(id: LongTaskId): Promise<LongTask | null>;
}

export type LongTaskId = Brand<"LongTaskId">;

export interface LongTask {
  readonly state: "RUNNING" | "SUCCEEDED" | "FAILED";
  /** 0 to 100. */
  readonly percentage: number;
  /** What the site says of it, cleaned; `null` when it says nothing. */
  readonly message: string | null;
}

export interface NewAccount {
  readonly username: string;
  readonly fullName: string;
  readonly email: string;
  /** `null`: the person sets one by way of the notification e-mail. */
  readonly password: Secret | null;
}

/** A space as writes address it: v1 wants the key, v2 the id. */
interface SpaceAddress {
  readonly spaceId: SpaceId;
  readonly key: SpaceKey;
}

/** What `check-access-by-email` says; an address in neither list has access. */
interface EmailAccess {
  /** `null` where the answer leaves it out, so that nobody is said to have access. */
  readonly withoutAccess: readonly string[] | null;
  readonly invalid: readonly string[];
}
