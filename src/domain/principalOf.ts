import type { Grant } from "./Grant.js";
import type { Principal } from "./Principal.js";

/** Who holds a grant: the account of a membership, the principal of a space grant. */
export function principalOf(grant: Grant): Principal {
  return grant.kind === "membership" ? { kind: "account", accountId: grant.accountId } : grant.principal;
}
