import { Refusal } from "../http/Refusal.js";
import type { WorldAccount } from "../world/World.js";
import type { OrganizationCall } from "./OrganizationCall.js";

/** The user of a path; one whom the organization does not know is a 404. */
export function findUser({ directory, params }: OrganizationCall): WorldAccount {
  const accountId = params.accountId ?? "";
  const account = directory.get(accountId);
  if (account === undefined)
    throw new Refusal(404, `The organization has no user with id ${accountId}.`, "ADMIN-404-1");
  return account;
}
