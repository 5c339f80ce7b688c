import DataLoader from "dataloader";
import { inSlices, type Steps } from "../access/index/store/slices.js";
import { staleLifetimes } from "../cache/TtlCache.js";
import { letGoOn, UnbegunWork, whenSettled } from "../callers/UnbegunWork.js";
import { type Complete, errorFromGap, type Gap, mergeGaps, staleIn, type Trust } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { Group } from "../domain/Principal.js";
import { notVisible, SiteError } from "../domain/SiteError.js";
import { compareText } from "../domain/textOrder.js";
import { Audience } from "../loaders/engine/Audience.js";
import { Until } from "../loaders/engine/Basis.js";
import { LastMade } from "../loaders/engine/KeptThings.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { groupList } from "../loaders/groups.js";
import { groupMembers, memberOf } from "../loaders/memberships.js";
import { slicing } from "./lists/slicing.js";
import { ReadingParts } from "./ReadingParts.js";

/** A list read for the same answer is never too old, however short memberships live. */
const leastAgeMs = 30_000;

/**
 * Every group, as what memberships are read of. The list lives longer than memberships do, and the members of a group made
 * since would be missing for as long: so here it is no older than memberships may be. Where it cannot be read again, the
 * older one will do, and the groups made since are a gap; or the list itself says that it is stale.
 */
export function readCurrentGroups(loaders: SiteLoaders): Promise<Complete<Group>> {
  return loaders.once("currentGroups", async () => {
    const parts = new ReadingParts(loaders.store.clock.now());
    const listed = await loaders.of(groupList).get(onlyOne);
    const isStale = listed !== null && staleIn(listed).length > 0;
    if (listed === null || isStale || isGroupListCurrent(loaders, listed))
      return parts.finish(parts.take("groups", listed));
    const current = await loaders.readSince(groupList, onlyOne, oldestCountingMs(loaders));
    if (!(current instanceof SiteError)) return parts.finish(parts.take("groups", current));
    const items = parts.take("groups", listed);
    parts.miss("groups made since the list was read", current);
    return parts.finish(items);
  });
}

/** Whether a list of groups that is at hand is good for that. */
function isGroupListCurrent(loaders: SiteLoaders, list: Complete<Group>): boolean {
  const isCurrent = list.asOfMs >= oldestCountingMs(loaders);
  if (isCurrent) loaders.basis.restOn(new Until(list.asOfMs + oldestAgeMs(loaders) + 1));
  return isCurrent;
}

function oldestCountingMs(loaders: SiteLoaders): number {
  return Math.max(loaders.notBeforeMs, loaders.store.clock.now() - oldestAgeMs(loaders));
}

function oldestAgeMs({ store: { lifetimes } }: SiteLoaders): number {
  return Math.max(leastAgeMs, lifetimes.memberships * (1 + staleLifetimes));
}

/**
 * The group of a name as the site compares names, from the group list. Rejects when the list has gaps and does not hold it:
 * then nobody knows.
 */
export async function readGroupByName(loaders: SiteLoaders, name: string): Promise<Group | null> {
  const list = await loaders.of(groupList).get(onlyOne);
  const { names } = loaders.store.site;
  const wanted = names.groupName(name);
  const found = list?.items.find((group) => names.groupName(group.name) === wanted);
  if (found !== undefined) return found;
  const [gap] = list?.gaps ?? [];
  if (gap === undefined) return null;
  throw errorFromGap(gap, `Whether there is a group of that name is not known. ${gap.reason}`, "ReadIncomplete");
}

/** The direct groups of an account, ordered by id; synchronously where they are known. Rejects when they could not be read. */
export function readAccountGroups(loaders: SiteLoaders, id: AccountId): Complete<GroupId> | Promise<Complete<GroupId>> {
  return loaders.once("accountGroups", () => new AccountGroups(loaders)).get(id);
}

/** Of no more accounts it is not worth looking how their groups are read before all of them are known. */
const fewAccounts = 20;

