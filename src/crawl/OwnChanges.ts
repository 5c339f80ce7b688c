import { describeAccount } from "../access/AccountFacts.js";
import type { AccessIndex } from "../access/index/AccessIndex.js";
import type { AccountPart } from "../access/index/parts.js";
import type { Account } from "../domain/Account.js";
import type { AccountTold, ChangeEvent } from "../domain/Change.js";
import { type Complete, type Gap, gapFromError, knownEmpty } from "../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import type { Principal } from "../domain/Principal.js";
import { isOfKind, orSiteError, outcomeOf, SiteError } from "../domain/SiteError.js";
import { account, accountByUsername } from "../loaders/accounts.js";
import { changedAccount } from "../loaders/effects.js";
import { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import { spaceGrants } from "../loaders/grants.js";
import { group, groupChildren } from "../loaders/groups.js";
import { groupMembers, memberOf } from "../loaders/memberships.js";
import type { CrawlMemory, Touches } from "./CrawlMemory.js";

interface OwnChangesOptions {
  /** What requests read through: what a change has read back is there. */
  readonly store: SiteStore;
  readonly index: AccessIndex;
  readonly memory: CrawlMemory;
  readonly touches: Touches;
}

type Reread = (loaders: SiteLoaders) => Promise<void>;

/**
 * Takes our own changes into the index, those of sibling sites of the organization too: what one may have made untrue becomes
 * a gap at once, and is read again before the next question is answered. A reading that began before the change is dropped.
 */
export class OwnChanges {
  readonly #store: SiteStore;
  readonly #index: AccessIndex;
  readonly #memory: CrawlMemory;
  readonly #touches: Touches;
  readonly #waiting = new Map<string, Reread>();
  /** Those of them that are being read. */
  #reading: ReadonlySet<string> = new Set();
  #settling: Promise<void> | null = null;

  constructor({ store, index, memory, touches }: OwnChangesOptions) {
    this.#store = store;
    this.#index = index;
    this.#memory = memory;
    this.#touches = touches;
  }

  get isSettled(): boolean {
    return this.#waiting.size === 0 && this.#settling === null;
  }

  /** Whether a change has put it in doubt, and it was not read again yet. */
  isInDoubt(part: string): boolean {
    return this.#waiting.has(part) || this.#reading.has(part);
  }

  /** Reads again what is in doubt. What cannot be read stays a gap, and is the crawl's to try. */
  settle(): Promise<void> {
    if (this.isSettled) return Promise.resolve();
    this.#settling ??= this.#settleAll().finally(() => {
      this.#settling = null;
    });
    return this.#settling;
  }

  async #settleAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const rereads = [...this.#waiting];
      this.#reading = new Set(this.#waiting.keys());
      this.#waiting.clear();
      const loaders = new SiteLoaders(this.#store, 0);
      try {
        await Promise.all(rereads.map(([, reread]) => reread(loaders)));
      } finally {
        this.#reading = new Set();
      }
    }
  }

  /** A change was made, or may have been. Asks nobody. */
  tell(event: ChangeEvent): void {
    const told = changedAccount(event);
    if (told !== null) {
      this.#accountChanged(event, told);
      return;
    }
    switch (event.kind) {
      case "membershipChanged":
        this.#membershipChanged(event.groupId, event.accountId);
        return;
      case "productRoleChanged":
        this.#doubtAccount(event.accountId);
        return;
      case "spaceGrantsChanged":
        this.#spaceChanged(event.spaceId);
        return;
      case "groupCreated":
      case "groupDeleted":
        this.#memory.ages.delete("groups");
        if (event.groupId !== null) this.#groupChanged(event.groupId, event.kind === "groupDeleted");
        return;
    }
  }

  /** Some directories list the members of child groups too: so whoever holds the group may show it as well. */
  #membershipChanged(groupId: GroupId, accountId: AccountId): void {
    for (const above of this.#index.inventory.groupsAbove(groupId)) {
      this.#index.putMembership(above, accountId, false);
      this.#index.doubtGroupMembers(above, inDoubt(`members of group ${above}`));
      this.#await(above, (loaders) => this.#rereadGroup(loaders, above));
    }
    // Whom member lists leave out tells by itself.
    if (this.#memory.suspended.has(accountId)) this.#doubtAccount(accountId);
  }

  #groupChanged(groupId: GroupId, isDeleted: boolean): void {
    const gaps = [inDoubt(`members of group ${groupId}`)];
    if (isDeleted) {
      this.#index.replaceGroupMembers(groupId, { ...knownEmpty(this.#store.clock.now()), gaps });
      this.#index.replaceGroupChildren(groupId, { ...knownEmpty(this.#store.clock.now()), gaps });
      this.#doubtRowsOf({ kind: "group", groupId });
    } else this.#index.doubtGroupMembers(groupId, inDoubt(`members of group ${groupId}`));
    this.#await(groupId, (loaders) => this.#rereadGroup(loaders, groupId));
  }

  /** Whether its grants went with it the next pass finds out: they may stand in thousands of spaces. */
  #doubtRowsOf(principal: Exclude<Principal, { readonly kind: "accessClass" }>): void {
    const name = principal.kind === "group" ? `group ${principal.groupId}` : `account ${principal.accountId}`;
    const reason = "It was deleted by way of this service. Whether its grants went with it is read soon.";
    for (const spaceId of this.#index.inventory.spacesOf(principal)) {
      const missing = `what ${name} is still granted in space ${spaceId}`;
      this.#index.doubtRow(spaceId, principal, { ...inDoubt(missing), reason });
      this.#memory.dueSpaces.add(spaceId);
    }
  }

  #spaceChanged(spaceId: SpaceId): void {
    const gaps = [inDoubt(`what space ${spaceId} grants`)];
    this.#index.replaceSpaceGrants(spaceId, { ...knownEmpty(this.#store.clock.now()), gaps });
    this.#await(spaceId, (loaders) => this.#rereadSpace(loaders, spaceId));
  }

  #accountChanged(event: ChangeEvent, told: AccountTold): void {
    const accountId = told.accountId ?? this.#accountOf(told);
    if (accountId !== null) {
      // No name is anybody's access.
      if (event.kind === "accountUpdated") this.#await(accountId, (loaders) => this.#rereadAccount(loaders, accountId));
      else this.#doubtAccount(accountId);
      if (event.kind === "accountRemoved") this.#doubtRowsOf({ kind: "account", accountId });
      return;
    }
    // Who was only asked in has no account yet.
    if (event.kind === "accountUpdated" || (event.kind === "accountCreated" && told.username === null)) return;
    // It may be anybody: of those who are known already, or somebody new.
    if (event.kind !== "accountCreated") this.#doubtEverybody();
    const { username } = told;
    if (username === null) return;
    this.#index.doubtList("accounts", inDoubt("an account that was made or changed"));
    this.#await(`username ${username}`, async (loaders) => {
      const named = this.#store.site.names.username(username);
      const found = orSiteError(await outcomeOf(loaders.of(accountByUsername).get(named)));
      if (found instanceof SiteError) return;
      if (found !== null) await this.#rereadAccount(loaders, found.accountId);
      this.#index.doubtList("accounts", null);
    });
  }

  /** Whose account a name or an address is, by what was read before; `null` where nobody remembers. */
  #accountOf({ username, email }: AccountTold): AccountId | null {
    const { names } = this.#store.site;
    const named = username === null ? null : names.username(username);
    const address = email?.toLowerCase() ?? null;
    const byName = named === null ? null : this.#store.remembered(accountByUsername, named);
    if (byName) return byName.accountId;
    const found = this.#store
      .of(account)
      .findRemembered(
        (known) =>
          (named !== null && known.username !== null && names.username(known.username) === named) ||
          (named === null && address !== null && known.email?.toLowerCase() === address),
      );
    return found ?? null;
  }

  /** Nobody knows who it was: everyone's facts are read again by the crawl. */
  #doubtEverybody(): void {
    const everybody = [...this.#index.inventory.accounts()].map(({ accountId }) => accountId);
    for (const accountId of everybody) this.#touches.note(accountId);
    this.#index.replaceAccounts(everybody.map(inDoubtAccount), Number.POSITIVE_INFINITY);
    this.#memory.ages.delete("accounts");
  }

  #doubtAccount(accountId: AccountId): void {
    this.#index.replaceAccounts([inDoubtAccount(accountId)], Number.POSITIVE_INFINITY);
    this.#await(accountId, (loaders) => this.#rereadAccount(loaders, accountId));
  }

  #await(part: string, reread: Reread): void {
    this.#touches.note(part);
    this.#waiting.set(part, reread);
  }

  /** Whose members are not shown may be gone. */
  async #rereadGroup(loaders: SiteLoaders, groupId: GroupId): Promise<void> {
    const isCurrent = this.#unlessTouched(groupId);
    const { childrenOf, leavesOutSuspended } = this.#store.site.groups;
    const [listed, nested] = await Promise.all([
      outcomeOf(loaders.of(groupMembers).get(groupId)),
      childrenOf === null ? null : outcomeOf(loaders.of(groupChildren).get(groupId)),
    ]);
    const [members, children] = [orSiteError(listed), orSiteError(nested)];
    if (members === null || (members instanceof SiteError && members.kind === "NotVisible")) {
      const known = orSiteError(await outcomeOf(loaders.of(group).get(groupId)));
      if (isCurrent() && known === null) this.#index.markGroupGone(groupId, this.#store.clock.now());
      return;
    }
    if (!isCurrent() || members instanceof SiteError || children instanceof SiteError) return;
    if (children !== null) this.#index.replaceGroupChildren(groupId, children);
    const isHiding = leavesOutSuspended && this.#store.site.organization === null;
    const assumptions = isHiding ? [...members.assumptions, "SUSPENDED_MEMBERS_HIDDEN" as const] : members.assumptions;
    this.#index.replaceGroupMembers(groupId, { ...members, assumptions });
  }

  async #rereadSpace(loaders: SiteLoaders, spaceId: SpaceId): Promise<void> {
    const isCurrent = this.#unlessTouched(spaceId);
    const grants = orSiteError(await outcomeOf(loaders.of(spaceGrants).get(spaceId)));
    if (isCurrent() && grants !== null && !(grants instanceof SiteError))
      this.#index.replaceSpaceGrants(spaceId, grants);
  }

  /** What an account is and the groups that it is in: some come and go with it. */
  async #rereadAccount(loaders: SiteLoaders, accountId: AccountId): Promise<void> {
    const isCurrent = this.#unlessTouched(accountId);
    const [told, listed] = await Promise.all([
      outcomeOf(loaders.of(account).get(accountId)),
      outcomeOf(loaders.of(memberOf).get(accountId)),
    ]);
    const [facts, groups] = [orSiteError(told), orSiteError(listed)];
    if (!isCurrent()) return;
    if (facts instanceof SiteError) {
      // Where one list tells everybody's facts the crawl asks for nobody alone.
      if (this.#store.site.accounts.isListWhole) this.#memory.ages.delete("accounts");
      return;
    }
    const isGone = facts === null && (groups === null || isOfKind(groups, "NotVisible"));
    const missing = `groups of account ${accountId}`;
    if (isGone) this.#putMemberships(accountId, knownEmpty(this.#store.clock.now()), false);
    else if (groups === null || groups instanceof SiteError) {
      this.#putFacts(accountId, facts, [groups === null ? inDoubt(missing) : gapFromError(missing, groups)]);
      return;
    } else this.#putMemberships(accountId, groups, facts !== null && isHidden(facts));
    this.#putFacts(accountId, facts, groups instanceof SiteError ? [] : (groups?.gaps ?? []));
  }

  #putMemberships(accountId: AccountId, groups: Complete<GroupId>, isLeftOut: boolean): void {
    const { organization, groups: ofSite } = this.#store.site;
    const now = new Set(groups.items);
    const before = this.#index.inventory.groupsOf(accountId);
    // Of what was not read whole nothing proves that it is over.
    if (groups.gaps.length === 0)
      for (const groupId of before) if (!now.has(groupId)) this.#index.putMembership(groupId, accountId, false);
    if (isLeftOut && organization !== null && ofSite.leavesOutSuspended) {
      this.#index.replaceHiddenMemberships(accountId, groups.items);
      this.#memory.suspended = new Set([...this.#memory.suspended, accountId]);
      return;
    }
    this.#index.forgetHidden(accountId);
    for (const groupId of now) this.#index.putMembership(groupId, accountId, true);
  }

  #putFacts(accountId: AccountId, facts: Account | null, gaps: readonly Gap[]): void {
    const { groups: _none, ...part } = describeAccount(accountId, facts, knownEmpty(0));
    this.#index.replaceAccounts([{ ...part, gaps: [...part.gaps, ...gaps] }], this.#store.clock.now());
  }

  #unlessTouched(part: string): () => boolean {
    const began = this.#touches.count;
    return () => !this.#touches.isSince(part, began);
  }
}

function inDoubt(missing: string): Gap {
  const reason = "It was changed by way of this service and is read again before the next question.";
  return { missing, kind: "ReadIncomplete", reason, call: null, retryAfterMs: null };
}

function inDoubtAccount(accountId: AccountId): AccountPart {
  const { groups: _none, ...part } = describeAccount(accountId, null, knownEmpty(0));
  return { ...part, gaps: [inDoubt(`account ${accountId}`)] };
}

function isHidden({ status }: Account): boolean {
  return status === "SUSPENDED" || status === "DEACTIVATED";
}
