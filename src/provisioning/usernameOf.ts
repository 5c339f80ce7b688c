import type { AccountRequest } from "./AccountRequest.js";

/** The name that the account is to sign in with, as it is looked up: names there do not tell cases apart. */
export function usernameOf({ username, email }: Pick<AccountRequest, "username" | "email">): string {
  return (username ?? email).toLowerCase();
}
