import { z } from "zod";
import type { Complete } from "../../domain/Complete.js";
import { pageSizes } from "../pageSizes.js";
import type { ListedAccount } from "../port.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { readListedAccounts } from "./readListedAccounts.js";

/** Every registered user, disabled ones included. Rejects with `Unsupported` before 8.4. */
export async function fetchAccountList({ client, features }: DataCenterContext): Promise<Complete<ListedAccount>> {
  const call = "GET /rest/api/user/list";
  const list = await features.whereOffered("userList", () =>
    client.listPages({
      call,
      path: "/rest/api/user/list",
      query: { expand: "status" },
      row: z.unknown(),
      pageSize: pageSizes.dataCenterUsers,
      missing: (count) => `users after the first ${count}`,
    }),
  );
  return readListedAccounts(list, { call, what: "users of the site" });
}
