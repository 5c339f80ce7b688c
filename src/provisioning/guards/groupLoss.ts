import { administratorsIn } from "../../access/findings/evaluateAdministrator.js";
import { indexSpace } from "../../access/SpaceFacts.js";
import { errorFromGap, knownEmpty } from "../../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { outcomeOf } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import { account } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { spaceGrants } from "../../loaders/grants.js";
import { groupList } from "../../loaders/groups.js";
import { groupMembers } from "../../loaders/memberships.js";
import { permissionModel, roleList } from "../../loaders/site.js";
import { readNestedGroups } from "../../readings/groupMembers.js";
import { readSpaces } from "../../readings/spaces.js";
import { type Refusal, refuse } from "../reconcile/Task.js";
import { type AdministeredSpace, AdministratorSearch, type Circumstances, noLoss } from "./AdministratorSearch.js";
import { ChangesElsewhere } from "./ChangesElsewhere.js";
import { administered } from "./lastAdministrator.js";
import type { PlannedSoFar } from "./PlannedSoFar.js";

/** A space in use or archived, as it is remembered: no older than the lifetime of grants in the cache. */
export interface KnownSpace {
  readonly space: Space;
  /** `null` where its grants could not be read whole: whatever is asked of it, the answer is not known. */
  readonly state: AdministeredSpace | null;
}

/**
 * The spaces of the site by what is remembered of their grants; those that are not remembered are read, and remembered then, and so
 * are those that another process has changed. `null` where more than so many would have to be read, or the spaces are not listed whole.
 */
export async function readKnownSpaces(
  store: SiteStore,
  { maxRead, planned }: { readonly maxRead: number; readonly planned: PlannedSoFar },
): Promise<readonly KnownSpace[] | null> {
  const elsewhere = ChangesElsewhere.of(store);
  const changed = await elsewhere?.look();
  const remembered = new SiteLoaders(store, 0);
  const anew = new SiteLoaders(store, store.clock.now());
  const loadersOf = (spaceId: SpaceId) => (changed?.has(spaceId) ? anew : remembered);
  const spaces = await readSpaces(remembered, ["CURRENT", "ARCHIVED"]);
  const isUnread = ({ spaceId }: Space) =>
    changed?.has(spaceId) || store.of(spaceGrants).remembered(spaceId) === undefined;
  if (spaces.gaps.length > 0 || spaces.items.filter(isUnread).length > maxRead) return null;
  const known = spaces.items.map(async (space): Promise<KnownSpace[]> => {
    const { spaceId } = space;
    const loaders = loadersOf(spaceId);
    const list = await outcomeOf(Promise.resolve(loaders.of(spaceGrants).get(spaceId)));
    const number = changed?.get(spaceId);
    if (number !== undefined && !(list instanceof Error)) elsewhere?.settle(spaceId, number);
    // A space that went meanwhile has no administrator to lose.
    if (list === null) return [];
    const isWhole = !(list instanceof Error) && list.gaps.length === 0;
    return [{ space, state: isWhole ? await readAdministered(loaders, space, planned) : null }];
  });
  return (await Promise.all(known)).flat();
}

interface Question {
  /** The principals through whom somebody is lost. */
  readonly names: (principal: Principal) => boolean;
  readonly circumstances: Circumstances;
  readonly field: string;
}

/**
 * Refuses what leaves one of these spaces without an active person who administers it, where somebody does now. Each is read
 * anew; where none of the principals administers it, nobody is looked for.
 */
export async function refuseLeaving(
  fresh: SiteLoaders,
  spaces: readonly Space[],
  { names, circumstances, field }: Question,
): Promise<Refusal | null> {
  const left: Space[] = [];
  const { planned } = circumstances;
  for (const space of spaces) {
    const state = await readAdministered(fresh, space, planned);
    if (state === null) continue;
    if (state.grants.gaps.length === 0 && !administratorsOf(state).some(names)) continue;
    const later = await new AdministratorSearch(fresh, state, circumstances).find();
    if (later.is === "YES") continue;
    const now = await new AdministratorSearch(fresh, state, { loss: noLoss, planned }).find();
    if (now.is === "NO") continue;
    if (later.is === "UNKNOWN")
      return refuse("STATE_UNKNOWN", [field], `${unreadSpace(space)} ${later.gaps[0].reason}`);
    if (now.is === "UNKNOWN") return refuse("STATE_UNKNOWN", [field], `${unreadSpace(space)} ${now.gaps[0].reason}`);
    left.push(space);
  }
  return left.length === 0 ? null : refuse("LAST_ADMINISTRATOR", [field], wouldBeLeft(left));
}

/** Whether another active person, no app, stays in the group: among the first twenty who stay. */
export async function keepsSomebody(
  loaders: SiteLoaders,
  groupId: GroupId,
  { loss, planned }: Circumstances,
  listed: readonly AccountId[] | null = null,
): Promise<boolean> {
  const members = listed ?? (await loaders.of(groupMembers).get(groupId))?.items ?? [];
  const ended = loss.memberships.get(groupId);
  const stays = (id: AccountId) => ended?.has(id) !== true && !loss.accounts.has(id);
  const staying = planned.membersOf(groupId, members).filter(stays).slice(0, 20);
  const facts = await loaders.of(account).getMany(staying);
  return facts.some(
    (known) => known !== null && !(known instanceof Error) && known.kind !== "APP" && known.status === "ACTIVE",
  );
}

