import { spaceGrantKey } from "../domain/Grant.js";
import type { GroupId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import { compareCodePoints } from "../domain/textOrder.js";
import type { AccessFacts } from "./AccessFacts.js";
import type { AccessPath, PathEnd } from "./AccessPath.js";
import { accessLimits } from "./accessLimits.js";
import { MembershipChains } from "./MembershipChains.js";
import { operationKey } from "./operationKey.js";
import { principalName } from "./principalName.js";
import type { PrincipalGrants } from "./SpaceIndex.js";

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
    .map((holder) => ({ ...holder, name: principalName(holder.principal, account) }))
    .sort(
      (left, right) =>
        compareCodePoints(left.name, right.name) ||
        compareCodePoints(principalKey(left.principal), principalKey(right.principal)),
    );
}

function superPrincipal(groupId: GroupId): Principal {
  return { kind: "group", groupId };
}

function endsOf(grants: PrincipalGrants["grants"]): PathEnd[] {
  return grants
    .filter(({ gaps }) => gaps.length === 0)
    .sort((left, right) => compareCodePoints(spaceGrantKey(left.grant), spaceGrantKey(right.grant)))
    .map((held) => ({ kind: "GRANT", held }));
}
