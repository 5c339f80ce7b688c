import type { Principal } from "../domain/Principal.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";

/** What a holder of grants is called: a group's name, the account's display name, a class's id; else its id. */
export function principalName(principal: Principal, account: ResolvedAccount): string {
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
