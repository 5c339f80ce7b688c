import type { WorldAccount } from "../../world/World.js";

/** Whether an account is a colleague's and shows the e-mail by which another site's account is found to be theirs. */
export function isReachablePerson(account: WorldAccount): account is WorldAccount & { readonly email: string } {
  return account.accountType === "atlassian" && account.isExternalCollaborator !== true && Boolean(account.email);
}
