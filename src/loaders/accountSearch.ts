import type { Complete } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** The ids that user search knows: one of three sources of "everyone", never all of it. */
export const accountSearch = defineLoader<OnlyOne, Complete<AccountId>>({
  name: "accountSearch",
  upstream: "call-per-key",
  lifetime: "accounts",
  fetch: async (store) => new Map([[onlyOne, await store.site.accounts.search()]]),
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
