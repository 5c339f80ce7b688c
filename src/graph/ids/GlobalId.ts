import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";

/** What an opaque global id stands for. */
export type GlobalId =
  | { readonly type: "Site"; readonly siteId: SiteId }
  | { readonly type: "Account"; readonly siteId: SiteId; readonly accountId: AccountId }
  | { readonly type: "Group"; readonly siteId: SiteId; readonly groupId: GroupId }
  | { readonly type: "AccessClass"; readonly siteId: SiteId; readonly reportedType: string; readonly classId: string }
  | { readonly type: "Space"; readonly siteId: SiteId; readonly spaceId: SpaceId }
  | { readonly type: "SpaceRole"; readonly siteId: SiteId; readonly roleId: RoleId }
  | { readonly type: "Change"; readonly siteId: SiteId; readonly changeId: string }
  | ({ readonly type: "Grant"; readonly siteId: SiteId } & GrantAddress);

/** Where a grant is stored. */
export type GrantAddress =
  | { readonly kind: "membership"; readonly groupId: GroupId; readonly accountId: AccountId }
  | { readonly kind: "nesting"; readonly groupId: GroupId; readonly memberGroupId: GroupId }
  | { readonly kind: "global"; readonly operation: Operation; readonly principal: Principal }
  | { readonly kind: "permission"; readonly spaceId: SpaceId; readonly permissionId: string }
  | { readonly kind: "role"; readonly spaceId: SpaceId; readonly roleId: RoleId; readonly principal: Principal };

export type GlobalIdType = GlobalId["type"];
