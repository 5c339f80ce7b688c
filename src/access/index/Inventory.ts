import type { Gap } from "../../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { type SiteTables, siteGapsOf } from "./SiteTables.js";

/** A part of the index, and how far it was read. */
interface PartAge {
  /** When it was read, or trying failed; infinite while nobody tried. */
  readonly asOfMs: number;
  /** Read to its end. */
  readonly isWhole: boolean;
}

interface GroupAge extends PartAge {
  readonly groupId: GroupId;
  /** A list or a look-up told it. Others are only named, by what they hold or by what holds them. */
  readonly isDescribed: boolean;
  readonly isGone: boolean;
}

interface SpaceAge extends PartAge {
  readonly spaceId: SpaceId;
  readonly isDescribed: boolean;
}

/** What the index holds and how old each part is: for who keeps it fresh. */
export class Inventory {
  readonly #tables: SiteTables;

  constructor(tables: SiteTables) {
    this.#tables = tables;
  }

  /** How many there are, those that are only named among them. */
  get counts(): { readonly accounts: number; readonly groups: number; readonly spaces: number } {
    const { accounts, groups, spaces } = this.#tables;
    return { accounts: accounts.ids.size - 1, groups: groups.ids.size - 1, spaces: spaces.ids.size - 1 };
  }

  *groups(): Generator<GroupAge> {
    const { groups } = this.#tables;
    for (let group = 1; group < groups.ids.size; group += 1) {
      yield {
        groupId: groups.ids.idOf(group) as GroupId,
        asOfMs: groups.asOfMsOf(group),
        isWhole: groups.whole.has(group) && groups.nesting.childGapsOf(group).length === 0,
        isDescribed: groups.isDescribed(group),
        isGone: groups.gone.has(group),
      };
    }
  }

  *spaces(): Generator<SpaceAge> {
    const { spaces } = this.#tables;
    for (let space = 1; space < spaces.ids.size; space += 1) {
      yield {
        spaceId: spaces.ids.idOf(space) as SpaceId,
        asOfMs: spaces.asOfMsOf(space),
        isWhole: spaces.whole.has(space),
        isDescribed: spaces.described.has(space),
      };
    }
  }

  /** Everyone named anywhere, with when their facts were read. */
  *accounts(): Generator<PartAge & { readonly accountId: AccountId }> {
    const { accounts } = this.#tables;
    for (let account = 1; account < accounts.ids.size; account += 1) {
      yield {
        accountId: accounts.ids.idOf(account) as AccountId,
        asOfMs: accounts.asOfMsOf(account),
        isWhole: !accounts.gapped.has(account) && !accounts.roleGapped.has(account),
      };
    }
  }

  /** The groups whose member lists, or who itself, tell that the account is in them. */
  groupsOf(accountId: AccountId): GroupId[] {
    const { accounts, groups } = this.#tables;
    const ids: GroupId[] = [];
    for (const group of groups.memberships.groupsOf(accounts.ids.find(accountId))) {
      const id = groups.ids.idOf(group);
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  /** The group itself and the groups that hold it, directly or through others. */
  groupsAbove(groupId: GroupId): GroupId[] {
    const { ids, nesting } = this.#tables.groups;
    const group = ids.find(groupId);
    if (group === 0) return [groupId];
    return [...nesting.ancestorsOf(group)].map((each) => ids.idOf(each) as GroupId);
  }

  /** The spaces that grant a principal anything directly. */
  spacesOf(principal: Principal): SpaceId[] {
    const { holders, spaces } = this.#tables;
    const holder = holders.findCode(principal);
    if (holder < 0) return [];
    const pairs = spaces.holdings.spacesOf(holder);
    const ids: SpaceId[] = [];
    for (let at = 0; at < pairs.length; at += 2) ids.push(spaces.ids.idOf(pairs[at] ?? 0) as SpaceId);
    return ids;
  }

  /** What is missing of the site as a whole: lists, roles, permissions of the whole site. */
  siteGaps(): readonly Gap[] {
    const { accounts, spaces } = this.#tables;
    return [...accounts.listGaps, ...spaces.list.gaps, ...siteGapsOf(this.#tables)];
  }
}
