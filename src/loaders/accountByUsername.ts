import type { Account } from "../domain/Account.js";
import { SiteError } from "../domain/SiteError.js";
import { account } from "./account.js";
import { touchedLicence } from "./effects/touchedLicence.js";
import { accountOf, touchedById } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";

/** An account by the name it signs in with, in lower case: names there do not tell cases apart. Data Center only. */
export const accountByUsername = defineLoader<string, Account>({
  name: "accountByUsername",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, known) => {
    const { site } = known;
    if (site.accounts.byUsernames === null) return [];
    const told = accountOf(event);
    if (told !== null && told.username !== null) return [site.names.username(told.username)];
    const ids = told === null ? touchedLicence(event, site) : touchedById(told);
    if (ids === "all") return "all";
    const names = ids.map((id) => known.remembered(account, id)?.username ?? null);
    // Of whom no facts are remembered under the id, some may be under a name.
    if (names.includes(null)) return { where: ({ accountId }) => ids.includes(accountId) };
    return names.flatMap((name) => (name === null ? [] : [site.names.username(name)]));
  },
  fetch: async (reader, names) => {
    const { byUsernames } = reader.site.accounts;
    if (byUsernames === null) {
      const message = "This site does not tell the names that accounts sign in with. Look the account up by its id.";
      throw new SiteError("Unsupported", message, { call: "GET /rest/api/user" });
    }
    const readAtMs = reader.clock.now();
    const found = await byUsernames(names);
    for (const outcome of found.values()) {
      if (!(outcome instanceof SiteError)) reader.prime(account, outcome.accountId, outcome, readAtMs);
    }
    return found;
  },
  sizeOf: () => heapEstimates.account,
});