async function readAdministered(
  loaders: SiteLoaders,
  { spaceId, status }: Space,
  planned: PlannedSoFar,
): Promise<AdministeredSpace | null> {
  const state = planned.spaceOf(spaceId);
  if (state !== undefined) return administered(loaders.store, state);
  const [grants, model] = await Promise.all([
    loaders.of(spaceGrants).get(spaceId),
    loaders.of(permissionModel).get(onlyOne),
  ]);
  if (grants === null) return null;
  const hasRoles = grants.items.some(({ kind }) => kind === "role");
  const roles = hasRoles ? await loaders.of(roleList).get(onlyOne) : null;
  return {
    spaceId,
    status,
    grants,
    roles: roles ?? knownEmpty(loaders.store.clock.now()),
    model: model?.model ?? "UNKNOWN",
  };
}

/** Who administers the space, or may. */
export function administratorsOf(space: AdministeredSpace): readonly Principal[] {
  return administratorsIn(indexSpace({ ...space, gaps: [] }));
}

function unreadSpace({ key }: Space): string {
  return `Whether anybody else administers space ${key} could not be read, so nothing is changed. ${override}`;
}

function wouldBeLeft(spaces: readonly Space[]): string {
  const shown = spaces.slice(0, 5).map(({ key }) => key);
  const more = spaces.length > shown.length ? ` and ${spaces.length - shown.length} more` : "";
  return `This would leave without an active person who administers it: space ${shown.join(", ")}${more}. Give administer/space there to somebody else first. ${override}`;
}

export const override = "Or repeat it with acknowledgeAdministration: true if that is meant.";

/** Spaces whose grants are read for the question at most; those that are remembered cost nothing. */
const maxSpacesRead = 100;

interface EmptiedGroupQuestion {
  readonly groupId: GroupId;
  readonly circumstances: Circumstances;
  readonly field: string;
  /** Whom the group lists, where that was read just now under its lock, and what was read as lately: then the list is not read again. */
  readonly known?: { readonly loaders: SiteLoaders; readonly listed: readonly AccountId[] };
}

/**
 * Refuses what leaves a group without active people, or ends it, where that leaves a space without an active person who
 * administers it. Nothing is asked while another active person stays in the group. Else the spaces in use and archived are looked
 * at, by grants no older than their lifetime in the cache; those that name the group, or one above it, are read anew. Where more
 * than a hundred would have to be read, nobody knows.
 */
export async function refuseEmptyingGroup(
  store: SiteStore,
  { groupId, circumstances, field, known }: EmptiedGroupQuestion,
): Promise<Refusal | null> {
  const fresh = new SiteLoaders(store, store.clock.now());
  const { loss, planned } = circumstances;
  const isDeleted = loss.groups.has(groupId);
  const isKept =
    !isDeleted && (await keepsSomebody(known?.loaders ?? fresh, groupId, circumstances, known?.listed ?? null));
  if (isKept) return null;
  // Where nobody is in it, nobody is lost.
  if (isDeleted && (await isEmpty(fresh, groupId))) return null;
  const spaces = await readKnownSpaces(store, { maxRead: maxSpacesRead, planned });
  if (spaces === null) return refuse("STATE_UNKNOWN", [field], tooMany);
  const above = await groupsHolding(new SiteLoaders(store, 0), [groupId]);
  const names = (principal: Principal) => principal.kind === "group" && above.has(principal.groupId);
  const naming = spaces.filter(
    ({ state }) => state === null || state.grants.items.some((each) => names(each.principal)),
  );
  return refuseLeaving(
    fresh,
    naming.map(({ space }) => space),
    { names, circumstances, field },
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

/**
 * Some groups and every group that holds one of them, directly or through others (Data Center); and those of which it cannot be
 * read what they hold. Rejects with a `SiteError` where not all groups are listed: one that is not may hold them.
 */
export async function groupsHolding(loaders: SiteLoaders, groupIds: readonly GroupId[]): Promise<ReadonlySet<GroupId>> {
  const above = new Set(groupIds);
  if (above.size === 0 || loaders.store.site.groups.childrenOf === null) return above;
  const groups = await loaders.of(groupList).get(onlyOne);
  const [gap] = groups?.gaps ?? [];
  if (gap !== undefined) throw errorFromGap(gap, `Which groups hold a group is not known. ${gap.reason}`);
  const { childrenOf, gapsOf } = await readNestedGroups(loaders, groups?.items.map((each) => each.groupId) ?? []);
  for (const each of above) {
    for (const [parent, children] of childrenOf) if (children.includes(each) || gapsOf.has(parent)) above.add(parent);
  }
  return above;
}

const tooMany = `This takes the last active person out of the group, and whether it alone administers a space is looked for in at most ${maxSpacesRead} spaces that are not remembered. ${override}`;
