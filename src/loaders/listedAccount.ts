import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { accountOf, touchedFacts } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";

/**
 * What lists told of an account by the way. It is only ever put here by the lists, and serves where the call that tells more
 * is refused; by itself it cannot be read.
 */
export const listedAccount = defineLoader<AccountId, Account>({
  name: "listedAccount",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const told = accountOf(event);
    return told === null ? [] : touchedFacts(told, site.names);
  },
  fetch: async (_reader, ids) => new Map(ids.map((id) => [id, onlyListsTell])),
  sizeOf: () => heapEstimates.account,
});

const onlyListsTell = new SiteError("Unsupported", "Only lists of accounts tell this.", {
  call: "GET /wiki/rest/api/group/{groupId}/membersByGroupId",
});
