import type { Grant } from "./Grant.js";
import type { Principal } from "./Principal.js";

/** Who holds a grant: the account or group of a membership, the principal of any other. */
export function principalOf(grant: Grant): Principal {
  switch (grant.kind) {
    case "membership":
      return { kind: "account", accountId: grant.accountId };
    case "nesting":
      return { kind: "group", groupId: grant.memberGroupId };
    default:
      return grant.principal;
  }
}
