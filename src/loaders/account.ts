import { pageSizes } from "../confluence/pageSizes.js";
import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";

/** The facts of an account by its id. */
export const account = defineLoader<AccountId, Account>({
  name: "account",
  upstream: { bulk: pageSizes.accountsByIds },
  lifetime: "accounts",
  fetch: (store, ids) => store.site.accounts.byIds(ids),
  sizeOf: () => heapEstimates.account,
});
