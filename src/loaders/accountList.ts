import type { AccountId } from "../domain/ids.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { primeAccounts } from "./primeAccounts.js";

/** The ids that one chain of pages lists: everyone on Data Center; on Cloud one of three sources, never all of it. */
export const accountList = defineListLoader<OnlyOne, AccountId>({
  name: "accountList",
  upstream: "call-per-key",
  lifetime: "accounts",
  fetch: async (reader) => new Map([[onlyOne, primeAccounts(reader, await reader.site.accounts.list())]]),
  bytesPerItem: heapEstimates.id,
});
