import type { ConfluenceSite, KnownSpaceStatus } from "../../src/confluence/port.js";
import type { AccountKind, AccountStatus } from "../../src/domain/Account.js";
import type { AccountId, GroupId, RoleId, SpaceId, SpaceKey } from "../../src/domain/ids.js";
import type { PermissionModel } from "../../src/domain/PermissionModel.js";
import type { Principal } from "../../src/domain/Principal.js";

/** What a grant of the site should look like, without the id of its stored row. */
export type ExpectedGrant =
  | { readonly kind: "permission"; readonly principal: Principal; readonly operation: string }
  | { readonly kind: "role"; readonly principal: Principal; readonly roleId: RoleId };

/** What a site holds, in the words of the domain; the same for every kind of site that can hold it. */
export interface ExpectedReads {
  readonly permissionModel: PermissionModel;
  /** Accounts by id; among them, where the product knows such: a guest, an app, somebody who left. */
  readonly accounts: ReadonlyMap<
    AccountId,
    { readonly displayName: string; readonly kind: AccountKind; readonly status: AccountStatus }
  >;
  /** Those that a listing of users has: guests are among them where the product has guests. */
  readonly searchable: readonly AccountId[];
  readonly groups: ReadonlyMap<GroupId, { readonly name: string }>;
  /** A group whose members take more than one page. */
  readonly crowd: { readonly groupId: GroupId; readonly members: readonly AccountId[] };
  /** An account whose groups take more than one page. */
  readonly joiner: { readonly accountId: AccountId; readonly groupIds: readonly GroupId[] };
  readonly spaces: Readonly<Record<KnownSpaceStatus, readonly { readonly id: SpaceId; readonly key: SpaceKey }[]>>;
  /** What one space grants, over more than one page. */
  readonly granting: { readonly spaceId: SpaceId; readonly grants: readonly ExpectedGrant[] };
  /** Role definitions; `null` where the site has none to tell. */
  readonly roleIds: readonly RoleId[] | null;
  /** Ids and keys that the site could have and has not. */
  readonly nowhere: {
    readonly accountId: AccountId;
    readonly groupId: GroupId;
    readonly spaceId: SpaceId;
    readonly key: SpaceKey;
  };
}

/** A running site with what it should answer. */
export interface SiteUnderTest {
  readonly site: ConfluenceSite;
  readonly expected: ExpectedReads;
  /** Closes the site and whatever stands behind it. */
  close(): Promise<void>;
}
