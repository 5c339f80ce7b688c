import type { Belonging } from "../Belonging.js";
import type { SiteTables } from "./SiteTables.js";
import { Bitmap } from "./store/Bitmap.js";
import { firstClass, firstGroup } from "./store/Holders.js";

/** The answer of `Belonging`, without its gaps. */
export type Answer = Belonging["is"];

/** A set in two bounds: who surely is in it, and who is unless nobody beyond whom the gaps hide. */
export interface Bounds {
  readonly sure: Bitmap;
  readonly possible: Bitmap;
}

/**
 * What follows for every account from what was read of accounts, groups and site, as sets, in two bounds (rules 2, 3, 6
 * and 7). Found anew for the first question after a change: some thousand words a set.
 */
export class AccountSets {
  readonly #tables: SiteTables;
  #generation = 0;
  #size = 0;
  /** Accounts that are not surely nobody: described, in a group, or holding something. */
  readonly known = new Bitmap();
  /** Active, and those that may be. */
  readonly active: Bounds = bounds();
  /** Who counts as licensed or needs no licence, and who may. */
  readonly licensed: Bounds = bounds();
  /** Who may have what the absence of a licence gives (Data Center). */
  readonly unlicensed = new Bitmap();
  readonly allLicensed: Bounds = bounds();
  readonly administrators: Bounds = bounds();
  readonly superusers: Bounds = bounds();
  /** Who is a direct member of any group; only found where it matters. */
  readonly members = new Bitmap();
  anonymousUse: Answer = "NO";
  unlicensedUse: Answer = "NO";

  constructor(tables: SiteTables) {
    this.#tables = tables;
  }

  /** How many words each set has. */
  get words(): number {
    return this.known.words.length;
  }

