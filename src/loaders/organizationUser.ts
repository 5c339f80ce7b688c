import { pageSizes } from "../confluence/pageSizes.js";
import type { AccountId } from "../domain/ids.js";
import type { OrganizationUser } from "../domain/OrganizationUser.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";

/** What the organization knows of an account; absent where it does not know it, or where none is configured. */
export const organizationUser = defineLoader<AccountId, OrganizationUser>({
  name: "organizationUser",
  upstream: { bulk: pageSizes.organizationUsers },
  lifetime: "accounts",
  fetch: async (store, ids) => (await store.site.organization?.usersByIds(ids)) ?? new Map(),
  sizeOf: () => heapEstimates.account,
});
