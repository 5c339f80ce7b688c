import type { AccountId, GroupId, RoleId, SpaceId } from "../../domain/ids.js";
import { operationName } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { globalGrants, spaceGrants } from "../../loaders/grants.js";
import { groupChildren } from "../../loaders/groups.js";
import { groupMembers, memberOf } from "../../loaders/memberships.js";
import { readGroupMembers } from "../../readings/groupMembers.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { readSpaces } from "../../readings/spaces.js";

/** What a group or an account holds in one space, as it is recorded before its holder goes. */
interface HeldInSpace {
  readonly spaceId: SpaceId;
  /** `create/page`; none where it holds roles alone. */
  readonly operations: readonly string[];
  readonly roleIds: readonly RoleId[];
}

/** What is recorded of a group or an account before it goes: plain data, bounded, with what is missing from it in words. */
export interface Held {
  /** Of a group: whom it holds. */
  readonly members: readonly AccountId[];
  /** Of an account: the groups that it is in. */
  readonly groups: readonly GroupId[];
  readonly grants: readonly HeldInSpace[];
  /** What was there and no call of Confluence can put back. */
  readonly beyond: readonly string[];
  readonly gaps: readonly string[];
}

/** Members, groups and spaces that are recorded at most; more are a gap. */
const maxRecorded = 1_000;

/** Spaces whose grants are read for it at most; those that are remembered cost nothing. */
export const maxSpacesRead = 100;

/** What a group holds and whom. Never rejects: the change does not wait for what cannot be read, which is a gap. */
export async function readHeldByGroup(store: SiteStore, groupId: GroupId): Promise<Held> {
  const reading = begin(store);
  const { fresh, remembered, parts } = reading;
  // Read now; whom the list leaves out is known by what is remembered of suspended people.
  await outcomeOf(fresh.of(groupMembers).get(groupId));
  const [[members], children, grants] = await Promise.all([
    readGroupMembers(remembered, [groupId]),
    outcomeOf(fresh.of(groupChildren).get(groupId)),
    readGrants(reading, { kind: "group", groupId }),
  ]);
  const listed = parts.take("members", members);
  if (parts.trust.assumptions.includes("SUSPENDED_MEMBERS_HIDDEN")) {
    reading.gaps.push("members who are suspended: lists leave them out, and no organization is asked who they are");
  }
  const below = parts.take("groups in it", children).map((id) => `group ${id} in it`);
  return finish(reading, { members: listed, groups: [], ...grants, beyond: [...below, ...grants.beyond] });
}

/** What an account holds, and the groups it is in. Never rejects. */
export async function readHeldByAccount(store: SiteStore, accountId: AccountId): Promise<Held> {
  const reading = begin(store);
  const [groups, grants] = await Promise.all([
    outcomeOf(reading.fresh.of(memberOf).get(accountId)),
    readGrants(reading, { kind: "account", accountId }),
  ]);
  return finish(reading, { members: [], groups: reading.parts.take("groups it is in", groups), ...grants });
}

interface Reading {
  readonly store: SiteStore;
  readonly fresh: SiteLoaders;
  readonly remembered: SiteLoaders;
  readonly parts: ReadingParts;
  readonly gaps: string[];
}

function begin(store: SiteStore): Reading {
  const nowMs = store.clock.now();
  const parts = new ReadingParts(nowMs);
  return { store, parts, gaps: [], fresh: new SiteLoaders(store, nowMs), remembered: new SiteLoaders(store, 0) };
}

/**
 * The spaces in use and archived, by grants no older than their lifetime in the cache; those that name the holder are read anew,
 * so that nothing is recorded that was taken back meanwhile.
 */
async function readGrants(
  { store, fresh, remembered, parts, gaps }: Reading,
  principal: Principal,
): Promise<Pick<Held, "grants" | "beyond">> {
  const key = principalKey(principal);
  const holds = (grant: { readonly principal: Principal }) => principalKey(grant.principal) === key;
  const readListed = async () => readSpaces(remembered, ["CURRENT", "ARCHIVED"]);
  const [spaces, global] = await Promise.all([
    outcomeOf(readListed()),
    outcomeOf(remembered.of(globalGrants).get(onlyOne)),
  ]);
  const ids = parts.take("what spaces grant it", spaces).map(({ spaceId }) => spaceId);
  const unread = ids.filter((id) => store.of(spaceGrants).remembered(id) === undefined);
  const left = new Set(unread.slice(maxSpacesRead));
  if (left.size > 0) gaps.push(`what ${left.size} of ${ids.length} spaces grant it: they were not read for this`);
  const looked = ids.filter((id) => !left.has(id));
  const lists = await remembered.of(spaceGrants).getMany(looked);
  const naming = looked.filter((id, index) => {
    // A space that went meanwhile grants nothing.
    const list = lists[index];
    return list != null && parts.take(`what space ${id} grants it`, list).some(holds);
  });
  const anew = await fresh.of(spaceGrants).getMany(naming);
  const grants = naming.flatMap((spaceId, index): HeldInSpace[] => {
    const list = anew[index];
    const held = list == null ? [] : parts.take(`what space ${spaceId} grants it`, list).filter(holds);
    const operations = held.flatMap((grant) => (grant.kind === "permission" ? [operationName(grant.operation)] : []));
    const roleIds = held.flatMap((grant) => (grant.kind === "role" ? [grant.roleId] : []));
    return held.length === 0 ? [] : [{ spaceId, operations: [...new Set(operations)].sort(), roleIds }];
  });
  // A site without such permissions, or whose version does not tell them, has nothing to record.
  const onSite = global === null ? [] : parts.take("permissions on the site as a whole", global).filter(holds);
  return { grants, beyond: onSite.map(({ operation }) => `${operationName(operation)} on the site as a whole`) };
}

function finish({ parts, gaps }: Reading, held: Omit<Held, "gaps">): Held {
  const cut = <T>(items: readonly T[], what: string): readonly T[] => {
    if (items.length > maxRecorded) gaps.push(`${what} beyond the first ${maxRecorded} of ${items.length}`);
    return items.slice(0, maxRecorded);
  };
  const bounded = {
    members: cut(held.members, "members"),
    groups: cut(held.groups, "groups it is in"),
    grants: cut(held.grants, "spaces that grant it something"),
    beyond: cut(held.beyond, "what cannot be put back"),
  };
  const missed = parts.trust.gaps.map(({ missing, reason }) => `${missing}: ${reason}`);
  return { ...bounded, gaps: [...gaps, ...missed].slice(0, maxGaps) };
}

/** Gaps that are recorded at most: each says the same of another space. */
const maxGaps = 20;
