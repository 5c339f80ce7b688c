import type { Gap } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { unknowable } from "./unknowable.js";

/** That nobody said whether an account is a human, a guest, an app or a customer. */
export function kindGap(accountId: AccountId): Gap {
  return unknowable(
    `what kind of account ${accountId} is`,
    "The site did not say whether it is a human, a guest, an app or a customer.",
    "ContractDrift",
  );
}
