import type { LastActive } from "../confluence/organizationPort.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { touchedById } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { organizationUser } from "./organizationUser.js";

/**
 * When an account last used the site, as the organization knows: one call an account, so only when it is asked for. Absent
 * for an account that the organization does not list (apps, people of elsewhere); of one that it lists a 404 says nothing.
 */
export const lastActive = defineLoader<AccountId, LastActive>({
  name: "lastActive",
  upstream: "call-per-key",
  lifetime: "accounts",
  // When somebody was there stays what it was; that there is a product to be in may be new.
  touchedBy: (event) => {
    if (event.kind === "productRoleChanged") return [event.accountId];
    return event.kind === "accountCreated" || event.kind === "accountRemoved" ? touchedById(event) : [];
  },
  fetch: async (reader, ids) => {
    const { organization } = reader.site;
    if (organization === null) return new Map();
    const found = new Map(await organization.lastActiveOf(ids));
    const notShown = [...found].flatMap(([id, outcome]) =>
      outcome instanceof SiteError && outcome.kind === "NotVisible" ? [id] : [],
    );
    const listed = await reader.readEach(organizationUser, notShown);
    for (const id of notShown) if (!listed.has(id)) found.delete(id);
    return found;
  },
  sizeOf: () => heapEstimates.id,
});
