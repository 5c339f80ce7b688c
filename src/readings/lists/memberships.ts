import { type Complete, mergeTrust, type Trust } from "../../domain/Complete.js";
import type { MembershipGrant, NestingGrant } from "../../domain/Grant.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import { compareText } from "../../domain/textOrder.js";
import { KeptParts, type PartOutcome, valueIn } from "../../loaders/engine/KeptParts.js";
import { LastMade } from "../../loaders/engine/KeptThings.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { groupChildren } from "../../loaders/groups.js";
import { groupMembers } from "../../loaders/memberships.js";
import { type HiddenMembers, membersWith, readHiddenMembers } from "../groupMembers.js";
import { readCurrentGroups } from "../groups.js";
import { membershipGrant, nestingGrant, type WantedMembers } from "../memberships.js";
import { ReadingParts } from "../ReadingParts.js";
import type { Parts } from "./Sequence.js";

/** The memberships of every group, a part a group, in the order of the groups' ids, which is that of the keys of the grants. */
export interface AllMemberships extends Trust {
  readonly accounts: Parts<MembershipGrant>;
  /** Groups in groups. */
  readonly groups: Parts<NestingGrant>;
}

/** The memberships of every group of the site, as grants; the very same parts as in the request before where nothing changed. */
export async function readAllMemberships(loaders: SiteLoaders, wanted: WantedMembers): Promise<AllMemberships> {
  const kept = loaders.store.kept.of("allMemberships", () => new KeptMemberships());
  const groups = await readCurrentGroups(loaders);
  const ids = kept.ids.get([groups.items], () => groups.items.map(({ groupId }) => groupId).sort(compareText));
  const isNesting = wanted.groups && loaders.store.site.groups.childrenOf !== null;
  const [members, hidden, children] = await Promise.all([
    wanted.accounts ? kept.members.read(loaders, ids) : [],
    wanted.accounts && ids.length > 0 ? readHiddenMembers(loaders) : null,
    isNesting ? kept.children.read(loaders, ids) : [],
  ]);
  const nowMs = loaders.store.clock.now();
  const ofGroups = isNesting ? kept.nestings.get([ids, children], () => nestings(loaders, ids, children)) : nothing;
  const ofAccounts =
    hidden === null
      ? nothing
      : kept.memberships.get([ids, members, ...toldBy(hidden, members)], () =>
          kept.join(loaders, ids, members, hidden),
        );
  const hasMembers = hidden !== null && members.some((list) => !(list instanceof Error) && list.value !== null);
  // What lists of members leave out goes for each of them, and so for all.
  const parts = [groups, ...ofAccounts.trusts, ...ofGroups.trusts, ...(hasMembers ? [hidden.trust] : [])];
  return { ...mergeTrust(parts, nowMs), accounts: ofAccounts.parts, groups: ofGroups.parts };
}

interface Made<T> {
  readonly parts: Parts<T>;
  /** How far they can be trusted; none of no parts. */
  readonly trusts: readonly Trust[];
}

const nothing: Made<never> = { parts: [], trusts: [] };

/** A membership as a grant: its object and its key. */
const bytesOfGrant = 220;

class KeptMemberships {
  #made = 0;
  readonly ids = new LastMade<readonly GroupId[]>();
  readonly members = new KeptParts(groupMembers);
  readonly children = new KeptParts(groupChildren);
  readonly memberships = new LastMade<Made<MembershipGrant>>();
  readonly nestings = new LastMade<Made<NestingGrant>>();
  /** By the list that they were made of, so that one group that changes costs its own members alone. */
  readonly #grants = new WeakMap<object, { readonly asOfMs: number; readonly made: readonly MembershipGrant[] }>();

  /** What the grants take that were made of the lists, about. */
  get bytes(): number {
    return this.#made * bytesOfGrant;
  }

  join(
    loaders: SiteLoaders,
    ids: readonly GroupId[],
    lists: readonly PartOutcome<Complete<AccountId>>[],
    hidden: HiddenMembers,
  ): Made<MembershipGrant> {
    const parts = new ReadingParts(loaders.store.clock.now());
    const made = lists.map((outcome, index): readonly MembershipGrant[] => {
      const groupId = ids[index] as GroupId;
      const list = valueIn(outcome);
      parts.take(`members of group ${groupId}`, list);
      return list === null || list instanceof Error ? [] : this.#grantsOf(loaders, groupId, list, hidden);
    });
    this.#made = made.reduce((sum, part) => sum + part.length, 0);
    return { parts: made, trusts: made.length === 0 ? [] : [parts.trust] };
  }

  #grantsOf(
    loaders: SiteLoaders,
    groupId: GroupId,
    list: Complete<AccountId>,
    hidden: HiddenMembers,
  ): readonly MembershipGrant[] {
    const asOfMs = Math.min(list.asOfMs, hidden.trust.asOfMs);
    const accountIds = membersWith(list.items, hidden, groupId);
    const isAsListed = accountIds === list.items;
    const kept = isAsListed ? this.#grants.get(list) : undefined;
    if (kept !== undefined && kept.asOfMs === asOfMs) return kept.made;
    const made = accountIds.map((accountId) => membershipGrant(loaders, groupId, accountId, asOfMs));
    if (isAsListed) this.#grants.set(list, { asOfMs, made });
    return made;
  }
}

/** What of those whom the lists leave out tells in the grants: who they are, and how old that is where it is older than the lists. */
function toldBy(
  { byGroup, trust }: HiddenMembers,
  lists: readonly PartOutcome<Complete<AccountId>>[],
): readonly (string | number)[] {
  const isOlder = lists.some((list) => !(list instanceof Error) && (list.value?.asOfMs ?? 0) > trust.asOfMs);
  return [isOlder ? trust.asOfMs : Number.POSITIVE_INFINITY, byGroup.size === 0 ? "" : JSON.stringify([...byGroup])];
}

function nestings(
  loaders: SiteLoaders,
  ids: readonly GroupId[],
  lists: readonly PartOutcome<Complete<GroupId>>[],
): Made<NestingGrant> {
  const parts = new ReadingParts(loaders.store.clock.now());
  const made = lists.map((outcome, index) => {
    const groupId = ids[index] as GroupId;
    const list = valueIn(outcome);
    const items = parts.take(`groups in group ${groupId}`, list);
    const asOfMs = list === null || list instanceof Error ? 0 : list.asOfMs;
    return items.map((childId) => nestingGrant(loaders, groupId, childId, asOfMs));
  });
  return { parts: made, trusts: made.length === 0 ? [] : [parts.trust] };
}
