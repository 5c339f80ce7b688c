import type { Principal } from "../domain/Principal.js";
import { accessClassOf } from "./accessClassOf.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";

/**
 * Whether what a principal holds is held by the account without effect. Its own grants and its groups' remain its own when
 * it is not active or not licensed (rules 2 and 7); a class only counts as long as the account is a member of it.
 */
export function isHeldInVain(account: ResolvedAccount, principal: Principal, isDenied: boolean): boolean {
  const isEffective = account.standings.some((standing) => standing.membershipOf(principal).is === "YES");
  switch (principal.kind) {
    case "account":
      return principal.accountId === account.facts.accountId && isUseless(account, isEffective, isDenied);
    case "group":
      return account.groups.depthOf(principal.groupId) !== null && isUseless(account, isEffective, isDenied);
    case "accessClass":
      if (account.isBarred) return false;
      if (isEffective) return isDenied;
      return (
        account.site.anonymousUse.is === "NO" && accessClassOf(principal, account.site.rules) === "anonymous-users"
      );
  }
}

/** A grant that only waits for what could not be read about the licence is neither effective nor in vain. */
function isUseless(account: ResolvedAccount, isEffective: boolean, isDenied: boolean): boolean {
  return isDenied || (!isEffective && account.licence.state === "UNLICENSED");
}
