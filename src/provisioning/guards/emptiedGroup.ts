import type { GroupId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { groupList } from "../../loaders/groups.js";
import { groupMembers } from "../../loaders/memberships.js";
import { readNestedGroups } from "../../readings/groupMembers.js";
import { type Refusal, refuse } from "../reconcile/Plan.js";
import type { Loss } from "./AdministratorSearch.js";
import { keepsSomebody, override, readKnownSpaces, refuseLeaving } from "./administeredSpaces.js";

/** Spaces whose grants are read for the question at most; those that are remembered cost nothing. */
const maxSpacesRead = 100;

interface Question {
  readonly groupId: GroupId;
  readonly loss: Loss;
  readonly field: string;
}

/**
 * Refuses what leaves a group without active people, or ends it, where that leaves a space without an active person who
 * administers it. Nothing is asked while another active person stays in the group. Else the spaces in use and archived are looked
 * at, by grants no older than their lifetime in the cache; those that name the group, or one above it, are read anew. Where more
 * than a hundred would have to be read, nobody knows.
 */
export async function refuseEmptyingGroup(
  store: SiteStore,
  { groupId, loss, field }: Question,
): Promise<Refusal | null> {
  const fresh = new SiteLoaders(store, store.clock.now());
  const isDeleted = loss.groups.has(groupId);
  if (!isDeleted && (await keepsSomebody(fresh, groupId, loss))) return null;
  // Where nobody is in it, nobody is lost.
  if (isDeleted && (await isEmpty(fresh, groupId))) return null;
  const spaces = await readKnownSpaces(store, maxSpacesRead);
  if (spaces === null) return refuse("STATE_UNKNOWN", [field], tooMany);
  const above = await groupsHolding(new SiteLoaders(store, 0), groupId);
  const names = (principal: Principal) => principal.kind === "group" && above.has(principal.groupId);
  const naming = spaces.filter(
    ({ state }) => state === null || state.grants.items.some((each) => names(each.principal)),
  );
  return refuseLeaving(
    fresh,
    naming.map(({ space }) => space),
    { names, loss, field },
  );
}

async function isEmpty(loaders: SiteLoaders, groupId: GroupId): Promise<boolean> {
  const below = await readNestedGroups(loaders, [groupId]);
  const lists = await loaders.of(groupMembers).getMany([...new Set([groupId, ...below.items])]);
  return (
    below.gaps.length === 0 &&
    lists.every((list) => list !== null && !(list instanceof Error) && list.gaps.length + list.items.length === 0)
  );
}

/** The group and every group that holds it, directly or through others (Data Center). */
async function groupsHolding(loaders: SiteLoaders, groupId: GroupId): Promise<ReadonlySet<GroupId>> {
  const above = new Set([groupId]);
  if (loaders.store.site.groups.childrenOf === null) return above;
  const groups = await loaders.of(groupList).get(onlyOne);
  const { childrenOf } = await readNestedGroups(loaders, groups?.items.map((each) => each.groupId) ?? []);
  for (const each of above) {
    for (const [parent, children] of childrenOf) if (children.includes(each)) above.add(parent);
  }
  return above;
}

const tooMany = `This takes the last active person out of the group, and whether it alone administers a space is looked for in at most ${maxSpacesRead} spaces that are not remembered. ${override}`;
