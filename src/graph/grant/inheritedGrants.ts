import type { GraphQLResolveInfo } from "graphql";
import type { MembershipStep } from "../../access/AccessDecision.js";
import { findClassWay, shortestChain } from "../../access/findPaths.js";
import type { AccessIndex } from "../../access/index/AccessIndex.js";
import type { ResolvedAccount } from "../../access/ResolvedAccount.js";
import { inTurn } from "../../callers/Turns.js";
import { type Complete, mergeTrust, type Trust } from "../../domain/Complete.js";
import { type Grant, globalGrantKey, grantKey, principalOf } from "../../domain/Grant.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { compareText } from "../../domain/textOrder.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { membershipGrant, nestingGrant } from "../../readings/memberships.js";
import { membershipNodes } from "../access/AccessPathNode.js";
import { awaitIndex } from "../access/effective/effectiveLists.js";
import { unheardBy } from "../access/unheard.js";
import { failureOf, type PageArgs, readPlace } from "../paging/loadPage.js";
import { Page, type PageEdge } from "../paging/Page.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { selectsBeyond } from "../schema/selection.js";
import { GrantInheritanceNode, GrantNode } from "./GrantNode.js";
import { compileGrantFilter, type GrantFilter, type GrantQuery } from "./grantFilter.js";
import { checkedBy } from "./grantLists.js";
import { keepMatchingGrants } from "./grantMatching.js";

/** Gaps of one kind that one answer names. */
const gapsTold = 25;
/** Spaces whose grants are looked through in one piece of work. */
const spacesAtOnce = 16;

interface InheritedList {
  readonly loaders: SiteLoaders;
  readonly accountId: AccountId;
  /** The global id of the account. */
  readonly id: string;
  readonly page: PageArgs;
  readonly filter: GrantFilter | null | undefined;
  readonly wait: number | null | undefined;
  readonly info: GraphQLResolveInfo;
}

/** A page of all that an account holds by itself, by its groups, by groups those are in, and by its access classes. */
export async function loadInheritedGrants(context: GraphContext, request: InheritedList): Promise<Page<GrantNode>> {
  const { loaders, accountId, id, filter } = request;
  const list = ["Account.grants", id, "includeInherited", filter ?? null];
  const { first, afterKey } = readPlace(list, request.page);
  const query = compileGrantFilter(loaders.store.site, filter);
  const index = await awaitIndex(context, loaders, request.wait);
  const holdings = new Holdings({ loaders, index, accountId, query, isNothingSure: context.mayBeBehind });
  const isCounted = selectsBeyond(request.info, "GrantConnection", withoutCount);
  const found: Grant[] = [];
  let count = 0;
  let isAnyBefore = false;
  const nowMs = context.clock.now();
  const trusts: Trust[] = [holdings.trust(nowMs), { gaps: unheardBy(context), assumptions: [], asOfMs: nowMs }];
  for await (const part of holdings.inOrder(isCounted ? null : afterKey)) {
    const fitting = await keepMatchingGrants(loaders, query, part);
    if (fitting.gaps.length > 0) trusts.push(fitting);
    count += fitting.items.length;
    for (const grant of fitting.items) {
      if (afterKey !== null && compareText(orderKey(grant), afterKey) <= 0) isAnyBefore = true;
      else if (found.length <= first) found.push(grant);
    }
    if (!isCounted && found.length > first) break;
  }
  const trust = checkedBy(context, [loaders], filter, { items: [], ...mergeTrust(trusts, context.clock.now()) });
  const shown = found.slice(0, first);
  return new Page<GrantNode>({
    list,
    orderKeys: shown.map(orderKey),
    nodes: shown.map((grant) => new GrantNode(loaders, grant)),
    hasNextPage: found.length > first,
    hasPreviousPage: isAnyBefore || (afterKey !== null && !isCounted),
    count: isCounted ? count : null,
    trust,
    failure:
      found.length + count === 0 && afterKey === null ? failureOf(trust, `grants of account ${accountId}`) : null,
    edgeOf: (edge) => new InheritedEdge(edge, holdings),
  });
}

/** What of a connection can be told without counting to its end. */
const withoutCount: ReadonlySet<string> = new Set(["__typename", "nodes", "edges", "pageInfo", "completeness"]);

function orderKey({ siteId, key }: Grant): string {
  return `${siteId}\u0000${key}`;
}

/** What it tells, it tells when asked. */
class InheritedEdge implements PageEdge<GrantNode> {
  readonly node: GrantNode;

  constructor(
    readonly edge: PageEdge<GrantNode>,
    readonly holdings: Holdings,
  ) {
    this.node = edge.node;
  }

  get cursor(): string {
    return this.edge.cursor;
  }

  get inheritance(): GrantInheritanceNode | null {
    return this.holdings.inheritanceOf(this.node);
  }
}

interface HoldingsOptions {
  readonly loaders: SiteLoaders;
  readonly index: AccessIndex;
  readonly accountId: AccountId;
  readonly query: GrantQuery;
  /** There may be changes that the index has not heard of. */
  readonly isNothingSure: boolean;
}

/** All that reaches an account, out of the index, in the order of lists of grants. */
class Holdings {
  readonly #loaders: SiteLoaders;
  readonly #index: AccessIndex;
  readonly #account: ResolvedAccount;
  readonly #query: GrantQuery;
  readonly #holders: ReadonlyMap<string, Principal>;
  readonly #unsureClasses: ReadonlySet<string>;
  readonly #isNothingSure: boolean;

