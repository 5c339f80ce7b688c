import type { Complete } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { pageSizes } from "../pageSizes.js";
import type { ActiveAccount } from "../port.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { activeUserWire } from "./wire/activeUserWire.js";

/**
 * The users who count for the licence; since 10.2 with their e-mail and last login. Rejects with `Unsupported` before 9.3.
 */
export async function fetchActiveAccounts({ client, features }: DataCenterContext): Promise<Complete<ActiveAccount>> {
  const list = await features.whereOffered("activeUsers", () =>
    client.listPages({
      call: "GET /rest/api/admin/users/list/active",
      path: "/rest/api/admin/users/list/active",
      query: { expand: "lastLogin,status" },
      row: activeUserWire,
      pageSize: pageSizes.dataCenterUsers,
      missing: (count) => `users who count for the licence after the first ${count}`,
    }),
  );
  const items = list.items.map(({ userKey, email, lastLogin }) => ({
    accountId: userKey as AccountId,
    email: email ? email : null,
    lastActiveAtMs: timeOf(lastLogin),
  }));
  return { ...list, items };
}

/** A text (ISO 8601) or milliseconds; `null` for never. */
function timeOf(lastLogin: string | number | null | undefined): number | null {
  if (lastLogin === null || lastLogin === undefined) return null;
  const timeMs = new Date(lastLogin).getTime();
  return Number.isNaN(timeMs) || timeMs <= 0 ? null : timeMs;
}
