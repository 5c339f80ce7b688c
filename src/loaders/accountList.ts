import type { Complete } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { primeAccounts } from "./primeAccounts.js";

/** The ids that one chain of pages lists: everyone on Data Center; on Cloud one of three sources, never all of it. */
export const accountList = defineLoader<OnlyOne, Complete<AccountId>>({
  name: "accountList",
  upstream: "call-per-key",
  lifetime: "accounts",
  fetch: async (store) => new Map([[onlyOne, primeAccounts(store, await store.site.accounts.list())]]),
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
