import type { ActiveAccount } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** The accounts that count for the licence, and what only their list tells; absent where the site has no such list. */
export const activeAccounts = defineLoader<OnlyOne, Complete<ActiveAccount>>({
  name: "activeAccounts",
  upstream: "call-per-key",
  lifetime: "accounts",
  fetch: async (store) => {
    const { active } = store.site.accounts;
    if (active === null) return new Map();
    try {
      return new Map([[onlyOne, await active()]]);
    } catch (error) {
      if (error instanceof SiteError && error.kind === "Unsupported") return new Map();
      throw error;
    }
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.activeAccount),
  mayRemember: (list) => list.gaps.length === 0,
});
