import type { NameRules } from "../confluence/port.js";
import { type Complete, errorFromGap, type Trust } from "../domain/Complete.js";
import { type Grant, globalGrantKey, type SpaceRole, spaceGrantKey } from "../domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";
import { isOfKind, notVisible, outcomeOf, SiteError } from "../domain/SiteError.js";
import { account } from "../loaders/accounts.js";
import { type LoaderDeclaration, onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import { type SiteLoaders, whenRead } from "../loaders/engine/SiteLoaders.js";
import { globalGrants, spaceGrants } from "../loaders/grants.js";
import { group, groupChildren } from "../loaders/groups.js";
import { roleList } from "../loaders/site.js";
import { space } from "../loaders/spaces.js";
import { readAccountGroups } from "./groups.js";
import { membershipGrant, nestingGrant } from "./memberships.js";
import { ReadingParts } from "./ReadingParts.js";

/** Where one grant is stored. */
type GrantLocation =
  | { readonly kind: "membership"; readonly groupId: GroupId; readonly accountId: AccountId }
  | { readonly kind: "nesting"; readonly groupId: GroupId; readonly memberGroupId: GroupId }
  | { readonly kind: "global"; readonly operation: Operation; readonly principal: Principal }
  | { readonly kind: "permission"; readonly spaceId: SpaceId; readonly permissionId: string }
  | { readonly kind: "role"; readonly spaceId: SpaceId; readonly roleId: RoleId; readonly principal: Principal };

/**
 * One grant from where it is stored; `null` when it is not there, or what it is stored in is not there by a look-up of that.
 * Rejects when that is not known.
 */
export async function readGrant(loaders: SiteLoaders, named: GrantLocation): Promise<Grant | null> {
  const location = spellLocation(loaders.store.site.names, named);
  switch (location.kind) {
    case "membership": {
      const { accountId, groupId } = location;
      const groups = await readWithin(loaders, account, accountId, () => readAccountGroups(loaders, accountId));
      if (groups?.items.includes(groupId)) return membershipGrant(loaders, groupId, accountId, groups.asOfMs);
      return provenAbsent(groups);
    }
    case "nesting": {
      const { groupId, memberGroupId } = location;
      const children = await readWithin(loaders, group, groupId, () => loaders.of(groupChildren).get(groupId));
      if (children?.items.includes(memberGroupId)) {
        return nestingGrant(loaders, groupId, memberGroupId, children.asOfMs);
      }
      return provenAbsent(children);
    }
    case "global": {
      const all = await loaders.of(globalGrants).get(onlyOne);
      return all?.items.find(({ key }) => key === globalGrantKey(location)) ?? provenAbsent(all);
    }
    default: {
      const { spaceId } = location;
      const stored = await readWithin(loaders, space, spaceId, () => loaders.of(spaceGrants).get(spaceId));
      const found = stored?.items.find((grant) =>
        location.kind === "permission"
          ? grant.kind === "permission" && grant.permissionId === location.permissionId
          : grant.kind === "role" && spaceGrantKey(grant) === spaceGrantKey(location),
      );
      return found ?? provenAbsent(stored);
    }
  }
}

/** A location as a caller names it, with its names as everything that is read has them. */
function spellLocation(names: NameRules, location: GrantLocation): GrantLocation {
  switch (location.kind) {
    case "membership":
      return { ...location, groupId: names.groupId(location.groupId) };
    case "nesting":
      return {
        ...location,
        groupId: names.groupId(location.groupId),
        memberGroupId: names.groupId(location.memberGroupId),
      };
    case "permission":
      return { ...location, permissionId: names.permissionId(location.permissionId) };
    default:
      return { ...location, principal: names.principal(location.principal) };
  }
}

/** What a container holds; `null` where that is not shown and the container itself is not there either. */
async function readWithin<K extends string, V, T>(
  loaders: SiteLoaders,
  container: LoaderDeclaration<K, V>,
  id: K,
  read: () => T | null | Promise<T | null>,
): Promise<T | null> {
  const outcome = await outcomeOf(read());
  if (!(outcome instanceof Error) && outcome !== null) return outcome;
  if (outcome instanceof Error && !isOfKind(outcome, "NotVisible")) throw outcome;
  if ((await loaders.of(container).get(id)) === null) return null;
  throw outcome ?? notVisible(`what stands in ${id}`);
}

/** `null` for what a reading does not hold; rejects where it may stand in a gap of that. */
function provenAbsent(reading: Trust | null, otherwise = "Whether the grant is still there is not known."): null {
  const [gap] = reading?.gaps ?? [];
  if (gap === undefined) return null;
  throw errorFromGap(gap, `${otherwise} ${gap.reason}`, "ReadIncomplete");
}

/** What some spaces grant. A space that cannot be read, or is not shown, is a gap; the others are whole. */
export async function readSpaceGrants(loaders: SiteLoaders, spaceIds: readonly SpaceId[]): Promise<Complete<Grant>> {
  const parts = new ReadingParts(loaders.store.clock.now());
  return parts.finish(await takeGrants(parts, loaders, spaceIds));
}

async function takeGrants(parts: ReadingParts, loaders: SiteLoaders, spaceIds: readonly SpaceId[]): Promise<Grant[]> {
  const lists = await loaders.of(spaceGrants).getMany(spaceIds);
  return spaceIds.flatMap((spaceId, index) => parts.take(`what space ${spaceId} grants`, lists[index]));
}

/** One role by its id; `null` when the site has no such role. Rejects where it may stand in a part that was not read. */
export async function readRole(loaders: SiteLoaders, roleId: RoleId): Promise<SpaceRole | null> {
  const list = await loaders.of(roleList).get(onlyOne);
  const role = list?.items.find((each) => each.roleId === roleId);
  return role ?? provenAbsent(list, "Whether the site has this role is not known.");
}

/** The definition of a role, or why it is not known; synchronously where the definitions are at hand. */
export function readRoleDefinition(
  loaders: SiteLoaders,
  roleId: RoleId,
): SpaceRole | SiteError | Promise<SpaceRole | SiteError> {
  return whenRead(
    loaders.of(roleList).get(onlyOne),
    (list): SpaceRole | SiteError => definitionIn(loaders, list, roleId),
    (error) => error,
  );
}

function definitionIn(loaders: SiteLoaders, list: Complete<SpaceRole> | null, roleId: RoleId): SpaceRole | SiteError {
  const byId = loaders.once("rolesById", () => new Map(list?.items.map((role) => [role.roleId, role])));
  const role = byId.get(roleId);
  if (role !== undefined) return role;
  const [gap] = list?.gaps ?? [];
  return new SiteError(
    "ReadIncomplete",
    gap === undefined
      ? `The site's role definitions hold no role ${roleId}, so what it gives is not known.`
      : `The definition of role ${roleId} is not among those that could be read. ${gap.reason}`,
    { call: gap?.call ?? "GET /wiki/api/v2/space-roles" },
  );
}