  refresh(): this {
    const { generation, accounts, groups } = this.#tables;
    if (generation === this.#generation) return this;
    this.#generation = generation;
    this.#size = accounts.ids.size;
    for (const set of this.#sets()) set.reset(this.#size);
    this.anonymousUse = this.#useOf("anonymous-users", "use");
    this.unlicensedUse = this.#useOf("unlicensed", "use_unlicensed");
    if (groups.nesting.isPossible || this.#tables.adminGroups.gaps.length > 0) this.#findMembers();
    this.#findKnown();
    this.#findByFacts();
    if (!this.#tables.isCloud && this.#tables.globals !== null) this.#findLicensedByGlobals();
    this.#findAdministrators();
    const { superGroupId } = this.#tables.options.rules;
    if (superGroupId !== null) {
      const group = groups.ids.find(superGroupId);
      if (group !== 0) this.addGroup(this.superusers, group);
      else if (groups.list.gaps.length > 0) fill(this.superusers.possible);
    }
    return this;
  }

  /** Adds who is in the group, and who may be. */
  addGroup({ sure, possible }: Bounds, group: number): void {
    const { nesting } = this.#tables.groups;
    nesting.addMembersTo(sure, group);
    nesting.addMembersTo(possible, group);
    const openness = nesting.opennessOf(group);
    if (openness === "EVERYBODY") fill(possible);
    else if (openness === "MEMBERS_OF_ANY_GROUP") possible.addAll(this.members);
  }

  #sets(): Bitmap[] {
    const pairs = [this.active, this.licensed, this.allLicensed, this.administrators, this.superusers];
    return [this.known, this.unlicensed, this.members, ...pairs.flatMap(({ sure, possible }) => [sure, possible])];
  }

  #findMembers(): void {
    const { memberships } = this.#tables.groups;
    for (let account = 1; account < this.#size; account += 1)
      if (memberships.groupCountOf(account) > 0) this.members.add(account);
  }

  #findKnown(): void {
    const { accounts, groups, spaces } = this.#tables;
    this.known.addAll(accounts.described);
    const { words } = this.known;
    for (let word = 0; word < words.length; word += 1) {
      if (words[word] === 0xffff_ffff) continue;
      for (let account = word * 32; account < Math.min(this.#size, word * 32 + 32); account += 1) {
        if (account === 0 || accounts.described.has(account)) continue;
        if (groups.memberships.groupCountOf(account) > 0 || spaces.holdings.spacesOf(account).length > 0)
          this.known.add(account);
      }
    }
  }

  #findByFacts(): void {
    const { accounts, isCloud } = this.#tables;
    const isListWhole = accounts.list.gaps.length === 0 && !accounts.areFactsApart;
    const word = (set: Bitmap, index: number) => set.words[index] ?? 0;
    for (let index = 0; index < this.words; index += 1) {
      const { byKind, byStatus } = accounts;
      const isDescribed = word(accounts.described, index);
      const isHuman = word(byKind.HUMAN, index);
      const needsNone = word(byKind.GUEST, index) | word(byKind.APP, index) | word(byKind.CUSTOMER, index);
      const isKindUnknown = ~(isHuman | needsNone);
      const isBarred =
        word(byStatus.INACTIVE, index) |
        word(byStatus.SUSPENDED, index) |
        word(byStatus.DEACTIVATED, index) |
        word(byStatus.CLOSED, index);
      const isActive = word(byStatus.ACTIVE, index);
      const isLicensed = word(accounts.licensed, index);
      const isUnlicensed = word(accounts.unlicensed, index);
      const isGapped = word(accounts.gapped, index) | (isListWhole ? 0 : ~isDescribed);
      const isUntold = ~isLicensed & ~isUnlicensed;

      this.active.sure.words[index] = isActive;
      this.active.possible.words[index] = ~isBarred;
      const isExempt = isCloud ? needsNone : 0;
      const isSurelyUnlicensed = isCloud ? isUnlicensed & isHuman : isUnlicensed;
      this.licensed.sure.words[index] = isExempt | isLicensed | (isUntold & ~isGapped);
      this.licensed.possible.words[index] = ~isSurelyUnlicensed;
      this.unlicensed.words[index] = ~(this.licensed.sure.words[index] ?? 0);

      const isMaybeHuman = isKindUnknown & ~isUnlicensed;
      // An account nobody knows is not ALLOWED anyway (rule 2): it counts, and its status says that it is not known.
      this.allLicensed.sure.words[index] = isHuman | (isMaybeHuman & ~isActive & ~isBarred);
      this.allLicensed.possible.words[index] = isHuman | isMaybeHuman;

      const hasRole = word(accounts.withAdminRole, index);
      const isRoleUntold = ~hasRole & ~word(accounts.withoutAdminRole, index);
      this.administrators.sure.words[index] = hasRole;
      this.administrators.possible.words[index] =
        hasRole | (isRoleUntold & (isGapped | word(accounts.roleGapped, index)));
    }
  }

  /** Data Center: whoever holds the global `use/application`, by itself or through a group (rule 7). Classes license nobody. */
  #findLicensedByGlobals(): void {
    const { globals, holders } = this.#tables;
    const { sure, possible } = this.licensed;
    sure.reset(this.#size);
    possible.reset(this.#size);
    for (const { principal, operation } of globals?.items ?? []) {
      if (operation.key !== "use" || operation.target !== "application") continue;
      const code = holders.findCode(principal);
      if (code < 0 || code >= firstClass) continue;
      if (code >= firstGroup) this.addGroup(this.licensed, code - firstGroup);
      else for (const set of [sure, possible]) set.add(code);
    }
    if ((globals?.gaps.length ?? 0) > 0) fill(possible);
    for (let index = 0; index < this.words; index += 1) this.unlicensed.words[index] = ~(sure.words[index] ?? 0);
  }

  #findAdministrators(): void {
    const { adminGroups, groups } = this.#tables;
    for (const groupId of adminGroups.items) {
      const group = groups.ids.find(groupId);
      if (group !== 0) this.addGroup(this.administrators, group);
    }
    if (adminGroups.gaps.length === 0) return;
    if (groups.nesting.isAnyUnread) fill(this.administrators.possible);
    else this.administrators.possible.addAll(this.members);
  }

  /** Whether a class may use the site, where that is a question (rule 3). */
  #useOf(classId: "anonymous-users" | "unlicensed", key: string): Answer {
    const { globals, holders, isCloud } = this.#tables;
    if (isCloud) return "YES";
    if (globals === null) return "MAYBE";
    const isHeld = globals.items.some(({ principal, operation }) => {
      if (operation.key !== key || operation.target !== "application" || principal.kind !== "accessClass") return false;
      return holders.classOf(principal) === classId;
    });
    if (isHeld) return "YES";
    return globals.gaps.length > 0 ? "MAYBE" : "NO";
  }
}

function bounds(): Bounds {
  return { sure: new Bitmap(), possible: new Bitmap() };
}

function fill(set: Bitmap): void {
  set.words.fill(0xffff_ffff);
}
