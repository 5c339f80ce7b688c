import type { ScimUser } from "../confluence/organizationPort.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { directoryPeople } from "../loaders/directoryPeople.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";

/**
 * The synchronised directory's user of an account, read fresh; `null` when it holds none. SCIM cannot be searched by account
 * id: the address is tried first, and where that is not the user's name the list of all people says which one it is.
 */
export async function readScimUser(
  store: SiteStore,
  accountId: AccountId,
  email: string | null,
): Promise<ScimUser | null> {
  const scim = store.site.organization?.scim;
  if (!scim) return null;
  const byEmail = email === null ? null : await scim.byEmail(email);
  if (byEmail?.accountId === accountId) return byEmail;
  const people = await store.read(directoryPeople, onlyOne);
  const scimId = people?.items.find((person) => person.accountId === accountId)?.scimId;
  if (scimId) return scim.byId(scimId);
  const [gap] = people?.gaps ?? [];
  if (gap === undefined) return null;
  throw new SiteError(gap.kind, gap.reason, { call: gap.call ?? "", retryAfterMs: gap.retryAfterMs });
}