  constructor({ loaders, index, accountId, query, isNothingSure }: HoldingsOptions) {
    this.#loaders = loaders;
    this.#isNothingSure = isNothingSure;
    this.#index = index;
    this.#query = query;
    this.#account = index.accountOf(accountId);
    const classes = index.classesOf(accountId);
    const principals: Principal[] = [
      { kind: "account", accountId },
      ...[...this.#account.groups.known].map((groupId): Principal => ({ kind: "group", groupId })),
      ...classes.map(({ accessClass }) => accessClass),
    ];
    const wanted = query.principals === null ? null : new Set(query.principals.map(principalKey));
    const keyed = principals.map((principal) => [principalKey(principal), principal] as const);
    this.#holders = new Map(keyed.filter(([key]) => wanted === null || wanted.has(key)));
    const unsure = classes.filter(({ decision }) => decision === "UNKNOWN");
    this.#unsureClasses = new Set(unsure.map(({ accessClass }) => principalKey(accessClass)));
  }

  /** How far all of it can be trusted. */
  trust(nowMs: number): Trust {
    const { facts, site } = this.#account;
    const { groups, accountId } = facts;
    const unread = [...(groups.unreadGroups?.values() ?? [])].slice(0, gapsTold).flat();
    const spaces = this.#index.holdingsOf({ kind: "account", accountId }, { first: 1 });
    const nesting = [...site.nesting.gaps.values()].slice(0, gapsTold).flat();
    const parts: Trust[] = [
      spaces,
      groups,
      { gaps: [...facts.gaps, ...facts.roleGaps, ...unread, ...nesting], asOfMs: nowMs, assumptions: [] },
      ...(site.globalGrants === null ? [] : [site.globalGrants]),
      site.adminGroups,
    ];
    return mergeTrust(parts, nowMs);
  }

  /** In parts: what is no space's, then some spaces at a time. Without what lies before a key, where one is given. */
  async *inOrder(afterKey: string | null): AsyncGenerator<Complete<Grant>> {
    yield this.#part(this.#grantsBesideSpaces());
    const spaces = this.#spaces();
    const ordered = [...spaces.keys()].sort(compareText);
    const { siteId } = this.#loaders.store.site;
    const isBehind = (spaceId: SpaceId) =>
      afterKey === null || compareText(`${siteId}\u0000space\u0000${spaceId}\u0001`, afterKey) > 0;
    const wanted = ordered.filter(isBehind);
    for (let at = 0; at < wanted.length; at += spacesAtOnce) {
      const some = wanted.slice(at, at + spacesAtOnce);
      yield this.#part(await inTurn(() => some.flatMap((spaceId) => this.#grantsIn(spaceId, spaces.get(spaceId)))));
    }
  }

  /** By which way the account comes by a grant; `null` where it holds it itself. */
  inheritanceOf({ grant }: GrantNode): GrantInheritanceNode | null {
    const principal = principalOf(grant);
    if (principal.kind === "account") return null;
    const steps: readonly MembershipStep[] =
      principal.kind === "group"
        ? (shortestChain(this.#account, principal.groupId) ?? [])
        : findClassWay(this.#account, principal);
    const isSure = !this.#isNothingSure && !this.#unsureClasses.has(principalKey(principal));
    const memberships = membershipNodes(this.#loaders, steps, this.#account.facts.groups.asOfMs);
    return new GrantInheritanceNode({ memberships, decision: isSure ? "ALLOWED" : "UNKNOWN" });
  }

  #part(items: readonly Grant[]): Complete<Grant> {
    return { items, gaps: [], asOfMs: this.#loaders.store.clock.now(), assumptions: [] };
  }

  #grantsBesideSpaces(): Grant[] {
    const { facts, groups, site } = this.#account;
    const loaders = this.#loaders;
    const { siteId } = loaders.store.site;
    const { groupIds } = this.#query;
    const { asOfMs } = facts.groups;
    const isWanted = (groupId: GroupId) => groupIds === null || groupIds.includes(groupId);
    const own = facts.groups.items.map((groupId) => membershipGrant(loaders, groupId, facts.accountId, asOfMs));
    const nested = [...groups.known].flatMap((member) =>
      (site.parentsOf.get(member) ?? []).map((groupId) => nestingGrant(loaders, groupId, member, asOfMs)),
    );
    const ofGroups = [...own, ...nested].filter(({ groupId }) => isWanted(groupId));
    const global = (site.globalGrants?.items ?? []).map(
      (grant): Grant => ({ kind: "global", siteId, key: globalGrantKey(grant), asOfMs, ...grant }),
    );
    return [...ofGroups, ...global]
      .filter((grant) => this.#holders.has(principalKey(principalOf(grant))))
      .sort((left, right) => compareText(left.key, right.key));
  }

  /** The spaces that grant any of the holders anything, with those whom they do. */
  #spaces(): Map<SpaceId, Set<string>> {
    const spaces = new Map<SpaceId, Set<string>>();
    const { spaceIds } = this.#query;
    const wanted = spaceIds === null ? null : new Set(spaceIds);
    for (const [key, principal] of this.#holders) {
      for (const spaceId of this.#index.inventory.spacesOf(principal)) {
        if (wanted !== null && !wanted.has(spaceId)) continue;
        const holders = spaces.get(spaceId);
        if (holders === undefined) spaces.set(spaceId, new Set([key]));
        else holders.add(key);
      }
    }
    return spaces;
  }

  #grantsIn(spaceId: SpaceId, holders: ReadonlySet<string> = new Set()): Grant[] {
    const { siteId } = this.#loaders.store.site;
    const { items, asOfMs } = this.#index.grantsOf(spaceId);
    return items
      .filter((grant) => holders.has(principalKey(grant.principal)))
      .map((grant): Grant => ({ siteId, spaceId, key: grantKey(spaceId, grant), asOfMs, ...grant }))
      .sort((left, right) => compareText(left.key, right.key));
  }
}
