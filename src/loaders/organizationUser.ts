import { pageSizes } from "../confluence/pageSizes.js";
import type { AccountId } from "../domain/ids.js";
import type { OrganizationUser } from "../domain/Organization.js";
import { touchedLicence } from "./effects/touchedLicence.js";
import { accountOf, touchedById } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";

/** What the organization knows of an account; absent where it does not know it, or where none is configured. */
export const organizationUser = defineLoader<AccountId, OrganizationUser>({
  name: "organizationUser",
  upstream: { bulk: pageSizes.organizationUsers },
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    if (site.organization === null) return [];
    const told = accountOf(event);
    return told === null ? touchedLicence(event, site) : touchedById(told);
  },
  fetch: async (reader, ids) => (await reader.site.organization?.usersByIds(ids)) ?? new Map(),
  sizeOf: () => heapEstimates.account,
});
