import type { AccountId, GroupId, SiteId, SpaceId } from "./ids.js";

/**
 * What a write may have changed, whatever was answered to it: told after every call that was sent. Who remembers anything
 * decides by it what to forget, so what is not known of it (`null`) counts as "may be any".
 */
export type WhatChanged =
  /** Who is in a group. */
  | { readonly kind: "membershipChanged"; readonly groupId: GroupId; readonly accountId: AccountId }
  /** `groupId` is `null` where nothing told it: then nobody can have asked for it by its id. */
  | { readonly kind: "groupCreated"; readonly groupId: GroupId | null }
  /** Its memberships went with it; whether its grants did is not documented for Cloud. */
  | { readonly kind: "groupDeleted"; readonly groupId: GroupId }
  /** What a space grants: permissions or roles. */
  | { readonly kind: "spaceGrantsChanged"; readonly spaceId: SpaceId }
  /** An account came to be, or came to the site: default groups and the licence came with it. */
  | ({ readonly kind: "accountCreated" } & AccountTold)
  /** Names or address. */
  | ({ readonly kind: "accountUpdated" } & AccountTold)
  /** Suspended, restored, made active or inactive. */
  | ({ readonly kind: "accountStatusChanged" } & AccountTold)
  /** Its memberships went with it. */
  | ({ readonly kind: "accountRemoved" } & AccountTold)
  /** A role on a product: brings the product's default group with it. */
  | { readonly kind: "productRoleChanged"; readonly accountId: AccountId };

/** What is known of an account that changed; `null` what is not. */
export interface AccountTold {
  readonly accountId: AccountId | null;
  /** The name it signs in with, where sites tell such. */
  readonly username: string | null;
  readonly email: string | null;
}

/** What changed, and by which site. */
export type ChangeEvent = WhatChanged & {
  readonly siteId: SiteId;
  /** A reading has shown it. Otherwise a call was sent that may have done it, and may have been refused. */
  readonly isSeen: boolean;
};

/** Whether a change reaches every site of its organization: its accounts and groups are those of all of them. */
export function isOfOrganization({ kind }: WhatChanged): boolean {
  return kind !== "spaceGrantsChanged";
}
