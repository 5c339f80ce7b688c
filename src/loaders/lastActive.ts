import type { LastActive } from "../confluence/organizationPort.js";
import type { AccountId } from "../domain/ids.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";

/** When an account last used the site, as the organization knows: one call an account, so only when it is asked for. */
export const lastActive = defineLoader<AccountId, LastActive>({
  name: "lastActive",
  upstream: "call-per-key",
  lifetime: "accounts",
  fetch: async (reader, ids) => (await reader.site.organization?.lastActiveOf(ids)) ?? new Map(),
  sizeOf: () => heapEstimates.id,
});
