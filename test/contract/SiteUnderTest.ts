import type { ConfluenceSite, KnownSpaceStatus } from "../../src/confluence/port.js";
import type { AccountKind, AccountStatus } from "../../src/domain/Account.js";
import type { AccountId, GroupId, RoleId, SpaceId, SpaceKey } from "../../src/domain/ids.js";
import type { Principal } from "../../src/domain/Principal.js";
import type { PermissionModel, SiteCapabilityName } from "../../src/domain/Site.js";

/** What a grant of the site should look like, without the id of its stored row. */
export type ExpectedGrant =
  | { readonly kind: "permission"; readonly principal: Principal; readonly operation: string }
  | { readonly kind: "role"; readonly principal: Principal; readonly roleId: RoleId };

/**
 * What a site may be unable to do, or not do as the others: by the capability that says so, or else by a name of its own.
 *
 * - `USERNAMES`: nobody signs in with a name that could be looked up.
 * - `LICENSED_ACCOUNTS`: there is no list of those who count for the licence.
 */
export type SiteException = SiteCapabilityName | "USERNAMES" | "LICENSED_ACCOUNTS";

/** What a site holds, in the words of the domain; the same for every kind of site that can hold it. */
export interface ExpectedReads {
  readonly permissionModel: PermissionModel;
  /** Accounts by id; among them, where the product knows such: a guest, an app, somebody who left. */
  readonly accounts: ReadonlyMap<
    AccountId,
    { readonly displayName: string; readonly kind: AccountKind; readonly status: AccountStatus }
  >;
  /** Those that a listing of users has: guests are among them where the product has guests. */
  readonly listed: readonly AccountId[];
  /** Addresses of some of `accounts`. */
  readonly emails: ReadonlyMap<AccountId, string>;
  /** Names that people sign in with, spelled as nobody registered them. */
  readonly usernames: ReadonlyMap<string, AccountId>;
  /** Some of those who count for the licence, with their last sign-in; `null` for never. */
  readonly active: ReadonlyMap<AccountId, { readonly email: string; readonly lastActiveAtMs: number | null }>;
  readonly groups: ReadonlyMap<GroupId, { readonly name: string }>;
  /** A group whose members take more than one page. */
  readonly crowd: { readonly groupId: GroupId; readonly members: readonly AccountId[] };
  /** A group whose child groups take more than one page. */
  readonly nest: { readonly groupId: GroupId; readonly children: readonly GroupId[] };
  /** The group whose members can do everything. */
  readonly superGroupId: GroupId | null;
  /** An account whose groups take more than one page. */
  readonly joiner: { readonly accountId: AccountId; readonly groupIds: readonly GroupId[] };
  readonly spaces: Readonly<Record<KnownSpaceStatus, readonly { readonly id: SpaceId; readonly key: SpaceKey }[]>>;
  /** What one space grants, over more than one page where grants are paged. */
  readonly granting: {
    readonly spaceId: SpaceId;
    readonly grants: readonly ExpectedGrant[];
    /** Those of its grants that only the unlicensed hold. */
    readonly ofUnlicensed: readonly ExpectedGrant[];
  };
  /** What is granted on the site as a whole. */
  readonly globalGrants: readonly ExpectedGrant[];
  readonly roleIds: readonly RoleId[];
  /** Ids, keys and names that the site could have and has not. */
  readonly nowhere: {
    readonly accountId: AccountId;
    readonly username: string;
    readonly groupId: GroupId;
    readonly spaceId: SpaceId;
    readonly key: SpaceKey;
  };
}

/** A running site with what it should answer. */
export interface SiteUnderTest {
  readonly site: ConfluenceSite;
  readonly expected: ExpectedReads;
  /** What it cannot do. Everything else must work, and for each of these the suite says what happens instead. */
  readonly exceptions: ReadonlySet<SiteException>;
  /** Closes the site and whatever stands behind it. */
  close(): Promise<void>;
}
