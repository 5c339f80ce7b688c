import type { Complete } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { AccountGroups } from "./AccountGroups.js";

/** The groups of an account, ordered by id; `null` for an account nobody knows. */
export function readAccountGroups(
  loaders: SiteLoaders,
  id: AccountId,
): Complete<GroupId> | null | Promise<Complete<GroupId> | null> {
  return loaders.once("accountGroups", () => new AccountGroups(loaders)).get(id);
}
