import type { Group } from "../domain/Group.js";
import type { AccountId, GroupId, RoleId, SpaceId, SpaceKey } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";

/**
 * What provisioning writes to a site. Each is one call, sent at most once: a rejection whose `isAnswerLost` is true may
 * have been applied all the same, and is settled by reading.
 */
export interface SiteWriter {
  /** Adds a granular permission. Refused (400) when it is there already, or when `read/space` is not. */
  addPermission(space: SpaceAddress, principal: Principal, operation: Operation): Promise<void>;
  /** Removes a stored row. Removing `read/space` removes everything that its principal holds in the space. */
  removePermission(space: SpaceAddress, permissionId: string): Promise<void>;
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
}

/** A space as writes address it: v1 wants the key, v2 the id. */
export interface SpaceAddress {
  readonly spaceId: SpaceId;
  readonly key: SpaceKey;
}

/** What `check-access-by-email` says; an address in neither list has access. */
export interface EmailAccess {
  readonly withoutAccess: readonly string[];
  readonly invalid: readonly string[];
}
