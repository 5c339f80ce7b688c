import type { Account } from "../../domain/Account.js";
import type { AccountFilter } from "../inputs/AccountFilter.js";
import { holdsText } from "./holdsText.js";
import { isOneOf } from "./isOneOf.js";

/** Whether an account fits a filter, by what is known of it. A hidden e-mail fits no address. */
export function matchesAccount(account: Account, filter: AccountFilter): boolean {
  const emails = filter.emails?.map((email) => email.trim().toLowerCase());
  return (
    isOneOf(account.kind, filter.kinds) &&
    isOneOf(account.status, filter.statuses) &&
    isOneOf(account.email?.toLowerCase() ?? "", emails) &&
    holdsText(filter.text, [
      account.displayName,
      account.publicName,
      account.username,
      account.email,
      account.accountId,
    ])
  );
}
