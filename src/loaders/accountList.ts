import type { Complete } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { primeAccounts } from "./primeAccounts.js";

/** The ids that one chain of pages lists: everyone on Data Center; on Cloud one of three sources, never all of it. */
export const accountList = defineListLoader<OnlyOne, AccountId>({
  name: "accountList",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const isHere = event.siteId === site.siteId;
    switch (event.kind) {
      case "accountCreated":
      case "productRoleChanged": {
        const { accountId } = event;
        // Where the site keeps its own accounts, its list tells whose was made. Cloud's search lags behind.
        if (accountId === null || !event.isSeen) return site.deployment === "cloud" ? [] : [onlyOne];
        // To the other sites of the organization nobody came by this.
        return isHere ? { revise: onlyOne, to: (list) => withAccount(list, accountId) } : [];
      }
      case "accountRemoved": {
        const { accountId } = event;
        if (accountId === null || !event.isSeen) return site.deployment === "cloud" ? [] : [onlyOne];
        return {
          revise: onlyOne,
          to: (list) => ({ ...list, items: list.items.filter((listed) => listed !== accountId) }),
        };
      }
      case "accountStatusChanged":
        return site.groups.leavesOutSuspended ? [onlyOne] : [];
      default:
        return [];
    }
  },
  fetch: async (reader) => new Map([[onlyOne, primeAccounts(reader, await reader.site.accounts.list())]]),
  bytesPerItem: heapEstimates.id,
});

function withAccount(list: Complete<AccountId>, accountId: AccountId): Complete<AccountId> {
  if (list.items.includes(accountId)) return list;
  return { ...list, items: [...list.items, accountId].sort(compareCodePoints) };
}
