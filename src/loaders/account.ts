import type { Found } from "../confluence/Found.js";
import { mergeOrganizationUser } from "../confluence/mergeOrganizationUser.js";
import type { Organization } from "../confluence/organizationPort.js";
import { pageSizes } from "../confluence/pageSizes.js";
import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import type { OrganizationUser } from "../domain/OrganizationUser.js";
import { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";
import { organizationUser } from "./organizationUser.js";
import type { SiteStore } from "./SiteStore.js";

/**
 * The facts of an account by its id: Confluence's, completed by the organization's where one is configured. When the
 * organization cannot be asked, nobody knows that an account is not suspended: its status is unknown, and why is kept.
 */
export const account = defineLoader<AccountId, Account>({
  name: "account",
  upstream: { bulk: pageSizes.accountsByIds },
  lifetime: "accounts",
  fetch: async (store, ids, notBeforeMs) => {
    const { organization } = store.site;
    if (organization === null) return store.site.accounts.byIds(ids);
    const [accounts, users] = await Promise.all([
      store.site.accounts.byIds(ids),
      readUsers(store, organization, ids, notBeforeMs),
    ]);
    return new Map(
      [...accounts].map(([id, known]) => [
        id,
        known instanceof SiteError ? known : completed(known, users.found.get(id), users.resource),
      ]),
    );
  },
  sizeOf: () => heapEstimates.account,
  mayRemember: (known) => known.organizationError === null,
});

interface Users {
  readonly found: Found<AccountId, OrganizationUser>;
  readonly resource: string;
}

async function readUsers(
  store: SiteStore,
  organization: Organization,
  ids: readonly AccountId[],
  notBeforeMs: number,
): Promise<Users> {
  try {
    const [outcomes, resource] = await Promise.all([
      store.of(organizationUser).readMany(ids, notBeforeMs),
      organization.siteResource(),
    ]);
    const found = new Map<AccountId, OrganizationUser | SiteError>();
    ids.forEach((id, index) => {
      const outcome = outcomes[index];
      if (outcome instanceof Error && !(outcome instanceof SiteError)) throw outcome;
      if (outcome) found.set(id, outcome);
    });
    return { found, resource };
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { found: new Map(ids.map((id) => [id, error])), resource: "" };
  }
}

function completed(known: Account, user: OrganizationUser | SiteError | undefined, resource: string): Account {
  if (user === undefined) return known;
  if (!(user instanceof SiteError)) return mergeOrganizationUser(known, user, resource);
  const isSureAnyway = known.status !== "ACTIVE" && known.status !== "UNKNOWN";
  return {
    ...known,
    ...(isSureAnyway ? {} : { status: "UNKNOWN", statusSource: "NONE" }),
    organizationError: user,
  };
}
