import DataLoader from "dataloader";
import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { Gap } from "../domain/Gap.js";
import { gapFromError } from "../domain/gapFromError.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { groupList } from "../loaders/groupList.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { memberOf } from "../loaders/memberOf.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";

/**
 * The groups of accounts, for one request, read whichever way costs fewer calls: one `memberof` chain an account, or the
 * member lists of all groups turned round, which are often at hand. An account that stands in no list is asked for by
 * `memberof` all the same: suspended people vanish from member lists while they keep their groups.
 */
export class AccountGroups {
  readonly #loaders: SiteLoaders;
  readonly #batch: DataLoader<AccountId, Complete<GroupId> | null>;
  #turnedRound: ReadonlyMap<AccountId, Complete<GroupId>> | undefined;

  constructor(loaders: SiteLoaders) {
    this.#loaders = loaders;
    this.#batch = new DataLoader<AccountId, Complete<GroupId> | null>((ids) => this.#read(ids), {
      batchScheduleFn: (dispatch) => setImmediate(dispatch),
    });
  }

  /** The groups ordered by id, synchronously where they are known; `null` for an account nobody knows. */
  get(id: AccountId): Complete<GroupId> | null | Promise<Complete<GroupId> | null> {
    const known = this.#turnedRound?.get(id) ?? this.#loaders.of(memberOf).peek(id);
    return known !== undefined ? known : this.#batch.load(id);
  }

  async #read(ids: readonly AccountId[]): Promise<(Complete<GroupId> | null | Error)[]> {
    const groupIds = this.#loaders
      .of(groupList)
      .peek(onlyOne)
      ?.items.map((item) => item.groupId);
    if (groupIds !== undefined) {
      const unread = groupIds.filter((id) => this.#loaders.of(groupMembers).peek(id) === undefined);
      if (unread.length < ids.length) this.#turnedRound = await this.#turnRound(groupIds);
    }
    const inNoList = ids.filter((id) => !this.#turnedRound?.has(id));
    const byAccount = await this.#loaders.of(memberOf).getMany(inNoList);
    const outcomes = new Map(inNoList.map((id, index) => [id, byAccount[index] ?? null]));
    return ids.map((id) => this.#turnedRound?.get(id) ?? outcomes.get(id) ?? null);
  }

  async #turnRound(groupIds: readonly GroupId[]): Promise<Map<AccountId, Complete<GroupId>>> {
    const groupsOf = new Map<AccountId, GroupId[]>();
    const gapsOf = new Map<GroupId, Gap[]>();
    let asOfMs = this.#loaders.store.clock.now();
    const lists = await this.#loaders.of(groupMembers).getMany(groupIds);
    // In order of id, so that each account's groups come out ordered without a sort of their own.
    const ordered = groupIds.map((groupId, index) => ({ groupId, members: lists[index] ?? null }));
    ordered.sort((left, right) => compareCodePoints(left.groupId, right.groupId));
    for (const { groupId, members } of ordered) {
      const missing = `whether the account is a member of group ${groupId}`;
      if (members === null) continue;
      if (members instanceof Error) {
        if (!(members instanceof SiteError)) throw members;
        gapsOf.set(groupId, [gapFromError(missing, members)]);
        continue;
      }
      asOfMs = Math.min(asOfMs, members.asOfMs);
      if (members.gaps.length > 0)
        gapsOf.set(
          groupId,
          members.gaps.map((gap) => ({ ...gap, missing })),
        );
      for (const accountId of members.items) {
        const groups = groupsOf.get(accountId);
        if (groups === undefined) groupsOf.set(accountId, [groupId]);
        else groups.push(groupId);
      }
    }
    return new Map(
      [...groupsOf].map(([id, groups]) => [
        id,
        { items: groups, gaps: openGaps(gapsOf, groups), asOfMs, assumptions: [] },
      ]),
    );
  }
}

/** A group whose list broke off is no gap for an account that was seen in it. */
function openGaps(gapsOf: ReadonlyMap<GroupId, readonly Gap[]>, groups: readonly GroupId[]): readonly Gap[] {
  if (gapsOf.size === 0) return noGaps;
  return [...gapsOf].flatMap(([groupId, gaps]) => (groups.includes(groupId) ? [] : gaps));
}

const noGaps: readonly Gap[] = [];
