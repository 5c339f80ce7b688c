import type { Account } from "../../domain/Account.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { mapAccount } from "./mapAccount.js";
import { userWire } from "./wire/userWire.js";

/** One user, by key or by name: `GET /rest/api/user`. Rejects with `NotVisible` for an unknown one. */
export async function fetchUser(
  { client }: DataCenterContext,
  by: { readonly key: string } | { readonly username: string },
): Promise<Account> {
  const call = "GET /rest/api/user";
  const query = { ...by, expand: "status" };
  return mapAccount(await client.fetchOne({ method: "GET", call, path: "/rest/api/user", query }, userWire));
}