/** The groups of one of the accounts that were asked for together, and all who asked for them. */
interface Told {
  readonly groups: Complete<GroupId>;
  readonly audience: Audience;
}

/**
 * The groups of accounts, for one request, read whichever way costs fewer calls: one `memberof` chain an account, or the
 * member lists of all groups inverted, which are often at hand. An account that stands in no list is asked for by
 * `memberof` all the same: suspended people vanish from member lists while they keep their groups.
 */
class AccountGroups {
  readonly #loaders: SiteLoaders;
  readonly #batch: DataLoader<AccountId, Told>;
  #inverted: ReadonlyMap<AccountId, Complete<GroupId>> | undefined;
  #inverting: Promise<ReadonlyMap<AccountId, Complete<GroupId>>> | undefined;
  /** Who is asked for and not read yet. */
  readonly #asked = new Set<AccountId>();
  /** Of how many it is to be found out again whether inverting costs fewer calls. */
  #looksAt = fewAccounts;

  constructor(loaders: SiteLoaders) {
    this.#loaders = loaders;
    this.#batch = new DataLoader<AccountId, Told>((ids) => this.#readAndTell(ids), {
      batchScheduleFn: (dispatch) => UnbegunWork.current.whenBegun(dispatch),
    });
  }

  get(id: AccountId): Complete<GroupId> | Promise<Complete<GroupId>> {
    return this.#inverted?.get(id) ?? this.#loaders.of(memberOf).peek(id) ?? this.#ask(id);
  }

  async #ask(id: AccountId): Promise<Complete<GroupId>> {
    this.#asked.add(id);
    if (this.#asked.size > this.#looksAt && this.#inverting === undefined) this.#lookAhead();
    const { groups, audience } = await this.#batch.load(id);
    await audience.join();
    return groups;
  }

  /**
   * Who is asked for comes list by list. More of them, and more lists that are there, only speak for inverting: once it costs fewer calls,
   * the lists that are missing are read beside those that others are still to come from.
   */
  #lookAhead(): void {
    const { source, notBeforeMs } = this.#loaders.of(groupMembers);
    // Only what is decided in the end is what the answer rests on.
    this.#looksAt = this.#callsToInvert((groupId) => source.isFresh(groupId, notBeforeMs));
    if (this.#looksAt >= this.#asked.size) return;
    // What lets it go on may be somebody else's work: behind a promise it is whose it was.
    new Promise<void>(letGoOn).then(() => this.#invert()).catch(() => undefined);
  }

  #invert(): Promise<ReadonlyMap<AccountId, Complete<GroupId>>> {
    this.#inverting ??= this.#invertMemberLists();
    return this.#inverting;
  }

  async #readAndTell(ids: readonly AccountId[]): Promise<(Told | Error)[]> {
    for (const id of ids) this.#asked.delete(id);
    const outcomes = await this.#read(ids);
    const audience = new Audience();
    // When all of them have joined.
    whenSettled(() => void audience.tellAll());
    return outcomes.map((groups) => (groups instanceof Error ? groups : { groups, audience }));
  }

  async #read(ids: readonly AccountId[]): Promise<(Complete<GroupId> | Error)[]> {
    if (this.#inverting !== undefined || this.#callsToInvert() < ids.length) this.#inverted = await this.#invert();
    const inNoList = ids.filter((id) => !this.#inverted?.has(id));
    const byAccount = await this.#loaders.of(memberOf).getMany(inNoList);
    const outcomes = new Map(inNoList.map((id, index) => [id, byAccount[index] ?? null]));
    return ids.map(
      (id) =>
        this.#inverted?.get(id) ??
        outcomes.get(id) ??
        notVisible(`groups of account ${id}`, "GET /wiki/rest/api/user/memberof"),
    );
  }

  /** The calls that it takes to invert the member lists; looking costs none: what is stale is not read again for having been looked at. */
  #callsToInvert(isFresh = (groupId: GroupId) => this.#loaders.of(groupMembers).isFresh(groupId)): number {
    const list = this.#loaders.of(groupList).remembered(onlyOne);
    if (list == null) return Number.POSITIVE_INFINITY;
    const unread = list.items.filter(({ groupId }) => !isFresh(groupId)).length;
    return unread + (isGroupListCurrent(this.#loaders, list) ? 0 : 1);
  }

  /** Kept from request to request as long as the lists are the same. */
  async #invertMemberLists(): Promise<ReadonlyMap<AccountId, Complete<GroupId>>> {
    const { kept, clock } = this.#loaders.store;
    const inverted = kept.of("groups of accounts", () => new KeptInversion());
    const groups = await readCurrentGroups(this.#loaders);
    // In order of id, so that each account's groups come out ordered without a sort of their own.
    const groupIds = inverted.ids.get([groups.items], () =>
      groups.items.map((group) => group.groupId).sort(compareText),
    );
    const lists = await this.#loaders.of(groupMembers).getMany(groupIds);
    const { asOfMs, gaps } = groups;
    const byAccount = await inverted.made.get([groupIds, asOfMs, gaps, staleIn(groups).length, ...lists], () =>
      inSlices(invert(groups, groupIds, lists, clock.now()), slicing),
    );
    inverted.accounts = byAccount.size;
    return byAccount;
  }
}

/** The groups of one account: a list, how far it can be trusted, and its place. */
const bytesOfAccount = 300;

class KeptInversion {
  readonly ids = new LastMade<readonly GroupId[]>();
  accounts = 0;
  readonly made = new LastMade<Promise<ReadonlyMap<AccountId, Complete<GroupId>>>>();

  get bytes(): number {
    return this.accounts * bytesOfAccount;
  }
}

/** Accounts that are gone through in one step. */
const accountsAStep = 1_000;

/** Lists of members by account. */
function* invert(
  groups: Trust,
  groupIds: readonly GroupId[],
  lists: readonly (Complete<AccountId> | null | Error)[],
  nowMs: number,
): Steps<ReadonlyMap<AccountId, Complete<GroupId>>> {
  const parts = new ReadingParts(nowMs);
  parts.restOn(groups);
  const groupsOf = new Map<AccountId, GroupId[]>();
  const gapsOf = new Map<GroupId, readonly Gap[]>();
  for (const [index, groupId] of groupIds.entries()) {
    yield;
    const missing = `whether the account is a member of group ${groupId}`;
    const part = new ReadingParts(nowMs);
    const members = part.take(missing, lists[index]);
    const { gaps, asOfMs } = part.trust;
    const assumptions = staleIn(part.trust);
    if (gaps.length > 0) gapsOf.set(groupId, mergeGaps(gaps.map((gap) => ({ ...gap, missing }))));
    // What a list leaves out (people who are suspended) is nothing to whoever was seen in one; the gaps follow by account.
    parts.restOn({ gaps: [], asOfMs, assumptions });
    for (const accountId of members) {
      const known = groupsOf.get(accountId);
      if (known === undefined) groupsOf.set(accountId, [groupId]);
      else known.push(groupId);
    }
  }
  const { trust } = parts;
  const byAccount = new Map<AccountId, Complete<GroupId>>();
  for (const [id, items] of groupsOf) {
    if (byAccount.size % accountsAStep === 0) yield;
    byAccount.set(id, { ...withOpenGaps(trust, gapsOf, items), items });
  }
  return byAccount;
}

/** A group whose list broke off is no gap for an account that was seen in it. */
function withOpenGaps(trust: Trust, gapsOf: ReadonlyMap<GroupId, readonly Gap[]>, groups: readonly GroupId[]): Trust {
  if (gapsOf.size === 0) return trust;
  const open = [...gapsOf].flatMap(([groupId, gaps]) => (groups.includes(groupId) ? [] : [gaps]));
  return { ...trust, gaps: mergeGaps(trust.gaps, ...open) };
}
