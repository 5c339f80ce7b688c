import type { ActiveAccount } from "../confluence/port.js";
import { SiteError } from "../domain/SiteError.js";
import { accountChanges, touchedOnlyOne } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** The accounts that count for the licence, and what only their list tells; absent where the site has no such list. */
export const activeAccounts = defineListLoader<OnlyOne, ActiveAccount>({
  name: "activeAccounts",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) =>
    site.accounts.active === null
      ? []
      : touchedOnlyOne(event, { ...accountChanges, membershipChanged: true, groupDeleted: true }),
  fetch: async (reader) => {
    const { active } = reader.site.accounts;
    if (active === null) return new Map();
    try {
      return new Map([[onlyOne, await active()]]);
    } catch (error) {
      if (error instanceof SiteError && error.kind === "Unsupported") return new Map();
      throw error;
    }
  },
  bytesPerItem: heapEstimates.activeAccount,
});
