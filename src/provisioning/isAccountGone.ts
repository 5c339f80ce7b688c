import type { Account } from "../domain/Account.js";

/** Whether a site that keeps its own accounts has removed one: of what it leaves behind only the key is told. */
export function isAccountGone(account: Account | null): boolean {
  if (account === null || account.username === null || account.reportedKind === "unknown") return true;
  return account.username.toLowerCase() === account.accountId.toLowerCase();
}
