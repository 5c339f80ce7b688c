import type { NameRules } from "../confluence/NameRules.js";
import type { Gap } from "../domain/Gap.js";
import type { Grant } from "../domain/Grant.js";
import { globalGrantKey } from "../domain/grantKey.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";
import { SiteError } from "../domain/SiteError.js";
import { spaceGrantKey } from "../domain/spaceGrantKey.js";
import { globalGrants } from "../loaders/globalGrants.js";
import { groupChildren } from "../loaders/groupChildren.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { spaceGrants } from "../loaders/spaceGrants.js";
import { membershipGrant } from "./membershipGrant.js";
import { nestingGrant } from "./nestingGrant.js";
import { readAccountGroups } from "./readAccountGroups.js";

/** Where one grant is stored. */
type Place =
  | { readonly kind: "membership"; readonly groupId: GroupId; readonly accountId: AccountId }
  | { readonly kind: "nesting"; readonly groupId: GroupId; readonly memberGroupId: GroupId }
  | { readonly kind: "global"; readonly operation: Operation; readonly principal: Principal }
  | { readonly kind: "permission"; readonly spaceId: SpaceId; readonly permissionId: string }
  | { readonly kind: "role"; readonly spaceId: SpaceId; readonly roleId: RoleId; readonly principal: Principal };

/** One grant from where it is stored; `null` when it is not there. Rejects when a gap hides whether it is. */
export async function readGrant(loaders: SiteLoaders, named: Place): Promise<Grant | null> {
  const place = settlePlace(loaders.store.site.names, named);
  if (place.kind === "membership") {
    const { accountId, groupId } = place;
    const groups = await readAccountGroups(loaders, accountId);
    if (groups?.items.includes(groupId)) return membershipGrant(loaders, groupId, accountId, groups.asOfMs);
    return absentUnless(groups?.gaps);
  }
  if (place.kind === "nesting") {
    const { groupId, memberGroupId } = place;
    const children = await loaders.of(groupChildren).get(groupId);
    if (children?.items.includes(memberGroupId)) return nestingGrant(loaders, groupId, memberGroupId, children.asOfMs);
    return absentUnless(children?.gaps);
  }
  if (place.kind === "global") {
    const all = await loaders.of(globalGrants).get(onlyOne);
    return all?.items.find(({ key }) => key === globalGrantKey(place)) ?? absentUnless(all?.gaps);
  }
  const stored = await loaders.of(spaceGrants).get(place.spaceId);
  const found = stored?.items.find((grant) =>
    place.kind === "permission"
      ? grant.kind === "permission" && grant.permissionId === place.permissionId
      : grant.kind === "role" && spaceGrantKey(grant) === spaceGrantKey(place),
  );
  if (found !== undefined) return found;
  return absentUnless(stored?.gaps);
}

/** A place as a caller names it, with its names as everything that is read has them. */
function settlePlace(names: NameRules, place: Place): Place {
  switch (place.kind) {
    case "membership":
      return { ...place, groupId: names.groupId(place.groupId) };
    case "nesting":
      return {
        ...place,
        groupId: names.groupId(place.groupId),
        memberGroupId: names.groupId(place.memberGroupId),
      };
    case "permission":
      return { ...place, permissionId: names.permissionId(place.permissionId) };
    default:
      return { ...place, principal: names.principal(place.principal) };
  }
}

function absentUnless(gaps: readonly Gap[] | undefined): null {
  const [gap] = gaps ?? [];
  if (gap === undefined) return null;
  throw new SiteError("ReadIncomplete", `Whether the grant is still there is not known. ${gap.reason}`, {
    call: gap.call ?? "",
    retryAfterMs: gap.retryAfterMs,
  });
}
