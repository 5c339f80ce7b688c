import { type Gap, mergeGaps } from "../../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { AccessFacts } from "../AccessDecision.js";
import type { AccountFacts } from "../AccountFacts.js";
import { type ResolvedAccount, resolveAccount } from "../ResolvedAccount.js";
import type { SiteIndex } from "../SiteFacts.js";
import { indexSite } from "../SiteFacts.js";
import type { SpaceFacts } from "../SpaceFacts.js";
import { indexSpace } from "../SpaceFacts.js";
import type { SiteTables } from "./SiteTables.js";

/**
 * What the index holds, as the facts that `evaluateAccess` decides by: for one question with its paths, reasons, gaps and
 * assumptions, without a call upstream. What concerns the site is put together once after each change.
 */
export class FactsTeller {
  readonly #tables: SiteTables;
  #generation = 0;
  #site: SiteIndex | undefined;
  #unreadGroups: ReadonlyMap<GroupId, readonly Gap[]> = new Map();
  #wholeGroups: ReadonlySet<GroupId> = new Set();

  constructor(tables: SiteTables) {
    this.#tables = tables;
  }

  factsOf(accountId: AccountId, spaceId: SpaceId): AccessFacts {
    return { account: this.resolve(accountId), space: indexSpace(this.spaceFacts(spaceId)) };
  }

  resolve(accountId: AccountId): ResolvedAccount {
    const site = this.#tellSite();
    return resolveAccount(this.accountFacts(accountId), site);
  }

  accountFacts(accountId: AccountId): AccountFacts {
    this.#tellSite();
    const { accounts, groups } = this.#tables;
    const account = accounts.ids.find(accountId);
    const told = (is: boolean, isNot: boolean) => (is ? true : isNot ? false : null);
    return {
      accountId,
      displayName: accounts.nameOf(account),
      kind: accounts.kindOf(account),
      status: accounts.statusOf(account),
      isLicensed: told(accounts.licensed.has(account), accounts.unlicensed.has(account)),
      hasAdminRole: told(accounts.withAdminRole.has(account), accounts.withoutAdminRole.has(account)),
      roleGaps: accounts.roleGapsOf(account),
      gaps: accounts.gapsOf(account),
      groups: this.#tables.aged({
        items: [...groups.memberships.groupsOf(account)].map((group) => groups.ids.idOf(group) as GroupId),
        gaps: groups.list.gaps,
        asOfMs: Math.min(accounts.asOfMsOf(account), groups.oldestMs),
        assumptions: groups.list.assumptions,
        unreadGroups: this.#unreadGroups,
        wholeGroups: this.#wholeGroups,
      }),
    };
  }

  spaceFacts(spaceId: SpaceId): SpaceFacts {
    const { spaces, roles } = this.#tables;
    const space = spaces.ids.find(spaceId);
    const status = spaces.statusOf(space);
    return {
      spaceId,
      status,
      model: roles.model,
      gaps: mergeGaps(status === "UNKNOWN" ? spaces.gapsOf(space) : [], roles.model === "UNKNOWN" ? roles.gaps : []),
      grants: this.#tables.aged({
        items: spaces.grantsOf(space),
        gaps: spaces.grantGapsOf(space),
        asOfMs: spaces.asOfMsOf(space),
        assumptions: spaces.assumptionsOf(space),
      }),
      roles: roles.roles,
    };
  }

  #tellSite(): SiteIndex {
    const { adminGroups, generation, globals, groups, options } = this.#tables;
    if (this.#site !== undefined && generation === this.#generation) return this.#site;
    const idOf = (group: number) => groups.ids.idOf(group) as GroupId;
    const childrenOf = new Map<GroupId, readonly GroupId[]>();
    const nestingGaps = new Map<GroupId, readonly Gap[]>();
    const unreadGroups = new Map<GroupId, readonly Gap[]>();
    const wholeGroups = new Set<GroupId>();
    const goneGroups = new Set<GroupId>();
    const groupNames = new Map<GroupId, string>();
    for (let group = 1; group < groups.ids.size; group += 1) {
      const children = groups.nesting.childrenOf(group);
      if (children.length > 0) childrenOf.set(idOf(group), children.map(idOf));
      const gaps = groups.nesting.childGapsOf(group);
      if (gaps.length > 0) nestingGaps.set(idOf(group), gaps);
      if (groups.whole.has(group)) wholeGroups.add(idOf(group));
      else unreadGroups.set(idOf(group), groups.memberGapsOf(group));
      if (groups.gone.has(group)) goneGroups.add(idOf(group));
      const name = groups.nameOf(group);
      if (name !== null) groupNames.set(idOf(group), name);
    }
    this.#unreadGroups = unreadGroups;
    this.#wholeGroups = wholeGroups;
    this.#generation = generation;
    const nesting = { childrenOf, gaps: nestingGaps };
    this.#site = indexSite({
      rules: options.rules,
      goneGroups,
      adminGroups,
      nesting,
      globalGrants: globals,
      groupNames,
    });
    return this.#site;
  }
}
