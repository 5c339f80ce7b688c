import { type GlobalGrant, spaceGrantKey } from "../domain/Grant.js";
import type { GroupId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import { compareText } from "../domain/textOrder.js";
import type { AccessFacts, AccessPath, MembershipStep, PathEnd } from "./AccessDecision.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";
import { accessClassOf } from "./SiteFacts.js";
import { operationKey, type PrincipalGrants } from "./SpaceFacts.js";

/** Every limit of this room. */
export const accessLimits = {
  /** Paths of one answer. Beyond it the answer says that there are more. */
  paths: 1_000,
  /** Groups looked at while chains of nested groups are sought: nesting that is one knot has more chains than atoms. */
  chainSteps: 100_000,
} as const;

/** Which of the paths there are. */
interface Wanted {
  isWanted(principal: Principal): boolean;
  readonly isSuperuserWanted: boolean;
}

/** Where paths end: one holder, and what it holds. */
interface Holder {
  readonly principal: Principal;
  readonly name: string;
  readonly ends: readonly PathEnd[];
}

/**
 * The chains of grants that give an operation, shortest first, then by the name of the space grant's principal, by code
 * point (rule 8). Only what is known: a grant or a membership behind a gap is on no path.
 */
export function findPaths(
  facts: AccessFacts,
  operation: Operation,
  wanted: Wanted,
): { readonly paths: readonly AccessPath[]; readonly hasMore: boolean } {
  const holders = findHolders(facts, operation, wanted);
  const paths: AccessPath[] = [];
  for (const { principal, ends } of holders) {
    if (principal.kind === "group") continue;
    for (const end of ends) paths.push({ memberships: [], end, isDirect: principal.kind === "account" });
  }

  const chains = new MembershipChains(facts.account);
  let waiting = holders.flatMap(({ principal, ends }) =>
    principal.kind === "group" ? [{ groupId: principal.groupId, ends }] : [],
  );
  for (let length = 1; waiting.length > 0 && paths.length <= accessLimits.paths && !chains.isExhausted; length++) {
    waiting = waiting.filter(({ groupId, ends }) => {
      const room = accessLimits.paths + 1 - paths.length;
      const { found, hasLonger } = chains.find(groupId, length, room);
      for (const memberships of found) for (const end of ends) paths.push({ memberships, end, isDirect: false });
      return hasLonger;
    });
  }
  return {
    paths: paths.slice(0, accessLimits.paths),
    hasMore: paths.length > accessLimits.paths || chains.isExhausted,
  };
}

/** The shortest chain of memberships that leads to a group; `null` where the account is not known to be in it. */
export function shortestChain(account: ResolvedAccount, groupId: GroupId): readonly MembershipStep[] | null {
  const length = account.groups.depthOf(groupId);
  if (length === null) return null;
  const [chain] = new MembershipChains(account).find(groupId, length, 1).found;
  return chain ?? null;
}

/** How an account comes by what lets it use the site: memberships, then the permission on the site as a whole. */
export interface LicenceWay {
  readonly memberships: readonly MembershipStep[];
  readonly grant: GlobalGrant;
}

/** Every grant of `use/application` that reaches the account, each by its shortest way, shortest first (Data Center, rule 7). */
export function findLicenceWays(account: ResolvedAccount): readonly LicenceWay[] {
  const { site, facts } = account;
  if (site.useHolders === null) return [];
  const ways = (site.globalGrants?.items ?? []).flatMap((grant): LicenceWay[] => {
    const { principal, operation } = grant;
    if (operation.key !== "use" || operation.target !== "application") return [];
    if (principal.kind === "account")
      return principal.accountId === facts.accountId ? [{ memberships: [], grant }] : [];
    const memberships = principal.kind === "group" ? shortestChain(account, principal.groupId) : null;
    return memberships === null ? [] : [{ memberships, grant }];
  });
  return ways.sort((left, right) => left.memberships.length - right.memberships.length);
}

/**
 * The memberships by which an account belongs to a class: of administrators by one of their groups, the shortest way (rule 3).
 * None where it belongs by what it is itself, or does not.
 */
export function findClassWay(account: ResolvedAccount, principal: Principal): readonly MembershipStep[] {
  const { site } = account;
  if (principal.kind !== "accessClass" || accessClassOf(principal, site.rules) !== "all-product-admins") return [];
  const ways = site.adminGroups.items.flatMap((groupId) => {
    const chain = shortestChain(account, groupId);
    return chain === null ? [] : [chain];
  });
  const [shortest] = ways.sort((left, right) => left.length - right.length);
  return shortest ?? [];
}

function findHolders({ account, space }: AccessFacts, operation: Operation, wanted: Wanted): Holder[] {
  const giving = space.grantsGiving.get(operationKey(operation));
  const own = giving?.byAccount.get(account.facts.accountId);
  const holders = [...(own === undefined ? [] : [own]), ...(giving?.shared ?? [])]
    .filter(({ principal }) => wanted.isWanted(principal))
    .map(({ principal, grants }) => ({ principal, ends: endsOf(grants) }));
  const { superGroupId } = account.site.rules;
  if (wanted.isSuperuserWanted && superGroupId !== null && account.superuser.is === "YES")
    holders.push({ principal: superPrincipal(superGroupId), ends: [{ kind: "SUPERUSER" }] });
  return holders
    .map(({ principal, ends }) => ({ principal, ends, name: principalName(principal, account) }))
    .sort(
      (left, right) =>
        compareText(left.name, right.name) || compareText(principalKey(left.principal), principalKey(right.principal)),
    );
}

function superPrincipal(groupId: GroupId): Principal {
  return { kind: "group", groupId };
}

function endsOf(grants: PrincipalGrants["grants"]): PathEnd[] {
  return grants
    .filter(({ gaps }) => gaps.length === 0)
    .sort((left, right) => compareText(spaceGrantKey(left.grant), spaceGrantKey(right.grant)))
    .map((held) => ({ kind: "GRANT", held }));
}

interface Search {
  readonly found: (readonly MembershipStep[])[];
  readonly room: number;
  hasLonger: boolean;
}

/** The chains of memberships from one account to groups, a group at most once in each (rule 8). */
class MembershipChains {
  readonly #account: ResolvedAccount;
  #steps = 0;

  constructor(account: ResolvedAccount) {
    this.#account = account;
  }

  /** Whether the search was given up: the groups are nested into a knot with more chains than anybody could read. */
  get isExhausted(): boolean {
    return this.#steps > accessLimits.chainSteps;
  }

  /** The chains of exactly `length` memberships, at most `room` of them, and whether there may be longer ones. */
  find(groupId: GroupId, length: number, room: number): Pick<Search, "found" | "hasLonger"> {
    const search: Search = { found: [], room, hasLonger: false };
    this.#walk([groupId], length - 1, search);
    return search;
  }

  /** Goes from the target towards the account, never into a group from which what remains would not suffice. */
  #walk(towards: readonly GroupId[], remaining: number, search: Search): void {
    const [groupId] = towards;
    if (groupId === undefined || search.found.length >= search.room || this.isExhausted) return;
    this.#steps++;
    if (remaining === 0 && this.#account.groups.isDirect(groupId)) search.found.push(this.#stepsOf(towards));
    for (const child of this.#childrenOf(groupId)) {
      if (towards.includes(child)) continue;
      if ((this.#account.groups.depthOf(child) ?? 0) > remaining) search.hasLonger = true;
      else this.#walk([child, ...towards], remaining - 1, search);
    }
  }

  #childrenOf(groupId: GroupId): GroupId[] {
    const nameOf = (id: GroupId) => principalName({ kind: "group", groupId: id }, this.#account);
    return (this.#account.site.nesting.childrenOf.get(groupId) ?? [])
      .filter((child) => this.#account.groups.depthOf(child) !== null)
      .sort((left, right) => compareText(nameOf(left), nameOf(right)) || compareText(left, right));
  }

  #stepsOf(towards: readonly GroupId[]): MembershipStep[] {
    return towards.map((groupId, index) => {
      const member = towards[index - 1];
      return {
        member:
          member === undefined
            ? { kind: "account", accountId: this.#account.facts.accountId }
            : { kind: "group", groupId: member },
        groupId,
      };
    });
  }
}

/** What a holder of grants is called: a group's name, the account's display name, a class's id; else its id. */
function principalName(principal: Principal, account: ResolvedAccount): string {
  switch (principal.kind) {
    case "account":
      return account.facts.accountId === principal.accountId
        ? (account.facts.displayName ?? principal.accountId)
        : principal.accountId;
    case "group":
      return account.site.groupNames.get(principal.groupId) ?? principal.groupId;
    case "accessClass":
      return principal.classId;
  }
}
