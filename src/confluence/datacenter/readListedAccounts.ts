import type { Complete } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import type { ListedAccount } from "../port.js";
import { mapAccount } from "./mapAccount.js";
import { userKeyWire, userWire } from "./wire/userWire.js";

/**
 * The accounts of a list of users. A row of unknown shape is kept by its user key, and its facts are left to be asked for;
 * one without even that is nobody that could be named, and a gap.
 *
 * @param what the list, in a person's words: `members of group x`.
 */
export function readListedAccounts(
  list: Complete<unknown>,
  { call, what }: { readonly call: string; readonly what: string },
): Complete<ListedAccount> {
  const items = list.items.flatMap((row): ListedAccount[] => {
    const user = userWire.safeParse(row);
    if (user.success) {
      const facts = mapAccount(user.data);
      return [{ accountId: facts.accountId, facts }];
    }
    const known = userKeyWire.safeParse(row);
    return known.success ? [{ accountId: known.data.userKey as AccountId, facts: null }] : [];
  });
  const lost = list.items.length - items.length;
  if (lost === 0) return { ...list, items };
  const gap = {
    missing: `${lost} of the ${what}`,
    kind: "ContractDrift",
    reason: `${call} listed ${lost === 1 ? "a user" : `${lost} users`} without a user key.`,
    call,
    retryAfterMs: null,
  } as const;
  return { ...list, items, gaps: [...list.gaps, gap] };
}
